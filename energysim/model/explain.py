"""Why there is no plan: which node is short when and by how much, or which component earns without limit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from energysim.errors import InfeasibleError, UnboundedError
from energysim.model.build import Model, build
from energysim.model.parts import BALANCE
from energysim.model.prove import views_of
from energysim.model.values import values_of
from energysim.model.view import View
from energysim.system import System
from energysim.traits import Sizing
from solvers.highs import Options, Status, solve
from solvers.linear import LinearProgram
from solvers.program import HourlyProgram

Floats = NDArray[np.float64]

BOX = 1e7
"""Stands for infinity when looking for what earns without limit."""
_SMALL = 1e-5
"""Shortage not worth a sentence. [MW]"""


@dataclass(frozen=True)
class Shortage:
    """How a row block fails in the least broken plan."""

    name: str
    columns: Floats
    """That plan."""
    lacking: Floats
    """By how much the left side is too small. (row,)"""
    excess: Floats
    """By how much it is too large. (row,)"""

    @property
    def total(self) -> float:
        """All violations together."""
        return float(self.lacking.sum() + self.excess.sum())


def explain_infeasible(system: System) -> InfeasibleError:
    """Find the plan that breaks least and tell where it breaks.

    Node balances may fail first, at a cost of 1 per MW and hour; only if that is not enough every rule may.
    """
    model = build(system, tightens=False)
    found = _shortages(model, only_balances=True) or _shortages(model, only_balances=False)
    sentences = [_sentence(model, shortage) for shortage in found[:5]]
    if not sentences:
        return InfeasibleError("No plan meets every demand, and no single rule could be found that stands in the way.")
    more = f"\n  and {len(found) - 5} more places." if len(found) > 5 else ""
    return InfeasibleError("No plan meets every demand.\n  " + "\n  ".join(sentences) + more)


def explain_unbounded(model: Model, program: LinearProgram) -> UnboundedError:
    """Box every open column, solve, and name the components that run into the box while earning."""
    boxed = replace(
        program,
        lower=np.maximum(program.lower, -BOX),
        upper=np.minimum(program.upper, BOX),
        is_integer=np.zeros_like(program.is_integer),
    )
    answer = solve(boxed, Options(method="simplex"))
    at_box = (np.abs(answer.columns) >= 0.999 * BOX) & ~np.isfinite(program.upper)
    earned: dict[str, float] = {}
    names = _column_names(model.program)
    for name, columns in names:
        amount = float(np.sum(answer.columns[columns] * program.cost[columns]))
        if at_box[columns].any():
            component = name.split(".")[0]
            earned[component] = earned.get(component, 0.0) + amount
    if not earned:
        return UnboundedError("A plan could earn without limit.")
    component = min(earned, key=lambda name: earned[name])
    where = model.system.where.get(component)
    others = sorted(set(earned) - {component})
    together = f" together with {', '.join(others)}" if others else ""
    return UnboundedError(
        f"A plan could earn without limit: '{component}'{f' ({where})' if where else ''}{together} grows for ever. "
        "Something is bought or built for less than it earns, and nothing limits it. "
        "Give it a limit such as a capacity or a max, or correct the prices."
    )


def _column_names(program: HourlyProgram) -> Iterator[tuple[str, slice]]:
    for number, name in enumerate(program.names.columns):
        yield name, slice(number * program.steps, (number + 1) * program.steps)
    first = program.steps * len(program.columns)
    for number, name in enumerate(program.names.globals):
        yield name, slice(first + number, first + number + 1)


def _row_names(program: HourlyProgram) -> Iterator[tuple[str, slice]]:
    starts = program.row_starts
    for number, name in enumerate(program.names.rows):
        yield name, slice(int(starts[number]), int(starts[number + 1]))
    for number, name in enumerate(program.names.global_rows, int(starts[-1])):
        yield name, slice(number, number + 1)


def _shortages(model: Model, only_balances: bool) -> list[Shortage]:
    """Solve with slack in the rows and list the row blocks that need it, worst first."""
    program = model.program.assemble()
    blocks = [(name, rows) for name, rows in _row_names(model.program)]
    elastic = np.zeros(program.row_count, bool)
    for name, rows in blocks:
        elastic[rows] = name.startswith(f"{BALANCE}.") or not only_balances
    slack_rows = np.flatnonzero(elastic)
    answer = solve(_with_slack(program, slack_rows), Options(method="simplex"))
    if answer.status is not Status.OPTIMAL:
        return []
    count = len(slack_rows)
    lacking, excess = np.zeros(program.row_count), np.zeros(program.row_count)
    lacking[slack_rows] = answer.columns[program.column_count : program.column_count + count]
    excess[slack_rows] = answer.columns[program.column_count + count :]
    plan = np.clip(answer.columns[: program.column_count], program.lower, program.upper)
    found = [Shortage(name, plan, lacking[rows], excess[rows]) for name, rows in blocks]
    return sorted((s for s in found if s.total > _SMALL), key=lambda s: -s.total)


def _with_slack(program: LinearProgram, rows: NDArray[np.int64]) -> LinearProgram:
    """Add two slack columns to each given row and make their sum the objective."""
    count, width = len(rows), program.column_count
    extra = np.zeros(program.row_count, np.int32)
    extra[rows] = 2
    counts = np.diff(program.starts) + extra
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    indices = np.empty(starts[-1], np.int32)
    values = np.empty(starts[-1])
    old = np.repeat(starts[:-1] - program.starts[:-1], np.diff(program.starts)) + np.arange(len(program.values))
    indices[old], values[old] = program.indices, program.values
    ends = starts[1:][rows]
    indices[ends - 2], values[ends - 2] = width + np.arange(count), 1.0
    indices[ends - 1], values[ends - 1] = width + count + np.arange(count), -1.0
    free = np.zeros(2 * count)
    return LinearProgram(
        cost=np.concatenate([np.zeros(width), np.ones(2 * count)]),
        lower=np.concatenate([program.lower, free]),
        upper=np.concatenate([np.maximum(program.upper, program.lower), free + np.inf]),
        is_integer=np.concatenate([program.is_integer, np.zeros(2 * count, bool)]),
        row_lower=program.row_lower,
        row_upper=program.row_upper,
        starts=starts,
        indices=indices,
        values=values,
    )


def _sentence(model: Model, shortage: Shortage) -> str:
    system = model.system
    kind, _, name = shortage.name.partition(".")
    lacks = shortage.lacking.max(initial=0.0) >= shortage.excess.max(initial=0.0)
    sizes = shortage.lacking if lacks else shortage.excess
    hours = int(np.sum(sizes > _SMALL))
    step = int(np.argmax(sizes))
    when = moment(system, step) if len(sizes) == system.time.count else ""
    if kind != BALANCE:
        place = system.where.get(kind)
        return (
            f"The rule '{name}' of '{kind}'{f' ({place})' if place else ''} cannot hold"
            f"{f' in {hours} hours, worst {when}' if when else ''}: it fails by {sizes[step]:.4g}."
        )
    node = system.nodes[name]
    word = "short" if lacks else "more than can be used"
    return (
        f"At '{node.title or name}' {node.carrier} is {word} in {hours} hours, worst {when} by {sizes[step]:.4g} MW; "
        f"{_offers(model, shortage, name, lacks, step)}"
    )


def _offers(model: Model, shortage: Shortage, node: str, lacks: bool, step: int) -> str:
    """Say who could help at a node in its worst hour, what each does and at which limit it is, with file and line."""
    system = model.system
    wanted = "out" if lacks else "in"
    helpers = dict.fromkeys(
        (a.component, a.port_name) for a, _ in system.at_node(node) if a.port.direction.value == wanted
    )
    if not helpers:
        return "nothing feeds this node." if lacks else "nothing takes from this node. Add a heat_rejection or a sink."
    values = values_of(model, shortage.columns)
    views = views_of(model, values)
    listed = []
    for component, port in helpers:
        flow = np.broadcast_to(np.asarray(getattr(views[component], port)[values.t], float), system.time.count)[step]
        where = f" ({system.where[component]})" if component in system.where else ""
        listed.append(
            f"'{component}'{where} {'gives' if lacks else 'takes'} {flow:.4g} MW{_limit(views, component, step)}"
        )
    way = (
        "Raise a capacity, add a supplier, or add 'unserved' at a price."
        if lacks
        else "Add a heat_rejection or a sink."
    )
    return f"{'; '.join(listed)}. {way}"


def _limit(views: Mapping[str, View], component: str, step: int) -> str:
    """Say which size a component has, and how much of it is available in an hour."""
    view = views[component]
    sizing = getattr(view.component, "capacity", None)
    if not isinstance(sizing, Sizing):
        return ""
    size = float(np.asarray(view.capacity))
    availability = getattr(view.component, "availability", None)
    share = 1.0 if availability is None else float(np.broadcast_to(view.availability[view.every_hour], step + 1)[step])
    less = f", of which {100.0 * share:.3g} % can run" if share < 1.0 else ""
    most = f"of at most {sizing.max:.4g}" if sizing.is_decision and sizing.max is not None else f"of {size:.4g}"
    return f" (capacity {most} {sizing.unit}{less})"


def moment(system: System, step: int) -> str:
    """Write when a step begins."""
    stamp = np.datetime_as_string(system.time.stamps[step], unit="m").replace("T", " ")
    return f"{stamp} UTC"
