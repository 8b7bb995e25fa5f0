"""Which prices of a solved program are the only ones, and which could be others just as well."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array, eye_array
from scipy.sparse.csgraph import maximum_bipartite_matching
from scipy.sparse.linalg import norm, splu

from solvers.linear import LinearProgram

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TOLERANCE = 1e-6
"""Distance from a bound, against the size of the numbers, from which a column counts as free to move."""

LITTLE = 1e-10
_PROJECTIONS = 4


def has_one_dual(program: LinearProgram, columns: Floats, row_duals: Floats) -> NDArray[np.bool_]:
    """Tell for each row whether its dual is the only one that goes with an optimal point.

    By complementary slackness the duals solve one equation for every column strictly between its bounds, in the rows
    that hold tightly. Rows left over by a maximum matching of these equations, and rows tied to them by alternating
    paths, belong to the underdetermined part [1]_: by the pattern their duals can move without harm to the optimum. Of
    these the numbers decide: a dual can move where its row takes part in a combination of rows that is zero. That the
    duals of inequalities keep their sign is left aside, so a dual may be doubted that could not move far.

    Parameters
    ----------
    program : LinearProgram
        Integers count as held.
    columns : ndarray (column,)
        An optimal point, of a corner or from inside: of a column's room and its reduced cost, and of a row's room and
        its dual, the larger one counts, each in relation to the numbers it is made of.
    row_duals : ndarray (row,)
        Duals that belong to it.

    Returns
    -------
    is_unique : ndarray (row,)
        True also for rows that are not tight: their dual is zero.

    References
    ----------
    .. [1] A. L. Dulmage, N. S. Mendelsohn, Coverings of bipartite graphs, Canadian J. Math. 10, 1958.
    """
    reduced = np.abs(program.cost - program.column_values(row_duals)) / (1.0 + np.abs(program.cost))
    room = np.minimum(columns - program.lower, program.upper - columns) / (1.0 + np.abs(columns))
    is_free = (room > TOLERANCE) & (room > reduced) & ~program.is_integer
    activity = program.row_values(columns)
    room = np.minimum(activity - program.row_lower, program.row_upper - activity) / (1.0 + np.abs(activity))
    is_tight = (room < TOLERANCE) | (room < np.abs(row_duals) / (1.0 + np.abs(row_duals).max(initial=0.0)))
    shape = (program.row_count, program.column_count)
    matrix = csr_array((program.values, program.indices, program.starts), shape=shape)
    tight = np.flatnonzero(is_tight)
    equations = csr_array(matrix[tight][:, np.flatnonzero(is_free)])
    is_unique = np.ones(program.row_count, bool)
    if equations.shape[1] == 0:
        is_unique[tight] = False
        return is_unique
    matched = maximum_bipartite_matching(equations, perm_type="column")
    suspect = np.flatnonzero(_underdetermined(equations, matched))
    has_entries = np.diff(equations.indptr)[suspect] > 0
    is_unique[tight[suspect[~has_entries]]] = False
    suspect = suspect[has_entries]
    if len(suspect):
        part = csr_array(equations[suspect])
        is_unique[tight[suspect[_moving(csr_array(part[:, np.unique(part.indices)]))]]] = False
    return is_unique


def _moving(equations: csr_array) -> NDArray[np.bool_]:
    """Tell which rows take part in some combination of rows that is zero. (row,)

    A random vector is projected onto all such combinations: a row that takes part in none is zero in it. Rows and
    columns are scaled to length one, and the projection is repeated, as its equations are solved with a little added to
    their diagonal.
    """
    rows, columns = (1.0 / np.maximum(norm(equations, axis=axis), 1e-300) for axis in (1, 0))
    scaled = csr_array(diags_array(rows) @ equations @ diags_array(columns))
    normal = scaled.T @ scaled + LITTLE * eye_array(scaled.shape[1])
    factor = splu(normal.tocsc(), permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
    found: Floats = np.random.default_rng(0).uniform(1.0, 2.0, scaled.shape[0])
    for _ in range(_PROJECTIONS):
        found = found - scaled @ factor.solve(scaled.T @ found)
    return np.abs(found) > TOLERANCE


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
