"""A loaded model whose answers do not depend on what it solved before."""

from pathlib import Path

import numpy as np
import pytest

from energysim.model import Model, build
from energysim.scenario import load
from energysim.system import assemble
from solvers import highs
from solvers.anchored import Anchor, AnchoredSession
from solvers.answer import Options, Status
from solvers.session import Session

TOWN = Path(__file__).resolve().parents[2] / "scenarios" / "02_one_town.yaml"
WEEK = "time={year: null, start: 2030-01-07, duration: 7 d}"
ONE = Options(threads=1)


@pytest.fixture(scope="module")
def models() -> list[Model]:
    """A week of the town as it is, and with other prices, demands and limits."""
    changes = [
        "seed=0",
        "components.chip_trade.price=150 SEK/MWh",
        "components.homes.annual=310 GWh",
        "components.spot.tax=0 SEK/MWh",
        "components.dairy_heat.price=200 SEK/MWh",
        "components.oil_boiler.efficiency=80 %",
    ]
    return [build(assemble(load(TOWN, overrides=[WEEK, change]))) for change in changes]


def solved(session: Session, models: list[Model]) -> list[np.ndarray]:
    return [session.solve(model.program.assemble(), ONE, model.shape).columns for model in models]


def anchored(models: list[Model]) -> AnchoredSession:
    return AnchoredSession(lambda: Anchor(models[0].program.assemble(), ONE, models[0].shape))


def test_the_order_leaves_no_trace(models: list[Model]) -> None:
    """Forwards, backwards and each alone: every column is the same to the last bit."""
    forwards = solved(anchored(models), models)
    backwards = solved(anchored(models), models[::-1])[::-1]
    alone = [solved(anchored(models), [model])[0] for model in models]

    for one, other, third in zip(forwards, backwards, alone, strict=True):
        assert np.array_equal(one, other)
        assert np.array_equal(one, third)


def test_a_start_from_the_anchor_needs_fewer_steps_and_finds_the_same_cost(models: list[Model]) -> None:
    session = anchored(models)
    warm = [session.solve(model.program.assemble(), ONE, model.shape) for model in models[1:]]
    cold = [highs.solve(model.program.assemble(), ONE, model.shape) for model in models[1:]]

    assert [answer.objective for answer in warm] == pytest.approx([answer.objective for answer in cold], rel=1e-9)
    assert sum(answer.iterations for answer in warm) < 0.7 * sum(answer.iterations for answer in cold)


def test_a_program_without_a_plan_leaves_no_trace_either(models: list[Model]) -> None:
    """Presolve is turned off on the way to some proofs; what comes after must not notice."""
    dark = "components.shortage.price=30000 SEK/MWh"
    none = build(assemble(load(TOWN, overrides=[WEEK, dark, "components.homes.annual=290 GWh"])))
    program = none.program.assemble()
    impossible = program.__class__(**{**vars(program), "upper": np.minimum(program.upper, 1e-3)})
    session = anchored(models)
    first = solved(session, models[1:3])
    answer = session.solve(impossible, ONE, none.shape)
    second = solved(session, models[1:3])

    assert answer.status is Status.INFEASIBLE
    assert all(np.array_equal(one, other) for one, other in zip(first, second, strict=True))
