"""The way back from what presolve left out: prices of rows that became bounds, or that fixed all their columns."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.interior.grid import Grid, Link, Slot

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Prices(NamedTuple):
    """Duals of the hours' rows, and reduced costs; all written to."""

    rows: Floats
    """(step, row)"""
    once: Floats
    """Of columns that exist once. (once,)"""
    columns: Floats
    """(step, column)"""


@dataclass
class Bound:
    """Bounds of columns that rows gave: at each step where it is so, the row's sense and coefficient."""

    part: Link | Slot
    steps: Ints
    """Of the row."""
    value: Floats
    from_lower: Flags
    """Whether the row gave the column's lower bound. (step,)"""
    from_upper: Flags


@dataclass
class Forcing:
    """Rows that only one point within the bounds can keep."""

    row: int
    steps: Ints
    at_least: Flags
    """Whether the least value of the row is all that is allowed, else the largest. (step,)"""
    held: list[tuple[Link | Slot, Ints]]
    """What was fixed by it: parts, and at which of the steps."""


@dataclass
class Presolved:
    """What was found, in order, so that prices of the rows that left can be worked out."""

    grid: Grid
    cost: Floats
    events: list[Bound | Forcing] = field(default_factory=list)

    def recover(self, prices: "Prices") -> None:
        """Put prices of rows that left in place, latest first."""
        for event in reversed(self.events):
            if isinstance(event, Bound):
                _price_bound(self.grid, event, prices)
            else:
                _price_forcing(self.grid, event, prices)


def _price(grid: Grid, row: int, steps: Ints, duals: Floats, prices: Prices) -> None:
    """Set row prices and take what they charge from the reduced costs."""
    prices.rows[steps, row] = duals
    for part in grid.by_row[row]:
        used = np.flatnonzero(part.value[steps] != 0.0)
        charge = part.value[steps[used]] * duals[used]
        if isinstance(part, Slot):
            np.subtract.at(prices.once, part.index[steps[used]], charge)
        else:
            prices.columns[steps[used] - part.lag, part.column] -= charge


def _charged(part: Link | Slot, steps: Ints, prices: Prices) -> Floats:
    """Look up the reduced costs of a part's columns."""
    if isinstance(part, Slot):
        return np.asarray(prices.once[part.index[steps]])
    return np.asarray(prices.columns[steps - part.lag, part.column])


def _price_bound(grid: Grid, event: Bound, prices: Prices) -> None:
    charge = _charged(event.part, event.steps, prices)
    pays = (event.from_lower & (charge > 0.0)) | (event.from_upper & (charge < 0.0))
    _price(grid, event.part.row, event.steps[pays], charge[pays] / event.value[pays], prices)


def _price_forcing(grid: Grid, event: Forcing, prices: Prices) -> None:
    """Choose the price nearest zero that leaves every column of the row content at its bound."""
    least, most = np.zeros(len(event.steps)), np.zeros(len(event.steps))
    for part, used in event.held:
        value = part.value[event.steps[used]]
        charge = _charged(part, event.steps[used], prices)
        least[used] = np.minimum(least[used], charge / value)
        most[used] = np.maximum(most[used], charge / value)
    _price(grid, event.row, event.steps, np.where(event.at_least, least, most), prices)
