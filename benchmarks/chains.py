"""Several weather years in one program: chains of hours that share nothing but the sizes."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from solvers.program import Entry, GlobalEntry, GlobalRow, HourColumns, HourlyProgram, HourRows, PerStep, SumEntry

Ints = NDArray[np.int64]
MORE = 0.02
"""Share by which each chain's demands exceed those of the one before, so that none is another's copy."""


def chained(program: HourlyProgram, count: int) -> HourlyProgram:
    """Repeat a program's hours as chains of equal weight."""
    return _Chains(program, count).made() if count > 1 else program


class _Chains:
    def __init__(self, program: HourlyProgram, count: int) -> None:
        self.program, self.count, self.steps = program, count, program.steps

    def made(self) -> HourlyProgram:
        """Put it together."""
        program, chains = self.program, range(self.count)
        return HourlyProgram(
            steps=self.steps * self.count,
            previous=self._moved(program.previous),
            columns=tuple(self._columns(columns) for columns in program.columns),
            globals=program.globals,
            rows=tuple(self._rows(rows) for rows in program.rows),
            global_rows=tuple(self._total(row, chain) for row in program.global_rows for chain in chains),
        )

    def _tiled(self, value: PerStep) -> PerStep:
        return np.tile(value, self.count) if isinstance(value, np.ndarray) else value

    def _moved(self, step: Ints) -> Ints:
        return np.concatenate([np.where(step >= 0, step + chain * self.steps, -1) for chain in range(self.count)])

    def _columns(self, columns: HourColumns) -> HourColumns:
        cost = self._tiled(columns.cost) / self.count
        return replace(columns, lower=self._tiled(columns.lower), upper=self._tiled(columns.upper), cost=cost)

    def _rows(self, rows: HourRows) -> HourRows:
        more = np.repeat(1.0 + MORE * np.arange(self.count), self.steps)
        lower, upper = (
            self._tiled(bound) * more if isinstance(bound, np.ndarray) else bound for bound in (rows.lower, rows.upper)
        )
        return HourRows(
            lower,
            upper,
            tuple(self._entry(entry) for entry in rows.entries),
            tuple(self._once(entry) for entry in rows.global_entries),
            None if rows.steps is None else self._moved(rows.steps),
        )

    def _entry(self, entry: Entry) -> Entry:
        step = None if entry.step is None else self._moved(entry.step)
        return Entry(entry.block, self._tiled(entry.coefficient), step)

    def _once(self, entry: GlobalEntry) -> GlobalEntry:
        column = np.tile(entry.column, self.count) if isinstance(entry.column, np.ndarray) else entry.column
        return GlobalEntry(column, self._tiled(entry.coefficient))

    def _total(self, row: GlobalRow, chain: int) -> GlobalRow:
        sums = [
            SumEntry(
                one.block,
                one.coefficient,
                one.first + chain * self.steps,
                self.steps - one.first if one.count is None else one.count,
            )
            for one in row.sums
        ]
        return replace(row, sums=tuple(sums))
