"""Plain merit order: where one row ties the columns of a block, filling by unit cost is the optimum."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"

import numpy as np

from solvers.hourly.inverse import inner
from solvers.hourly.simplex import FAILED, INFEASIBLE, OPTIMAL

_TOLERANCE = 1e-9


@inner
def _cheapest(limits, room, count):
    """Put every column where it costs least by itself; says whether that is finite, and what the row holds then."""
    for j in range(count):
        low, high, cost = limits.lower[j], limits.upper[j], limits.cost[j]
        if cost > 0.0 or (cost == 0.0 and low > -np.inf):
            room.x[j] = low
        elif cost < 0.0 or high < np.inf:
            room.x[j] = high
        else:
            room.x[j] = 0.0
        if not np.isfinite(room.x[j]):
            return False
    return True


@inner
def _next(p, limits, room, count, sign):
    """Find the column that moves the row the wanted way at the least cost a unit, and how far it can."""
    found, price, reach = -1, np.inf, 0.0
    for j in range(count):
        for e in range(p.begin[j], p.end[j]):
            pull = sign * p.value[e]
            if pull == 0.0:
                continue
            room_left = limits.upper[j] - room.x[j] if pull > 0.0 else room.x[j] - limits.lower[j]
            cost = limits.cost[j] if pull > 0.0 else -limits.cost[j]
            # Most columns are dearer or used up, which is seen without a division.
            if room_left > 0.0 and cost < price * abs(pull) and cost / abs(pull) < price:
                found, price, reach = j, cost / abs(pull), room_left * abs(pull)
    return found, price, reach


@inner
def fill(p, limits, room):
    """Meet a block's only row by merit order; arguments and answer as in ``simplex.optimise`` without a basis.

    FAILED where only the row limits a column that earns; that is for the simplex method.
    """
    count = p.begin.shape[0]
    if not _cheapest(limits, room, count):
        return FAILED
    held = 0.0
    for j in range(count):
        for e in range(p.begin[j], p.end[j]):
            held += p.value[e] * room.x[j]
    low, high = -limits.upper[count], -limits.lower[count]
    room.y[0] = 0.0
    target = low if held < low else high if held > high else held
    sign = 1.0 if target > held else -1.0
    missing = abs(target - held)
    while missing > 0.0:
        j, price, reach = _next(p, limits, room, count, sign)
        if j < 0:
            if missing > _TOLERANCE * (1.0 + abs(target)):
                return INFEASIBLE
            break
        moved = min(missing, reach)
        pull = 0.0
        for e in range(p.begin[j], p.end[j]):
            pull += sign * p.value[e]
        if moved == reach:
            room.x[j] = limits.upper[j] if pull > 0.0 else limits.lower[j]
        else:
            room.x[j] += moved / pull
        missing -= moved
        room.y[0] = sign * price
    return OPTIMAL
