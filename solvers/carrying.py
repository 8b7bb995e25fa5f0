"""Rows that carry a column over from the step before, and the global columns they begin with."""

import numpy as np

from solvers.program import Entry, GlobalEntry, HourRows


def carried(rows: HourRows) -> int | None:
    """Column whose content an equation carries over from the step before; None where it is no such row."""
    if not np.array_equal(np.asarray(rows.lower), np.asarray(rows.upper)):
        return None
    own = {entry.block for entry in rows.entries if entry.step is None}
    lagged = [entry for entry in rows.entries if entry.step is not None and entry.block in own]
    if len(lagged) != 1 or lagged[0].step is None or len(lagged[0].step) - 1 - int(lagged[0].step[-1]) != 1:
        return None
    return lagged[0].block


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
