"""Unserved demand: what is not met, at a stated price."""

from typing import Any, ClassVar

from energysim.declare import Component, Direction, FeeSeries, Look, Port, effect


class Unserved(Component):
    r"""Let demand go unmet at the value of lost load.

    Cost :math:`p\,u_t` for the power :math:`u_t` not served; the price is what users would pay to avoid it, for heat
    some thousands of euros per MWh [1]_. It keeps a scenario solvable and shows where it is short.

    References
    ----------
    .. [1] T. Schröder, W. Kuckshinrichs, Value of Lost Load, Frontiers in Energy Research 3:55, 2015.
    """

    look: ClassVar[Look] = Look("#d7263d", order=99)
    example: ClassVar[str] = "shortage: {type: unserved, to: town_heat, price: 3000 EUR/MWh}"

    shortage = Port(Direction.OUT, None, "to", "Power not served.")

    price: FeeSeries
    """Value of a MWh not served, or of a tonne where the network counts in these."""

    @effect("cost")
    def lost_load(self, v: Any, t: Any) -> Any:
        """What users lose."""
        return v.price[t] * v.shortage[t]
