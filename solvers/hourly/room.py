"""Bounds and costs of a block in one hour, and the space its solve needs."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.hourly.inverse import Column

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Limits(NamedTuple):
    """Bounds and costs of a block's columns, then of its rows' own variables, in one hour."""

    lower: Floats
    """(column + row,)"""
    upper: Floats
    """(column + row,)"""
    cost: Floats
    """(column + row,)"""


class Room(NamedTuple):
    """Space to compute in, as large as the largest block needs."""

    x: Floats
    """(column + row,) values"""
    d: Floats
    """(column + row,) reduced costs"""
    alpha: Floats
    """(column + row,) row of the pivot"""
    y: Floats
    """(row,) prices"""
    column: Column
    """column of the pivot"""
    off: Floats
    """(row,) how far the row's basic variable is outside its bounds"""
    rest: Floats
    """(row,)"""
    wanted: Ints
    """(row,)"""
    is_own: Flags
    """(row,)"""
    flipped: Ints
    """(column + row,)"""
    kept_upper: Floats
    """(column + row,) upper bounds while others are tried"""
    kept: Floats
    """(column + row,)"""
    touched: Ints
    """(column + row,) variables that the row of the pivot touches"""
    able: Ints
    """(column + row,) those of them that can mend the row"""
    stamp: Ints
    """(column + row + 2,) when each was touched last; then the present time, and how many are touched"""
