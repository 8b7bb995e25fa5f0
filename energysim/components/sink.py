"""Sink: takes any carrier out of the system."""

from typing import Annotated, Any, ClassVar

import numpy as np

from energysim.declare import (
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
from energysim.traits import OnOff, Ramps
from energysim.traits.freely import Freely


class Sink(Freely):
    r"""Take any carrier from a network, as demand or for sale.

    :math:`s_t \le a_t K`, or exactly a given series; it earns :math:`p_t s_t` [1]_.

    References
    ----------
    .. [1] S. Hilpert et al., The Open Energy Modelling Framework (oemof), Energy Strategy Reviews 22, 2018.
    """

    look: ClassVar[Look] = Look("#9c6ade", order=5)
    example: ClassVar[str] = "hydrogen_sales: {type: sink, from: hydrogen, price: 90 EUR/MWh, capacity: 60 MW}"
    wanted: ClassVar[tuple[str, ...]] = ("fixed",)

    taken = Port(Direction.IN, None, "from", "What is taken from the network.")

    price: PriceSeries = 0.0
    """Earned for each MWh taken."""
    fixed: PowerSeries | None = None
    """The flow itself, where it has to be served."""

    switching: Annotated[OnOff | None, On(flow="taken", capacity="capacity", availability="availability")] = None
    """Minimum flow, least times on and off, start costs."""
    ramps: Annotated[Ramps | None, On(flow="taken", capacity="capacity")] = None
    """How fast the flow may change."""
    temperature: TemperatureSeries | None = None
    """Temperature at which heat is needed, such as for steam; from return to supply where absent."""

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
