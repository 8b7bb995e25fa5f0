"""HiGHS: pass the arrays, choose a method, bring the answer back by position."""

import time
import warnings
from dataclasses import replace
from functools import cache
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from solvers.answer import Answer, Options, Progress, Status
from solvers.choice import INTERIOR, UNKNOWN, Shape, Way, choose_of_highs
from solvers.interrupt import Interrupt
from solvers.linear import LinearProgram
from solvers.prepare import Prepared, prepare

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
    way = way_for(program, options, shape)
    prepared = prepare(program)
    small = prepared.program
    if small.column_count == 0:
        return _settled(prepared)
    scale = cost_scale(small.cost)
    answer = run(loaded(small, scale, options, way), small, scale, way, progress)
    row_duals, columns = prepared.row_duals(answer.row_duals), prepared.columns(answer.columns)
    return replace(answer, columns=columns, row_duals=row_duals, column_duals=prepared.column_duals(row_duals))


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
    )


def run(
    engine: highspy.Highs, program: LinearProgram, scale: float, way: Way, progress: Progress | None = None
) -> Answer:
    """Run HiGHS on what is loaded, costs times a scale, and read the answer."""
    began = time.perf_counter()
    with _Listener(way.method, began, progress) as listener:
        listener.attach(engine)
        engine.run()
        status = Status.STOPPED if listener.is_asked else _status(engine)
    solution, info = engine.getSolution(), engine.getInfo()
    has_answer = len(solution.col_value) == program.column_count
    columns = np.array(solution.col_value) if has_answer else np.zeros(program.column_count)
    return Answer(
        status=status,
        method=way.label,
        objective=float(program.cost @ columns + program.offset) if has_answer else np.nan,
        columns=np.clip(columns, program.lower, program.upper) if has_answer else columns,
        row_duals=_or_zeros(solution.row_dual, program.row_count) / scale,
        column_duals=_or_zeros(solution.col_dual, program.column_count) / scale,
        gap=float(info.mip_gap) if program.is_integer.any() else 0.0,
        iterations=max(info.simplex_iteration_count, info.ipm_iteration_count),
        seconds=time.perf_counter() - began,
    )


def way_for(program: LinearProgram, options: Options, shape: Shape) -> Way:
    """Take the method asked for, or that of the rule; without the interior point package, what does without it."""
    way = choose_of_highs(program, shape)
    if options.method not in ("auto", INTERIOR.method):
        way = Way(options.method, options.method in ("hipo", "ipx"))
    if options.crossover is not None:
        way = replace(way, crossover=options.crossover and way.method in ("hipo", "ipx"))
    if way.method == "hipo" and not has_hipo():
        warnings.warn(NO_HIPO, RuntimeWarning, stacklevel=3)
        way = replace(way, method="ipx")
    return way


NO_HIPO = (
    "The interior point method HiPO does not work here, so the slower IPX is used. Install highspy-extras in the very "
    "version of highspy; make setup does."
)


@cache
def has_hipo() -> bool:
    """Try HiPO once on a program whose answer is known: max x + y, x + 2 y <= 4, 3 x + y <= 6, at (1.6, 1.2)."""
    trial = LinearProgram(
        cost=np.array([-1.0, -1.0]),
        lower=np.zeros(2),
        upper=np.full(2, np.inf),
        is_integer=np.zeros(2, bool),
        row_lower=np.full(2, -np.inf),
        row_upper=np.array([4.0, 6.0]),
        starts=np.array([0, 2, 4], np.int32),
        indices=np.array([0, 1, 0, 1], np.int32),
        values=np.array([1.0, 2.0, 3.0, 1.0]),
    )
    engine = loaded(trial, 1.0, Options(), Way("hipo", crossover=False))
    engine.setOptionValue("presolve", "off")
    engine.run()
    point = engine.getSolution().col_value
    return len(point) == 2 and bool(np.allclose(point, [1.6, 1.2], atol=1e-5))


def cost_scale(cost: Floats) -> float:
    """Bring the middle of the costs near one, by a power of two so that nothing is rounded."""
    sizes = np.abs(cost[cost != 0.0])
    return float(2.0 ** -np.round(np.log2(np.median(sizes)))) if sizes.size else 1.0


def loaded(program: LinearProgram, scale: float, options: Options, way: Way) -> highspy.Highs:
    """Hand a program to a new HiGHS, with its options set."""
    engine = highspy.Highs()  # type: ignore[no-untyped-call]
    engine.setOptionValue("output_flag", False)
    engine.setOptionValue("threads", options.threads)
    engine.setOptionValue("time_limit", float(options.time_limit))
    engine.setOptionValue("mip_rel_gap", options.gap)
    if not program.is_integer.any():
        engine.setOptionValue("solver", way.method)
        engine.setOptionValue("run_crossover", "on" if way.crossover else "off")
    elif way.method != "simplex":
        engine.setOptionValue("mip_lp_solver", way.method)
    if engine.passModel(highs_model(program, scale)) == highspy.HighsStatus.kError:
        raise ValueError(
            "HiGHS does not take these arrays: a column occurs twice in a row, or an index is out of range."
        )
    return engine


def highs_model(program: LinearProgram, scale: float) -> highspy.HighsLp:
    """Hand the arrays to HiGHS, all costs times a scale."""
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = program.column_count, program.row_count
    model.col_cost_ = program.cost * scale
    model.col_lower_, model.col_upper_ = program.lower, program.upper
    model.row_lower_, model.row_upper_ = program.row_lower, program.row_upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.num_col_, model.a_matrix_.num_row_ = program.column_count, program.row_count
    model.a_matrix_.start_, model.a_matrix_.index_ = program.starts, program.indices
    model.a_matrix_.value_ = program.values
    if program.is_integer.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[flag] for flag in program.is_integer.astype(int)]
    return model


class _Listener(Interrupt):
    """Hears the solver's regular calls: reports the advance, and ends the solve after Ctrl-C."""

    def __init__(self, method: str, began: float, progress: Progress | None) -> None:
        super().__init__()
        self.method, self.began, self.progress = method, began, progress
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
            self.progress(self.method, max(data.simplex_iteration_count, data.ipm_iteration_count, 0), now)


def _status(engine: highspy.Highs) -> Status:
    """Translate the solver's word; one doubtful word is settled by asking again without presolve."""
    word = engine.getModelStatus()
    if word == highspy.HighsModelStatus.kUnboundedOrInfeasible:
        engine.setOptionValue("presolve", "off")
        engine.setOptionValue("solver", "simplex")
        engine.run()
        word = engine.getModelStatus()
    return _STATUSES.get(word, Status.FAILED)


def _or_zeros(values: list[float], count: int) -> Floats:
    return np.array(values) if len(values) == count else np.zeros(count)
