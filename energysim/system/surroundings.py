"""What a component may ask about the world when its series are worked out."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from energysim.scenario.horizon import Calendar, Horizon
from energysim.scenario.scenario import Place, Scenario
from energysim.system.network import Network
from energysim.words import Found

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class World:
    """Hours, weather and nodes as one component sees them; see :class:`energysim.declare.Surroundings`."""

    horizon: Horizon
    hours: Floats
    """Length of each step. [h] (step,)"""
    place: Place | None
    networks: Mapping[str, Network]
    """Network at each connected port."""
    names: Mapping[str, str]
    """Port meant by each name a trait speaks of."""
    memory: dict[Hashable, Any] = field(default_factory=dict)
    """What was worked out before, by place and key; one for all components of a system."""

    def for_trait(self, names: Mapping[str, str]) -> "World":
        """See the same world through a trait's own names."""
        return replace(self, names=names)

    @property
    def stamps(self) -> NDArray[np.datetime64]:
        """Start of each step, UTC. (step,)"""
        return self.horizon.stamps()

    @property
    def location(self) -> tuple[float, float]:
        """Latitude and longitude of the component's place. [degrees]"""
        if self.place is None or self.place.location is None:
            raise ValueError(
                f"it needs to know where '{self._place_name or 'it'}' is. Give its place a location, such as  "
                "location: [65.58, 22.15]."
            )
        return self.place.location

    @property
    def has_weather(self) -> bool:
        """Whether the outdoor temperature is known."""
        return self.place is not None and self.place.outdoor is not None

    @cached_property
    def outdoor_year(self) -> Floats:
        """Outdoor temperature hour by hour over the whole calendar years. [degC] (hour of the years,)"""
        values = self._outdoor
        if np.isnan(values).any():
            raise ValueError(
                f"the outdoor temperature of '{self._place_name}' does not cover the whole year. "
                "A yearly amount can only be spread over all its days. Give a climate or a series of a full year."
            )
        return values

    @property
    def usual_year(self) -> Floats:
        """The same of the place's normal year; of the year itself where it names none. [degC] (hour of the years,)"""
        usual = None if self.place is None else self.place.usual
        if usual is not None and np.isnan(usual).any():
            raise ValueError(f"the normal year of '{self._place_name}' does not cover the whole year.")
        return self.outdoor_year if usual is None else usual

    @property
    def outdoor(self) -> Floats:
        """Outdoor temperature at the component's place. [degC] (step,)"""
        values = self._outdoor_steps
        if np.isnan(values).any():
            raise ValueError(f"the outdoor temperature of '{self._place_name}' does not cover the horizon.")
        return values

    @property
    def weather(self) -> Floats | None:
        """Outdoor temperature where it is known in every step, else None. [degC] (step,)"""
        if not self.has_weather:
            return None
        values = self._outdoor_steps
        return None if np.isnan(values).any() else values

    @cached_property
    def calendar(self) -> Calendar:
        """Local hour, weekday and month of each step."""
        return self.horizon.calendar()

    @cached_property
    def year_calendar(self) -> Calendar:
        """Local hour, weekday and month of each hour of the whole calendar years."""
        return self.horizon.hourly_years().calendar()

    @property
    def years(self) -> int:
        """Number of calendar years touched."""
        return len(self.horizon.years())

    def to_steps(self, hourly: Floats) -> Floats:
        """Bring hours of the whole calendar years to the steps. (step,)"""
        return self.horizon.to_steps(hourly)

    def network(self, port: str) -> Network:
        """Look up the network at a port."""
        return self.networks[self.names.get(port, port)]

    def is_connected(self, port: str) -> bool:
        """Whether a port is connected."""
        return self.names.get(port, port) in self.networks

    def shared(self, key: Hashable, work: Callable[[], Found]) -> Found:
        """Work something out once for all at this place who ask with the same key."""
        where = self._place_name, key
        if where not in self.memory:
            self.memory[where] = work()
        found: Found = self.memory[where]
        return found

    @property
    def _outdoor_steps(self) -> Floats:
        return self.shared("outdoor", lambda: self.horizon.to_steps(self._outdoor))

    @property
    def _place_name(self) -> str:
        return self.place.name if self.place is not None else ""

    @property
    def _outdoor(self) -> Floats:
        if self.place is None:
            raise ValueError(
                "it needs the outdoor temperature, but has no place. Write  at: <place>  or connect a network with one."
            )
        if self.place.outdoor is None:
            raise ValueError(
                f"it needs the outdoor temperature of '{self.place.name}'. "
                f"Give that place a climate, such as  climate: lulea."
            )
        return self.place.outdoor


def worlds_of(
    scenario: Scenario, networks: Mapping[str, Network], hours: Floats, memory: dict[Hashable, Any] | None = None
) -> dict[str, World]:
    """See a scenario as each component sees it: its own place, else that of its networks."""
    memory = {} if memory is None else memory
    found = {}
    for name, component in scenario.components.items():
        connected = ((port, component.connections.get(port, "")) for port in component.ports())
        mine = {port: networks[network] for port, network in connected if network in networks}
        place = component.at or next((network.place for network in mine.values() if network.place), "")
        found[name] = World(scenario.horizon, hours, scenario.places.get(place), mine, {}, memory)
    return found
