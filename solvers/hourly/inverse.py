"""The inverse of a small basis, kept explicitly with lists of what is not zero in it: pivots, repair, new coefficients.

A basis of an hour is that of a network: five of a hundred entries of its inverse are not zero, and the column that
enters moves a handful of rows. Everything here walks lists and never a whole row of the inverse.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

_WITHOUT_DOORS: Any = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
WITHOUT_COUNTS: Any = {"_nrt": False}
"""No counts of references: whoever calls holds every array, so nothing compiled with this may make or copy one."""
inner = njit(nogil=True, error_model="numpy", **_WITHOUT_DOORS, **WITHOUT_COUNTS)
"""Compiles what only compiled code calls: without doors for Python, and kept on disk as part of the walk.

Counting references took a third of a walk.
"""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Places = NDArray[Any]
"""Whole numbers, without sign where they are never negative: compiled loops then need not ask."""

AT_LOWER, AT_UPPER, AT_ZERO = -1, -2, -3
"""Places of variables outside the basis; from 0 the row in which a variable is basic."""
_TINY = 1e-9
_NOTHING = 1e-14
"""What is left of an entry below this is rounding."""
_MOST_AGE = 160


class Pattern(NamedTuple):
    """Entries of a block's columns, and their numbers in one hour."""

    begin: Ints
    """(column,) first entry"""
    end: Ints
    """(column,) end of its entries"""
    row: Places
    """(entry,)"""
    value: Floats
    """(entry,)"""
    across: Ints
    """(row + 1,) the same by rows: first of each in the next two"""
    across_column: Places
    """(entry by row,)"""
    across_entry: Places
    """(entry by row,) place of its number in ``value``"""
    is_steady: NDArray[np.bool_]
    """(column,) whether its numbers are the same in every hour"""


class Basis(NamedTuple):
    """Which variable is basic in which row, and the inverse of their columns."""

    head: Ints
    """(row,) basic variable"""
    place: Ints
    """(column + row,)"""
    inverse: Floats
    """(row, row)"""
    used: Floats
    """(entry,) coefficients the inverse was made with"""
    age: Ints
    """(1,) pivots since the last refactorisation"""
    wide: Ints
    """(row,) number of entries listed of each row of the inverse"""
    along: Places
    """(row, row) their columns; an entry that cancelled stays listed"""
    tall: Ints
    """(row,) number of entries listed of each column of the inverse"""
    down: Places
    """(row, row) their rows, by column"""
    is_listed: NDArray[np.bool_]
    """(row, row)"""


class Column(NamedTuple):
    """A column under the inverse: its values, and the rows in which it is not zero."""

    z: Floats
    """(row,)"""
    rows: Places
    """(row,)"""
    stamp: Ints
    """(row + 2,) when each row was listed last; then the present time, and how many rows are listed"""


@inner
def pivot(basis, column, r):
    """Replace the basic column of row r by one whose image under the inverse is given."""
    inverse, along, wide, is_listed = basis.inverse, basis.along, basis.wide, basis.is_listed
    z, rows = column.z, column.rows
    width, lead = wide[r], 1.0 / z[r]
    for k in range(width):
        inverse[r, along[r, k]] *= lead
    for q in range(column.stamp[-1]):
        i = rows[q]
        factor = z[i]
        if i == r or factor == 0.0:
            continue
        for k in range(width):
            c = along[r, k]
            if not is_listed[i, c]:
                is_listed[i, c] = True
                along[i, wide[i]] = c
                wide[i] += 1
                basis.down[c, basis.tall[c]] = i
                basis.tall[c] += 1
            left = inverse[i, c] - factor * inverse[r, c]
            inverse[i, c] = left if abs(left) > _NOTHING else 0.0


@inner
def _add(basis, column, k, factor):
    """Add column k of the inverse, times a factor."""
    z, rows, stamp, inverse, down = column.z, column.rows, column.stamp, basis.inverse, basis.down
    now, count = stamp[-2], stamp[-1]
    for q in range(basis.tall[k]):
        i = down[k, q]
        if stamp[i] != now:
            stamp[i], z[i], rows[count] = now, 0.0, i
            count += 1
        z[i] += inverse[i, k] * factor
    stamp[-1] = count


@inner
def image(p, basis, j, column):
    """Multiply the inverse with column j; a row's own variable has a one in that row."""
    n = p.begin.shape[0]
    column.stamp[-2] += 1
    column.stamp[-1] = 0
    if j >= n:
        _add(basis, column, j - n, 1.0)
        return
    for e in range(p.begin[j], p.end[j]):
        _add(basis, column, p.row[e], p.value[e])


@inner
def reset(p, basis):
    """Start from the rows' own variables, whose inverse is known."""
    n, m = p.begin.shape[0], basis.head.shape[0]
    for j in range(n):
        if basis.place[j] >= 0:
            basis.place[j] = AT_LOWER
    for i in range(m):
        for k in range(basis.wide[i]):
            basis.inverse[i, basis.along[i, k]] = 0.0
            basis.is_listed[i, basis.along[i, k]] = False
    for i in range(m):
        basis.head[i] = n + i
        basis.place[n + i] = i
        basis.inverse[i, i], basis.is_listed[i, i] = 1.0, True
        basis.wide[i] = basis.tall[i] = 1
        basis.along[i, 0] = basis.down[i, 0] = i
    for e in range(p.value.shape[0]):
        basis.used[e] = p.value[e]
    basis.age[0] = 0


@inner
def _take_in(basis, column, is_own, n, j):
    """Let column j enter in the row, of those still free, where its pivot is largest; not at all if that is tiny."""
    best, r = _TINY, -1
    for q in range(column.stamp[-1]):
        i = column.rows[q]
        if not is_own[i] and basis.head[i] >= n and abs(column.z[i]) > best:
            best, r = abs(column.z[i]), int(i)
    if r >= 0:
        pivot(basis, column, r)
        basis.place[basis.head[r]] = AT_LOWER
        basis.head[r] = j
        basis.place[j] = r


@inner
def refactor(p, basis, column, wanted, is_own):
    """Make the inverse anew, column by column with the largest pivot left; dependent columns leave the basis."""
    n, m = p.begin.shape[0], basis.head.shape[0]
    count = 0
    for i in range(m):
        if basis.head[i] < n:
            wanted[count] = basis.head[i]
            count += 1
    for i in range(m):
        is_own[i] = False
    for i in range(m):
        if basis.head[i] >= n:
            is_own[basis.head[i] - n] = True
    reset(p, basis)
    for width in range(1, m + 2):
        for k in range(count):
            j = wanted[k]
            if j < 0 or (width <= m and p.end[j] - p.begin[j] != width):
                continue
            wanted[k] = -1
            image(p, basis, j, column)
            _take_in(basis, column, is_own, n, j)
    basis.age[0] = 0


@inner
def follow(p, basis, column, wanted, is_own):
    """Bring the inverse to this hour's coefficients: one pivot per basic column that changed, or anew."""
    n, m = p.begin.shape[0], basis.head.shape[0]
    changed = 0
    for i in range(m):
        j = basis.head[i]
        if j < n and not p.is_steady[j]:
            for e in range(p.begin[j], p.end[j]):
                if p.value[e] != basis.used[e]:
                    wanted[changed] = i
                    changed += 1
                    break
    if basis.age[0] + changed > _MOST_AGE or 2 * changed > m + 4:
        refactor(p, basis, column, wanted, is_own)
        return
    for k in range(changed):
        r = wanted[k]
        image(p, basis, basis.head[r], column)
        if column.stamp[r] != column.stamp[-2] or abs(column.z[r]) < 1e-6:
            refactor(p, basis, column, wanted, is_own)
            return
        pivot(basis, column, r)
    basis.age[0] += changed
    for e in range(p.value.shape[0]):
        basis.used[e] = p.value[e]
