"""Sizes from a shorter year, their cost from the full one: typical days or joined hours, a full dispatch, a bound."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from energysim.errors import InfeasibleError, OutputError
from energysim.model.aggregate import segments, typical_days
from energysim.model.build import Model
from energysim.model.solve import lift, without_plan
from energysim.system import Plan
from energysim.traits import Sizing
from solvers.answer import Answer, Options, Progress, Status
from solvers.benders import Decomposition, Refined
from solvers.choice import Shape
from solvers.coarse import coarsen
from solvers.conflict import with_slack
from solvers.highs import solve
from solvers.linear import LinearProgram
from solvers.periods import Periods, Reduced
from solvers.pricing import with_prices

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

Told = Callable[[str], None]

_MENDED, _JOINING = 8, 4
"""How often days that the sizes cannot carry join the typical ones, and how many at first; then twice as many."""


@dataclass(frozen=True)
class Estimate:
    """How to shorten the year while sizes are found."""

    typical_days: int | None = None
    """Days that stand for all, beside extreme ones."""
    segments: int | None = None
    """Stretches of hours that stand for all."""
    refine: float | None = None
    """Gap to the proven bound at which the search for better sizes ends; none where absent."""

    @property
    def label(self) -> str:
        """What is shortened, in words."""
        return (
            f"{self.typical_days} typical days" if self.typical_days else f"{self.segments} joined stretches of hours"
        )


@dataclass(frozen=True)
class _Found:
    """What the shorter year says."""

    sizes: Floats
    """(size,)"""
    objective: float


def optimise_by_estimate(
    model: Model,
    estimate: Estimate,
    options: Options | None = None,
    progress: Progress | None = None,
    tell: Told | None = None,
) -> Plan:
    """Find sizes on a shorter year, then run them through the full one.

    The cost of the shorter year is an estimate and no bound: its days are like others only roughly, which errs to
    either side, and equal days must be run equally, which errs upwards. So the sizes are run through all hours, and the
    plan is that of the full year: certified, with its true cost, and with a lower bound from its own duals. Days
    that the sizes cannot carry join the typical ones.

    Parameters
    ----------
    model : Model
        With sizes to decide.
    estimate : Estimate
        How to shorten, and whether to refine.
    options : Options, optional
        Of every solve; the time limit holds for all together.
    progress : callable, optional
        Told about the advance of the solver.
    tell : callable, optional
        Hears what was found on the way.

    Returns
    -------
    plan : Plan
        Of the full year.

    Raises
    ------
    OutputError
        When no size is to be decided, or a size has no largest value and a bound is asked for.
    InfeasibleError
        When the shorter year has no plan, or its sizes cannot carry the full one.
    UnboundedError
        When a plan could earn without limit.
    StoppedError
        When a limit or the user ended the search before any plan.
    SolverError
        When the solver gives neither an answer nor a proof.
    """
    tell = tell or (lambda text: None)
    search = _Search(model, estimate, options or Options(), progress)
    if estimate.refine is not None:
        search.refuse_open()
    found, answer = search.found_and_run()
    tell(f"{estimate.label} estimated {found.objective:,.0f}, the full year costs {answer.objective:,.0f}")
    refined = None
    if estimate.refine is not None:
        answer, refined = search.refined(found, answer, estimate.refine, tell)
    plan = lift(model, search.program, replace(answer, method=f"{estimate.label}, then {answer.method}"))
    return _with_facts(plan, estimate, found, refined, bool(np.isfinite(search.program.upper[search.sizes]).all()))


class _Search:
    """The full year, its sizes, and how to find them."""

    def __init__(self, model: Model, estimate: Estimate, options: Options, progress: Progress | None) -> None:
        self.model, self.estimate, self.options, self.progress = model, estimate, options, progress
        self.began = time.perf_counter()
        self.sizes = _sizes(model)
        self.program = model.program.assemble()
        self.held_shape = Shape(model.program.steps)
        """Of the full year with its sizes held."""

    def refuse_open(self) -> None:
        """A bound over all sizes needs a largest size of each."""
        program, names = self.program, self.model.program.names.globals
        first = program.column_count - len(names)
        open_ = [names[size - first] for size in self.sizes[~np.isfinite(program.upper[self.sizes])]]
        if open_ or program.is_integer.any():
            what = f"'{open_[0].rpartition('.')[0]}' has no 'max'" if open_ else "whole numbers leave no duals"
            raise OutputError(f"Sizes can only be refined to a bound where each has a largest value: {what}.")

    def found_and_run(self) -> tuple[_Found, Answer]:
        """Find sizes and run them through the year; where they cannot carry it, the worst day joins."""
        days = self.estimate.typical_days
        periods = None if days is None else typical_days(self.model, days)
        for attempt in range(_MENDED):
            found = self._short(periods)
            held = _held(self.program, self.sizes, found.sizes)
            answer = solve(held, self._left(), self.held_shape, self.progress)
            if answer.status is not Status.INFEASIBLE or periods is None:
                break
            joining = _worst_days(self.model, held, periods, _JOINING << attempt, self._left())
            periods = _with_days(periods, joining)
        self._refuse_no_plan(
            answer,
            f"The sizes found with {self.estimate.label} cannot carry the full year. Choose more of them, or leave "
            "them out and let the year be solved as a whole.",
        )
        return found, with_prices(held, answer, self.options.afterwards(self.began), self.held_shape)

    def _left(self) -> Options:
        """Give the next solve the time that is left."""
        return self.options.since(self.began)

    def _refuse_no_plan(self, answer: Answer, no_way: str) -> None:
        """Go on where there is something to go on with; a search stopped before its first plan says so."""
        is_stopped_at_a_plan = answer.status is Status.STOPPED and np.isfinite(answer.gap)
        if answer.status is Status.OPTIMAL or is_stopped_at_a_plan:
            return
        stopped = (
            f"The search for sizes was stopped after {answer.seconds:.0f} s, before it had a usable plan. "
            "Allow it more time with  solver: {time_limit: 2 h} , or take fewer typical days or segments."
        )
        left = self.options.afterwards(self.began)
        raise without_plan(self.model, self.program, answer, lambda: InfeasibleError(no_way), stopped, left)

    def _short(self, periods: Periods | None) -> _Found:
        """Solve the shorter year."""
        full = self.model.program
        if periods is not None:
            is_whole = len(periods.chosen) == len(periods.kind)
            short = Reduced(full, periods, exact=is_whole).program
        else:
            short = coarsen(full, segments(self.model, self.estimate.segments or full.steps))
        answer = solve(short.assemble(), self._left(), Shape(short.steps, has_design=True), self.progress)
        self._refuse_no_plan(
            answer,
            f"With {self.estimate.label} there is no plan. Leave them out, so that the year is solved as a whole and "
            "the message says what stands in the way.",
        )
        moved = self.sizes - full.steps * len(full.columns) + short.steps * len(short.columns)
        return _Found(answer.columns[moved], answer.objective)

    def refined(self, found: _Found, answer: Answer, gap: float, tell: Told) -> tuple[Answer, Refined | None]:
        """Search better sizes; gives the best plan and how it was found, and what there was where no time was left."""

        def hear(tried: int, cost: float, bound: float) -> None:
            tell(
                f"design {tried}: cost {cost:,.0f}, bound {bound:,.0f}, gap {100.0 * (cost - bound) / abs(cost):.2f} %"
            )

        search = Decomposition(self.program, self.sizes, _balances(self.model), self.held_shape)
        refined = search.refine(found.sizes, gap, self._left().time_limit, hear)
        if refined is None:
            return replace(answer, status=Status.STOPPED), None
        status = Status.OPTIMAL if refined.ended is Status.OPTIMAL else Status.STOPPED
        return replace(refined.answer, status=status), refined


def _sizes(model: Model) -> Ints:
    """List the columns that decide sizes."""
    first = model.program.steps * len(model.program.columns)
    keys = [
        (component.name, f"{field}.{name}")
        for component in model.system.components.values()
        for field, trait, _ in component.traits()
        if isinstance(trait, Sizing)
        for name in trait.variables()
    ]
    if not keys:
        raise OutputError(
            "Typical days and segments are for finding sizes, and this scenario decides none. Leave out "
            "solver: typical_days  and  segments."
        )
    return np.array([first + model.columns.once[key] for key in keys], np.int64)


def _held(program: LinearProgram, sizes: Ints, values: Floats) -> LinearProgram:
    """Hold sizes where they are, whole numbers at whole numbers."""
    settled = np.where(program.is_integer[sizes], np.round(values), values)
    lower, upper = program.lower.copy(), program.upper.copy()
    lower[sizes] = upper[sizes] = np.clip(settled, program.lower[sizes], program.upper[sizes])
    return replace(program, lower=lower, upper=upper)


def _balances(model: Model) -> Ints:
    spans = [rows for origin, rows in model.origin_spans() if origin.kind == "balance"]
    return np.concatenate([np.arange(rows.start, rows.stop) for rows in spans])


def _worst_days(model: Model, held: LinearProgram, periods: Periods, most: int, options: Options) -> Ints:
    """Find the days in which most is short with the sizes given, then those that differ most from their typical day."""
    rows = _balances(model)
    relaxed = replace(with_slack(held, rows), is_integer=np.zeros(held.column_count + 2 * len(rows), bool))
    slack = np.abs(solve(relaxed, replace(options, method="simplex")).columns[held.column_count :])
    days = len(periods.kind)
    short = slack.reshape(-1, days, periods.length).sum(axis=(0, 2))
    taken = np.nan_to_num(held.row_lower[rows], posinf=0.0, neginf=0.0).reshape(-1, days, periods.length)
    unlike = np.abs(taken - taken[:, periods.chosen[periods.kind]]).sum(axis=(0, 2))
    stands_alone = np.bincount(periods.kind)[periods.kind] == 1
    return np.lexsort((-unlike, -short, stands_alone))[: min(most, int(np.sum(~stands_alone)))]


def _with_days(periods: Periods, days: Ints) -> Periods:
    """Let days stand for themselves."""
    kind = periods.kind.copy()
    kind[days] = len(periods.chosen) + np.arange(len(days))
    used, kind = np.unique(kind, return_inverse=True)
    return Periods(periods.length, kind, np.concatenate([periods.chosen, days])[used])


def _with_facts(plan: Plan, estimate: Estimate, found: _Found, refined: Refined | None, is_bounded: bool) -> Plan:
    """Say what was estimated, what it truly costs and how far the best plan may lie below."""
    gap, supposed = plan.proof.gap if is_bounded else None, plan.proof.supposed
    if refined is not None:
        gap = max(0.0, plan.objective - refined.bound) / max(1.0, abs(plan.objective))
        supposed = refined.supposed
    error = found.objective / plan.objective - 1.0 if plan.objective else 0.0
    best = (
        "How far that is from the best sizes is not bounded"
        if gap is None
        else f"The best sizes cost at most {100.0 * gap:.2g} % less"
    )
    told = (
        f"The sizes were found with {estimate.label}, which put the cost at {found.objective:,.0f}; run through the "
        f"full horizon they cost {plan.objective:,.0f} (estimate {100.0 * error:+.1f} %), as reported. {best}; compare "
        "with more days, or without."
    )
    facts = {"estimate": found.objective, "estimate_error": error, "bound_gap": gap}
    return replace(
        plan,
        proof=replace(plan.proof, claims_optimum=False, gap=gap, supposed=supposed),
        solver={**plan.solver, **facts},
        warnings=(*plan.warnings, told, *_early_end(refined)),
    )


def _early_end(refined: Refined | None) -> list[str]:
    """Say why a search for better sizes ended that neither its gap nor the time ended."""
    if refined is None or refined.ended in (Status.OPTIMAL, Status.STOPPED):
        return []
    why = "break a rule of the year that is no balance"
    if refined.ended is not Status.INFEASIBLE:
        why = "leave a year that the solver could not solve"
    return [
        f"The search for better sizes ended after {refined.tried} of them, as the next {why}. The best before are "
        "reported, with the bound known by then."
    ]
