"""The bound from multipliers, and what it does where a column has no limit; small programs solved by hand."""

import numpy as np
import pytest

from solvers.bound import Bound, contradicts, lower_bound
from solvers.implied import implied_box
from solvers.linear import LinearProgram

INF = np.inf


def program(
    cost: list[float], rows: list[list[float]], row_range: list[tuple[float, float]], upper: list[float] | None = None
) -> LinearProgram:
    """Columns from zero up; every entry is stored that is not zero."""
    matrix = np.array(rows)
    kept = matrix != 0.0
    return LinearProgram(
        cost=np.array(cost),
        lower=np.zeros(len(cost)),
        upper=np.full(len(cost), INF) if upper is None else np.array(upper),
        is_integer=np.zeros(len(cost), bool),
        row_lower=np.array([low for low, _ in row_range]),
        row_upper=np.array([high for _, high in row_range]),
        starts=np.r_[0, np.cumsum(kept.sum(axis=1))].astype(np.int32),
        indices=np.nonzero(kept)[1].astype(np.int32),
        values=matrix[kept],
    )


def test_right_multipliers_need_no_limits() -> None:
    """``min x + 3 z, x + z = 10``: the price of the row is 1 and the optimum 10."""
    asked = program([1.0, 3.0], [[1.0, 1.0]], [(10.0, 10.0)])

    assert lower_bound(asked, np.array([10.0, 0.0]), np.array([1.0])) == Bound(10.0, 0)


def test_multipliers_too_large_by_one_factor_are_made_smaller() -> None:
    """A price of 1.005 turns against ``x``, which has no limit; a little smaller it bounds by the optimum."""
    asked = program([1.0, 3.0], [[1.0, 1.0]], [(10.0, 10.0)])

    bound = lower_bound(asked, np.array([10.0, 0.0]), np.array([1.005]))

    assert bound.value == pytest.approx(10.0, rel=1e-12)
    assert bound.value <= 10.0 * (1.0 + 1e-12)
    assert bound.supposed == 0


def test_a_row_limits_a_column_without_limit() -> None:
    """``min 3 z, x + z = 10, z >= 2`` costs 6. At a price of 0.5 ``x`` counts -0.5, and is 8 at most."""
    asked = program([0.0, 3.0], [[1.0, 1.0], [0.0, 1.0]], [(10.0, 10.0), (2.0, INF)])

    bound = lower_bound(asked, np.array([8.0, 2.0]), np.array([0.5, 2.5]))

    # The row of z gives its lower end only: 0.5 * 10 + 2.5 * 2 - 0.5 * 10.
    assert bound.value == pytest.approx(5.0, abs=1e-6)
    assert bound.supposed == 0


def test_the_plans_cost_limits_what_no_row_does() -> None:
    """``min w + z, x - w + z = 5``: ``x`` has no limit but that a dearer ``w`` than the plan's is of no interest."""
    asked = program([0.0, 1.0, 1.0], [[1.0, -1.0, 1.0]], [(5.0, 5.0)])

    bound = lower_bound(asked, np.array([5.0, 0.0, 0.0]), np.array([0.5]))

    assert bound.supposed == 0
    assert bound.value == pytest.approx(0.0, abs=1e-3)
    assert bound.value <= 0.0


def test_a_column_that_nothing_limits_is_counted() -> None:
    """Were ``w`` free of cost, ``x`` could grow with it: it is taken at ten times its size and one."""
    asked = program([0.0, 0.0, 1.0], [[1.0, -1.0, 1.0]], [(5.0, 5.0)])

    bound = lower_bound(asked, np.array([5.0, 0.0, 0.0]), np.array([0.5]))

    assert bound == Bound(0.5 * 5.0 - 0.5 * 10.0 * 6.0, 1)


def test_limits_pass_on_from_row_to_row() -> None:
    """``x <= 2 y``, ``y + z = 3``: ``y`` and ``z`` are 3 at most, ``x`` is 6 at most; of ``w`` nothing is known."""
    rows = [[1.0, -2.0, 0.0, 0.0], [0.0, 1.0, 1.0, 0.0], [0.0, 0.0, 1.0, 1.0]]
    asked = program([0.0] * 4, rows, [(-INF, 0.0), (3.0, 3.0), (1.0, INF)])

    lower, upper = implied_box(asked, INF)

    assert lower.tolist() == [0.0] * 4
    assert upper[:3] == pytest.approx([6.0, 3.0, 3.0], rel=1e-6)
    assert upper[3] == INF


def test_limits_below_follow_too() -> None:
    """``-x + y <= 4`` with ``y`` from 1 to 2: a column free on both sides is -3 at least."""
    asked = program([0.0, 0.0], [[-1.0, 1.0]], [(-INF, 4.0)], [INF, 2.0])
    asked.lower[:] = [-INF, 1.0]

    lower, upper = implied_box(asked, INF)

    assert lower[0] == pytest.approx(-3.0, rel=1e-6)
    assert upper.tolist() == [INF, 2.0]


def test_a_contradiction_is_clear_or_it_is_none() -> None:
    """``x >= 5`` within 4 is one; the sum of rows that hold together is none."""
    asked = program([1.0], [[1.0]], [(5.0, INF)], [4.0])

    assert contradicts(asked, np.array([3.0]))
    assert not contradicts(asked, np.array([-3.0]))
    assert not contradicts(program([1.0], [[1.0]], [(5.0, INF)], [5.0]), np.array([3.0]))


def test_a_ray_that_is_nearly_a_proof_is_none() -> None:
    """``1e-9 x >= 1``: the ray misses zero by a billionth, but ``x`` of a billion keeps the row."""
    asked = program([1.0], [[1e-9]], [(1.0, INF)])

    assert not contradicts(asked, np.array([1.0]))
