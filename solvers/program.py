"""The contract between model and engines: one hour's pattern with its coefficients as arrays over hours."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from solvers.linear import LinearProgram, RowBlockWriter, Span

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
PerStep = float | Floats
"""One number for all steps, or an array (step,)."""


@dataclass(frozen=True)
class HourColumns:
    """A block of columns, one a step."""

    lower: PerStep
    upper: PerStep
    cost: PerStep
    is_integer: bool = False


@dataclass(frozen=True)
class GlobalColumns:
    """Columns that exist once: capacities, peaks, start levels."""

    lower: Floats
    """(column,)"""
    upper: Floats
    """(column,)"""
    cost: Floats
    """(column,)"""
    is_integer: NDArray[np.bool_]
    """(column,)"""


@dataclass(frozen=True)
class Entry:
    """A coefficient of an hourly row in an hourly column block."""

    block: int
    """Which block of hourly columns."""
    coefficient: PerStep
    step: Ints | None = None
    """Step whose column is meant, per row (step,); None for the row's own, -1 for no entry."""


@dataclass(frozen=True)
class GlobalEntry:
    """A coefficient of an hourly row in a global column."""

    column: int | Ints
    """Which global column, one for all rows or one per row (step,)."""
    coefficient: PerStep


@dataclass(frozen=True)
class HourRows:
    """A block of rows, one a step: ``lower <= sum of entries <= upper``."""

    lower: PerStep
    upper: PerStep
    entries: tuple[Entry, ...]
    global_entries: tuple[GlobalEntry, ...] = ()
    steps: Ints | None = None
    """Steps that have a row, ascending; None for all."""


@dataclass(frozen=True)
class SumEntry:
    """Coefficients of a row that sums over steps."""

    block: int
    coefficient: PerStep
    first: int = 0
    """First step summed."""
    count: int | None = None
    """Number of steps summed; all from the first where None. The coefficient then has this length."""


@dataclass(frozen=True)
class GlobalRow:
    """A row over all steps and global columns: ``lower <= sum <= upper``."""

    lower: float
    upper: float
    sums: tuple[SumEntry, ...] = ()
    columns: tuple[tuple[int, float], ...] = ()
    """Pairs of global column and coefficient."""


@dataclass(frozen=True)
class HourlyProgram:
    """A linear or mixed-integer program whose hours share one pattern.

    Column order when assembled: hourly blocks one after the other, each with all its steps, then the global
    columns. Row order alike.
    """

    steps: int
    previous: Ints
    """Step before each step, with the last before the first: (step,)"""
    columns: tuple[HourColumns, ...]
    globals: GlobalColumns
    rows: tuple[HourRows, ...]
    global_rows: tuple[GlobalRow, ...]
    offset: float = 0.0
    """Constant part of the objective."""
    names: "Names" = field(default_factory=lambda: Names())

    @cached_property
    def row_starts(self) -> Ints:
        """First assembled row of each hourly row block, then of the global rows. (block + 1,)"""
        counts = [self.steps if rows.steps is None else len(rows.steps) for rows in self.rows]
        return np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])

    @property
    def column_count(self) -> int:
        """Number of assembled columns."""
        return self.steps * len(self.columns) + len(self.globals.cost)

    @property
    def row_count(self) -> int:
        """Number of assembled rows."""
        return int(self.row_starts[-1]) + len(self.global_rows)

    def column_spans(self) -> Iterator[tuple[str, slice]]:
        """Walk the named columns: hourly blocks, then single columns, each with its place in the assembled program."""
        first = self.steps * len(self.columns)
        for number, name in enumerate(self.names.columns):
            yield name, slice(number * self.steps, (number + 1) * self.steps)
        for number, name in enumerate(self.names.globals, first):
            yield name, slice(number, number + 1)

    def row_spans(self) -> Iterator[tuple[str, slice]]:
        """Walk the named row blocks, then the rows that exist once, each with its place in the assembled program."""
        starts = self.row_starts
        for number, name in enumerate(self.names.rows):
            yield name, slice(int(starts[number]), int(starts[number + 1]))
        for number, name in enumerate(self.names.global_rows, int(starts[-1])):
            yield name, slice(number, number + 1)

    def assemble(self) -> LinearProgram:
        """Write the whole program as one sparse matrix with its bounds and costs."""
        steps, first_global = self.steps, self.steps * len(self.columns)
        writer = RowBlockWriter(self.row_count, self._entry_count())
        every_step = np.arange(steps)
        for rows in self.rows:
            writer.add_block(
                rows.steps if rows.steps is not None else every_step,
                rows.lower,
                rows.upper,
                [(entry.block * steps, entry.step, entry.coefficient) for entry in rows.entries],
                [(first_global, entry.column, entry.coefficient) for entry in rows.global_entries],
            )
        for row in self.global_rows:
            spans: list[Span] = [
                (
                    entry.block * steps + entry.first,
                    steps - entry.first if entry.count is None else entry.count,
                    entry.coefficient,
                )
                for entry in row.sums
            ]
            spans += [(first_global + column, 1, coefficient) for column, coefficient in row.columns]
            writer.add_row(row.lower, row.upper, spans)
        return LinearProgram(
            cost=self._stacked("cost"),
            lower=self._stacked("lower"),
            upper=self._stacked("upper"),
            is_integer=self._integers(),
            offset=self.offset,
            **writer.finish(),
        )

    def window(self, first: int, last: int, known: Floats) -> "HourlyProgram":
        """Cut the steps ``first <= step < last``, for rolling horizons.

        Parameters
        ----------
        first, last : int
            Span of steps.
        known : ndarray (block, step)
            Values of the hourly columns over the whole program; what the span looks at outside itself becomes part
            of the row bounds.

        Returns
        -------
        program : HourlyProgram
            Open in time: nothing in it looks before its first step. Global rows keep the part inside the span.
        """
        span = slice(first, last)
        return HourlyProgram(
            steps=last - first,
            previous=np.r_[last - first - 1, np.arange(last - first - 1)],
            columns=tuple(
                HourColumns(_cut(c.lower, span), _cut(c.upper, span), _cut(c.cost, span), c.is_integer)
                for c in self.columns
            ),
            globals=self.globals,
            rows=tuple(_cut_rows(rows, first, last, known) for rows in self.rows),
            global_rows=tuple(
                GlobalRow(
                    row.lower,
                    row.upper,
                    tuple(cut for entry in row.sums if (cut := _cut_sum(entry, first, last, self.steps)) is not None),
                    row.columns,
                )
                for row in self.global_rows
            ),
            offset=self.offset,
            names=self.names,
        )

    def _entry_count(self) -> int:
        """Count the entries, those included that are zero in some hours."""
        widths = [len(rows.entries) + len(rows.global_entries) for rows in self.rows]
        spans = sum(len(row.columns) for row in self.global_rows)
        spans += sum(
            self.steps - entry.first if entry.count is None else entry.count
            for row in self.global_rows
            for entry in row.sums
        )
        return int(np.diff(self.row_starts) @ np.array(widths, np.int64)) + spans

    def _stacked(self, what: str) -> Floats:
        stacked = np.empty(self.column_count)
        for number, columns in enumerate(self.columns):
            stacked[number * self.steps : (number + 1) * self.steps] = getattr(columns, what)
        stacked[self.steps * len(self.columns) :] = getattr(self.globals, what)
        return stacked

    def _integers(self) -> NDArray[np.bool_]:
        flags = [columns.is_integer for columns in self.columns]
        return np.concatenate([np.repeat(flags, self.steps).astype(bool), self.globals.is_integer])


@dataclass(frozen=True)
class Names:
    """What the blocks are called, for messages."""

    columns: tuple[str, ...] = ()
    globals: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    global_rows: tuple[str, ...] = ()


def _cut(value: PerStep, span: slice) -> PerStep:
    return value[span] if isinstance(value, np.ndarray) else value


def _cut_sum(entry: SumEntry, first: int, last: int, steps: int) -> SumEntry | None:
    """Cut a sum to the part inside a span; None where it has none."""
    begin = max(entry.first, first)
    end = min(steps if entry.count is None else entry.first + entry.count, last)
    if begin >= end:
        return None
    coefficient = _cut(entry.coefficient, slice(begin - entry.first, end - entry.first))
    return SumEntry(entry.block, coefficient, begin - first, end - begin)


def _cut_rows(rows: HourRows, first: int, last: int, values: Floats) -> HourRows:
    """Cut a row block; what it takes from steps outside the span becomes a constant."""
    span, count = slice(first, last), last - first
    known = np.zeros(count)
    entries = []
    for entry in rows.entries:
        coefficient = _cut(entry.coefficient, span)
        if entry.step is None:
            entries.append(Entry(entry.block, coefficient))
            continue
        step = entry.step[span] - first
        outside = (entry.step[span] >= 0) & ((step < 0) | (step >= count))
        past = values[entry.block, np.where(outside, entry.step[span], 0)]
        known += np.where(outside, np.broadcast_to(coefficient, count) * past, 0.0)
        entries.append(Entry(entry.block, coefficient, np.where(outside | (entry.step[span] < 0), -1, step)))
    steps = None
    if rows.steps is not None:
        steps = rows.steps[(rows.steps >= first) & (rows.steps < last)] - first
    return HourRows(
        _cut(rows.lower, span) - known,
        _cut(rows.upper, span) - known,
        tuple(entries),
        tuple(
            GlobalEntry(_cut_columns(entry.column, span), _cut(entry.coefficient, span))
            for entry in rows.global_entries
        ),
        steps,
    )


def _cut_columns(column: int | Ints, span: slice) -> int | Ints:
    return column[span] if isinstance(column, np.ndarray) else column
