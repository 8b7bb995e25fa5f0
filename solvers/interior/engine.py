"""The front door of the interior point method: from an hourly program to a proven answer."""

import os
import threading
import time
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from solvers.answer import Answer, Options, Progress, Status
from solvers.bound import contradicts, lower_bound, row_violation
from solvers.compiled import sound
from solvers.interior.equations import StepEquations
from solvers.interior.grid import Grid, RefusedError, Slot, grid_of
from solvers.interior.layout import layout_of
from solvers.interior.method import InteriorPoint, State
from solvers.interior.presolve import NoPlanError, presolve
from solvers.interior.rays import verdict
from solvers.interior.recover import Presolved, Prices
from solvers.interior.scaling import Scales, scales_of
from solvers.interior.tables import Layout
from solvers.interior.team import Team
from solvers.interior.vectors import Point
from solvers.interrupt import Interrupt
from solvers.linear import LinearProgram
from solvers.program import Entry, GlobalColumns, GlobalEntry, GlobalRow, HourColumns, HourlyProgram, HourRows, SumEntry

__all__ = ["METHOD", "RefusedError", "solve"]

Floats = NDArray[np.float64]

METHOD = "interior"
MOST_ITERATIONS = 300
PATIENCE = 25
"""Iterations without the least advance after which the search counts as stalled."""
WORTH_KEEPING = 0.1
"""Sum of gap and violations from which a point is kept for the case that the search gets no further."""
ROW_TOLERANCE, ROWS_KEPT = 1e-9, 2e-7
"""Largest violation of a row: scaled; and as it was given, relative to the largest term among the rows of its block."""
NOTICED = 1.0
"""Time of a first use from which it is told. [s]"""
SPARE = 0.8
"""Share of the free memory that may be used."""
MEMORY = Path("/proc/meminfo")
"""Where Linux tells of its memory. [kB]"""


def solve(
    program: HourlyProgram,
    arrays: LinearProgram,
    options: Options | None = None,
    progress: Progress | None = None,
    near: Answer | None = None,
) -> Answer:
    """Solve a continuous program on the pattern of its hours.

    Parameters
    ----------
    program : HourlyProgram
    arrays : LinearProgram
        The same, assembled: the answer is proven on it.
    options : Options, optional
        ``proven_gap``, ``time_limit`` and ``threads`` count.
    progress : callable, optional
        Told about the advance.
    near : Answer, optional
        Of a like program, with other prices, demands or sizes: the search starts near it, some room inside the bounds.

    Returns
    -------
    answer : Answer
        With the proven gap. Failed where the search stalled above it; then the best point found is there.

    Raises
    ------
    RefusedError
        When the program has something that the method does not take.
    """
    options = options or Options()
    # Whoever asks for an end while loops are compiled is heard too.
    with Interrupt() as interrupt:
        _tell_first_use(progress)
        return _solve(program, arrays, options, interrupt, progress, near)


def _tell_first_use(progress: Progress | None) -> None:
    """Compile the loops if need be; say so while it goes on, for nobody likes to wait for nobody knows what."""
    if first_use.cache_info().currsize or progress is None:
        first_use()
        return
    said = f"{METHOD}, its loops are being compiled: once on this machine, half a minute or some"
    waiting = threading.Timer(NOTICED, progress, (said, 0, 0.0))
    waiting.daemon = True
    waiting.start()
    try:
        compiled = first_use()
    finally:
        waiting.cancel()
    if compiled > NOTICED:
        progress(f"{METHOD}, its loops were compiled at their first use in {compiled:.0f} s", 0, 0.0)


@cache
def first_use() -> float:
    """Compile the loops by a program of three hours, or load what an earlier process compiled; once in a process.

    Returns
    -------
    seconds : float
        What that took: some ten seconds where nothing is kept on disk, else a fraction of one.
    """
    began = time.perf_counter()
    hours = HourColumns(0.0, 9.0, 1.0)
    past = np.array([2, 0, 1])
    carry = HourRows(0.0, 0.0, (Entry(0, 1.0), Entry(0, -0.5, past), Entry(1, -1.0)), (GlobalEntry(0, 0.1),))
    within = HourRows(-np.inf, 0.0, (Entry(1, 1.0),), (GlobalEntry(0, -1.0),))
    once = GlobalColumns(np.ones(1), np.full(1, 9.0), np.ones(1), np.zeros(1, bool))
    tiny = HourlyProgram(3, past, (hours, hours), once, (carry, within), (GlobalRow(1.0, np.inf, (SumEntry(1, 1.0),)),))
    sound(lambda: _solve(tiny, tiny.assemble(), Options(threads=1), Interrupt()))
    return time.perf_counter() - began


def _solve(
    program: HourlyProgram,
    arrays: LinearProgram,
    options: Options,
    interrupt: Interrupt,
    progress: Progress | None = None,
    near: Answer | None = None,
) -> Answer:
    began = time.perf_counter()
    with Team(options.threads or _cores()) as team:
        try:
            search = _Search(program, arrays, team)
        except NoPlanError:
            return _without(arrays, Status.FAILED, began)
        outcome = search.run(options, interrupt, progress, began, search.first(near))
        return search.answer(outcome, began)


@dataclass
class _Outcome:
    """How a search ended."""

    status: Status
    iterations: int
    columns: Floats
    row_duals: Floats
    gap: float
    violation: float
    """Of the rows as they were given."""


@dataclass
class _Best:
    """The best point so far, and whether anything better can still be hoped for."""

    point: Point | None = None
    merit: float = np.inf
    waited: int = 0
    is_lost: bool = False

    def see(self, point: Point, state: State) -> None:
        """Look at a point, keep it where it is the best."""
        merit = state.gap + state.primal + state.dual
        if not np.isfinite(merit):
            self.is_lost = True
            return
        self.waited = 0 if merit < 0.9 * self.merit else self.waited + 1
        if merit < self.merit:
            self.merit = merit
            if merit < WORTH_KEEPING:
                self.point = Point(*(part.copy() for part in point))
        self.is_lost = self.waited > PATIENCE


class _Search:
    """One solve: the program prepared, the iteration, the way back."""

    def __init__(self, program: HourlyProgram, arrays: LinearProgram, team: Team) -> None:
        self.program, self.arrays = program, arrays
        self._blocks = np.r_[program.row_starts, program.row_count]
        self.grid: Grid = grid_of(program)
        self.presolved: Presolved = presolve(self.grid)
        self.scales: Scales = scales_of(self.grid)
        self.layout: Layout = layout_of(self.grid, self.scales)
        _refuse_large(self.layout)
        self.method = InteriorPoint(StepEquations(self.layout, team))

    def first(self, near: Answer | None) -> Point:
        """Begin, near the answer of a like program if there is one and nothing is handed on from hour to hour."""
        steps, blocks = self.program.steps, len(self.program.columns)
        fits = near is not None and len(near.columns) == self.program.column_count
        if near is None or not fits or blocks != self.layout.width or len(near.row_duals) != self.program.row_count:
            return self.method.start()
        hourly = near.columns[: steps * blocks].reshape(blocks, steps).T / self.scales.column
        v = np.concatenate([hourly.ravel(), near.columns[steps * blocks :] / self.scales.once])
        duals, cost = np.zeros((steps, len(self.program.rows))), self.scales.cost
        starts = self.program.row_starts
        for number, rows in enumerate(self.program.rows):
            own = near.row_duals[starts[number] : starts[number + 1]]
            duals[slice(None) if rows.steps is None else rows.steps, number] = own
        duals = np.where(self.grid.has_row, duals, 0.0)[:, self.layout.rows] * cost / self.scales.row[self.layout.rows]
        totals = np.where(self.grid.has_total, near.row_duals[starts[-1] :] * cost / self.scales.total, 0.0)
        return self.method.start_near(v, np.concatenate([duals.ravel(), totals]))

    def run(
        self, options: Options, interrupt: Interrupt, progress: Progress | None, began: float, point: Point
    ) -> _Outcome:
        """Iterate until proven, stalled, stopped, or shown to have no answer."""
        method, wanted, best = self.method, options.proven_gap, _Best()
        method.gap = wanted
        for iteration in range(MOST_ITERATIONS):
            state = method.measure(point, iteration)
            if progress is not None:
                progress(METHOD, iteration, time.perf_counter() - began)
            best.see(point, state)
            if best.is_lost:
                break
            if state.gap <= wanted and state.primal <= ROW_TOLERANCE:
                outcome = self._outcome(Status.OPTIMAL, iteration, point)
                if outcome.gap <= options.proven_gap and outcome.violation <= ROWS_KEPT:
                    return outcome
                if outcome.gap > options.proven_gap:
                    # The iteration's own gap is that of the scaled program without what presolve took out.
                    wanted *= 0.1
                    method.gap = wanted
            if interrupt.is_asked or time.perf_counter() - began > options.time_limit:
                return self._outcome(Status.STOPPED, iteration, best.point or point)
            proof = verdict(method, point, state)
            if proof is not None and self._is_clear(proof, point):
                return self._outcome(proof, iteration, point)
            method.step(point, state)
        outcome = self._outcome(Status.FAILED, iteration, best.point or point)
        is_proven = outcome.violation <= ROWS_KEPT and outcome.gap <= options.proven_gap
        return replace(outcome, status=Status.OPTIMAL) if is_proven else outcome

    def answer(self, outcome: _Outcome, began: float) -> Answer:
        """Write the outcome as an answer."""
        arrays = self.arrays
        return Answer(
            status=outcome.status,
            method=METHOD,
            objective=float(arrays.cost @ outcome.columns + arrays.offset),
            columns=outcome.columns,
            row_duals=outcome.row_duals,
            column_duals=arrays.cost - arrays.column_values(outcome.row_duals),
            gap=outcome.gap,
            iterations=outcome.iterations,
            seconds=time.perf_counter() - began,
        )

    def _outcome(self, status: Status, iterations: int, point: Point) -> _Outcome:
        columns, row_duals = self._columns(point), self._row_duals(point.dual)
        cost = float(self.arrays.cost @ columns + self.arrays.offset)
        # A bound above the cost proves no more than one below: rows that are broken a little meet large prices.
        gap = abs(cost - lower_bound(self.arrays, columns, row_duals).value) / max(1.0, abs(cost))
        violation = row_violation(self.arrays, self._blocks, columns)
        return _Outcome(status, iterations, columns, row_duals, gap, violation)

    def _columns(self, point: Point) -> Floats:
        """Put columns back in the order of the program, within its bounds. (column,)"""
        layout, blocks = self.layout, len(self.program.columns)
        v = point.v[: len(layout.lower)]
        hourly = v[: layout.steps * layout.width].reshape(layout.steps, -1) * self.scales.column
        once = v[layout.steps * layout.width :] * self.scales.once
        columns = np.concatenate([hourly[:, :blocks].T.ravel(), once])
        return np.asarray(np.clip(columns, self.arrays.lower, self.arrays.upper))

    def _is_clear(self, proof: Status, point: Point) -> bool:
        """Check on the program as it was given that there is no plan; where that is not clear the search goes on."""
        return proof is not Status.INFEASIBLE or contradicts(self.arrays, self._row_duals(point.dual, costs=False))

    def _row_duals(self, dual: Floats, costs: bool = True) -> Floats:
        """Put row duals back, those of rows that left included; of a ray, which knows no costs, those too. (row,)"""
        grid, scales, layout = self.grid, self.scales, self.layout
        hourly = np.zeros_like(grid.row_lower)
        count = layout.steps * layout.height
        found = dual[:count].reshape(layout.steps, layout.height)
        hourly[:, layout.rows] = found * scales.row[layout.rows] / scales.cost
        totals = np.where(grid.has_total, dual[count:] * scales.total / scales.cost, 0.0)
        once, reduced = _reduced_costs(grid, hourly, totals, costs)
        self.presolved.recover(Prices(hourly, once, reduced))
        rows = [hourly[:, n] if r.steps is None else hourly[r.steps, n] for n, r in enumerate(self.program.rows)]
        return np.concatenate([*rows, totals])


def _reduced_costs(grid: Grid, duals: Floats, totals: Floats, costs: bool) -> tuple[Floats, Floats]:
    """Work out reduced costs on the grid, or what the duals charge alone. (once,) (step, column)"""
    reduced = grid.cost * costs
    once = grid.once_cost * costs - totals @ grid.totals_once
    for parts in grid.by_row:
        for part in parts:
            charge = part.value * duals[:, part.row]
            if isinstance(part, Slot):
                once -= np.bincount(part.index, charge, minlength=len(once))
            elif part.lag:
                reduced[:-1, part.column] -= charge[1:]
            else:
                reduced[:, part.column] -= charge
    for jump in grid.jumps:
        reduced[jump.source, jump.column] -= jump.value * duals[jump.step, jump.row]
    for total in grid.totals:
        reduced[total.first : total.first + len(total.value), total.column] -= total.value * totals[total.row]
    return once, reduced


def _without(arrays: LinearProgram, status: Status, began: float) -> Answer:
    """Answer that there is no point to show."""
    columns = np.clip(np.zeros(arrays.column_count), arrays.lower, arrays.upper)
    return Answer(
        status, METHOD, np.nan, columns, np.zeros(arrays.row_count), arrays.cost.copy(), np.inf, 0,
        time.perf_counter() - began,
    )  # fmt: skip


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def bytes_needed(layout: Layout) -> int:
    """Predict the memory of a solve, most of it vectors of all columns and slacks, and the factor."""
    kept, looking = layout.height - layout.eliminated, layout.tables.looking
    vectors = 30 * (layout.width + layout.height) + 6 * kept
    entries = layout.tables.now_value.shape[1] + layout.tables.past_value.shape[1]
    factor = kept * (kept + 1) // 2 + kept * looking
    return int(8 * layout.steps * (vectors + entries + factor) + 40 * len(layout.tables.slot_value))


def _refuse_large(layout: Layout) -> None:
    """Refuse what would not fit into memory."""
    free, needed = _free_bytes(), bytes_needed(layout)
    if free is not None and needed > SPARE * free:
        raise RefusedError(f"{needed / 2**30:.1f} GiB of memory, where {free / 2**30:.1f} are free")


def _free_bytes() -> int | None:
    """Find the free memory: with what the system keeps of files and would give back, where it tells; else without."""
    try:
        told = dict(line.split(":", 1) for line in MEMORY.read_text().splitlines() if ":" in line)
        return 1024 * int(told["MemAvailable"].split()[0])
    except (OSError, KeyError, ValueError, IndexError):
        pass
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None
