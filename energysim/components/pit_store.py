"""Pit store: a lined pit of hot water for the seasons."""

from typing import ClassVar, Self

import numpy as np
from pydantic import model_validator

from energysim.declare import Direction, Duration, Look, Port, Share, Span, Surroundings, TemperatureSeries
from energysim.traits.storing import Storing


class PitStore(Storing):
    r"""Keep heat through months in a covered pit, charged in summer.

    The level follows :class:`energysim.traits.storing.Storing` with a loss of 0.0078 % an hour, 5.5 % a month, and a
    power of a thirtieth of the volume an hour [1]_. It keeps water between 90 and 35 degC: charging needs heat of
    that temperature, and in cold weather what it gives back only preheats. In its first years the ground warms and it
    loses more.

    References
    ----------
    .. [1] Danish Energy Agency, Technology Data for Energy Storage, 2020, sheet 142 (pit thermal energy storage).
    """

    look: ClassVar[Look] = Look("#b39ddb", order=70)
    example: ClassVar[str] = "pit: {type: pit_store, network: town_heat, volume: 20 GWh, hot: 75 degC, cold: 45 degC}"

    charge = Port(Direction.IN, "heat", "network", "Heat taken from the network.")
    discharge = Port(Direction.OUT, "heat", "network", "Heat given to the network.")

    hours_to_fill: Duration | None = 30.0
    """Hours an empty store needs to fill at full power; the power then follows the volume."""
    standing_loss: Share = 0.000078
    """Share of the level lost in an hour."""
    hot: TemperatureSeries = 90.0
    """Temperature of the water on top."""
    cold: TemperatureSeries = 35.0
    """Temperature of the water below."""

    @model_validator(mode="before")
    @classmethod
    def _has_its_own_power(cls, data: dict) -> dict:
        return {"hours_to_fill": None, **data} if isinstance(data, dict) and "power" in data else data

    @model_validator(mode="after")
    def _is_layered(self) -> Self:
        if np.any(np.asarray(self.hot) <= np.asarray(self.cold)):
            raise ValueError("'hot' must be above 'cold': a store keeps hot water over cold.")
        return self

    def span(self, port: str, given: Surroundings) -> Span | None:
        """It is filled with water as hot as it keeps; it gives that water back, cooled to the return at least."""
        network = given.network(port)
        if port == "charge":
            return Span(self.hot, self.cold)
        return Span(self.hot, np.minimum(np.maximum(self.cold, network.returned), self.hot))
