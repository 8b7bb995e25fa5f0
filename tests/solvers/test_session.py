"""A model that stays loaded gives the answers of fresh ones."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import ours
from benchmarks.regional import region
from energysim.api import Session, run
from energysim.components.heat_demand import HeatDemand
from energysim.components.source import Source
from energysim.testing import scenario_of
from solvers.answer import Status
from solvers.highs import solve
from solvers.linear import LinearProgram
from solvers.session import FEW_ENTRIES


@pytest.fixture(scope="module")
def town() -> LinearProgram:
    return ours.build(ours.load(region(1, 72))).program.assemble()


@given(seed=st.integers(0, 10**6), changes=st.lists(st.sampled_from(["cost", "bounds", "rows", "entries"]), max_size=4))
@settings(max_examples=15, deadline=None)
def test_every_change_of_numbers(town: LinearProgram, seed: int, changes: list[str]) -> None:
    random = np.random.default_rng(seed)
    session = Session()
    session.solve(town)
    changed = town
    for change in changes:
        noise = 1.0 + 0.05 * random.random(len(town.cost))
        if change == "cost":
            changed = replace(changed, cost=changed.cost * noise)
        elif change == "bounds":
            changed = replace(changed, upper=changed.upper * noise)
        elif change == "rows":
            is_zero = changed.row_lower == changed.row_upper
            more = np.where(is_zero, 1.0, 1.0 + 0.01 * random.random(len(is_zero)))
            changed = replace(changed, row_upper=changed.row_upper * more)
        else:
            few = random.random(len(changed.values)) < 0.01
            changed = replace(changed, values=np.where(few, changed.values * 1.01, changed.values))
        again, fresh = session.solve(changed), solve(changed)
        assert again.status is fresh.status
        if fresh.status is Status.OPTIMAL:
            assert again.objective == pytest.approx(fresh.objective, rel=1e-7)


def test_many_entries_at_once(town: LinearProgram) -> None:
    session = Session()
    session.solve(town)
    changed = replace(town, values=np.where(np.abs(town.values) == 1.0, town.values, town.values * 1.001))

    assert np.sum(changed.values != town.values) > FEW_ENTRIES
    assert session.solve(changed).objective == pytest.approx(solve(changed).objective, rel=1e-7)


def test_a_small_change_takes_few_steps(town: LinearProgram) -> None:
    session = Session()
    first = session.solve(town)
    again = session.solve(replace(town, cost=town.cost * 1.01))

    assert again.iterations < 0.05 * first.iterations


def test_another_pattern_is_loaded_afresh(town: LinearProgram) -> None:
    other = ours.build(ours.load(region(2, 24))).program.assemble()
    session = Session()
    session.solve(town)

    assert session.solve(other).objective == pytest.approx(solve(other).objective, rel=1e-7)


def test_runs_through_the_front_door() -> None:
    def scenario(price: float) -> object:
        parts = [HeatDemand(name="users", to="heat", load=5.0), Source(name="a", to="heat", price=price)]
        return scenario_of(parts, {"heat": "heat"}, steps=3)

    session = Session()
    costs = [float(run(scenario(price), session=session).attrs["objective"]) for price in (10.0, 20.0)]

    assert costs == pytest.approx([150.0, 300.0])
