"""Scenario to System: nodes from networks and fuels, ports at their nodes, series worked out."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from energysim.declare import Component, Declared, Derived
from energysim.errors import Place as FilePlace
from energysim.errors import Problem, ScenarioError
from energysim.scenario.network import Network
from energysim.scenario.scenario import Scenario
from energysim.system.network import Attachment, Node, Policy, System
from energysim.system.surroundings import World
from energysim.system.time import Time

Floats = NDArray[np.float64]
DerivedSeries = dict[tuple[str, str], float | Floats]


def assemble(scenario: Scenario) -> System:
    """Freeze a checked scenario into the network of nodes and components.

    Parameters
    ----------
    scenario : Scenario
        Checked description.

    Returns
    -------
    system : System
        Nodes, attachments and derived series over the scenario's steps.

    Raises
    ------
    ScenarioError
        When a component lacks something that only shows in context, such as an outdoor temperature.
    """
    time = Time.from_horizon(scenario.horizon)
    where = {name: _where(scenario, f"components.{name}") for name in scenario.components}
    problems: list[Problem] = []
    nodes = _nodes(scenario, problems)
    attachments = tuple(
        attachment for component in scenario.components.values() for attachment in _attach(component, scenario, nodes)
    )
    derived: DerivedSeries = {}
    for component in scenario.components.values():
        world = _world(scenario, time, component, nodes, attachments)
        try:
            derived |= _derive(component, world)
        except ValueError as error:
            problems.append(
                Problem(where[component.name], f"components.{component.name}", f"{component.name}: {error}")
            )
    if problems:
        raise ScenarioError(problems)
    return System(
        title=scenario.title,
        time=time,
        nodes=nodes,
        components=scenario.components,
        attachments=attachments,
        derived=derived,
        policies={name: Policy(p.unit, p.price, p.cap) for name, p in scenario.effects.items()},
        currency=scenario.economy.currency,
        discount_rate=scenario.economy.discount_rate,
        places=scenario.places,
        where={name: place for name, place in where.items() if place is not None},
    )


def _nodes(scenario: Scenario, problems: list[Problem]) -> dict[str, Node]:
    """Make one node per temperature level of each network, and one per fuel."""
    nodes = {}
    for name, network in scenario.networks.items():
        try:
            nodes[name] = _network_node(scenario, name, network)
        except ValueError as error:
            problems.append(Problem(_where(scenario, f"networks.{name}"), f"networks.{name}", str(error)))
    for name, fuel in scenario.fuels.items():
        nodes[name] = Node(name, f"fuel:{name}", carrier=name, co2=fuel.co2, title=fuel.label or name)
    return nodes


def _network_node(scenario: Scenario, name: str, network: Network) -> Node:
    time_count = scenario.horizon.count
    place = scenario.places.get(network.at or "")
    supply = None
    if network.supply is not None:
        outdoor = World(scenario.horizon, np.empty(0), place, {}, {})
        supply = np.broadcast_to(network.supply_temperature(lambda: outdoor.outdoor), time_count)
    returned = None if network.returned is None else np.broadcast_to(np.asarray(network.returned, float), time_count)
    if supply is not None and returned is not None and (supply <= returned).any():
        step = int(np.argmax(supply <= returned))
        raise ValueError(
            f"the supply temperature {supply[step]:g} degC is not above the return {returned[step]:g} degC "
            f"at {scenario.horizon.stamps()[step]}. Heat can only be delivered from hot to cold. "
            "Raise the supply curve or lower the return."
        )
    return Node(
        name,
        name,
        carrier=network.carrier,
        place=network.at or "",
        owner=network.owner or "",
        title=network.label or name,
        loss_share=network.losses.share if network.losses else 0.0,
        supply=supply,
        returned=returned,
        approach=network.approach,
        coupling=network.coupling,
    )


def _attach(component: Component, scenario: Scenario, nodes: Mapping[str, Node]) -> list[Attachment]:
    ports = component.ports()
    connected = {port: node for port, node in component.connections.items() if node in nodes}
    return [Attachment(component.name, name, port, connected.get(name, "")) for name, port in ports.items()]


def _world(
    scenario: Scenario, time: Time, component: Component, nodes: Mapping[str, Node], attachments: tuple[Attachment, ...]
) -> World:
    mine = {a.port_name: nodes[a.node] for a in attachments if a.component == component.name and a.node}
    place_name = component.at or next((node.place for node in mine.values() if node.place), "")
    return World(scenario.horizon, time.hours, scenario.places.get(place_name), mine, {})


def _derive(component: Component, world: World) -> DerivedSeries:
    """Work out the derived series of a component and of its traits."""
    found = _derive_part(component, component.name, "", world)
    for field, trait, names in component.traits():
        found |= _derive_part(trait, component.name, f"{field}.", world.for_trait(names))
    return found


def _derive_part(part: Declared, component: str, prefix: str, world: World) -> DerivedSeries:
    found: DerivedSeries = {}
    for name, word in part.declared(Derived).items():
        values = np.asarray(word.formula(part, world), float)
        if not np.isfinite(values).all():
            raise ValueError(f"{name} ({word.meaning.rstrip('.')}) is not a finite number at every hour.")
        found[component, prefix + name] = float(values) if values.ndim == 0 else values
    return found


def _where(scenario: Scenario, path: str) -> FilePlace | None:
    origin = scenario.origins.get(path)
    return None if origin is None else FilePlace(origin.file, origin.line)
