"""Sink: takes any carrier out of the system."""

from typing import Annotated, Any, ClassVar, Self

import numpy as np
from pydantic import model_validator

from energysim.declare import (
    Component,
    Direction,
    Look,
    On,
    Port,
    Potential,
    PowerSeries,
    PriceSeries,
    Span,
    Surroundings,
    TemperatureSeries,
    effect,
    rule,
)
from energysim.traits import Availability, OnOff, PowerSizing, Ramps


class Sink(Component):
    r"""Take any carrier from a network, as demand or for sale.

    :math:`s_t \le a_t K`, or exactly a given series; it earns :math:`p_t s_t` [1]_.

    References
    ----------
    .. [1] S. Hilpert et al., The Open Energy Modelling Framework (oemof), Energy Strategy Reviews 22, 2018.
    """

    look: ClassVar[Look] = Look("#9c6ade", order=5)
    example: ClassVar[str] = "hydrogen_sales: {type: sink, from: hydrogen, price: 90 EUR/MWh, capacity: 60 MW}"

    taken = Port(Direction.IN, None, "from", "What is taken from the network.")

    price: PriceSeries = 0.0
    """Earned for each MWh taken."""
    capacity: PowerSizing | None = None
    """Largest flow; unlimited where absent."""
    availability: Availability = Availability()
    """Share of the capacity that can be used."""
    fixed: PowerSeries | None = None
    """The flow itself, where it has to be served."""

    switching: Annotated[OnOff | None, On(flow="taken", capacity="capacity", availability="availability")] = None
    """Minimum flow, least times on and off, start costs."""
    ramps: Annotated[Ramps | None, On(flow="taken", capacity="capacity")] = None
    """How fast the flow may change."""
    temperature: TemperatureSeries | None = None
    """Temperature at which heat is needed, such as for steam; from return to supply where absent."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.capacity is None and (self.ramps is not None or self.switching is not None):
            raise ValueError("'ramps' and 'switching' are shares of the capacity. Give a 'capacity'.")
        self.availability.refuse_without(self.capacity)
        if self.fixed is None or self.capacity is None:
            return self
        most = self.capacity.max if self.capacity.is_decision else self.capacity.existing
        if most is not None and float(np.max(self.fixed)) > most:
            raise ValueError(
                f"fixed reaches {float(np.max(self.fixed)):g} MW, capacity is at most {most:g} MW. "
                "Raise 'capacity' or leave it out."
            )
        return self

    def span(self, port: str, given: Surroundings) -> Span | None:
        """The temperature and the approach on top."""
        if self.temperature is None:
            return None
        hot = np.asarray(self.temperature, float) + given.network(port).approach
        return Span(hot, hot)

    def potentials(self, given: Surroundings) -> list[Potential]:
        """What has to be served, else what may be."""
        del given
        if self.fixed is not None:
            most = np.asarray(self.fixed, float)
        elif self.capacity is not None:
            most = np.asarray(self.availability.share, float) * self.capacity.most
        else:
            return []
        if self.temperature is None:
            return [Potential("taken", False, most)]
        hot = float(np.mean(self.temperature))
        return [Potential("taken", False, most, hot, hot)]

    @rule
    def within_capacity(self, v: Any, t: Any) -> Any:
        """The flow stays within the capacity."""
        return None if self.capacity is None else v.taken[t] <= v.availability[t] * v.capacity

    @rule
    def as_given(self, v: Any, t: Any) -> Any:
        """The flow is the given series."""
        return None if self.fixed is None else v.taken[t] == v.fixed[t]

    @effect("cost")
    def sold(self, v: Any, t: Any) -> Any:
        """What is taken, at its price, as a negative cost."""
        return -v.price[t] * v.taken[t]
