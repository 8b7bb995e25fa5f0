"""The step equations of the interior point method: factored by stretches of hours, joined at the border."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lu_factor, lu_solve
from scipy.sparse import coo_array
from scipy.sparse.linalg import splu

from solvers.interior.factor import factor_stretch
from solvers.interior.layout import Layout
from solvers.interior.pattern import pairs_of
from solvers.interior.sweep import expand_stretch, multiply_stretch, price_stretch, reduce_stretch
from solvers.interior.team import Team

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

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
        self.tables, self.pairs = layout.tables, pairs_of(layout)
        steps, kept = layout.steps, layout.height - layout.eliminated
        self.hourly_columns, self.hourly_rows = steps * layout.width, steps * layout.height
        self.border = len(layout.border_columns) + len(layout.border_rows)
        self.stretches = list(range(len(layout.cuts) - 1))
        self.spans = [(int(a), int(b)) for a, b in zip(layout.cuts[:-1], layout.cuts[1:], strict=True)]
        self.local = [_inverse(places, self.border) for places in layout.locals]
        self.local_of_all = [_inverse(places, self.border) for places in layout.seen]
        reached, looking = len(self.pairs.reached), self.tables.looking
        self.factors = Factors(
            np.zeros((steps, layout.width)),
            np.zeros((steps, len(self.pairs.lower))),
            np.zeros((steps, kept)),
            np.zeros((steps, reached, looking)),
        )
        self.d, self.w = np.zeros((steps, kept)), np.zeros((steps, layout.eliminated))
        self.tau, self.full = np.zeros((steps, kept)), np.zeros((steps, layout.width))
        self.work = (np.zeros((steps, layout.width)), np.zeros((steps, kept)))
        self.is_held = layout.lower == layout.upper
        self.has_slack = layout.has_row & (layout.row_lower < layout.row_upper)
        explicit = layout.border_rows[layout.border_rows < self.hourly_rows]
        self._is_explicit = np.zeros((steps, layout.height), bool)
        self._is_explicit.ravel()[explicit] = True

    def factor(self, h: Floats, hs: Floats) -> None:
        """Factor for a diagonal of the columns and of the slacks; those of held columns and slacks are not read."""
        layout, out = self.layout, self.layout.eliminated
        steps, height = layout.steps, layout.height
        self.h = np.where(self.is_held, 0.0, h)
        with np.errstate(divide="ignore"):
            self.d_all = np.where(self.has_slack, 1.0 / hs, np.where(layout.has_row, DELTA, 1.0))
        hourly = self.d_all[: self.hourly_rows].reshape(steps, height)
        self.d = np.ascontiguousarray(hourly[:, out:])
        slack = self.has_slack[: self.hourly_rows].reshape(steps, height)[:, :out] & ~self._is_explicit[:, :out]
        self.w = np.where(slack, hs[: self.hourly_rows].reshape(steps, height)[:, :out], 0.0)
        self.h_hourly = self.h[: self.hourly_columns].reshape(steps, layout.width).copy()
        promoted = layout.border_columns[layout.border_columns < self.hourly_columns]
        self.h_hourly.ravel()[promoted] = 0.0
        self._factor_border(self.team.each(self._stretch, self.stretches))

    def _stretch(self, number: int) -> Floats:
        places = len(self.layout.locals[number])
        total = np.zeros((places, places))
        factor_stretch(
            self.tables, self.pairs, self.spans[number], self.local[number], places,
            self.h_hourly, self.d, self.w, self.factors, total,
        )  # fmt: skip
        return total

    def _factor_border(self, totals: list[Floats]) -> None:
        """Join what the stretches leave with the border's own numbers, and factor that."""
        layout, own = self.layout, len(self.layout.border_columns)
        diagonal = np.r_[self.h[layout.border_columns], -self.d_all[layout.border_rows]]
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
        assert own <= self.border

    def _solve_border(self, q: Floats) -> Floats:
        if self._lu is None:
            return q
        if isinstance(self._lu, tuple):
            return np.asarray(self._even * lu_solve(self._lu, self._even * q, check_finite=False))
        return np.asarray(self._even * self._lu.solve(self._even * q))

    def solve(self, g: Floats, gs: Floats, r: Floats, step: Step) -> None:
        """Solve with the last factor.

        Parameters
        ----------
        g : ndarray (column,)
        gs, r : ndarray (row,)
            ``gs`` zero where there is no slack.
        step : Step
            Written to.
        """
        layout, own = self.layout, len(self.layout.border_columns)
        shape = (layout.steps, layout.height)
        g_hourly = g[: self.hourly_columns].reshape(layout.steps, layout.width)
        r_hourly, gs_hourly = r[: self.hourly_rows].reshape(shape), gs[: self.hourly_rows].reshape(shape)

        def reduce(number: int) -> Floats:
            first, end = self.spans[number]
            self.full[first:end] = g_hourly[first:end]
            pushed = np.zeros(len(layout.locals[number]))
            reduce_stretch(
                self.tables, self.pairs, self.spans[number], self.local[number], self.factors, self.d, self.w,
                r_hourly, gs_hourly, self.full, self.tau, pushed,
            )  # fmt: skip
            return pushed

        rows = layout.border_rows
        q = np.r_[np.where(self.is_held[layout.border_columns], 0.0, g[layout.border_columns]), r[rows]]
        q[own:] += gs[rows] * self.d_all[rows]
        for seen, pushed in zip(layout.locals, self.team.each(reduce, self.stretches), strict=True):
            q[seen] += pushed
        u = self._solve_border(q)
        views = (
            step.columns[: self.hourly_columns].reshape(g_hourly.shape),
            step.slacks[: self.hourly_rows].reshape(shape),
            step.duals[: self.hourly_rows].reshape(shape),
        )
        has_slack = self.has_slack[: self.hourly_rows].reshape(shape)

        def expand(number: int) -> None:
            expand_stretch(
                self.tables, self.pairs, self.spans[number], self.factors, self.h_hourly, self.d, self.w, has_slack, u,
                g_hourly, r_hourly, gs_hourly, self.full, self.tau, self.work, *views,
            )  # fmt: skip

        self.team.each(expand, self.stretches)
        step.slacks[self.hourly_rows :], step.duals[self.hourly_rows :] = 0.0, 0.0
        step.columns[layout.border_columns], step.duals[rows] = u[:own], -u[own:]
        step.slacks[rows] = np.where(self.has_slack[rows], (gs[rows] + u[own:]) * self.d_all[rows], 0.0)

    def multiply(self, x: Floats) -> Floats:
        """Multiply the rows with a point. (row,)"""
        layout, own = self.layout, len(self.layout.border_columns)
        rows = np.zeros(len(layout.has_row))
        hourly = rows[: self.hourly_rows].reshape(layout.steps, layout.height)
        border = np.r_[x[layout.border_columns], np.zeros(len(layout.border_rows))]
        x_hourly = x[: self.hourly_columns].reshape(layout.steps, layout.width)
        self.team.each(lambda n: multiply_stretch(self.tables, self.spans[n], x_hourly, border, hourly), self.stretches)
        sums = np.zeros(self.border)
        np.add.at(sums, layout.tie_row, layout.tie_value * border[layout.tie_column])
        at = np.flatnonzero(np.diff(self.tables.sum_start))
        if len(at):
            self._add_sums(x_hourly, sums)
        rows[layout.border_rows] = sums[own:]
        return rows

    def _add_sums(self, x_hourly: Floats, sums: Floats) -> None:
        """Add the hours to the rows that sum them."""
        tables = self.tables
        columns = np.flatnonzero(tables.summed >= 0)
        values = x_hourly[:, columns].ravel()
        counts = np.diff(tables.sum_start)
        products = tables.sum_value * np.repeat(values, counts)
        sums += np.bincount(tables.sum_place, products, minlength=len(sums))

    def price(self, dual: Floats) -> Floats:
        """Multiply the columns with row duals. (column,)"""
        layout, own = self.layout, len(self.layout.border_columns)
        columns = np.zeros(len(layout.lower))
        hourly = columns[: self.hourly_columns].reshape(layout.steps, layout.width)
        border = np.r_[np.zeros(own), dual[layout.border_rows]]
        dual_hourly = dual[: self.hourly_rows].reshape(layout.steps, layout.height)

        def each(number: int) -> Floats:
            pushed = np.zeros(len(layout.seen[number]))
            price_stretch(self.tables, self.spans[number], self.local_of_all[number], dual_hourly, border, hourly, pushed)
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
