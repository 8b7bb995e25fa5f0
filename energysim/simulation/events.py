"""A supplier stops for some days at the worst time: what jumps in, what falls short, what it costs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from energysim.declare import Direction
from energysim.errors import OutputError
from energysim.model import Model, build
from energysim.model.prove import views_of
from energysim.model.values import values_of
from energysim.scenario import Scenario
from energysim.scenario.simulation import Event
from energysim.scenario.time_section import moment
from energysim.simulation.design import Design
from energysim.simulation.operate import Operated, Switching, operate
from energysim.simulation.policies import Worths, stores_of
from energysim.simulation.record import longest_run
from energysim.simulation.security import kind_of
from energysim.system import System, assemble

Floats = NDArray[np.float64]

_AROUND = 48
"""Hours shown before and after a stop."""


@dataclass(frozen=True)
class Stop:
    """An event placed in time."""

    name: str
    network: str
    component: str
    also: tuple[str, ...]
    """Components that stop with it."""
    first: int
    """First step."""
    end: int
    """Step after the last."""


@dataclass(frozen=True)
class Outcome:
    """What a stop led to."""

    stop: Stop
    extra_cost: float
    """Beside what the same year costs without the stop. [money]"""
    short_energy: float
    """Not served beyond what is short without the stop. [MWh]"""
    short_hours: float
    """With more shortage than without the stop. [h]"""
    worst: float
    """Largest shortage beyond that without the stop. [MW]"""
    longest: float
    """Longest time until no more was short than without the stop. [h]"""
    recovery: float
    """From the end of the stop until stores hold what they would have held; the rest of the year where never. [h]"""
    usual: Floats
    """Through each port while the stop lasts, had it not happened. [MWh] (port,)"""
    energy: Floats
    """Through each port while the stop lasts. [MWh] (port,)"""
    flow: Floats
    """Through each port round the stop. [MW] (port, hour)"""


def placed(scenario: Scenario, model: Model, name: str, event: Event, columns: Floats) -> Stop:
    """Find what stops and when.

    Parameters
    ----------
    scenario : Scenario
    model : Model
    name : str
    event : Event
    columns : ndarray
        Values of the plan, by which the largest supplier is known.

    Returns
    -------
    stop : Stop
    """
    system, step = model.system, float(model.system.time.hours[0])
    network = event.network or _network_of(system, event.stop)
    length = max(1, round(event.lasting / step))
    if length >= system.time.count:
        raise OutputError(f"simulation.events.{name}: the stop of {event.lasting:g} h is as long as the horizon.")
    if event.begins == "worst":
        need = np.convolve(demand_of(model, network), np.ones(length), mode="valid")
        first = int(np.argmax(need))
    else:
        first = _step_of(system, name, event.begins)
    end = min(first + length, system.time.count)
    stopped: tuple[str, ...] = (event.stop,)
    if event.stop == "largest_supplier":
        secured = scenario.security.networks.get(network) if scenario.security is not None else None
        stopped = largest_supplier(model, network, columns, slice(first, end), secured.together if secured else ())
    component, *also = dict.fromkeys((*stopped, *event.also))
    for one in (component, *also):
        if not hasattr(system.components[one], "availability"):
            raise OutputError(f"simulation.events.{name}: '{one}' has no availability, so it cannot stop.")
    return Stop(name, network, component, tuple(also), first, end)


def largest_supplier(
    model: Model, network: str, columns: Floats, inside: slice, together: Sequence[tuple[str, ...]] = ()
) -> tuple[str, ...]:
    """Find who gives a network most energy in the hours of a stop, the worst supplier to lose then.

    A peak boiler that runs full for an hour is not it. Suppliers that are lost at one blow count as one. Stores and
    shortage do not count.

    Parameters
    ----------
    model : Model
    network : str
    columns : ndarray
        Values of the plan.
    inside : slice
        Steps of the stop.
    together : sequence of tuple, optional
        Components that stop together.

    Returns
    -------
    components : tuple of str
        The one that gives most first.

    Raises
    ------
    OutputError
        Nobody who could stop gives anything.
    """
    flows, system = flows_of(model, columns), model.system
    given: dict[str, float] = {}
    for k, a in enumerate(system.attachments):
        counts = kind_of(system, a.component) != "unserved" and hasattr(system.components[a.component], "availability")
        if a.network == network and a.port.direction is Direction.OUT and counts:
            energy = float(flows[k][inside] @ system.time.hours[inside])
            given[a.component] = given.get(a.component, 0.0) + energy
    if not given:
        raise OutputError(f"The network '{network}' has no supplier that could stop.")
    grouped = {one for group in together for one in group}
    groups = [*(tuple(one for one in group if one in given) for group in together)]
    groups += [(name,) for name in given if name not in grouped]
    largest = max(groups, key=lambda group: sum(given[one] for one in group))
    return tuple(sorted(largest, key=lambda one: -given[one]))


def demand_of(model: Model, network: str) -> Floats:
    """What end users of a network draw. [MW] (step,)"""
    flows = flows_of(model, np.zeros(model.program.column_count))
    mine = [k for k, a in enumerate(model.system.attachments) if a.network == network and a.port.is_end_use]
    return np.sum([flows[k] for k in mine], axis=0) if mine else np.ones(model.system.time.count)


def flows_of(model: Model, columns: Floats) -> Floats:
    """Flow through every port. [MW] (port, step)"""
    values = values_of(model, columns)
    views = views_of(model, values)
    return np.array(
        [
            np.broadcast_to(np.asarray(getattr(views[a.component], a.port_name)[values.t], float), values.t.steps.shape)
            for a in model.system.attachments
        ]
    )


def tried(
    scenario: Scenario, event: Event, stop: Stop, design: Design, worths_for: Callable[[Model], Worths]
) -> Outcome:
    """Run the year with a stop and the same year without it.

    Parameters
    ----------
    scenario : Scenario
    event : Event
    stop : Stop
        From :func:`placed`.
    design : Design
    worths_for : callable
        Storage policy of a model.

    Returns
    -------
    outcome : Outcome
    """
    colder = _colder(scenario, event, stop)
    runs = []
    for year in (colder, _stopped(colder, stop)):
        model = build(assemble(year))
        switching = Switching.of(year.simulation)
        runs.append((model, operate(model, design, worths_for(model), closes=False, switching=switching)))
    return _outcome(stop, runs[0], runs[1])


def _outcome(stop: Stop, usual: tuple[Model, Operated], hit: tuple[Model, Operated]) -> Outcome:
    model, operated = hit
    system, hours = model.system, model.system.time.hours
    flows, before = flows_of(model, operated.columns), flows_of(usual[0], usual[1].columns)
    unserved = [
        k
        for k, a in enumerate(system.attachments)
        if a.network == stop.network and kind_of(system, a.component) == "unserved"
    ]
    short = np.sum([flows[k] - before[k] for k in unserved], axis=0) if unserved else np.zeros(system.time.count)
    is_short, inside = short > 1e-6, slice(stop.first, stop.end)
    step = float(hours[0])
    around = round(_AROUND / step)
    return Outcome(
        stop=stop,
        extra_cost=operated.cost - operated.carried - usual[1].cost + usual[1].carried,
        short_energy=float(np.maximum(short, 0.0) @ hours),
        short_hours=float(is_short @ hours),
        worst=float(np.max(short, initial=0.0)),
        longest=float(longest_run(is_short)) * step,
        recovery=_recovery(stop, usual, hit) * step,
        usual=before[:, inside] @ hours[inside],
        energy=flows[:, inside] @ hours[inside],
        flow=flows[:, max(0, stop.first - around) : stop.end + around],
    )


def _recovery(stop: Stop, usual: tuple[Model, Operated], hit: tuple[Model, Operated]) -> int:
    """Steps from the end of the stop until every store holds again what it would have held."""
    model, lacking = hit[0], np.zeros(hit[0].system.time.count, bool)
    own = {a.component for a in model.system.in_network(stop.network)}
    for held in stores_of(model.program):
        if held.component in own and held.block < len(usual[1].hourly):
            would, has = usual[1].hourly[held.block], hit[1].hourly[held.block]
            lacking |= has < would - 0.01 * max(1.0, float(would.max()))
    late = np.flatnonzero(~lacking[stop.end :])
    return int(late[0]) if len(late) else model.system.time.count - stop.end


def _colder(scenario: Scenario, event: Event, stop: Stop) -> Scenario:
    """Let it be as cold as the event says while the stop lasts; demand follows."""
    place = scenario.networks[stop.network].at if stop.network in scenario.networks else None
    if event.outdoor is None or place is None or scenario.places[place].outdoor is None:
        return scenario
    old = scenario.places[place]
    outdoor = np.array(old.outdoor, float)
    horizon = scenario.horizon
    begin = float((horizon.start - horizon.hourly_years().start) / np.timedelta64(60, "m"))
    first, end = (round(begin + step * horizon.step) for step in (stop.first, stop.end))
    outdoor[first:end] = event.outdoor
    return replace(scenario, places={**scenario.places, place: old.in_weather(outdoor)})


def _stopped(scenario: Scenario, stop: Stop) -> Scenario:
    """Let components stand still while the stop lasts."""
    changed = dict(scenario.components)
    for name in (stop.component, *stop.also):
        availability = changed[name].availability  # type: ignore[attr-defined]
        share = np.array(np.broadcast_to(np.asarray(availability.share, float), scenario.horizon.count))
        share[stop.first : stop.end] = 0.0
        update = {"availability": availability.model_copy(update={"share": share})}
        changed[name] = changed[name].model_copy(update=update)
    return replace(scenario, components=changed)


def _network_of(system: System, component: str) -> str:
    given = [a.network for a in system.attachments if a.component == component and a.network]
    heat = [n for n in given if n in system.networks and system.networks[n].carrier == "heat"]
    return (heat or given or [""])[0]


def _step_of(system: System, name: str, text: str) -> int:
    first, stamps = moment(text), system.time.stamps
    if not stamps[0] <= first <= stamps[-1]:
        raise OutputError(f"simulation.events.{name}: {text} lies outside the horizon.")
    return int(np.searchsorted(stamps, first, side="right")) - 1
