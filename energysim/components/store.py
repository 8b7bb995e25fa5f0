"""Store: holds any carrier."""

from typing import ClassVar

from energysim.declare import Direction, Look, Port
from energysim.traits.storing import Storing


class Store(Storing):
    r"""Hold any carrier: gas, hydrogen, fuel, a product counted by its energy.

    The level follows :class:`energysim.traits.storing.Storing` [1]_.

    References
    ----------
    .. [1] S. Hilpert et al., The Open Energy Modelling Framework (oemof), Energy Strategy Reviews 22, 2018.
    """

    look: ClassVar[Look] = Look("#9d8ec7", order=72)
    example: ClassVar[str] = "cavern: {type: store, network: hydrogen, volume: 50 GWh, power: 200 MW}"

    charge = Port(Direction.IN, None, "network", "What is taken from the network.")
    discharge = Port(Direction.OUT, None, "network", "What is given to the network.")
