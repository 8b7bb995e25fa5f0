"""The tables of a layout, as the loops over hours take them."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[Any]
"""Whole numbers; without sign where they are places that are never negative."""
Flags = NDArray[np.bool_]


class Tables(NamedTuple):
    """The pattern of an hour and its numbers, as the kernels take them.

    Rows of a step are numbered with the eliminated ones first. Border places count the columns that exist once, then
    those promoted, then the border's rows.
    """

    single: Ints
    """Column of each eliminated row, -1 for none. (eliminated,)"""
    single_value: Floats
    """(step, eliminated)"""
    singles_start: Ints
    """Eliminated rows of each column: span in the next. (column + 1,)"""
    singles: Ints
    slot_start: Ints
    """Border entries of each row of each step: span in the next two. (step * row + 1,)"""
    slot_place: NDArray[np.int32]
    slot_value: Floats
    summed: Ints
    """Columns that rows of the border sum, by column: which one, -1 for none. (column,)"""
    sum_start: Ints
    """Entries of each summed column of each step. (step * summed + 1,)"""
    sum_place: NDArray[np.int32]
    sum_value: Floats
    now_start: Ints
    """Entries of kept rows in columns of the same step, by row. (kept + 1,)"""
    now_column: Ints
    now_value: Floats
    """(step, entry)"""
    past_start: Ints
    """Entries of kept rows in columns of the step before, by row. (kept + 1,)"""
    past_column: Ints
    past_value: Floats
    """(step, entry)"""
    now_of_start: Ints
    """The same by column: rows and places of the numbers. (column + 1,)"""
    now_of_row: Ints
    now_of: Ints
    past_of_start: Ints
    past_of_row: Ints
    past_of: Ints
    looking: int
    """How many kept rows, the last ones, look back."""


@dataclass
class Layout:
    """Where everything is."""

    tables: Tables
    rows: Ints
    """Block of the grid that each row of a step is. (row,)"""
    eliminated: int
    """How many rows of a step are eliminated."""
    cuts: Ints
    """First step of each stretch, and the end. (stretch + 1,)"""
    border_columns: Ints
    """Position of the border's columns among all columns. (border column,)"""
    border_rows: Ints
    """Position of the border's rows among all rows. (border row,)"""
    tie_row: Ints
    """Entries between border rows and columns."""
    tie_column: Ints
    tie_value: Floats
    lower: Floats
    """Bounds, costs and row bounds, scaled: columns of all steps in time order, then those that exist once."""
    upper: Floats
    cost: Floats
    row_lower: Floats
    row_upper: Floats
    has_row: Flags
    seen: list[Ints]
    """Border places that each stretch sees, in the order in which it first does. (stretch,)"""
    locals: list[Ints]
    """The same without fixed columns. (stretch,)"""
    opened: list[Ints]
    """How many of these each step of a stretch, or one before, has seen. (stretch,)"""

    @property
    def steps(self) -> int:
        """Number of steps."""
        return len(self.tables.single_value)

    @property
    def width(self) -> int:
        """Columns of a step."""
        return len(self.tables.summed)

    @property
    def height(self) -> int:
        """Rows of a step."""
        return len(self.rows)


def unsigned(tables: Tables) -> Tables:
    """Let places that are never negative say so: compiled loops then need not look whether they count from the end."""
    signed = ("single", "summed")
    found: dict[str, Any] = {
        name: value.astype(np.uint32)
        for name, value in tables._asdict().items()
        if name not in signed and isinstance(value, np.ndarray) and value.dtype.kind == "i"
    }
    return tables._replace(**found)
