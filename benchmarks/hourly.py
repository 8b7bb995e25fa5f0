"""The hourly engine against its promises: ``python -m benchmarks.hourly [--plan]`` prints ratios of one run as JSON.

Five towns, a year, sizes given: the walk against HiGHS called hour by hour (warm, changes in place), the same where
hours are plain merit orders, against the plan of the same year (``--plan``, minutes), growth with hours, two threads
against one. Processor time of one thread, but for the threads, which need a quiet machine.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from benchmarks import ours
from benchmarks.regional import HOURS_PER_YEAR, region
from solvers.answer import Options, Status
from solvers.carrying import carried
from solvers.front import solve_hourly
from solvers.hourly.engine import Layout, StoreWorth, Walked, lay_out
from solvers.interior.team import Team
from solvers.program import HourlyProgram

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TOWNS, HOURS_OF_HIGHS = 5, 1000
PROMISED = {"highs over walk": 10.0, "plan over layout and walk": 100.0, "parallel efficiency": 0.8}


def main() -> None:
    """Time everything and print the ratios."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hourly", description=__doc__)
    parser.add_argument("--plan", action="store_true", help="also plan the year, which takes minutes")
    asked = parser.parse_args()
    model = ours.build(ours.load(region(TOWNS, HOURS_PER_YEAR)))
    program = replace(model.program, global_rows=())
    layout = prepared(program)
    seconds, walked = quickest(lambda: layout.walk(np.zeros(len(program.columns))))
    facts: dict[str, Any] = {
        "columns": int(layout.hours.lower.shape[1] + len(layout.shape.own_row)),
        "rows": int(layout.hours.row_lower.shape[1]),
        "pivots an hour": walked.pivots / program.steps,
        "walk": seconds,
        "layout": quickest(lambda: prepared(program))[0],
        "highs over walk": highs_hourly(layout, walked) / (seconds * HOURS_OF_HIGHS / program.steps),
        "walk of a quarter, times four": 4.0 * quarter(),
        "highs over walk by merit order": merit_order(program),
        "parallel efficiency": efficiency(layout),
    }
    if asked.plan:
        facts["plan"] = planned(program, layout.settled)
        facts["plan over layout and walk"] = facts["plan"] / (facts["layout"] + seconds)
    print(json.dumps({**facts, "promised": PROMISED}, indent=1))


def quickest(
    work: Callable[[], Any], clock: Callable[[], float] = time.process_time, rounds: int = 3
) -> tuple[float, Any]:
    """Seconds in the quickest round, the first left out, and what came out; other work on the machine not counted."""
    result, spans = work(), []
    for _ in range(rounds):
        began = clock()
        result = work()
        spans.append(clock() - began)
    return min(spans), result


def prepared(program: HourlyProgram) -> Layout:
    """Give every size half of what it may be, and stores a worth with the seasons."""
    upper = program.globals.upper
    settled = 0.5 * np.where(np.isfinite(upper), upper, 100.0)
    season = 30.0 + 20.0 * np.cos(np.arange(program.steps) * 2.0 * np.pi / HOURS_PER_YEAR)[:, None]
    empty = np.zeros((program.steps, 0))
    worths = {b: StoreWorth(empty, season, season) for b in map(carried, program.rows) if b is not None}
    return lay_out(program, settled, worths)


@dataclass(frozen=True)
class Plain:
    """Every hour as it is written, for a solver that is handed programs: all columns, rows as equations where they are.

    The layout of the walk has taken columns that stand in one row only out; here they are back.
    """

    cost: Floats
    """(step, column)"""
    lower: Floats
    """(step, column)"""
    upper: Floats
    """(step, column)"""
    row_lower: Floats
    """(step, row)"""
    row_upper: Floats
    """(step, row)"""
    row: Ints
    """(entry,)"""
    column: Ints
    """(entry,)"""
    value: Floats
    """(step, entry)"""
    values: Floats
    """What the walk found. (step, column)"""


def plain(layout: Layout, walked: Walked) -> Plain:
    """Write the hours of a layout out."""
    shape, hours = layout.shape, layout.hours
    row, column = (np.zeros(hours.value.shape[1], np.int64) for _ in range(2))
    for b in range(len(shape.block_row) - 1):
        for a in range(shape.block_column[b], shape.block_column[b + 1]):
            for k in range(shape.block_entry[b] + shape.begin[a], shape.block_entry[b] + shape.end[a]):
                row[k], column[k] = shape.block_row[b] + shape.row[k], shape.source[a]
    count, own = hours.cost.shape[1], 1.0 / hours.factor
    row_lower, row_upper = hours.row_lower.copy(), hours.row_upper.copy()
    row_lower[:, shape.own_row] = row_upper[:, shape.own_row] = hours.base * own
    return Plain(
        np.hstack([hours.cost, hours.row_cost[:, shape.own_row] * own]),
        np.hstack([hours.lower, np.minimum(hours.low, hours.high)]),
        np.hstack([hours.upper, np.maximum(hours.low, hours.high)]),
        row_lower,
        row_upper,
        np.r_[row, shape.own_row],
        np.r_[column, count + np.arange(len(shape.own_row))],
        np.hstack([hours.value, own]),
        np.hstack([walked.values[shape.original].T / hours.scale, walked.values[shape.own_column].T]),
    )  # fmt: skip


def highs_hourly(layout: Layout, walked: Walked) -> float:
    """Seconds of HiGHS for some hours of the same walk; each must cost what ours does."""
    shape, hours, given = layout.shape, layout.hours, plain(layout, walked)
    engine, spent = _loaded(given), 0.0
    columns, rows = (np.arange(table.shape[1], dtype=np.int32) for table in (given.cost, given.row_lower))
    for t in range(1, HOURS_OF_HIGHS):
        shift = np.zeros(len(rows))
        for e in range(len(shape.past_row)):
            earlier = walked.values[shape.past_column[e], t - shape.past_lag[e]]
            shift[shape.past_row[e]] += hours.past[t, e] * earlier
        changed = [
            (int(given.row[k]), int(given.column[k]), float(given.value[t, k]))
            for k in np.flatnonzero(given.value[t] != given.value[t - 1])
        ]
        began = time.process_time()
        engine.changeColsCost(len(columns), columns, given.cost[t])
        engine.changeColsBounds(len(columns), columns, given.lower[t], given.upper[t])
        engine.changeRowsBounds(len(rows), rows, given.row_lower[t] - shift, given.row_upper[t] - shift)
        for row, column, value in changed:
            engine.changeCoeff(row, column, value)
        engine.run()
        spent += time.process_time() - began
        ours_cost = float(given.cost[t] @ given.values[t])
        if abs(engine.getInfo().objective_function_value - ours_cost) > 1e-6 * (1.0 + abs(ours_cost)):
            raise SystemExit(f"hour {t}: HiGHS {engine.getInfo().objective_function_value}, walk {ours_cost}")
    return spent * HOURS_OF_HIGHS / (HOURS_OF_HIGHS - 1)


def _loaded(given: Plain) -> highspy.Highs:
    """Hand the first hour to HiGHS."""
    engine = highspy.Highs()
    engine.setOptionValue("output_flag", False)
    engine.setOptionValue("threads", 1)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = given.cost.shape[1], given.row_lower.shape[1]
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = given.cost[0], given.lower[0], given.upper[0]
    lp.row_lower_, lp.row_upper_ = given.row_lower[0], given.row_upper[0]
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    order = np.argsort(given.column, kind="stable")
    lp.a_matrix_.start_ = np.searchsorted(given.column[order], np.arange(lp.num_col_ + 1)).astype(np.int32)
    lp.a_matrix_.index_, lp.a_matrix_.value_ = given.row[order].astype(np.int32), given.value[0, order]
    engine.passModel(lp)
    engine.run()
    return engine


def planned(program: HourlyProgram, settled: Floats) -> float:
    """Seconds of one thread to plan the same year with the same sizes."""
    once = replace(program.globals, lower=settled, upper=settled)
    given = replace(program, globals=once)
    began = time.process_time()
    answer = solve_hourly(given, given.assemble(), Options(threads=1))
    if answer.status is not Status.OPTIMAL:
        raise SystemExit(f"The year has no plan: {answer.status}.")
    return time.process_time() - began


def quarter() -> float:
    """Seconds for a quarter of the hours of a year."""
    steps = HOURS_PER_YEAR // 4
    program = replace(ours.build(ours.load(region(TOWNS, steps))).program, global_rows=())
    layout = prepared(program)
    return quickest(lambda: layout.walk(np.zeros(len(program.columns))))[0]


def merit_order(program: HourlyProgram) -> float:
    """HiGHS over the walk where hours fall apart into plain merit orders: only balances of heat, towns apart."""
    kept = [k for k, name in enumerate(program.names.rows) if name.startswith("balance.") and name.endswith("_heat")]
    names = replace(program.names, rows=tuple(program.names.rows[k] for k in kept), global_rows=())
    pipes = {e.block for k in kept for e in program.rows[k].entries if "pipe" in program.names.columns[e.block]}
    columns = tuple(replace(c, upper=0.0) if b in pipes else c for b, c in enumerate(program.columns))
    alone = replace(program, rows=tuple(program.rows[k] for k in kept), columns=columns, names=names)
    layout = lay_out(alone, np.zeros(len(program.globals.cost)))
    seconds, walked = quickest(lambda: layout.walk(np.zeros(len(program.columns))))
    if walked.pivots or walked.hour < program.steps:
        raise SystemExit(f"The hours did not fall apart into merit orders: {layout.blocks}, {walked.pivots} pivots.")
    return highs_hourly(layout, walked) / (seconds * HOURS_OF_HIGHS / program.steps)


def efficiency(layout: Layout) -> float:
    """Sixteen years on two threads against the same on one, as a run of many years has them."""
    begins = [np.zeros(len(layout.program.columns))] * 16

    def two(threads: int) -> float:
        with Team(threads) as team:
            return quickest(lambda: team.each(layout.walk, begins), time.perf_counter)[0]

    return two(1) / two(2) / 2.0


if __name__ == "__main__":
    sys.exit(main())
