"""Back-pressure plant: power and heat in a fixed ratio."""

from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator

from energysim.declare import Direction, Look, On, Port, flow
from energysim.quantities import Unit
from energysim.traits import Combustion, Condensation, OnOff, Ramps
from energysim.traits.heating import Heating
from energysim.traits.producing import Producing

Efficiency = Annotated[float, Unit("1"), Field(gt=0, le=1.2)]


class ChpBackpressure(Heating, Producing):
    r"""Burn a fuel and give power and heat in a fixed ratio.

    :math:`P_t = \eta_e F_t`, :math:`Q_t = \eta_q F_t`, so :math:`P_t = C_b Q_t` with :math:`C_b = \eta_e / \eta_q`, and
    :math:`P_t \le a_t K` on the electric output [1]_. With flue-gas condensation the two efficiencies together may
    pass 1 on the lower heating value.

    References
    ----------
    .. [1] Danish Energy Agency, Technology Data for Generation of Electricity and District Heating, 2023, ch. 1.
    """

    output: ClassVar[str] = "power"
    look: ClassVar[Look] = Look("#7f7f2a", order=15)
    example: ClassVar[str] = (
        "wood_chp: {type: chp_backpressure, fuel: wood_chips, to: town_heat, power: grid, capacity: 12 MW, "
        "electric_efficiency: 28.3 %, heat_efficiency: 82.6 %}"
    )

    fuel = Port(Direction.IN, "fuel", "fuel", "Fuel burnt, by lower heating value.")
    heat = Port(Direction.OUT, "heat", "to", "Heat given to the network.")
    power = Port(Direction.OUT, "electricity", "power", "Power given to the network.")

    electric_efficiency: Efficiency
    """Power over the lower heating value of the fuel."""
    heat_efficiency: Efficiency
    """Heat over the lower heating value of the fuel."""
    ramps: Annotated[Ramps | None, On(flow="power", capacity="capacity")] = None
    """How fast the electric output may change."""
    switching: Annotated[OnOff | None, On(flow="power", capacity="capacity", availability="availability")] = None
    """Minimum load, least times on and off, start costs."""
    condensation: Annotated[Condensation | None, On(heat="heat")] = None
    """Heat from the flue gas on top of the heat efficiency, by the return temperature."""
    emissions: Annotated[Combustion, On(flow="fuel")] = Combustion()
    """Carbon dioxide of the fuel."""

    @model_validator(mode="after")
    def _is_physical(self) -> Self:
        total = self.electric_efficiency + self.heat_efficiency
        if total > 1.2:
            raise ValueError(
                f"power and heat together are {total:g} of the fuel. At most 1.2 of the lower heating value."
            )
        if self.condensation is not None and total > 0.96:
            raise ValueError(
                f"power and heat are {total:g} of the fuel before condensation. With 'condensation' give the "
                "efficiencies without it, together at most 0.96."
            )
        return self

    @flow("heat")
    def heated(self, v: Any, t: Any) -> Any:
        """Heat is its share of the fuel."""
        if self.condensation is None:
            return self.heat_efficiency * v.fuel[t]
        return (self.heat_efficiency + v.condensation[t]) * v.fuel[t]

    @flow("power")
    def generated(self, v: Any, t: Any) -> Any:
        """Power is its share of the fuel."""
        return self.electric_efficiency * v.fuel[t]
