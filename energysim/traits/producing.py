"""Producing: what every plant with one main output has in common."""

from typing import Any, ClassVar

from energysim.declare import Component, Upkeep, effect, measure, rule
from energysim.traits.availability import Availability
from energysim.traits.sizing import PowerSizing


class Producing(Component):
    r"""Give a main output within a capacity: :math:`x_t \le a_t K`, with an upkeep for each MWh.

    The class attribute ``output`` names the port of the main output.

    References
    ----------
    .. [1] H. P. Williams, Model Building in Mathematical Programming, 5th ed., Wiley, 2013, ch. 3.
    """

    output: ClassVar[str] = "heat"

    capacity: PowerSizing
    """Largest output."""
    availability: Availability = Availability()
    """Share of the capacity that can run."""
    variable_om: Upkeep = 0.0
    """Operation and maintenance for each MWh of output."""

    @rule
    def within_capacity(self, v: Any, t: Any) -> Any:
        """The output stays within what can run."""
        return getattr(v, self.output)[t] <= v.availability[t] * v.capacity

    @effect("cost")
    def operation(self, v: Any, t: Any) -> Any:
        """Upkeep that grows with the output."""
        return self.variable_om * getattr(v, self.output)[t] if self.variable_om else None

    @measure("h")
    def full_load_hours(self, v: Any, t: Any) -> Any:
        """Output over capacity."""
        capacity = float(v.capacity)
        energy = float((v.hours[t] * v.weight[t] * getattr(v, self.output)[t]).sum())
        return energy / capacity if capacity > 0 else 0.0
