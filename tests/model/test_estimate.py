"""Sizes from a shorter year, run through the full one, through the front door."""

import json
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

DAYS = 120


def town(**solver: Any) -> Scenario:
    """From summer into winter with noise: residual heat in excess at first, a pit and a boiler to be sized."""
    random, hours = np.random.default_rng(42), np.arange(24 * DAYS)
    season = np.sin((hours / len(hours) - 0.5) * np.pi)
    load = 45.0 + 30.0 * season + 6.0 * np.sin(hours * 2 * np.pi / 24) + random.normal(0.0, 2.0, len(hours))
    load[24 * 110 + 7] += 15.0
    size = {"investment": 2.0, "lifetime": 1.0, "discount_rate": 0.0, "max": 20000.0}
    boiler = {"investment": 3000.0, "lifetime": 1.0, "discount_rate": 0.0, "max": 120.0}
    parts = [
        HeatDemand(name="users", to="heat", load=load),
        Source(name="mill", to="heat", price=1.0, capacity=45.0),
        FuelSupply(name="trade", to="chips", price=30.0),
        Boiler(name="boiler", fuel="chips", to="heat", capacity=boiler, efficiency=1.0),
        HeatStore(name="pit", network="heat", volume=size, hours_to_fill=200.0, standing_loss=5e-5),
        HeatStore(name="tank", network="heat", volume={**size, "investment": 20.0}, hours_to_fill=8.0),
    ]
    scenario = scenario_of(parts, {"heat": "heat"}, {"chips": {}}, steps=24 * DAYS)
    return scenario.__class__(**{**vars(scenario), "solver": SolverOptions(**solver)})


def cost(results: xr.Dataset) -> float:
    return float(results.attrs["objective"])


@pytest.fixture(scope="module")
def full() -> float:
    return cost(run(town()))


@pytest.mark.parametrize("short", [{"typical_days": 6}, {"typical_days": 20}, {"segments": 600}])
def test_the_true_cost_is_reported_and_never_below_the_optimum(full: float, short: dict[str, int]) -> None:
    results = run(town(**short))
    solver = json.loads(results.attrs["solver"])

    assert_balanced(results)
    assert full * (1.0 - 1e-7) <= cost(results) <= 1.1 * full
    assert solver["estimate"] / cost(results) - 1.0 == pytest.approx(solver["estimate_error"])
    assert f"run through the full horizon they cost {cost(results):,.0f}" in results.attrs["warnings"]
    assert json.loads(results.attrs["certificate"])["gap"] == pytest.approx(solver["bound_gap"])
    assert cost(results) * (1.0 - solver["bound_gap"]) <= full * (1.0 + 1e-7)


def test_every_day_its_own_gives_the_optimum(full: float) -> None:
    assert cost(run(town(typical_days=DAYS))) == pytest.approx(full, rel=1e-3)


def test_more_days_come_nearer(full: float) -> None:
    """T-8.3's lesson: the estimate may err to either side, the cost of its sizes nears the optimum from above."""
    few, many = (cost(run(town(typical_days=count))) for count in (4, 48))

    assert full * (1.0 - 1e-7) <= many <= few
    assert many <= 1.02 * full


def test_refining_proves_the_gap(full: float) -> None:
    results = run(town(typical_days=6, refine=1e-3))
    gap = json.loads(results.attrs["solver"])["bound_gap"]

    assert gap <= 1e-3
    assert full * (1.0 - 1e-7) <= cost(results) <= full * (1.0 + 1e-3)


def test_a_day_the_sizes_cannot_carry_joins() -> None:
    """One cold hour lies in a day that four typical ones miss; the boiler is sized for it all the same."""
    results = run(town(typical_days=1))

    assert_balanced(results)


def test_nothing_to_decide_is_refused() -> None:
    parts = [HeatDemand(name="users", to="heat", load=5.0), Source(name="mill", to="heat", price=1.0)]
    scenario = scenario_of(parts, {"heat": "heat"}, steps=48)
    asked = scenario.__class__(**{**vars(scenario), "solver": SolverOptions(typical_days=1)})

    with pytest.raises(OutputError, match="this scenario decides none"):
        run(asked)


def test_part_days_are_refused() -> None:
    part = town(typical_days=3)
    horizon = part.horizon.__class__(**{**vars(part.horizon), "count": 30})
    parts = [
        HeatDemand(name="users", to="heat", load=5.0),
        Source(name="mill", to="heat", capacity={"max": 9.0, "investment": 1.0, "lifetime": 9.0}),
    ]
    scenario = scenario_of(parts, {"heat": "heat"}, steps=30)
    asked = scenario.__class__(**{**vars(scenario), "horizon": horizon, "solver": SolverOptions(typical_days=3)})

    with pytest.raises(OutputError, match="whole days"):
        run(asked)
