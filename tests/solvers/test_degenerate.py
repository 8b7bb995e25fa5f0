"""Which duals are the only ones."""

import numpy as np
import pytest

from energysim.components.heat_demand import HeatDemand
from energysim.components.heat_store import HeatStore
from energysim.components.source import Source
from energysim.testing import solve


def merit(load: list[float]) -> list:
    return [
        HeatDemand(name="users", to="heat", load=np.array(load)),
        Source(name="a", to="heat", price=10.0, capacity=10.0),
        Source(name="b", to="heat", price=30.0, capacity=5.0),
        Source(name="c", to="heat", price=80.0, capacity=20.0),
    ]


def test_a_price_at_the_edge_of_a_plant_is_one_of_several() -> None:
    """8 MW: 10; 10 MW is all of a: any price from 10 to 30; 12 MW: 30; 15 MW: from 30 to 80; 20 MW: 80."""
    results = solve(merit([8.0, 10.0, 12.0, 15.0, 20.0]), {"heat": "heat"}, steps=5)

    assert results.price_is_doubtful.sel(node="heat").values == pytest.approx([0, 1, 0, 1, 0])
    price = results.price.sel(node="heat").values
    assert price[[0, 2, 4]] == pytest.approx([10.0, 30.0, 80.0])
    assert 10.0 - 1e-9 <= price[1] <= 30.0 + 1e-9


def test_a_store_ties_the_hours_together() -> None:
    """A full plant's hour gets its price from the hour its heat is kept for: 8 and 12 MW with 10 from a: 10 in both."""
    store = HeatStore(name="tank", network="heat", volume=50.0, power=50.0, start=0.0, standing_loss=0.0)
    results = solve([*merit([7.0, 12.0]), store], {"heat": "heat"}, steps=2)

    assert results.price.sel(node="heat").values == pytest.approx([10.0, 10.0])
    assert results.price_is_doubtful.sel(node="heat").values == pytest.approx([0, 0])


def test_readers_are_told() -> None:
    results = solve(merit([10.0, 12.0]), {"heat": {"carrier": "heat", "label": "Town heat"}}, steps=2)

    assert "Town heat 50 %" in results.attrs["warnings"]
