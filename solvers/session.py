"""One HiGHS model that stays loaded: numbers change in place, and each solve starts where the last one ended."""

import time
from dataclasses import replace

import highspy
import numpy as np
from numpy.typing import NDArray

from solvers.answer import Answer, Options, Progress, Status
from solvers.choice import INTERIOR, SIMPLEX, UNKNOWN, Shape
from solvers.highs import run, way_for
from solvers.linear import LinearProgram
from solvers.loading import cost_scale, highs_model, limit, loaded

Floats = NDArray[np.float64]

FEW_ENTRIES = 2_000
"""Matrix entries changed one by one; more are passed together, and the basis is put back."""
WORTH, LEAST_STEPS, MOST_STEPS = 0.04, 2_000, 20_000
"""Share of the steps of a first solve that a later one may take. Each costs several times as much, as near the optimum
the vectors of a step are as long as the year; so beyond this a fresh solve is quicker."""
TINY = 500
"""Columns up to which presolve alone is quicker than any start from a basis."""
PRIMAL, DUAL = 4, 1
"""HiGHS's numbers of the simplex variants."""


class Session:
    """Solves programs of one pattern one after another: change numbers, solve again.

    The programs may differ in costs, bounds and coefficients, which is all that other prices, demands, capacities and
    availabilities change. The arrays of each are compared with those loaded, only what differs is changed, and the
    solve starts from the last optimal basis: by primal simplex where only costs changed, as the last plan is still
    allowed, else by dual simplex, as the last prices are still near. A program with whole numbers is loaded afresh
    with the last plan as its start; one of another pattern, of a few columns, or whose best plan lies far from the
    last, is loaded afresh.

    One session belongs to one thread; workers have one each.
    """

    def __init__(self) -> None:
        self._engine: highspy.Highs | None = None
        self._program: LinearProgram | None = None
        self._scale = 1.0
        self._basis: highspy.HighsBasis | None = None
        """Last optimal one."""
        self._is_settled = False
        """Whether the engine stands at that basis."""
        self._most = MOST_STEPS
        """Steps from a basis after which a fresh solve is quicker."""
        self._plan: Floats | None = None
        """Last plan in whole numbers."""
        self.inside: Answer | None = None
        """Last answer of the method on the hours' pattern: it too starts near the last one."""

    def solve(
        self,
        program: LinearProgram,
        options: Options | None = None,
        shape: Shape = UNKNOWN,
        progress: Progress | None = None,
    ) -> Answer:
        """Solve a program; parameters and answer as in :func:`solvers.highs.solve`."""
        options, began = options or Options(), time.perf_counter()
        can_start = options.method in ("auto", SIMPLEX.method, INTERIOR.method) and self._is_alike(program)
        answer = self._again(program, options, progress) if can_start else None
        if answer is None:
            answer = self._afresh(program, options.since(began), shape, progress)
        self._program = program
        self._remember(program, answer)
        return answer

    def keep_inside(self, answer: Answer) -> None:
        """Keep an answer of the method on the hours' pattern for the next to start near."""
        if answer.status is Status.OPTIMAL:
            self.inside = answer

    def _again(self, program: LinearProgram, options: Options, progress: Progress | None) -> Answer | None:
        """Solve from the last optimal basis; nothing where that takes more steps than it is worth.

        A proof that there is no plan, or none to be found, is looked for afresh, without the last basis' influence.
        """
        engine, basis = self._engine, self._basis
        if engine is None or basis is None:
            return None
        if not self._is_settled:
            engine.setBasis(basis)
        self._change_to(program)
        limit(engine, options)
        engine.setOptionValue("simplex_iteration_limit", self._most)
        answer = run(engine, program, self._scale, SIMPLEX, progress)
        is_over = answer.status is Status.STOPPED and answer.iterations < self._most
        return answer if answer.status is Status.OPTIMAL or is_over else None

    def _afresh(self, program: LinearProgram, options: Options, shape: Shape, progress: Progress | None) -> Answer:
        """Load a program and solve it, one with whole numbers from the last plan."""
        way, remark = way_for(program, options, shape)
        way = replace(way, crossover=way.method in ("hipo", "ipx"))
        self._scale = cost_scale(program.cost)
        self._engine = loaded(program, self._scale, options, way)
        # A program without a plan leaves the start before it, if that is of its pattern.
        self._basis = self._basis if self._is_alike(program) else None
        if program.is_integer.any() and self._plan is not None and len(self._plan) == program.column_count:
            self._engine.setSolution(_start(self._plan))
        answer = run(self._engine, program, self._scale, way, progress)
        self._most = max(LEAST_STEPS, round(WORTH * answer.iterations)) if way == SIMPLEX else MOST_STEPS
        return replace(answer, remark=remark)

    def _remember(self, program: LinearProgram, answer: Answer) -> None:
        """Keep what the next solve may start from; a failed one leaves the start before it."""
        self._is_settled = answer.status is Status.OPTIMAL
        if program.is_integer.any():
            self._plan = answer.columns if self._is_settled else self._plan
        elif self._is_settled and self._engine is not None:
            basis = self._engine.getBasis()
            self._basis = basis if basis.valid else None

    def _is_alike(self, program: LinearProgram) -> bool:
        """Whether a program has the pattern of the one loaded."""
        last = self._program
        return (
            last is not None
            and len(program.cost) > TINY
            and not program.is_integer.any()
            and len(program.cost) == len(last.cost)
            and np.array_equal(program.starts, last.starts)
            and np.array_equal(program.indices, last.indices)
        )

    def _change_to(self, program: LinearProgram) -> None:
        """Bring the loaded model to a program of the same pattern."""
        engine, last = self._engine, self._program
        if engine is None or last is None:
            return
        entries = np.flatnonzero(program.values != last.values)
        bounds = _different(program.lower, last.lower) | _different(program.upper, last.upper)
        rows = _different(program.row_lower, last.row_lower) | _different(program.row_upper, last.row_upper)
        engine.setOptionValue("simplex_strategy", DUAL if bounds.any() or rows.any() or len(entries) else PRIMAL)
        engine.setOptionValue("solver", "simplex")
        if len(entries) > FEW_ENTRIES:
            basis = engine.getBasis()
            engine.passModel(highs_model(program, self._scale))
            engine.setBasis(basis)
            return
        row = np.searchsorted(program.starts, entries, side="right") - 1
        for entry, at in zip(entries.tolist(), row.tolist(), strict=True):
            engine.changeCoeff(at, int(program.indices[entry]), float(program.values[entry]))
        costs = np.flatnonzero(program.cost != last.cost).astype(np.int32)
        engine.changeColsCost(len(costs), costs, program.cost[costs] * self._scale)
        changed = np.flatnonzero(bounds).astype(np.int32)
        engine.changeColsBounds(len(changed), changed, program.lower[changed], program.upper[changed])
        changed = np.flatnonzero(rows).astype(np.int32)
        row_lower, row_upper = program.row_lower[changed], program.row_upper[changed]
        engine.changeRowsBounds(len(changed), changed, row_lower, row_upper)  # type: ignore[attr-defined]


def _start(columns: Floats) -> highspy.HighsSolution:
    solution = highspy.HighsSolution()
    solution.col_value = columns.tolist()
    return solution


def _different(one: Floats, other: Floats) -> NDArray[np.bool_]:
    return np.not_equal(one, other)
