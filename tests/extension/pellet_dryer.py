"""Pellet dryer: dries sawdust with heat that would otherwise be cooled away."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from energysim.declare import Component, Direction, Look, Port, effect, measure, rule
from energysim.quantities import Unit
from energysim.traits import Availability, PowerSizing


class PelletDryer(Component):
    r"""Evaporate the water of wet sawdust with heat from a network.

    Water evaporated is :math:`m_t = q_t / h` for the heat :math:`q_t`, with :math:`h` about 1.1 MWh per tonne of water
    in a belt dryer [1]_; every tonne earns what the dried sawdust is worth more.

    References
    ----------
    .. [1] L. Fagernäs et al., Drying of biomass for second generation synfuel production, Biomass and Bioenergy 34,
       2010, 1267-1277.
    """

    look: ClassVar[Look] = Look("#c08457", order=40)
    example: ClassVar[str] = (
        "dryer: {type: pellet_dryer, from: town_heat, capacity: 12 MW, specific_heat: 1.1 MWh/t, value: 40 EUR/t}"
    )

    heat = Port(Direction.IN, "heat", "from", "Heat the dryer takes.")

    capacity: PowerSizing
    """Largest heat the dryer takes."""
    value: Annotated[float, Unit("money/t")]
    """What a tonne of evaporated water is worth."""
    specific_heat: Annotated[float, Unit("MWh/t"), Field(ge=0.63)] = 1.1
    """Heat for each tonne of water; evaporation alone takes 0.63."""
    availability: Availability = Availability()
    """Share of the capacity that can run."""

    @rule
    def within_capacity(self, v: Any, t: Any) -> Any:
        """The dryer takes no more heat than it can."""
        return v.heat[t] <= v.availability[t] * v.capacity

    @effect("cost")
    def drying_earned(self, v: Any, t: Any) -> Any:
        """What drying earns, as a negative cost."""
        return -self.value / self.specific_heat * v.heat[t]

    @measure("t")
    def water(self, v: Any, t: Any) -> Any:
        """Water evaporated."""
        return float((v.hours[t] * v.weight[t] * v.heat[t]).sum()) / self.specific_heat
