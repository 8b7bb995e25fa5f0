"""What a walk needs beside its numbers: entries by row, and space made once."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.hourly.inverse import Basis, Column
from solvers.hourly.room import Limits, Room
from solvers.hourly.shape import Hours, Shape, Tools

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def by_row(shape: Shape) -> Shape:
    """List the entries of every block by rows, those of a store's pieces one by one."""
    begins, columns, entries, blocks = list[Ints](), list[Ints](), list[Ints](), [0]
    for b in range(len(shape.block_row) - 1):
        a0, a1 = shape.block_column[b], shape.block_column[b + 1]
        height = int(shape.block_row[b + 1] - shape.block_row[b])
        spans = [np.arange(shape.begin[a], shape.end[a]) for a in range(a0, a1)]
        entry = np.concatenate(spans).astype(np.int64) if spans else np.zeros(0, np.int64)
        column = np.repeat(np.arange(a1 - a0), [len(span) for span in spans])
        row = shape.row[shape.block_entry[b] + entry]
        order = np.lexsort((column, row))
        begins.append(np.searchsorted(row[order], np.arange(height + 1)))
        columns.append(column[order])
        entries.append(entry[order])
        blocks.append(blocks[-1] + len(order))
    across, column, entry = (
        np.concatenate([np.zeros(0, np.int64), *parts]).astype(np.int64) for parts in (begins, columns, entries)
    )
    # Places that are never negative say so: compiled loops then need not look whether they count from the end.
    places = {"row": shape.row, "across_column": column, "across_entry": entry}
    unsigned: dict[str, Any] = {name: place.astype(np.uint32) for name, place in places.items()}
    return shape._replace(across=across, across_block=np.array(blocks, np.int64), **unsigned)


def with_steady(shape: Shape, value: Floats) -> Shape:
    """Note which columns have the same numbers in every hour. (step, entry)"""
    is_steady = (value == value[:1]).all(axis=0)
    found = np.ones(len(shape.source), bool)
    for b in range(len(shape.block_row) - 1):
        for a in range(shape.block_column[b], shape.block_column[b + 1]):
            first = shape.block_entry[b]
            found[a] = is_steady[first + shape.begin[a] : first + shape.end[a]].all()
    return shape._replace(is_steady=found)


def _basis(shape: Shape, hours: Hours) -> Basis:
    """Make the basis of the rows' own variables."""
    columns, rows = len(shape.source), hours.row_lower.shape[1]
    head, place = np.zeros(rows, np.int64), np.full(columns + rows, -1, np.int64)
    inverse = np.zeros(int(shape.block_inverse[-1]))
    along = np.zeros(len(inverse), np.uint32)
    for b in range(len(shape.block_row) - 1):
        n, m = (int(starts[b + 1] - starts[b]) for starts in (shape.block_column, shape.block_row))
        r0, v0 = int(shape.block_row[b]), int(shape.block_column[b] + shape.block_row[b])
        head[r0 : r0 + m] = n + np.arange(m)
        place[v0 + n : v0 + n + m] = np.arange(m)
        inverse[shape.block_inverse[b] : shape.block_inverse[b + 1]] = np.eye(m).ravel()
        along[shape.block_inverse[b] : shape.block_inverse[b + 1] : max(m, 1)] = np.arange(m)
    return Basis(
        head,
        place,
        inverse,
        used=hours.value[0].copy() if len(hours.value) else np.zeros(0),
        age=np.zeros(len(shape.block_row), np.int64),
        wide=np.ones(rows, np.int64),
        along=along,
        tall=np.ones(rows, np.int64),
        down=along.copy(),
        is_listed=inverse != 0.0,
    )


def tools_for(shape: Shape, hours: Hours) -> Tools:
    """Make the space of one walk; the first basis is that of the rows' own variables."""
    columns, rows = len(shape.source), hours.row_lower.shape[1]
    widest = int(np.max(np.diff(shape.block_column) + np.diff(shape.block_row), initial=1))
    highest = int(np.max(np.diff(shape.block_row), initial=1))
    basis = _basis(shape, hours)
    column = Column(np.zeros(highest), np.zeros(highest, np.uint32), np.zeros(highest + 2, np.int64))
    room = Room(
        x=np.zeros(widest),
        d=np.zeros(widest),
        alpha=np.zeros(widest),
        y=np.zeros(highest),
        column=column,
        off=np.zeros(highest),
        rest=np.zeros(highest),
        wanted=np.zeros(highest, np.int64),
        is_own=np.zeros(highest, np.bool_),
        flipped=np.zeros(widest, np.int64),
        kept_upper=np.zeros(widest),
        kept=np.zeros(widest),
        touched=np.zeros(widest, np.int64),
        able=np.zeros(widest, np.int64),
        stamp=np.zeros(widest + 2, np.int64),
    )
    limits = Limits(*(np.zeros(columns + rows) for _ in range(3)))
    return Tools(limits, basis, room, np.zeros(rows), np.zeros(len(shape.original)), np.zeros(rows))
