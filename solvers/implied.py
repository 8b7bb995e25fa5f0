"""Limits that rows set to columns which have none of their own."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.linear import LinearProgram

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PASSES = 6
"""Times the rows are walked at most: each carries a limit one row further."""
ROOM = 1e-9
"""Share of a limit's size by which it is widened, for what is lost to rounding."""


def implied_box(program: LinearProgram, highest_cost: float) -> tuple[Floats, Floats]:
    """Find limits of columns without any, by what the other columns of a row leave it [1]_.

    In a row ``sum of a x <= u`` no term can be larger than ``u`` less the least that all others come to. First the
    rows of the program speak; for what they leave open, one more that says that a plan is no dearer than one known.

    Parameters
    ----------
    program : LinearProgram
    highest_cost : float
        Cost that no plan of interest exceeds. [money]

    Returns
    -------
    lower, upper : ndarray (column,)
        Limits of the program; where it has none, those that follow, infinite where none does.

    References
    ----------
    .. [1] A. L. Brearley, G. Mitra, H. P. Williams, Analysis of mathematical programming problems prior to applying
       the simplex algorithm, Math. Program. 8, 1975.
    """
    rows = _Rows.of(program)
    box = program.lower.copy(), program.upper.copy()
    for _ in range(PASSES):
        if not rows.tighten(*box):
            break
    costs = _Rows.of_cost(program, highest_cost)
    is_known = np.isfinite(box[0]) & np.isfinite(box[1])
    if not is_known.all() and costs.tighten(*box):
        for _ in range(PASSES):
            if not rows.tighten(*box):
                break
    return box


@dataclass(frozen=True)
class _Rows:
    """Rows that speak of columns without a limit, with the entries of these columns listed."""

    row: Ints
    """(entry,)"""
    column: Ints
    """(entry,)"""
    value: Floats
    """(entry,)"""
    lower: Floats
    """(row,)"""
    upper: Floats
    """(row,)"""
    wanted: Ints
    """Entries in columns that lack a limit. (entry in question,)"""

    @classmethod
    def of(cls, program: LinearProgram) -> "_Rows":
        """Keep the rows with a column that lacks a limit; the others tell nothing that is needed."""
        is_open = ~(np.isfinite(program.lower) & np.isfinite(program.upper))
        row = np.repeat(np.arange(program.row_count), np.diff(program.starts))
        speaks = np.zeros(program.row_count, bool)
        speaks[row[is_open[program.indices]]] = True
        number = np.cumsum(speaks) - 1
        kept = np.flatnonzero(speaks[row])
        column = program.indices[kept].astype(np.int64)
        return cls(
            number[row[kept]], column, program.values[kept], program.row_lower[speaks], program.row_upper[speaks],
            np.flatnonzero(is_open[column]),
        )  # fmt: skip

    @classmethod
    def of_cost(cls, program: LinearProgram, highest: float) -> "_Rows":
        """Write the one row of the cost."""
        column = np.flatnonzero(program.cost)
        is_open = ~(np.isfinite(program.lower) & np.isfinite(program.upper))
        return cls(
            np.zeros(len(column), np.int64), column, program.cost[column], np.array([-np.inf]),
            np.array([highest - program.offset]), np.flatnonzero(is_open[column]),
        )  # fmt: skip

    def tighten(self, lower: Floats, upper: Floats) -> bool:
        """Write limits that follow from those known into them where there are none; tell whether any was found."""
        has_low, has_high = np.isfinite(lower), np.isfinite(upper)
        is_up = self.value > 0.0
        least = self.value * np.where(is_up, lower[self.column], upper[self.column])
        most = self.value * np.where(is_up, upper[self.column], lower[self.column])
        # What is left for a term below the upper end of its row, and above the lower one.
        below = self.upper[self.row[self.wanted]] - self._others(least)
        above = self.lower[self.row[self.wanted]] + self._others(-most)
        column, value = self.column[self.wanted], self.value[self.wanted]
        highest, lowest = np.full(len(upper), np.inf), np.full(len(lower), -np.inf)
        np.minimum.at(highest, column, np.where(value > 0.0, below, above) / value)
        np.maximum.at(lowest, column, np.where(value > 0.0, above, below) / value)
        gained = (~has_high & np.isfinite(highest)), (~has_low & np.isfinite(lowest))
        upper[gained[0]] = _widened(highest[gained[0]], 1.0)
        lower[gained[1]] = _widened(lowest[gained[1]], -1.0)
        return bool(gained[0].any() or gained[1].any())

    def _others(self, terms: Floats) -> Floats:
        """Least that the other terms of its row come to, for the entries in question; -inf without a limit."""
        is_finite = np.isfinite(terms)
        count = len(self.lower)
        sums = np.bincount(self.row, np.where(is_finite, terms, 0.0), minlength=count)[self.row[self.wanted]]
        open_ = np.bincount(self.row, ~is_finite, minlength=count)[self.row[self.wanted]]
        own = is_finite[self.wanted]
        others = np.where(own, sums - np.where(own, terms[self.wanted], 0.0), sums)
        return np.where(open_ == np.where(own, 0, 1), others, -np.inf)


def _widened(limits: Floats, sign: float) -> Floats:
    return limits + sign * ROOM * (1.0 + np.abs(limits))
