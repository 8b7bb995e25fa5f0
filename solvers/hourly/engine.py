"""The front door of the hourly engine: a program with its sizes settled is laid out once and walked many times."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.carrying import carried
from solvers.compiled import sound
from solvers.hourly.own import own_of, taken_in
from solvers.hourly.pattern import RefusedError, Sheet, StoreWorth, families, scales, sheet_of, tighten
from solvers.hourly.shape import Hours, Shape, State
from solvers.hourly.simplex import FAILED, INFEASIBLE, OPTIMAL, UNBOUNDED
from solvers.hourly.tools import by_row, tools_for, with_steady
from solvers.hourly.walk import walk
from solvers.program import HourlyProgram

__all__ = ["FAILED", "INFEASIBLE", "OPTIMAL", "UNBOUNDED", "Layout", "RefusedError", "StoreWorth", "Walked", "lay_out"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Lists = Sequence[Sequence[tuple[int, int]]]


@dataclass(frozen=True)
class Walked:
    """What a walk found."""

    ending: int
    """OPTIMAL, or why it stopped."""
    hour: int
    """Step at which it stopped; the number of steps where it came to the end."""
    values: Floats
    """Hourly columns. (block, step)"""
    reached: Floats
    """Columns that exist once: as settled, those of a day or month as high as they became. (global,)"""
    prices: Floats
    """Change of an hour's cost per unit of a row's bounds; zero for rows that became bounds. (row block, step)"""
    pivots: int


@dataclass(frozen=True)
class Layout:
    """A program laid out for walking. Frozen: walks of it may run side by side."""

    program: HourlyProgram
    settled: Floats
    shape: Shape
    hours: Hours
    rows: Ints
    """(row,) row block of each row walked, budgets beyond the program's"""
    fixed: Floats
    """Values of columns that never move, zero elsewhere. (step, block)"""
    before: int
    """Steps that the rows look back."""
    is_impossible: NDArray[np.bool_]
    """Hours in which a row that nothing can move asks for something. (step,)"""
    is_unbounded: NDArray[np.bool_]
    """Hours in which a column in no row earns without end. (step,)"""

    @property
    def blocks(self) -> Ints:
        """Number of rows in each part of the hour. (part,)"""
        return np.diff(self.shape.block_row)

    def walk(self, carried_in: Floats) -> Walked:
        """Walk all hours.

        Parameters
        ----------
        carried_in : ndarray (block,) or (block, before)
            Values before the first step, as far as rows look back at them; the last column is the step before.

        Returns
        -------
        walked : Walked
        """
        steps, blocks = self.program.steps, len(self.program.columns)
        values = np.empty((self.before + steps, blocks))
        values[self.before :] = self.fixed
        past = np.atleast_2d(np.asarray(carried_in, float).T)
        values[: self.before] = past[-self.before :] if len(past) >= self.before else past[-1] if self.before else 0.0
        state = State(
            values,
            self.settled.copy(),
            np.zeros(len(self.shape.budget)),
            np.zeros((steps, len(self.program.rows))),
            np.zeros(1, np.int64),
        )
        tools = tools_for(self.shape, self.hours)
        hour, ending = sound(lambda: walk(self.shape, self.hours, state, tools))
        for is_wrong, what in ((self.is_unbounded, UNBOUNDED), (self.is_impossible, INFEASIBLE)):
            if is_wrong.any():
                hour, ending = min(hour, int(np.argmax(is_wrong))), what
        found = values[self.before :].T, state.reached, state.prices.T
        return Walked(int(ending), int(hour), *found, int(state.pivots[0]))


def lay_out(
    program: HourlyProgram,
    settled: Floats,
    worths: Mapping[int, StoreWorth] | None = None,
    prices: Floats | None = None,
    lists: Lists = (),
) -> Layout:
    """Lay a program out for walking.

    Parameters
    ----------
    program : HourlyProgram
        Its steps one chain.
    settled : ndarray (global,)
        Values of the columns that exist once; for those of a day or month the least, from which they rise.
    worths : mapping of block to StoreWorth, optional
        What a unit held is worth, for columns that are carried over; nothing where absent.
    prices : ndarray (global row,), optional
        Worth of a unit of each row over the horizon.
    lists : sequence of sequence of (column, row), optional
        Whole columns that are raised in an order of their own, a list for each order, with the row block that holds
        where a column is used up: none is raised before those ahead of it are.

    Returns
    -------
    layout : Layout

    Raises
    ------
    RefusedError
        When the program cannot be walked hour by hour; says why.
    """
    priced = np.zeros(len(program.global_rows)) if prices is None else prices
    sheet = sheet_of(program, settled, priced)
    kept = tighten(sheet)
    pieced = {}
    for block, worth in (worths or {}).items():
        if worth.is_flat:
            sheet.cost[:, block] -= worth.above[:, 0]
        else:
            pieced[block] = worth
    _carry_rows(program, worths or {})
    return _Laying(program, settled, sheet, kept, pieced).layout(lists)


class _Laying:
    """The steps from a sheet to scaled arrays in the order of the blocks."""

    def __init__(
        self,
        program: HourlyProgram,
        settled: Floats,
        sheet: Sheet,
        kept: NDArray[np.bool_],
        worths: Mapping[int, StoreWorth],
    ) -> None:
        self.program, self.settled, self.sheet, self.worths = program, settled, sheet, worths
        columns = sheet.lower.shape[1]
        moves = (sheet.lower != sheet.upper).any(axis=0)
        self.carry = _carry_rows(program, worths)
        moves[list(self.carry)] = True
        self.fixed = np.zeros((program.steps, len(program.columns)))
        still = np.flatnonzero(~moves[: len(program.columns)])
        self.fixed[:, still] = sheet.lower[:, still]
        self._move_fixed(moves)
        used = [
            place
            for place, (row, column) in enumerate(zip(sheet.entry_row, sheet.entry_column, strict=True))
            if kept[row] and moves[column] and np.any(sheet.entry_value[place])
        ]
        row, column = np.array(sheet.entry_row, np.int64)[used], np.array(sheet.entry_column, np.int64)[used]
        is_walked = np.isin(np.arange(len(kept)), row)
        for number in np.flatnonzero(kept & ~is_walked & ~np.isin(np.arange(len(kept)), sheet.past_row)):
            sheet.refuse(int(number), True)
        kept &= is_walked
        self.is_unbounded = self._settle_lonely(moves, column)
        self.entry, self.row, self.column = np.array(used, np.int64), row, column
        self.of_row, self.of_column = families(row, column, len(kept), columns)
        size = np.array([np.max(np.abs(sheet.entry_value[place])) for place in used])
        self.row_scale, self.column_scale = scales(row, column, size, len(kept), columns)
        self.column_scale[[self._is_whole(number) for number in range(columns)]] = 1.0
        self._take_own(moves, columns)
        self.column_order = _ordered(np.flatnonzero(moves), self.of_column)
        self.row_order = _ordered(np.flatnonzero(kept), self.of_row)

    def _take_own(self, moves: NDArray[np.bool_], columns: int) -> None:
        """Let columns that stand in one row only take the place of its own variable."""
        may = np.zeros(columns, bool)
        may[: len(self.program.columns)] = [not column.is_integer for column in self.program.columns]
        may[list(self.worths)] = False
        owned = own_of(self.sheet, (self.entry, self.row, self.column), self.of_row, may)
        self.owned = owned
        self.taken = taken_in(self.sheet, self.entry[owned], self.row[owned], self.column[owned])
        moves[self.column[owned]] = False
        rest = np.setdiff1d(np.arange(len(self.entry)), owned)
        self.entry, self.row, self.column = self.entry[rest], self.row[rest], self.column[rest]

    def _settle_lonely(self, moves: NDArray[np.bool_], column: Ints) -> NDArray[np.bool_]:
        """Columns in no row lie where they cost least; says in which hours that is nowhere. (step,)"""
        lonely = np.flatnonzero(moves & ~np.isin(np.arange(len(moves)), column))
        lonely = lonely[lonely < len(self.program.columns)]
        low, high, cost = (table[:, lonely] for table in (self.sheet.lower, self.sheet.upper, self.sheet.cost))
        idle = np.where(np.isfinite(low), low, np.where(np.isfinite(high), high, 0.0))
        best = np.where(cost > 0.0, low, np.where(cost < 0.0, high, idle))
        self.sheet.is_impossible |= (low > high).any(axis=1)
        self.fixed[:, lonely] = np.where(np.isfinite(best), best, 0.0)
        moves[lonely] = False
        return np.asarray(~np.isfinite(best).all(axis=1))

    def _move_fixed(self, moves: NDArray[np.bool_]) -> None:
        """Take what never moves into the bounds of the rows."""
        for row, column, value in zip(
            self.sheet.entry_row, self.sheet.entry_column, self.sheet.entry_value, strict=True
        ):
            if not moves[column]:
                known = value * self.sheet.lower[:, column]
                self.sheet.row_lower[:, row] -= known
                self.sheet.row_upper[:, row] -= known

    def layout(self, lists: Lists) -> Layout:
        """Write the arrays."""
        sheet, program = self.sheet, self.program
        rank_row = np.full(sheet.row_lower.shape[1], -1)
        rank_row[self.row_order] = np.arange(len(self.row_order))
        place = np.full(sheet.lower.shape[1], -1)
        place[self.column_order] = np.arange(len(self.column_order))
        order = np.lexsort((rank_row[self.row], place[self.column]))
        entry, entry_row, entry_column = self.entry[order], rank_row[self.row[order]], place[self.column[order]]
        shape, first_piece = self._shape(entry_row, entry_column, place, rank_row)
        value = np.empty((program.steps, len(entry)))
        for number, old in enumerate(entry):
            value[:, number] = sheet.entry_value[old]
        value *= self.row_scale[self.row_order][entry_row] * self.column_scale[self.column_order][entry_column]
        past, past_value = self._past(rank_row)
        own_row = rank_row[self.taken.row]
        own_block = np.searchsorted(shape.block_row, own_row, side="right") - 1
        shape = shape._replace(
            past_row=past[0], past_column=past[1], past_lag=past[2],
            store=self._stores(entry_row, entry_column, place, rank_row, first_piece),
            budget=rank_row[np.array([row for row, _ in sheet.budgets], np.int64)],
            own_row=own_row, own_column=self.taken.column, own_place=own_row + shape.block_column[own_block + 1],
        )  # fmt: skip
        shape = with_steady(_with_lists(shape, lists, rank_row), value)
        hours, before = self._hours(place, value, past_value), int(past[2].max(initial=0))
        return Layout(
            program, self.settled, shape, hours, self.row_order, self.fixed, before,
            sheet.is_impossible,
            self.is_unbounded,
        )  # fmt: skip

    def _hours(self, place: Ints, value: Floats, past: Floats) -> Hours:
        """Scale the numbers of every hour."""
        sheet, taken = self.sheet, self.taken
        scale, row_scale = self.column_scale[self.column_order], self.row_scale[self.row_order]
        cost, row_cost = sheet.cost[:, self.column_order] * scale, taken.row_cost[:, self.row_order] / row_scale
        cost_scale = _middle(np.hstack([cost, row_cost]))
        breaks, above, below = self._worths(scale, place, cost_scale)
        peaks = list(sheet.peaks.values())
        member = np.stack([m for _, m in peaks], axis=1) if peaks else np.zeros((len(cost), 0), np.int64)
        lower, upper = sheet.lower[:, self.column_order] / scale, sheet.upper[:, self.column_order] / scale
        row_lower = sheet.row_lower[:, self.row_order] * row_scale
        row_upper = sheet.row_upper[:, self.row_order] * row_scale
        tables: tuple[Any, ...] = (
            lower, upper, cost * cost_scale, row_lower, row_upper, row_cost * cost_scale, value, past, scale,
            member, breaks, above, below, taken.base, taken.factor / self.row_scale[taken.row], taken.low, taken.high,
            row_scale / cost_scale, _far(lower, upper, row_lower, row_upper),
        )  # fmt: skip
        # The walk reads hour after hour: what belongs to an hour has to lie together, however it was cut out.
        return Hours(*(np.asarray(table, order="C") for table in tables))

    def _shape(self, row: Ints, column: Ints, place: Ints, rank_row: Ints) -> tuple[Shape, Ints]:
        """Lay the blocks one after the other; a store's content gets one column for each piece."""
        family = self.of_column[self.column_order]
        starts = np.flatnonzero(np.r_[True, family[1:] != family[:-1]]) if len(family) else np.zeros(0, np.int64)
        repeats = self._pieces(place)
        first = np.cumsum(repeats) - repeats
        source = np.repeat(np.arange(len(family)), repeats)
        block_column = np.r_[first[starts], int(repeats.sum())]
        row_family = self.of_row[self.row_order]
        block_row = np.r_[np.searchsorted(row_family, family[starts]), len(row_family)].astype(np.int64)
        of_entry = np.searchsorted(starts, column, side="right") - 1
        block_entry = np.searchsorted(of_entry, np.arange(len(starts) + 1)).astype(np.int64)
        begins = np.searchsorted(column, np.arange(len(family)))
        ends = np.searchsorted(column, np.arange(len(family)), side="right")
        own = np.searchsorted(starts, np.arange(len(family)), side="right") - 1
        whole = np.array([self._is_whole(c) for c in self.column_order], bool)
        shape = Shape(
            block_column=block_column.astype(np.int64),
            block_row=block_row,
            block_entry=block_entry,
            block_inverse=np.r_[0, np.cumsum(np.diff(block_row) ** 2)].astype(np.int64),
            begin=(begins - block_entry[own])[source],
            end=(ends - block_entry[own])[source],
            row=row - block_row[of_entry],
            source=source,
            priced=np.where(self.row_order < len(self.program.rows), self.row_order, -1),
            is_steady=np.zeros(len(source), bool),
            is_whole=whole[source],
            block_listed=np.zeros(len(block_row), np.int64),
            listed=np.zeros(0, np.int64),
            list_of=np.zeros(0, np.int64),
            limit=np.zeros(0, np.int64),
            original=np.where(self.column_order < len(self.program.columns), self.column_order, -1),
            peak=np.array([first[place[c]] for c, _ in self.sheet.peaks.values()], np.int64),
        )
        return by_row(shape), first

    def _pieces(self, place: Ints) -> Ints:
        """Columns that each place gets: one, or a store's pieces and the one that is cut. (place,)"""
        repeats = np.ones(len(self.column_order), np.int64)
        for block, worth in self.worths.items():
            repeats[place[block]] = worth.above.shape[1] + 1
        return repeats

    def _is_whole(self, column: int) -> bool:
        return column < len(self.program.columns) and self.program.columns[column].is_integer

    def _past(self, rank_row: Ints) -> tuple[tuple[Ints, Ints, Ints], Floats]:
        sheet = self.sheet
        used = [k for k, row in enumerate(sheet.past_row) if rank_row[row] >= 0]
        row = rank_row[np.array(sheet.past_row, np.int64)[used]]
        column, lag = (np.array(values, np.int64)[used] for values in (sheet.past_column, sheet.past_lag))
        value = np.zeros((self.program.steps, len(used)))
        for number, old in enumerate(used):
            value[:, number] = sheet.past_value[old]
        return (row, column, lag), value * self.row_scale[self.row_order][row]

    def _stores(self, row: Ints, column: Ints, place: Ints, rank_row: Ints, first: Ints) -> Ints:
        """Find place, first piece, carrying row and its entry of each store."""
        found = []
        for block in self.worths:
            carrying = rank_row[self.carry[block]]
            entry = np.flatnonzero((row == carrying) & (column == place[block]))
            found.append((place[block], first[place[block]], carrying, int(entry[0])))
        return np.array(found, np.int64).reshape(-1, 4)

    def _worths(self, scale: Floats, place: Ints, cost_scale: float) -> tuple[Floats, Floats, Floats]:
        if not self.worths:
            steps = self.program.steps
            return np.zeros((steps, 0, 0)), np.zeros((steps, 0, 1)), np.zeros((steps, 0, 1))
        sizes = [scale[place[block]] for block in self.worths]
        breaks = np.stack([w.breaks / s for w, s in zip(self.worths.values(), sizes, strict=True)], axis=1)
        above, below = (
            np.stack([getattr(w, side) * s * cost_scale for w, s in zip(self.worths.values(), sizes, strict=True)], 1)
            for side in ("above", "below")
        )
        return breaks, above, below


def _with_lists(shape: Shape, lists: Lists, rank_row: Ints) -> Shape:
    """Write the lists down by block; what is in no hour is left out."""
    blocks = len(shape.block_row) - 1
    found: list[list[tuple[int, int, int]]] = [[] for _ in range(blocks)]
    for number, one in enumerate(lists):
        for column, row in one:
            for a in np.flatnonzero(shape.original[shape.source] == column):
                b = int(np.searchsorted(shape.block_column, a, side="right")) - 1
                found[b].append((int(a - shape.block_column[b]), number, int(rank_row[row] - shape.block_row[b])))
    flat = np.array([entry for entries in found for entry in entries], np.int64).reshape(-1, 3)
    counts = np.array([len(entries) for entries in found], np.int64)
    return shape._replace(
        block_listed=np.r_[0, np.cumsum(counts)].astype(np.int64),
        listed=np.ascontiguousarray(flat[:, 0]),
        list_of=np.ascontiguousarray(flat[:, 1]),
        limit=np.ascontiguousarray(flat[:, 2]),
    )


def _ordered(numbers: Ints, family: Ints) -> Ints:
    return numbers[np.argsort(family[numbers], kind="stable")]


def _carry_rows(program: HourlyProgram, worths: Mapping[int, StoreWorth]) -> dict[int, int]:
    """Row that carries each store over."""
    found: dict[int, int] = {}
    for number, rows in enumerate(program.rows):
        content = carried(rows)
        if content is not None and content.block in worths:
            found[content.block] = number
    missing = set(worths) - set(found)
    if missing:
        raise RefusedError(f"column {min(missing)} has a worth but is not carried over")
    return found


def _middle(cost: Floats) -> float:
    """Bring the middle of the costs near one, by a power of two."""
    sizes = np.abs(cost[cost != 0.0])
    return float(2.0 ** -np.round(np.log2(np.median(sizes)))) if sizes.size else 1.0


def _far(*bounds: Floats) -> Floats:
    """A distance that no plan needs: beyond all bounds by a wide margin."""
    largest = 1.0
    for values in bounds:
        finite = np.abs(values[np.isfinite(values)])
        largest = max(largest, float(finite.max(initial=0.0)))
    return np.array([1e4 * largest])
