r"""Dual simplex with bounds on a block of an hour's rows, warm from the last basis.

Every variable has two bounds, infinite ones replaced by far ones, so any basis can be made dual feasible by moving
variables to their other bound [1]_; the ratio test passes breakpoints as long as that gains [2]_. Ties are broken by
the largest pivot within a tolerance [3]_; after a long stall the smallest index decides, which cannot cycle [4]_.

References
----------
.. [1] A. Koberstein, The dual simplex method, techniques for a fast and stable implementation, thesis, Paderborn,
   2005, ch. 3 and 4.
.. [2] I. Maros, A generalized dual phase-2 simplex algorithm, European Journal of Operational Research 149, 2003.
.. [3] P. M. J. Harris, Pivot selection methods of the Devex LP code, Mathematical Programming 5, 1973.
.. [4] R. G. Bland, New finite pivoting rules for the simplex method, Mathematics of Operations Research 2, 1977.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"

import numpy as np

from solvers.hourly.inverse import AT_LOWER, AT_UPPER, AT_ZERO, follow, image, inner, pivot, refactor, reset
from solvers.hourly.ratio import entering

OPTIMAL, INFEASIBLE, UNBOUNDED, FAILED = 0, 1, 2, 3
_PRIMAL, _DUAL = 1e-9, 1e-9
_OLD = 200
"""Pivots after which the inverse is made anew within an hour."""
_ROUNDING = 1e-14
"""Share of the largest value by which a row may be off without being mended."""
_MANY = 40
"""Pivots in an hour after which its prices are computed anew before they are believed."""


_GO_ON, _ANEW, _FROM_ROWS = 0, 1, 2
"""How an attempt begins: from where the last ended, with a new inverse, or from the rows' own variables."""


@inner
def _price(p, basis, limits, room):
    """Compute prices of the rows and reduced costs of what is outside the basis."""
    inverse, head, places, reduced = basis.inverse, basis.head, basis.place, room.d
    y, cost, row, value = room.y, limits.cost, p.row, p.value
    begin, end, along = p.begin, p.end, basis.along
    n, m = begin.shape[0], head.shape[0]
    y[:m] = 0.0
    for i in range(m):
        c = cost[head[i]]
        if c != 0.0:
            for k in range(basis.wide[i]):
                y[along[i, k]] += c * inverse[i, along[i, k]]
    for j in range(n):
        reduced[j] = 0.0
        if places[j] < 0:
            total = cost[j]
            for e in range(begin[j], end[j]):
                total -= y[row[e]] * value[e]
            reduced[j] = total
    for i in range(m):
        reduced[n + i] = 0.0 if places[n + i] >= 0 else cost[n + i] - y[i]


@inner
def _settle(basis, limits, room, far, count):
    """Move what is outside the basis to the bound its reduced cost asks for; says whether anything moved."""
    places, x, reduced, lower = basis.place, room.x, room.d, limits.lower
    upper = limits.upper
    moved = False
    for j in range(count):
        place = places[j]
        if place >= 0:
            continue
        low, high, d = lower[j], upper[j], reduced[j]
        if d > _DUAL:
            place = AT_LOWER
        elif d < -_DUAL or (place == AT_UPPER and high < np.inf) or (low == -np.inf and high < np.inf):
            place = AT_UPPER
        elif low > -np.inf:
            place = AT_LOWER
        else:
            place = AT_ZERO
        value = 0.0
        if place == AT_LOWER:
            value = low if low > -np.inf else -far
        elif place == AT_UPPER:
            value = high if high < np.inf else far
        if place != places[j] or value != x[j]:
            moved = True
        places[j], x[j] = place, value
    return moved


@inner
def _weigh(basis, limits, room, i):
    """Note how far the variable of row i lies outside its bounds: beyond the upper where more than zero, below the
    lower where less.
    """
    j = basis.head[i]
    value, low, high = room.x[j], limits.lower[j], limits.upper[j]
    off = 0.0
    if value < low - _PRIMAL * (1.0 + abs(low)):
        off = value - low
    elif value > high + _PRIMAL * (1.0 + abs(high)):
        off = value - high
    room.off[i] = off


@inner
def _times(basis, room, i):
    """Multiply row i of the inverse with what the rows are off by."""
    inverse, along, rest = basis.inverse, basis.along, room.rest
    total = 0.0
    for k in range(basis.wide[i]):
        total += inverse[i, along[i, k]] * rest[along[i, k]]
    return total


@inner
def _balance(p, basis, limits, room):
    """Compute what is basic from the rest."""
    head, places, x, rest = basis.head, basis.place, room.x, room.rest
    row, value, begin, end = p.row, p.value, p.begin, p.end
    n, m = begin.shape[0], head.shape[0]
    for i in range(m):
        rest[i] = -x[n + i] if places[n + i] < 0 else 0.0
    for j in range(n):
        if places[j] < 0 and x[j] != 0.0:
            for e in range(begin[j], end[j]):
                rest[row[e]] -= value[e] * x[j]
    for i in range(m):
        x[head[i]] = _times(basis, room, i)
        _weigh(basis, limits, room, i)


@inner
def _refine(p, basis, limits, room):
    """Take out of the basic values what the rows are still off by; gives the largest such amount before."""
    head, x, rest = basis.head, room.x, room.rest
    row, value, begin, end = p.row, p.value, p.begin, p.end
    n, m = begin.shape[0], head.shape[0]
    for i in range(m):
        rest[i] = -x[n + i]
    worst, largest = 0.0, 1.0
    for j in range(n):
        if x[j] != 0.0:
            largest = max(largest, abs(x[j]))
            for e in range(begin[j], end[j]):
                rest[row[e]] -= value[e] * x[j]
    for k in range(m):
        worst = max(worst, abs(rest[k]))
    if worst > _ROUNDING * largest:
        for i in range(m):
            x[head[i]] += _times(basis, room, i)
            _weigh(basis, limits, room, i)
    return worst


@inner
def _leaving(basis, room, is_bland):
    """Find the row whose variable is farthest outside its bounds; -1 where none is."""
    head, off, inverse, along = basis.head, room.off, basis.inverse, basis.along
    worst, found, first = 0.0, -1, basis.place.shape[0]
    for i in range(head.shape[0]):
        if is_bland:
            if off[i] != 0.0 and head[i] < first:
                first, found = head[i], i
        elif off[i] != 0.0:
            size = 0.0
            for k in range(basis.wide[i]):
                size += inverse[i, along[i, k]] * inverse[i, along[i, k]]
            if off[i] * off[i] > worst * size:
                worst, found = off[i] * off[i] / size, i
    return found


@inner
def _row_of_pivot(p, basis, limits, room, r):
    """Multiply row r of the inverse with the columns outside the basis that may move, those it touches only."""
    inverse, places, alpha = basis.inverse, basis.place, room.alpha
    touched, stamp, lower, upper = room.touched, room.stamp, limits.lower, limits.upper
    value, across, across_column, across_entry = p.value, p.across, p.across_column, p.across_entry
    n = p.begin.shape[0]
    now, count = stamp[-2] + 1, 0
    stamp[-2] = now
    for q in range(basis.wide[r]):
        i = basis.along[r, q]
        weight = inverse[r, i]
        if weight == 0.0:
            continue
        if places[n + i] < 0 and lower[n + i] < upper[n + i]:
            alpha[n + i], touched[count] = weight, n + i
            count += 1
        for k in range(across[i], across[i + 1]):
            j = across_column[k]
            if places[j] >= 0 or lower[j] >= upper[j]:
                continue
            if stamp[j] != now:
                stamp[j], alpha[j], touched[count] = now, 0.0, j
                count += 1
            alpha[j] += weight * value[across_entry[k]]
    stamp[-1] = count


@inner
def _flip(p, basis, limits, room, passed):
    """Move the variables passed to their other bounds."""
    head, places, x, alpha = basis.head, basis.place, room.x, room.alpha
    rest, flipped, kept = room.rest, room.flipped, room.kept
    lower, upper, row, value = limits.lower, limits.upper, p.row, p.value
    begin, end = p.begin, p.end
    n, m = begin.shape[0], head.shape[0]
    rest[:m] = 0.0
    for k in range(passed):
        j = flipped[k]
        alpha[j], old = kept[k], x[j]
        if places[j] == AT_LOWER:
            places[j], x[j] = AT_UPPER, upper[j]
        else:
            places[j], x[j] = AT_LOWER, lower[j]
        change = x[j] - old
        if j >= n:
            rest[j - n] += change
        else:
            for e in range(begin[j], end[j]):
                rest[row[e]] += value[e] * change
    for i in range(m):
        x[head[i]] -= _times(basis, room, i)
        _weigh(basis, limits, room, i)


@inner
def _exchange(basis, limits, room, r, q, bound):
    """Let q enter in row r, whose variable leaves to a bound."""
    inverse, head, places, x = basis.inverse, basis.head, basis.place, room.x
    reduced, alpha, touched, stamp = room.d, room.alpha, room.touched, room.stamp
    z, rows, along, y = room.column.z, room.column.rows, basis.along, room.y
    leaving = head[r]
    step = (x[leaving] - bound) / z[r]
    ratio = reduced[q] / z[r]
    for k in range(basis.wide[r]):
        y[along[r, k]] += ratio * inverse[r, along[r, k]]
    x[q] += step
    head[r] = q
    for k in range(room.column.stamp[-1]):
        i = rows[k]
        if i != r:
            x[head[i]] -= step * z[i]
        _weigh(basis, limits, room, i)
    x[leaving] = bound
    for k in range(stamp[-1]):
        j = touched[k]
        reduced[j] -= ratio * alpha[j]
    reduced[q] = 0.0
    reduced[leaving] = -ratio
    places[leaving] = AT_LOWER if bound == limits.lower[leaving] else AT_UPPER
    places[q] = r
    pivot(basis, room.column, r)
    basis.age[0] += 1
    return abs(ratio * step)


@inner
def _iterate(p, basis, limits, room, far):
    """Pivot until every basic variable is within its bounds; gives the ending and the number of pivots."""
    n, m = p.begin.shape[0], basis.head.shape[0]
    most = 40 * (n + m) + 400
    stalled = 0
    for count in range(most):
        is_bland = stalled > 4 * m + 40
        is_fresh = basis.age[0] == 0
        r = _leaving(basis, room, is_bland)
        if r < 0:
            return OPTIMAL, count
        leaving = basis.head[r]
        is_low = room.off[r] < 0.0
        bound = limits.lower[leaving] if is_low else limits.upper[leaving]
        _row_of_pivot(p, basis, limits, room, r)
        sign = 1.0 if is_low else -1.0
        q, passed = entering(basis, limits, room, sign, abs(room.off[r]), is_bland)
        if q < 0 and is_fresh:
            return INFEASIBLE, count
        is_true = q >= 0
        if is_true:
            image(p, basis, q, room.column)
            # A row that is not listed holds an old value; the two ways of computing the pivot have to agree.
            pull = room.column.z[r] if room.column.stamp[r] == room.column.stamp[-2] else 0.0
            is_true = pull != 0.0 and (is_fresh or abs(pull - room.alpha[q]) <= 1e-7 * (1.0 + abs(pull)))
        if is_true:
            if passed:
                _flip(p, basis, limits, room, passed)
            gained = _exchange(basis, limits, room, r, q, bound)
            stalled = stalled + 1 if gained <= 1e-12 and passed == 0 else 0
        else:
            stalled += 1
        if not is_true or basis.age[0] > _OLD:
            _restart(p, basis, limits, room, far, False)
    return FAILED, most


@inner
def _restart(p, basis, limits, room, far, from_rows):
    """Make the inverse anew, from this basis or from the rows' own variables, and all that follows from it."""
    if from_rows:
        reset(p, basis)
    else:
        refactor(p, basis, room.column, room.wanted, room.is_own)
    _price(p, basis, limits, room)
    _settle(basis, limits, room, far, basis.place.shape[0])
    _balance(p, basis, limits, room)


@inner
def _is_far(basis, limits, room):
    """Whether something rests at a bound that is none."""
    places, lower, upper = basis.place, limits.lower, limits.upper
    for j in range(places.shape[0]):
        if places[j] == AT_LOWER and lower[j] == -np.inf:
            return True
        if places[j] == AT_UPPER and upper[j] == np.inf:
            return True
    return False


@inner
def optimise(p, basis, limits, room, far):
    """Find the cheapest values of a block from the last basis.

    Parameters
    ----------
    p : Pattern
        Entries of this hour.
    basis : Basis
        Of the last hour; overwritten.
    limits : Limits
        Bounds and costs of this hour; rows hold ``A x + s = 0`` with own variables ``s``.
    room : Room
        ``room.x``, ``room.y`` and ``room.d`` hold the answer.
    far : float
        Stands in for bounds that are none.

    Returns
    -------
    ending : int
        OPTIMAL, INFEASIBLE, UNBOUNDED or FAILED.
    pivots : int
    """
    follow(p, basis, room.column, room.wanted, room.is_own)
    pivots, ending, way = 0, FAILED, _GO_ON
    for attempt in range(12):
        if way == _GO_ON:
            _price(p, basis, limits, room)
            moved = _settle(basis, limits, room, far, basis.place.shape[0])
            if attempt == 0 or moved:
                _balance(p, basis, limits, room)
            elif _leaving(basis, room, False) < 0:
                return (UNBOUNDED if _is_far(basis, limits, room) else OPTIMAL), pivots
        else:
            _restart(p, basis, limits, room, far, way == _FROM_ROWS)
        ending, count = _iterate(p, basis, limits, room, far)
        pivots += count
        if ending == INFEASIBLE:
            return ending, pivots
        off = _refine(p, basis, limits, room)
        way = _GO_ON
        if ending == FAILED:
            way = _FROM_ROWS
        elif off > 1e-9 and off > 1e-6 * (1.0 + _largest(room.x, basis.place.shape[0])):
            way = _ANEW
        elif count < _MANY and _leaving(basis, room, False) < 0 and not _is_far(basis, limits, room):
            return OPTIMAL, pivots
    return FAILED, pivots


@inner
def _largest(x, count):
    """Largest size among the values."""
    worst = 0.0
    for j in range(count):
        worst = max(worst, abs(x[j]))
    return worst
