"""The search for better sizes on a program of one size, solved by hand."""

from dataclasses import replace

import numpy as np
import pytest

from solvers.answer import Status
from solvers.benders import Decomposition
from solvers.choice import Shape
from solvers.linear import LinearProgram

SIZE, TAKEN, ROOM = range(3)


def must_take() -> LinearProgram:
    """A plant gives 5, whatever happens; what gets rid of it costs 1 a unit of its size, which is 10 at most.

    Rows: the balance, the size of what gets rid of it, and a rule of its own that asks for nothing yet.
    """
    return LinearProgram(
        cost=np.array([1.0, 0.0, 0.0]),
        lower=np.array([0.0, 5.0, 0.0]),
        upper=np.array([10.0, 5.0, np.inf]),
        is_integer=np.zeros(3, bool),
        row_lower=np.array([0.0, -np.inf, 0.0]),
        row_upper=np.array([0.0, 0.0, np.inf]),
        starts=np.array([0, 2, 4, 5], np.int32),
        indices=np.array([TAKEN, ROOM, ROOM, SIZE, ROOM], np.int32),
        values=np.array([1.0, -1.0, 1.0, -1.0, 1.0]),
    )


def test_a_plant_that_must_run_needs_room() -> None:
    """Without room for it every design has a cost all the same, so the search finds the size of 5."""
    search = Decomposition(must_take(), np.array([SIZE]), np.array([0]), Shape())

    refined = search.refine(np.array([0.0]), 1e-6)

    assert refined is not None
    assert refined.ended is Status.OPTIMAL
    assert refined.answer.columns[SIZE] == pytest.approx(5.0)
    assert refined.bound == pytest.approx(5.0, rel=1e-6)
    assert refined.supposed == 0


@pytest.mark.parametrize("share", [1.0, 0.2])
def test_a_size_that_is_dear_for_a_single_hour(share: float) -> None:
    """A unit costs a thousand times the dearest hour, and does a share of its size: the search ends with it all the
    same, as what a design lacks is made dearer than that. 5 / share of it cost 5 000 / share."""
    dear = replace(must_take(), cost=np.array([1000.0, 1.0, 0.0]), upper=np.array([50.0, 5.0, np.inf]))
    dear = replace(dear, values=np.array([1.0, -1.0, 1.0, -share, 1.0]))
    search = Decomposition(dear, np.array([SIZE]), np.array([0]), Shape())

    refined = search.refine(np.array([40.0]), 1e-6, time_limit=20.0)

    assert refined is not None
    assert refined.ended is Status.OPTIMAL
    assert refined.answer.columns[SIZE] == pytest.approx(5.0 / share)
    assert refined.bound == pytest.approx(5000.0 / share + 5.0, rel=1e-6)


def test_a_design_that_breaks_a_rule_ends_the_search() -> None:
    """A rule that is no balance asks for 4 at least. From 6 the search tries 3: it ends there, with what it has."""
    asked = must_take()
    asked = replace(asked, row_lower=np.array([0.0, -np.inf, 4.0]))
    search = Decomposition(asked, np.array([SIZE]), np.array([0]), Shape())

    refined = search.refine(np.array([6.0]), 1e-6)

    assert refined is not None
    assert refined.ended is Status.INFEASIBLE
    assert refined.answer.objective == pytest.approx(6.0)
    assert refined.bound <= 5.0
