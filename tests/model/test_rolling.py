"""A plan made as in operation, through the front door."""

from typing import Any

import numpy as np
import pytest
import xarray as xr

from energysim.api import run
from energysim.components.boiler import Boiler
from energysim.components.fuel_supply import FuelSupply
from energysim.components.heat_demand import HeatDemand
from energysim.components.heat_store import HeatStore
from energysim.components.source import Source
from energysim.errors import OutputError
from energysim.scenario.scenario import Scenario
from energysim.scenario.sections import SolverOptions
from energysim.testing import assert_balanced, scenario_of

DAYS = 14


def town(**solver: Any) -> Scenario:
    """Two weeks of a town whose residual heat stops in the second, with a store of two days."""
    hours = np.arange(24 * DAYS)
    load = 20.0 + 6.0 * np.sin(hours * 2 * np.pi / 24) + 0.02 * hours
    parts = [
        HeatDemand(name="users", to="heat", load=load),
        Source(name="mill", to="heat", price=1.0, capacity=28.0, availability=(hours < 24 * 8).astype(float)),
        FuelSupply(name="trade", to="chips", price=30.0),
        Boiler(name="boiler", fuel="chips", to="heat", capacity=22.0, efficiency=1.0),
        Source(name="oil", to="heat", price=90.0),
        HeatStore(name="tank", network="heat", volume=400.0, power=20.0, start=0.2, standing_loss=0.0002),
    ]
    scenario = scenario_of(parts, {"heat": "heat"}, {"chips": {}}, steps=24 * DAYS)
    return scenario.__class__(**{**vars(scenario), "solver": SolverOptions(**solver)})


def cost(results: xr.Dataset) -> float:
    return float(results.attrs["objective"])


def test_seeing_everything_is_the_full_solve() -> None:
    full = cost(run(town()))

    assert cost(run(town(look_ahead=24.0 * DAYS), engine="rolling")) == pytest.approx(full, rel=1e-9)


def test_a_week_ahead_is_nearly_as_good_and_never_better() -> None:
    full, rolled = cost(run(town())), run(town(look_ahead=168.0, advance=24.0), engine="rolling")

    assert full - 1e-6 <= cost(rolled) <= 1.02 * full
    assert_balanced(rolled)


def test_the_further_end_counts_through_its_worth() -> None:
    """Two days ahead, what is stored for the stop is worth nothing at 0, and enough by the estimate."""
    blind = cost(run(town(look_ahead=48.0, end_value=0.0), engine="rolling"))
    knowing = cost(run(town(look_ahead=48.0), engine="rolling"))

    assert knowing < blind


def test_worth_by_month_and_by_level() -> None:
    """40 in January is 40 in two weeks of January; worth for the lower half of the store saves part of what worth for
    all of it does.
    """
    one = cost(run(town(look_ahead=48.0, end_value=40.0), engine="rolling"))
    months = cost(run(town(look_ahead=48.0, end_value=[40.0] + [0.0] * 11), engine="rolling"))
    half = cost(run(town(look_ahead=48.0, end_value=40.0, end_value_by_level=[1.0, 0.0]), engine="rolling"))
    blind = cost(run(town(look_ahead=48.0, end_value=0.0), engine="rolling"))

    assert months == pytest.approx(one)
    assert one < half < blind


def test_a_worth_that_rises_with_the_level_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\[0\.5, 1\.0\]: a fuller store must not be worth more"):
        SolverOptions(end_value=40.0, end_value_by_level=(0.5, 1.0))
    with pytest.raises(ValueError, match=r"'end_value' has 3 entries\. Write one price, or twelve"):
        SolverOptions(end_value=(1.0, 2.0, 3.0))
    with pytest.raises(ValueError, match=r"factors on 'end_value', which is missing"):
        SolverOptions(end_value_by_level=(1.0, 0.5))


def test_a_ring_closes() -> None:
    """Without a start the store ends as it began, at what the estimate says; the certificate checks it."""
    scenario = town(look_ahead=72.0)
    tank = scenario.components["tank"].replaced(start=None)
    ring = scenario.__class__(**{**vars(scenario), "components": {**scenario.components, "tank": tank}})

    assert cost(run(ring, engine="rolling")) >= cost(run(ring)) - 1e-6


def test_sizes_must_be_given() -> None:
    scenario = town()
    size = {"max": 50.0, "investment": 100.0, "lifetime": 20.0}
    parts = {**scenario.components, "boiler": scenario.components["boiler"].replaced(capacity=size)}
    undecided = scenario.__class__(**{**vars(scenario), "components": parts})
    with pytest.raises(OutputError, match=r"needs every size given; 1 are left to be decided: boiler\.capacity"):
        run(undecided, engine="rolling")
