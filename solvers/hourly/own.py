r"""Columns that stand in one row only: they become that row's own variable, so that a block has that many fewer.

A row :math:`a x + \sum_j a_j x_j = b` with :math:`l \le x \le u` asks the same of the others as
:math:`b - a u \le \sum_j a_j x_j \le b - a l` (:math:`a > 0`); the cost of :math:`x` is paid by what the row is off.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.hourly.pattern import Sheet

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Entries = tuple[Ints, Ints, Ints]


@dataclass(frozen=True)
class Taken:
    """Columns taken out of a sheet, and how their values come back: own variable times factor, plus base."""

    row: Ints
    """(own,)"""
    column: Ints
    """(own,)"""
    row_cost: Floats
    """Cost of a unit of each row's own variable. (step, row)"""
    base: Floats
    """(step, own)"""
    factor: Floats
    """(step, own)"""
    low: Floats
    """Value where the own variable is at its lower bound. (step, own)"""
    high: Floats
    """Value where it is at its upper bound. (step, own)"""


def own_of(sheet: Sheet, entries: Entries, of_row: Ints, may: Flags) -> Ints:
    """Find columns that can become their row's own variable, one for each row at most.

    Parameters
    ----------
    sheet : Sheet
    entries : tuple of ndarray (entry,)
        Place in the sheet, row and column of each entry that is walked.
    of_row : ndarray (row,)
        Part of the hour a row belongs to. Parts of one row are left as they are: they go by merit order.
    may : ndarray (column,)
        Which columns may be taken.

    Returns
    -------
    owned : ndarray (own,)
        Their entries, by number among those given.
    """
    places, rows, columns = entries
    times = np.bincount(columns, minlength=len(may))
    heights = np.bincount(of_row[np.unique(rows)], minlength=int(of_row.max(initial=0)) + 1)
    found: dict[int, int] = {}
    for number, (place, row, column) in enumerate(zip(places, rows, columns, strict=True)):
        if times[column] != 1 or not may[column] or row in found or heights[of_row[row]] < 2:
            continue
        is_equal = np.isfinite(sheet.row_lower[:, row]) & (sheet.row_lower[:, row] == sheet.row_upper[:, row])
        if is_equal.all() and np.all(sheet.entry_value[place]):
            found[int(row)] = number
    return np.array(sorted(found.values()), np.int64)


def taken_in(sheet: Sheet, entries: Ints, rows: Ints, columns: Ints) -> Taken:
    """Take columns into their rows; the bounds of the rows are changed in place.

    Parameters
    ----------
    sheet : Sheet
    entries, rows, columns : ndarray (own,)
        As found by :func:`own_of`.

    Returns
    -------
    taken : Taken
    """
    steps = len(sheet.cost)
    row_cost = np.zeros_like(sheet.row_lower)
    base, factor, low, high = (np.empty((steps, len(rows))) for _ in range(4))
    for k, (entry, row, column) in enumerate(zip(entries, rows, columns, strict=True)):
        value, known = sheet.entry_value[entry], sheet.row_lower[:, row].copy()
        lower, upper = sheet.lower[:, column], sheet.upper[:, column]
        base[:, k], factor[:, k] = known / value, 1.0 / value
        low[:, k] = np.where(value > 0.0, lower, upper)
        high[:, k] = np.where(value > 0.0, upper, lower)
        row_cost[:, row] = sheet.cost[:, column] / value
        sheet.row_upper[:, row] = known - value * low[:, k]
        sheet.row_lower[:, row] = known - value * high[:, k]
    return Taken(rows, columns, row_cost, base, factor, low, high)
