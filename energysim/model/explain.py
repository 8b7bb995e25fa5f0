"""Why there is no plan: what stands in the way, by how much it would have to give, and where that is felt."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from energysim.errors import InfeasibleError
from energysim.model.build import Model, build
from energysim.model.close import close
from energysim.model.origin import Origin
from energysim.model.prove import views_of
from energysim.model.remedy import Remedy, remedies
from energysim.model.values import Values, values_of
from energysim.model.view import View
from energysim.system import Node, System
from energysim.system.network import Attachment
from energysim.traits import Sizing
from solvers.answer import Options, Status
from solvers.conflict import with_slack
from solvers.highs import solve
from solvers.linear import LinearProgram

Floats = NDArray[np.float64]

_SMALL = 1e-5
"""Shortage not worth a sentence. [MW] or [t/h]"""
_SHOWN = 4
"""Places and remedies told of; the rest is counted."""
_FAR = 1.0
"""Change of a limit in relation to it beyond which heat that is too cold is the likelier cause."""
_NAMED = 3
"""Components named in one sentence; the rest is counted."""

ELSEWHERE = 10.0
"""What a failure counts for at a node without end users, so that it shows at the demand it causes."""
A_LEVEL_DOWN = 0.01
"""And for each temperature level below the hottest."""


@dataclass(frozen=True)
class Shortage:
    """How a row block fails in the least broken plan."""

    origin: Origin
    lacking: Floats
    """By how much the left side is too small. (row,)"""
    excess: Floats
    """By how much it is too large. (row,)"""

    @property
    def total(self) -> float:
        """All violations together."""
        return float(self.lacking.sum() + self.excess.sum())

    @property
    def lacks(self) -> bool:
        """Whether too little is the trouble, not too much."""
        return bool(self.lacking.max(initial=0.0) >= self.excess.max(initial=0.0))

    @property
    def sizes(self) -> Floats:
        """The side that fails. (row,)"""
        return self.lacking if self.lacks else self.excess


@dataclass(frozen=True)
class Broken:
    """The plan that breaks least."""

    shortages: tuple[Shortage, ...]
    """Worst first."""
    values: Values
    pressure: Floats
    """How much less would be broken per unit that a row gives way. (row,)"""
    by_integers: bool
    """Whether only the whole numbers stand in the way."""


def explain_infeasible(asked: Model, options: Options | None = None) -> InfeasibleError:
    """Find the plan that breaks least, and tell what would have to give way and where it breaks.

    Node balances may fail first, at a cost of 1 per unit and hour; only if that is not enough every rule may.

    Parameters
    ----------
    asked : Model
        Without a plan; flows that are closed in it stay closed.
    options : Options, optional
        ``time_limit`` counts, of everything together.
    """
    options, began, system = options or Options(), time.perf_counter(), asked.system
    model = close(build(system, tightens=False), asked.closed)
    program = model.program.assemble()
    broken = None
    for only_balances in (True, False):
        broken = broken or _least_broken(model, program, only_balances, options.since(began))
    if broken is None and not options.since(began).time_limit:
        return InfeasibleError(
            "No plan meets every demand; what stands in the way was not found in time. Allow more with  "
            "solver: {time_limit: 2 h} ."
        )
    if broken is None and len(asked.program.globals.cost) > len(model.program.globals.cost):
        return InfeasibleError(
            "Without what stands under  security  there is a plan; with it there is none. A  reserve  may be more than "
            "its store can hold in every hour, as where 'start' lies below it, or hours and limits of the year leave "
            "no room to keep it. Lower the  reserve , or enlarge the store."
        )
    if broken is None:
        return InfeasibleError("No plan meets every demand, and no single rule could be found that stands in the way.")
    worst = int(np.argmax(broken.shortages[0].sizes)) if len(broken.shortages[0].sizes) == system.time.count else 0
    ways = remedies(model, program, broken.pressure, worst, broken.by_integers, options.since(began).time_limit)
    causes = _causes(model, broken, ways)
    places = [_symptom(model, broken, shortage) for shortage in broken.shortages]
    lines = [
        "No plan meets every demand.",
        *_closed(model),
        *_listed(causes),
        *(["Where it is felt:"] if causes else []),
    ]
    return InfeasibleError("\n  ".join([*lines, *_listed(places)]))


def _closed(model: Model) -> list[str]:
    """Say which flows are kept at zero, as the scenario does not."""
    flows = sorted(f"'{component}.{port}'" for component, port in model.closed)
    return [f"Kept at zero here: {', '.join(flows)}."] if flows else []


def _causes(model: Model, broken: Broken, ways: list[Remedy]) -> list[str]:
    """Tell what nobody feeds or takes from, then what is proven to be enough, or else what no larger number mends."""
    told = [_way_out(model, broken, remedy) for remedy in ways]
    missing = [text for shortage in broken.shortages for text in _missing(model.system, shortage)]
    if not any(remedy.is_enough and remedy.share <= _FAR for remedy in ways):
        told = [text for shortage in broken.shortages for text in _structural(model, broken, shortage)] + told
    return list(dict.fromkeys(missing + told))


def _listed(sentences: list[str]) -> list[str]:
    left = len(sentences) - _SHOWN
    return [*sentences[:_SHOWN], f"and {left} more."] if left > 0 else sentences


def _least_broken(model: Model, program: LinearProgram, only_balances: bool, options: Options) -> Broken | None:
    """Solve with slack in the rows; with whole numbers only where their relaxation has a plan."""
    spans = list(model.origin_spans())
    elastic = np.zeros(program.row_count, bool)
    for origin, rows in spans:
        elastic[rows] = origin.kind == "balance" or not only_balances
    slack_rows = np.flatnonzero(elastic)
    prices = np.ones(program.row_count)
    for origin, rows in spans:
        prices[rows] = _plainness(model.system, origin)
    loose = with_slack(program, slack_rows, prices[slack_rows])
    began = time.perf_counter()
    for relaxed in (True, False):
        integers = loose.is_integer & (not relaxed)
        answer = solve(replace(loose, is_integer=integers), replace(options.since(began), method="simplex"))
        if answer.status is not Status.OPTIMAL:
            return None
        width, count = program.column_count, len(slack_rows)
        lacking, excess = np.zeros(program.row_count), np.zeros(program.row_count)
        lacking[slack_rows] = answer.columns[width : width + count]
        excess[slack_rows] = answer.columns[width + count :]
        found = [Shortage(origin, lacking[rows], excess[rows]) for origin, rows in spans]
        found = sorted((s for s in found if s.total > _SMALL), key=lambda s: -s.total)
        if found:
            plan = values_of(model, np.clip(answer.columns[:width], program.lower, program.upper))
            return Broken(tuple(found), plan, answer.row_duals, not relaxed)
        if not program.is_integer.any():
            return None
    return None


def _plainness(system: System, origin: Origin) -> float:
    """Price a failure: a reader looks for it where users are, and at the hottest level, from which heat falls."""
    if origin.kind != "balance":
        return 1.0
    node = system.nodes[origin.owner]
    has_users = any(a.port.is_end_use for a in system.in_network(node.network))
    return (1.0 if has_users else ELSEWHERE) + A_LEVEL_DOWN * node.level


def _missing(system: System, shortage: Shortage) -> list[str]:
    """Say where nothing is connected."""
    if shortage.origin.kind != "balance":
        return []
    node = system.nodes[shortage.origin.owner]
    title = node.title or node.name
    if shortage.lacks and not _at(system, node, "out") and node.level == 0:
        return [f"Nothing feeds '{title}'. Connect a supplier, a link or a pipe to it."]
    if not shortage.lacks and not _at(system, node, "in"):
        return [f"Nothing takes from '{title}'. Add a demand, a heat_rejection or a sink."]
    return []


def _structural(model: Model, broken: Broken, shortage: Shortage) -> list[str]:
    """Name what no larger number mends: heat is too cold, what must run cannot be used."""
    if shortage.origin.kind != "balance":
        return []
    system, node = model.system, model.system.nodes[shortage.origin.owner]
    if shortage.lacks:
        cold = _cold_sources(system, node)
        return [_too_cold(system, node, cold)] if cold else []
    if not _at(system, node, "in"):
        return []
    step, views, unit = int(np.argmax(shortage.sizes)), views_of(model, broken.values), _unit_at(system, node)
    given = [(a, float(_flow(broken.values, views, a)[step])) for a in _at(system, node, "out")]
    return [
        f"'{a.component}'{_where(system, a.component)} gives {flow:.4g} {unit} to '{node.title or node.name}' and "
        "cannot give less. Add a heat_rejection or a sink that takes the rest, or let it run lower."
        for a, flow in given
        if flow > _SMALL
    ]


def _cold_sources(system: System, node: Node) -> list[Attachment]:
    """List the sources in a node's network that reach lower levels only."""
    levels = system.levels_of(node.network)
    reached = {(a.component, a.port_name) for n in levels if n.level <= node.level for a, _ in system.at_node(n.name)}
    sources = [a for a in system.in_network(node.network) if a.port.direction.value == "out"]
    return [a for a in sources if (a.component, a.port_name) not in reached]


def _too_cold(system: System, node: Node, sources: list[Attachment]) -> str:
    """Say it of all sources in one sentence, so that many do not hide what else stands in the way."""
    names = list(dict.fromkeys(source.component for source in sources))
    told = [f"'{name}'{_where(system, name)}" for name in names[:_NAMED]]
    if len(names) > _NAMED:
        told.append(f"{len(names) - _NAMED} more")
    who = f"{', '.join(told[:-1])} and {told[-1]}" if len(told) > 1 else told[0]
    be, whose = ("is", "its") if len(told) == 1 else ("are", "their")
    return (
        f"{who} {be} too cold for '{node.title or node.name}': {whose} heat only reaches lower temperatures. A heat "
        "pump could lift it, or a lower supply temperature use it."
    )


def _way_out(model: Model, broken: Broken, remedy: Remedy) -> str:
    """Say whose limit it is, what it would have to be, what it means, and which entries set it."""
    kind, _, name = remedy.key.rpartition(" ")
    system, unit = model.system, remedy.unit
    who = f"{kind.capitalize()} '{name}'{_where(system, remedy.key)}".lstrip()
    meaning = remedy.meaning[0].lower() + remedy.meaning[1:]
    if remedy.is_enough is None:
        said = "is at a limit; how far it must give was not found in time"
    elif not remedy.is_enough:
        said = "is at a limit, though that is not all that stands in the way"
    elif remedy.change is None:
        said = "is held by a rule without which there would be a plan"
    elif remedy.limit is None or remedy.needed is None:
        said = f"is at a limit; if it gave way by {_amount(remedy.change, unit)} there would be a plan"
    else:
        said = f"is at its limit of {_amount(remedy.limit, unit)}, {_amount(remedy.needed, unit)} would be enough"
    text = f"{who} {said}: {meaning}"
    if len(remedy.steps):
        first = int(remedy.steps[0])
        text += f" It binds in {_hours(float(system.time.hours[remedy.steps].sum()))}, first {moment(system, first)}"
        text += f"{_share_told(model, broken, remedy.key, first)}."
    return text + _set_by(system, remedy)


def _set_by(system: System, remedy: Remedy) -> str:
    """Name the entries of the scenario that a rule is made of, with their lines where these are others."""
    told = []
    for path in remedy.parameters:
        place = system.where.get(path)
        if place is not None:
            elsewhere = f" ({place})" if place != system.where.get(remedy.key) else ""
            told.append(f"'{path.removeprefix(remedy.key + '.')}'{elsewhere}")
    return f" Set by {' and '.join(told)}." if told else ""


def _share_told(model: Model, broken: Broken, name: str, step: int) -> str:
    """Say how much of a component can run in an hour, where that is not all."""
    component = model.system.components.get(name)
    if component is None or getattr(component, "availability", None) is None:
        return ""
    share = _share_at(views_of(model, broken.values)[name], broken.values, step)
    return f", when {100.0 * share:.3g} % of it can run" if share < 1.0 else ""


def _share_at(view: View, values: Values, step: int) -> float:
    available = np.asarray(view.availability[values.t], float)
    return float(np.broadcast_to(available, len(values.t.steps))[step])


def _amount(value: float, unit: str) -> str:
    return f"{round(value, 9) + 0.0:.4g} {unit}".rstrip()


def _hours(length: float) -> str:
    return "1 hour" if length == 1.0 else f"{length:.6g} hours"


def _symptom(model: Model, broken: Broken, shortage: Shortage) -> str:
    """Say where, when and by how much a balance or a rule fails."""
    system, origin = model.system, shortage.origin
    sizes, step = shortage.sizes, int(np.argmax(shortage.sizes))
    is_whole = len(sizes) == system.time.count
    hours = float(system.time.hours[sizes > _SMALL].sum()) if is_whole else 0.0
    when = moment(system, step) if is_whole else ""
    if origin.kind != "balance":
        rule = origin.name.removeprefix(f"{origin.key}.") if origin.word else origin.kind
        return (
            f"The rule '{rule}' of '{origin.key}'{_where(system, origin.key)} cannot hold"
            f"{f' in {_hours(hours)}, worst {when}' if when else ''}: it fails by {sizes[step]:.4g}."
        )
    node = system.nodes[origin.owner]
    unit, word = _unit_at(system, node), "short" if shortage.lacks else "more than can be used"
    place = f"At '{node.title or node.name}' {node.carrier} is {word}"
    text = f"{place} in {_hours(hours)}, worst {when} by {sizes[step]:.4g} {unit}"
    helpers = _at(system, node, "out" if shortage.lacks else "in")
    views = views_of(model, broken.values)
    gives = "gives" if shortage.lacks else "takes"
    said = [
        f"'{a.component}'{_where(system, a.component)} {gives} {_flow(broken.values, views, a)[step]:.4g} {unit}"
        f"{_size(broken.values, views[a.component], step)}"
        for a in helpers
    ]
    return f"{text}: {'; '.join(said)}." if said else f"{text}."


def _unit_at(system: System, node: Node) -> str:
    return system.networks[node.network].flow_unit


def _at(system: System, node: Node, direction: str) -> list[Attachment]:
    """List what gives to a node, or takes from it, each port once."""
    found = [a for a, _ in system.at_node(node.name) if a.port.direction.value == direction]
    return list({(a.component, a.port_name): a for a in found}.values())


def _flow(values: Values, views: Mapping[str, View], attachment: Attachment) -> Floats:
    flow = getattr(views[attachment.component], attachment.port_name)[values.t]
    return np.broadcast_to(np.asarray(flow, float), len(values.t.steps))


def _size(values: Values, view: View, step: int) -> str:
    """Say which size a component has, and how much of it is available in an hour."""
    sizing = getattr(view.component, "capacity", None)
    if not isinstance(sizing, Sizing):
        return ""
    share = 1.0
    if getattr(view.component, "availability", None) is not None:
        share = _share_at(view, values, step)
    less = f", of which {100.0 * share:.3g} % can run" if share < 1.0 else ""
    most = sizing.max if sizing.is_decision and sizing.max is not None else float(np.asarray(view.capacity))
    return f" (capacity {'at most' if sizing.is_decision else 'of'} {most:.4g} {sizing.unit}{less})"


def _where(system: System, name: str) -> str:
    return f" ({system.where[name]})" if name in system.where else ""


def moment(system: System, step: int) -> str:
    """Write when a step begins."""
    stamp = np.datetime_as_string(system.time.stamps[step], unit="m").replace("T", " ")
    return f"{stamp} UTC"
