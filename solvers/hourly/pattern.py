"""From an hourly program with its sizes settled to the arrays that a walk over the hours needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from solvers.program import GlobalRow, HourlyProgram, HourRows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_SLACK = 1e-9


class RefusedError(Exception):
    """What cannot be walked hour by hour, in words."""


@dataclass
class Sheet:
    """One hour's rows over all hours, before and after rows on single columns became bounds."""

    lower: Floats
    """(step, column)"""
    upper: Floats
    """(step, column)"""
    cost: Floats
    """(step, column) what decides"""
    row_lower: Floats
    """(step, row)"""
    row_upper: Floats
    """(step, row)"""
    entry_row: list[int] = field(default_factory=list)
    entry_column: list[int] = field(default_factory=list)
    entry_value: list[Floats] = field(default_factory=list)
    """Each (step,): entries in the same hour"""
    past_row: list[int] = field(default_factory=list)
    past_column: list[int] = field(default_factory=list)
    past_lag: list[int] = field(default_factory=list)
    past_value: list[Floats] = field(default_factory=list)
    """Each (step,): entries in earlier hours, zero where there are none"""
    peaks: dict[tuple[int, int], tuple[int, Ints]] = field(default_factory=dict)
    """Values of a day or month: column of their rise, and the global column of each hour"""
    budgets: list[tuple[int, int]] = field(default_factory=list)
    """Row, and the global row whose rest it guards"""
    is_impossible: Flags = field(default_factory=lambda: np.zeros(0, bool))
    """(step,) whether a row without columns asks for something"""

    def refuse(self, row: int, is_empty: Flags | bool) -> None:
        """Note the hours in which a row holds no column and yet asks for something."""
        low, high = self.row_lower[:, row], self.row_upper[:, row]
        asks = (low > _SLACK * (1.0 + np.abs(low))) | (high < -_SLACK * (1.0 + np.abs(high)))
        self.is_impossible = self.is_impossible | (asks & is_empty)


def sheet_of(program: HourlyProgram, settled: Floats, prices: Floats) -> Sheet:
    """Lay the hours of a program out.

    Parameters
    ----------
    program : HourlyProgram
        Its steps one chain.
    settled : ndarray (global,)
        Values of the columns that exist once; those of a day or month are not looked at.
    prices : ndarray (global row,)
        Worth of a unit of each row over the horizon, such as a budget; part of every hour's costs.

    Returns
    -------
    sheet : Sheet
        Rows in the order of the program's blocks, then one for each budget.

    Raises
    ------
    RefusedError
        When the steps are no chain, or a row over the horizon asks for a least amount.
    """
    steps = program.steps
    if not np.array_equal(program.previous[1:], np.arange(steps - 1)):
        raise RefusedError("its hours do not follow one another, as those of typical days do not")
    count = len(program.columns)
    sheet = Sheet(
        _table(steps, [c.lower for c in program.columns]),
        _table(steps, [c.upper for c in program.columns]),
        _table(steps, [c.cost for c in program.columns]),
        _table(steps, [rows.lower for rows in program.rows]),
        _table(steps, [rows.upper for rows in program.rows]),
        is_impossible=np.zeros(steps, bool),
    )
    for number, rows in enumerate(program.rows):
        _lay_row(program, sheet, number, rows, settled)
    _add_peaks(program, sheet, count, prices)
    for number, row in enumerate(program.global_rows):
        if row.sums:
            _lay_sum(program, sheet, number, row, settled, float(prices[number]))
    return sheet


def _table(steps: int, values: list[float | Floats]) -> Floats:
    found = np.empty((steps, len(values)))
    for number, value in enumerate(values):
        found[:, number] = value
    return found


def _lay_row(program: HourlyProgram, sheet: Sheet, number: int, rows: HourRows, settled: Floats) -> None:
    steps = program.steps
    has_row = np.ones(steps, bool)
    if rows.steps is not None:
        has_row[:] = False
        has_row[rows.steps] = True
        sheet.row_lower[~has_row, number], sheet.row_upper[~has_row, number] = -np.inf, np.inf
    for entry in rows.entries:
        value = np.where(has_row, np.broadcast_to(entry.coefficient, steps), 0.0)
        if entry.step is None:
            sheet.entry_row.append(number)
            sheet.entry_column.append(entry.block)
            sheet.entry_value.append(value)
            continue
        lag = (np.arange(steps) - entry.step) % steps
        lag = np.unique(lag[entry.step >= 0])
        if len(lag) > 1:
            raise RefusedError("a rule looks back by different numbers of hours")
        if len(lag):
            sheet.past_row.append(number)
            sheet.past_column.append(entry.block)
            sheet.past_lag.append(int(lag[0]))
            sheet.past_value.append(np.where(entry.step >= 0, value, 0.0))
    for fixed in rows.global_entries:
        value = np.where(has_row, np.broadcast_to(fixed.coefficient, steps), 0.0)
        if isinstance(fixed.column, np.ndarray):
            key = int(fixed.column[0]), int(fixed.column[-1])
            column, _ = sheet.peaks.setdefault(key, (len(program.columns) + len(sheet.peaks), fixed.column))
            sheet.entry_row.append(number)
            sheet.entry_column.append(column)
            sheet.entry_value.append(value)
        else:
            known = value * settled[fixed.column]
            sheet.row_lower[:, number] -= known
            sheet.row_upper[:, number] -= known


def _add_peaks(program: HourlyProgram, sheet: Sheet, count: int, prices: Floats) -> None:
    """Give every value of a day or month a column for its rise in the hour."""
    if not sheet.peaks:
        return
    cost = np.array(program.globals.cost, float)
    for number, row in enumerate(program.global_rows):
        for column, coefficient in row.columns:
            cost[column] -= prices[number] * coefficient
    more = np.zeros((program.steps, len(sheet.peaks)))
    costs = more.copy()
    for column, members in sheet.peaks.values():
        costs[:, column - count] = np.maximum(cost[members], 0.0)
    sheet.lower = np.hstack([sheet.lower, more])
    sheet.upper = np.hstack([sheet.upper, np.full_like(more, np.inf)])
    sheet.cost = np.hstack([sheet.cost, costs])


def _lay_sum(program: HourlyProgram, sheet: Sheet, number: int, row: GlobalRow, settled: Floats, price: float) -> None:
    """Turn a row over the horizon into a price in every hour and, where it is a budget, a guard of what is left."""
    if is_at_end(program, row):
        return
    steps = program.steps
    free = sum(coefficient * settled[column] for column, coefficient in row.columns)
    if np.isfinite(row.lower) and row.lower - free > 0.0:
        raise RefusedError(
            f"'{_named(program.names.global_rows, number)}' asks for a least amount over the whole horizon, which "
            "nobody who walks hour by hour can promise"
        )
    guarded = len(sheet.row_lower[0])
    inside = np.zeros(steps, bool)
    for entry in row.sums:
        end = steps if entry.count is None else entry.first + entry.count
        value = np.zeros(steps)
        value[entry.first : end] = entry.coefficient
        inside |= value != 0.0
        sheet.cost[:, entry.block] -= price * value
        sheet.entry_row.append(guarded)
        sheet.entry_column.append(entry.block)
        sheet.entry_value.append(value)
    bound = np.full((steps, 1), np.inf)
    sheet.row_lower = np.hstack([sheet.row_lower, -bound])
    sheet.row_upper = np.hstack([sheet.row_upper, np.where(inside[:, None], row.upper - free, bound)])
    sheet.budgets.append((guarded, number))


def is_at_end(program: HourlyProgram, row: GlobalRow) -> bool:
    """Whether a row speaks of the last step only, such as what a store holds in the end."""
    for entry in row.sums:
        if not isinstance(entry.coefficient, np.ndarray):
            return False
        used = np.flatnonzero(entry.coefficient)
        if len(used) != 1 or entry.first + int(used[0]) != program.steps - 1:
            return False
    return True


def _named(names: tuple[str, ...], number: int) -> str:
    return names[number] if number < len(names) else f"row {number}"


def tighten(sheet: Sheet) -> Flags:
    """Turn rows on one column of the same hour into bounds of it; says which rows are left.

    Returns
    -------
    kept : ndarray (row,)
    """
    rows = sheet.row_lower.shape[1]
    entries = np.bincount(sheet.entry_row, minlength=rows)
    looks_back = np.bincount(sheet.past_row, minlength=rows) > 0
    guarded = {row for row, _ in sheet.budgets}
    peaks = {column for column, _ in sheet.peaks.values()}
    kept = entries > 0
    for empty in np.flatnonzero(~kept & ~looks_back):
        sheet.refuse(int(empty), True)
    for place, (row, column) in enumerate(zip(sheet.entry_row, sheet.entry_column, strict=True)):
        if entries[row] != 1 or looks_back[row] or row in guarded or column in peaks:
            continue
        value = sheet.entry_value[place]
        with np.errstate(divide="ignore", invalid="ignore"):
            ends = sheet.row_lower[:, row] / value, sheet.row_upper[:, row] / value
        low = np.where(value > 0.0, ends[0], np.where(value < 0.0, ends[1], -np.inf))
        high = np.where(value > 0.0, ends[1], np.where(value < 0.0, ends[0], np.inf))
        sheet.lower[:, column] = np.maximum(sheet.lower[:, column], low)
        sheet.upper[:, column] = np.minimum(sheet.upper[:, column], high)
        kept[row] = False
        sheet.refuse(row, value == 0.0)
    _close_rounding(sheet)
    return kept


def _close_rounding(sheet: Sheet) -> None:
    """Where two bounds miss each other by rounding only, they meet."""
    crossed = sheet.lower > sheet.upper
    near = crossed & (sheet.lower - sheet.upper <= 1e-9 * (1.0 + np.abs(sheet.lower)))
    sheet.upper[near] = sheet.lower[near]


def families(row: Ints, column: Ints, rows: int, columns: int) -> tuple[Ints, Ints]:
    """Number the parts of an hour that have nothing to do with each other.

    Returns
    -------
    of_row : ndarray (row,)
    of_column : ndarray (column,)
        A column in no row is a part of its own.
    """
    linked = coo_array((np.ones(len(row)), (row, rows + column)), shape=(rows + columns,) * 2)
    _, label = connected_components(linked, directed=False)
    return label[:rows].astype(np.int64), label[rows:].astype(np.int64)


def scales(row: Ints, column: Ints, size: Floats, rows: int, columns: int) -> tuple[Floats, Floats]:
    """Find powers of two that bring the coefficients near one. (row,), (column,)"""
    log_row, log_column = np.zeros(rows), np.zeros(columns)
    logs = np.log2(np.where(size > 0.0, size, 1.0))
    for _ in range(3):
        for mine, other, index, partner, count in (
            (log_row, log_column, row, column, rows),
            (log_column, log_row, column, row, columns),
        ):
            low, high = np.full(count, np.inf), np.full(count, -np.inf)
            np.minimum.at(low, index, logs + other[partner])
            np.maximum.at(high, index, logs + other[partner])
            is_used = np.isfinite(low)
            mine[is_used] = -0.5 * (low[is_used] + high[is_used])
    return np.exp2(np.round(log_row)), np.exp2(np.round(log_column))


Worths = Mapping[int, "StoreWorth"]


@dataclass(frozen=True)
class StoreWorth:
    """What an operator thinks a unit held by a store is worth."""

    breaks: Floats
    """Contents at which the worth changes, ascending, without the ends. (step, piece - 1)"""
    above: Floats
    """Worth of a unit more than is held, by hour and piece; never rising with the content. (step, piece)"""
    below: Floats
    """Worth of a unit of what is held; as ``above`` or more. (step, piece)"""
    left: Floats | None = None
    """Worth of a unit left after the last step, where ``above`` says what to do rather than what it is worth. (piece,)
    """

    @property
    def is_flat(self) -> bool:
        """Whether a unit is worth the same whatever is held."""
        return self.above.shape[1] == 1 and np.array_equal(self.above, self.below)
