"""A plan made as it would be in operation: looking ahead some days, keeping the first, moving on."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from energysim.errors import EnergysimError, InfeasibleError, OutputError
from energysim.model.build import Model
from energysim.model.explain import moment
from energysim.model.solve import lift, without_plan
from energysim.system import Plan
from energysim.traits import OnOff, Sizing
from solvers.answer import Answer, Options, Status
from solvers.coarse import end_values
from solvers.linear import LinearProgram
from solvers.rolling import EndWorth, Rolling, roll

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class LookAhead:
    """How a rolling plan is made."""

    hours: float = 168.0
    """Hours each solve sees. [h]"""
    advance: float = 24.0
    """Hours kept of each solve. [h]"""
    end_value: tuple[float, ...] | None = None
    """Worth of what is held at the end of a window, one or by calendar month; from an estimate of the whole horizon
    where None. [money/MWh]"""
    by_level: tuple[float, ...] = (1.0,)
    """Factors on it for equal slices of a store, from empty to full; none is above the one before."""


def optimise_rolling(
    model: Model,
    look_ahead: LookAhead | None = None,
    options: Options | None = None,
    told: Callable[[int, int], None] | None = None,
) -> Plan:
    """Walk through the horizon as an operator would.

    What is held at the end of each window is worth what an estimate of the whole horizon says, whose steps are a
    quarter of the advance [1]_: its dual of that hour, a little more below the content that it holds and half above,
    so that the worth falls with the level. Or it is worth what is given. Peaks paid for and yearly budgets are carried
    on. The plan's cost lies above the best one's by what the future was not seen.

    Parameters
    ----------
    model : Model
        With every size given.
    look_ahead : LookAhead, optional
        Window, advance, end value.
    options : Options, optional
        Of every solve; the time is that of all together.
    told : callable, optional
        Hears of steps done and in all.

    Returns
    -------
    plan : Plan
        With prices of the windows that kept each hour.

    Raises
    ------
    OutputError
        When sizes are left to be decided.
    InfeasibleError
        When a window has no plan; says from which hour on.
    UnboundedError
        When a window could earn without limit.
    StoppedError
        When a limit or the user ended the walk before the end of the horizon.
    SolverError
        When the solver gives neither an answer nor a proof.

    References
    ----------
    .. [1] J. Marquant, R. Evins, J. Carmeliet, Reducing computation time with a rolling horizon approach applied to a
       MILP formulation of multiple urban energy hub system, Procedia Computer Science 51, 2015.
    """
    look_ahead, options, began = look_ahead or LookAhead(), options or Options(), time.perf_counter()
    _refuse_decisions(model)
    step = float(model.system.time.hours[0])
    horizon, advance = max(1, round(look_ahead.hours / step)), max(1, round(look_ahead.advance / step))
    values, held = end_values(model.program, estimate_steps(advance), options)
    worth = EndWorth.around(values, held)
    if look_ahead.end_value is not None:
        worth = worth.joined(_given(model, look_ahead))
    walked = 0

    def hear(done: int, whole: int) -> None:
        nonlocal walked
        walked = done
        if told is not None:
            told(done, whole)

    answer = roll(model.program, Rolling(horizon, min(advance, horizon), worth, held), options.since(began), hear)
    is_whole = walked == model.program.steps or (horizon >= model.program.steps and np.isfinite(answer.gap))
    program = model.program.assemble()
    if not (answer.status is Status.OPTIMAL or (answer.status is Status.STOPPED and is_whole)):
        at = moment(model.system, walked)
        raise _without_plan(model, program, answer, look_ahead, at, options.afterwards(began))
    plan = lift(model, program, answer)
    return replace(plan, proof=replace(plan.proof, claims_optimum=False))


def _without_plan(
    model: Model, program: LinearProgram, answer: Answer, look_ahead: LookAhead, at: str, options: Options
) -> EnergysimError:
    """Say from which hour on there is no way, and why."""
    no_way = (
        f"Looking {look_ahead.hours:g} h ahead there is no way on from {at}: what was done before leaves too little, "
        "or the whole scenario has no plan. Look further ahead with  solver: {look_ahead: 336 h} , or find out with  "
        "--engine optimise."
    )
    stopped = (
        f"The rolling plan was stopped at {at}, before it reached the end of the horizon. Allow it more time with  "
        "solver: {time_limit: 2 h} , or shorten  solver: {look_ahead: ...}."
    )
    return without_plan(model, program, answer, lambda: InfeasibleError(no_way), stopped, options)


def estimate_steps(advance: int) -> int:
    """Steps joined into one for the estimate: whole days would not see what a store does within one."""
    return max(1, advance // 4)


def _given(model: Model, look_ahead: LookAhead) -> EndWorth:
    """Bring the worth that is given, by month and level, to every store of energy."""
    program, layout = model.program, model.columns
    blocks = np.array(
        [
            block
            for key, block in layout.hourly.items()
            if layout.declarations[key].unit == "MWh" and layout.declarations[key].initial is not None
        ],
        np.int64,
    )
    full = np.array([np.broadcast_to(program.columns[block].upper, program.steps) for block in blocks])
    factors = np.array(look_ahead.by_level)
    months = model.system.time.stamps.astype("datetime64[M]").astype(int) % 12
    worth = np.resize(np.array(look_ahead.end_value, float), 12)[months]
    tops = np.arange(1, len(factors) + 1)[:, None, None] / len(factors) * full.reshape(1, len(blocks), program.steps)
    tops[-1] = np.inf
    values = np.broadcast_to(factors[:, None, None] * worth, tops.shape)
    return EndWorth(blocks, tops, values)


def _refuse_decisions(model: Model) -> None:
    """Refuse what a plan that cannot see the end has no way to decide."""
    decided = [
        f"{component.name}.{field}"
        for component in model.system.components.values()
        for field, trait, _ in component.traits()
        if isinstance(trait, Sizing) and trait.is_decision
    ]
    ringed = [
        component.name
        for component in model.system.components.values()
        for _, trait, _ in component.traits()
        if isinstance(trait, OnOff) and trait.counts_starts and trait.running_before is None
    ]
    if ringed:
        raise OutputError(
            f"A rolling plan has to know whether '{ringed[0]}' runs before the first hour. Write  "
            "switching: {running_before: true} , or false."
        )
    if decided:
        raise OutputError(
            f"A rolling plan needs every size given; {len(decided)} are left to be decided: {', '.join(decided[:4])}"
            f"{' ...' if len(decided) > 4 else ''}. Run  --engine optimise  first and write the sizes it builds."
        )
