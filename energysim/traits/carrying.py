"""Carrying: what every connection between two nodes has in common."""

from typing import Any, ClassVar, Self

from pydantic import model_validator

from energysim.declare import Component, Fee, Share, effect, flow, measure, rule
from energysim.traits.availability import Availability
from energysim.traits.sizing import PowerSizing


class Carrying(Component):
    r"""Carry a flow from one node to another, and back where it runs both ways.

    What arrives is what is sent less a share: :math:`r_t = (1 - \lambda)\,s_t`. Both directions share the
    capacity: :math:`s^{\rightarrow}_t + s^{\leftarrow}_t \le a_t K` [1]_.

    References
    ----------
    .. [1] T. Brown, J. Hörsch, D. Schlachtberger, PyPSA: Python for Power System Analysis, Journal of Open Research
       Software 6, 2018.
    """

    reverse_ports: ClassVar[tuple[str, ...]] = ("sent_back", "received_back")

    capacity: PowerSizing
    """Largest flow sent, both directions together."""
    loss: Share = 0.0
    """Share of what is sent that does not arrive."""
    both_ways: bool = False
    """Whether it also runs from ``to`` to ``from``."""
    availability: Availability = Availability()
    """Share of the capacity that can be used."""
    fee: Fee = 0.0
    """Paid for each MWh sent."""

    @model_validator(mode="after")
    def _joins_two_nodes(self) -> Self:
        ends = {self.connections.get("sent"), self.connections.get("received")}
        if len(ends) == 1 and None not in ends:
            raise ValueError(f"it joins '{ends.pop()}' with itself. Name two different networks in 'from' and 'to'.")
        return self

    def ports(self) -> dict[str, Any]:
        """The two ends, and the way back where there is one."""
        every = super().ports()
        return (
            every if self.both_ways else {name: port for name, port in every.items() if name not in self.reverse_ports}
        )

    @flow("received")
    def arrives(self, v: Any, t: Any) -> Any:
        """What arrives is what is sent less the loss."""
        return (1.0 - self.loss) * v.sent[t]

    @flow("received_back")
    def arrives_back(self, v: Any, t: Any) -> Any:
        """The same on the way back."""
        return (1.0 - self.loss) * v.sent_back[t]

    @rule
    def within_capacity(self, v: Any, t: Any) -> Any:
        """What is sent, both ways together, stays within the capacity."""
        sent = v.sent[t] + v.sent_back[t] if self.both_ways else v.sent[t]
        return sent <= v.availability[t] * v.capacity

    @effect("cost")
    def transport(self, v: Any, t: Any) -> Any:
        """The fee for what is sent."""
        if not self.fee:
            return None
        return self.fee * (v.sent[t] + v.sent_back[t] if self.both_ways else v.sent[t])

    @measure("h")
    def full_load_hours(self, v: Any, t: Any) -> Any:
        """Energy sent over capacity."""
        sent = v.sent[t] + v.sent_back[t] if self.both_ways else v.sent[t]
        capacity = float(v.capacity)
        return float((v.hours[t] * v.weight[t] * sent).sum()) / capacity if capacity > 0 else 0.0
