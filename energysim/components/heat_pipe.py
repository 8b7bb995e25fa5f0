"""Heat pipe: hot water from one heat network to another."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from energysim.declare import Direction, Length, Look, Port, Share, flow
from energysim.quantities import Unit
from energysim.traits.carrying import Carrying


class HeatPipe(Carrying):
    r"""Carry heat over a distance, with loss along the way and power for the pumps.

    What arrives is :math:`(1 - \lambda)(1 - \lambda_{km})^{L}` of what is sent over :math:`L` km; transmission lines
    lose 1 to 3 % in all and exchanger stations about 5 % of their temperature, pumps take 0.3 to 2 % of the heat as
    power [1]_. Where no power network is connected the pumps' power is not counted.

    References
    ----------
    .. [1] Danish Energy Agency, Technology Data for Energy Transport, 2021, sheet 113, DH transmission.
    """

    look: ClassVar[Look] = Look("#d9822b", order=61)
    example: ClassVar[str] = (
        "pipe: {type: heat_pipe, from: north_heat, to: town_heat, power: grid, length: 12 km, capacity: 60 MW, "
        "loss_per_km: 0.1 %/km, pumping: 1 %}"
    )

    sent = Port(Direction.IN, "heat", "from", "Heat sent.")
    received = Port(Direction.OUT, "heat", "to", "Heat that arrives.")
    sent_back = Port(Direction.IN, "heat", "to", "Heat sent the other way.")
    received_back = Port(Direction.OUT, "heat", "from", "Heat that arrives the other way.")
    pumps = Port(Direction.IN, "electricity", "power", "Power of the pumps.", is_optional=True)

    length: Length = 0.0
    """Length of the route."""
    loss_per_km: Annotated[float, Unit("1/km"), Field(ge=0, lt=1)] = 0.0
    """Share lost on each kilometre."""
    pumping: Share = 0.01
    """Power of the pumps over heat sent."""

    @property
    def arriving(self) -> float:
        """Share of what is sent that arrives."""
        return (1.0 - self.loss) * (1.0 - self.loss_per_km) ** self.length

    @flow("received")
    def arrives(self, v: Any, t: Any) -> Any:
        """What arrives is what is sent less the loss along the way."""
        return self.arriving * v.sent[t]

    @flow("received_back")
    def arrives_back(self, v: Any, t: Any) -> Any:
        """The same on the way back."""
        return self.arriving * v.sent_back[t]

    @flow("pumps")
    def pumped(self, v: Any, t: Any) -> Any:
        """The pumps take a share of the heat sent as power."""
        return self.pumping * (v.sent[t] + v.sent_back[t] if self.both_ways else v.sent[t])
