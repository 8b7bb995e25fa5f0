"""Compressor."""

import pytest

from energysim.components.compressor import Compressor
from energysim.components.sink import Sink
from energysim.components.source import Source
from energysim.testing import assert_balanced, assert_same_optimum, scenario_of, solve

WHERE = {"low": "hydrogen", "high": "hydrogen", "grid": "electricity"}


def line() -> list:
    return [
        Source(name="plant", to="low", price=50.0),
        Source(name="market", to="grid", price=40.0),
        Compressor(name="booster", **{"from": "low"}, to="high", power="grid", capacity=60.0, work=0.05),
        Sink(name="user", **{"from": "high"}, fixed=50.0),
    ]


def test_gas_passes_and_power_is_spent() -> None:
    """50 MW at 50, and a twentieth of it in power at 40: 3 * (2 500 + 100); a MWh of high pressure is worth 52."""
    results = solve(line(), WHERE)

    assert float(results.attrs["objective"]) == pytest.approx(3 * 2600.0)
    assert results.price.sel(node="high").values == pytest.approx([52.0] * 3)
    assert_balanced(results)
    assert_same_optimum(scenario_of(line(), WHERE))
