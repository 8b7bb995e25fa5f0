"""HourlyProgram against dense matrices written by hand."""

import numpy as np
import pytest

from solvers.answer import Options, Status
from solvers.highs import solve
from solvers.linear import LinearProgram
from solvers.program import (
    Entry,
    GlobalColumns,
    GlobalEntry,
    GlobalRow,
    HourColumns,
    HourlyProgram,
    HourRows,
    SumEntry,
)


def no_globals() -> GlobalColumns:
    return GlobalColumns(np.empty(0), np.empty(0), np.empty(0), np.empty(0, bool))


def dense(program: LinearProgram) -> np.ndarray:
    matrix = np.zeros((program.row_count, program.column_count))
    for row in range(program.row_count):
        span = slice(program.starts[row], program.starts[row + 1])
        np.add.at(matrix[row], program.indices[span], program.values[span])
    return matrix


def store_program(demand: list[float]) -> HourlyProgram:
    """T-9.2: three units, a store of 4 MWh and 4 MW on a ring."""
    steps = len(demand)
    previous = np.r_[steps - 1, np.arange(steps - 1)]
    load = np.array(demand)
    units = tuple(HourColumns(0.0, size, price) for size, price in ((10.0, 10.0), (5.0, 30.0), (20.0, 80.0)))
    store = (HourColumns(0.0, 4.0, 0.0), HourColumns(0.0, 4.0, 0.0), HourColumns(0.0, 4.0, 0.0))
    balance = HourRows(load, load, tuple(Entry(block, sign) for block, sign in enumerate((1.0, 1.0, 1.0, -1.0, 1.0))))
    level = HourRows(0.0, 0.0, (Entry(5, 1.0), Entry(5, -1.0, previous), Entry(3, -1.0), Entry(4, 1.0)))
    return HourlyProgram(steps, previous, units + store, no_globals(), (balance, level), ())


def test_assembled_matrix_is_the_one_written_by_hand() -> None:
    """Two steps, a ring, a global column and a sum row; a wrong offset would move a whole block."""
    previous = np.array([1, 0])
    columns = (HourColumns(0.0, np.array([5.0, 6.0]), 1.0), HourColumns(-1.0, 2.0, np.array([0.0, 3.0])))
    design = GlobalColumns(np.array([0.0]), np.array([9.0]), np.array([7.0]), np.array([False]))
    rows = (
        HourRows(-np.inf, 0.0, (Entry(0, 1.0),), (GlobalEntry(0, np.array([-1.0, -0.5])),)),
        HourRows(4.0, 4.0, (Entry(1, 1.0), Entry(1, -0.9, previous), Entry(0, np.array([2.0, 0.0])))),
        HourRows(1.0, 2.0, (Entry(0, 1.0), Entry(0, -1.0, previous)), steps=np.array([1])),
    )
    totals = (GlobalRow(-np.inf, 8.0, (SumEntry(0, np.array([1.0, 2.0])),), ((0, -3.0),)),)
    program = HourlyProgram(2, previous, columns, design, rows, totals, offset=11.0).assemble()

    expected = [
        [1.0, 0.0, 0.0, 0.0, -1.0],
        [0.0, 1.0, 0.0, 0.0, -0.5],
        [2.0, 0.0, 1.0, -0.9, 0.0],
        [0.0, 0.0, -0.9, 1.0, 0.0],
        [-1.0, 1.0, 0.0, 0.0, 0.0],
        [1.0, 2.0, 0.0, 0.0, -3.0],
    ]
    np.testing.assert_array_equal(dense(program), expected)
    np.testing.assert_array_equal(program.cost, [1.0, 1.0, 0.0, 3.0, 7.0])
    np.testing.assert_array_equal(program.upper, [5.0, 6.0, 2.0, 2.0, 9.0])
    np.testing.assert_array_equal(program.row_lower, [-np.inf, -np.inf, 4.0, 4.0, 1.0, -np.inf])
    assert program.offset == 11.0


def test_zero_coefficients_are_not_stored() -> None:
    rows = (HourRows(0.0, 1.0, (Entry(0, np.array([1.0, 0.0, 2.0])),)),)
    previous = np.array([2, 0, 1])
    program = HourlyProgram(3, previous, (HourColumns(0.0, 1.0, 1.0),), no_globals(), rows, ()).assemble()

    assert program.values.tolist() == [1.0, 2.0]
    assert program.starts.tolist() == [0, 1, 1, 2]


def test_ring_of_one_step_adds_up_both_entries() -> None:
    """With one step the hour before is the hour itself: 1 - 0.9 in one column, not two entries."""
    rows = (HourRows(0.0, 0.0, (Entry(0, 1.0), Entry(0, -0.9, np.array([0])))),)
    program = HourlyProgram(1, np.array([0]), (HourColumns(0.0, 1.0, 1.0),), no_globals(), rows, ()).assemble()

    assert program.indices.tolist() == [0]
    assert program.values == pytest.approx([0.1])


@pytest.mark.parametrize("method", ["simplex", "ipx", "hipo"])
def test_t_9_2_store_on_a_ring(method: str) -> None:
    """T-9.2: cost 640; the greedy rule would give 790."""
    answer = solve(store_program([8.0, 8.0, 14.0, 18.0]).assemble(), Options(method=method))

    assert answer.status is Status.OPTIMAL
    assert answer.objective == pytest.approx(640.0, rel=1e-7)
    assert answer.row_duals[2:4] == pytest.approx([30.0, 30.0], abs=1e-4)
    # The cheapest unit runs full in the first two hours, so any price from its own to the next one's is right there.
    assert np.all((answer.row_duals[:2] >= 10.0 - 1e-4) & (answer.row_duals[:2] <= 30.0 + 1e-4))


def test_window_with_known_past_equals_the_cut_out_hours() -> None:
    """The last two hours start with 4 MWh in store; without them the 3 MWh above 15 would cost 80 each."""
    program = store_program([8.0, 8.0, 14.0, 18.0])
    known = np.zeros((6, 4))
    known[5, 1] = 4.0
    answer = solve(program.window(2, 4, known).assemble())

    # 32 MWh of demand less 4 from the store: 20 at 10, 8 at 30.
    assert answer.objective == pytest.approx(200.0 + 240.0)


def test_matrix_products() -> None:
    program = store_program([8.0, 8.0, 14.0, 18.0]).assemble()
    generator = np.random.default_rng(1)
    x, y = generator.normal(size=program.column_count), generator.normal(size=program.row_count)

    np.testing.assert_allclose(program.row_values(x), dense(program) @ x)
    np.testing.assert_allclose(program.column_values(y), dense(program).T @ y)


def test_infeasible_and_unbounded_are_told_apart() -> None:
    previous = np.array([0])
    short = HourRows(3.0, 3.0, (Entry(0, 1.0),))
    infeasible = HourlyProgram(1, previous, (HourColumns(0.0, 1.0, 1.0),), no_globals(), (short,), ())
    open_end = HourRows(-np.inf, 5.0, (Entry(0, 1.0), Entry(1, -1.0)))
    free = (HourColumns(0.0, np.inf, -2.0), HourColumns(0.0, np.inf, 1.0))
    unbounded = HourlyProgram(1, previous, free, no_globals(), (open_end,), ())

    assert solve(infeasible.assemble()).status is Status.INFEASIBLE
    assert solve(unbounded.assemble()).status is Status.UNBOUNDED
