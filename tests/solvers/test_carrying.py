"""Which rows carry a content over, and which only tie a column to the step before."""

import numpy as np

from solvers.carrying import carried, linked
from solvers.program import Entry, HourRows

PAST = np.array([3, 0, 1, 2])
LEVEL, CHARGE = 0, 1


def test_a_store_is_carried_over() -> None:
    """``2 level - 1.8 level before - charge = 0``."""
    rows = HourRows(0.0, 0.0, (Entry(LEVEL, 2.0), Entry(LEVEL, -1.8, PAST), Entry(CHARGE, -1.0)))

    found = carried(rows)

    assert found is not None
    assert (found.block, found.own, found.lagged.coefficient) == (LEVEL, 2.0, -1.8)


def test_a_ramp_ties_but_carries_nothing() -> None:
    rows = HourRows(-np.inf, 3.0, (Entry(CHARGE, 1.0), Entry(CHARGE, -1.0, PAST)))

    assert carried(rows) is None
    found = linked(rows)
    assert found is not None
    assert found.block == CHARGE


def test_two_steps_back_is_no_content() -> None:
    rows = HourRows(0.0, 0.0, (Entry(LEVEL, 1.0), Entry(LEVEL, -1.0, PAST[PAST])))

    assert linked(rows) is None


def test_what_comes_down_late_is_no_content() -> None:
    """Water that left another reservoir a step ago enters this one: only its own level is carried over."""
    rows = HourRows(0.0, 0.0, (Entry(LEVEL, 1.0), Entry(LEVEL, -1.0, PAST), Entry(CHARGE, -1.0, PAST)))

    found = carried(rows)

    assert found is not None
    assert found.block == LEVEL
