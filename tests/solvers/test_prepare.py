"""Programs made smaller and even have the same answer."""

import json
from dataclasses import replace

import numpy as np
import pytest

from energysim.components.heat_demand import HeatDemand
from energysim.components.source import Source
from energysim.testing import solve as run_parts
from solvers.answer import Status
from solvers.highs import solve
from solvers.linear import LinearProgram
from solvers.prepare import prepare


def program(**changes: object) -> LinearProgram:
    """Min 3 x + 2 y + z, x + y + z >= 4, x - y = 1, z fixed at 1, and x + y <= 100 that bounds of 10 never reach."""
    arrays = {
        "cost": np.array([3.0, 2.0, 1.0]),
        "lower": np.array([0.0, 0.0, 1.0]),
        "upper": np.array([10.0, 10.0, 1.0]),
        "is_integer": np.zeros(3, bool),
        "row_lower": np.array([4.0, 1.0, -np.inf]),
        "row_upper": np.array([np.inf, 1.0, 100.0]),
        "starts": np.array([0, 3, 5, 7], np.int32),
        "indices": np.array([0, 1, 2, 0, 1, 0, 1], np.int32),
        "values": np.array([1.0, 1.0, 1.0, 1.0, -1.0, 1.0, 1.0]),
    }
    return LinearProgram(**{**arrays, **changes})


def test_fixed_columns_and_idle_rows_leave() -> None:
    prepared = prepare(program())

    assert prepared.kept_columns.tolist() == [0, 1]
    assert prepared.kept_rows.tolist() == [0, 1]
    assert prepared.program.row_lower[0] == pytest.approx(3.0)
    assert prepared.program.offset == pytest.approx(1.0)


def test_the_answer_comes_back_in_the_units_given() -> None:
    """x = 2, y = 1, cost 9; one more wanted costs 2.5, one more of x - y costs 0.5."""
    answer = solve(program())

    assert answer.columns == pytest.approx([2.0, 1.0, 1.0])
    assert answer.objective == pytest.approx(9.0)
    assert answer.row_duals == pytest.approx([2.5, 0.5, 0.0])
    assert answer.column_duals == pytest.approx([0.0, 0.0, -1.5])


def test_wide_coefficients_are_brought_together() -> None:
    """The same in odd units: x in millionths, the second row in thousandths."""
    values = np.array([1e6, 1.0, 1.0, 1e3, -1e-3, 1e6, 1.0])
    wide = program(
        values=values,
        cost=np.array([3e6, 2.0, 1.0]),
        upper=np.array([1e-5, 10.0, 1.0]),
        row_lower=np.array([4.0, 1e-3, -np.inf]),
        row_upper=np.array([np.inf, 1e-3, 100.0]),
    )
    sizes = np.abs(prepare(wide).program.values)
    answer = solve(wide)

    assert sizes.min() >= 1e-1
    assert sizes.max() <= 1e1
    assert answer.columns == pytest.approx([2e-6, 1.0, 1.0])
    assert answer.row_duals == pytest.approx([2.5, 500.0, 0.0])


def test_whole_numbers_keep_their_scale() -> None:
    whole = program(is_integer=np.array([True, True, False]), values=np.array([1e5, 1.0, 1.0, 1.0, -1.0, 1.0, 1.0]))

    assert (prepare(whole).column_scale[:2] == 1.0).all()


def test_a_limit_that_is_not_meant_as_one_is_warned_of() -> None:
    parts = [HeatDemand(name="users", to="heat", load=5.0), Source(name="big", to="heat", price=1.0, capacity=1e10)]
    told = json.loads(run_parts(parts, {"heat": "heat"}, steps=2).attrs["warnings"])

    assert any(text.startswith("big: 'given' may be as large as 1e+10") for text in told), told


@pytest.mark.parametrize(("wanted", "status"), [(5.0, Status.OPTIMAL), (6.0, Status.INFEASIBLE)])
def test_a_program_with_nothing_to_decide(wanted: float, status: Status) -> None:
    settled = program(lower=np.array([3.0, 2.0, 0.0]), upper=np.array([3.0, 2.0, 0.0]))

    assert solve(replace(settled, row_lower=np.array([wanted, 1.0, -np.inf]))).status is status
