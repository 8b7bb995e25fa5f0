"""Longer steps: the same program with several steps as one, relaxed; for what a unit in store is worth."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from solvers.answer import Options, Status
from solvers.carrying import Link, carried, linked
from solvers.choice import Shape
from solvers.highs import solve
from solvers.program import Entry, GlobalEntry, GlobalRow, HourColumns, HourlyProgram, HourRows, PerStep, SumEntry

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def coarsen(program: HourlyProgram, firsts: Ints) -> HourlyProgram:
    """Join neighbouring steps into one, in blocks of any length.

    Flows become means and costs sums. A row that links a column to its own step before carries over the whole block:
    what is kept is kept ``factor`` times over, what flows in flows in ``factor`` times. Rows that look further back,
    and whole numbers, are left out; so the optimum is an estimate and no bound.

    Parameters
    ----------
    program : HourlyProgram
        Any.
    firsts : ndarray (block,)
        First step of each block, ascending from 0.

    Returns
    -------
    coarse : HourlyProgram
    """
    blocks = _Blocks(program.steps, firsts)
    columns = tuple(
        HourColumns(blocks.mean(c.lower), blocks.mean(c.upper), blocks.total(c.cost)) for c in program.columns
    )
    rows, names = [], []
    for number, row in enumerate(program.rows):
        joined = _joined(program, row, blocks)
        if joined is not None:
            rows.append(joined)
            names.append(program.names.rows[number] if program.names.rows else "")
    return replace(
        program,
        steps=blocks.count,
        previous=np.r_[blocks.count - 1, np.arange(blocks.count - 1)],
        columns=columns,
        globals=replace(program.globals, is_integer=np.zeros_like(program.globals.is_integer)),
        rows=tuple(rows),
        global_rows=tuple(_summed(program, row, blocks) for row in program.global_rows),
        names=replace(program.names, rows=tuple(names)),
    )


def end_values(program: HourlyProgram, factor: int, options: Options | None = None) -> tuple[Floats, Floats]:
    """Say what a unit held at the end of each step is worth, and how much an estimate of the horizon holds.

    Parameters
    ----------
    program : HourlyProgram
        Any.
    factor : int
        Steps joined into one for the estimate.
    options : Options, optional
        Of the solve.

    Returns
    -------
    values : ndarray (block, step)
        By the duals of the rows that carry over; zero for columns that keep nothing.
    held : ndarray (block, step)
        Of the estimate, by the end of each step; zero for columns that keep nothing.
    """
    firsts = np.arange(0, program.steps, factor)
    coarse = coarsen(program, firsts)
    answer = solve(coarse.assemble(), options, shape=Shape(coarse.steps, has_design=True))
    shape = (len(program.columns), program.steps)
    values, held = np.zeros(shape), np.zeros(shape)
    if answer.status is not Status.OPTIMAL:
        return values, held
    solved = answer.columns[: coarse.steps * len(coarse.columns)].reshape(len(coarse.columns), coarse.steps)
    block_of = np.arange(program.steps) // factor
    for number, rows in enumerate(coarse.rows):
        state = carried(rows)
        if state is not None and rows.steps is None:
            begin = int(coarse.row_starts[number])
            duals = answer.row_duals[begin : begin + coarse.steps]
            # The level's own coefficient more on the right side is a unit in store for nothing: it saves its worth.
            values[state.block] = -(state.own * duals)[block_of]
            held[state.block] = solved[state.block][block_of]
    return np.maximum(values, 0.0), held


class _Blocks:
    """Which steps are joined."""

    def __init__(self, steps: int, firsts: Ints) -> None:
        self.steps = steps
        self.firsts = firsts
        self.lengths = np.diff(np.append(self.firsts, steps)).astype(float)
        self.count = len(self.firsts)

    def total(self, values: PerStep) -> Floats:
        return np.add.reduceat(np.broadcast_to(np.asarray(values, float), self.steps), self.firsts)

    def mean(self, values: PerStep) -> PerStep:
        if not isinstance(values, np.ndarray):
            return values
        means: Floats = self.total(values) / self.lengths
        return means


def _joined(program: HourlyProgram, rows: HourRows, blocks: _Blocks) -> HourRows | None:
    if rows.steps is not None:
        return None
    state, lagged = linked(rows), [entry for entry in rows.entries if entry.step is not None]
    if not lagged:
        entries = tuple(Entry(entry.block, blocks.mean(entry.coefficient)) for entry in rows.entries)
        fixed = tuple(
            GlobalEntry(_column(entry.column, blocks), blocks.mean(entry.coefficient)) for entry in rows.global_entries
        )
        return HourRows(blocks.mean(rows.lower), blocks.mean(rows.upper), entries, fixed)
    if state is None or len(lagged) != 1 or not _is_before(state, program):
        return None
    found = []
    for entry in rows.entries:
        if entry is state.lagged:
            found.append(_carried(state, blocks))
        elif entry.block == state.block:
            found.append(Entry(entry.block, blocks.mean(entry.coefficient)))
        else:
            found.append(Entry(entry.block, blocks.total(entry.coefficient)))
    fixed = tuple(
        GlobalEntry(_column(entry.column, blocks), blocks.total(entry.coefficient)) for entry in rows.global_entries
    )
    return HourRows(blocks.total(rows.lower), blocks.total(rows.upper), tuple(found), fixed)


def _is_before(state: Link, program: HourlyProgram) -> bool:
    """Whether it is the step before all along, and not another one where a chain begins."""
    step = state.lagged.step
    return step is not None and bool(np.all((step == program.previous) | (step < 0)))


def _carried(state: Link, blocks: _Blocks) -> Entry:
    """What is kept of a block before, over all its steps; a share of what the state's own coefficient says."""
    entry = state.lagged
    assert entry.step is not None
    own = np.asarray(blocks.mean(state.own), float)
    share = np.asarray(blocks.mean(entry.coefficient), float) / np.where(own != 0.0, own, 1.0)
    kept = own * np.sign(share) * np.abs(share) ** blocks.lengths
    step = np.r_[blocks.count - 1, np.arange(blocks.count - 1)]
    if entry.step[0] < 0:
        step[0] = -1
    return Entry(entry.block, kept, step)


def _column(column: int | Ints, blocks: _Blocks) -> int | Ints:
    return column[blocks.firsts] if isinstance(column, np.ndarray) else column


def _summed(program: HourlyProgram, row: GlobalRow, blocks: _Blocks) -> GlobalRow:
    sums = []
    for entry in row.sums:
        whole = np.zeros(program.steps)
        end = program.steps if entry.count is None else entry.first + entry.count
        whole[entry.first : end] = entry.coefficient
        is_point = np.count_nonzero(whole) == 1 and whole[-1] != 0.0
        sums.append(SumEntry(entry.block, blocks.total(whole) if not is_point else _last(blocks, whole[-1])))
    return replace(row, sums=tuple(sums))


def _last(blocks: _Blocks, value: float) -> Floats:
    at_end = np.zeros(blocks.count)
    at_end[-1] = value
    return at_end
