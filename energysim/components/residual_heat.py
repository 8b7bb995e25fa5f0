"""Residual heat: what a plant has left over, by stream and temperature."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
from pydantic import Field, model_validator

from energysim.declare import (
    Component,
    Direction,
    Fee,
    FlowFormula,
    Look,
    Offer,
    Port,
    Potential,
    Power,
    ShareSeries,
    Span,
    Surroundings,
    Upkeep,
    effect,
    measure,
    refuse_taken,
    rule,
)
from energysim.traits import Availability, PowerSizing
from energysim.traits.cooled import CooledStream


class Stream(CooledStream):
    """A flow that has to be, or may be, cooled."""

    load: Power
    """Heat it gives when cooled all the way."""


class ResidualHeat(Component):
    r"""Give a network the heat that a plant has left over.

    A stream with inlet :math:`T_i`, outlet :math:`T_o` and load :math:`L` offers, in each temperature level of the
    network, :math:`a_t L` times the level's part of :math:`[T_o - \Delta, T_i - \Delta]` with the approach
    :math:`\Delta` of its heat exchanger; the plan takes what it likes of each level, and heat falls to colder levels
    but never rises [1]_. So a stream below supply temperature preheats, or feeds a heat pump. What is not taken the
    plant cools away itself, at ``cooling_cost``. In a network without temperatures every stream counts in full. The
    connection may be a decision. Where no streams are known, a ``capacity`` times a ``profile`` says what can be
    given, hot enough at all times: :math:`Q_t \le a_t f_t K`.

    References
    ----------
    .. [1] I. C. Kemp, Pinch Analysis and Process Integration, 2nd ed., Butterworth-Heinemann, 2007, ch. 2.
    """

    look: ClassVar[Look] = Look("#e4572e", order=10)
    example: ClassVar[str] = (
        "mill: {type: residual_heat, to: town_heat, streams: {off_gas: {from: 180 degC, to: 60 degC, load: 30 MW}}, "
        "price: 5 EUR/MWh}"
    )

    heat = Port(Direction.OUT, "heat", "to", "Heat given to the network.")

    streams: dict[str, Stream] = Field(default_factory=dict)
    """Streams by name."""
    capacity: PowerSizing | None = None
    """Largest heat flow, instead of streams; taken to be hot enough."""
    profile: ShareSeries = 1.0
    """What can be given over the capacity, hour by hour."""
    availability: Availability = Availability()
    """Share of the streams that flows."""
    connection: PowerSizing | None = None
    """Heat exchanger and pipe to the network; as large as the streams where absent."""
    price: Upkeep = 0.0
    """What using a MWh costs the plant, such as pumping and lost power; no profit."""
    cooling_cost: Fee = 0.0
    """What cooling away a MWh that is not used costs the plant."""
    must_run: bool = False
    """Whether the network must take all of it in every hour, cooling what it cannot use."""

    @model_validator(mode="before")
    @classmethod
    def _connect_streams(cls, data: Any) -> Any:
        """Every stream is a port of its own at the same network."""
        if not isinstance(data, Mapping) or "connections" in data or not isinstance(data.get("streams"), Mapping):
            return data
        rest = dict(data)
        network = rest.pop("to", None)
        return {**rest, "connections": dict.fromkeys(map(str, data["streams"]), network) if network else {}}

    @model_validator(mode="after")
    def _has_one_size(self) -> Self:
        if not self.streams and self.capacity is None:
            raise ValueError(
                "it needs 'streams' or a 'capacity'. Name at least one stream, such as  "
                "off_gas: {from: 180 degC, to: 60 degC, load: 30 MW}, or a capacity, such as 30 MW."
            )
        if self.streams and self.capacity is not None:
            raise ValueError(
                "'streams' and 'capacity' both say how much heat there is. Keep one; 'connection' limits streams."
            )
        if self.streams and not (np.ndim(self.profile) == 0 and self.profile == 1.0):
            raise ValueError("'profile' goes with 'capacity'. Write 'availability' for the share of the streams.")
        return self

    @model_validator(mode="after")
    def _has_free_names(self) -> Self:
        refuse_taken(type(self), self.streams)
        return self

    def ports(self) -> dict[str, Port]:
        """One port for each stream, or one in all where only a capacity is known."""
        if not self.streams:
            return super().ports()
        return {name: Port(Direction.OUT, "heat", "to", f"Heat from {name}.") for name in self.streams}

    def offers(self) -> dict[str, Offer]:
        """Streams that need not be taken offer their load."""
        if self.must_run:
            return {}
        return {name: Offer(name, f"Load of {name}.", _load(stream)) for name, stream in self.streams.items()}

    def flow_formulas(self) -> dict[str, FlowFormula]:
        """Streams that must be taken flow in full."""
        if not self.must_run:
            return {}
        return {name: FlowFormula(name, f"Load of {name}.", _load(stream)) for name, stream in self.streams.items()}

    def span(self, port: str, given: Surroundings) -> Span | None:
        """The stream's temperatures, less the approach."""
        return self.streams[port].span(given.network(port).approach) if port in self.streams else None

    def potentials(self, given: Surroundings) -> list[Potential]:
        """Every stream as far as the plant runs; a capacity without temperatures is hot enough."""
        del given
        share = np.asarray(self.availability.share, float)
        if self.capacity is not None:
            return [Potential("heat", True, share * self.profile * self.capacity.most)]
        return [
            Potential(name, True, share * stream.load, stream.inlet, stream.outlet, stream.approach)
            for name, stream in self.streams.items()
        ]

    @rule
    def within_capacity(self, v: Any, t: Any) -> Any:
        """Without streams, no more is given than the capacity and its profile allow; all of it where it must run."""
        if self.capacity is None:
            return None
        offered = self._offered(v, t)
        return v.heat[t] == offered if self.must_run else v.heat[t] <= offered

    @rule
    def within_connection(self, v: Any, t: Any) -> Any:
        """No more is given than the connection carries."""
        return None if self.connection is None else self._given(v, t) <= v.connection

    @effect("cost")
    def delivery(self, v: Any, t: Any) -> Any:
        """What using the heat costs the plant."""
        return self.price * self._given(v, t) if self.price else None

    @effect("cost")
    def own_cooling(self, v: Any, t: Any) -> Any:
        """What cooling away the rest costs the plant."""
        return self.cooling_cost * (self._offered(v, t) - self._given(v, t)) if self.cooling_cost else None

    @measure("MWh")
    def unused(self, v: Any, t: Any) -> Any:
        """Heat that was not taken, whatever its temperature."""
        rest = np.asarray(self._offered(v, t)) - np.asarray(self._given(v, t))
        return float(np.sum(np.asarray(v.scale[t]) * rest))

    def _given(self, v: Any, t: Any) -> Any:
        flows = [getattr(v, name)[t] for name in self.ports()]
        return sum(flows[1:], flows[0])

    def _offered(self, v: Any, t: Any) -> Any:
        if not self.streams:
            return v.availability[t] * v.profile[t] * v.capacity
        return sum(stream.load for stream in self.streams.values()) * v.availability[t]


def _load(stream: Stream) -> Any:
    def formula(part: ResidualHeat, v: Any, t: Any) -> Any:
        del part
        return stream.load * v.availability[t]

    return formula
