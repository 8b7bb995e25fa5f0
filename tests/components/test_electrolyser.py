"""Electrolyser."""

import pytest
from pydantic import ValidationError

from energysim.components.electrolyser import HHV, LHV, Electrolyser
from energysim.components.heat_demand import HeatDemand
from energysim.components.sink import Sink
from energysim.components.source import Source
from energysim.testing import assert_balanced, assert_same_optimum, scenario_of, solve

WHERE = {
    "grid": "electricity",
    "hydrogen": "hydrogen",
    "heat": {"carrier": "heat", "supply": 60.0, "return": 40.0, "approach": 5.0},
}


def works(**fields: object) -> list:
    stack = Electrolyser(name="stack", power="grid", to="hydrogen", heat="heat", capacity=100.0, **fields)
    return [
        stack,
        Source(name="market", to="grid", price=10.0),
        Sink(name="buyer", **{"from": "hydrogen"}, fixed=62.0),
        HeatDemand(name="town", to="heat", load=30.0),
        Source(name="boiler", to="heat", price=50.0),
    ]


def test_heat_by_the_higher_heating_value() -> None:
    """62 MW of hydrogen from 100 MW: 26.69 MW are lost, not 38; all of it recovered, from 65 to 45 degC, is used."""
    results = solve(works(efficiency=0.62, recoverable=1.0), WHERE)

    assert results.flow.sel(port="stack.power").values == pytest.approx([100.0] * 3)
    assert results.flow.sel(port="stack.warmth").values == pytest.approx([100.0 * (1 - 0.62 * HHV / LHV)] * 3)
    assert float(results.flow.sel(port="stack.warmth")[0]) == pytest.approx(26.69, abs=0.01)
    assert_balanced(results)


def test_the_danish_figures() -> None:
    """0.6217 of lower heating value and a recoverable share of 0.84 give the published 0.2228."""
    results = solve(works(efficiency=0.6217, recoverable=0.84), WHERE)

    assert float(results.measured.sel(measure="stack.heat_share")) == pytest.approx(0.2228, abs=5e-4)


def test_cooler_than_the_network_it_preheats() -> None:
    """70 degC less 5 K into 85 degC: only what lies below 65 of 45 to 85, half of 30 MW."""
    warm = WHERE | {"heat": {"carrier": "heat", "supply": 85.0, "return": 45.0, "approach": 5.0}}
    results = solve(works(efficiency=0.62, recoverable=1.0), warm)

    assert results.flow.sel(port="stack.warmth").values == pytest.approx([15.0] * 3)


def test_part_load_gives_more_hydrogen_for_each_mwh() -> None:
    """At 50 % load 0.70, at full 0.62: 35 MW of hydrogen take 50 MW, 48.5 half-way between the points take 75.

    Heat is worth 50 here and power costs 10, so a plan not held to the curve would waste power for its heat.
    """
    points = {"points": ((0.5, 0.70), (1.0, 0.62)), "exact": True}
    parts = works(part_load=points)
    parts[2] = Sink(name="buyer", **{"from": "hydrogen"}, fixed=[35.0, 48.5, 62.0])
    results = solve(parts, WHERE)

    assert results.flow.sel(port="stack.power").values == pytest.approx([50.0, 75.0, 100.0])
    assert_same_optimum(scenario_of(parts, WHERE))


def test_more_hydrogen_than_the_power_can_split_is_refused() -> None:
    with pytest.raises(ValidationError, match="more hydrogen than the power can split"):
        Electrolyser(name="stack", power="grid", to="hydrogen", capacity=1.0, efficiency=0.9)
