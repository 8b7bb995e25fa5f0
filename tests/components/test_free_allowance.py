"""Free allowances."""

import pytest

from energysim.components.free_allowance import FreeAllowance
from energysim.components.heat_demand import HeatDemand
from energysim.components.source import Source
from energysim.testing import solve


def test_the_gift_moves_money_and_no_plant() -> None:
    """10 MW for 3 h at 0.2 t/MWh and 75 EUR/t cost 450; 4 t given are worth 300; the dispatch is the same."""
    parts = [
        Source(name="plant", to="heat", co2=0.2, price=10.0),
        Source(name="clean", to="heat", price=26.0),
        HeatDemand(name="users", to="heat", load=10.0),
    ]
    effects = {"co2": {"unit": "t", "price": 75.0}}
    without = solve(parts, {"heat": "heat"}, effects=effects)
    given = solve([*parts, FreeAllowance(name="rights", amount=4.0, price=75.0)], {"heat": "heat"}, effects=effects)

    assert float(without.attrs["objective"]) == pytest.approx(300.0 + 450.0)
    assert float(given.attrs["objective"]) == pytest.approx(450.0)
    assert given.flow.sel(port="plant.given").values == pytest.approx(without.flow.sel(port="plant.given").values)
