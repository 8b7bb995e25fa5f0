"""The hours of a program as tables with one line a step: what the interior point method computes with."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from solvers.program import Entry, GlobalRow, HourlyProgram, HourRows, PerStep

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

MOST_JUMPS = 40
"""Hours in which an entry may look elsewhere than it usually does, as at the closing of a ring, per period of time."""
LONGEST_LAG = 48
"""Steps that an entry may look back; each costs a column and a row in every hour."""


class RefusedError(ValueError):
    """The program has something that the method does not take; the text says what."""


@dataclass
class Link:
    """Coefficients of a block of rows in a block of columns of the same step, or of the one before."""

    row: int
    column: int
    lag: int
    value: Floats
    """(step,) zero where there is none"""


@dataclass
class Slot:
    """Coefficients of a block of rows in columns that exist once."""

    row: int
    index: Ints
    """Which column. (step,)"""
    value: Floats
    """(step,)"""


@dataclass
class Jump:
    """A coefficient of the row of one step in the column of a step that is not the one before."""

    step: int
    row: int
    source: int
    column: int
    value: float


@dataclass
class Total:
    """Coefficients of a row that exists once in a block of columns."""

    row: int
    column: int
    first: int
    value: Floats
    """Of the steps from the first. (step summed,)"""


@dataclass
class Grid:
    """A program in tables; registers hold what longer lags look at.

    The blocks of the program come first, those of registers after them.
    """

    lower: Floats
    """(step, column)"""
    upper: Floats
    """(step, column)"""
    cost: Floats
    """(step, column)"""
    once_lower: Floats
    once_upper: Floats
    once_cost: Floats
    row_lower: Floats
    """(step, row)"""
    row_upper: Floats
    """(step, row)"""
    has_row: Flags
    """(step, row)"""
    total_lower: Floats
    total_upper: Floats
    has_total: Flags
    totals_once: Floats
    """Coefficients of rows that exist once in columns that exist once. (row, column)"""
    links: dict[tuple[int, int, int], Link]
    """By row, column and lag."""
    slots: list[Slot]
    jumps: list[Jump]
    totals: list[Total]
    offset: float = 0.0
    by_row: list[list[Link | Slot]] = field(default_factory=list)
    """Links and slots of each block of rows."""

    @property
    def steps(self) -> int:
        """Number of steps."""
        return len(self.lower)

    def index_rows(self) -> None:
        """Sort links and slots by their rows."""
        self.by_row = [[] for _ in range(self.row_lower.shape[1])]
        parts: list[Link | Slot] = [*self.links.values(), *self.slots]
        for part in parts:
            self.by_row[part.row].append(part)


def grid_of(program: HourlyProgram) -> Grid:
    """Write a program as tables.

    Parameters
    ----------
    program : HourlyProgram
        Continuous.

    Returns
    -------
    grid : Grid

    Raises
    ------
    RefusedError
        When the program has whole numbers, or entries that look back irregularly or very far.
    """
    if program.globals.is_integer.any() or any(column.is_integer for column in program.columns):
        raise RefusedError("whole numbers")
    steps, ones = program.steps, program.globals
    grid = Grid(
        lower=_table(program, [c.lower for c in program.columns]),
        upper=_table(program, [c.upper for c in program.columns]),
        cost=_table(program, [c.cost for c in program.columns]),
        once_lower=ones.lower.astype(float),
        once_upper=ones.upper.astype(float),
        once_cost=ones.cost.astype(float),
        row_lower=_table(program, [r.lower for r in program.rows]),
        row_upper=_table(program, [r.upper for r in program.rows]),
        has_row=np.ones((steps, len(program.rows)), bool),
        total_lower=np.array([row.lower for row in program.global_rows], float),
        total_upper=np.array([row.upper for row in program.global_rows], float),
        has_total=np.ones(len(program.global_rows), bool),
        totals_once=np.zeros((len(program.global_rows), len(ones.cost))),
        links={},
        slots=[],
        jumps=[],
        totals=[],
        offset=program.offset,
    )
    registers = _Registers(grid)
    for number, rows in enumerate(program.rows):
        _add_rows(grid, registers, number, rows)
    for number, total in enumerate(program.global_rows):
        _add_total(grid, number, total)
    registers.write()
    rings = 1 + int(np.sum(program.previous != np.arange(steps) - 1))
    if len(grid.jumps) > MOST_JUMPS * (1 + len(program.columns)) * rings:
        raise RefusedError("many rows that look at steps without pattern")
    grid.index_rows()
    return grid


def _table(program: HourlyProgram, values: list[PerStep]) -> Floats:
    table = np.empty((program.steps, len(values)))
    for number, value in enumerate(values):
        table[:, number] = value
    return table


def _add_rows(grid: Grid, registers: "_Registers", number: int, rows: HourRows) -> None:
    if rows.steps is not None:
        grid.has_row[:, number] = False
        grid.has_row[rows.steps, number] = True
    has_row = grid.has_row[:, number]
    grid.row_lower[~has_row, number], grid.row_upper[~has_row, number] = -np.inf, np.inf
    for entry in rows.entries:
        value = np.where(has_row, entry.coefficient, 0.0)
        if entry.step is None:
            _add_link(grid, Link(number, entry.block, 0, value))
        else:
            _add_lagged(grid, registers, number, entry, value)
    for given in rows.global_entries:
        index = np.broadcast_to(np.asarray(given.column, np.int64), len(has_row))
        grid.slots.append(Slot(number, index, np.where(has_row, given.coefficient, 0.0)))


def _add_link(grid: Grid, link: Link) -> None:
    """Add coefficients to those of the same row, column and lag, if there are any."""
    other = grid.links.setdefault((link.row, link.column, link.lag), link)
    if other is not link:
        other.value = other.value + link.value


def _add_lagged(grid: Grid, registers: "_Registers", number: int, entry: Entry, value: Floats) -> None:
    """Split an entry that looks back into its usual lag and the few hours in which it looks elsewhere."""
    steps = grid.steps
    source = np.asarray(entry.step)
    value = np.where(source >= 0, value, 0.0)
    back = np.arange(steps) - source
    known = back[(source >= 0) & (back > 0)]
    lag = int(np.bincount(known).argmax()) if len(known) else 0
    if lag > LONGEST_LAG:
        raise RefusedError(f"rows that look back {lag} steps")
    is_usual = (source >= 0) & (back == lag) & (lag > 0)
    for step in np.flatnonzero(~is_usual & (value != 0.0)):
        grid.jumps.append(Jump(int(step), number, int(source[step]), entry.block, float(value[step])))
    usual = np.where(is_usual, value, 0.0)
    if lag == 1:
        _add_link(grid, Link(number, entry.block, 1, usual))
    elif lag > 1:
        _add_link(grid, Link(number, registers.get(entry.block, lag - 1, usual != 0.0), 1, usual))


def _add_total(grid: Grid, number: int, total: GlobalRow) -> None:
    for entry in total.sums:
        count = grid.steps - entry.first if entry.count is None else entry.count
        value = np.broadcast_to(np.asarray(entry.coefficient, float), count)
        grid.totals.append(Total(number, entry.block, entry.first, value))
    for column, coefficient in total.columns:
        grid.totals_once[number, column] += coefficient


class _Registers:
    """Columns that hand a value on from step to step, so that every row looks back by one step at most."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.first = grid.lower.shape[1]
        self.places: dict[tuple[int, int], int] = {}
        self.used: list[Flags] = []

    def get(self, column: int, depth: int, wanted: Flags) -> int:
        """Column that holds the value of another some steps ago, as rows at the steps wanted look one step back."""
        used = np.r_[wanted[1:], False]
        for deep in range(depth, 0, -1):
            key = (column, deep)
            if key not in self.places:
                self.places[key] = self.first + len(self.places)
                self.used.append(np.zeros(self.grid.steps, bool))
            self.used[self.places[key] - self.first] |= used
            used = np.r_[used[1:], False]
        return self.places[column, depth]

    def write(self) -> None:
        """Add the columns and the rows that hand on."""
        if not self.places:
            return
        grid, steps = self.grid, self.grid.steps
        for (column, depth), place in self.places.items():
            used = self.used[place - self.first]
            row = grid.row_lower.shape[1]
            for name in ("lower", "upper"):
                table = getattr(grid, name)
                past = np.r_[np.zeros(depth), table[: steps - depth, column]]
                setattr(grid, name, np.column_stack([table, np.where(used, past, 0.0)]))
            grid.cost = np.column_stack([grid.cost, np.zeros(steps)])
            grid.row_lower = np.column_stack([grid.row_lower, np.where(used, 0.0, -np.inf)])
            grid.row_upper = np.column_stack([grid.row_upper, np.where(used, 0.0, np.inf)])
            grid.has_row = np.column_stack([grid.has_row, used])
            before = column if depth == 1 else self.places[column, depth - 1]
            _add_link(grid, Link(row, place, 0, np.where(used, 1.0, 0.0)))
            _add_link(grid, Link(row, before, 1, np.where(used, -1.0, 0.0)))
