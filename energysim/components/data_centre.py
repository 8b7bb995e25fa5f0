"""Data centre: power in, the same in heat out."""

from typing import Annotated, Any, ClassVar, Self

import numpy as np
from pydantic import Field, model_validator

from energysim.declare import (
    Component,
    Direction,
    Fee,
    Look,
    Offer,
    Port,
    Potential,
    PowerSeries,
    Share,
    Span,
    Surroundings,
    Temperature,
    derived,
    effect,
    flow,
    measure,
)
from energysim.quantities import Unit
from energysim.traits.cooled import as_it_cools


class DataCentre(Component):
    r"""Turn power into computing and heat.

    With computing load :math:`L_t` and power usage effectiveness :math:`e` it draws :math:`e L_t`, and its servers
    give :math:`\kappa L_t` of heat as air or water between two temperatures; the plan takes what the network can use
    [1]_. Air leaves at 25 to 40 degC and needs a heat pump, liquid cooling gives 50 to 60 degC. From 1 MW on the EU
    asks for the use of this heat, or for proof that it cannot be used [2]_.

    References
    ----------
    .. [1] M. Wahlroos et al., Future views on waste heat utilization: case of data centers in Northern Europe,
       Renewable and Sustainable Energy Reviews 82, 2018.
    .. [2] Directive (EU) 2023/1791 on energy efficiency, article 26.
    """

    look: ClassVar[Look] = Look("#3d5a80", order=19)
    example: ClassVar[str] = (
        "hall: {type: data_centre, power: grid, heat: town_heat, load: 20 MW, hot: 58 degC, cold: 48 degC}"
    )

    power = Port(Direction.IN, "electricity", "power", "Power drawn.")
    warmth = Port(Direction.OUT, "heat", "heat", "Heat given to the network.", is_optional=True)

    load: PowerSeries
    """Power of the servers."""
    usage_effectiveness: Annotated[float, Unit("1"), Field(ge=1, le=3)] = 1.1
    """Power of the whole over that of the servers."""
    recoverable: Share = 0.95
    """Share of the servers' power that reaches the cooling air or water."""
    hot: Temperature = 35.0
    """Temperature at which air or water leaves."""
    cold: Temperature = 25.0
    """Temperature to which it has to be cooled."""
    cooling_cost: Fee = 0.0
    """What cooling away a MWh that is not used costs."""

    @model_validator(mode="after")
    def _is_cooled(self) -> Self:
        if self.hot <= self.cold:
            raise ValueError(f"hot {self.hot:g} degC must be above cold {self.cold:g} degC: the servers are cooled.")
        return self

    def span(self, port: str, given: Surroundings) -> Span | None:
        """The cooling's temperatures less the approach."""
        return as_it_cools(self.hot, self.cold, given.network(port).approach) if port == "warmth" else None

    def potentials(self, given: Surroundings) -> list[Potential]:
        """The servers' heat."""
        del given
        return [Potential("warmth", True, self.recoverable * np.asarray(self.load, float), self.hot, self.cold)]

    def offers(self) -> dict[str, Offer]:
        """The servers' heat."""
        return {"warmth": Offer("warmth", "Heat of the servers.", lambda part, v, t: part.recoverable * v.load[t])}

    @derived("MW")
    def drawn(self, given: Surroundings) -> Any:
        """Power of servers, cooling and the rest."""
        del given
        return self.usage_effectiveness * np.asarray(self.load, float)

    @flow("power")
    def draws(self, v: Any, t: Any) -> Any:
        """It draws what its load needs."""
        return v.drawn[t]

    @effect("cost")
    def own_cooling(self, v: Any, t: Any) -> Any:
        """Cost of cooling away what is not used."""
        if not self.cooling_cost:
            return None
        return self.cooling_cost * (self.recoverable * v.load[t] - v.warmth[t])

    @measure("MWh")
    def unused(self, v: Any, t: Any) -> Any:
        """Heat that was not used."""
        rest = self.recoverable * np.asarray(v.load[t]) - np.asarray(v.warmth[t])
        return float(np.sum(np.asarray(v.scale[t]) * rest))
