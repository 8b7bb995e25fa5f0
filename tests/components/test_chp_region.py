"""Plant given by its operating points."""

import numpy as np
import pytest
from pydantic import ValidationError

from energysim.components.chp_region import ChpRegion
from energysim.components.heat_demand import HeatDemand
from energysim.components.sink import Sink
from energysim.components.source import Source
from energysim.testing import assert_balanced, assert_same_optimum, scenario_of, solve

WHERE = {"heat": "heat", "grid": "electricity"}
FUELS = {"wood": {"co2": 0.1}}
REGION = [
    {"power": 0.0, "heat": 0.0, "fuel": 0.0},
    {"power": 30.0, "heat": 0.0, "fuel": 80.0},
    {"power": 24.0, "heat": 50.0, "fuel": 85.0},
]


def town(heat: float, price: float, **fields: object) -> list:
    return [
        ChpRegion(name="plant", fuel="wood", to="heat", power="grid", **({"modes": {"all": REGION}} | fields)),
        Source(name="wood_trade", to="wood", price=20.0),
        HeatDemand(name="users", to="heat", load=heat),
        Source(name="boiler", to="heat", price=200.0),
        Sink(name="market", **{"from": "grid"}, price=price),
    ]


def test_half_heat_lies_between_the_points() -> None:
    """25 MW of heat at dear power: half of each loaded point, 27 MW of power from 82.5 of wood."""
    results = solve(town(25.0, 100.0), WHERE, FUELS)

    assert results.flow.sel(port="plant.power").values == pytest.approx([27.0] * 3)
    assert results.flow.sel(port="plant.fuel").values == pytest.approx([82.5] * 3)
    assert float(results.amount.sel(component="plant", effect="co2")) == pytest.approx(3 * 8.25)
    assert_balanced(results)
    assert_same_optimum(scenario_of(town(25.0, 100.0), WHERE, FUELS))


def test_at_cheap_power_it_runs_for_the_heat() -> None:
    """Power for nothing: half of the heat point, standstill for the rest: 12 MW from 42.5."""
    results = solve(town(25.0, 0.0), WHERE, FUELS)

    assert results.flow.sel(port="plant.power").values == pytest.approx([12.0] * 3)
    assert results.flow.sel(port="plant.fuel").values == pytest.approx([42.5] * 3)


def test_modes_exclude_each_other() -> None:
    """Either 30 MW of power or 50 of heat: a mixture of the two modes would give 15 and 25, which cannot be run."""
    modes = {
        "power": [{"power": 30.0, "fuel": 80.0}],
        "heat": [{"heat": 50.0, "fuel": 60.0}],
    }
    parts = town(50.0, 100.0, modes=modes, switching=True)
    results = solve(parts, WHERE, FUELS)

    assert results.flow.sel(port="plant.heat").values == pytest.approx([50.0] * 3)
    assert results.flow.sel(port="plant.power").values == pytest.approx([0.0] * 3)
    assert_same_optimum(scenario_of(parts, WHERE, FUELS))


def test_it_starts_at_a_cost_and_stays_on() -> None:
    """Dear power in hours 1 and 3: one start of 4 000 for all hours beats two, and least times on hold it on."""
    market = Sink(name="market", **{"from": "grid"}, price=np.array([300.0, 0.0, 300.0, 0.0]))
    modes = {"all": [{"power": 10.0, "fuel": 30.0}, {"power": 30.0, "fuel": 80.0}]}

    def running(**switching: object) -> list:
        parts = [p for p in town(0.0, 0.0, modes=modes, switching=switching) if p.name != "market"]
        results = solve([*parts, market], WHERE, FUELS, steps=4)
        assert_same_optimum(scenario_of([*parts, market], WHERE, FUELS, steps=4))
        return results.flow.sel(port="plant.power").values.round(6).tolist()

    assert running(running_before=False) == [30.0, 0.0, 30.0, 0.0]
    assert running(running_before=False, start_cost=4000.0) == [30.0, 10.0, 30.0, 0.0]
    assert running(running_before=False, min_up=2.0, min_down=2.0) == [30.0, 10.0, 30.0, 0.0]


def test_the_number_of_plants_may_be_decided() -> None:
    """25 MW of heat from the point of 50 take half a plant, or a whole one where only whole ones are built."""
    half = {"max": 3.0, "investment": 1000.0, "lifetime": 20.0}
    modes = {"all": [{"heat": 0.0, "fuel": 0.0}, {"power": 24.0, "heat": 50.0, "fuel": 85.0}]}
    parts = town(25.0, 30.0, modes=modes, capacity=half)
    whole = town(25.0, 30.0, modes=modes, capacity=half | {"module": 1.0})

    assert float(solve(parts, WHERE, FUELS).capacity.sel(size="plant.capacity")) == pytest.approx(0.5)
    assert float(solve(whole, WHERE, FUELS).capacity.sel(size="plant.capacity")) == pytest.approx(1.0)
    assert_same_optimum(scenario_of(parts, WHERE, FUELS))


def test_a_decided_plant_that_switches_runs_its_points_or_none() -> None:
    """Points from 20 to 50 MW of heat: 15 MW ask for a plant of three quarters at its least, not for a relaxed one."""
    modes = {"all": [{"heat": 20.0, "fuel": 24.0}, {"heat": 50.0, "fuel": 60.0}]}
    size = {"max": 2.0, "investment": 1.0, "lifetime": 20.0}
    parts = town(15.0, 0.0, modes=modes, capacity=size, switching=True)
    results = solve(parts, WHERE, FUELS)

    assert results.flow.sel(port="plant.heat").values == pytest.approx([15.0] * 3)
    assert float(results.capacity.sel(size="plant.capacity")) == pytest.approx(0.3, abs=1e-6)
    assert_same_optimum(scenario_of(parts, WHERE, FUELS))


def test_a_minimum_load_beside_the_points_is_refused() -> None:
    with pytest.raises(ValidationError, match="'minimum_load' is where the operating points begin"):
        ChpRegion(name="plant", fuel="wood", to="heat", modes={"all": REGION}, switching={"minimum_load": 0.4})


@pytest.mark.parametrize("word", ["start_ramp", "stop_ramp"])
def test_a_start_ramp_beside_the_points_is_refused(word: str) -> None:
    """What is on runs its points in full, so that it could never start."""
    with pytest.raises(ValidationError, match="here what is on runs its points in full"):
        ChpRegion(name="plant", fuel="wood", to="heat", modes={"all": REGION}, switching={word: 0.4})


@pytest.mark.parametrize(
    ("modes", "text"),
    [
        ({}, "at least 1 item"),
        ({"all": []}, "mode 'all' has no points"),
        ({"all": [{"power": 50.0, "heat": 80.0, "fuel": 100.0}]}, "gives more than 1.2 of its fuel"),
    ],
)
def test_impossible_regions_are_refused(modes: dict, text: str) -> None:
    with pytest.raises(ValidationError, match=text):
        ChpRegion(name="plant", fuel="wood", to="heat", power="grid", modes=modes)
