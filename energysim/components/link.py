"""Link: carries any carrier from one network to another."""

from typing import ClassVar

from energysim.declare import Direction, Look, Port
from energysim.traits.carrying import Carrying


class Link(Carrying):
    r"""Carry any carrier between two networks.

    What arrives is :math:`(1 - \lambda)` of what is sent; see :class:`energysim.traits.carrying.Carrying` [1]_.

    References
    ----------
    .. [1] T. Brown, J. Hörsch, D. Schlachtberger, PyPSA: Python for Power System Analysis, Journal of Open Research
       Software 6, 2018.
    """

    look: ClassVar[Look] = Look("#607d8b", order=60)
    example: ClassVar[str] = "hydrogen_pipe: {type: link, from: hydrogen_a, to: hydrogen_b, capacity: 50 MW, loss: 1 %}"

    sent = Port(Direction.IN, None, "from", "What is sent.")
    received = Port(Direction.OUT, None, "to", "What arrives.")
    sent_back = Port(Direction.IN, None, "to", "What is sent the other way.")
    received_back = Port(Direction.OUT, None, "from", "What arrives the other way.")
