"""Power line: electricity between two places."""

from typing import ClassVar

from energysim.declare import Direction, Look, Port
from energysim.traits.carrying import Carrying


class PowerLine(Carrying):
    r"""Carry electricity, both ways unless it is said otherwise.

    A transport model: what arrives is :math:`(1 - \lambda)` of what is sent, and both directions share the
    capacity [1]_. Voltages and loop flows are left out, as in market models with transfer limits.

    References
    ----------
    .. [1] A. J. Wood, B. F. Wollenberg, G. B. Sheble, Power Generation, Operation and Control, 3rd ed., 2014, ch. 3.
    """

    look: ClassVar[Look] = Look("#f2b134", order=60)
    example: ClassVar[str] = "line: {type: power_line, from: grid, to: town_grid, capacity: 150 MW, loss: 2 %}"

    sent = Port(Direction.IN, "electricity", "from", "Power sent.")
    received = Port(Direction.OUT, "electricity", "to", "Power that arrives.")
    sent_back = Port(Direction.IN, "electricity", "to", "Power sent the other way.")
    received_back = Port(Direction.OUT, "electricity", "from", "Power that arrives the other way.")

    both_ways: bool = True
    """Whether it also runs from ``to`` to ``from``."""
