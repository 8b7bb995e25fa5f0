"""Residual heat: what a plant has left over, by stream and temperature."""

from typing import Any, ClassVar, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from energysim.declare import (
    Array,
    Component,
    Direction,
    Look,
    Port,
    Power,
    Price,
    ShareSeries,
    Surroundings,
    Temperature,
    derived,
    effect,
    measure,
    rule,
)
from energysim.traits import Availability, PowerSizing


class Stream(BaseModel):
    """A flow that has to be, or may be, cooled."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, populate_by_name=True, serialize_by_alias=True
    )

    inlet: Temperature = Field(alias="from")
    """Temperature at which it leaves the process."""
    outlet: Temperature = Field(alias="to")
    """Temperature to which it can be cooled."""
    load: Power
    """Heat it gives when cooled all the way."""

    @model_validator(mode="after")
    def _cools(self) -> Self:
        if self.outlet >= self.inlet:
            raise ValueError(
                f"a stream from {self.inlet:g} to {self.outlet:g} degC takes heat. Residual heat is cooled: "
                "'from' must be hotter than 'to'."
            )
        return self

    def usable(self, supply: Array, returned: Array, approach: float) -> Array:
        """Heat it can give to a network on its own. [MW] (step,)

        A stream at least an approach hotter than the supply is cooled down to an approach above the return; a colder
        one cannot reach the supply temperature and needs a heat pump.
        """
        reaches = self.inlet - approach >= supply
        down_to = np.maximum(self.outlet, returned + approach)
        share = np.clip((self.inlet - down_to) / (self.inlet - self.outlet), 0.0, 1.0)
        return np.where(reaches, share * self.load, 0.0)


class ResidualHeat(Component):
    r"""Give a network the heat that a plant has left over.

    Each stream with inlet :math:`T_i`, outlet :math:`T_o` and load :math:`L` gives a network with supply :math:`T_s`,
    return :math:`T_r` and approach :math:`\Delta` at most :math:`L\,(T_i - \max(T_o, T_r + \Delta)) / (T_i - T_o)`, and
    only while :math:`T_i - \Delta \ge T_s` [1]_. What is not taken the plant has to cool away itself. In a network
    without temperatures every stream counts in full. The connection may be a decision. Where no streams are known, a
    ``capacity`` times a ``profile`` says what can be given, hot enough at all times: :math:`Q_t \le a_t f_t K`.

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
    price: Price = 0.0
    """What using a MWh costs the plant, such as pumping and lost power; no profit."""

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

    @derived("MW")
    def usable(self, given: Surroundings) -> Array | float:
        """Heat the network can take from all streams, when they flow in full; nothing where a capacity is given."""
        if not self.streams:
            return 0.0
        node = given.node("heat")
        if node.supply is None or node.returned is None:
            return sum(stream.load for stream in self.streams.values())
        heats = [stream.usable(node.supply, node.returned, node.approach) for stream in self.streams.values()]
        return np.sum(heats, axis=0)

    @rule
    def within_streams(self, v: Any, t: Any) -> Any:
        """No more is given than the streams have."""
        return v.heat[t] <= v.availability[t] * v.usable[t] if self.streams else None

    @rule
    def within_capacity(self, v: Any, t: Any) -> Any:
        """Without streams, no more is given than the capacity and its profile allow."""
        return None if self.capacity is None else v.heat[t] <= v.availability[t] * v.profile[t] * v.capacity

    @rule
    def within_connection(self, v: Any, t: Any) -> Any:
        """No more is given than the connection carries."""
        return None if self.connection is None else v.heat[t] <= v.connection

    @effect("cost")
    def delivery(self, v: Any, t: Any) -> Any:
        """What using the heat costs the plant."""
        return self.price * v.heat[t] if self.price else None

    @measure("MWh")
    def unused(self, v: Any, t: Any) -> Any:
        """Usable heat that was not taken."""
        most = v.usable[t] if self.capacity is None else np.asarray(v.profile[t]) * float(v.capacity)
        offered = np.asarray(v.availability[t]) * np.asarray(most)
        return float(np.sum(np.asarray(v.hours[t]) * np.asarray(v.weight[t]) * (offered - np.asarray(v.heat[t]))))
