"""What stands in the way of a program without a plan: slack in its rows, and a smallest set that contradicts itself."""

from dataclasses import replace

import highspy
import numpy as np
from numpy.typing import NDArray

from solvers.linear import LinearProgram
from solvers.loading import highs_model

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


def with_slack(program: LinearProgram, rows: Rows, prices: Floats | None = None) -> LinearProgram:
    """Let each of some rows fail, up or down, by slack of its own, and make the sum of all slack the objective.

    The columns added are first what the rows lack (row,), then what they have too much of (row,). With ``prices``
    (row,) the sum is weighed: rows that had better fail have a low one.
    """
    count = len(rows)
    ups, downs = np.arange(count), np.arange(count, 2 * count)
    both = np.concatenate([rows, rows])
    loose = _extended(program, 2 * count, both, np.concatenate([ups, downs]), np.repeat([1.0, -1.0], count))
    if prices is None:
        return loose
    return replace(loose, cost=np.concatenate([np.zeros(program.column_count), prices, prices]))


def with_one_slack(program: LinearProgram, rows: Rows) -> LinearProgram:
    """Loosen some rows all by the same amount, and make that amount the objective.

    The last two columns are how far lower bounds are lowered and how far upper bounds are raised.
    """
    ups = rows[np.isfinite(program.row_lower[rows])]
    downs = rows[np.isfinite(program.row_upper[rows])]
    column = np.repeat([0, 1], [len(ups), len(downs)])
    return _extended(program, 2, np.concatenate([ups, downs]), column, np.where(column == 0, 1.0, -1.0))


def irreducible(program: LinearProgram, rows: Rows, time_limit: float = np.inf) -> Rows:
    """Reduce rows that cannot hold together to some of them of which none can be spared.

    Parameters
    ----------
    program : LinearProgram
        Where they are from; column bounds hold, integers are relaxed.
    rows : ndarray (row,)
        Together with the column bounds without a solution.
    time_limit : float
        For HiGHS; what is not reduced by then stays. [s]

    Returns
    -------
    kept : ndarray (row,)
        HiGHS's irreducible set; all rows where it finds none, as when they do hold together.
    """
    engine = highspy.Highs()  # type: ignore[no-untyped-call]
    engine.setOptionValue("output_flag", False)
    engine.setOptionValue("iis_strategy", int(highspy.IisStrategy.kIisStrategyIrreducible))
    engine.setOptionValue("iis_time_limit", time_limit)
    engine.passModel(highs_model(_only(program, rows), 1.0))
    status, found = engine.getIis()
    if status == highspy.HighsStatus.kError or not found.row_index_:
        return rows
    kept: Rows = rows[np.sort(np.asarray(found.row_index_, np.int64))]
    return kept


def _only(program: LinearProgram, rows: Rows) -> LinearProgram:
    """Keep some rows and the columns that occur in them."""
    counts = np.diff(program.starts)[rows]
    starts = np.concatenate([[0], np.cumsum(counts)])
    entries = np.repeat(program.starts[:-1][rows] - starts[:-1], counts) + np.arange(starts[-1])
    used, indices = np.unique(program.indices[entries], return_inverse=True)
    return replace(
        program,
        cost=np.zeros(len(used)),
        lower=program.lower[used],
        upper=program.upper[used],
        is_integer=np.zeros(len(used), bool),
        row_lower=program.row_lower[rows],
        row_upper=program.row_upper[rows],
        starts=starts.astype(np.int32),
        indices=indices.astype(np.int32),
        values=program.values[entries],
    )


def _extended(program: LinearProgram, count: int, rows: Rows, columns: Rows, values: Floats) -> LinearProgram:
    """Add columns from zero up, each at a cost of one, with entries in some rows; nothing else costs anything."""
    order = np.argsort(rows, kind="stable")
    rows, columns, values = rows[order], columns[order], values[order]
    extra = np.bincount(rows, minlength=program.row_count)
    starts = np.concatenate([[0], np.cumsum(np.diff(program.starts) + extra)])
    indices = np.empty(starts[-1], np.int32)
    entries = np.empty(starts[-1])
    moved = np.repeat(starts[:-1] - program.starts[:-1], np.diff(program.starts)) + np.arange(len(program.values))
    indices[moved], entries[moved] = program.indices, program.values
    is_new = np.ones(starts[-1], bool)
    is_new[moved] = False
    indices[is_new], entries[is_new] = program.column_count + columns, values
    return replace(
        program,
        cost=np.concatenate([np.zeros(program.column_count), np.ones(count)]),
        lower=np.concatenate([program.lower, np.zeros(count)]),
        upper=np.concatenate([np.maximum(program.upper, program.lower), np.full(count, np.inf)]),
        is_integer=np.concatenate([program.is_integer, np.zeros(count, bool)]),
        starts=starts.astype(np.int32),
        indices=indices,
        values=entries,
        offset=0.0,
    )
