"""Solve a model and bring the answer back by name."""

import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from energysim.errors import EnergysimError, InfeasibleError, SolverError, StoppedError
from energysim.model import scaling
from energysim.model.build import Model
from energysim.model.explain import explain_infeasible
from energysim.model.parts import landed_at
from energysim.model.prove import book, prove, take_measures, views_of
from energysim.model.unbounded import explain_unbounded
from energysim.model.values import Values, values_of
from energysim.model.view import View
from energysim.scenario.scenario import Scenario
from energysim.system import Node, Plan
from energysim.traits import Sizing
from solvers import smoke
from solvers.anchored import Anchor, AnchoredSession
from solvers.answer import Answer, Options, Progress, Status
from solvers.choice import INTERIOR
from solvers.degenerate import has_one_dual
from solvers.front import solve_hourly
from solvers.linear import LinearProgram
from solvers.pricing import with_prices
from solvers.session import Session

__all__ = [
    "Options",
    "Session",
    "anchored_session",
    "lift",
    "optimise",
    "options_of",
    "refuse_unfit_solver",
    "without_plan",
]

Floats = NDArray[np.float64]

OFTEN = 0.01
"""Share of hours with a doubtful price from which a reader is told."""


def options_of(scenario: Scenario) -> Options:
    """What a scenario asks of the solver."""
    solver = scenario.solver
    return Options(
        method=solver.method,
        crossover=solver.crossover,
        gap=1e-4 if solver.gap is None else solver.gap,
        proven_gap=1e-6 if solver.gap is None else solver.gap,
        time_limit=float("inf") if solver.time_limit is None else solver.time_limit * 3600.0,
        threads=solver.threads,
    )


def optimise(
    model: Model, options: Options | None = None, progress: Progress | None = None, session: Session | None = None
) -> Plan:
    """Find the cheapest plan.

    Parameters
    ----------
    model : Model
        What :func:`energysim.model.build` made.
    options : Options, optional
        Method and limits; the time is that of the whole run, and of prices or an explanation a tenth more.
    progress : callable, optional
        Told about the advance of the solver.
    session : Session, optional
        Keeps HiGHS loaded from one model to the next; models that differ in numbers only are solved again from the
        last basis.

    Returns
    -------
    plan : Plan
        Solved values by name, with certificate and prices.

    Raises
    ------
    InfeasibleError
        When no plan meets every demand; says where, when and by how much.
    UnboundedError
        When a plan could earn without limit; names the component.
    StoppedError
        When a limit ended the search before any usable plan.
    SolverError
        When the solver gives neither an answer nor a proof.
    """
    options, began = options or Options(), time.perf_counter()
    program = model.program.assemble()
    answer = solve_hourly(model.program, program, options, model.shape, progress, session)
    has_plan = answer.status is Status.OPTIMAL or (
        answer.status is Status.STOPPED and lift(model, program, answer).proof.is_feasible
    )
    if not has_plan:

        def explained() -> InfeasibleError:
            if progress is not None:
                progress("there is no plan; looking for what stands in the way", answer.iterations, answer.seconds)
            return explain_infeasible(model, options.afterwards(began))

        stopped = (
            f"The solver was stopped after {answer.seconds:.0f} s, before it had a usable plan. "
            "Allow it more time with  solver: {time_limit: 2 h} , or shorten the horizon."
        )
        raise without_plan(model, program, answer, explained, stopped, options.afterwards(began))
    return lift(model, program, with_prices(program, answer, options.afterwards(began), model.shape))


def without_plan(
    model: Model,
    program: LinearProgram,
    answer: Answer,
    explained: Callable[[], InfeasibleError],
    stopped: str,
    options: Options | None = None,
) -> EnergysimError:
    """Give the error that a solve without a usable plan ends with, by its status.

    Parameters
    ----------
    model : Model
        What was solved, whole or in part.
    program : LinearProgram
        The whole, assembled.
    answer : Answer
        Without a plan.
    explained : callable
        Says why there is none, where that is proven.
    stopped : str
        What to say where a limit or the user ended the search.
    options : Options, optional
        With the time there is to look for what earns without limit.

    Returns
    -------
    error : InfeasibleError, UnboundedError, StoppedError or SolverError
        To be raised.
    """
    if answer.status is Status.INFEASIBLE:
        return explained()
    if answer.status is Status.UNBOUNDED:
        return explain_unbounded(model, program, options)
    if answer.status is Status.STOPPED:
        return StoppedError(stopped)
    return SolverError(
        f"No solver came to an end, the last one was {answer.method} after {answer.seconds:.0f} s. The numbers of "
        f"this model are hard to compute with. {scaling.sizes_told(model, program)}"
    )


def anchored_session(find: Callable[[], Model], options: Options | None = None) -> Session:
    """Keep HiGHS loaded for models that differ from one model in numbers only, each solved from that one's basis.

    Parameters
    ----------
    find : callable
        Gives that model; called once, when first needed.
    options : Options, optional
        What it is solved with.

    Returns
    -------
    session : Session
        What it finds does not depend on what was solved before.
    """

    def anchor() -> Anchor:
        model = find()
        return Anchor(model.program.assemble(), options or Options(), model.shape)

    return AnchoredSession(anchor)


def refuse_unfit_solver() -> None:
    """Try the solver on tiny programs with known answers, once in a process.

    Raises
    ------
    SolverError
        When it is wrong.
    """
    if told := smoke.fault():
        raise SolverError(told)


def lift(model: Model, program: LinearProgram, answer: Answer) -> Plan:
    """Name the solved arrays and prove them."""
    values = values_of(model, answer.columns)
    views = views_of(model, values)
    books = book(model, values, views)
    doubtful = _doubtful(model, program, answer)
    flows = {
        (attachment.component, attachment.port_name): _flow(
            model, views, values, attachment.component, attachment.port_name
        )
        for attachment in model.system.attachments
    }
    return Plan(
        hourly=values.solved,
        once=values.solved_once,
        flows=flows,
        sizes=_sizes(model, views),
        losses=_losses(model, flows),
        prices=_prices(model, answer),
        doubtful=doubtful,
        level_flows=_level_flows(model, values),
        level_offers=_level_offers(model, values),
        bookings=books.items,
        measures=take_measures(model, values, views),
        objective=answer.objective,
        columns=answer.columns,
        row_duals=answer.row_duals,
        proof=prove(model, program, answer, values, books),
        solver={
            "name": "energysim" if answer.method == INTERIOR.method else "HiGHS",
            "method": answer.method,
            "status": answer.status.value,
            "seconds": answer.seconds,
            "iterations": answer.iterations,
            "gap": answer.gap if np.isfinite(answer.gap) else None,
            "remark": answer.remark,
            "columns": program.column_count,
            "rows": program.row_count,
            "entries": len(program.values),
        },
        warnings=(*_warnings(model, program, doubtful), *([answer.remark] if smoke.NO_HIPO in answer.remark else [])),
    )


def _flow(model: Model, views: dict[str, View], values: Values, component: str, port: str) -> Floats:
    flow = np.asarray(getattr(views[component], port)[values.t], float)
    return np.broadcast_to(flow, model.system.time.count)


def _sizes(model: Model, views: dict[str, View]) -> dict[tuple[str, str], tuple[float, float, str]]:
    sizes = {}
    for component in model.system.components.values():
        for field, trait, _ in component.traits():
            if isinstance(trait, Sizing):
                total = float(np.asarray(getattr(views[component.name], field)))
                sizes[component.name, field] = (float(trait.existing), total, trait.unit)
    return sizes


def _losses(model: Model, flows: dict[tuple[str, str], Floats]) -> dict[str, Floats]:
    """Distribution loss by network."""
    losses = {}
    for name, network in model.system.networks.items():
        used = np.zeros(model.system.time.count)
        for attachment in model.system.in_network(name):
            if attachment.port.is_end_use:
                used = used + flows[attachment.component, attachment.port_name]
        losses[name] = used * network.loss_share / (1.0 - network.loss_share) + network.loss
    return losses


def _level_flows(model: Model, values: Values) -> dict[tuple[str, str], dict[str, Floats]]:
    """Flow of each port at each level of its network, where the network has several."""
    system, views = model.system, views_of(model, values)
    found: dict[tuple[str, str], dict[str, Floats]] = {}
    for node in system.nodes.values():
        if len(system.levels_of(node.network)) < 2:
            continue
        for attachment, landing in system.at_node(node.name):
            landed = landed_at(views[attachment.component], attachment, landing)
            key = (attachment.component, attachment.port_name)
            flow = np.asarray(landed.flow[values.t], float) * landed.factor
            found.setdefault(key, {})[node.name] = np.broadcast_to(flow, system.time.count)
    return found


def _level_offers(model: Model, values: Values) -> dict[tuple[str, str], dict[str, Floats]]:
    """What each port could give at each level at most, where its component offers heat and there are several."""
    system, views = model.system, views_of(model, values)
    found: dict[tuple[str, str], dict[str, Floats]] = {}
    for attachment in system.attachments:
        component = system.components[attachment.component]
        word = component.offers().get(attachment.port_name)
        if word is None or len(system.levels_of(attachment.network)) < 2:
            continue
        offered = np.asarray(word.formula(component, views[component.name], values.t), float)
        found[attachment.component, attachment.port_name] = {
            landing.node: np.broadcast_to(offered * landing.share, system.time.count) for landing in attachment.landings
        }
    return found


def _prices(model: Model, answer: Answer) -> dict[str, Floats]:
    """Turn balance duals into money per MWh, of nodes and of whole networks by where their users take.

    Where something else than cost is minimised, duals are in its unit and no money: then there are none.
    """
    if not _has_prices(model, answer):
        return {}
    scale = model.system.time.scale
    prices = {node: answer.row_duals[rows] / scale for node, rows in _balances(model)}
    for network, nodes in _several_levels(model):
        prices[network] = np.sum([node.weight * prices[node.name] for node in nodes], axis=0)
    return prices


def _doubtful(model: Model, program: LinearProgram, answer: Answer) -> dict[str, NDArray[np.bool_]]:
    """Find the hours whose marginal price is one of several."""
    if not _has_prices(model, answer):
        return {}
    unique = has_one_dual(program, answer.columns, answer.row_duals)
    doubtful = {node: ~unique[rows] for node, rows in _balances(model)}
    for network, nodes in _several_levels(model):
        doubtful[network] = np.any([doubtful[node.name] & (node.weight != 0.0) for node in nodes], axis=0)
    return doubtful


def _has_prices(model: Model, answer: Answer) -> bool:
    return answer.has_duals and not model.system.has_own_objective


def _balances(model: Model) -> Iterator[tuple[str, slice]]:
    """Walk the nodes with the rows of their balance."""
    for origin, rows in model.origin_spans():
        if origin.kind == "balance":
            yield origin.owner, rows


def _several_levels(model: Model) -> Iterator[tuple[str, Sequence[Node]]]:
    """Walk the networks with several temperature levels."""
    for network in model.system.networks:
        nodes = model.system.levels_of(network)
        if len(nodes) > 1:
            yield network, nodes


def _warnings(model: Model, program: LinearProgram, doubtful: dict[str, NDArray[np.bool_]]) -> tuple[str, ...]:
    """Say what a reader should know of the numbers."""
    told = scaling.warnings(model, program)
    if model.system.has_own_objective:
        told.append(
            "There are no marginal prices, as not cost but what 'objective' names under 'effects' is minimised: what "
            "one MWh more would add to it is not money. Leave 'objective' out where prices are wanted."
        )
    elif model.system.has_preferences:
        told.append(
            "Marginal prices count what contracts ask the plan to prefer (priority, take_or_pay): where such a flow is "
            "at the margin, they are off by as much from what one MWh more costs."
        )
    networks = model.system.networks
    shares = {
        name: float(doubtful[name].mean()) for name in doubtful if name in networks and not networks[name].is_fuel
    }
    often = {name: share for name, share in shares.items() if share > OFTEN}
    if often:
        listed = ", ".join(f"{networks[name].title or name} {100.0 * share:.0f} %" for name, share in often.items())
        told.append(
            "Marginal prices that are one of several: in these hours another price, between those of the plants on "
            f"either side, would be as right ({listed})."
        )
    return tuple(told)
