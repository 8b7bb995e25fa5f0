"""Evaluated formulas to the row blocks, bounds and costs of an HourlyProgram."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from energysim.errors import DeclarationError
from energysim.model.columns import Columns
from energysim.model.origin import Origin
from energysim.model.templates import Affine, Coefficient
from energysim.system import Time
from solvers.program import (
    Entry,
    GlobalColumns,
    GlobalEntry,
    GlobalRow,
    HourColumns,
    HourlyProgram,
    HourRows,
    Names,
    SumEntry,
)

Floats = NDArray[np.float64]


@dataclass
class Draft:
    """Rows, bounds and costs while a program is being written."""

    columns: Columns
    time: Time
    tightens: bool = True
    """Whether a row on a single column becomes a bound of that column."""
    lower: list[Coefficient] = field(default_factory=list)
    upper: list[Coefficient] = field(default_factory=list)
    cost: list[Coefficient] = field(default_factory=list)
    once_lower: Floats = field(default_factory=lambda: np.zeros(0))
    once_upper: Floats = field(default_factory=lambda: np.zeros(0))
    once_cost: Floats = field(default_factory=lambda: np.zeros(0))
    rows: list[HourRows] = field(default_factory=list)
    row_origins: list[Origin] = field(default_factory=list)
    global_rows: list[GlobalRow] = field(default_factory=list)
    global_row_origins: list[Origin] = field(default_factory=list)
    offset: float = 0.0

    def __post_init__(self) -> None:
        hourly = [self.columns.declarations[key] for key in self.columns.hourly]
        self.lower = [variable.lower for variable in hourly]
        self.upper = [variable.upper for variable in hourly]
        self.cost = [0.0] * len(hourly)
        once = [variable for _, variable in self.columns.globals]
        self.once_lower = np.array([variable.lower for variable in once], float)
        self.once_upper = np.array([variable.upper for variable in once], float)
        self.once_cost = np.zeros(len(once))

    def add_rule(self, origin: Origin, formula: Affine, lower: float, upper: float, skips_first: bool = False) -> None:
        """Add ``lower <= formula <= upper`` in every hour, as a bound where one column is enough."""
        if skips_first or not self._became_bound(formula, lower, upper):
            self.add_row(origin, formula, lower, upper, skips_first)

    def add_row(self, origin: Origin, formula: Affine, lower: float, upper: float, skips_first: bool = False) -> None:
        """Add ``lower <= formula <= upper`` in every hour, always as rows with duals of their own."""
        entries: list[Entry] = []
        fixed: list[GlobalEntry] = []
        for term, coefficient in formula.terms.items():
            if term[0] == "once":
                fixed.append(GlobalEntry(term[1], coefficient))
            elif term[0] == "group":
                fixed.append(GlobalEntry(term[1] + self.time.groups[term[2]], coefficient))
            elif term[0] == "hour":
                self._add_entry(term[1], term[2], coefficient, entries, fixed)
            else:
                raise DeclarationError(f"{origin.name}: sums over the horizon belong in a rule with every='horizon'.")
        steps = self._with_past(formula.reach) if skips_first else None
        row = HourRows(lower - formula.constant, upper - formula.constant, tuple(entries), _merged(fixed), steps)
        self.rows.append(row)
        self.row_origins.append(origin)

    def add_once(self, origin: Origin, formula: Affine, lower: float, upper: float) -> None:
        """Add ``lower <= formula <= upper`` once over the horizon."""
        sums: list[SumEntry] = []
        singles: list[tuple[int, float]] = []
        for term, coefficient in formula.terms.items():
            if term[0] == "once":
                singles.append((term[1], float(coefficient)))
            elif term[0] == "sum":
                sums.append(SumEntry(term[1], coefficient))
            elif term[0] == "span":
                sums.append(SumEntry(term[1], coefficient, term[2], term[3]))
            elif term[0] == "last":
                at_end = np.zeros(self.time.count)
                at_end[self.time.last] = coefficient
                sums.append(SumEntry(term[1], at_end))
            else:
                raise DeclarationError(f"{origin.name}: a rule over the horizon speaks of hours only inside v.total.")
        low, high = lower - float(formula.constant), upper - float(formula.constant)
        if self.tightens and not sums and len(singles) == 1 and singles[0][1] != 0.0:
            column, coefficient = singles[0]
            low, high = sorted((low / coefficient, high / coefficient))
            self.once_lower[column] = max(self.once_lower[column], low)
            self.once_upper[column] = min(self.once_upper[column], high)
            return
        self.global_rows.append(GlobalRow(low, high, tuple(sums), tuple(singles)))
        self.global_row_origins.append(origin)

    def add_cost(self, formula: Affine, factor: Coefficient, count: int) -> None:
        """Add a formula times a factor, summed over ``count`` steps, to the objective."""
        scaled = formula.times(factor)
        self.offset += float(np.sum(np.broadcast_to(scaled.constant, count)))
        for term, coefficient in scaled.terms.items():
            if term[0] == "once":
                self.once_cost[term[1]] += float(np.sum(np.broadcast_to(coefficient, count)))
            elif term[0] == "sum" or (term[0] == "hour" and term[2] == 0):
                self.cost[term[1]] = self.cost[term[1]] + coefficient
            elif term[0] == "last":
                at_end = np.zeros(self.time.count)
                at_end[self.time.last] = float(coefficient)
                self.cost[term[1]] = self.cost[term[1]] + at_end
            else:
                raise DeclarationError("An effect speaks of the hour t, of the end and of sizes only.")

    def add_group_cost(self, formula: Affine, factor: Floats, per: str) -> None:
        """Add a formula of each day or month, times a factor per group, to the objective."""
        firsts = self.time.firsts(per)
        self.offset += float(np.sum(np.broadcast_to(formula.constant, self.time.count)[firsts] * factor))
        for term, coefficient in formula.terms.items():
            amounts = np.broadcast_to(coefficient, self.time.count)[firsts] * factor
            if term[0] == "once":
                self.once_cost[term[1]] += float(amounts.sum())
            elif term[0] == "group":
                columns = term[1] + self.time.groups[term[2]][firsts]
                np.add.at(self.once_cost, columns, amounts)
            else:
                raise DeclarationError(f"An effect of each {per} speaks of values of a {per} and of sizes only.")

    def program(self) -> HourlyProgram:
        """Finish the program."""
        declarations = self.columns.declarations
        hourly = [declarations[key] for key in self.columns.hourly]
        once = [variable.is_integer for _, variable in self.columns.globals]
        return HourlyProgram(
            steps=self.time.count,
            previous=self.time.previous,
            columns=tuple(
                HourColumns(low, high, cost, variable.is_integer)
                for low, high, cost, variable in zip(self.lower, self.upper, self.cost, hourly, strict=True)
            ),
            globals=GlobalColumns(self.once_lower, self.once_upper, self.once_cost, np.array(once, bool)),
            rows=tuple(self.rows),
            global_rows=tuple(self.global_rows),
            offset=self.offset,
            names=Names(
                tuple(".".join(key) for key in self.columns.hourly),
                tuple(name for name, _ in self.columns.globals),
                tuple(origin.name for origin in self.row_origins),
                tuple(origin.name for origin in self.global_row_origins),
            ),
        )

    def _with_past(self, reach: int) -> NDArray[np.int64] | None:
        """Give the steps from which one may look back so far; None where all may."""
        is_before = self.time.back(np.arange(self.time.count), reach)[1]
        return np.flatnonzero(~is_before) if is_before.any() else None

    def _add_entry(
        self, block: int, lag: int, coefficient: Coefficient, entries: list[Entry], fixed: list[GlobalEntry]
    ) -> None:
        """Add a term of an hourly row."""
        if lag == 0:
            entries.append(Entry(block, coefficient))
            return
        step, is_before = self.time.back(np.arange(self.time.count), lag)
        start = self.columns.start_of_block.get(block)
        if start is not None:
            fixed.append(GlobalEntry(start, np.where(is_before, coefficient, 0.0)))
            step = np.where(is_before, -1, step)
        entries.append(Entry(block, coefficient, step))

    def _became_bound(self, formula: Affine, lower: float, upper: float) -> bool:
        """Turn a row on one column of the same hour into that column's bound."""
        if not self.tightens or len(formula.terms) != 1:
            return False
        ((term, coefficient),) = formula.terms.items()
        if term[0] != "hour" or term[2] != 0:
            return False
        sign = _sign(coefficient)
        if not sign:
            return False
        ends = (lower - formula.constant) / coefficient, (upper - formula.constant) / coefficient
        low, high = ends if sign > 0 else ends[::-1]
        self.lower[term[1]] = _tighter(np.maximum, self.lower[term[1]], low)
        self.upper[term[1]] = _tighter(np.minimum, self.upper[term[1]], high)
        return True


def _sign(values: Coefficient) -> int:
    """Give 1 or -1 where all are above or below zero, else 0."""
    if isinstance(values, np.ndarray):
        return int((values > 0.0).all()) - int((values < 0.0).all())
    return int(values > 0.0) - int(values < 0.0)


def _tighter(choose: np.ufunc, known: Coefficient, found: Coefficient) -> Coefficient:
    """Narrow a bound; an infinite one changes nothing."""
    if isinstance(known, np.ndarray) or isinstance(found, np.ndarray):
        narrowed: Coefficient = choose(known, found) if np.isfinite(found).any() else known
        return narrowed
    return float(choose(known, found))


def _merged(entries: list[GlobalEntry]) -> tuple[GlobalEntry, ...]:
    """Add up entries in the same single column, as several lags that reach back before the first hour have."""
    single: dict[int, Coefficient] = {}
    others: list[GlobalEntry] = []
    for entry in entries:
        if isinstance(entry.column, np.ndarray):
            others.append(entry)
        else:
            single[entry.column] = single.get(entry.column, 0.0) + entry.coefficient
    return (*(GlobalEntry(column, coefficient) for column, coefficient in single.items()), *others)
