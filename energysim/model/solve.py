"""Solve a model and bring the answer back by name."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from energysim.errors import SolverError, StoppedError
from energysim.model.build import Model
from energysim.model.explain import explain_infeasible
from energysim.model.parts import BALANCE
from energysim.model.prove import book, prove, take_measures, views_of
from energysim.model.unbounded import explain_unbounded
from energysim.model.values import Values, values_of
from energysim.model.view import View
from energysim.system import Plan
from energysim.traits import Sizing
from solvers.highs import Answer, Options, Progress, Status, solve
from solvers.linear import LinearProgram

__all__ = ["Options", "lift", "optimise"]

Floats = NDArray[np.float64]


def optimise(model: Model, options: Options | None = None, progress: Progress | None = None) -> Plan:
    """Find the cheapest plan.

    Parameters
    ----------
    model : Model
        What :func:`energysim.model.build` made.
    options : Options, optional
        Method and limits.
    progress : callable, optional
        Told about the advance of the solver.

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
    program = model.program.assemble()
    answer = solve(program, options, model.has_design and model.has_memory, progress)
    if answer.status is Status.INFEASIBLE:
        raise explain_infeasible(model.system)
    if answer.status is Status.UNBOUNDED:
        raise explain_unbounded(model, program)
    if answer.status is Status.FAILED:
        raise SolverError(f"HiGHS ({answer.method}) ended without an answer after {answer.seconds:.0f} s.")
    if answer.status is Status.STOPPED:
        plan = lift(model, program, answer)
        if not plan.proof.is_feasible:
            raise StoppedError(
                f"The solver was stopped after {answer.seconds:.0f} s, before it had a usable plan. "
                "Allow it more time with  solver: {time_limit: 2 h} , or shorten the horizon."
            )
        return plan
    return lift(model, program, _with_prices(program, answer))


def lift(model: Model, program: LinearProgram, answer: Answer) -> Plan:
    """Name the solved arrays and prove them."""
    values = values_of(model, answer.columns)
    views = views_of(model, values)
    books = book(model, values, views)
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
        level_flows=_level_flows(model, values),
        bookings=books.items,
        measures=take_measures(model, values, views),
        objective=answer.objective,
        proof=prove(model, program, answer, values, books),
        solver={
            "name": "HiGHS",
            "method": answer.method,
            "status": answer.status.value,
            "seconds": answer.seconds,
            "iterations": answer.iterations,
            "gap": answer.gap,
            "columns": program.column_count,
            "rows": program.row_count,
            "entries": len(program.values),
        },
    )


def _with_prices(program: LinearProgram, answer: Answer) -> Answer:
    """Give a plan with integers prices: solve again with the integers held."""
    if not program.is_integer.any():
        return answer
    held = np.round(answer.columns)
    fixed = replace(
        program,
        lower=np.where(program.is_integer, held, program.lower),
        upper=np.where(program.is_integer, held, program.upper),
        is_integer=np.zeros_like(program.is_integer),
    )
    priced = solve(fixed)
    if priced.status is not Status.OPTIMAL or priced.objective > answer.objective + 1e-6 * abs(answer.objective):
        return answer
    columns = np.where(program.is_integer, held, priced.columns)
    return replace(answer, columns=columns, objective=priced.objective, row_duals=priced.row_duals)


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
            view = views[attachment.component]
            whole = view.level_flow(landing.variable) if landing.variable else getattr(view, attachment.port_name)
            share = 1.0 if landing.variable else landing.share
            key = (attachment.component, attachment.port_name)
            flow = np.asarray(whole[values.t], float) * share
            found.setdefault(key, {})[node.name] = np.broadcast_to(flow, system.time.count)
    return found


def _prices(model: Model, answer: Answer) -> dict[str, Floats]:
    """Turn balance duals into money per MWh, of nodes and of whole networks by where their users take."""
    if not np.any(answer.row_duals):
        return {}
    prices: dict[str, Floats] = {}
    for number, name in enumerate(model.program.names.rows):
        prefix, _, node = name.partition(".")
        if prefix == BALANCE:
            first, end = model.program.row_starts[number : number + 2]
            prices[node] = answer.row_duals[first:end] / model.system.time.scale
    for network in model.system.networks:
        nodes = model.system.levels_of(network)
        if len(nodes) > 1:
            prices[network] = np.sum([node.weight * prices[node.name] for node in nodes], axis=0)
    return prices
