"""What an answer is worth, in arithmetic of our own: a bound on the optimum, and how well the rows hold."""

from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from solvers.implied import implied_box
from solvers.linear import LinearProgram

Floats = NDArray[np.float64]

ROUNDING = 1e-6
"""Reduced cost, against the terms it is made of, up to which it counts as zero where a column has no limit."""
SUPPOSED = 10.0
"""Times its size in the plan that a column without any limit is taken to reach at most."""
TURNED = 1e-2
"""Share by which all multipliers may change together: as much is lost of the bound."""
FAR = 10.0
"""Times the largest number of a program, up to which a column without limit is supposed to go."""
CLEAR = 1e-7
"""Share of its terms that a contradiction has to come to."""
DEARER = 1e-3
"""Share by which a plan may cost more than the one given and still be of interest: no plan keeps rows to the last
digit."""


@dataclass(frozen=True)
class Bound:
    """A bound on the optimum from below."""

    value: float
    """[money]"""
    supposed: int = 0
    """Columns without limit, given or implied, that are taken at ten times their size in the plan. Where there are
    any the bound leans on the solver; without, it is proven."""
    reduced: Floats = field(default_factory=lambda: np.zeros(0), compare=False, repr=False)
    """Reduced costs that it counts. (column,)"""


def lower_bound(program: LinearProgram, columns: Floats, row_duals: Floats) -> Bound:
    """Bound the optimum from below with the row duals, in arithmetic of our own.

    For any multipliers ``y`` of the right sign the optimum is at least the sum of row bounds times ``y`` plus
    column bounds times reduced costs (weak duality). Where a reduced cost points at a limit that a column does not
    have, and is more than rounding,

    1. all multipliers are made smaller, or larger, by one factor near one that turns such costs round, if there is one;
    2. a limit is taken that follows from the rows and the plan's cost, if there is one;
    3. the column is taken at ten times its size in the plan, and counted.

    Parameters
    ----------
    program : LinearProgram
        Continuous.
    columns : ndarray (column,)
        A plan, for the size of open columns.
    row_duals : ndarray (row,)
        Multipliers.

    Returns
    -------
    bound : Bound
    """
    duals = _Duals(program, columns, row_duals)
    plain = duals.bound(program.lower, program.upper)
    if duals.keeps(program.lower, program.upper):
        return plain
    cost = float(program.cost @ columns) + program.offset
    box = implied_box(program, cost + DEARER * (1.0 + abs(cost)))
    return min(plain, duals.bound(*box), key=lambda bound: (bound.supposed, -bound.value))


class _Duals:
    """Multipliers of the right sign, and what they come to."""

    def __init__(self, program: LinearProgram, columns: Floats, row_duals: Floats) -> None:
        self.program, self.sizes = program, 1.0 + np.abs(columns)
        y = row_duals.copy()
        y[(y > 0.0) & ~np.isfinite(program.row_lower)] = 0.0
        y[(y < 0.0) & ~np.isfinite(program.row_upper)] = 0.0
        ends = np.where(y > 0.0, program.row_lower, program.row_upper)
        self.rows = float(np.sum(y * np.where(y != 0.0, ends, 0.0)))
        self.priced = program.column_values(y)
        self.rounding = ROUNDING * (1.0 + np.abs(program.cost) + np.abs(self.priced))

    def keeps(self, lower: Floats, upper: Floats) -> bool:
        """Tell whether no reduced cost points at a limit that is missing, but for rounding."""
        reduced = self.program.cost - self.priced
        ends = np.where(reduced > 0.0, lower, upper)
        return not np.any(~np.isfinite(ends) & (np.abs(reduced) > self.rounding))

    def bound(self, lower: Floats, upper: Floats) -> Bound:
        """Bound the optimum over a box."""
        factor = 1.0 if self.keeps(lower, upper) else self._factor(lower, upper)
        reduced = self.program.cost - factor * self.priced
        is_rounding = np.abs(reduced) <= self.rounding
        given = np.where(reduced > 0.0, self.program.lower, self.program.upper)
        ends = np.where(reduced > 0.0, lower, upper)
        ends = np.where(is_rounding & ~np.isfinite(given), 0.0, ends)
        is_open = ~np.isfinite(ends)
        ends = np.where(is_open, np.sign(-reduced) * SUPPOSED * self.sizes, ends)
        value = factor * self.rows + float(np.sum(reduced * ends)) + self.program.offset
        return Bound(value, int(is_open.sum()), reduced)

    def _factor(self, lower: Floats, upper: Floats) -> float:
        """Factor on all multipliers, near one, with which no reduced cost points at a limit that is missing.

        With ``y / (1 + m)`` a reduced cost ``r`` becomes ``(r + m c) / (1 + m)``: a cost ``c`` above zero turns it up.
        """
        sign = np.concatenate([np.ones(len(lower)), -np.ones(len(lower))])
        is_open = np.concatenate([~np.isfinite(upper), ~np.isfinite(lower)])
        cost = (sign * np.tile(self.program.cost, 2))[is_open]
        reduced, spare = (sign * np.tile(self.program.cost - self.priced, 2))[is_open], 0.5 * np.tile(self.rounding, 2)
        # What is no more than rounding may stay so, the rest has to come to zero.
        short = -reduced - np.where(reduced < -spare[is_open], 0.0, spare[is_open])
        least = float(np.max(short[cost > 0.0] / cost[cost > 0.0], initial=-np.inf))
        most = float(np.min(short[cost < 0.0] / cost[cost < 0.0], initial=np.inf))
        share = min(max(0.0, least), most)
        return 1.0 / (1.0 + share) if least <= most and abs(share) <= TURNED else 1.0


def contradicts(program: LinearProgram, ray: Floats) -> bool:
    """Tell whether row multipliers prove that no plan keeps all rows and bounds (Farkas), in arithmetic of our own.

    Within the rows a plan makes their sum at least a number, within the columns' limits at most another one; where that
    is less there is none. A column without limit, given or implied, whose multiplier is not quite zero is taken to
    reach far beyond what the largest number of the program asks of it, by its smallest coefficient.

    Parameters
    ----------
    program : LinearProgram
        Integers count as if they could be any number.
    ray : ndarray (row,)
        Multipliers, of any size.
    """
    size = float(np.abs(ray).max(initial=0.0))
    if not 0.0 < size < np.inf:
        return False
    free = replace(program, cost=np.zeros(program.column_count), offset=0.0)
    duals = _Duals(free, free.cost, ray / size)
    pull, (lower, upper) = -duals.priced, implied_box(free, np.inf)
    ends = np.where(pull > 0.0, lower, upper)
    is_open = ~np.isfinite(ends)
    terms = pull * np.where(is_open, 0.0, ends)
    far = FAR * max(_largest(part) for part in (program.row_lower, program.row_upper, program.lower, program.upper))
    least = np.ones(program.column_count)
    np.minimum.at(least, program.indices, np.abs(program.values))
    missed = far * float(np.sum(np.abs(pull[is_open]) / least[is_open]))
    missed += CLEAR * (abs(duals.rows) + float(np.abs(terms).sum()))
    return duals.rows + float(terms.sum()) > missed


def _largest(values: Floats) -> float:
    """Size of the largest number that is no missing limit, and at least one."""
    return max(1.0, float(np.abs(values[np.isfinite(values)]).max(initial=0.0)))


def row_violation(program: LinearProgram, starts: NDArray[np.int64], columns: Floats) -> float:
    """Find the largest violation of a row, relative to the largest term among the rows of its block, or to one.

    Parameters
    ----------
    program : LinearProgram
    starts : ndarray (block + 1,)
        First row of each block of like rows, and the end.
    columns : ndarray (column,)
        A plan.
    """
    if not program.row_count:
        return 0.0
    terms = np.abs(program.values * columns[program.indices])
    values = program.row_values(columns)
    missed = np.maximum(np.maximum(program.row_lower - values, values - program.row_upper), 0.0)
    worst = 0.0
    for first, last in pairwise(starts.tolist()):
        if first < last:
            own = terms[program.starts[first] : program.starts[last]]
            worst = max(worst, float(missed[first:last].max()) / max(1.0, float(own.max(initial=0.0))))
    return worst
