"""The planned year run without foresight: one policy in full, others beside it, each held against the plan."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from energysim.model import Model
from energysim.model.prove import cost_and_scale
from energysim.model.roll import estimate_steps
from energysim.model.solve import lift, options_of
from energysim.scenario import Scenario
from energysim.simulation.design import Design, design_of
from energysim.simulation.operate import Operated, Switching, answer_of, operate
from energysim.simulation.policies import Setting, Worths, without_stores, worths_of
from energysim.system import Plan, System
from solvers.answer import Status
from solvers.coarse import end_values
from solvers.rolling import EndWorth, Rolling, roll
from solvers.settle import peak_columns

Floats = NDArray[np.float64]
Told = Callable[[str], None]


@dataclass(frozen=True)
class Simulated:
    """What operation without foresight came to."""

    model: Model
    plan: Plan
    """Of the policy asked for, with its certificate."""
    optimum: Plan
    """With the whole horizon known."""
    design: Design
    policy: str
    costs: Mapping[str, float]
    """Cost of each policy compared; ``none`` keeps the stores empty. [money]"""
    worths: Worths
    """Of the policy asked for."""

    def captured(self, policy: str) -> float:
        """Share of what storage saves with full foresight that a policy saves; not a number where that is nothing."""
        saved = self.costs["none"] - self.optimum.objective
        if saved <= 1e-9 * (1.0 + abs(self.optimum.objective)):
            return float("nan")
        return (self.costs["none"] - self.costs[policy]) / saved


def simulate(
    scenario: Scenario, model: Model, plan_of: Callable[[Model], Plan], tell: Told = lambda text: None
) -> Simulated:
    """Plan with the whole horizon known, then run the hours one after the other with what the plan built.

    Parameters
    ----------
    scenario : Scenario
        Its section ``simulation`` says how.
    model : Model
        Of the planned year.
    plan_of : callable
        Finds the plan of a model.
    tell : callable, optional
        Hears about each stage.

    Returns
    -------
    simulated : Simulated

    Raises
    ------
    OutputError
        When the region cannot be run hour by hour; says why.
    InfeasibleError
        When there is no plan, or an hour has no way on.
    """
    system, optimum = model.system, plan_of(model)
    design, wanted = design_of(model, optimum), scenario.simulation
    tell(f"planned: {optimum.objective:,.0f} {system.currency}")
    switching = Switching.of(wanted)
    empty = without_stores(model, design, switching)
    setting = Setting(model, optimum, design, wanted, empty, outdoor_of(scenario, system))
    costs = {"none": empty.cost}
    run: Operated | None = None
    chosen: Worths = {}
    for policy in dict.fromkeys([*wanted.compare, wanted.policy]):
        if policy == "rolling":
            costs[policy] = rolled(setting, scenario)
        else:
            worths = worths_of(policy, setting)
            operated = operate(model, design, worths, switching=switching)
            costs[policy] = operated.cost
            if policy == wanted.policy:
                run, chosen = operated, worths
        tell(f"{policy.replace('_', ' ')}: {costs[policy]:,.0f} {system.currency}")
    assert run is not None
    return Simulated(model, lifted(model, run, optimum), optimum, design, wanted.policy, costs, chosen)


def lifted(model: Model, operated: Operated, optimum: Plan) -> Plan:
    """Name what operation came to and prove that it keeps every rule; its gap is that to the plan with foresight."""
    plan = lift(model, model.program.assemble(), answer_of(model, operated))
    # Of whole numbers the solver tells the gap against the cost itself, which is less than this scale.
    scale = cost_and_scale(model.system, optimum.bookings)[1]
    gap = gap_to(operated.cost, optimum, scale)
    proof = replace(plan.proof, claims_optimum=False, gap=gap, supposed=optimum.proof.supposed)
    return replace(plan, proof=proof, solver={**plan.solver, "name": "energysim"})


def gap_to(cost: float, optimum: Plan, scale: float) -> float | None:
    """Say by what share of itself a cost lies above the least that any plan can cost; None where that is not proven.

    Parameters
    ----------
    cost : float
        Of a plan. [money]
    optimum : Plan
        With the whole horizon known; its own gap, left by whole numbers or an early stop, comes on top.
    scale : float
        Against which the gap of the optimum is measured. [money]
    """
    own: Any = optimum.proof.gap
    if own is None and "estimate" not in optimum.solver:
        own = optimum.solver["gap"]
    if own is None:
        return None
    return max(0.0, cost - optimum.objective + float(own) * scale) / max(1.0, abs(cost))


def rolled(setting: Setting, scenario: Scenario) -> float:
    """Cost of looking some days ahead at every step, with the design given."""
    program, step = setting.model.program, float(setting.model.system.time.hours[0])
    settled, risen = setting.design.settled_in(program), peak_columns(program)
    held = np.array([k not in risen for k in range(len(settled))], bool)
    once = program.globals
    fixed = replace(
        program,
        globals=replace(
            once, lower=np.where(held, settled, once.lower), upper=np.where(held, settled, once.upper),
            is_integer=np.zeros(len(settled), bool),
        ),
    )  # fmt: skip
    horizon, advance = (max(1, round(hours / step)) for hours in (scenario.solver.look_ahead, scenario.solver.advance))
    options = options_of(scenario)
    values, content = end_values(fixed, estimate_steps(advance), options)
    worth = EndWorth.around(values, content)
    answer = roll(fixed, Rolling(horizon, min(advance, horizon), worth, content), options)
    return answer.objective if answer.status is Status.OPTIMAL else float("nan")


def outdoor_of(scenario: Scenario, system: System) -> dict[str, Floats]:
    """Outdoor temperature at each component's place, where it is known. [degC] (step,)"""
    found = {}
    for name in system.components:
        place = scenario.places.get(system.place_of(name))
        if place is not None and place.outdoor is not None:
            found[name] = scenario.horizon.to_steps(place.outdoor)
    return found
