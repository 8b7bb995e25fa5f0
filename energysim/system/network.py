"""Nodes and the system they form with the components."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from energysim.declare import Component, Effect, Port
from energysim.errors import Place
from energysim.scenario.sections import MONEY, usual_unit
from energysim.system.time import Time

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Match:
    """A match that the plan may not make: suppliers, and users of the same network who may not take their heat."""

    suppliers: frozenset[str]
    """Components."""
    users: frozenset[str]
    """Components."""


@dataclass(frozen=True)
class CountedDelivery:
    """What of a supplier's flow counts as a user's."""

    component: str
    """Component that counts it."""
    supplier: tuple[str, str]
    """Component and port that gives."""
    user: tuple[str, str]
    """Component and port that takes."""


@dataclass(frozen=True)
class Network:
    """What the nodes of a network have in common; a fuel is a network of one node."""

    name: str
    carrier: str
    place: str = ""
    owner: str = ""
    title: str = ""
    loss_share: float = 0.0
    """Share of what is fed in for end users that distribution loses."""
    loss: float | Floats = 0.0
    """Loss that does not depend on the load. [MW] (step,)"""
    co2: float = 0.0
    """Stack emission of the carrier when burnt. [t/MWh]"""
    primary_energy: float = 1.0
    """Primary energy for each MWh of the carrier. [1]"""
    supply: Floats | None = None
    """Supply temperature. [degC] (step,)"""
    returned: Floats | None = None
    """Return temperature. [degC] (step,)"""
    outdoor: Floats | None = None
    """Outdoor temperature at its place, where known. [degC] (step,)"""
    approach: float = 0.0
    """Temperature difference a heat exchanger needs. [K]"""
    coupling: str = "series"
    """How a source below supply temperature may feed in."""
    is_fuel: bool = False
    unit: str = "MWh"
    """``MWh`` or ``t``; flows are in this unit each hour."""
    forbidden: tuple[Match, ...] = ()
    """Matches that the plan may not make."""
    deliveries: tuple[CountedDelivery, ...] = ()
    """Flows through it that are counted from one component to another."""

    @property
    def flow_unit(self) -> str:
        """What its flows are counted in: ``MW`` or ``t/h``."""
        return "t/h" if self.unit == "t" else "MW"

    @property
    def has_temperatures(self) -> bool:
        """Whether its heat is told apart by temperature."""
        return self.supply is not None and self.returned is not None


@dataclass(frozen=True)
class Node:
    """A balance: of a whole network, or of one temperature level of a heat network."""

    name: str
    network: str
    carrier: str
    title: str = ""
    level: int = 0
    """Temperature level, 0 the hottest."""
    top: Floats | None = None
    """[degC] (step,)"""
    bottom: Floats | None = None
    """[degC] (step,)"""
    weight: float | Floats = 1.0
    """Share of the network's users and losses that falls on this level. (step,)"""
    below: str | None = None
    """Node of the next colder level, to which heat may fall."""

    @property
    def falling(self) -> tuple[str, str]:
        """Key of the variable for heat that falls from here to the level below."""
        return f"network {self.network}", f"falling@{self.level}"


@dataclass(frozen=True)
class Policy:
    """Price and caps of an effect beside cost."""

    unit: str
    price: float = 0.0
    """[money/unit]"""
    cap: float | None = None
    """Most over the horizon. [unit]"""
    monthly_cap: float | None = None
    """Most in any month. [unit]"""
    hourly_cap: float | None = None
    """Most in any hour. [unit/h]"""
    objective: float | None = None
    """Weight in the objective, in place of cost."""


@dataclass(frozen=True)
class Landing:
    """Where part of a port's flow meets a node."""

    node: str
    share: float | Floats
    """Share of the flow, or of the offer where the plan chooses the level. (step,)"""
    variable: str = ""
    """Variable of the part at this node, where the plan chooses the level."""
    mixing: float | Floats = 0.0
    """Kelvin missing to the supply for each kelvin above the return, where sources are mixed. (step,)"""


@dataclass(frozen=True)
class Attachment:
    """A port of a component at its network."""

    component: str
    port_name: str
    port: Port
    network: str
    """Empty when the port is not connected."""
    landings: tuple[Landing, ...] = ()
    reach: float | Floats = 1.0
    """Whether the heat is hot enough for anything that takes, 1 or 0. (step,)"""

    @property
    def is_idle(self) -> bool:
        """Whether nothing ever takes heat at its temperatures."""
        return bool(self.landings) and all(np.max(landing.share) == 0.0 for landing in self.landings)

    @property
    def is_split(self) -> bool:
        """Whether the flow is the sum of a variable per level."""
        return any(landing.variable for landing in self.landings)


@dataclass(frozen=True)
class System:
    """Everything the model needs, checked and frozen."""

    title: str
    time: Time
    networks: Mapping[str, Network]
    nodes: Mapping[str, Node]
    components: Mapping[str, Component]
    attachments: tuple[Attachment, ...]
    derived: Mapping[tuple[str, str], float | Floats]
    """Derived series by component and dotted name."""
    policies: Mapping[str, Policy]
    currency: str
    discount_rate: float
    places: Mapping[str, Any]
    where: Mapping[str, Place]
    """File and line of each component, for messages."""
    groups: Mapping[str, Any]
    """Limits over groups of components."""
    warnings: tuple[str, ...] = ()
    """What a reader should know though it is not wrong."""
    perspective: str = "actors"
    """Whose cost is minimised: of the ``actors``, or of ``society``."""

    def effect_of(self, word: Effect) -> str:
        """Name under which an effect is counted; what society only moves about is no cost to it."""
        is_moved = self.perspective == "society" and word.effect == "cost" and word.paid_as == "tax"
        return "tax" if is_moved else word.effect

    def effect_unit(self, effect: str) -> str:
        """Unit an effect is counted in."""
        is_declared = effect in self.policies and effect not in MONEY
        return self.policies[effect].unit if is_declared else usual_unit(effect, self.currency)

    @property
    def has_own_objective(self) -> bool:
        """Whether something else than cost is minimised."""
        return any(policy.objective for policy in self.policies.values())

    @property
    def has_preferences(self) -> bool:
        """Whether contracts steer the plan beside its cost."""
        effects = (one.effect for c in self.components.values() for one in c.effects_booked().values())
        return "preference" in effects

    def worth(self, effect: str) -> float:
        """Weight of a unit of an effect in the objective."""
        policy = self.policies.get(effect)
        if self.has_own_objective:
            return (policy.objective or 0.0) if policy is not None else 0.0
        return 1.0 if effect in ("cost", "preference") else policy.price if policy is not None else 0.0

    def at_node(self, node: str) -> tuple[tuple[Attachment, Landing], ...]:
        """List the ports that meet at a node."""
        return tuple(self._at_node.get(node, ()))

    def in_network(self, network: str) -> Iterator[Attachment]:
        """Walk the ports attached to a network."""
        return (attachment for attachment in self.attachments if attachment.network == network)

    def attachment(self, component: str, port: str) -> Attachment:
        """Find how a port is attached."""
        return self._attachments[component, port]

    def network_of(self, component: str, port: str) -> Network | None:
        """Find the network a port is attached to."""
        found = self._attachments.get((component, port))
        return self.networks[found.network] if found is not None and found.network else None

    def levels_of(self, network: str) -> tuple[Node, ...]:
        """List the nodes of a network, the hottest first."""
        return tuple(self._levels.get(network, ()))

    def place_of(self, component: str) -> str:
        """Find a component's place: its own, else that of the first network with one."""
        own = self.components[component].at
        if own:
            return own
        networks = (self.network_of(component, port) for port in self.components[component].ports())
        return next((network.place for network in networks if network is not None and network.place), "")

    @cached_property
    def _attachments(self) -> dict[tuple[str, str], Attachment]:
        return {(a.component, a.port_name): a for a in self.attachments}

    @cached_property
    def _at_node(self) -> dict[str, list[tuple[Attachment, Landing]]]:
        found: dict[str, list[tuple[Attachment, Landing]]] = {}
        for attachment in self.attachments:
            for landing in attachment.landings:
                found.setdefault(landing.node, []).append((attachment, landing))
        return found

    @cached_property
    def _levels(self) -> dict[str, list[Node]]:
        found: dict[str, list[Node]] = {}
        for node in self.nodes.values():
            found.setdefault(node.network, []).append(node)
        return found
