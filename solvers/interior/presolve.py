"""What leaves before the interior point method starts: rows that are bounds, rows that say nothing, thin places.

An interior point needs an interior. ``x <= 0 * y`` has none, nor has a sum of flows that must be zero; both become
fixed columns here. Nothing is cut off: the smaller program has the same optima, up to rounding.
"""

import numpy as np
from numpy.typing import NDArray

from solvers.interior.grid import Grid, Link, Slot
from solvers.interior.recover import Bound, Forcing, Presolved

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

PASSES = 6
ROUNDING = 1e-10
"""Relative difference that counts as none."""


class NoPlanError(ValueError):
    """No point keeps the bounds and rows; seen before anything was solved."""


def presolve(grid: Grid) -> Presolved:
    """Tighten and thin out a grid in place.

    Parameters
    ----------
    grid : Grid
        Bounds and rows of it are changed, coefficients are not.

    Returns
    -------
    presolved : Presolved
        The way back for the prices.

    Raises
    ------
    NoPlanError
        When a row cannot be kept within the bounds.
    """
    done = Presolved(grid, grid.cost)
    has_jump = np.zeros_like(grid.has_row)
    for jump in grid.jumps:
        has_jump[jump.step, jump.row] = True
    for _ in range(PASSES):
        before = len(done.events)
        for row in range(grid.row_lower.shape[1]):
            _thin_row(done, row, grid.has_row[:, row] & ~has_jump[:, row])
        if len(done.events) == before:
            break
    _close(grid.lower, grid.upper)
    _close(grid.once_lower, grid.once_upper)
    grid.row_lower[~grid.has_row], grid.row_upper[~grid.has_row] = -np.inf, np.inf
    _thin_totals(grid)
    return done


def bounds_of(grid: Grid, part: Link | Slot) -> tuple[Floats, Floats]:
    """Give the bounds of the column that each row of a part looks at. (step,) (step,)"""
    if isinstance(part, Slot):
        return grid.once_lower[part.index], grid.once_upper[part.index]
    lower, upper = grid.lower[:, part.column], grid.upper[:, part.column]
    if part.lag:
        lower, upper = np.r_[0.0, lower[:-1]], np.r_[0.0, upper[:-1]]
    return lower, upper


def _thin_row(done: Presolved, row: int, has_row: Flags) -> None:
    """Look at one block of rows."""
    grid = done.grid
    if not has_row.any():
        return
    least = np.zeros(grid.steps)
    most, fixed, size = least.copy(), least.copy(), least.copy()
    live = np.zeros(grid.steps, np.int64)
    for part in grid.by_row[row]:
        low, high = _range(grid, part)
        is_live = low != high
        least += low
        most += high
        fixed += np.where(is_live, 0.0, low)
        size = np.maximum(size, np.where(is_live, 0.0, np.abs(low)))
        live += is_live
    lower, upper = grid.row_lower[:, row], grid.row_upper[:, row]
    room = ROUNDING * (1.0 + np.maximum(size, np.maximum(_finite(lower), _finite(upper))))
    if np.any(has_row & ((least > upper + 10.0 * room) | (most < lower - 10.0 * room))):
        raise NoPlanError
    single = has_row & (live == 1)
    used = np.zeros(grid.steps, bool)
    if single.any():
        for part in list(grid.by_row[row]):
            used[_take_bound(done, part, single, lower - fixed, upper - fixed)] = True
    at_least = has_row & (live > 1) & (least >= upper - room)
    at_most = has_row & (live > 1) & (most <= lower + room) & ~at_least
    if at_least.any() or at_most.any():
        _force(done, row, at_least, at_most)
    idle = has_row & (least >= lower) & (most <= upper)
    # A row whose only free column an earlier part has just fixed stays: what it now says is checked in the next pass.
    grid.has_row[used | (has_row & (live == 0)) | at_least | at_most | idle, row] = False


def _range(grid: Grid, part: Link | Slot) -> tuple[Floats, Floats]:
    """Give the least and largest value of a part; equal where its column is fixed or not looked at. (step,) (step,)"""
    low, high = bounds_of(grid, part)
    is_used = part.value != 0.0
    with np.errstate(invalid="ignore"):
        one, other = part.value * low, part.value * high
    one, other = np.where(is_used, one, 0.0), np.where(is_used, other, 0.0)
    return np.minimum(one, other), np.maximum(one, other)


def _finite(values: Floats) -> Floats:
    return np.where(np.isfinite(values), np.abs(values), 0.0)


def _take_bound(done: Presolved, part: Link | Slot, single: Flags, lower: Floats, upper: Floats) -> Ints:
    """Turn rows whose one free column is that of a part into bounds of it; tells which steps' rows these are."""
    grid = done.grid
    low, high = bounds_of(grid, part)
    steps = np.flatnonzero(single & (part.value != 0.0) & (low != high))
    if not len(steps):
        return steps
    value = part.value[steps]
    one, other = lower[steps] / value, upper[steps] / value
    least, most = np.where(value > 0.0, one, other), np.where(value > 0.0, other, one)
    if isinstance(part, Slot):
        event = _bound_once(grid, part, steps, least, most)
    else:
        at = (steps - part.lag, part.column)
        raises, lowers = least > grid.lower[at], most < grid.upper[at]
        grid.lower[at] = np.maximum(grid.lower[at], least)
        grid.upper[at] = np.minimum(grid.upper[at], most)
        _meet(grid.lower, grid.upper, at)
        event = Bound(part, steps, value, raises, lowers)
    if event.from_lower.any() or event.from_upper.any():
        done.events.append(event)
    return steps


def _bound_once(grid: Grid, part: Slot, steps: Ints, least: Floats, most: Floats) -> Bound:
    """Tighten columns that exist once; the step that is strictest gives the bound."""
    index = part.index[steps]
    raises, lowers = np.zeros(len(steps), bool), np.zeros(len(steps), bool)
    for column in np.unique(index):
        own = np.flatnonzero(index == column)
        top, low = own[np.argmax(least[own])], own[np.argmin(most[own])]
        raises[top], lowers[low] = least[top] > grid.once_lower[column], most[low] < grid.once_upper[column]
        grid.once_lower[column] = max(grid.once_lower[column], least[top])
        grid.once_upper[column] = min(grid.once_upper[column], most[low])
    _meet(grid.once_lower, grid.once_upper, (np.unique(index),))
    return Bound(part, steps, part.value[steps], raises, lowers)


def _meet(lower: Floats, upper: Floats, at: tuple[NDArray[np.int64] | int, ...]) -> None:
    """Let bounds that cross by rounding be equal; more than that leaves no plan."""
    low, high = lower[at], upper[at]
    crossed = low > high
    if not np.any(crossed):
        return
    if np.any(low - high > 1e-8 * (1.0 + np.abs(low) + np.abs(high))):
        raise NoPlanError
    middle = np.where(crossed, 0.5 * (low + high), 0.0)
    lower[at], upper[at] = np.where(crossed, middle, low), np.where(crossed, middle, high)


def _force(done: Presolved, row: int, at_least: Flags, at_most: Flags) -> None:
    """Fix all columns of rows at the one point that keeps them."""
    grid = done.grid
    steps = np.flatnonzero(at_least | at_most)
    event = Forcing(row, steps, at_least[steps], [])
    for part in grid.by_row[row]:
        low, high = (bound[steps] for bound in bounds_of(grid, part))
        value = part.value[steps]
        held = np.where((value > 0.0) == at_least[steps], low, high)
        used = np.flatnonzero((value != 0.0) & (low != high))
        event.held.append((part, used))
        if isinstance(part, Slot):
            grid.once_lower[part.index[steps[used]]] = held[used]
            grid.once_upper[part.index[steps[used]]] = held[used]
        else:
            at = (steps[used] - part.lag, part.column)
            grid.lower[at] = grid.upper[at] = held[used]
    done.events.append(event)


def _close(lower: Floats, upper: Floats) -> None:
    """Fix columns whose bounds differ by no more than rounding."""
    with np.errstate(invalid="ignore"):
        thin = upper - lower <= ROUNDING * (1.0 + np.maximum(np.abs(lower), np.abs(upper)))
    thin &= np.isfinite(lower) & np.isfinite(upper) & (lower != upper)
    middle = 0.5 * (lower[thin] + upper[thin])
    lower[thin], upper[thin] = middle, middle


def _thin_totals(grid: Grid) -> None:
    """Leave out rows that exist once and cannot be broken."""
    least, most = _matrix_range(grid.totals_once, grid.once_lower, grid.once_upper)
    for total in grid.totals:
        span = slice(total.first, total.first + len(total.value))
        low, high = grid.lower[span, total.column], grid.upper[span, total.column]
        with np.errstate(invalid="ignore"):
            one, other = total.value * low, total.value * high
        one, other = np.where(total.value != 0.0, one, 0.0), np.where(total.value != 0.0, other, 0.0)
        least[total.row] += np.minimum(one, other).sum()
        most[total.row] += np.maximum(one, other).sum()
    room = 1e-8 * (1.0 + np.maximum(_finite(grid.total_lower), _finite(grid.total_upper)))
    if np.any((least > grid.total_upper + room) | (most < grid.total_lower - room)):
        raise NoPlanError
    grid.has_total &= ~((least >= grid.total_lower) & (most <= grid.total_upper))


def _matrix_range(matrix: Floats, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    least, most = np.zeros(len(matrix)), np.zeros(len(matrix))
    for row, column in zip(*np.nonzero(matrix), strict=True):
        one, other = matrix[row, column] * lower[column], matrix[row, column] * upper[column]
        least[row] += min(one, other)
        most[row] += max(one, other)
    return least, most
