"""Solar power."""

from dataclasses import replace

import numpy as np
import pytest
from pydantic import ValidationError

from energysim.api import run
from energysim.components.electricity_demand import ElectricityDemand
from energysim.components.sink import Sink
from energysim.components.solar import Solar
from energysim.components.source import Source
from energysim.errors import ScenarioError
from energysim.scenario.scenario import Place
from energysim.testing import assert_balanced, assert_same_optimum, scenario_of, solve

GRID = {"grid": "electricity"}
PROFILE = np.array([0.0, 0.4, 0.8])


def system(**fields: object) -> list:
    return [
        Solar(name="park", to="grid", profile=PROFILE, **fields),
        Source(name="market", to="grid", price=50.0),
        ElectricityDemand(name="homes", to="grid", load=6.0),
    ]


def test_output_follows_the_profile_and_the_surplus_is_curtailed() -> None:
    """10 MW give 0, 4 and 8; only 6 of the 8 are wanted."""
    results = solve(system(capacity=10.0), GRID)

    assert results.flow.sel(port="park.power").values == pytest.approx([0.0, 4.0, 6.0])
    assert_balanced(results)


def test_availability_comes_on_top_of_the_profile() -> None:
    results = solve(system(capacity=10.0, availability=0.5), GRID)

    assert results.flow.sel(port="park.power").values == pytest.approx([0.0, 2.0, 4.0])


def test_a_decided_size_grows_until_the_next_mw_no_longer_pays() -> None:
    """Up to 7.5 MW a MW saves 1.2 MWh of 50; beyond, the third hour is full and it saves 0.4: 20 against 30."""
    size = {"max": 99.0, "investment": 30.0 / 0.0709524573, "lifetime": 25.0}
    results = solve(system(capacity=size), GRID)

    assert float(results.built.sel(size="park.capacity")) == pytest.approx(7.5)


def test_the_same_optimum_by_plain_pyomo() -> None:
    size = {"existing": 1.0, "max": 99.0, "investment": 300.0, "lifetime": 25.0}

    assert_same_optimum(scenario_of(system(capacity=size, variable_om=1.0), GRID))


def test_a_profile_above_one_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"1\.2 at step 2 of 2 is out of range"):
        Solar(name="park", to="grid", capacity=1.0, profile=np.array([0.5, 1.2]))


def place() -> dict:
    return {"here": Place(name="here", location=(65.58, 22.15), outdoor=np.full(8760, 25.0))}


def on_module(tilt: float, irradiance: np.ndarray, **fields: object) -> np.ndarray:
    """Output over capacity on 21 June, from 9 to 12 UTC."""
    roofs = Solar(
        name="roofs", to="grid", at="here", capacity=1.0, irradiance=irradiance, tilt=tilt, losses={}, **fields
    )
    scenario = scenario_of(
        [roofs, Sink(name="sales", **{"from": "grid"}, price=10.0)], {"grid": "electricity"}, start="2030-06-21T09:00"
    )
    return run(replace(scenario, places=place())).flow.sel(port="roofs.power").values


def test_level_modules_see_what_falls_on_the_ground() -> None:
    """600 W/m2 on level modules are 0.6, less 0.35 % for each K above 25: cells at 25 + 25 / 800 * 600 = 43.75 degC."""
    expected = 0.6 * (1.0 - 0.0035 * 18.75)

    assert on_module(0.0, np.full(3, 600.0)) == pytest.approx([expected] * 3, rel=2e-3)


def test_modules_turned_to_the_sun_see_more() -> None:
    """At noon in June the sun stands 48 degrees high over Luleå; modules tilted 42 face it: beam by 1 / sin 48."""
    level, tilted = (on_module(tilt, np.full(3, 700.0), temperature_coefficient=0.0)[2] for tilt in (0.0, 42.0))
    beam = 0.8

    assert 1.0 + beam * (1.0 / np.sin(np.radians(48.0)) - 1.0) == pytest.approx(tilted / level, rel=0.08)


def test_t_4_5_losses_multiply() -> None:
    """T-4.5: 2, 3, 2, 2, 0.5, 1.5, 1, 0 and 3 % together are 14.0757 %."""
    losses = dict(enumerate([0.02, 0.03, 0.02, 0.02, 0.005, 0.015, 0.01, 0.0, 0.03]))
    plant = Solar(name="roofs", to="grid", capacity=1.0, profile=0.5, losses={str(k): v for k, v in losses.items()})

    assert 1.0 - plant.kept == pytest.approx(0.140757, abs=1e-6)
    assert Solar(name="roofs", to="grid", capacity=1.0, profile=0.5).kept == pytest.approx(plant.kept)


def test_a_place_without_location_is_told() -> None:
    roofs = Solar(name="roofs", to="grid", capacity=1.0, irradiance=100.0)
    with pytest.raises(ScenarioError, match="Give its place a location"):
        solve([roofs, Sink(name="sales", **{"from": "grid"}, price=10.0)], {"grid": "electricity"})
