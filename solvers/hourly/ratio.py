"""The ratio test of the dual simplex: which variable enters, which are passed on the way; sources in ``simplex``."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"

import numpy as np

from solvers.hourly.inverse import AT_LOWER, AT_UPPER, AT_ZERO, inner

_HARRIS = 1e-11
_SMALL = 1e-9


@inner
def _helps(place, pull):
    """Whether a variable can move the way that mends the row."""
    if place == AT_LOWER:
        return pull < -_SMALL
    if place == AT_UPPER:
        return pull > _SMALL
    return place == AT_ZERO and abs(pull) > _SMALL


@inner
def _able(basis, room, sign):
    """List the variables that can move the way that mends the row; gives how many."""
    places, alpha, touched, able = basis.place, room.alpha, room.touched, room.able
    count = 0
    for k in range(room.stamp[-1]):
        j = touched[k]
        if _helps(places[j], sign * alpha[j]):
            able[count] = j
            count += 1
    return count


@inner
def _bound(room, count, slack):
    """How far the prices may move until the first reduced cost changes its sign by the slack; -1 or whose it is."""
    reduced, alpha, able = room.d, room.alpha, room.able
    bound, first = np.inf, -1
    for k in range(count):
        # Most breakpoints lie behind the bound found so far, which a product tells sooner than a division.
        allowed, pull = abs(reduced[able[k]]) + slack, abs(alpha[able[k]])
        if allowed < bound * pull:
            bound, first = allowed / pull, k
    return bound, first


@inner
def entering(basis, limits, room, sign, gain, is_bland):
    """Choose what enters: pass breakpoints while that gains. Gives the variable or -1, and how many were passed."""
    reduced, alpha, able, flipped = room.d, room.alpha, room.able, room.flipped
    kept, lower, upper = room.kept, limits.lower, limits.upper
    count, passed = _able(basis, room, sign), 0
    slack = 0.0 if is_bland else _HARRIS
    while True:
        bound, at = _bound(room, count, slack)
        if at < 0:
            return -1, passed
        # The first itself may miss its own bound by rounding, where costs are large beside the slack.
        chosen = able[at]
        widest = abs(alpha[chosen])
        for k in range(count):
            j = able[k]
            pull = abs(alpha[j])
            if abs(reduced[j]) <= bound * pull:
                if is_bland and j < chosen:
                    chosen, at = j, k
                elif not is_bland and pull > widest:
                    chosen, widest, at = j, pull, k
        gain -= abs(alpha[chosen]) * (upper[chosen] - lower[chosen])
        if is_bland or not gain > 0.0:
            return chosen, passed
        flipped[passed], kept[passed] = chosen, alpha[chosen]
        passed += 1
        count -= 1
        for k in range(at, count):
            able[k] = able[k + 1]
