"""Rows that carry a column over from the step before, and the global columns they begin with."""

from dataclasses import dataclass

import numpy as np

from solvers.program import Entry, GlobalEntry, HourRows, PerStep


@dataclass(frozen=True)
class Link:
    """A column tied to its own value of the step before."""

    own: PerStep
    """Coefficient of its own step."""
    lagged: Entry
    """Entry of the step before."""

    @property
    def block(self) -> int:
        """Which block of hourly columns."""
        return self.lagged.block


def linked(rows: HourRows) -> Link | None:
    """Find the one column that a row ties to its own value of the step before, as a ramp does; None without one."""
    own: dict[int, PerStep] = {}
    for entry in rows.entries:
        if entry.step is None:
            own[entry.block] = own.get(entry.block, 0.0) + entry.coefficient
    lagged = [entry for entry in rows.entries if entry.step is not None and entry.block in own]
    if len(lagged) != 1 or lagged[0].step is None or len(lagged[0].step) - 1 - int(lagged[0].step[-1]) != 1:
        return None
    return Link(own[lagged[0].block], lagged[0])


def carried(rows: HourRows) -> Link | None:
    """Find the column whose content an equation carries over from the step before; None where it is no such row."""
    is_equation = np.array_equal(np.asarray(rows.lower), np.asarray(rows.upper))
    return linked(rows) if is_equation else None


def is_start(rows: HourRows, entry: GlobalEntry) -> bool:
    """Whether a global column stands for values before the first step."""
    before = np.zeros(0, bool)
    for other in rows.entries:
        if other.step is not None:
            is_before = other.step < 0
            before = is_before if not before.size else before | is_before
    if not before.any() or not isinstance(entry.coefficient, np.ndarray):
        return False
    return not np.any(entry.coefficient[~before])


def start_of(rows: HourRows, lagged: Entry) -> int | None:
    """Global column that a carrying row begins with."""
    if lagged.step is None or lagged.step[0] >= 0:
        return None
    for entry in rows.global_entries:
        if is_start(rows, entry) and isinstance(entry.column, int):
            return entry.column
    return None
