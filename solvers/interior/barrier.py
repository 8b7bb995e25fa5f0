"""Loops over all columns and slacks at once: distances to bounds, multipliers, step lengths.

Every vector has columns first, then slacks. Held entries, whose bounds are equal, do not take part.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"

import numpy as np
from numba import njit

WEIGHTS = np.array([1.0, 0.75, 0.5, 0.25, 0.1])
"""Shares of a correction that are tried."""
MOST = 1e3
"""Step length that counts as any."""


@njit(cache=True, nogil=True, error_model="numpy")
def weigh(span, v, low, high, zl, zu, rho, free, h):
    """Diagonal of the step equations: multipliers over distances, and a little more."""
    for i in range(span[0], span[1]):
        if low[i] == high[i]:
            h[i] = 0.0
            continue
        # A large column may move further than a small one, but a pivot of nearly nothing would drown its neighbours.
        size = min(1.0 + v[i] * v[i], 100.0)
        h[i] = rho / size
        if low[i] > -np.inf:
            h[i] += zl[i] / (v[i] - low[i])
        elif high[i] == np.inf:
            h[i] = free / size
        if high[i] < np.inf:
            h[i] += zu[i] / (high[i] - v[i])


@njit(cache=True, nogil=True, error_model="numpy")
def measure(span, v, cost, priced, low, high, zl, zu, rd):
    """Write what the dual equations miss; give its largest, both objectives, and the sum, number and least of products."""
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
def aim(span, v, low, high, zl, zu, rd, dv, dzl, dzu, target, cl, cu, g):
    """Right-hand sides for products of a target, with the second-order part of a step known."""
    for i in range(span[0], span[1]):
        if low[i] == high[i]:
            g[i] = 0.0
            continue
        total = -rd[i]
        if low[i] > -np.inf:
            gap = v[i] - low[i]
            cl[i] = target - gap * zl[i] - dv[i] * dzl[i]
            total += cl[i] / gap
        if high[i] < np.inf:
            gap = high[i] - v[i]
            cu[i] = target - gap * zu[i] + dv[i] * dzu[i]
            total -= cu[i] / gap
        g[i] = total


@njit(cache=True, nogil=True, error_model="numpy")
def centre(span, v, low, high, zl, zu, dv, dzl, dzu, steps, box, cl, cu, g):
    """Right-hand sides of a correction: products that a longer step would leave outside a box are brought to it [1]_.

    References
    ----------
    .. [1] J. Gondzio, Multiple centrality corrections in a primal-dual method for linear programming, Comput. Optim.
       Appl. 6, 1996.
    """
    primal, dual = steps
    for i in range(span[0], span[1]):
        total = 0.0
        if low[i] != high[i]:
            if low[i] > -np.inf:
                gap = v[i] - low[i]
                cl[i] = _short_of((gap + primal * dv[i]) * (zl[i] + dual * dzl[i]), box[0], box[1])
                total += cl[i] / gap
            if high[i] < np.inf:
                gap = high[i] - v[i]
                cu[i] = _short_of((gap - primal * dv[i]) * (zu[i] + dual * dzu[i]), box[0], box[1])
                total -= cu[i] / gap
        g[i] = total


@njit(cache=True, nogil=True, error_model="numpy")
def _short_of(product, least, most):
    if product < least:
        return least - product
    if product > most:
        return max(most - product, -most)
    return 0.0


@njit(cache=True, nogil=True, error_model="numpy")
def follow(span, v, low, high, zl, zu, dv, cl, cu, dzl, dzu):
    """Steps of the multipliers that belong to a step of the columns."""
    for i in range(span[0], span[1]):
        if low[i] == high[i]:
            continue
        if low[i] > -np.inf:
            dzl[i] = (cl[i] - zl[i] * dv[i]) / (v[i] - low[i])
        if high[i] < np.inf:
            dzu[i] = (cu[i] + zu[i] * dv[i]) / (high[i] - v[i])


@njit(cache=True, nogil=True, error_model="numpy")
def reach(span, v, low, high, zl, zu, dv, dzl, dzu, ev, ezl, ezu):
    """Longest steps along a direction plus each share of a correction: of columns, of multipliers. (share, 2)"""
    longest = np.full((WEIGHTS.shape[0], 2), MOST)
    for i in range(span[0], span[1]):
        if low[i] == high[i]:
            continue
        below, above = low[i] - v[i], high[i] - v[i]
        for k in range(WEIGHTS.shape[0]):
            share = WEIGHTS[k]
            step = dv[i] + share * ev[i]
            # Division is slow and rarely needed: only what stops a step sooner than all before.
            if step * longest[k, 0] < below:
                longest[k, 0] = below / step
            elif step * longest[k, 0] > above:
                longest[k, 0] = above / step
            change = dzl[i] + share * ezl[i]
            if zl[i] + change * longest[k, 1] < 0.0:
                longest[k, 1] = -zl[i] / change
            change = dzu[i] + share * ezu[i]
            if zu[i] + change * longest[k, 1] < 0.0:
                longest[k, 1] = -zu[i] / change
    return longest


@njit(cache=True, nogil=True, error_model="numpy")
def reach_plain(span, v, low, high, zl, zu, dv, dzl, dzu):
    """Longest steps along a direction: of columns, of multipliers. (2,)"""
    primal, dual = MOST, MOST
    for i in range(span[0], span[1]):
        if low[i] == high[i]:
            continue
        if v[i] + dv[i] * primal < low[i]:
            primal = (low[i] - v[i]) / dv[i]
        elif v[i] + dv[i] * primal > high[i]:
            primal = (high[i] - v[i]) / dv[i]
        if zl[i] + dzl[i] * dual < 0.0:
            dual = -zl[i] / dzl[i]
        if zu[i] + dzu[i] * dual < 0.0:
            dual = -zu[i] / dzu[i]
    return np.array([primal, dual])


@njit(cache=True, nogil=True, error_model="numpy")
def foresee(span, v, low, high, zl, zu, dv, dzl, dzu, primal, dual):
    """Sum the products after a step."""
    total = 0.0
    for i in range(span[0], span[1]):
        if low[i] == high[i]:
            continue
        if low[i] > -np.inf:
            total += (v[i] + primal * dv[i] - low[i]) * (zl[i] + dual * dzl[i])
        if high[i] < np.inf:
            total += (high[i] - v[i] - primal * dv[i]) * (zu[i] + dual * dzu[i])
    return total


@njit(cache=True, nogil=True, error_model="numpy")
def add_share(span, primal, dual, dv, dzl, dzu, ev, ezl, ezu):
    """Add shares of a correction to a direction."""
    for i in range(span[0], span[1]):
        dv[i] += primal * ev[i]
        dzl[i] += dual * ezl[i]
        dzu[i] += dual * ezu[i]


@njit(cache=True, nogil=True, error_model="numpy")
def advance(span, v, low, high, zl, zu, dv, dzl, dzu, primal, dual):
    """Take a step; rounding may not carry anything onto its bound."""
    for i in range(span[0], span[1]):
        if low[i] == high[i]:
            continue
        old = v[i]
        v[i] += primal * dv[i]
        if low[i] > -np.inf:
            if v[i] <= low[i]:
                v[i] = low[i] + 0.5 * (old - low[i])
            zl[i] += dual * dzl[i]
        if high[i] < np.inf:
            if v[i] >= high[i]:
                v[i] = high[i] - 0.5 * (high[i] - old)
            zu[i] += dual * dzu[i]


@njit(cache=True, nogil=True, error_model="numpy")
def place_inside(span, v, low, high, reduced, room, v_out, zl, zu):
    """Begin: a point some room inside its bounds, multipliers with the sign of the reduced cost and as much room."""
    for i in range(span[0], span[1]):
        zl[i], zu[i] = 0.0, 0.0
        if low[i] == high[i]:
            v_out[i] = low[i]
            continue
        has_low, has_high = low[i] > -np.inf, high[i] < np.inf
        space = room
        if has_low and has_high:
            space = min(room, 0.25 * (high[i] - low[i]))
        point = v[i]
        if has_low:
            point = max(point, low[i] + space)
            zl[i] = max(reduced[i], 0.0) + room
        if has_high:
            point = min(point, high[i] - space)
            zu[i] = max(-reduced[i], 0.0) + room
        v_out[i] = point
