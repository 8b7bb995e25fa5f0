"""What a region costs when only some actors share: the same loaded model with flows between the others closed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np

from energysim.errors import NoPlanError, Problem, ScenarioError, SolverError
from energysim.model import Model, build
from energysim.model.close import close
from energysim.model.explain import explain_infeasible
from energysim.model.solve import Options, optimise, options_of
from energysim.results.built import CAPITAL, Built, built_by
from energysim.study.base import Base, of_base, one_thread, session
from energysim.study.engine import Crew, Ending, stream
from energysim.study.task import Task
from energysim.symbiosis.games import EXACT, coalitions_of, drawn_orders
from energysim.system import Plan, System, assemble
from solvers.answer import Status
from solvers.bound import lower_bound
from solvers.front import solve_hourly
from solvers.parts import independent_parts

Flow = tuple[str, str]
"""Component and port."""


@dataclass(frozen=True)
class Crossing:
    """A flow between two actors: a component of one at a network of another."""

    component: str
    port: str
    actors: frozenset[str]
    gives: bool
    """Whether the component's owner gives."""
    owner: str
    """Of the component."""
    network_owner: str

    @property
    def flow(self) -> Flow:
        """Component and port."""
        return self.component, self.port

    @property
    def seller(self) -> str:
        """Who gives."""
        return self.owner if self.gives else self.network_owner

    @property
    def buyer(self) -> str:
        """Who takes."""
        return self.network_owner if self.gives else self.owner


@dataclass(frozen=True)
class Costs:
    """What one plan costs, and whom."""

    total: float
    """Of the region. [money]"""
    by_owner: Mapping[str, float]
    """What the world outside costs each actor. [money]"""
    energy: Mapping[Flow, float]
    """What passed each crossing. [MWh]"""
    capital: Mapping[str, float]
    """Annuities in it. [money]"""
    built: tuple[Built, ...]
    """What all build."""
    effects: Mapping[str, float]
    """Every effect of the region, such as co2, in its own unit."""
    seconds: float
    """Time to solve. [s]"""


def owners_of_networks(system: System) -> dict[str, str]:
    """Owner of each network: the one named, else the only actor whose components meet there, else nobody."""
    found = {}
    for name, network in system.networks.items():
        met = {system.components[one.component].owner or "" for one in system.in_network(name)}
        found[name] = network.owner or (next(iter(met)) if len(met) == 1 else "")
    return found


def crossings(system: System) -> list[Crossing]:
    """List the flows between actors.

    Raises
    ------
    ScenarioError
        When a component or a network where several meet has no owner.
    """
    owners = owners_of_networks(system)
    found, problems = [], []
    for attachment in system.attachments:
        if not attachment.network:
            continue
        owner, other = system.components[attachment.component].owner or "", owners[attachment.network]
        for kind, name, missing in (
            ("components", attachment.component, not owner),
            ("networks", attachment.network, not other),
        ):
            if missing:
                where = system.where.get(name)
                text = "Who shares with whom is asked of owners."
                problems.append(Problem(where, f"{kind}.{name}", f"'{name}' has no owner.", text, "Give it an  owner."))
        if owner and other and owner != other:
            gives = attachment.port.direction.value == "out"
            actors = frozenset((owner, other))
            found.append(Crossing(attachment.component, attachment.port_name, actors, gives, owner, other))
    if problems:
        raise ScenarioError(dict.fromkeys(problems))
    return found


def closed_for(found: Iterable[Crossing], coalition: Iterable[str]) -> frozenset[Flow]:
    """Flows that are closed when only the members of a coalition share."""
    inside = frozenset(coalition)
    return frozenset(one.flow for one in found if not one.actors <= inside)


def costs(base: Base, closed: frozenset[Flow]) -> Costs:
    """Solve the region with some flows closed; a pure task for the study engine.

    The model stays loaded in the process and only bounds change.

    Raises
    ------
    SolverError
        When the plan is not proven.
    """
    model, options = _model(base)
    with of_base(base):
        plan = optimise(close(model, sorted(closed)), options, session=session(base))
    if not plan.proof.holds:
        raise SolverError(f"The plan with {len(closed)} flows closed is not proven, so its cost says nothing.")
    return costs_of(model, plan)


def costs_of(model: Model, plan: Plan) -> Costs:
    """Sum up what a plan costs."""
    system = model.system
    by_owner: dict[str, float] = {}
    capital: dict[str, float] = {}
    for booking in plan.bookings:
        owner = system.components[booking.component].owner or ""
        if booking.effect == "cost":
            by_owner[owner] = by_owner.get(owner, 0.0) + booking.amount
            if booking.item == CAPITAL:
                capital[owner] = capital.get(owner, 0.0) + booking.amount
    built = built_by(plan.bookings, system.components, system.discount_rate, system.time.year_share)
    energy = {one.flow: float(plan.flows[one.flow] @ system.time.scale) for one in crossings(system)}
    effects: dict[str, float] = {}
    for booking in plan.bookings:
        effects[booking.effect] = effects.get(booking.effect, 0.0) + booking.amount
    # What only changes hands steers the plan and is no cost.
    total = effects.get("cost", 0.0)
    return Costs(total, by_owner, energy, capital, built, effects, float(str(plan.solver["seconds"])))


@dataclass(frozen=True)
class Alone:
    """A part of the region that nothing joins to the rest when some flows are closed."""

    columns: tuple[str, ...]
    """Its hourly and other columns by name."""
    closed: frozenset[Flow] = field(compare=False)
    """A set of flows closed with which it stands by itself; closing others beside changes nothing in it."""


def independent(model: Model, closed: frozenset[Flow]) -> list[Alone]:
    """List the parts a region falls into when some flows are closed."""
    parts = independent_parts(close(model, sorted(closed)).program)
    return [Alone((*part.names.columns, *part.names.globals), closed) for part in parts]


def part_cost(base: Base, alone: Alone) -> float:
    """Solve one part by itself; a pure task for the study engine. [money]

    Raises
    ------
    NoPlanError
        When it has no plan; says why.
    SolverError
        When it has none that is proven.
    """
    model, options = _model(base)
    parts = independent_parts(close(model, sorted(alone.closed)).program)
    part = next(one for one in parts if (*one.names.columns, *one.names.globals) == alone.columns)
    arrays = part.assemble()
    answer = solve_hourly(part, arrays, options, replace(model.shape, steps=part.steps))
    if answer.status is Status.INFEASIBLE:
        with of_base(base):
            raise explain_infeasible(close(model, sorted(alone.closed)), options)
    if answer.status is not Status.OPTIMAL:
        raise SolverError(f"The solver ended with '{answer.status.value}'.")
    if not arrays.is_integer.any() and answer.has_duals:
        size = max(1.0, float(np.abs(arrays.cost * answer.columns).sum()))
        if abs(answer.objective - lower_bound(arrays, answer.columns, answer.row_duals).value) > 1e-4 * size:
            raise SolverError("The plan of a part is not proven, so its cost says nothing.")
    return answer.objective


def coalition_costs(
    base: Base,
    closed: Mapping[int, frozenset[Flow]],
    effort: tuple[int | None, str | None] = (None, None),
    tell: Callable[[int, int], None] | None = None,
) -> tuple[dict[int, float], int]:
    """Find what the region costs for every coalition, solving each part that stands by itself once.

    With the flows between some actors closed the region falls into parts; the same part comes back in many
    coalitions, and is smaller than the region.

    Parameters
    ----------
    base : Base
        Scenario.
    closed : mapping of coalition to set of flows
        What is closed for each.
    effort : (workers, scheduler)
        See :func:`energysim.study.engine.run_tasks`.
    tell : callable, optional
        Told how many parts are done, of how many.

    Returns
    -------
    costs : dict of coalition to float
        [money]
    solved : int
        Parts solved.
    """
    model, _ = _model(base)
    if _needs_whole_plans(model):
        # What steers the plan beside its cost must not be counted with it, so whole plans are needed.
        plans = solve_all(base, list(closed.values()), *effort, tell)
        return {coalition: plans[one].total for coalition, one in closed.items()}, len(plans)
    parts_of = {one: independent(model, one) for one in dict.fromkeys(closed.values())}
    distinct = sorted({part for parts in parts_of.values() for part in parts}, key=lambda part: -len(part.columns))
    tasks = [Task(part_cost, (base, part), _title(part.closed)) for part in distinct]
    found = dict(zip(distinct, _all_done(tasks, effort, tell), strict=True))
    offset = model.program.offset
    costs = {one: offset + sum(found[part] for part in parts) for one, parts in parts_of.items()}
    return {coalition: costs[one] for coalition, one in closed.items()}, len(distinct)


def solve_all(
    base: Base,
    wanted: Sequence[frozenset[Flow]],
    workers: int | None = None,
    scheduler: str | None = None,
    tell: Callable[[int, int], None] | None = None,
) -> dict[frozenset[Flow], Costs]:
    """Find the cost of the region for several sets of closed flows, in parallel through the study engine.

    Parameters
    ----------
    base : Base
        Scenario.
    wanted : sequence of set of flows
        Equal ones are solved once.
    workers, scheduler
        See :func:`energysim.study.engine.run_tasks`.
    tell : callable, optional
        Told how many are done, of how many.

    Raises
    ------
    NoPlanError
        When one of them has no plan; says which flows were closed.
    SolverError
        When the program or the machine failed.
    """
    distinct = list(dict.fromkeys(wanted))
    tasks = [Task(costs, (base, closed), _title(closed)) for closed in distinct]
    return dict(zip(distinct, _all_done(tasks, (workers, scheduler), tell), strict=True))


def _all_done(
    tasks: Sequence[Task], effort: tuple[int | None, str | None], tell: Callable[[int, int], None] | None
) -> list[Any]:
    """Do all tasks, or say which could not be done."""
    values: dict[int, Any] = {}
    with Crew(*effort) as crew:
        for outcome in stream(tasks, crew):
            if outcome.has_no_plan:
                raise NoPlanError(
                    f"Without {outcome.name} there is no plan, so nobody can say what the flow is worth. "
                    f"{outcome.reason} Give whoever is left alone something to fall back on, such as  unserved  at a "
                    "price."
                )
            if outcome.ending is not Ending.DONE:
                raise SolverError(f"Without {outcome.name}: {outcome.reason}")
            values[outcome.number] = outcome.value
            if tell is not None:
                tell(len(values), len(tasks))
    return [values[number] for number in range(len(tasks))]


def plan_game(
    found: Sequence[Crossing], orders: int = 200, seed: int = 0
) -> tuple[tuple[str, ...], list[int], np.ndarray | None]:
    """Choose the players, the coalitions to be solved, and the orders drawn where there are too many players.

    Players are the actors who share anything at all.
    """
    players = tuple(sorted({actor for one in found for actor in one.actors}))
    if len(players) <= EXACT:
        return players, list(range(1, 1 << len(players))), None
    drawn = drawn_orders(len(players), orders, seed)
    return players, coalitions_of(drawn), drawn


def sets_closed(
    found: Sequence[Crossing], players: Sequence[str], coalitions: Iterable[int]
) -> dict[int, frozenset[Flow]]:
    """Flows closed for each coalition."""
    named = {c: [name for n, name in enumerate(players) if c >> n & 1] for c in coalitions}
    return {c: closed_for(found, members) for c, members in named.items()}


def pairs_of(found: Iterable[Crossing]) -> dict[tuple[str, str], frozenset[Flow]]:
    """Flows by seller and buyer."""
    pairs: dict[tuple[str, str], set[Flow]] = {}
    for one in found:
        pairs.setdefault((one.seller, one.buyer), set()).add(one.flow)
    return {pair: frozenset(flows) for pair, flows in pairs.items()}


@lru_cache(maxsize=1)  # a built model is large
def _model(base: Base) -> tuple[Model, Options]:
    scenario = one_thread(base.scenario())
    return build(assemble(scenario)), options_of(scenario)


def _needs_whole_plans(model: Model) -> bool:
    """Whether the objective of a part is not its cost."""
    return model.system.has_own_objective or model.system.has_preferences


def _title(closed: frozenset[Flow]) -> str:
    return ", ".join(sorted(".".join(flow) for flow in closed)) or "any flow closed"
