"""Typical periods against full solves."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from benchmarks import ours
from benchmarks.regional import region
from energysim.components.heat_demand import HeatDemand
from energysim.components.heat_store import HeatStore
from energysim.components.source import Source
from energysim.declare import Component
from energysim.model import Model
from energysim.testing import model_of, scenario_of
from solvers.answer import Status
from solvers.highs import solve
from solvers.periods import Periods, Reduced
from solvers.program import HourlyProgram

CALM, COLD = ([1.0, 1.0, 2.0], [4.0, 4.0, 4.0]), ([5.0, 6.0, 5.0], [3.0, 3.0, 3.0])
"""Demand and residual heat of T-8.1."""
LINKED = Periods(3, np.array([0, 0, 1, 1]), np.array([0, 2]))


def town(loss: float) -> Model:
    """T-8.1: two calm periods, two cold ones; a boiler at 20, a store whose volume costs 2 a MWh."""
    demand, residual = (np.concatenate([part[i] for part in (CALM, CALM, COLD, COLD)]) for i in (0, 1))
    volume = {"investment": 2.0, "lifetime": 1.0, "discount_rate": 0.0}
    parts: list[Component] = [
        HeatDemand(name="users", to="heat", load=demand),
        Source(name="mill", to="heat", capacity=4.0, availability=residual / 4.0),
        Source(name="boiler", to="heat", price=20.0),
        HeatStore(name="tank", network="heat", volume=volume, power=10.0, standing_loss=loss),
    ]
    return model_of(scenario_of(parts, {"heat": "heat"}, steps=12))


def cost(program: HourlyProgram) -> float:
    answer = solve(program.assemble())
    assert answer.status is Status.OPTIMAL
    return answer.objective


@pytest.mark.parametrize(("loss", "wanted", "volume"), [(0.0, 28.0, 14.0), (0.02, 30.0688483, 15.0344)])
def test_t_8_1_linked_periods(loss: float, wanted: float, volume: float) -> None:
    """T-8.1: 28.0 with 14 MWh, with a loss of 2 % an hour 30.0688483 with 15.0344 MWh; full and linked alike."""
    program = town(loss).program
    reduced = Reduced(program, LINKED)
    answer = solve(reduced.program.assemble())

    assert cost(program) == pytest.approx(wanted, abs=1e-6)
    assert answer.objective == pytest.approx(wanted, abs=1e-6)
    built = reduced.calendar(answer.columns)[
        program.names.globals.index("tank.volume.built") + 12 * len(program.columns)
    ]
    assert built == pytest.approx(volume, abs=1e-4)


def test_t_8_1_without_links() -> None:
    """T-8.1: periods that each end as they began cannot save summer heat: 280.0, no store."""
    reduced = Reduced(town(0.0).program, LINKED)
    linked, first = reduced.program, len(reduced.full.globals.cost)
    is_link = np.arange(len(linked.globals.cost)) >= first
    closed = replace(
        linked.globals,
        lower=np.where(is_link, 0.0, linked.globals.lower),
        upper=np.where(is_link, 0.0, linked.globals.upper),
    )
    unlinked = replace(linked, globals=closed)

    assert cost(unlinked) == pytest.approx(280.0)


def days(model: Model, count: int) -> Periods:
    every = np.arange(count)
    return Periods(24, every, every)


@pytest.mark.parametrize("towns", [1, 2])
def test_every_day_its_own_is_the_full_solve(towns: int) -> None:
    """Investment, ramps, stores that begin as they end, hydrogen, a cap on carbon dioxide."""
    model = ours.build(ours.load(region(towns, 24 * 6)))
    reduced = Reduced(model.program, days(model, 6))
    answer = solve(reduced.program.assemble())

    assert answer.objective == pytest.approx(cost(model.program), rel=1e-7)
    whole = reduced.calendar(answer.columns)
    program = model.program.assemble()
    assert float(program.cost @ whole + program.offset) == pytest.approx(answer.objective, rel=1e-9)
    activity = program.row_values(whole)
    scale = 1.0 + np.abs(activity)
    assert np.all(activity >= program.row_lower - 1e-6 * scale)
    assert np.all(activity <= program.row_upper + 1e-6 * scale)


def _with_starts(**store: Any) -> Model:
    hours = np.arange(24 * 4)
    parts: list[Component] = [
        HeatDemand(name="users", to="heat", load=20.0 + 6.0 * np.sin(hours * 2 * np.pi / 24) + 0.1 * hours),
        Source(name="mill", to="heat", price=1.0, capacity=24.0),
        Source(name="oil", to="heat", price=90.0),
        HeatStore(name="tank", network="heat", volume=300.0, power=20.0, **store),
    ]
    return model_of(scenario_of(parts, {"heat": "heat"}, steps=len(hours)))


@pytest.mark.parametrize("store", [{"start": 0.4}, {"start": 0.4, "standing_loss": 0.01}, {"standing_loss": 0.01}])
def test_stores_with_a_given_start(store: dict[str, float]) -> None:
    model = _with_starts(**store)

    assert cost(Reduced(model.program, days(model, 4)).program) == pytest.approx(cost(model.program), rel=1e-8)


def test_alike_days_need_only_one() -> None:
    """Four equal days: one stands for all, and nothing is lost."""
    day = np.array([10.0] * 12 + [30.0] * 12)
    parts: list[Component] = [
        HeatDemand(name="users", to="heat", load=np.tile(day, 4)),
        Source(name="mill", to="heat", price=1.0, capacity=20.0),
        Source(name="oil", to="heat", price=90.0),
        HeatStore(name="tank", network="heat", volume=60.0, power=20.0, standing_loss=0.001),
    ]
    program = model_of(scenario_of(parts, {"heat": "heat"}, steps=96)).program
    reduced = Reduced(program, Periods(24, np.zeros(4, int), np.zeros(1, int)))

    assert reduced.program.steps == 24
    assert Reduced(program, reduced.periods, exact=False).program.row_count < reduced.program.row_count
    assert cost(reduced.program) == pytest.approx(cost(program), rel=1e-8)


@pytest.mark.parametrize("loss", [0.0, 0.01])
def test_limits_by_the_day_are_on_the_safe_side(loss: float) -> None:
    """Two rows a day instead of forty-eight: the same without loss, never cheaper with it."""
    program = _with_starts(standing_loss=loss).program
    exact = Reduced(program, days(_with_starts(), 4))
    short = Reduced(program, days(_with_starts(), 4), exact=False)

    if loss == 0.0:
        assert cost(short.program) == pytest.approx(cost(exact.program), rel=1e-9)
    assert cost(program) * (1.0 - 1e-9) <= cost(short.program) <= 1.02 * cost(program)
