"""From arrays to a loaded HiGHS, with the options set that a caller may ask for."""

import highspy
import numpy as np
from numpy.typing import NDArray

from solvers.answer import Options
from solvers.choice import Way
from solvers.linear import LinearProgram

Floats = NDArray[np.float64]

_POOL: list[int] = []
"""Threads of HiGHS's pool, of which there is one in a process; empty before the first solve."""


def loaded(program: LinearProgram, scale: float, options: Options, way: Way) -> highspy.Highs:
    """Hand a program to a new HiGHS, with its options set."""
    engine = highspy.Highs()  # type: ignore[no-untyped-call]
    engine.setOptionValue("output_flag", False)
    limit(engine, options)
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


def limit(engine: highspy.Highs, options: Options) -> None:
    """Set limits of the next solve: HiGHS counts time from its making, and keeps its pool of threads until told."""
    if _POOL and _POOL[0] != options.threads:
        highspy.Highs.resetGlobalScheduler(True)
    _POOL[:] = [options.threads]
    engine.setOptionValue("threads", options.threads)
    engine.setOptionValue("time_limit", float(engine.getRunTime() + options.time_limit))
    engine.setOptionValue("mip_rel_gap", options.gap)


def cost_scale(cost: Floats) -> float:
    """Bring the middle of the costs near one, by a power of two so that nothing is rounded."""
    sizes = np.abs(cost[cost != 0.0])
    return float(2.0 ** -np.round(np.log2(np.median(sizes)))) if sizes.size else 1.0


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
