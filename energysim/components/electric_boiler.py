"""Electric boiler: turns power into heat."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from energysim.declare import Direction, Look, On, Port, flow
from energysim.quantities import Unit
from energysim.traits import OnOff, Ramps
from energysim.traits.heating import Heating
from energysim.traits.producing import Producing


class ElectricBoiler(Heating, Producing):
    r"""Turn power into heat.

    :math:`Q_t = \eta P_t` and :math:`Q_t \le a_t K`; electrode boilers reach 0.99 and full power in half a
    minute [1]_. Energy tax and grid fee belong to the electricity market it buys from.

    References
    ----------
    .. [1] Danish Energy Agency, Technology Data for Generation of Electricity and District Heating, 2023, sheet 41.
    """

    look: ClassVar[Look] = Look("#e6b800", order=55)
    example: ClassVar[str] = "electrode_boiler: {type: electric_boiler, power: grid, to: town_heat, capacity: 40 MW}"

    power = Port(Direction.IN, "electricity", "power", "Power taken.")
    heat = Port(Direction.OUT, "heat", "to", "Heat given to the network.")

    efficiency: Annotated[float, Unit("1"), Field(gt=0, le=1)] = 0.99
    """Heat over power."""
    switching: Annotated[OnOff | None, On(flow="heat", capacity="capacity", availability="availability")] = None
    """Minimum load, least times on and off, start costs."""
    ramps: Annotated[Ramps | None, On(flow="heat", capacity="capacity")] = None
    """How fast the output may change."""

    @flow("heat")
    def heated(self, v: Any, t: Any) -> Any:
        """Heat is the efficiency times the power."""
        return self.efficiency * v.power[t]
