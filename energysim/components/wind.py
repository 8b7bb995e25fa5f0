"""Wind power: a profile times a size."""

from typing import Any, ClassVar

from energysim.declare import Direction, Look, Port, ShareSeries, rule
from energysim.traits.producing import Producing


class Wind(Producing):
    r"""Give power as the wind allows; what is not wanted is curtailed.

    :math:`P_t \le a_t\, f_t\, K` with the profile :math:`f_t`, output over capacity after wake, icing and electrical
    losses [1]_. Inland northern Sweden gives 3 000 to 3 600 full-load hours.

    References
    ----------
    .. [1] J. F. Manwell, J. G. McGowan, A. L. Rogers, Wind Energy Explained, 2nd ed., Wiley, 2009, ch. 9.
    """

    output: ClassVar[str] = "power"
    look: ClassVar[Look] = Look("#4c9ed9", order=12)
    example: ClassVar[str] = "ridge: {type: wind, to: grid, capacity: 100 MW, profile: [0.3, 0.5, 0.1]}"

    power = Port(Direction.OUT, "electricity", "to", "Power given to the network.")

    profile: ShareSeries
    """Output over capacity when nothing is curtailed."""

    @rule
    def within_capacity(self, v: Any, t: Any) -> Any:
        """The output stays within what the wind gives."""
        return v.power[t] <= v.availability[t] * v.profile[t] * v.capacity
