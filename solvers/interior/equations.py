"""The step equations of the interior point method: factored by stretches of hours, joined at the border."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lu_factor, lu_solve
from scipy.sparse import coo_array
from scipy.sparse.linalg import splu

from solvers.interior.factor import FAR_RAISED, RAISED, factor_stretch
from solvers.interior.pattern import Pairs, pairs_of
from solvers.interior.product import multiply_stretch, price_stretch
from solvers.interior.sweep import expand_stretch, reduce_stretch
from solvers.interior.tables import Layout, Tables
from solvers.interior.team import Team

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

DENSE = 1500
"""Border places up to which the border is factored as a full matrix."""
DELTA = 1e-9
"""Diagonal of equations, in place of zero: the duals move a little less than they should, and are right in the end."""


class Factors(NamedTuple):
    """What a factorisation leaves."""

    columns: Floats
    """Inverse diagonal of the columns, zero for fixed ones. (step, column)"""
    lower: Floats
    """Entries of the factor below the diagonal. (step, entry)"""
    inverse: Floats
    """Inverse of its diagonal. (step, kept)"""
    links: Floats
    """Rows of ``Y`` that are not zero. (step, reached, looking)"""


class Weights(NamedTuple):
    """Diagonals of the hours."""

    columns: Floats
    """Zero for fixed and promoted ones. (step, column)"""
    kept: Floats
    """Of the kept rows: one over that of the slack. (step, kept)"""
    singles: Floats
    """Of the slacks of eliminated rows, zero where there is none. (step, eliminated)"""
    has_slack: Flags
    """(step, row)"""


class System(NamedTuple):
    """All that the loops over hours read, and the factors that they write."""

    tables: Tables
    pairs: Pairs
    factors: Factors
    weights: Weights


class Right(NamedTuple):
    """Right-hand sides: of columns, slacks and rows; of slacks zero where there is none."""

    g: Floats
    gs: Floats
    r: Floats


class Scratch(NamedTuple):
    """What a solve works with."""

    full: Floats
    """Right-hand side of the columns, eliminated rows in it. (step, column)"""
    tau: Floats
    """Duals of kept rows without the border, sign turned. (step, kept)"""
    nu: Floats
    """The same of the border's part, then of all. (step, kept)"""
    bordered: Floats
    """The border's part of the columns. (step, column)"""


class Step(NamedTuple):
    """A solution of the step equations."""

    columns: Floats
    slacks: Floats
    duals: Floats


class StepEquations:
    """``H dx - A' dl = g``,  ``A dx - ds = r``,  ``Hs ds + dl = gs``  for a layout.

    Vectors of columns have all steps in time order, then the columns that exist once; vectors of rows alike.

    Parameters
    ----------
    layout : Layout
    team : Team
    """

    def __init__(self, layout: Layout, team: Team) -> None:
        self.layout, self.team = layout, team
        steps, width, height = layout.steps, layout.width, layout.height
        kept = height - layout.eliminated
        self.hourly_columns, self.hourly_rows = steps * width, steps * height
        self.border = len(layout.border_columns) + len(layout.border_rows)
        self.stretches = list(range(len(layout.cuts) - 1))
        self.spans = [(int(a), int(b)) for a, b in zip(layout.cuts[:-1], layout.cuts[1:], strict=True)]
        self.local = [_inverse(places, self.border) for places in layout.locals]
        self.local_of_all = [_inverse(places, self.border) for places in layout.seen]
        self.is_held = layout.lower == layout.upper
        self.has_slack = layout.has_row & (layout.row_lower < layout.row_upper)
        explicit = layout.border_rows[layout.border_rows < self.hourly_rows]
        self._leaves = self.has_slack.copy()
        self._leaves[explicit] = False
        self._promoted = layout.border_columns[layout.border_columns < self.hourly_columns]
        pairs = pairs_of(layout)
        factors = Factors(
            np.zeros((steps, width)),
            np.zeros((steps, len(pairs.lower))),
            np.zeros((steps, kept)),
            np.zeros((steps, len(pairs.reached), layout.tables.looking)),
        )
        weights = Weights(
            np.zeros((steps, width)), np.zeros((steps, kept)), np.zeros((steps, layout.eliminated)),
            self.has_slack[: self.hourly_rows].reshape(steps, height),
        )  # fmt: skip
        self.system = System(layout.tables, pairs, factors, weights)
        self.scratch = Scratch(*(np.zeros((steps, size)) for size in (width, kept, kept, width)))

    def dearness(self) -> float:
        """Count the products of a factorisation for each one of a solve: of the hours, as the layout has them."""
        tables, pairs, kept = self.layout.tables, self.system.pairs, self.layout.height - self.layout.eliminated
        seen = np.concatenate(self.layout.opened).astype(float)
        entries = len(pairs.lower) + len(pairs.reached) * tables.looking
        within = float((np.diff(pairs.lower_start.astype(float)) ** 2).sum()) / 2.0
        factor = within + entries * seen.mean() + kept * (seen**2).mean() / 2.0
        return float(factor / (2.0 * (entries + tables.now_value.shape[1] + tables.past_value.shape[1])))

    def factor(self, h: Floats, hs: Floats) -> None:
        """Factor for a diagonal of the columns and of the slacks; those of held columns and slacks are not read."""
        layout, out, weights = self.layout, self.layout.eliminated, self.system.weights
        shape = (layout.steps, layout.height)
        self.h = np.where(self.is_held, 0.0, h)
        with np.errstate(divide="ignore"):
            self.d = np.where(self.has_slack, 1.0 / hs, np.where(layout.has_row, DELTA, 1.0))
        weights.kept[:] = self.d[: self.hourly_rows].reshape(shape)[:, out:]
        weights.singles[:] = np.where(self._leaves, hs, 0.0)[: self.hourly_rows].reshape(shape)[:, :out]
        weights.columns[:] = self.h[: self.hourly_columns].reshape(weights.columns.shape)
        weights.columns.ravel()[self._promoted] = 0.0
        totals = self.team.each(self._stretch, self.stretches)
        if not all(np.isfinite(total).all() for total in totals):
            totals = self.team.each(lambda number: self._stretch(number, FAR_RAISED), self.stretches)
        self._factor_border(totals)

    def _stretch(self, number: int, raised: float = RAISED) -> Floats:
        places = len(self.layout.locals[number])
        total = np.zeros((places, places))
        factor_stretch(self.system, self.spans[number], self.local[number], self.layout.opened[number], raised, total)
        return total

    def _factor_border(self, totals: list[Floats]) -> None:
        """Join what the stretches leave with the border's own numbers, and factor that."""
        layout = self.layout
        diagonal = np.r_[self.h[layout.border_columns], -self.d[layout.border_rows]]
        held = np.r_[self.is_held[layout.border_columns], np.zeros(len(layout.border_rows), bool)]
        diagonal[held] = 1.0
        tied = ~held[layout.tie_column]
        rows, columns, value = layout.tie_row[tied], layout.tie_column[tied], layout.tie_value[tied]
        if self.border <= DENSE:
            matrix = np.diag(diagonal)
            np.add.at(matrix, (rows, columns), value)
            np.add.at(matrix, (columns, rows), value)
            for seen, total in zip(layout.locals, totals, strict=True):
                matrix[np.ix_(seen, seen)] += np.triu(total) + np.triu(total, 1).T
            # The pivot of a column or row says how large its numbers are.
            self._even = 1.0 / np.sqrt(np.maximum(np.abs(np.diag(matrix)), 1e-300))
            self._lu = lu_factor(matrix * self._even[:, None] * self._even, check_finite=False) if self.border else None
            return
        parts = [(np.arange(self.border), np.arange(self.border), diagonal), (rows, columns, value)]
        parts.append((columns, rows, value))
        for seen, total in zip(layout.locals, totals, strict=True):
            whole = np.triu(total) + np.triu(total, 1).T
            at = np.nonzero(whole)
            parts.append((seen[at[0]], seen[at[1]], whole[at]))
        r, c, v = (np.concatenate([part[k] for part in parts]) for k in range(3))
        matrix = coo_array((v, (r, c)), shape=(self.border, self.border)).tocsc()
        self._even = 1.0 / np.sqrt(np.maximum(np.abs(matrix.diagonal()), 1e-300))
        self._lu = splu((matrix.multiply(self._even[:, None])).multiply(self._even[None, :]).tocsc())

    def _solve_border(self, q: Floats) -> Floats:
        if self._lu is None:
            return q
        if isinstance(self._lu, tuple):
            return np.asarray(self._even * lu_solve(self._lu, self._even * q, check_finite=False))
        return np.asarray(self._even * self._lu.solve(self._even * q))

    def solve(self, right: Right, move: Step) -> None:
        """Solve with the last factor.

        Parameters
        ----------
        right : Right
        move : Step
            Written to.
        """
        layout, own, rows = self.layout, len(self.layout.border_columns), self.layout.border_rows
        hours = Right(*self._by_step(right.g, right.gs, right.r))

        def reduce(number: int) -> Floats:
            pushed = np.zeros(len(layout.locals[number]))
            reduce_stretch(self.system, self.spans[number], hours, self.scratch, self.local[number], pushed)
            return pushed

        q = np.concatenate([np.where(self.is_held, 0.0, right.g)[layout.border_columns], right.r[rows]])
        q[own:] += right.gs[rows] * self.d[rows]
        for seen, pushed in zip(layout.locals, self.team.each(reduce, self.stretches), strict=True):
            q[seen] += pushed
        u = self._solve_border(q)
        moves = Step(*self._by_step(*move))

        def expand(number: int) -> None:
            expand_stretch(self.system, self.spans[number], u, hours, self.scratch, moves)

        self.team.each(expand, self.stretches)
        move.slacks[self.hourly_rows :], move.duals[self.hourly_rows :] = 0.0, 0.0
        move.columns[layout.border_columns], move.duals[rows] = u[:own], -u[own:]
        move.slacks[rows] = np.where(self.has_slack[rows], (right.gs[rows] + u[own:]) * self.d[rows], 0.0)

    def _by_step(self, columns: Floats, *rows: Floats) -> list[Floats]:
        """Show the hourly part of vectors with one line a step."""
        layout = self.layout
        shown = [columns[: self.hourly_columns].reshape(layout.steps, layout.width)]
        return shown + [part[: self.hourly_rows].reshape(layout.steps, layout.height) for part in rows]

    def multiply(self, x: Floats) -> Floats:
        """Multiply the rows with a point. (row,)"""
        layout, own, tables = self.layout, len(self.layout.border_columns), self.system.tables
        rows = np.zeros(len(layout.has_row))
        border = np.concatenate([x[layout.border_columns], np.zeros(len(layout.border_rows))])
        x_hourly, hourly = self._by_step(x, rows)
        self.team.each(lambda n: multiply_stretch(tables, self.spans[n], x_hourly, border, hourly), self.stretches)
        sums = np.zeros(self.border)
        np.add.at(sums, layout.tie_row, layout.tie_value * border[layout.tie_column])
        if len(tables.sum_value):
            self._add_sums(x_hourly, sums)
        rows[layout.border_rows] = sums[own:]
        return rows

    def _add_sums(self, x_hourly: Floats, sums: Floats) -> None:
        """Add the hours to the rows that sum them."""
        tables = self.system.tables
        columns = np.flatnonzero(tables.summed >= 0)
        values = x_hourly[:, columns].ravel()
        counts = np.diff(tables.sum_start)
        products = tables.sum_value * np.repeat(values, counts)
        sums += np.bincount(tables.sum_place, products, minlength=len(sums))

    def price(self, dual: Floats) -> Floats:
        """Multiply the columns with row duals. (column,)"""
        layout, own = self.layout, len(self.layout.border_columns)
        columns = np.zeros(len(layout.lower))
        border = np.concatenate([np.zeros(own), dual[layout.border_rows]])
        hourly, dual_hourly = self._by_step(columns, dual)

        def each(number: int) -> Floats:
            pushed = np.zeros(len(layout.seen[number]))
            duals = (dual_hourly, border)
            price_stretch(self.system.tables, self.spans[number], duals, self.local_of_all[number], hourly, pushed)
            return pushed

        sums = np.zeros(self.border)
        np.add.at(sums, layout.tie_column, layout.tie_value * border[layout.tie_row])
        for seen, pushed in zip(layout.seen, self.team.each(each, self.stretches), strict=True):
            sums[seen] += pushed
        columns[layout.border_columns] = sums[:own]
        return columns


def _inverse(seen: Ints, count: int) -> NDArray[np.int32]:
    places = np.full(count, -1, np.int32)
    places[seen] = np.arange(len(seen))
    return places
