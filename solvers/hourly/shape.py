"""What a walk over the hours reads and writes: the pattern of an hour, numbers of every hour, what is carried on."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.hourly.inverse import Basis
from solvers.hourly.room import Limits, Room

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Places = NDArray[Any]
"""Whole numbers, without sign once the entries by row are listed."""


_NOTHING = np.zeros(0, np.int64)
_NO_STORE = np.zeros((0, 4), np.int64)


class Shape(NamedTuple):
    """The pattern of every hour, its parts that have nothing to do with each other one after the other."""

    block_column: Ints
    """(block + 1,) first column of each block"""
    block_row: Ints
    """(block + 1,)"""
    block_entry: Ints
    """(block + 1,)"""
    block_inverse: Ints
    """(block + 1,) place of its inverse"""
    begin: Ints
    """(column,) first entry, counted within the block"""
    end: Ints
    """(column,)"""
    row: Places
    """(entry,) counted within the block"""
    source: Ints
    """(column,) place in the tables; the pieces of a store's content share one"""
    priced: Ints
    """(row,) row block of the program whose price it gives, or -1"""
    is_steady: Flags
    """(column,) whether its entries are the same in every hour"""
    is_whole: Flags
    """(column,)"""
    block_listed: Ints
    """(block + 1,) first column of each block in the lists"""
    listed: Ints
    """(listed,) whole columns in the order in which they are raised, counted within the block"""
    list_of: Ints
    """(listed,) number of their list"""
    limit: Ints
    """(listed,) row in which each is used up, counted within the block"""
    original: Ints
    """(place,) column of the program, or -1 for the rise of a peak"""
    peak: Ints
    """(peak,) column of its rise"""
    across: Ints = _NOTHING
    """(row + block,) entries by row: first of each, counted within the block, and the end of the last"""
    across_column: Places = _NOTHING
    """(entry by row,) counted within the block"""
    across_entry: Places = _NOTHING
    """(entry by row,) counted within the block"""
    across_block: Ints = _NOTHING
    """(block + 1,) first entry by row of each block"""
    past_row: Ints = _NOTHING
    """(past,)"""
    past_column: Ints = _NOTHING
    """(past,) column of the program"""
    past_lag: Ints = _NOTHING
    """(past,) [step]"""
    budget: Ints = _NOTHING
    """(budget,) row that guards it"""
    store: Ints = _NO_STORE
    """(store, 4): place of its content, first piece, row and entry that carry it over"""
    own_row: Ints = _NOTHING
    """(own,) row whose own variable a column of the program is"""
    own_column: Ints = _NOTHING
    """(own,) that column"""
    own_place: Ints = _NOTHING
    """(own,) where the own variable stands among all variables"""


class Hours(NamedTuple):
    """Scaled numbers of every hour."""

    lower: Floats
    """(step, place)"""
    upper: Floats
    """(step, place)"""
    cost: Floats
    """(step, place)"""
    row_lower: Floats
    """(step, row)"""
    row_upper: Floats
    """(step, row)"""
    row_cost: Floats
    """(step, row) of its own variable"""
    value: Floats
    """(step, entry)"""
    past: Floats
    """(step, past)"""
    scale: Floats
    """(place,) what turns a scaled value into that of the program"""
    member: Ints
    """(step, peak) global column of the peak that counts"""
    breaks: Floats
    """(step, store, piece - 1)"""
    above: Floats
    """(step, store, piece)"""
    below: Floats
    """(step, store, piece)"""
    base: Floats
    """(step, own) not scaled: with a row's own variable, times ``factor``, it gives the column's value"""
    factor: Floats
    """(step, own)"""
    low: Floats
    """(step, own) bounds of the column, not scaled, when the own variable is at its lower"""
    high: Floats
    """(step, own) and at its upper"""
    worth: Floats
    """(row,) what turns a scaled price into that of the program"""
    far: Floats
    """(1,) stands in for bounds that are none"""


class State(NamedTuple):
    """What the walk leaves behind, and what it carries."""

    values: Floats
    """(before + step, program column) those before the first step are given"""
    reached: Floats
    """(global,) peaks so far"""
    used: Floats
    """(budget,) scaled"""
    prices: Floats
    """(step, row block of the program)"""
    pivots: Ints
    """(1,)"""


class Tools(NamedTuple):
    """Space of one walk."""

    limits: Limits
    basis: Basis
    room: Room
    shift: Floats
    """(row,)"""
    total: Floats
    """(place,)"""
    own: Floats
    """(row,) values of the rows' own variables"""
