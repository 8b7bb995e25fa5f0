"""Gas pipeline: carries gas between two places and holds some on the way."""

from typing import Any, ClassVar, Self

from pydantic import model_validator

from energysim.declare import NO_GAS, Direction, Energy, Look, Port, Share, Variable, flow, rule
from energysim.traits.carrying import Carrying


class GasPipeline(Carrying):
    r"""Carry hydrogen or another gas; the pressure may rise and fall.

    Gas sent in becomes line pack, :math:`B_t = B_{t-1} + \Delta t\,((1 - \lambda) s_t - r_t)` with
    :math:`0 \le B_t \le \bar B`, and gas received leaves it [1]_. Without line pack what is sent arrives in the same
    hour. Compression takes a share of what is sent as power. It runs one way.

    References
    ----------
    .. [1] E. S. Menon, Gas Pipeline Hydraulics, CRC Press, 2005, ch. 7 (line pack).
    """

    look: ClassVar[Look] = Look("#219ebc", order=63)
    example: ClassVar[str] = (
        "gas_line: {type: gas_pipeline, from: hydrogen, to: works_hydrogen, power: grid, capacity: 200 MW, "
        "linepack: 300 MWh}"
    )

    sent = Port(Direction.IN, None, "from", "Gas sent.", refuses=NO_GAS)
    received = Port(Direction.OUT, None, "to", "Gas that arrives.", refuses=NO_GAS)
    compression = Port(Direction.IN, "electricity", "power", "Power of the compressors.", is_optional=True)

    packed = Variable("MWh", "Gas in the pipe above its least pressure, at the end of the step.")

    linepack: Energy = 0.0
    """Gas between least and largest pressure, by lower heating value."""
    compression_share: Share = 0.01
    """Power over gas sent."""

    @model_validator(mode="after")
    def _runs_one_way(self) -> Self:
        if self.both_ways:
            raise ValueError("a gas pipeline runs one way, as its compressors push. Lay a second one for the way back.")
        return self

    def flow_formulas(self) -> Any:
        """What arrives is free where the pipe holds gas."""
        found = super().flow_formulas()
        return {name: word for name, word in found.items() if name != "received"} if self.linepack else found

    def variables(self) -> Any:
        """Line pack only where there is any."""
        return super().variables() if self.linepack else {}

    def ports(self) -> Any:
        """One way only."""
        return {name: port for name, port in super().ports().items() if name not in self.reverse_ports}

    @flow("compression")
    def compressed(self, v: Any, t: Any) -> Any:
        """Compressors take a share of the gas sent as power."""
        return self.compression_share * v.sent[t]

    @rule
    def packs(self, v: Any, t: Any) -> Any:
        """The line pack is what was there, plus what was sent, less what arrived."""
        if not self.linepack:
            return None
        return v.packed[t] == v.packed[t - 1] + v.hours[t] * ((1.0 - self.loss) * v.sent[t] - v.received[t])

    @rule
    def within_pressure(self, v: Any, t: Any) -> Any:
        """The line pack stays below its largest pressure."""
        return v.packed[t] <= self.linepack if self.linepack else None

    @rule
    def arrives_within_capacity(self, v: Any, t: Any) -> Any:
        """What arrives stays within the capacity."""
        return v.received[t] <= v.availability[t] * v.capacity if self.linepack else None
