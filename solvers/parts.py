"""A program whose parts do not touch each other, as several programs: each is smaller, and its optimum is its own."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from solvers.program import Entry, GlobalEntry, GlobalRow, HourlyProgram, HourRows, Names

Ints = NDArray[np.int64]


def independent_parts(program: HourlyProgram) -> list[HourlyProgram]:
    """Split a program along what joins its columns.

    Blocks and global columns that meet in a row belong together; a block that is held at zero joins nothing. The
    optimum of the program is the sum of the parts' optima and its offset [1]_.

    Parameters
    ----------
    program : HourlyProgram

    Returns
    -------
    parts : list of HourlyProgram
        In the order of their first columns, with offsets of zero; names are those of the whole.

    References
    ----------
    .. [1] G. B. Dantzig, Linear Programming and Extensions, Princeton, 1963, ch. 23 (block-diagonal structure).
    """
    blocks, count = len(program.columns), len(program.globals.cost)
    parent = list(range(blocks + count))

    def top(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    touched = [
        *(_touched(rows, blocks) for rows in program.rows),
        *(_joined(row, blocks) for row in program.global_rows),
    ]
    zero = {
        number for number, one in enumerate(program.columns) if np.all(one.lower == 0.0) and np.all(one.upper == 0.0)
    }
    for places in touched:
        joined = [place for place in places if place not in zero]
        for place in joined[1:]:
            parent[top(place)] = top(joined[0])
    roots = [top(place) for place in range(blocks + count)]
    groups: dict[int, list[int]] = {}
    for place, root in enumerate(roots):
        if place not in zero:
            groups.setdefault(root, []).append(place)
    # A row of nothing but zeros stands in the first part, so that one that cannot hold is found.
    first = next(iter(groups), -1)
    of_row = [next((roots[place] for place in places if place not in zero), first) for places in touched]
    return [_part(program, places, [one == root for one in of_row], zero) for root, places in groups.items()]


def _touched(rows: HourRows, blocks: int) -> list[int]:
    """Blocks and global columns a block of rows speaks of."""
    found = [entry.block for entry in rows.entries]
    for entry in rows.global_entries:
        found += (blocks + np.unique(entry.column)).tolist()
    return found


def _joined(row: GlobalRow, blocks: int) -> list[int]:
    return [*(entry.block for entry in row.sums), *(blocks + column for column, _ in row.columns)]


def _part(program: HourlyProgram, places: list[int], is_own: list[bool], zero: set[int]) -> HourlyProgram:
    """Keep the columns and rows of one group; blocks held at zero fall out of its rows."""
    blocks = len(program.columns)
    hourly = [place for place in places if place < blocks]
    single = np.array([place - blocks for place in places if place >= blocks], np.int64)
    block_of = {place: number for number, place in enumerate(hourly)}
    column_of = np.full(len(program.globals.cost), -1, np.int64)
    column_of[single] = np.arange(len(single))
    rows, of_rows = [], len(program.rows)
    for rows_of, own in zip(program.rows, is_own[:of_rows], strict=True):
        if own:
            rows.append(
                replace(
                    rows_of,
                    entries=tuple(_renumbered(rows_of.entries, block_of)),
                    global_entries=tuple(
                        GlobalEntry(_looked_up(column_of, entry.column), entry.coefficient)
                        for entry in rows_of.global_entries
                    ),
                )
            )
    sums = [
        replace(
            row,
            sums=tuple(replace(one, block=block_of[one.block]) for one in row.sums if one.block not in zero),
            columns=tuple((int(column_of[column]), coefficient) for column, coefficient in row.columns),
        )
        for row, own in zip(program.global_rows, is_own[of_rows:], strict=True)
        if own
    ]
    whole = program.globals
    return replace(
        program,
        columns=tuple(program.columns[place] for place in hourly),
        globals=type(whole)(whole.lower[single], whole.upper[single], whole.cost[single], whole.is_integer[single]),
        rows=tuple(rows),
        global_rows=tuple(sums),
        offset=0.0,
        names=_named(program.names, hourly, single, is_own),
    )


def _renumbered(entries: Iterable[Entry], block_of: dict[int, int]) -> Iterator[Entry]:
    return (replace(one, block=block_of[one.block]) for one in entries if one.block in block_of)


def _looked_up(column_of: Ints, column: int | Ints) -> int | Ints:
    return column_of[column] if isinstance(column, np.ndarray) else int(column_of[column])


def _named(names: Names, hourly: list[int], single: Ints, is_own: list[bool]) -> Names:
    rows = len(names.rows)
    return Names(
        tuple(names.columns[place] for place in hourly),
        tuple(names.globals[place] for place in single.tolist()),
        tuple(name for name, own in zip(names.rows, is_own[:rows], strict=True) if own),
        tuple(name for name, own in zip(names.global_rows, is_own[rows:], strict=True) if own),
    )
