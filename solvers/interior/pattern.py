"""What meets what within and between hours: worked out once, used at every hour of every factorisation."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.interior.tables import Layout, Tables

Ints = NDArray[Any]


class Pairs(NamedTuple):
    """Products that make up the step equations, and the entries of their factor.

    Each line of a table of products names two kept rows, the column they share, and their two numbers.
    """

    now: Ints
    """Of rows of one hour in a column of that hour. (product, 5)"""
    past: Ints
    """Of rows of one hour in a column of the hour before. (product, 5)"""
    cross: Ints
    """Of a row that looks back, counted among those, with a row of the hour before. (product, 5)"""
    reached: Ints
    """Rows of an hour that rows of the next hour meet, directly or through others. (reached,)"""
    lower_start: Ints
    """Entries of each row of the factor below its diagonal: span in the next. (kept + 1,)"""
    lower: Ints
    widest: int
    """Most entries that the columns of an hour have in the border."""


def pairs_of(layout: Layout) -> Pairs:
    """Work out the pattern.

    Parameters
    ----------
    layout : Layout

    Returns
    -------
    pairs : Pairs
    """
    tables = layout.tables
    kept = layout.height - layout.eliminated
    quick = kept - tables.looking
    now = _within(tables.now_of_start, tables.now_of_row, tables.now_of)
    past = _within(tables.past_of_start, tables.past_of_row, tables.past_of)
    cross = _across(tables, quick)
    meets = np.eye(kept, dtype=bool)
    meets[now[:, 0], now[:, 1]] = True
    meets[quick:, quick:] = True
    _fill(meets)
    linked = np.zeros((kept, tables.looking), bool)
    linked[cross[:, 1], cross[:, 0]] = True
    for row in range(kept):
        linked[row] |= linked[:row][meets[row, :row]].any(axis=0)
    below = [np.flatnonzero(meets[row, :row]) for row in range(kept)]
    starts = np.cumsum([0, *map(len, below)]).astype(np.int64)
    lower = np.concatenate([*below, np.zeros(0, np.int64)]).astype(np.int64)
    reached = np.flatnonzero(linked.any(axis=1))
    places: list[Ints] = [part.astype(np.uint32) for part in (now, past, cross, reached, starts, lower)]
    return Pairs._make([*places, _widest(layout)])


def _within(starts: Ints, rows: Ints, places: Ints) -> Ints:
    """Pair the rows that see a column, each pair once with the later row first."""
    found = [
        (max(rows[a], rows[b]), min(rows[a], rows[b]), column, places[a], places[b])
        for column in range(len(starts) - 1)
        for a in range(starts[column], starts[column + 1])
        for b in range(a, starts[column + 1])
    ]
    return np.array(found, np.int64).reshape(-1, 5)


def _across(tables: Tables, quick: int) -> Ints:
    """Pair the rows that look back at a column with the rows of its own hour."""
    found = [
        (tables.past_of_row[a] - quick, tables.now_of_row[b], column, tables.past_of[a], tables.now_of[b])
        for column in range(len(tables.past_of_start) - 1)
        for a in range(tables.past_of_start[column], tables.past_of_start[column + 1])
        for b in range(tables.now_of_start[column], tables.now_of_start[column + 1])
    ]
    return np.array(found, np.int64).reshape(-1, 5)


def _fill(meets: NDArray[np.bool_]) -> None:
    """Add what elimination fills, in the lower triangle."""
    for row in range(len(meets)):
        below = np.flatnonzero(meets[row + 1 :, row]) + row + 1
        for other in below:
            meets[other, below[below <= other]] = True


def _widest(layout: Layout) -> int:
    """Count the most border entries of an hour's columns."""
    tables, steps, height = layout.tables, layout.steps, layout.height
    rows = np.diff(tables.slot_start).reshape(steps, height)[:, : layout.eliminated].sum(axis=1)
    sums = np.diff(tables.sum_start).reshape(steps, -1).sum(axis=1)
    return int((rows + sums).max(initial=0)) + 1
