"""Stratified tank."""

import numpy as np
import pytest
from pydantic import ValidationError

from energysim.components.heat_demand import HeatDemand
from energysim.components.source import Source
from energysim.components.stratified_tank import StratifiedTank
from energysim.errors import ScenarioError
from energysim.testing import assert_balanced, assert_same_optimum, scenario_of, solve

SIZE = {"diameter": 20.0, "height": 40.0, "hot": 95.0, "cold": 50.0, "power": 100.0}
WHERE = {"heat": {"carrier": "heat", "supply": 95.0, "return": 50.0, "at": "here"}}
OUTDOOR = np.zeros(8760)


def town(**fields: object) -> list:
    return [
        StratifiedTank(name="tank", network="heat", **(SIZE | {"usable": 1.0} | fields)),
        Source(name="plant", to="heat", price=np.array([1.0, 100.0, 100.0]), temperature=110.0),
        HeatDemand(name="users", to="heat", load=10.0),
    ]


def test_an_empty_tank_loses_too() -> None:
    """T-4.1 at 0 degC: the losses at no level are 0.0428 MW, so a ring of three hours takes at least 0.128 MWh."""
    results = solve(town(power=0.0428043), WHERE, outdoor=OUTDOOR)

    assert float(results.measured.sel(measure="tank.lost")) == pytest.approx(3 * 0.0428042, abs=1e-5)


def test_heat_moves_from_the_cheap_hour() -> None:
    """20 MWh for two hours are held, and what is lost on the way is charged on top."""
    results = solve(town(), WHERE, outdoor=OUTDOOR)

    charged = float(results.flow.sel(port="tank.charge")[0])
    assert results.flow.sel(port="tank.discharge").values[1:] == pytest.approx([10.0, 10.0])
    assert charged == pytest.approx(20.0 + float(results.measured.sel(measure="tank.lost")))
    assert_balanced(results)
    assert_same_optimum(scenario_of(town(), WHERE, outdoor=OUTDOOR))


def test_heat_still_held_at_the_end_is_not_lost() -> None:
    """20 MW an hour too much fill it from a tenth of 639.603 MWh; lost is what neither came out nor is held."""
    parts = [
        StratifiedTank(name="tank", network="heat", start=0.1, **(SIZE | {"usable": 1.0})),
        Source(name="plant", to="heat", fixed=30.0, temperature=110.0),
        HeatDemand(name="users", to="heat", load=10.0),
    ]
    results = solve(parts, WHERE, outdoor=OUTDOOR)
    held = float(results.level.sel(store="tank.level")[-1])
    lost = float(results.measured.sel(measure="tank.lost"))

    assert lost == pytest.approx(60.0 + 63.9603 - held, abs=1e-3)
    assert 3 * 0.0428 < lost < 1.0


def test_it_holds_its_usable_content() -> None:
    """639.603 MWh at 95 over 50 degC, of which 90 % can be used."""
    parts = [*town(power=1000.0, usable=0.9)[:2], HeatDemand(name="users", to="heat", load=400.0)]
    results = solve(parts, WHERE, outdoor=OUTDOOR)

    assert float(results.level.max()) == pytest.approx(0.9 * 639.603, abs=0.001)


def test_what_it_can_hold_slides_with_the_supply() -> None:
    """95 over 50 degC hold 639.603 MWh, 80 over 50 two thirds of it: 426.402; full at the end is that."""
    where = {"heat": WHERE["heat"] | {"supply": np.array([95.0, 80.0, 80.0])}}
    parts = town(power=1000.0, hot=None, cold=None, start=1.0, usable=1.0)
    results = solve([*parts[:2], HeatDemand(name="users", to="heat", load=400.0)], where, outdoor=OUTDOOR, steps=3)
    held = results.level.values.ravel()

    assert held[1] <= 426.402 + 1e-3
    assert held[2] == pytest.approx(426.402, abs=1e-3)
    with pytest.raises(ScenarioError, match="'tank' needs the temperatures of its water"):
        solve(town(hot=None), {"heat": {"carrier": "heat", "at": "here"}}, outdoor=OUTDOOR)


def test_cold_over_hot_is_refused() -> None:
    with pytest.raises(ValidationError, match="hot water floats on cold"):
        StratifiedTank(name="tank", network="heat", **(SIZE | {"hot": 40.0}))
