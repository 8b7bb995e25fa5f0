"""Which prices of a solved program are the only ones, and which could be others just as well."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from solvers.linear import LinearProgram

Floats = NDArray[np.float64]

TOLERANCE = 1e-6
"""Distance from a bound, against the size of the numbers, from which a column counts as free to move."""


def has_one_dual(program: LinearProgram, columns: Floats) -> NDArray[np.bool_]:
    """Tell for each row whether its dual is the only one that goes with an optimal point.

    By complementary slackness the duals solve one equation for every column strictly between its bounds, in the rows
    that hold tightly. Rows left over by a maximum matching of these equations, and rows tied to them by alternating
    paths, belong to the underdetermined part [1]_: their duals can move without harm to the optimum. The test looks at
    the pattern only, so a chance dependency of numbers goes unseen.

    Parameters
    ----------
    program : LinearProgram
        Continuous.
    columns : ndarray (column,)
        An optimal point.

    Returns
    -------
    is_unique : ndarray (row,)
        True also for rows that are not tight: their dual is zero.

    References
    ----------
    .. [1] A. L. Dulmage, N. S. Mendelsohn, Coverings of bipartite graphs, Canadian J. Math. 10, 1958.
    """
    room = TOLERANCE * (1.0 + np.abs(columns))
    is_free = (columns > program.lower + room) & (columns < program.upper - room)
    activity = program.row_values(columns)
    room = TOLERANCE * (1.0 + np.abs(activity))
    is_tight = (activity < program.row_lower + room) | (activity > program.row_upper - room)
    shape = (program.row_count, program.column_count)
    matrix = csr_array((np.ones(len(program.values)), program.indices, program.starts), shape=shape)
    tight = np.flatnonzero(is_tight)
    equations = csr_array(matrix[tight][:, np.flatnonzero(is_free)])
    is_unique = np.ones(program.row_count, bool)
    if equations.shape[1] == 0:
        is_unique[tight] = False
        return is_unique
    matched = maximum_bipartite_matching(equations, perm_type="column")
    is_unique[tight[_underdetermined(equations, matched)]] = False
    return is_unique


def _underdetermined(equations: csr_array, matched: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Follow alternating paths from the rows without a partner. (row,)"""
    partner = np.full(equations.shape[1], -1)
    has_partner = matched >= 0
    partner[matched[has_partner]] = np.flatnonzero(has_partner)
    reached = ~has_partner
    front = np.flatnonzero(reached)
    while front.size:
        columns = np.unique(equations[front].indices)
        rows = partner[columns]
        rows = np.unique(rows[rows >= 0])
        front = rows[~reached[rows]]
        reached[front] = True
    return reached
