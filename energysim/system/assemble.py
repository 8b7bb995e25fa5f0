"""Scenario to System: nodes from networks and fuels, ports at their nodes, series worked out."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from energysim.components.delivery import Delivery
from energysim.declare import Component, Declared, Derived, Span
from energysim.errors import Place as FilePlace
from energysim.errors import Problem, ScenarioError
from energysim.scenario.network import Network as GivenNetwork
from energysim.scenario.network import temperature_of
from energysim.scenario.route import NoRouteError, route
from energysim.scenario.scenario import Scenario
from energysim.system.agreed import agreed
from energysim.system.attach import Meeting, attach, group
from energysim.system.forbidden import matches
from energysim.system.network import Attachment, CountedDelivery, Network, Node, Policy, System
from energysim.system.surroundings import World, worlds_of
from energysim.system.time import Time
from energysim.units import LARGEST

Floats = NDArray[np.float64]
DerivedSeries = dict[tuple[str, str], float | Floats]
CRITICAL = 374.0
"""Temperature above which there is no liquid water [1]_. [degC]

References
----------
.. [1] IAPWS R2-83(1992), critical temperature of ordinary water substance: 647.096 K.
"""


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
    if scenario.contracts:
        components, groups = agreed(scenario, time.year_share)
        scenario = replace(scenario, components=components, groups=groups)
    return _Assembly(scenario, time).finish()


@dataclass
class _Assembly:
    """What is known so far, and every problem found on the way."""

    scenario: Scenario
    time: Time
    problems: list[Problem] = field(default_factory=list)
    networks: dict[str, Network] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)
    worlds: dict[str, World] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    memory: dict[Hashable, Any] = field(default_factory=dict)
    """What several components share, by place."""

    def finish(self) -> System:
        scenario = self.scenario
        self._make_networks()
        self._count_deliveries()
        if self.problems:
            raise ScenarioError(self.problems)
        self.worlds = worlds_of(scenario, self.networks, self.time.hours, self.memory)
        attachments = self._attach()
        derived = self._derive()
        if self.problems:
            raise ScenarioError(self.problems)
        for component in scenario.components.values():
            told = [*component.warnings(self.worlds[component.name]), *component.doubts(scenario.economy.currency)]
            self.warnings += [f"{component.name}: {text}" for text in told]
        self.warnings += self._doubtful_networks()
        where = {name: self._where(f"components.{name}") for name in scenario.components}
        where |= {f"group {name}": self._where(f"groups.{name}") for name in scenario.groups}
        where |= {f"effect {name}": self._where(f"effects.{name}") for name in scenario.effects}
        for name in scenario.networks:
            where[f"network {name}"] = self._where(f"networks.{name}.forbidden") or self._where(f"networks.{name}")
        for section, word in (("components.", ""), ("groups.", "group "), ("effects.", "effect ")):
            paths = [path for path in scenario.origins if path.startswith(section)]
            where |= {word + path.removeprefix(section): self._where(path) for path in paths}
        return System(
            title=scenario.title,
            time=self.time,
            networks=self.networks,
            nodes=self.nodes,
            components=scenario.components,
            attachments=attachments,
            derived=derived,
            policies={name: Policy(**dict(policy)) for name, policy in scenario.effects.items()},
            currency=scenario.economy.currency,
            discount_rate=scenario.economy.discount_rate,
            places=scenario.places,
            where={name: place for name, place in where.items() if place is not None},
            groups=scenario.groups,
            perspective=scenario.economy.perspective,
            warnings=tuple(self.warnings),
        )

    def _doubtful_networks(self) -> Iterator[str]:
        """Walk the networks that are likelier a slip than meant."""
        met = {network for one in self.scenario.components.values() for network in one.connections.values()}
        for name in self.scenario.networks:
            supply = self.networks[name].supply
            if name not in met:
                yield f"network {name}: nothing is connected to it."
            if supply is not None and np.max(supply) > CRITICAL:
                yield (
                    f"network {name}: its supply reaches {np.max(supply):g} degC; water is no liquid above "
                    f"{CRITICAL:g} degC, whatever its pressure. Is it meant?"
                )

    def _make_networks(self) -> None:
        """Read temperatures and losses of the networks; a fuel is a network of its own."""
        for name, given in self.scenario.networks.items():
            try:
                self.networks[name] = self._network(name, given)
            except ValueError as error:
                path = f"networks.{name}"
                self.problems.append(Problem(self._where(path), path, str(error)))
        for name, fuel in self.scenario.fuels.items():
            self.networks[name] = Network(
                name,
                name,
                co2=fuel.co2,
                primary_energy=fuel.primary_energy,
                title=fuel.label or name,
                is_fuel=True,
            )

    def _count_deliveries(self) -> None:
        """Tell each network which flows through it are counted from one component to another."""
        for name, component in self.scenario.components.items():
            if not isinstance(component, Delivery):
                continue
            try:
                met = route(self.scenario.components, component.supplier, component.user, ("supplier", "user"))
            except NoRouteError as error:
                path = f"components.{name}"
                where = self._where(f"{path}.{error.key}") or self._where(path)
                self.problems.append(Problem(where, f"{path}.{error.key}", error.found, "", error.way_out))
                continue
            network = self.networks[met.network]
            counted = (*network.deliveries, CountedDelivery(name, met.supplier, met.user))
            self.networks[met.network] = replace(network, deliveries=counted)

    def _network(self, name: str, given: GivenNetwork) -> Network:
        horizon = self.scenario.horizon
        world = World(horizon, self.time.hours, self.scenario.places.get(given.at or ""), {}, {}, self.memory)
        supply, returned = (
            None if curve is None else np.broadcast_to(temperature_of(curve, lambda: world.outdoor), horizon.count)
            for curve in (given.supply, given.returned)
        )
        if supply is not None and returned is not None and (supply <= returned).any():
            step = int(np.argmax(supply <= returned))
            raise ValueError(
                f"the supply temperature {supply[step]:g} degC is not above the return {returned[step]:g} degC "
                f"at {horizon.stamps()[step]}. Heat can only be delivered from hot to cold. "
                "Raise the supply curve or lower the return."
            )
        loss = given.losses.standing(supply, returned) if given.losses else 0.0
        if np.min(loss) < 0.0 and given.losses:
            raise ValueError(
                f"the ground of {given.losses.ground:g} degC is warmer than the pipes: it would heat the water. "
                "Correct 'ground' in 'losses'."
            )
        return Network(
            name,
            given.carrier,
            place=given.at or "",
            owner=given.owner or "",
            title=given.label or name,
            loss_share=given.losses.share if given.losses else 0.0,
            loss=loss,
            co2=given.co2,
            supply=supply,
            returned=returned,
            outdoor=world.weather,
            approach=given.approach,
            coupling=given.coupling,
            unit=given.unit,
            forbidden=matches(given.forbidden, self.scenario.components, name),
        )

    def _attach(self) -> tuple[Attachment, ...]:
        """Land every port on the levels of its network; the order of components and ports is kept."""
        found: dict[tuple[str, str], Attachment] = {}
        for name, ports in group(self.scenario.components, self.networks).items():
            network = self.networks[name]
            meetings = [Meeting(c, word, port, self._span(network, c, word)) for c, word, port in ports]
            try:
                attached = attach(network, meetings, self.time.count)
            except ValueError as error:
                self._add(_blamed(str(error), self.scenario.components), str(error))
                continue
            self.warnings += attached.warnings
            self.nodes |= {node.name: node for node in attached.nodes}
            found |= {(a.component, a.port_name): a for a in attached.attachments}
        keys = ((c, name, port) for c in self.scenario.components.values() for name, port in c.ports().items())
        return tuple(found.get((c.name, name), Attachment(c.name, name, port, "")) for c, name, port in keys)

    def _span(self, network: Network, component: Component, port: str) -> Span | None:
        """Ask a component for its temperatures, where its network has some."""
        if not network.has_temperatures:
            return None
        try:
            return component.span(port, self.worlds[component.name])
        except ValueError as error:
            self._add(component.name, str(error))
            return None

    def _derive(self) -> DerivedSeries:
        """Work out the derived series of every component and of its traits."""
        found: DerivedSeries = {}
        for component in self.scenario.components.values():
            world = self.worlds[component.name]
            try:
                found |= _derive_part(component, component.name, "", world)
                for name, trait, names in component.traits():
                    found |= _derive_part(trait, component.name, f"{name}.", world.for_trait(names))
            except ValueError as error:
                self._add(component.name, str(error))
        return found

    def _add(self, component: str, text: str) -> None:
        path = f"components.{component}" if component else "networks"
        problem = Problem(self._where(path), path, text)
        if problem not in self.problems:
            self.problems.append(problem)

    def _where(self, path: str) -> FilePlace | None:
        origin = self.scenario.origins.get(path)
        return None if origin is None else FilePlace(origin.file, origin.line)


def _blamed(message: str, components: Mapping[str, Component]) -> str:
    """Find the component a message names first."""
    first = message.split("'")[1] if message.startswith("'") else ""
    return first if first in components else ""


def _derive_part(part: Declared, component: str, prefix: str, world: World) -> DerivedSeries:
    found: DerivedSeries = {}
    for name, word in part.declared(Derived).items():
        values = np.asarray(word.formula(part, world), float)
        if not np.isfinite(values).all():
            raise ValueError(f"{name} ({word.meaning.rstrip('.')}) is not a finite number at every hour.")
        if np.abs(values).max(initial=0.0) > LARGEST:
            raise ValueError(
                f"{name} ({word.meaning.rstrip('.')}) becomes {np.abs(values).max():.3g}, more than can be meant. "
                "Look for a figure that is far too large or too small."
            )
        found[component, prefix + name] = float(values) if values.ndim == 0 else values
    return found
