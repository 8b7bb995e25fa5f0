"""What hangs on a day or a month, such as peaks that are paid for, at its cheapest once the hours are known."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from solvers.answer import Status
from solvers.highs import solve
from solvers.linear import LinearProgram
from solvers.program import HourlyProgram, HourRows

Floats = NDArray[np.float64]


def peak_columns(program: HourlyProgram) -> set[int]:
    """List the single columns that belong to a day or month: they rise as the hours pass."""
    return {column for rows in program.rows for column in _grouped(rows)}


def settled(program: HourlyProgram, hourly: Floats, single: Floats) -> tuple[Floats, Floats]:
    """Find the cheapest values of what measures the hours, everything else as it is.

    Where a peak is the mean of the highest days, how far each day counts is known only when the month is over. So the
    columns of days and months, what single rows tie to them, and hourly columns that only measure against them are
    decided once more, together. A column that is the largest of its hours, and nothing else, is that already.

    Parameters
    ----------
    program : HourlyProgram
    hourly : ndarray (block, step)
        Values of the hourly columns.
    single : ndarray (global,)
        Values of the single columns; those of days and months no lower than their hours make them.

    Returns
    -------
    hourly : ndarray (block, step)
    single : ndarray (global,)
        The same where nothing is to be decided, or no values keep the rows.
    """
    risen, measuring = peak_columns(program), _measuring_blocks(program)
    tied = [row for row in program.global_rows if any(column in risen for column, _ in row.columns)]
    if not tied and not measuring and all(_count(rows) < 2 for rows in program.rows):
        return hourly, single
    free = np.zeros(program.column_count, bool)
    for block in measuring:
        free[block * program.steps : (block + 1) * program.steps] = True
    first = program.steps * len(program.columns)
    free[[first + column for column in risen | {column for row in tied for column, _ in row.columns}]] = True
    columns = np.concatenate([hourly.ravel(), single])
    part = _part(program.assemble(), columns, free)
    answer = solve(part)
    if answer.status is not Status.OPTIMAL:
        return hourly, single
    columns[free] = answer.columns
    return columns[:first].reshape(hourly.shape), columns[first:]


def _grouped(rows: HourRows) -> set[int]:
    """Single columns of days and months in hourly rows."""
    series = (entry.column for entry in rows.global_entries if isinstance(entry.column, np.ndarray))
    return {int(column) for columns in series for column in np.unique(columns)}


def _count(rows: HourRows) -> int:
    return sum(isinstance(entry.column, np.ndarray) for entry in rows.global_entries)


def _measuring_blocks(program: HourlyProgram) -> set[int]:
    """Hourly columns that stand in no rows but those of days and months, each in its own hour."""
    beside = {entry.block for rows in program.rows for entry in rows.entries if not _count(rows)}
    beside |= {entry.block for rows in program.rows for entry in rows.entries if entry.step is not None}
    beside |= {entry.block for row in program.global_rows for entry in row.sums}
    within = {entry.block for rows in program.rows for entry in rows.entries if _count(rows)}
    return {block for block in within - beside if not program.columns[block].is_integer}


def _part(program: LinearProgram, columns: Floats, free: NDArray[np.bool_]) -> LinearProgram:
    """Write the rows that hold free columns as a program of these alone, the others known."""
    matrix = csr_array(
        (program.values, program.indices, program.starts), shape=(program.row_count, program.column_count)
    )
    chosen = np.flatnonzero(np.diff(matrix[:, free].indptr))
    known = matrix[chosen] @ np.where(free, 0.0, columns)
    rest = csr_array(matrix[chosen][:, free])
    rest.sort_indices()
    return replace(
        program,
        cost=program.cost[free], lower=program.lower[free], upper=program.upper[free],
        is_integer=np.zeros(int(free.sum()), bool),
        row_lower=program.row_lower[chosen] - known, row_upper=program.row_upper[chosen] - known,
        starts=rest.indptr.astype(np.int32), indices=rest.indices.astype(np.int32), values=rest.data, offset=0.0,
    )  # fmt: skip
