"""HiGHS: choose a method, solve, bring the answer back by position."""

import time
from dataclasses import replace
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from solvers.answer import Answer, Options, Progress, Status
from solvers.choice import INTERIOR, UNKNOWN, Shape, Way, choose_of_highs
from solvers.interrupt import Interrupt
from solvers.linear import LinearProgram
from solvers.loading import cost_scale, loaded
from solvers.prepare import Prepared, prepare
from solvers.smoke import NO_HIPO, has_hipo

Floats = NDArray[np.float64]


_STATUSES = {
    highspy.HighsModelStatus.kOptimal: Status.OPTIMAL,
    highspy.HighsModelStatus.kModelEmpty: Status.OPTIMAL,
    highspy.HighsModelStatus.kInfeasible: Status.INFEASIBLE,
    highspy.HighsModelStatus.kUnbounded: Status.UNBOUNDED,
    highspy.HighsModelStatus.kTimeLimit: Status.STOPPED,
    highspy.HighsModelStatus.kInterrupt: Status.STOPPED,
    highspy.HighsModelStatus.kIterationLimit: Status.STOPPED,
    highspy.HighsModelStatus.kSolutionLimit: Status.STOPPED,
}


def solve(
    program: LinearProgram,
    options: Options | None = None,
    shape: Shape = UNKNOWN,
    progress: Progress | None = None,
) -> Answer:
    """Solve a program with HiGHS.

    Parameters
    ----------
    program : LinearProgram
        Arrays of the model.
    options : Options, optional
        Method and limits.
    shape : Shape
        Passed to :func:`solvers.choice.choose` when the method is ``auto``.
    progress : callable, optional
        Told about the advance; called from the solver's own loop.

    Returns
    -------
    answer : Answer
        Solution and duals by position, in the units of the program.
    """
    options = options or Options()
    way, remark = way_for(program, options, shape)
    prepared = prepare(program)
    small = prepared.program
    if small.column_count == 0:
        return _settled(prepared)
    scale = cost_scale(small.cost)
    answer = run(loaded(small, scale, options, way), small, scale, way, progress)
    row_duals, columns = prepared.row_duals(answer.row_duals), prepared.columns(answer.columns)
    reduced = prepared.column_duals(row_duals)
    return replace(answer, columns=columns, row_duals=row_duals, column_duals=reduced, remark=remark)


def _settled(prepared: Prepared) -> Answer:
    """Answer a program in which every column is fixed: its rows hold or they do not."""
    small, columns = prepared.program, prepared.columns(np.zeros(0))
    room = 1e-9 * (1.0 + np.abs(prepared.original.row_values(columns))[prepared.kept_rows])
    holds = bool(np.all((small.row_lower <= room) & (small.row_upper >= -room)))
    return Answer(
        status=Status.OPTIMAL if holds else Status.INFEASIBLE,
        method="none",
        objective=small.offset,
        columns=columns,
        row_duals=np.zeros(prepared.original.row_count),
        column_duals=prepared.original.cost.copy(),
        gap=0.0,
        iterations=0,
        seconds=0.0,
        has_duals=False,
    )


def run(
    engine: highspy.Highs, program: LinearProgram, scale: float, way: Way, progress: Progress | None = None
) -> Answer:
    """Run HiGHS on what is loaded, costs times a scale, and read the answer."""
    began = time.perf_counter()
    with _Listener(way.method, bool(program.is_integer.any()), began, progress) as listener:
        listener.attach(engine)
        engine.run()
        status = Status.STOPPED if listener.is_asked else _status(engine)
    solution, info = engine.getSolution(), engine.getInfo()
    # Each look at a part of the solution copies it.
    columns = np.array(solution.col_value)
    has_answer = len(columns) == program.column_count
    columns = columns if has_answer else np.zeros(program.column_count)
    return Answer(
        status=status,
        method=way.label,
        objective=float(program.cost @ columns + program.offset) if has_answer else np.nan,
        columns=np.clip(columns, program.lower, program.upper) if has_answer else columns,
        row_duals=_or_zeros(solution.row_dual, program.row_count) / scale,
        column_duals=_or_zeros(solution.col_dual, program.column_count) / scale,
        gap=_gap(program, status, info),
        iterations=max(info.simplex_iteration_count, info.ipm_iteration_count),
        seconds=time.perf_counter() - began,
        has_duals=bool(solution.dual_valid),
    )


def way_for(program: LinearProgram, options: Options, shape: Shape) -> tuple[Way, str]:
    """Take the method asked for, or that of the rule; without HiPO what does without it, and a remark that says so."""
    way = choose_of_highs(program, shape)
    if options.method not in ("auto", INTERIOR.method):
        way = Way(options.method, options.method in ("hipo", "ipx"))
    if options.crossover is not None:
        way = replace(way, crossover=options.crossover and way.method in ("hipo", "ipx"))
    if way.method == "hipo" and not has_hipo():
        return replace(way, method="ipx"), NO_HIPO
    return way, ""


class _Listener(Interrupt):
    """Hears the solver's regular calls: reports the advance, and ends the solve after Ctrl-C."""

    def __init__(self, method: str, is_search: bool, began: float, progress: Progress | None) -> None:
        super().__init__()
        self.method, self.is_search, self.began, self.progress = method, is_search, began, progress
        self._spoke = 0.0
        self._events: tuple[Any, ...] = ()

    def __exit__(self, *exception: object) -> None:
        for event in self._events:
            event.unsubscribe(self._hear)
        super().__exit__(*exception)

    def attach(self, engine: highspy.Highs) -> None:
        """Subscribe to the solver's calls."""
        self._events = (engine.cbSimplexInterrupt, engine.cbIpmInterrupt, engine.cbMipInterrupt)
        for event in self._events:
            event.subscribe(self._hear)

    def _hear(self, event: Any) -> None:
        if self.is_asked:
            event.interrupt()
        now = time.perf_counter() - self.began
        if self.progress is not None and now - self._spoke >= 0.5:
            self._spoke = now
            data = event.data_out
            self.progress(self._told(data), max(data.simplex_iteration_count, data.ipm_iteration_count, 0), now)

    def _told(self, data: Any) -> str:
        """Name the method; a search over whole numbers tells how near it is, once it has a plan."""
        if not self.is_search:
            return self.method
        has_plan = np.isfinite(data.mip_gap) and abs(data.mip_primal_bound) < highspy.kHighsInf
        return f"whole numbers, {f'{100.0 * data.mip_gap:.2g} % left' if has_plan else 'no plan yet'}"


def _status(engine: highspy.Highs) -> Status:
    """Translate the solver's word; one doubtful word is settled by asking again without presolve."""
    word = engine.getModelStatus()
    if word == highspy.HighsModelStatus.kUnboundedOrInfeasible:
        engine.setOptionValue("presolve", "off")
        engine.setOptionValue("solver", "simplex")
        engine.run()
        word = engine.getModelStatus()
    return _STATUSES.get(word, Status.FAILED)


def _gap(program: LinearProgram, status: Status, info: highspy.HighsInfo) -> float:
    """Relative gap left; of a continuous program that was not solved to the end it is not known."""
    if program.is_integer.any():
        return float(info.mip_gap)
    return 0.0 if status is Status.OPTIMAL else np.inf


def _or_zeros(values: list[float], count: int) -> Floats:
    return np.array(values) if len(values) == count else np.zeros(count)
