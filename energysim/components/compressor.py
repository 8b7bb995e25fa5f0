"""Compressor: brings a gas to a higher pressure with power."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from energysim.declare import NO_GAS, Direction, Look, Port, flow
from energysim.quantities import Unit
from energysim.traits.producing import Producing


class Compressor(Producing):
    r"""Pass a gas on at a higher pressure.

    Power :math:`P_t = w\,g_t` for a gas flow :math:`g_t` by lower heating value. Hydrogen from 30 to 200 bar in three
    cooled stages takes about 1 kWh/kg, 0.03 MWh/MWh, to 250 bar 0.034; with losses 0.05 is usual [1]_.

    References
    ----------
    .. [1] Danish Energy Agency, Technology Data for Energy Transport, 2021, hydrogen compression.
    """

    output: ClassVar[str] = "compressed"
    look: ClassVar[Look] = Look("#5fa8d3", order=62)
    example: ClassVar[str] = (
        "booster: {type: compressor, from: hydrogen, to: hydrogen_store_line, power: grid, capacity: 60 MW}"
    )

    gas = Port(Direction.IN, None, "from", "Gas taken.", refuses=NO_GAS)
    compressed = Port(Direction.OUT, None, "to", "Gas given at the higher pressure.", refuses=NO_GAS)
    power = Port(Direction.IN, "electricity", "power", "Power taken.")

    work: Annotated[float, Unit("1"), Field(ge=0, lt=1)] = 0.05
    """Power over the lower heating value of the gas."""

    @flow("gas")
    def taken(self, v: Any, t: Any) -> Any:
        """All gas passes."""
        return v.compressed[t]

    @flow("power")
    def worked(self, v: Any, t: Any) -> Any:
        """Power is the work times the gas."""
        return self.work * v.compressed[t]
