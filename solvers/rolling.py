"""Rolling horizon: look ahead a little, keep the first part, move on; arrays only."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from solvers.answer import Answer, Options, Status
from solvers.choice import Shape
from solvers.highs import solve
from solvers.linear import LinearProgram
from solvers.pricing import with_prices
from solvers.program import GlobalColumns, GlobalEntry, GlobalRow, HourColumns, HourlyProgram, HourRows, SumEntry
from solvers.session import Session
from solvers.settle import peak_columns, settled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


BELOW, ABOVE = 1.05, 0.5
"""Worth of a unit held below what an estimate holds, and above it, over that of the estimate. Without the first,
filling a store of a season and waiting would cost the same; without the second a store would be left full, as steps
longer than those of the program do not see how soon it can be filled again."""


@dataclass(frozen=True)
class EndWorth:
    """What a unit held at the end of a window is worth, in segments: each further one no more than the one below."""

    blocks: Ints
    """Hourly columns that hold something. (store,)"""
    tops: Floats
    """Content up to which a segment reaches; infinite for the last. (segment, store, step)"""
    values: Floats
    """Worth of a unit in it. (segment, store, step)"""

    @classmethod
    def around(cls, values: Floats, held: Floats) -> "EndWorth":
        """Take worth and content of an estimate, each (block, step): dearer below that content, cheaper above."""
        blocks = np.flatnonzero((values > 0.0).any(axis=1))
        tops = np.stack([held[blocks], np.full_like(held[blocks], np.inf)])
        return cls(blocks, tops, np.stack([BELOW * values[blocks], ABOVE * values[blocks]]))

    def joined(self, other: "EndWorth") -> "EndWorth":
        """Take the worth of another one where it has one."""
        kept = ~np.isin(self.blocks, other.blocks)
        count = max(len(self.values), len(other.values))
        parts = [(self.tops[:, kept], self.values[:, kept]), (other.tops, other.values)]
        tops = [np.concatenate([t, np.repeat(t[-1:], count - len(t), axis=0)]) for t, _ in parts]
        values = [np.concatenate([v, np.repeat(v[-1:], count - len(v), axis=0)]) for _, v in parts]
        blocks = np.concatenate([self.blocks[kept], other.blocks])
        return EndWorth(blocks, np.concatenate(tops, axis=1), np.concatenate(values, axis=1))

    def added(self, window: HourlyProgram, step: int) -> HourlyProgram:
        """Give a window that ends with a step a column for each segment, filled by what its last step holds."""
        tops, values = self.tops[:, :, step], self.values[:, :, step]
        bottoms = np.vstack([np.zeros(len(self.blocks)), tops[:-1]])
        widths = np.where(np.isfinite(bottoms), tops - np.where(np.isfinite(bottoms), bottoms, 0.0), 0.0)
        old, (segments, stores) = window.globals, values.shape
        first = len(old.cost)
        at_end = np.zeros(window.steps)
        at_end[-1] = 1.0
        rows = [
            GlobalRow(
                0.0,
                np.inf,
                (SumEntry(int(block), at_end),),
                tuple((first + segment * stores + store, -1.0) for segment in range(segments)),
            )
            for store, block in enumerate(self.blocks)
        ]
        columns = GlobalColumns(
            lower=np.append(old.lower, np.zeros(values.size)),
            upper=np.append(old.upper, widths),
            cost=np.append(old.cost, -values),
            is_integer=np.append(old.is_integer, np.zeros(values.size, bool)),
        )
        return replace(window, globals=columns, global_rows=(*window.global_rows, *rows))


@dataclass(frozen=True)
class Rolling:
    """How far to look and how far to move."""

    horizon: int
    """Steps each solve sees."""
    advance: int
    """Steps kept of each solve."""
    worth: EndWorth | None = None
    """Of what is held at the end of a window."""
    held: Floats | None = None
    """Estimate of what every hourly column holds; a ring begins with its last value, and where the worth alone leads
    to a window without a plan, none leaves less. (block, step)"""


Told = Callable[[int, int], None]
"""Called with the steps done and the steps in all."""


def roll(program: HourlyProgram, rolling: Rolling, options: Options | None = None, told: Told | None = None) -> Answer:
    """Walk through the horizon window by window.

    Values of a day or month, such as peaks that are paid for, carry what was reached so far; sums over the horizon
    carry what was used, a sum with a lower end at least its share of the time. With a horizon as long as the program
    this is the full solve.

    Parameters
    ----------
    program : HourlyProgram
        Without sizes to decide.
    rolling : Rolling
        Horizon, advance, worth of what is left.
    options : Options, optional
        Of every window; the time is that of all together.
    told : callable, optional
        Hears about the advance.

    Returns
    -------
    answer : Answer
        Of the whole horizon; status of the first window without a plan; ``STOPPED`` where the time limit, of which
        each window has its share, ended a search over integers at a plan; else optimal. Duals are those of the window
        that kept a step.
    """
    options = options or Options()
    if rolling.horizon >= program.steps:
        arrays, shape, began = program.assemble(), Shape(program.steps), time.perf_counter()
        return with_prices(arrays, solve(arrays, options, shape), options.afterwards(began), shape)
    patience = _Patience(program, rolling, options)
    answer = _walked(_Walk(program, rolling), patience, told, is_floored=False)
    if answer.status is Status.INFEASIBLE and rolling.held is not None:
        answer = _walked(_Walk(program, rolling), patience, told, is_floored=True)
    return answer


def _walked(walk: "_Walk", patience: "_Patience", told: Told | None, is_floored: bool) -> Answer:
    """Go from the first window to the last; with floors, by those of the estimate where there is a plan with them."""
    program, rolling, session = walk.program, walk.rolling, Session()
    first = 0
    while first < program.steps:
        last = min(first + rolling.horizon, program.steps)
        for floors in (walk.floors(last) if is_floored else {}, {}):
            window = walk.window(first, last, floors)
            arrays = window.assemble()
            answer = patience.solve(session, arrays, window.steps, first)
            if answer.status is not Status.INFEASIBLE or not floors:
                break
        if not (answer.status is Status.OPTIMAL or patience.takes(answer)):
            return replace(answer, columns=walk.columns(), row_duals=np.zeros(program.row_count), has_duals=False)
        end = program.steps if last == program.steps else first + rolling.advance
        walk.keep(window, patience.priced(arrays, answer, window.steps), first, end)
        first = end
        if told is not None:
            told(first, program.steps)
    return walk.answer()


class _Patience:
    """The time left, shared out among the windows to come."""

    def __init__(self, program: HourlyProgram, rolling: Rolling, options: Options) -> None:
        self.steps, self.advance, self.options = program.steps, rolling.advance, options
        self.began = time.perf_counter()
        self._asked = options.time_limit

    def solve(self, session: Session, window: LinearProgram, steps: int, first: int) -> Answer:
        """Solve a window; a search over integers, which would take all there is, gets the window's share.

        One without a plan by then gets all that is left.
        """
        windows = -(-(self.steps - first) // self.advance) if window.is_integer.any() else 1
        answer = self._solve(session, window, steps, windows)
        if windows > 1 and self._is_over(answer) and not np.isfinite(answer.gap):
            answer = self._solve(session, window, steps, 1)
        return answer

    def priced(self, window: LinearProgram, answer: Answer, steps: int) -> Answer:
        """Give the plan of a window prices."""
        return with_prices(window, answer, self.options.afterwards(self.began), Shape(steps))

    def _solve(self, session: Session, window: LinearProgram, steps: int, windows: int) -> Answer:
        self._asked = self.options.since(self.began).time_limit / windows
        return session.solve(window, replace(self.options, time_limit=self._asked), Shape(steps))

    def _is_over(self, answer: Answer) -> bool:
        """Whether a window was stopped by its limit, and not by the user."""
        return answer.status is Status.STOPPED and answer.seconds >= 0.99 * self._asked

    def takes(self, answer: Answer) -> bool:
        """Whether a window stopped by its limit has a plan to go on with."""
        return self._is_over(answer) and bool(np.isfinite(answer.gap))


class _Walk:
    """What is settled so far."""

    def __init__(self, program: HourlyProgram, rolling: Rolling) -> None:
        self.program, self.rolling = program, rolling
        blocks = len(program.columns)
        self.values = np.zeros((blocks, program.steps))
        if rolling.held is not None:
            # Before the first step of a ring lies its last.
            is_whole = np.array([column.is_integer for column in program.columns], bool)
            self.values[:, -1] = np.where(is_whole, np.round(rolling.held[:, -1]), rolling.held[:, -1])
        self.globals = np.array(program.globals.lower, float)
        self.lower = np.array(program.globals.lower, float)
        self.used = np.zeros(len(program.global_rows))
        self.duals = [np.zeros(program.steps) for _ in program.rows]
        self.seconds, self.iterations = 0.0, 0
        self.status = Status.OPTIMAL
        self.has_duals = True
        self.together: dict[tuple[tuple[int, float], ...], tuple[float, float]] = {}
        """Range of sums of values of days and months, each by column and coefficient."""
        looked_at = {
            entry.block
            for rows in program.rows
            for entry in rows.entries
            if entry.step is not None and entry.step[0] == program.steps - 1
        }
        self.rings = sorted(looked_at)
        """Columns whose last value is the one before the first."""

    def floors(self, last: int) -> dict[int, float]:
        """Say what each store has to hold at the end of a window: what the estimate of the whole horizon holds.

        Only for a walk that its worth alone led astray, such as to a ring that can no longer be closed.
        """
        if self.rolling.held is None or last == self.program.steps:
            return {}
        held = self.rolling.held[:, last - 1]
        return {int(block): float(held[block]) for block in np.flatnonzero(held)}

    def window(self, first: int, last: int, floors: dict[int, float]) -> HourlyProgram:
        """Cut a window, with what is settled as its past and a worth for what it leaves."""
        window = self.program.window(first, last, self.values)
        columns = list(window.columns)
        for ring, floor in floors.items():
            columns[ring] = _ending(columns[ring], window.steps, floor, np.inf)
        if last == self.program.steps:
            for ring in self.rings:
                columns[ring] = _ending(columns[ring], window.steps, self.values[ring, -1], self.values[ring, -1])
        rows = tuple(self._remaining(number, row, last) for number, row in enumerate(window.global_rows))
        freed = replace(window.globals, lower=np.minimum(self.lower, window.globals.upper))
        rows = (*rows, *self._past(window))
        window = replace(window, columns=tuple(columns), global_rows=rows, globals=freed)
        worth = self.rolling.worth
        return window if worth is None or last == self.program.steps else worth.added(window, last - 1)

    def keep(self, window: HourlyProgram, answer: Answer, first: int, end: int) -> None:
        """Settle the first part of a window."""
        count, steps, blocks = end - first, window.steps, len(window.columns)
        solved = answer.columns[: steps * blocks].reshape(blocks, steps)
        self.values[:, first:end] = solved[:, :count]
        self.globals = answer.columns[steps * blocks :][: len(self.lower)].copy()
        for number, rows in enumerate(window.rows):
            begin = int(window.row_starts[number])
            at = np.arange(steps) if rows.steps is None else rows.steps
            kept = at < count
            self.duals[number][first + at[kept]] = answer.row_duals[begin : begin + len(at)][kept]
        self._carry_peaks(window, solved, count)
        for number, row in enumerate(self.program.global_rows):
            for entry in row.sums:
                low, high = entry.first, self.program.steps if entry.count is None else entry.first + entry.count
                span = slice(max(low, first), min(high, end))
                if span.start < span.stop:
                    coefficient = entry.coefficient
                    if isinstance(coefficient, np.ndarray):
                        coefficient = coefficient[span.start - low : span.stop - low]
                    self.used[number] += float(np.sum(coefficient * self.values[entry.block, span]))
        self.status = answer.status if answer.status is Status.STOPPED else self.status
        self.has_duals &= answer.has_duals
        self.seconds += answer.seconds
        self.iterations += answer.iterations

    def _carry_peaks(self, window: HourlyProgram, solved: Floats, count: int) -> None:
        """What the kept steps asked of values of a day or month is their least from now on, alone or together."""
        for rows in window.rows:
            series = [entry for entry in rows.global_entries if isinstance(entry.column, np.ndarray)]
            if not series or rows.steps is not None:
                continue
            rest = _activity(window, rows, solved, self.globals, series)[:count]
            upper, lower = (np.broadcast_to(bound, window.steps)[:count] - rest for bound in (rows.upper, rows.lower))
            columns = np.stack([np.asarray(entry.column)[:count] for entry in series])
            coefficients = np.stack([np.broadcast_to(entry.coefficient, window.steps)[:count] for entry in series])
            if len(series) > 1:
                self._carry_together(columns, coefficients, lower, upper)
                continue
            with np.errstate(divide="ignore", invalid="ignore"):
                need = np.where(coefficients[0] < 0.0, upper, lower) / coefficients[0]
            need = np.where(np.isfinite(need), need, -np.inf)
            np.maximum.at(self.lower, columns[0], need)

    def _carry_together(self, columns: Ints, coefficients: Floats, lower: Floats, upper: Floats) -> None:
        """Keep the tightest range of each combination of values of days and months."""
        found, which = np.unique(np.vstack([columns, coefficients]), axis=1, return_inverse=True)
        least, most = np.full(found.shape[1], -np.inf), np.full(found.shape[1], np.inf)
        np.maximum.at(least, which.ravel(), lower)
        np.minimum.at(most, which.ravel(), upper)
        for one, low, high in zip(found.T, least, most, strict=True):
            key = tuple(zip(one[: len(columns)].astype(int).tolist(), one[len(columns) :].tolist(), strict=True))
            before = self.together.get(key, (-np.inf, np.inf))
            self.together[key] = (max(before[0], float(low)), min(before[1], float(high)))

    def _past(self, window: HourlyProgram) -> tuple[GlobalRow, ...]:
        """Rows that hold what earlier steps asked of values of days and months together, where a window has a say."""
        here = peak_columns(window)
        return tuple(
            GlobalRow(low, high, (), key)
            for key, (low, high) in self.together.items()
            if any(column in here for column, _ in key)
        )

    def _remaining(self, number: int, row: GlobalRow, last: int) -> GlobalRow:
        """Bounds of a sum over the horizon for what is left of it; single columns keep their part in every window."""
        if not row.sums:
            return row
        if last < self.program.steps and any(self._is_at_end(entry) for entry in self.program.global_rows[number].sums):
            return replace(row, lower=-np.inf, upper=np.inf)
        lower = row.lower * (last / self.program.steps) if row.lower > 0.0 else row.lower
        if last == self.program.steps or not np.isfinite(row.lower):
            lower = row.lower
        used = 0.0 if any(self._is_at_end(e) for e in self.program.global_rows[number].sums) else self.used[number]
        return replace(row, lower=lower - used, upper=row.upper - used)

    def _is_at_end(self, entry: SumEntry) -> bool:
        """Whether an entry speaks of the last step only, such as what a store holds in the end."""
        if not isinstance(entry.coefficient, np.ndarray):
            return False
        used = np.flatnonzero(entry.coefficient)
        return len(used) == 1 and entry.first + int(used[0]) == self.program.steps - 1

    def columns(self) -> Floats:
        """Everything settled, in the order of the assembled program."""
        hourly, single = settled(self.program, self.values, np.maximum(self.globals, self.lower))
        return np.concatenate([hourly.ravel(), single])

    def answer(self) -> Answer:
        """The whole walk as one answer."""
        program, columns = self.program, self.columns()
        whole = program.assemble()
        duals = [
            self.duals[number] if rows.steps is None else self.duals[number][rows.steps]
            for number, rows in enumerate(program.rows)
        ]
        return Answer(
            status=self.status,
            method="rolling",
            objective=float(whole.cost @ columns + whole.offset),
            columns=columns,
            row_duals=np.concatenate([*duals, np.zeros(len(program.global_rows))]),
            column_duals=np.zeros(len(columns)),
            gap=0.0,
            iterations=self.iterations,
            seconds=self.seconds,
            has_duals=self.has_duals and any(part.any() for part in duals),
        )


def _ending(column: HourColumns, steps: int, least: float, most: float) -> HourColumns:
    """Let a column end within a range, so that a ring closes."""
    lower, upper = (np.array(np.broadcast_to(bound, steps), float) for bound in (column.lower, column.upper))
    lower[-1], upper[-1] = max(lower[-1], min(least, upper[-1])), min(upper[-1], max(most, lower[-1]))
    return replace(column, lower=lower, upper=upper)


def _activity(
    window: HourlyProgram, rows: HourRows, solved: Floats, values: Floats, without: list[GlobalEntry]
) -> Floats:
    """Left side of hourly rows without some global entries. (step,)"""
    total = np.zeros(window.steps)
    for entry in rows.entries:
        step = np.arange(window.steps) if entry.step is None else entry.step
        total += np.where(step >= 0, entry.coefficient * solved[entry.block, step], 0.0)
    for fixed in rows.global_entries:
        if not any(fixed is one for one in without):
            total += fixed.coefficient * values[fixed.column]
    return total
