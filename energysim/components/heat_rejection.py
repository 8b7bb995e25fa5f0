"""Heat rejection: surplus heat given to air or water."""

from typing import Any, ClassVar

from energysim.declare import (
    Component,
    Direction,
    Look,
    Port,
    Price,
    Span,
    Surroundings,
    TemperatureSeries,
    effect,
    rule,
)
from energysim.traits import PowerSizing


class HeatRejection(Component):
    r"""Give surplus heat to the surroundings at a cost for fans and pumps.

    Cost :math:`c\,q_t`, within the capacity of the cooler [1]_.

    References
    ----------
    .. [1] I. C. Kemp, Pinch Analysis and Process Integration, 2nd ed., Butterworth-Heinemann, 2007, ch. 3.
    """

    look: ClassVar[Look] = Look("#9aa5b1", order=95)
    example: ClassVar[str] = "cooler: {type: heat_rejection, from: town_heat, cost: 1 EUR/MWh}"

    rejected = Port(Direction.IN, "heat", "from", "Heat given away.")

    cost: Price = 0.0
    """Cost for each MWh given away; below zero where it earns, such as by raising steam."""
    temperature: TemperatureSeries | None = None
    """Temperature to which it cools, such as of a river and what its exchanger needs; the return where absent."""
    capacity: PowerSizing | None = None
    """Largest heat flow; unlimited where absent."""

    def span(self, port: str, given: Surroundings) -> Span | None:
        """All heat falls to where it is given away."""
        cold = given.network(port).returned if self.temperature is None else self.temperature
        return Span(cold, cold)

    @rule
    def within_capacity(self, v: Any, t: Any) -> Any:
        """The cooler gives away no more than it can."""
        return None if self.capacity is None else v.rejected[t] <= v.capacity

    @effect("cost")
    def cooling(self, v: Any, t: Any) -> Any:
        """Fans and pumps."""
        return self.cost * v.rejected[t] if self.cost else None
