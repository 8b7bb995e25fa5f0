"""Random programs without coupling in time: degenerate, infeasible, unbounded and well-behaved hours."""

import numpy as np

from solvers.program import Entry, GlobalColumns, HourColumns, HourlyProgram, HourRows

NOTHING = GlobalColumns(np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0, bool))


def random_hours(seed: int) -> HourlyProgram:
    """Draw a program of a few hours; in six of ten every row can be left unserved at a price."""
    draw = np.random.default_rng(seed)
    steps, columns = int(draw.integers(1, 6)), []
    is_whole_numbers = bool(draw.integers(0, 2))
    for _ in range(int(draw.integers(1, 12))):
        lower = float(draw.choice([0, 0, 0, -2, -np.inf]))
        upper = max(float(draw.choice([np.inf, 3, 5, 1, 0])), lower)
        cost = draw.choice([0, 1, 2, 3, 5, -1], steps) if is_whole_numbers else draw.normal(2, 3, steps)
        stops = draw.random(steps) < (0.3 if draw.random() < 0.5 else 0.0)
        columns.append(HourColumns(lower, np.where(stops, max(lower, 0.0), upper), cost.astype(float)))
    rows = [_random_row(draw, steps, len(columns), is_whole_numbers) for _ in range(int(draw.integers(1, 9)))]
    if draw.random() < 0.6:
        for number, row in enumerate(rows):
            entries = (*row.entries, Entry(len(columns), 1.0), Entry(len(columns) + 1, -1.0))
            columns += [HourColumns(0.0, np.inf, 100.0)] * 2
            rows[number] = HourRows(row.lower, row.upper, entries)
    return HourlyProgram(steps, np.r_[steps - 1, np.arange(steps - 1)], tuple(columns), NOTHING, tuple(rows), ())


def _random_row(draw: np.random.Generator, steps: int, columns: int, is_whole_numbers: bool) -> HourRows:
    entries = []
    for block in draw.choice(columns, min(columns, int(draw.integers(1, 5))), replace=False):
        size = float(draw.choice([1, -1, 1, 2, 0.5]) if is_whole_numbers else draw.normal(0, 2))
        varies = draw.random() < 0.3
        coefficient = size * draw.uniform(0.5, 1.5, steps) * (draw.random(steps) > 0.1) if varies else size
        entries.append(Entry(int(block), coefficient))
    level = draw.choice([0, 0, 1, 2, 4], steps).astype(float)
    free = np.full(steps, np.inf)
    ends = [(level, level), (-free, level), (level - 1, level + 1), (level, free)]
    return HourRows(*ends[int(draw.integers(0, 4))], tuple(entries))
