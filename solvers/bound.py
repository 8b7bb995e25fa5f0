"""What an answer is worth, in arithmetic of our own: a bound on the optimum, and how well the rows hold."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from solvers.linear import LinearProgram

Floats = NDArray[np.float64]


def lower_bound(program: LinearProgram, columns: Floats, row_duals: Floats) -> float:
    """Bound the optimum from below with the row duals, in arithmetic of our own.

    For any multipliers ``y`` of the right sign the optimum is at least the sum of row bounds times ``y`` plus
    column bounds times reduced costs (weak duality). A reduced cost that points at an infinite bound is cut
    off when it is no more than rounding; else the column counts as no larger than ten times its value in the plan.

    Parameters
    ----------
    program : LinearProgram
        Continuous.
    columns : ndarray (column,)
        A plan, for the size of open columns.
    row_duals : ndarray (row,)
        Multipliers.
    """
    y = row_duals.copy()
    y[(y > 0.0) & ~np.isfinite(program.row_lower)] = 0.0
    y[(y < 0.0) & ~np.isfinite(program.row_upper)] = 0.0
    reduced = program.cost - program.column_values(y)
    rows = np.where(y > 0.0, program.row_lower, program.row_upper)
    bound = float(np.sum(np.where(y != 0.0, y * np.where(y != 0.0, rows, 0.0), 0.0)))
    ends = np.where(reduced > 0.0, program.lower, program.upper)
    is_open = ~np.isfinite(ends)
    noise = 1e-9 * (1.0 + np.abs(program.cost) + np.abs(program.cost - reduced))
    if np.any(is_open & (np.abs(reduced) > 1e3 * noise)):
        # A column without limit: use the size it has in the plan, enlarged, as HiGHS itself accepts the dual.
        ends = np.where(is_open, np.sign(-reduced) * 10.0 * (1.0 + np.abs(columns)), ends)
    else:
        ends = np.where(is_open, 0.0, ends)
    return bound + float(np.sum(reduced * ends)) + program.offset


def row_violation(program: LinearProgram, starts: NDArray[np.int64], columns: Floats) -> float:
    """Find the largest violation of a row, relative to the largest term among the rows of its block, or to one.

    Parameters
    ----------
    program : LinearProgram
    starts : ndarray (block + 1,)
        First row of each block of like rows, and the end.
    columns : ndarray (column,)
        A plan.
    """
    if not program.row_count:
        return 0.0
    terms = np.abs(program.values * columns[program.indices])
    values = program.row_values(columns)
    missed = np.maximum(np.maximum(program.row_lower - values, values - program.row_upper), 0.0)
    worst = 0.0
    for first, last in pairwise(starts.tolist()):
        if first < last:
            own = terms[program.starts[first] : program.starts[last]]
            worst = max(worst, float(missed[first:last].max()) / max(1.0, float(own.max(initial=0.0))))
    return worst
