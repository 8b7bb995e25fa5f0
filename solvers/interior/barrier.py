"""Loops over all columns and slacks at once: distances to bounds, multipliers, step lengths.

Each works on a span of entries, so that threads share them; sums are added in the order of the spans.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"

import numpy as np
from numba import njit

WEIGHTS = np.array([1.0, 0.75, 0.5, 0.25, 0.1])
"""Shares of a correction that are tried."""
MOST = 1e3
"""Step length that counts as any."""
STOPS = 1.05
"""A distance or multiplier that a full step would shrink by more than this many times itself stops it."""
FURTHEST = 10.0
"""Times a distance or multiplier is thought to grow or shrink at a look."""
LIMIT = 100.0
"""The same in all looks of a step."""
LARGE = 100.0
"""Square of a column's size from which its proximal term shrinks no further."""


@njit(cache=True, nogil=True, error_model="numpy")
def touch(span, point, box, at):
    """Linearise products of distance and multiplier where the point is."""
    v, low, high = point.v, box.low, box.high
    for i in range(span[0], span[1]):
        if low[i] == high[i]:
            continue
        if low[i] > -np.inf:
            at.below[i], at.zl[i] = v[i] - low[i], point.zl[i]
        if high[i] < np.inf:
            at.above[i], at.zu[i] = high[i] - v[i], point.zu[i]


@njit(cache=True, nogil=True, error_model="numpy")
def look_ahead(span, point, box, move, at, target):
    """Linearise products that would stop a full step where the step leads [1]_; give how many have moved.

    Of distance and multiplier the one that grows is believed, up to ``FURTHEST`` times what was thought before; the
    other goes where their product is the target, down to one ``FURTHEST``-th.

    References
    ----------
    .. [1] The tangent is taken on the central path's hyperbola, away from the point, as in B. Chen, P. T. Harker, A
       non-interior-point continuation method for linear complementarity problems, SIAM J. Matrix Anal. Appl. 14, 1993;
       here for the few that stop a step, so that all points stay inside.
    """
    v, low, high = point.v, box.low, box.high
    found = 0
    for i in range(span[0], span[1]):
        if low[i] == high[i]:
            continue
        if low[i] > -np.inf:
            gap = v[i] - low[i]
            if min(move.v[i] / gap, move.zl[i] / point.zl[i]) < -STOPS:
                was = at.below[i], at.zl[i]
                at.below[i], at.zl[i] = _ahead(gap, point.zl[i], move.v[i], move.zl[i], target, was)
                found += _differs(at.below[i], was[0]) or _differs(at.zl[i], was[1])
        if high[i] < np.inf:
            gap = high[i] - v[i]
            if min(-move.v[i] / gap, move.zu[i] / point.zu[i]) < -STOPS:
                was = at.above[i], at.zu[i]
                at.above[i], at.zu[i] = _ahead(gap, point.zu[i], -move.v[i], move.zu[i], target, was)
                found += _differs(at.above[i], was[0]) or _differs(at.zu[i], was[1])
    return found


@njit(cache=True, nogil=True, error_model="numpy")
def _ahead(gap, z, gap_move, z_move, target, was):
    if gap_move / gap < z_move / z:
        far = _grown(z, z_move, was[1])
        return min(gap, max(target / far, gap / FURTHEST)), far
    far = _grown(gap, gap_move, was[0])
    return far, min(z, max(target / far, z / FURTHEST))


@njit(cache=True, nogil=True, error_model="numpy")
def _grown(size, move, was):
    return min(max(size, size + move), min(FURTHEST * max(size, was), LIMIT * size))


@njit(cache=True, nogil=True, error_model="numpy")
def _differs(new, old):
    return abs(new - old) > 0.1 * old


@njit(cache=True, nogil=True, error_model="numpy")
def weigh(span, point, box, at, proximal, h):
    """Diagonal of the step equations: multipliers over distances, and a little more, ``proximal`` of bounded, open."""
    v, low, high = point.v, box.low, box.high
    for i in range(span[0], span[1]):
        if low[i] == high[i]:
            h[i] = 0.0
            continue
        # A large column may move further than a small one, but a pivot of nearly nothing would drown its neighbours.
        size = min(1.0 + v[i] * v[i], LARGE)
        h[i] = proximal[0] / size
        if low[i] > -np.inf:
            h[i] += at.zl[i] / at.below[i]
        elif high[i] == np.inf:
            h[i] = proximal[1] / size
        if high[i] < np.inf:
            h[i] += at.zu[i] / at.above[i]


@njit(cache=True, nogil=True, error_model="numpy")
def measure(span, point, box, cost, priced, rd):
    """Write what the dual equations miss; give its largest, both objectives, the sum and the number of products."""
    v, zl, zu, low, high = point.v, point.zl, point.zu, box.low, box.high
    worst, primal, dual, total, count = 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(span[0], span[1]):
        reduced = cost[i] - priced[i]
        primal += cost[i] * v[i]
        if low[i] == high[i]:
            rd[i] = 0.0
            dual += reduced * v[i]
            continue
        rd[i] = reduced - zl[i] + zu[i]
        worst = max(worst, abs(rd[i]))
        if low[i] > -np.inf:
            dual += low[i] * zl[i]
            total += (v[i] - low[i]) * zl[i]
            count += 1.0
        if high[i] < np.inf:
            dual -= high[i] * zu[i]
            total += (high[i] - v[i]) * zu[i]
            count += 1.0
    return np.array([worst, primal, dual, total, count])


@njit(cache=True, nogil=True, error_model="numpy")
def aim(span, point, box, rd, target, aims):
    """Right-hand sides for linearised products of a target."""
    at = aims.at
    v, low, high = point.v, box.low, box.high
    for i in range(span[0], span[1]):
        total = 0.0
        if low[i] != high[i]:
            total = -rd[i]
            if low[i] > -np.inf:
                ahead = at.zl[i] * (at.below[i] - (v[i] - low[i]))
                aims.low[i] = target + ahead - at.below[i] * point.zl[i]
                total += aims.low[i] / at.below[i]
            if high[i] < np.inf:
                ahead = at.zu[i] * (at.above[i] - (high[i] - v[i]))
                aims.high[i] = target + ahead - at.above[i] * point.zu[i]
                total -= aims.high[i] / at.above[i]
        aims.g[i] = total


@njit(cache=True, nogil=True, error_model="numpy")
def bend(span, point, box, move, aims):
    """Take the second-order part of a known step from right-hand sides."""
    at = aims.at
    for i in range(span[0], span[1]):
        if box.low[i] == box.high[i]:
            continue
        if box.low[i] > -np.inf:
            second = move.v[i] * move.zl[i]
            aims.low[i] -= second
            aims.g[i] -= second / at.below[i]
        if box.high[i] < np.inf:
            second = move.v[i] * move.zu[i]
            aims.high[i] += second
            aims.g[i] -= second / at.above[i]


@njit(cache=True, nogil=True, error_model="numpy")
def centre(span, point, box, move, wanted, aims):
    """Right-hand sides of a correction: products that a longer step would leave outside a box are brought to it [1]_.

    Parameters
    ----------
    wanted : tuple of float
        Lengths of the longer step, of columns and of multipliers; least and largest product.

    References
    ----------
    .. [1] J. Gondzio, Multiple centrality corrections in a primal-dual method for linear programming, Comput. Optim.
       Appl. 6, 1996.
    """
    v, low, high = point.v, box.low, box.high
    primal, dual, least, most = wanted
    at = aims.at
    for i in range(span[0], span[1]):
        total = 0.0
        if low[i] != high[i]:
            if low[i] > -np.inf:
                gap = v[i] - low[i]
                product = (gap + primal * move.v[i]) * (point.zl[i] + dual * move.zl[i])
                aims.low[i] = _short_of(product, least, most)
                total += aims.low[i] / at.below[i]
            if high[i] < np.inf:
                gap = high[i] - v[i]
                product = (gap - primal * move.v[i]) * (point.zu[i] + dual * move.zu[i])
                aims.high[i] = _short_of(product, least, most)
                total -= aims.high[i] / at.above[i]
        aims.g[i] = total


@njit(cache=True, nogil=True, error_model="numpy")
def _short_of(product, least, most):
    if product < least:
        return least - product
    if product > most:
        return max(most - product, -most)
    return 0.0


@njit(cache=True, nogil=True, error_model="numpy")
def follow(span, box, aims, move):
    """Steps of the multipliers that belong to a step of the columns."""
    low, high, at = box.low, box.high, aims.at
    for i in range(span[0], span[1]):
        if low[i] == high[i]:
            continue
        if low[i] > -np.inf:
            move.zl[i] = (aims.low[i] - at.zl[i] * move.v[i]) / at.below[i]
        if high[i] < np.inf:
            move.zu[i] = (aims.high[i] + at.zu[i] * move.v[i]) / at.above[i]


@njit(cache=True, nogil=True, error_model="numpy")
def reach(span, point, box, move, extra):
    """Longest steps along a direction plus each share of a correction: of columns, of multipliers. (share, 2)"""
    longest = np.full((WEIGHTS.shape[0], 2), MOST)
    zl, zu = point.zl, point.zu
    for i in range(span[0], span[1]):
        if box.low[i] == box.high[i]:
            continue
        below, above = box.low[i] - point.v[i], box.high[i] - point.v[i]
        for k in range(WEIGHTS.shape[0]):
            share = WEIGHTS[k]
            step = move.v[i] + share * extra.v[i]
            # Division is slow and rarely needed: only for what stops a step sooner than all before.
            if step * longest[k, 0] < below:
                longest[k, 0] = below / step
            elif step * longest[k, 0] > above:
                longest[k, 0] = above / step
            change = move.zl[i] + share * extra.zl[i]
            if zl[i] + change * longest[k, 1] < 0.0:
                longest[k, 1] = -zl[i] / change
            change = move.zu[i] + share * extra.zu[i]
            if zu[i] + change * longest[k, 1] < 0.0:
                longest[k, 1] = -zu[i] / change
    return longest


@njit(cache=True, nogil=True, error_model="numpy")
def reach_plain(span, point, box, move):
    """Longest steps along a direction: of columns, of multipliers. (2,)"""
    primal, dual = MOST, MOST
    for i in range(span[0], span[1]):
        if box.low[i] == box.high[i]:
            continue
        below, above = box.low[i] - point.v[i], box.high[i] - point.v[i]
        if move.v[i] * primal < below:
            primal = below / move.v[i]
        elif move.v[i] * primal > above:
            primal = above / move.v[i]
        if point.zl[i] + move.zl[i] * dual < 0.0:
            dual = -point.zl[i] / move.zl[i]
        if point.zu[i] + move.zu[i] * dual < 0.0:
            dual = -point.zu[i] / move.zu[i]
    return np.array([primal, dual])


@njit(cache=True, nogil=True, error_model="numpy")
def foresee(span, point, box, move, lengths):
    """Sum the products after a step."""
    primal, dual = lengths
    total = 0.0
    for i in range(span[0], span[1]):
        if box.low[i] == box.high[i]:
            continue
        if box.low[i] > -np.inf:
            total += (point.v[i] + primal * move.v[i] - box.low[i]) * (point.zl[i] + dual * move.zl[i])
        if box.high[i] < np.inf:
            total += (box.high[i] - point.v[i] - primal * move.v[i]) * (point.zu[i] + dual * move.zu[i])
    return total


@njit(cache=True, nogil=True, error_model="numpy")
def add_share(span, shares, move, extra):
    """Add shares of a correction to a direction, of columns and of multipliers."""
    for i in range(span[0], span[1]):
        move.v[i] += shares[0] * extra.v[i]
        move.zl[i] += shares[1] * extra.zl[i]
        move.zu[i] += shares[1] * extra.zu[i]


@njit(cache=True, nogil=True, error_model="numpy")
def advance(span, point, box, move, lengths):
    """Take a step; rounding may not carry anything onto its bound."""
    primal, dual = lengths
    v, low, high = point.v, box.low, box.high
    for i in range(span[0], span[1]):
        if low[i] == high[i]:
            continue
        old = v[i]
        v[i] += primal * move.v[i]
        if low[i] > -np.inf:
            if v[i] <= low[i]:
                v[i] = low[i] + 0.5 * (old - low[i])
            point.zl[i] += dual * move.zl[i]
        if high[i] < np.inf:
            if v[i] >= high[i]:
                v[i] = high[i] - 0.5 * (high[i] - old)
            point.zu[i] += dual * move.zu[i]


@njit(cache=True, nogil=True, error_model="numpy")
def place_inside(span, near, box, reduced, room, point):
    """Begin: a point some room inside its bounds, multipliers with the sign of the reduced cost and as much room."""
    for i in range(span[0], span[1]):
        low, high = box.low[i], box.high[i]
        point.zl[i], point.zu[i] = 0.0, 0.0
        if low == high:
            point.v[i] = low
            continue
        space = room
        if low > -np.inf and high < np.inf:
            space = min(room, 0.25 * (high - low))
        place = near[i]
        if low > -np.inf:
            place = max(place, low + space)
            point.zl[i] = max(reduced[i], 0.0) + room
        if high < np.inf:
            place = min(place, high - space)
            point.zu[i] = max(-reduced[i], 0.0) + room
        point.v[i] = place
