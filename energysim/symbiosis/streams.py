"""What the sites of a scenario have left over and what they need: heat by temperature, and other by-products."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from energysim.declare import Component, Potential
from energysim.scenario.scenario import Scenario
from energysim.symbiosis.pinch import Stream
from energysim.system import System
from energysim.system.network import Attachment, Network
from energysim.system.surroundings import worlds_of

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Flow:
    """Heat that one site gives or takes between two temperatures, hour by hour."""

    key: str
    """``component.port``"""
    title: str
    site: str
    """Owner and place."""
    place: str
    network: str
    """Where it is connected; empty for nowhere."""
    gives: bool
    inlet: Floats
    """[degC] (step,)"""
    outlet: Floats
    """[degC] (step,)"""
    approach: float
    """[K]"""
    load: Floats
    """[MW] (step,)"""

    @property
    def hot(self) -> Floats:
        """Hottest water its heat can make, or that it asks for. [degC] (step,)"""
        return np.maximum(self.inlet, self.outlet) + (-self.approach if self.gives else self.approach)

    @property
    def cold(self) -> Floats:
        """Coldest water its heat is given to, or that it sends back. [degC] (step,)"""
        return np.minimum(self.inlet, self.outlet) + (-self.approach if self.gives else self.approach)

    def mean_stream(self, weights: Floats) -> Stream:
        """The stream at its mean load over some hours, at the temperatures that load has on the mean."""
        total = float(weights.sum())
        load = float(self.load @ weights) / total if total > 0.0 else 0.0
        weighed = weights * self.load if load > 0.0 else weights
        inlet, outlet = (float(ends @ weighed) / float(weighed.sum()) for ends in (self.inlet, self.outlet))
        return Stream(self.key, inlet, outlet, load, self.approach, self.gives)


@dataclass(frozen=True)
class Material:
    """Something else than heat that a site gives or takes: gas, hydrogen, oxygen, residues."""

    title: str
    site: str
    place: str
    carrier: str
    network: str
    gives: bool
    amount: float
    """Over the horizon; NaN where it follows a plant's operation. [MWh] or [t]"""
    unit: str


def heat_flows(scenario: Scenario, system: System) -> tuple[list[Flow], list[str]]:
    """List the heat that is left over and the heat that is needed.

    Parameters
    ----------
    scenario : Scenario
        Checked.
    system : System
        Assembled from it.

    Returns
    -------
    flows : list of Flow
        In the order of the components.
    remarks : list of str
        What had to be left out, and why.
    """
    found, remarks = [], []
    for component, potential, network in _potentials(scenario, system):
        if component.ports()[potential.port].carrier != "heat" and (network is None or network.carrier != "heat"):
            continue
        is_own = potential.inlet is not None
        if not is_own and (network is None or not network.has_temperatures):
            where = "nothing" if network is None else f"'{network.name}', which has no temperatures"
            remarks.append(f"{component.title}: left out, as it is connected to {where}.")
            continue
        if not np.isfinite(np.asarray(potential.amount)).all():
            remarks.append(f"{component.title}: left out, as nothing limits its size.")
            continue
        found.append(_flow(scenario, system, component, potential, network))
    return found, remarks


def materials(scenario: Scenario, system: System) -> list[Material]:
    """List what is given and taken beside heat and power, with amounts where they are known before any plan."""
    known: dict[tuple[str, str], float | Floats] = {}
    for component, potential, _ in _potentials(scenario, system):
        known[component.name, potential.port] = potential.amount
    found = []
    for attachment in system.attachments:
        network = system.networks.get(attachment.network)
        component = system.components[attachment.component]
        if network is None or network.carrier in ("heat", "electricity") or _is_passed_on(system, attachment):
            continue
        amount = known.get((component.name, attachment.port_name), np.nan)
        found.append(
            Material(
                component.title,
                site_of(scenario, system, component),
                system.place_of(component.name),
                network.carrier,
                network.name,
                attachment.port.direction.value == "out",
                float(np.sum(np.broadcast_to(amount, system.time.count) * system.time.scale)),
                network.unit,
            )
        )
    return found


def _is_passed_on(system: System, attachment: Attachment) -> bool:
    """Whether a component only keeps or carries what flows: it gives and takes the same carrier."""
    ports = system.components[attachment.component].ports()
    networks = {name: system.network_of(attachment.component, name) for name in ports}
    ways = {
        ports[name].direction
        for name, network in networks.items()
        if network is not None and network.carrier == system.networks[attachment.network].carrier
    }
    return len(ways) > 1


def site_of(scenario: Scenario, system: System, component: Component) -> str:
    """Name a component's site: its owner and its place, as far as they are known."""
    owner = scenario.actors.get(component.owner or "")
    place = scenario.places.get(system.place_of(component.name))
    names = [(one.label or one.name) for one in (owner, place) if one is not None]
    return ", ".join(names) or "the region"


def _potentials(scenario: Scenario, system: System) -> Iterator[tuple[Component, Potential, Network | None]]:
    worlds = worlds_of(scenario, system.networks, system.time.hours)
    for component in scenario.components.values():
        for potential in component.potentials(worlds[component.name]):
            yield component, potential, system.network_of(component.name, potential.port)


def _flow(
    scenario: Scenario, system: System, component: Component, potential: Potential, network: Network | None
) -> Flow:
    own = (potential.inlet, potential.outlet)
    approach = potential.approach
    if approach is None:
        approach = network.approach if network is not None and (potential.gives or own[0] is not None) else 0.0
    if own[0] is None:
        assert network is not None
        assert network.supply is not None
        assert network.returned is not None
        ends = (network.supply, network.supply) if potential.gives else (network.returned, network.supply)
        approach = 0.0
    else:
        ends = own  # type: ignore[assignment]
    inlet, outlet, load = (
        np.broadcast_to(np.asarray(values, float), system.time.count) for values in (*ends, potential.amount)
    )
    several = sum(port.carrier == "heat" for port in component.ports().values()) > 1
    title = f"{component.title}, {potential.port.replace('_', ' ')}" if several else component.title
    place = system.place_of(component.name)
    return Flow(
        f"{component.name}.{potential.port}",
        title,
        site_of(scenario, system, component),
        place,
        "" if network is None else network.name,
        potential.gives,
        inlet,
        outlet,
        float(approach),
        load,
    )
