"""The inverse of a small basis, kept explicitly: pivots, refactorisation with repair, changed coefficients."""

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
swift = njit(nogil=True, error_model="numpy", fastmath={"reassoc", "contract"}, **_WITHOUT_DOORS, **WITHOUT_COUNTS)
"""The same where sums may be taken in any order, so that several of their terms are computed at once."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

AT_LOWER, AT_UPPER, AT_ZERO = -1, -2, -3
"""Places of variables outside the basis; from 0 the row in which a variable is basic."""
_TINY = 1e-9
_MOST_AGE = 160


class Pattern(NamedTuple):
    """Entries of a block's columns, and their numbers in one hour."""

    begin: Ints
    """(column,) first entry"""
    end: Ints
    """(column,) end of its entries"""
    row: Ints
    """(entry,)"""
    value: Floats
    """(entry,)"""
    across: Ints
    """(row + 1,) the same by rows: first of each in the next two"""
    across_column: Ints
    """(entry by row,)"""
    across_entry: Ints
    """(entry by row,) place of its number in ``value``"""


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


@swift
def pivot(inverse, z, r):
    """Replace the basic column of row r by one whose image under the inverse is z."""
    m = inverse.shape[0]
    lead = 1.0 / z[r]
    for k in range(m):
        inverse[r, k] *= lead
    for i in range(m):
        factor = z[i]
        if i == r or factor == 0.0:
            continue
        for k in range(m):
            inverse[i, k] -= factor * inverse[r, k]


@swift
def image(p, inverse, j, z):
    """Multiply the inverse with column j; a row's own variable has a one in that row."""
    n, m = p.begin.shape[0], inverse.shape[0]
    row, value = p.row, p.value
    if j >= n:
        for i in range(m):
            z[i] = inverse[i, j - n]
        return
    for i in range(m):
        total = 0.0
        for e in range(p.begin[j], p.end[j]):
            total += inverse[i, row[e]] * value[e]
        z[i] = total


@inner
def reset(p, basis):
    """Start from the rows' own variables, whose inverse is known."""
    n, m = p.begin.shape[0], basis.head.shape[0]
    for j in range(n):
        if basis.place[j] >= 0:
            basis.place[j] = AT_LOWER
    for i in range(m):
        basis.head[i] = n + i
        basis.place[n + i] = i
        for k in range(m):
            basis.inverse[i, k] = 1.0 if i == k else 0.0
    for e in range(p.value.shape[0]):
        basis.used[e] = p.value[e]
    basis.age[0] = 0


@inner
def _take_in(basis, z, is_own, n, j):
    """Let column j enter in the row, of those still free, where its pivot is largest; not at all if that is tiny."""
    best, r = _TINY, -1
    for i in range(basis.head.shape[0]):
        if not is_own[i] and basis.head[i] >= n and abs(z[i]) > best:
            best, r = abs(z[i]), i
    if r >= 0:
        pivot(basis.inverse, z, r)
        basis.place[basis.head[r]] = AT_LOWER
        basis.head[r] = j
        basis.place[j] = r


@inner
def refactor(p, basis, z, wanted, is_own):
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
            image(p, basis.inverse, j, z)
            _take_in(basis, z, is_own, n, j)
    basis.age[0] = 0


@inner
def follow(p, basis, z, wanted, is_own):
    """Bring the inverse to this hour's coefficients: one pivot per basic column that changed, or anew."""
    n, m = p.begin.shape[0], basis.head.shape[0]
    changed = 0
    for i in range(m):
        j = basis.head[i]
        if j < n:
            for e in range(p.begin[j], p.end[j]):
                if p.value[e] != basis.used[e]:
                    wanted[changed] = i
                    changed += 1
                    break
    if basis.age[0] + changed > _MOST_AGE or 2 * changed > m + 4:
        refactor(p, basis, z, wanted, is_own)
        return
    for k in range(changed):
        r = wanted[k]
        image(p, basis.inverse, basis.head[r], z)
        if abs(z[r]) < 1e-6:
            refactor(p, basis, z, wanted, is_own)
            return
        pivot(basis.inverse, z, r)
    basis.age[0] += changed
    for e in range(p.value.shape[0]):
        basis.used[e] = p.value[e]
