"""Extraction plant: trades power for heat."""

from typing import Annotated, Any, ClassVar, Self

import numpy as np
from pydantic import Field, model_validator

from energysim.declare import Direction, Factor, FactorSeries, Look, On, Port, Upkeep, effect, flow, measure, rule
from energysim.quantities import Unit
from energysim.traits import Availability, Combustion, OnOff, PowerSizing, Ramps
from energysim.traits.heating import Heating

Efficiency = Annotated[float, Unit("1"), Field(gt=0, le=1)]


class ChpExtraction(Heating):
    r"""Burn a fuel and give power and heat; heat costs some power.

    Fuel :math:`F_t = (P_t + \beta Q_t) / \eta_c + f_0 c_t`, power at least :math:`P_t \ge C_b Q_t`, fuel at most
    :math:`a_t K`, and heat at most what the condenser takes [1]_. :math:`\beta` (also :math:`C_v`) is the power lost
    for each MWh of heat, :math:`\eta_c` the efficiency when only power is made, :math:`C_b` the back-pressure ratio,
    and :math:`f_0 c_t` what is burnt idling by a plant that switches on and off.

    References
    ----------
    .. [1] S. Hilpert et al., The Open Energy Modelling Framework (oemof), Energy Strategy Reviews 22, 2018; component
       ExtractionTurbineCHP.
    """

    look: ClassVar[Look] = Look("#a0522d", order=14)
    example: ClassVar[str] = (
        "steam_plant: {type: chp_extraction, fuel: coal, to: town_heat, power: grid, capacity: 200 MW, "
        "condensing_efficiency: 45 %, power_loss: 0.3, back_pressure_ratio: 0.6}"
    )

    fuel = Port(Direction.IN, "fuel", "fuel", "Fuel burnt, by lower heating value.")
    heat = Port(Direction.OUT, "heat", "to", "Heat given to the network.")
    power = Port(Direction.OUT, "electricity", "power", "Power given to the network.")

    capacity: PowerSizing
    """Largest fuel input."""
    condensing_efficiency: Efficiency
    """Power over fuel when no heat is taken."""
    power_loss: FactorSeries
    """Power lost for each MWh of heat; it rises with the supply temperature, 0.1 to 0.15 at 80 degC, more above."""
    back_pressure_ratio: Factor
    """Least power for each MWh of heat."""
    heat_limit: PowerSizing | None = None
    """Largest heat the condenser gives."""
    availability: Availability = Availability()
    """Share of the capacity that can run."""
    variable_om: Upkeep = 0.0
    """Operation and maintenance for each MWh of power."""
    ramps: Annotated[Ramps | None, On(flow="fuel", capacity="capacity")] = None
    """How fast the fuel input may change."""
    switching: Annotated[OnOff | None, On(flow="fuel", capacity="capacity", availability="availability")] = None
    """Minimum load, least times on and off, start costs."""
    idle_fuel: Annotated[float, Unit("1"), Field(ge=0, lt=1)] = 0.0
    """Fuel burnt while on, whatever the output, as a share of the capacity; needs 'switching'."""
    emissions: Annotated[Combustion, On(flow="fuel")] = Combustion()
    """Carbon dioxide of the fuel."""

    @model_validator(mode="after")
    def _is_physical(self) -> Self:
        least, most = float(np.min(self.power_loss)), float(np.max(self.power_loss))
        if most >= 1.0:
            raise ValueError(
                f"power_loss {most:g} costs as much power as it gives heat; an electric boiler needs less. "
                "It lies between 0.1 and 0.3 in most plants."
            )
        if self.condensing_efficiency * (1.0 + self.back_pressure_ratio) > 1.2 * (self.back_pressure_ratio + least):
            raise ValueError(
                "on the back-pressure line it would give more than 1.2 of the fuel's lower heating value as power and "
                "heat. Raise 'power_loss' or lower 'condensing_efficiency'."
            )
        return self

    @model_validator(mode="after")
    def _idles_when_on(self) -> Self:
        if self.idle_fuel and self.switching is None:
            raise ValueError("'idle_fuel' is burnt while the plant is on. Give it 'switching'.")
        return self

    @flow("fuel")
    def burnt(self, v: Any, t: Any) -> Any:
        """Fuel for the power and for the power lost to heat."""
        burnt = (v.power[t] + v.power_loss[t] * v.heat[t]) * (1.0 / self.condensing_efficiency)
        return burnt + self.idle_fuel * v.size_on[t] if self.idle_fuel else burnt

    @rule
    def within_capacity(self, v: Any, t: Any) -> Any:
        """The fuel stays within what can run."""
        return v.fuel[t] <= v.availability[t] * v.capacity

    @rule
    def above_back_pressure(self, v: Any, t: Any) -> Any:
        """Heat comes with at least its power."""
        return v.power[t] >= self.back_pressure_ratio * v.heat[t]

    @rule
    def heat_within_limit(self, v: Any, t: Any) -> Any:
        """The heat stays within the condenser."""
        return None if self.heat_limit is None else v.heat[t] <= v.heat_limit

    @effect("cost")
    def operation(self, v: Any, t: Any) -> Any:
        """Upkeep that grows with the power."""
        return self.variable_om * v.power[t] if self.variable_om else None

    @measure("1")
    def power_loss_factor(self, v: Any, t: Any) -> Any:
        """Power lost for each MWh of the heat given, on the mean."""
        heat = np.asarray(v.scale[t] * v.heat[t], float)
        total = float(heat.sum())
        return float(np.sum(np.asarray(v.power_loss[t], float) * heat)) / total if total > 0.0 else None

    @measure("h")
    def full_load_hours(self, v: Any, t: Any) -> Any:
        """Fuel over capacity."""
        capacity = float(v.capacity)
        energy = float((v.hours[t] * v.weight[t] * v.fuel[t]).sum())
        return energy / capacity if capacity > 0 else 0.0
