"""Solar power: a profile times a size."""

from typing import Any, ClassVar

from energysim.declare import Direction, Look, Port, ShareSeries, rule
from energysim.traits.producing import Producing


class Solar(Producing):
    r"""Give power as the sun allows; what is not wanted is curtailed.

    :math:`P_t \le a_t\, f_t\, K` with the profile :math:`f_t`, output over capacity after temperature, snow and
    inverter losses [1]_. The coast of northern Sweden gives 850 to 950 full-load hours.

    References
    ----------
    .. [1] J. A. Duffie, W. A. Beckman, Solar Engineering of Thermal Processes, 4th ed., Wiley, 2013, ch. 23.
    """

    output: ClassVar[str] = "power"
    look: ClassVar[Look] = Look("#f4c20d", order=13)
    example: ClassVar[str] = "roofs: {type: solar, to: grid, capacity: 20 MW, profile: [0.0, 0.4, 0.6]}"

    power = Port(Direction.OUT, "electricity", "to", "Power given to the network.")

    profile: ShareSeries
    """Output over capacity when nothing is curtailed."""

    @rule
    def within_capacity(self, v: Any, t: Any) -> Any:
        """The output stays within what the sun gives."""
        return v.power[t] <= v.availability[t] * v.profile[t] * v.capacity
