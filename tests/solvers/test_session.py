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
from solvers import session as session_module
from solvers.answer import Answer, Options, Status
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


def test_a_proof_of_no_plan_is_made_afresh(town: LinearProgram, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a start from the last basis says of it is not believed; nor is a start made where ipx is asked for."""
    session = Session()
    session.solve(town)
    says = session_module.run
    warm = iter([Status.INFEASIBLE])

    def doubtful(*given: object) -> Answer:
        answer = says(*given)
        return replace(answer, status=next(warm, answer.status))

    monkeypatch.setattr(session_module, "run", doubtful)
    dearer = replace(town, cost=town.cost * 1.1)

    assert session.solve(dearer).status is Status.OPTIMAL
    assert next(warm, None) is None
    assert session.solve(town, Options(method="ipx")).method.startswith("ipx")


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


def test_after_a_program_without_a_plan_the_last_basis_serves(town: LinearProgram) -> None:
    """A contingency that has no plan does not cost the ones after it their start."""
    session = Session()
    first = session.solve(town)
    demanded = town.row_lower == town.row_upper
    impossible = replace(
        town, row_lower=np.where(demanded, 1e6, town.row_lower), row_upper=np.where(demanded, 1e6, town.row_upper)
    )

    assert session.solve(impossible).status is Status.INFEASIBLE
    again = session.solve(town)
    assert again.objective == pytest.approx(first.objective)
    assert again.iterations < 0.05 * first.iterations


def test_the_time_limit_is_that_of_each_solve(town: LinearProgram) -> None:
    """HiGHS counts time from its making, over all solves; the limit of a later one lies beyond what they took."""
    session = Session()
    session.solve(town, Options(time_limit=50.0))
    engine = session._engine
    assert engine is not None
    spent = engine.getRunTime()
    session.solve(replace(town, cost=town.cost * 1.1), Options(time_limit=50.0))

    assert spent > 0.0
    assert engine.getOptionValue("time_limit")[1] == pytest.approx(50.0 + spent, abs=1e-9)


def test_threads_may_change_between_solves(town: LinearProgram) -> None:
    """HiGHS has one pool of threads in a process and refuses another number until that is given up."""
    costs = [solve(town, Options(threads=threads, method="hipo")).objective for threads in (1, 2, 0)]

    assert costs == pytest.approx([costs[0]] * 3)


def test_whole_numbers_start_from_the_last_plan() -> None:
    """Knapsack: 5 x + 4 y + 3 z with 2 x + 3 y + z <= 5, whole; then z is worth 6."""
    session = Session()
    program = LinearProgram(
        cost=np.array([-5.0, -4.0, -3.0]),
        lower=np.zeros(3),
        upper=np.ones(3),
        is_integer=np.ones(3, bool),
        row_lower=np.array([-np.inf]),
        row_upper=np.array([5.0]),
        starts=np.array([0, 3], np.int32),
        indices=np.array([0, 1, 2], np.int32),
        values=np.array([2.0, 3.0, 1.0]),
    )

    assert session.solve(program).objective == pytest.approx(-9.0)
    assert session.solve(replace(program, cost=np.array([-5.0, -4.0, -6.0]))).objective == pytest.approx(-11.0)


def test_far_from_the_last_plan_a_fresh_solve_is_taken(town: LinearProgram, monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps from a basis are dear; when they are used up the program is loaded afresh, and the answer is the same."""
    monkeypatch.setattr("solvers.session.LEAST_STEPS", 3)
    monkeypatch.setattr("solvers.session.WORTH", 0.0)
    session = Session()
    session.solve(town)
    other = replace(town, cost=town.cost * (1.0 + np.random.default_rng(5).random(len(town.cost))))
    again, fresh = session.solve(other, Options(method="simplex")), solve(other)

    assert again.status is Status.OPTIMAL
    assert again.iterations > 3
    assert again.objective == pytest.approx(fresh.objective, rel=1e-7)
