"""Ramps: how fast an output may rise and fall."""

from typing import Annotated, Any

from pydantic import Field

from energysim.declare import Trait, rule
from energysim.quantities import Unit

PerHour = Annotated[float, Unit("1/h"), Field(gt=0)]


class Ramps(Trait):
    r"""Limit the change of a flow from one step to the next.

    :math:`x_t - x_{t-1} \le r^{up} \Delta t\, K` and :math:`x_{t-1} - x_t \le r^{down} \Delta t\, K`, with size
    :math:`K` [1]_. The first hour of a horizon has no predecessor and is free.
    A plant with a minimum load, or whose starts count, may rise to its start ramp at once as it starts, and fall from
    its stop ramp at once as it stops.

    References
    ----------
    .. [1] A. J. Wood, B. F. Wollenberg, G. B. Sheble, Power Generation, Operation and Control, 3rd ed., 2014, ch. 4.
    """

    up: PerHour | None = None
    """Largest rise as a share of the size, per hour."""
    down: PerHour | None = None
    """Largest fall as a share of the size, per hour."""

    @rule(skips_first=True)
    def rises_no_faster(self, v: Any, t: Any) -> Any:
        """The flow rises no faster than its ramp allows."""
        if self.up is None:
            return None
        return v.flow[t] - v.flow[t - 1] <= self.up * v.hours[t] * v.capacity + v.rise_at_start[t]

    @rule(skips_first=True)
    def falls_no_faster(self, v: Any, t: Any) -> Any:
        """The flow falls no faster than its ramp allows."""
        if self.down is None:
            return None
        return v.flow[t - 1] - v.flow[t] <= self.down * v.hours[t] * v.capacity + v.fall_at_stop[t]
