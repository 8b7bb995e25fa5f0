"""Source: brings any carrier into the system."""

from typing import Annotated, Any, ClassVar

from energysim.declare import (
    Direction,
    EmissionSeries,
    Look,
    On,
    Port,
    PriceSeries,
    Span,
    Surroundings,
    TemperatureSeries,
    effect,
    rule,
)
from energysim.traits import OnOff, Ramps
from energysim.traits.freely import Freely
from energysim.traits.heating import at_temperature


class Source(Freely):
    r"""Give a network any carrier at a price.

    :math:`s_t \le a_t K`, or exactly a given series; cost :math:`p_t s_t`, emission :math:`e_t s_t` [1]_.

    References
    ----------
    .. [1] S. Hilpert et al., The Open Energy Modelling Framework (oemof), Energy Strategy Reviews 22, 2018.
    """

    look: ClassVar[Look] = Look("#5b8e7d", order=22)
    example: ClassVar[str] = "import: {type: source, to: hydrogen, price: 120 EUR/MWh, capacity: 30 MW}"

    given = Port(Direction.OUT, None, "to", "What is given to the network.")

    price: PriceSeries = 0.0
    """Cost of each MWh given."""
    switching: Annotated[OnOff | None, On(flow="given", capacity="capacity", availability="availability")] = None
    """Minimum flow, least times on and off, start costs."""
    ramps: Annotated[Ramps | None, On(flow="given", capacity="capacity")] = None
    """How fast the flow may change."""
    temperature: TemperatureSeries | None = None
    """Temperature of heat given; the network's supply where absent."""
    co2: EmissionSeries = 0.0
    """Emission of each MWh given."""

    def span(self, port: str, given: Surroundings) -> Span | None:
        """The temperature less the approach."""
        return at_temperature(self.temperature, given.network(port).approach)

    @rule
    def within_capacity(self, v: Any, t: Any) -> Any:
        """The flow stays within the capacity."""
        return None if self.capacity is None else v.given[t] <= v.availability[t] * v.capacity

    @rule
    def as_given(self, v: Any, t: Any) -> Any:
        """The flow is the given series."""
        return None if self.fixed is None else v.given[t] == v.fixed[t]

    @effect("cost")
    def bought(self, v: Any, t: Any) -> Any:
        """What is given, at its price."""
        return v.price[t] * v.given[t]

    @effect("co2")
    def emitted(self, v: Any, t: Any) -> Any:
        """Carbon dioxide of what is given."""
        return v.co2[t] * v.given[t]
