"""Nodes and the system they form with the components."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from energysim.declare import Component, Port
from energysim.errors import Place
from energysim.system.time import Time

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Node:
    """A balance of one carrier: one temperature level of a heat network, an electricity node, a fuel."""

    name: str
    network: str
    carrier: str
    level: int = 0
    """Temperature level, 0 the hottest."""
    place: str = ""
    owner: str = ""
    title: str = ""
    loss_share: float = 0.0
    """Share of what is fed in for end users that distribution loses."""
    co2: float = 0.0
    """Stack emission of the carrier when burnt. [t/MWh]"""
    supply: Floats | None = None
    """Supply temperature. [degC] (step,)"""
    returned: Floats | None = None
    """Return temperature. [degC] (step,)"""
    approach: float = 0.0
    """Temperature difference a heat exchanger needs. [K]"""
    coupling: str = "series"
    """How a source below supply temperature may feed in."""

    @property
    def is_fuel(self) -> bool:
        """Whether the node carries a fuel."""
        return self.network.startswith("fuel:")


@dataclass(frozen=True)
class Policy:
    """Price and cap of an effect beside cost."""

    unit: str
    price: float = 0.0
    """[money/unit]"""
    cap: float | None = None
    """Most over the horizon. [unit]"""


@dataclass(frozen=True)
class Attachment:
    """A port of a component at its node."""

    component: str
    port_name: str
    port: Port
    node: str
    """Empty when the port is not connected."""


@dataclass(frozen=True)
class System:
    """Everything the model needs, checked and frozen."""

    title: str
    time: Time
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

    def effect_unit(self, effect: str) -> str:
        """Unit an effect is counted in."""
        if effect == "cost":
            return self.currency
        if effect in self.policies:
            return self.policies[effect].unit
        return "MWh" if effect.endswith("energy") else "t"

    def at_node(self, node: str) -> Iterator[Attachment]:
        """Walk the ports attached to a node."""
        return (attachment for attachment in self.attachments if attachment.node == node)

    def node_of(self, component: str, port: str) -> Node | None:
        """Find the node a port is attached to."""
        found = self._node_index.get((component, port), "")
        return self.nodes[found] if found else None

    def place_of(self, component: str) -> str:
        """Find a component's place: its own, else that of the first network with one."""
        own = self.components[component].at
        if own:
            return own
        nodes = (self.node_of(component, port) for port in self.components[component].ports())
        return next((node.place for node in nodes if node is not None and node.place), "")

    @property
    def _node_index(self) -> dict[tuple[str, str], str]:
        index = self.__dict__.get("_index")
        if index is None:
            index = {(a.component, a.port_name): a.node for a in self.attachments}
            object.__setattr__(self, "_index", index)
        return index
