"""Hot-water store: heat in, heat out, a little lost every hour."""

from typing import ClassVar, Self

import numpy as np
from pydantic import model_validator

from energysim.declare import Direction, Look, Port, Share, Span, Surroundings, TemperatureSeries
from energysim.traits.storing import Storing


class HeatStore(Storing):
    r"""Keep heat in a tank or pit, hot water over cold, between two temperatures.

    The level follows :class:`energysim.traits.storing.Storing`,
    :math:`E_t = (1 - \sigma)^{\Delta t} E_{t-1} + \Delta t (P_{c,t} - P_{d,t})`; a full store holds
    :math:`V = \rho c_p\, v\, (T_{hot} - T_{return})` for a water volume :math:`v`. Steel tanks lose about 0.008 % an
    hour, pits the same [1]_. It is charged with heat of the temperatures it keeps, none colder.

    References
    ----------
    .. [1] Danish Energy Agency, Technology Data for Energy Storage, 2020, sheets 140 and 141.
    """

    look: ClassVar[Look] = Look("#7b5ea7", order=70)
    example: ClassVar[str] = (
        "tank: {type: heat_store, network: town_heat, volume: 200 MWh, hours_to_fill: 8 h, standing_loss: 0.01 %}"
    )

    charge = Port(Direction.IN, "heat", "network", "Heat taken from the network.")
    discharge = Port(Direction.OUT, "heat", "network", "Heat given to the network.")

    standing_loss: Share = 0.0001
    """Share of the level lost in an hour."""
    hot: TemperatureSeries | None = None
    """Temperature of the water on top; the network's supply where absent."""
    cold: TemperatureSeries | None = None
    """Temperature of the water below; the network's return where absent."""

    @model_validator(mode="after")
    def _is_layered(self) -> Self:
        if self.hot is not None and self.cold is not None and np.any(np.asarray(self.hot) <= self.cold):
            raise ValueError("'hot' must be above 'cold': a store keeps hot water over cold.")
        return self

    def span(self, port: str, given: Surroundings) -> Span | None:
        """It is filled with water as hot as it keeps, and gives that water back."""
        network = given.network(port)
        hot = network.supply if self.hot is None else self.hot
        cold = network.returned if self.cold is None else self.cold
        if np.any(np.asarray(hot) <= np.asarray(network.returned)):
            raise ValueError(
                f"'{self.name}' keeps water of {float(np.min(hot)):g} degC, which is not above the return of "
                f"'{network.name}', {float(np.max(network.returned)):g} degC: it can give nothing back. Keep it hotter."
            )
        return Span(hot, np.minimum(cold, hot))
