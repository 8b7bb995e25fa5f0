"""Take or pay: what a buyer pays for though it does not take it."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from energysim.declare import Component, Direction, Look, Port, effect
from energysim.quantities import Unit


class TakeOrPay(Component):
    r"""Count what is missing to an agreed amount, as the buyer sees it.

    With the deliveries :math:`f_t` of a contract and the amount :math:`E` paid for in any case the plan keeps
    :math:`\sum_t \Delta t\,(f_t + m_t) \ge E`, and each missing MWh counts with its price: a buyer who has paid takes
    the heat as long as what it uses instead costs more than nothing. The price changes hands and is no cost of the
    region; so it counts as a ``preference``, beside the cost [1]_. A contract with ``take_or_pay`` adds one of these.

    References
    ----------
    .. [1] S. Stoft, Power System Economics, IEEE Press, 2002, ch. 3 (payments that only change hands).
    """

    look: ClassVar[Look] = Look("#8d99ae", order=97)
    example: ClassVar[str] = "deal: {type: take_or_pay, price: 12 EUR/MWh}"

    missed = Port(Direction.IN, None, "to", "Energy paid for and not taken.", is_optional=True)

    price: Annotated[float, Unit("money/MWh"), Field(ge=0)]
    """Paid for each MWh not taken."""

    @effect("preference")
    def paid_for_nothing(self, v: Any, t: Any) -> Any:
        """What is paid for energy not taken, as the buyer sees it."""
        return self.price * v.missed[t]
