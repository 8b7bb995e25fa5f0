"""Hot-water store: heat in, heat out, a little lost every hour."""

from typing import ClassVar

from energysim.declare import Direction, Look, Port, Share
from energysim.traits.storing import Storing


class HeatStore(Storing):
    r"""Keep heat in a tank or pit, fully mixed, above the return temperature.

    The level follows :class:`energysim.traits.storing.Storing`,
    :math:`E_t = (1 - \sigma)^{\Delta t} E_{t-1} + \Delta t (P_{c,t} - P_{d,t})`; a full store holds
    :math:`V = \rho c_p\, v\, (T_{hot} - T_{return})` for a water volume :math:`v`. Steel tanks lose about 0.008 % an
    hour, pits the same [1]_.

    References
    ----------
    .. [1] Danish Energy Agency, Technology Data for Energy Storage, 2020, sheets 140 and 141.
    """

    look: ClassVar[Look] = Look("#b5543a", order=70)
    example: ClassVar[str] = (
        "tank: {type: heat_store, network: town_heat, volume: 200 MWh, hours_to_fill: 8 h, standing_loss: 0.01 %}"
    )

    charge = Port(Direction.IN, "heat", "network", "Heat taken from the network.")
    discharge = Port(Direction.OUT, "heat", "network", "Heat given to the network.")

    standing_loss: Share = 0.0001
    """Share of the level lost in an hour."""
