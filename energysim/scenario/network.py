"""Networks: nodes of one carrier; heat networks have temperatures."""

from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Discriminator, Field, Tag, model_validator

from energysim.declare import Component, Difference, Direction, Emission, Length, Share, Temperature, TemperatureSeries
from energysim.errors import suggestion
from energysim.quantities import Unit
from energysim.scenario.sections import Section

Floats = NDArray[np.float64]


class Curve(Section):
    """Temperature of a network by the outdoor temperature: straight between points, level beyond them."""

    outdoor: Annotated[tuple[Temperature, ...], Field(min_length=2)]
    """Outdoor temperatures of the points, the coldest first."""
    temperature: Annotated[tuple[Temperature, ...], Field(min_length=2)]
    """Temperature of the network at each."""

    @model_validator(mode="after")
    def _colder_first(self) -> Self:
        for first, second in pairwise(self.outdoor):
            if first >= second:
                raise ValueError(f"outdoor {first:g} degC is not below {second:g} degC. Name the colder point first.")
        if len(self.outdoor) != len(self.temperature):
            raise ValueError(
                f"outdoor names {len(self.outdoor)} points and temperature {len(self.temperature)}. "
                "Give one temperature for each point."
            )
        return self

    def at(self, outdoor: Floats) -> Floats:
        """Temperature of the network for outdoor temperatures. [degC]"""
        return np.interp(outdoor, self.outdoor, self.temperature)


def _curve_or_series(value: Any) -> str:
    is_curve = isinstance(value, Curve) or (isinstance(value, Mapping) and "outdoor" in value)
    return "curve" if is_curve else "series"


CurveOrSeries = Annotated[
    Annotated[Curve, Tag("curve")] | Annotated[TemperatureSeries, Tag("series")], Discriminator(_curve_or_series)
]


class Losses(Section):
    """What distribution loses."""

    share: Share = 0.0
    """Loss over what is fed in."""
    length: Length = 0.0
    """Length of the network's pipe pairs, for a loss that follows the temperatures."""
    coefficient: Annotated[float, Unit("W/m/K"), Field(ge=0)] = 0.2
    """Heat lost by each metre of a pipe pair for each kelvin of supply plus return above twice the ground."""
    ground: Temperature = 5.0
    """Temperature of the ground."""

    def standing(self, supply: Floats | None, returned: Floats | None) -> float | Floats:
        r"""Loss that follows the temperatures, :math:`L u (T_s + T_r - 2 T_g)`, whatever the load. [MW] (step,)"""
        if not self.length or supply is None or returned is None:
            return 0.0
        return self.length * self.coefficient * 1e-3 * (supply + returned - 2.0 * self.ground)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not {"share", "length"} & self.model_fields_set:
            raise ValueError("'losses' needs a 'share', such as 9 %, or the 'length' of the network, such as 400 km.")
        return self

    @model_validator(mode="after")
    def _below_one(self) -> Self:
        if self.share >= 1.0:
            raise ValueError("a network that loses everything delivers nothing; share must be below 1.")
        return self


class Forbidden(Section):
    """A match that the plan may not make: heat of some suppliers must not reach some users of the network."""

    suppliers: Annotated[tuple[str, ...], Field(min_length=1, alias="from")]
    """Components that give to the network."""
    users: Annotated[tuple[str, ...], Field(min_length=1, alias="to")]
    """Components that take from it and may not take theirs."""
    reason: str = ""
    """Why, for readers."""


class Network(Section):
    """A node of one carrier, or a district heating network with its temperatures."""

    name: str
    """Key under ``networks``."""
    label: str = ""
    """Name shown to readers."""
    carrier: Annotated[str, Field(min_length=1)] = "heat"
    """What flows; may be left out only where ``supply`` says that it is heat."""
    at: str | None = None
    """Place."""
    owner: str | None = None
    """Actor who owns the network."""
    unit: Literal["MWh", "t"] = "MWh"
    """What its flows are counted in: energy, or the mass of a product."""
    co2: Emission = 0.0
    """Stack emission when burnt, for networks of gas."""
    supply: CurveOrSeries | None = None
    """Supply temperature: a curve of the outdoor temperature, or a series."""
    returned: CurveOrSeries | None = Field(None, alias="return")
    """Return temperature: a curve of the outdoor temperature, or a series."""
    approach: Difference = 0.0
    """Temperature difference a heat exchanger into the network needs."""
    losses: Losses | None = None
    """Distribution losses."""
    coupling: Literal["series", "parallel", "full_temperature_required"] = "series"
    """How a source below supply temperature may feed in."""
    forbidden: tuple[Forbidden, ...] = ()
    """Matches that the plan may not make, each  {from: [mill], to: [dairy]} ."""

    @model_validator(mode="after")
    def _counts_products_only(self) -> Self:
        if self.unit == "t" and self.carrier in {"heat", "electricity"}:
            raise ValueError(f"{self.carrier} is counted in MWh, not in tonnes. Leave 'unit' out.")
        return self

    @model_validator(mode="after")
    def _has_temperatures_as_heat_has(self) -> Self:
        has = self.supply is not None, self.returned is not None
        if any(has) and self.carrier != "heat":
            raise ValueError(
                f"it carries {self.carrier}, which has no 'supply' and 'return' temperature. Leave them out."
            )
        if any(has) and not all(has):
            given, missing = ("supply", "return") if has[0] else ("return", "supply")
            raise ValueError(
                f"it has a '{given}' temperature and no '{missing}'. "
                "Give both, or none where temperatures play no part."
            )
        if self.losses is not None and self.losses.length and not all(has):
            raise ValueError(
                "a loss by 'length' follows the temperatures. Give 'supply' and 'return', or a 'share' as loss."
            )
        return self

    @model_validator(mode="after")
    def _is_hot_above_cold(self) -> Self:
        if not isinstance(self.supply, Curve) or self.returned is None:
            return self
        if isinstance(self.returned, Curve):
            points = np.array([*self.supply.outdoor, *self.returned.outdoor])
            supply, returned = self.supply.at(points), self.returned.at(points)
        else:
            supply, returned = np.array([min(self.supply.temperature)]), np.array([np.max(self.returned)])
        gap = np.argmin(supply - returned)
        if np.min(supply - returned) <= 0.0:
            raise ValueError(
                f"supply falls to {supply[gap]:g} degC, the return is {returned[gap]:g} degC. "
                "Heat is delivered from hot to cold: supply must stay above return. "
                "Raise the curve or lower the return."
            )
        return self


def wrong_matches(
    networks: Mapping[str, Network], components: Mapping[str, Component], written: Collection[str]
) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Walk forbidden matches that name nothing that meets there: path, what was found, a way out.

    Of components that are ``written`` but were refused nothing is said.
    """
    for network in networks.values():
        for number, one in enumerate(network.forbidden):
            path = ("networks", network.name, "forbidden", str(number))
            for key, names, way in (("from", one.suppliers, Direction.OUT), ("to", one.users, Direction.IN)):
                met = _meeting(components, network.name, way)
                does = "gives to" if way is Direction.OUT else "takes from"
                for name in names:
                    if name not in met and (name in components or name not in written):
                        yield (
                            (*path, key),
                            f"'{name}' is no component that {does} '{network.name}'.",
                            suggestion(name, met),
                        )
            for name in sorted({*one.suppliers} & {*one.users}):
                yield path, f"'{name}' cannot be kept from its own heat.", "Name it in 'from' or in 'to'."


def _meeting(components: Mapping[str, Component], network: str, way: Direction) -> list[str]:
    """List the components that give to a network, or that take from it."""
    found = []
    for component in components.values():
        ports = [name for name, port in component.ports().items() if port.direction is way]
        if any(component.connections.get(name) == network for name in ports):
            found.append(component.name)
    return found


def temperature_of(given: Curve | float | Floats, outdoor: Callable[[], Floats]) -> Floats:
    """Temperature of a network; asks for the outdoor temperature only where it matters. [degC] (step,)"""
    return given.at(outdoor()) if isinstance(given, Curve) else np.asarray(given, float)
