"""Flare."""

import pytest

from energysim.components.flare import Flare
from energysim.components.sink import Sink
from energysim.components.source import Source
from energysim.errors import InfeasibleError
from energysim.testing import solve


def test_it_burns_what_finds_no_use_at_its_cost() -> None:
    """10 MW of gas, 4 used: 6 flared at 2, emitting 6 * 0.2 an hour."""
    parts = [
        Source(name="furnace", to="gas", fixed=10.0),
        Sink(name="user", **{"from": "gas"}, fixed=4.0),
        Flare(name="torch", fuel="gas", cost=2.0),
    ]
    results = solve(parts, {}, {"gas": {"co2": 0.2}})

    assert float(results.attrs["objective"]) == pytest.approx(36.0)
    assert float(results.amount.sel(component="torch", effect="co2")) == pytest.approx(3.6)


def test_its_capacity_holds() -> None:
    parts = [Source(name="furnace", to="gas", fixed=10.0), Flare(name="torch", fuel="gas", capacity=6.0)]
    with pytest.raises(InfeasibleError, match="more than can be used"):
        solve(parts, {}, {"gas": {}})
