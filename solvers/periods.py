"""Typical periods: a few days stand for all, and stores remember the order of the year."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from solvers.carrying import carried, is_start, start_of
from solvers.program import (
    Entry,
    GlobalColumns,
    GlobalEntry,
    GlobalRow,
    HourColumns,
    HourlyProgram,
    HourRows,
    Names,
    PerStep,
    SumEntry,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Periods:
    """Which periods of the calendar stand for which."""

    length: int
    """Steps in a period."""
    kind: Ints
    """Typical period of each period of the calendar. (period,)"""
    chosen: Ints
    """Period of the calendar that each typical period is. (typical,)"""

    @property
    def step(self) -> Ints:
        """Step among the typical ones that stands for each step of the calendar. (step,)"""
        return (self.kind[:, None] * self.length + np.arange(self.length)).ravel()

    @property
    def representative(self) -> Ints:
        """Step of the calendar that each typical step is. (typical step,)"""
        return (self.chosen[:, None] * self.length + np.arange(self.length)).ravel()

    @property
    def weight(self) -> Floats:
        """How many steps of the calendar each typical step stands for. (typical step,)"""
        counts = np.bincount(self.kind, minlength=len(self.chosen))
        return np.repeat(counts, self.length).astype(float)

    def occurrences(self) -> Iterator[Ints]:
        """Walk the calendar in rounds: period of each typical one's first occurrence, then of its second ...; -1 for
        none. (typical,)
        """
        order = np.argsort(self.kind, kind="stable")
        firsts = np.searchsorted(self.kind[order], np.arange(len(self.chosen)))
        counts = np.bincount(self.kind, minlength=len(self.chosen))
        for number in range(int(counts.max())):
            at = np.minimum(firsts + number, len(order) - 1)
            yield np.where(number < counts, order[at], -1)


@dataclass(frozen=True)
class _State:
    """A column that carries over: what it holds is what the period began with, kept, and what the period added."""

    block: int
    row: int
    """Block of rows that carries over."""
    first: int
    """Global column of what the first period begins with; then one per period."""
    kept: Floats
    """Share of the period's beginning left at each typical step. (typical step,)"""
    start: int | None
    """Global column with the value before the first step; None for a ring."""
    least: int
    """Global column with the least that each typical period adds; then those with the most. Unused where exact."""


class Reduced:
    r"""A program over typical periods, and the way back to the calendar.

    Each store's content is superposed [1]_: :math:`L_{d,h} = \prod\delta\, I_d + S_{k(d),h}` with :math:`S` beginning
    each typical period at zero and free in sign, and :math:`I_{d+1} = \prod\delta\, I_d + S_{k(d),end}` along the
    calendar. Limits of the content hold at every step of the calendar, as do rows that look into the period before and
    those of months. All else exists once per typical step, its cost times the number of steps it stands for, and series
    keep their sums. With every period its own this is the program itself.

    Parameters
    ----------
    program : HourlyProgram
        Whole periods long.
    periods : Periods
        What stands for what.
    exact : bool
        Whether limits of the content are rows of every step; else two rows a period hold the least and most it adds
        against what is left of its beginning, a little on the safe side where the store loses and many rows fewer.

    References
    ----------
    .. [1] L. Kotzur, P. Markewitz, M. Robinius, D. Stolten, Time series aggregation for energy system design: Modeling
       seasonal storage, Applied Energy 213, 2018.
    """

    def __init__(self, program: HourlyProgram, periods: Periods, exact: bool = True) -> None:
        self.full, self.periods, self.exact = program, periods, exact
        self._step, self._representative = periods.step, periods.representative
        self._weight = periods.weight
        self._hour = np.arange(len(self._representative)) % periods.length
        self._states = self._find_states()
        self.program = self._written()

    def calendar(self, columns: Floats) -> Floats:
        """Spread solved columns over the calendar, in the order of the full program."""
        count, steps = len(self.full.columns), len(self._representative)
        typical = columns[: count * steps].reshape(count, steps)
        rest = columns[count * steps :]
        whole = typical[:, self._step]
        for state in self._states.values():
            begun = rest[state.first : state.first + len(self.periods.kind)]
            whole[state.block] += state.kept[self._step] * np.repeat(begun, self.periods.length)
        return np.concatenate([whole.ravel(), rest[: len(self.full.globals.cost)]])

    def _find_states(self) -> dict[int, _State]:
        states: dict[int, _State] = {}
        free = len(self.full.globals.cost)
        for number, rows in enumerate(self.full.rows):
            found = carried(rows)
            if found is None or found.block in states or rows.steps is not None:
                continue
            shape = (len(self.periods.chosen), self.periods.length)
            share = -self._typical(found.lagged.coefficient) / self._typical(found.own)
            kept = np.cumprod(np.broadcast_to(share, shape[0] * shape[1]).reshape(shape), axis=1).ravel()
            least = free + len(self.periods.kind)
            start = start_of(rows, found.lagged)
            states[found.block] = _State(found.block, number, free, kept, start, least)
            free = least + (0 if self.exact else 2 * shape[0])
        return states

    def _written(self) -> HourlyProgram:
        full, steps = self.full, len(self._representative)
        rows: list[HourRows] = []
        names: list[str] = []
        once = [self._summed(row) for row in full.global_rows]
        of_state = {state.row for state in self._states.values()}
        for number, row in enumerate(full.rows):
            if not self.exact and self._is_limit(row):
                once += self._daily(row)
                continue
            made = [self._carrying(row)] if number in of_state else list(self._rows(row))
            rows += made
            names += [full.names.rows[number] if full.names.rows else ""] * len(made)
        for state in self._states.values():
            limit = self._limit(state)
            if self.exact:
                rows += self._rows(limit)
            else:
                rows += self._extremes(state)
                once += self._daily(limit)
            once += self._links(state)
        added = len(once) - len(full.global_rows)
        globals_ = self._globals()
        held = len(globals_.cost) - len(full.globals.cost)
        return replace(
            full,
            steps=steps,
            previous=np.r_[steps - 1, np.arange(steps - 1)],
            columns=tuple(self._columns(block, column) for block, column in enumerate(full.columns)),
            globals=globals_,
            rows=tuple(rows),
            global_rows=tuple(once),
            names=Names(
                full.names.columns,
                (*full.names.globals, *[""] * held) if full.names.globals else (),
                (*names, *[""] * (len(rows) - len(names))),
                (*full.names.global_rows, *[""] * added) if full.names.global_rows else (),
            ),
        )

    def _typical(self, values: PerStep) -> PerStep:
        """Take numbers at the typical steps; those that stand for several are scaled so that the sum stays, within the
        range that the year knows.
        """
        if not isinstance(values, np.ndarray):
            return values
        taken, several = values[self._representative], self._weight > 1.0
        if not several.any() or not np.all(np.isfinite(values)) or values.min() * values.max() < 0.0:
            return taken
        wanted = float(values[several[self._step]].sum())
        given = float(taken[several] @ self._weight[several])
        if given != 0.0:
            scaled = np.clip(taken * (wanted / given), values.min(), values.max())
            taken = np.where(several, scaled, taken)
        return taken

    def _joined(self, values: Floats) -> Floats:
        """Sum over all steps that a typical one stands for. (typical step,)"""
        return np.asarray(np.bincount(self._step, values, len(self._representative)), float)

    def _columns(self, block: int, column: HourColumns) -> HourColumns:
        if block in self._states:
            return HourColumns(-np.inf, np.inf, self._joined(np.broadcast_to(column.cost, len(self._step))))
        lower, upper = self._typical(column.lower), self._typical(column.upper)
        return HourColumns(lower, upper, self._typical(column.cost) * self._weight, column.is_integer)

    def _globals(self) -> GlobalColumns:
        given, count = self.full.globals, len(self.periods.kind)
        held = len(self._states) * (count if self.exact else count + 2 * len(self.periods.chosen))
        costs = np.zeros(held)
        for state in self._states.values():
            cost = np.broadcast_to(self.full.columns[state.block].cost, len(self._step)) * state.kept[self._step]
            first = state.first - len(given.cost)
            costs[first : first + count] = cost.reshape(-1, self.periods.length).sum(axis=1)
        return GlobalColumns(
            np.concatenate([given.lower, np.full(held, -np.inf)]),
            np.concatenate([given.upper, np.full(held, np.inf)]),
            np.concatenate([given.cost, costs]),
            np.concatenate([given.is_integer, np.zeros(held, bool)]),
        )

    def _carrying(self, rows: HourRows) -> HourRows:
        """What a period adds begins with nothing; other columns looked back at are those of the same period."""
        entries = []
        for entry in rows.entries:
            step = None
            if entry.step is not None:
                back = len(self._step) - 1 - int(entry.step[-1])
                inside = np.arange(len(self._hour)) - back
                ring = inside + np.where(self._hour < back, self.periods.length, 0)
                step = np.where(self._hour < back, -1, inside) if entry.block in self._states else ring
            entries.append(Entry(entry.block, self._typical(entry.coefficient), step))
        kept = [entry for entry in rows.global_entries if not is_start(rows, entry)]
        fixed = tuple(GlobalEntry(self._at(entry.column), self._typical(entry.coefficient)) for entry in kept)
        return HourRows(self._typical(rows.lower), self._typical(rows.upper), tuple(entries), fixed)

    def _at(self, column: int | Ints) -> int | Ints:
        return column[self._representative] if isinstance(column, np.ndarray) else column

    def _rows(self, rows: HourRows) -> Iterator[HourRows]:
        """Write rows once per typical step where that is enough, and where the calendar matters once in each."""
        holds = any(entry.block in self._states for entry in rows.entries)
        by_month = any(isinstance(entry.column, np.ndarray) for entry in rows.global_entries)
        has_row = np.ones(len(self._step), bool)
        if rows.steps is not None:
            has_row[:] = False
            has_row[rows.steps] = True
        back = max((len(self._step) - 1 - int(e.step[-1]) for e in rows.entries if e.step is not None), default=0)
        ever = np.zeros(len(self._hour), bool)
        ever[self._step[has_row]] = True
        once = ever & (self._hour >= back) if not holds and not by_month else np.zeros(len(self._hour), bool)
        if once.any():
            entries = []
            for entry in rows.entries:
                lag = 0 if entry.step is None else len(self._step) - 1 - int(entry.step[-1])
                step = None if entry.step is None else np.maximum(np.arange(len(self._hour)) - lag, 0)
                entries.append(Entry(entry.block, self._typical(entry.coefficient), step))
            fixed = [
                GlobalEntry(e.column, self._typical(e.coefficient))
                for e in rows.global_entries
                if not is_start(rows, e)
            ]
            lower, upper = self._typical(rows.lower), self._typical(rows.upper)
            yield HourRows(lower, upper, tuple(entries), tuple(fixed), np.flatnonzero(once))
        for periods in self.periods.occurrences():
            row = self._on_the_calendar(rows, periods, has_row, ~once)
            if row is not None:
                yield row

    def _on_the_calendar(
        self, rows: HourRows, periods: Ints, has_row: NDArray[np.bool_], wanted: NDArray[np.bool_]
    ) -> HourRows | None:
        """Write rows for one period of the calendar per typical one."""
        period = np.repeat(periods, self.periods.length)
        at = np.maximum(period, 0) * self.periods.length + self._hour
        steps = np.flatnonzero(wanted & (period >= 0) & has_row[at])
        if not len(steps):
            return None
        entries: list[Entry] = []
        fixed: list[GlobalEntry] = []
        for entry in rows.entries:
            calendar = at if entry.step is None else entry.step[at]
            coefficient = np.where(calendar >= 0, self._typical(entry.coefficient), 0.0)
            step = np.where(calendar >= 0, self._step[np.maximum(calendar, 0)], -1)
            entries.append(Entry(entry.block, coefficient, step))
            state = self._states.get(entry.block)
            if state is not None:
                begun = state.first + np.maximum(calendar, 0) // self.periods.length
                fixed.append(GlobalEntry(begun, coefficient * state.kept[np.maximum(step, 0)]))
        for given in rows.global_entries:
            values = given.coefficient[at] if is_start(rows, given) else self._typical(given.coefficient)  # type: ignore[index]
            column = given.column[at] if isinstance(given.column, np.ndarray) else given.column
            fixed.append(GlobalEntry(column, values))
        return HourRows(self._typical(rows.lower), self._typical(rows.upper), tuple(entries), tuple(fixed), steps)

    def _limit(self, state: _State) -> HourRows:
        """Bounds of what is held, as rows."""
        column = self.full.columns[state.block]
        return HourRows(column.lower, column.upper, (Entry(state.block, 1.0),))

    def _is_limit(self, rows: HourRows) -> bool:
        """Whether rows hold only the content of a store of the same step against numbers and sizes."""
        if len(rows.entries) != 1 or rows.entries[0].block not in self._states or rows.steps is not None:
            return False
        is_plain = all(
            not isinstance(e.coefficient, np.ndarray) and not isinstance(e.column, np.ndarray)
            for e in rows.global_entries
        )
        return is_plain and rows.entries[0].step is None and not isinstance(rows.entries[0].coefficient, np.ndarray)

    def _extremes(self, state: _State) -> list[HourRows]:
        """The least and the most that each typical period adds."""
        kind = np.repeat(np.arange(len(self.periods.chosen)), self.periods.length)
        own = (Entry(state.block, 1.0),)
        least, most = state.least + kind, state.least + len(self.periods.chosen) + kind
        return [
            HourRows(0.0, np.inf, own, (GlobalEntry(least, -1.0),)),
            HourRows(-np.inf, 0.0, own, (GlobalEntry(most, -1.0),)),
        ]

    def _daily(self, rows: HourRows) -> Iterator[GlobalRow]:
        """Hold the extremes of each period of the calendar within limits."""
        length, kind = self.periods.length, self.periods.kind
        state = self._states[rows.entries[0].block]
        factor = float(np.asarray(rows.entries[0].coefficient))
        shape = (len(kind), length)
        lower = np.broadcast_to(rows.lower, len(self._step)).reshape(shape).max(axis=1)
        upper = np.broadcast_to(rows.upper, len(self._step)).reshape(shape).min(axis=1)
        sizes = [(int(np.asarray(e.column)), float(np.asarray(e.coefficient))) for e in rows.global_entries]
        ends = state.kept[(kind + 1) * length - 1]
        least, most = state.least + kind, state.least + len(self.periods.chosen) + kind
        for period in range(len(kind)):
            begun = state.first + period
            low = ((begun, factor * float(ends[period])), (int(least[period]), factor), *sizes)
            high = ((begun, factor), (int(most[period]), factor), *sizes)
            if factor < 0.0:
                low, high = high, low
            if np.isfinite(lower[period]):
                yield GlobalRow(float(lower[period]), np.inf, (), low)
            if np.isfinite(upper[period]):
                yield GlobalRow(-np.inf, float(upper[period]), (), high)

    def _links(self, state: _State) -> Iterator[GlobalRow]:
        """Each period begins with what the one before ended with."""
        length, kind = self.periods.length, self.periods.kind
        for period in range(len(kind)):
            if period == 0 and state.start is not None:
                yield GlobalRow(0.0, 0.0, (), ((state.first, 1.0), (state.start, -1.0)))
                continue
            before = period - 1 if period else len(kind) - 1
            end = int(kind[before]) * length + length - 1
            kept = float(state.kept[end])
            pairs = [(state.first + period, 1.0), (state.first + before, -kept)]
            if before == period:
                pairs = [(state.first + period, 1.0 - kept)]
            yield GlobalRow(0.0, 0.0, (SumEntry(state.block, -1.0, end, 1),), tuple(pairs))

    def _summed(self, row: GlobalRow) -> GlobalRow:
        """Sum over the calendar, each typical step as often as it occurs."""
        sums, pairs = [], list(row.columns)
        for entry in row.sums:
            whole = np.zeros(len(self._step))
            end = len(whole) if entry.count is None else entry.first + entry.count
            whole[entry.first : end] = entry.coefficient
            sums.append(SumEntry(entry.block, self._joined(whole)))
            state = self._states.get(entry.block)
            if state is not None:
                begun = (whole * state.kept[self._step]).reshape(-1, self.periods.length).sum(axis=1)
                pairs += [(state.first + int(p), float(begun[p])) for p in np.flatnonzero(begun)]
        return GlobalRow(row.lower, row.upper, tuple(sums), tuple(pairs))
