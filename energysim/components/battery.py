"""Battery: power in, power out, a loss on the way."""

from typing import ClassVar

from energysim.declare import Direction, Look, Port
from energysim.traits.storing import Efficiency, Storing


class Battery(Storing):
    r"""Store electricity for hours.

    The level follows :class:`energysim.traits.storing.Storing` with efficiencies on both ways; the round trip is
    :math:`\eta_c \eta_d`, about 0.92 to 0.96 for lithium cells [1]_. At negative prices a linear model may charge
    and discharge at once to burn power; ``wear`` above zero makes that cost something.

    References
    ----------
    .. [1] Danish Energy Agency, Technology Data for Energy Storage, 2020, sheet 180.
    """

    look: ClassVar[Look] = Look("#7a5ea8", order=75)
    example: ClassVar[str] = "battery: {type: battery, network: grid, volume: 40 MWh, power: 20 MW}"

    charge = Port(Direction.IN, "electricity", "network", "Power taken from the network.")
    discharge = Port(Direction.OUT, "electricity", "network", "Power given to the network.")

    charge_efficiency: Efficiency = 0.98
    """Share of the power taken that is held."""
    discharge_efficiency: Efficiency = 0.98
    """Share of what is taken from the level that is given."""
