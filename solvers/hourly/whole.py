"""Whole numbers of an hour: listed ones in the order of their list, the others the way that costs less."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.hourly.inverse import inner
from solvers.hourly.simplex import INFEASIBLE, OPTIMAL, optimise

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_LESS = 1e-9
"""Share of the cost by which one more has to be cheaper."""


class Wholes(NamedTuple):
    """Which of a block's columns are whole numbers, and which of them stand in a list."""

    is_whole: Flags
    """(column,)"""
    listed: Ints
    """(listed,) columns, the first of each list to be raised before the next"""
    list_of: Ints
    """(listed,) number of the list"""
    limit: Ints
    """(listed,) row in which a column is used up"""


@inner
def _worth(limits, room):
    """Cost of the values found."""
    total = 0.0
    for v in range(limits.cost.shape[0]):
        if limits.cost[v] != 0.0:
            total += limits.cost[v] * room.x[v]
    return total


@inner
def _next_broken(limits, room, is_whole):
    """Find the next column that should be whole and is not; those that are whole stay so."""
    for j in range(is_whole.shape[0]):
        if is_whole[j] and limits.lower[j] < limits.upper[j]:
            near = np.round(room.x[j])
            if abs(room.x[j] - near) > 1e-7:
                return j
            limits.lower[j], limits.upper[j] = near, near
    return -1


@inner
def _raise_forced(problem, wholes):
    """Raise the least value of listed columns that cannot be lower, such as units started a short while ago."""
    p, basis, limits, room, far = problem
    lower, upper, pivots = limits.lower, limits.upper, 0
    for k in range(wholes.listed.shape[0]):
        j = wholes.listed[k]
        most = upper[j]
        while lower[j] + 0.5 < most:
            upper[j] = lower[j]
            ending, count = optimise(p, basis, limits, room, far)
            pivots += count
            if ending == OPTIMAL:
                break
            lower[j] += 1.0
        upper[j] = most
    return pivots


@inner
def _try(problem, wholes, k, is_more):
    """Cost with one more of a listed column, or with no more of it and of those after it; infinite where neither
    can be.
    """
    p, basis, limits, room, far = problem
    lower, upper, j = limits.lower, limits.upper, wholes.listed[k]
    if is_more:
        lower[j] += 1.0
    else:
        for q in range(k, wholes.listed.shape[0]):
            if wholes.list_of[q] == wholes.list_of[k]:
                one = wholes.listed[q]
                room.kept_upper[one], upper[one] = upper[one], lower[one]
    ending, pivots = optimise(p, basis, limits, room, far)
    cost = _worth(limits, room) if ending == OPTIMAL else np.inf
    if is_more:
        lower[j] -= 1.0
    else:
        for q in range(k, wholes.listed.shape[0]):
            if wholes.list_of[q] == wholes.list_of[k]:
                upper[wholes.listed[q]] = room.kept_upper[wholes.listed[q]]
    return cost, pivots


@inner
def _are_used_up(problem, wholes, k):
    """Whether those raised so far, of the list of number k, are all at their limit in the values found."""
    p, _, limits, room, _ = problem
    n = p.begin.shape[0]
    for q in range(k + 1):
        if wholes.list_of[q] == wholes.list_of[k] and limits.lower[wholes.listed[q]] > 0.5:
            own = n + wholes.limit[q]
            low, high, value = limits.lower[own], limits.upper[own], room.x[own]
            if min(value - low, high - value) > 1e-7 * (1.0 + abs(value)):
                return False
    return True


@inner
def _in_order(problem, wholes):
    """Settle the listed columns: each list is raised from its first to its last while those raised do not suffice [1]_.

    One more is taken where all before it are at their limit and it makes the hour cheaper, or possible at all.

    References
    ----------
    .. [1] R. R. Shoults, S. K. Chang, S. Helmick, W. M. Grady, A practical approach to unit commitment, economic
       dispatch and savings allocation for multiple-area pool operation with import/export constraints, IEEE
       Transactions on Power Apparatus and Systems 99, 1980: commitment by a priority list.
    """
    limits = problem[2]
    lower, upper = limits.lower, limits.upper
    pivots = _raise_forced(problem, wholes)
    for k in range(wholes.listed.shape[0]):
        j = wholes.listed[k]
        while lower[j] + 0.5 < upper[j]:
            more, count = _try(problem, wholes, k, True)
            none, other = _try(problem, wholes, k, False)
            pivots += count + other
            if none == np.inf:
                pays = more < np.inf
            else:
                pays = more < none - _LESS * (1.0 + abs(none)) and _are_used_up(problem, wholes, k)
            if pays:
                lower[j] += 1.0
                continue
            upper[j] = lower[j]
            if more < np.inf:
                for q in range(k, wholes.listed.shape[0]):
                    if wholes.list_of[q] == wholes.list_of[k]:
                        upper[wholes.listed[q]] = lower[wholes.listed[q]]
    return pivots


@inner
def dive(p, basis, limits, room, wholes, far):
    """Solve, then make whole numbers whole: listed ones by their lists, the others the way that costs less.

    Of two that are not listed the one before the other is settled first. Bounds are changed in place; arguments and
    answer otherwise as in ``simplex.optimise``.
    """
    pivots, j, way = 0, -1, 0
    low, high, cost_high = 0.0, 0.0, np.inf
    if wholes.listed.shape[0] > 0:
        pivots += _in_order((p, basis, limits, room, far), wholes)
    while True:
        ending, count = optimise(p, basis, limits, room, far)
        pivots += count
        if j >= 0 and way == 0:
            cost_high = _worth(limits, room) if ending == OPTIMAL else np.inf
            limits.lower[j], limits.upper[j], way = low, low, 1
            continue
        if j >= 0 and way == 1:
            cost_low = _worth(limits, room) if ending == OPTIMAL else np.inf
            value = high if cost_high <= cost_low else low
            limits.lower[j], limits.upper[j], way = value, value, 2
            if value == high:
                continue
        if ending != OPTIMAL:
            return ending, pivots
        j, way = _next_broken(limits, room, wholes.is_whole), 0
        if j < 0:
            return ending, pivots
        low, high = np.floor(room.x[j]), np.ceil(room.x[j])
        can_fall, can_rise = low >= limits.lower[j] - 1e-7, high <= limits.upper[j] + 1e-7
        if not (can_fall or can_rise):
            return INFEASIBLE, pivots
        # A way that leaves the column's own bounds is none: only the other is tried.
        low, high = low if can_fall else high, high if can_rise else low
        limits.lower[j], limits.upper[j] = high, high
