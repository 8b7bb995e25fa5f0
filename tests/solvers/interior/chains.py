"""Random programs on arrays: chains of hours, longer lags, rows over groups of hours, free and fixed columns."""

import numpy as np
from numpy.typing import NDArray

from solvers.program import (
    Entry,
    GlobalColumns,
    GlobalEntry,
    GlobalRow,
    HourColumns,
    HourlyProgram,
    HourRows,
    SumEntry,
)

Ints = NDArray[np.int64]


def before(chains: int, length: int, lag: int, is_ring: bool) -> Ints:
    """Step that lies a lag before each step, within its chain; -1 before the first step of an open chain."""
    hour = np.arange(length) - lag
    hour = hour % length if is_ring else np.where(hour >= 0, hour, -1)
    return np.concatenate([np.where(hour >= 0, hour + number * length, -1) for number in range(chains)])


def program(seed: int, chains: int = 2, length: int = 40, lag: int = 3, is_ring: bool = True) -> HourlyProgram:
    """A load served by two plants, one of a size to be decided, a store, and what was sent off some steps ago.

    Columns: plant, dear plant, charge, discharge, level, sent, free balance of a trade. Rows: balance, level, size of
    the plant, a ramp, and a band for the trade. Rows that exist once: a budget for each chain, a trade that adds up.
    """
    draw = np.random.default_rng(seed)
    steps = chains * length
    load = draw.uniform(2.0, 9.0, steps)
    hours = draw.choice([0.5, 1.0, 2.0], steps)
    past, far = before(chains, length, 1, is_ring), before(chains, length, lag, is_ring)
    calm = draw.random(steps) < 0.1
    columns = (
        HourColumns(0.0, np.where(calm, 0.0, 50.0), draw.uniform(1.0, 3.0, steps) * hours),
        HourColumns(0.0, np.inf, 30.0 * hours),
        HourColumns(0.0, 4.0, 0.1 * hours),
        HourColumns(0.0, 4.0, 0.0),
        HourColumns(0.0, 12.0, 0.0),
        HourColumns(0.0, 2.0, -draw.uniform(0.0, 4.0, steps) * hours),
        HourColumns(-np.inf, np.inf, 0.2 * hours),
    )
    plant, dear, charge, discharge, level, sent, trade = range(7)
    balance = [Entry(plant, 1.0), Entry(dear, 1.0), Entry(charge, -1.0), Entry(discharge, 1.0), Entry(trade, 1.0)]
    rows = (
        HourRows(load, load, (*balance, Entry(sent, -1.0), Entry(sent, 0.9, far))),
        HourRows(
            0.0, 0.0,
            (Entry(level, 1.0), Entry(level, -0.99, past), Entry(charge, -0.95 * hours), Entry(discharge, hours)),
        ),
        HourRows(-np.inf, 0.0, (Entry(plant, 1.0),), (GlobalEntry(0, -draw.uniform(0.6, 1.0, steps)),)),
        HourRows(-2.5, 2.5, (Entry(plant, 1.0), Entry(plant, -1.0, past)), steps=np.flatnonzero(past >= 0)),
        HourRows(-1.0, 1.5, (Entry(trade, 1.0),)),
    )  # fmt: skip
    budgets = [
        GlobalRow(-np.inf, 2.5 * length, (SumEntry(dear, 1.0, number * length, length),)) for number in range(chains)
    ]
    even = GlobalRow(0.0, 0.0, (SumEntry(trade, hours),), ((1, -1.0),))
    once = GlobalColumns(np.array([1.0, -5.0]), np.array([20.0, 5.0]), np.array([40.0, 0.3]), np.zeros(2, bool))
    return HourlyProgram(steps, past % steps, columns, once, rows, (*budgets, even))
