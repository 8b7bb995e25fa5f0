"""Boiler: burns a fuel, gives heat."""

from typing import Annotated, Any, ClassVar, Self

import numpy as np
from pydantic import model_validator

from energysim.declare import Direction, FactorSeries, FlowFormula, Look, On, Port, flow
from energysim.traits import Combustion, Condensation, OnOff, PartLoad, Ramps
from energysim.traits.heating import Heating
from energysim.traits.producing import Producing


class Boiler(Heating, Producing):
    r"""Turn fuel into heat.

    :math:`Q_t = \eta_t F_t` with the efficiency on the lower heating value, and :math:`Q_t \le a_t K`. With flue-gas
    condensation a wood-chip boiler reaches 1.08 to 1.15 [1]_.

    References
    ----------
    .. [1] Danish Energy Agency, Technology Data for Generation of Electricity and District Heating, 2023, sheet 09.
    """

    look: ClassVar[Look] = Look("#8c564b", order=30)
    example: ClassVar[str] = (
        "bio_boiler: {type: boiler, fuel: wood_chips, to: town_heat, capacity: 60 MW, efficiency: 108 %, "
        "variable_om: 3 EUR/MWh}"
    )

    fuel = Port(Direction.IN, "fuel", "fuel", "Fuel burnt, by lower heating value.")
    heat = Port(Direction.OUT, "heat", "to", "Heat given to the network.")

    efficiency: FactorSeries = 0.9
    """Heat over the lower heating value of the fuel."""
    ramps: Annotated[Ramps | None, On(flow="heat", capacity="capacity")] = None
    """How fast the output may change."""
    switching: Annotated[OnOff | None, On(flow="heat", capacity="capacity", availability="availability")] = None
    """Minimum load, least times on and off, start costs."""
    part_load: Annotated[PartLoad | None, On(input="fuel", output="heat", capacity="capacity")] = None
    """Efficiency that changes with the load, instead of one."""
    condensation: Annotated[Condensation | None, On(heat="heat")] = None
    """Heat from the flue gas on top of the efficiency, by the return temperature."""
    emissions: Annotated[Combustion, On(flow="fuel")] = Combustion()
    """Carbon dioxide of the fuel."""

    @model_validator(mode="after")
    def _is_physical(self) -> Self:
        points = () if self.part_load is None else tuple(efficiency for _, efficiency in self.part_load.points)
        worst, best = float(np.min(self.efficiency)), max(float(np.max(self.efficiency)), *points, 0.0)
        if best > 1.2 or worst <= 0.0:
            wrong = best if best > 1.2 else worst
            raise ValueError(
                f"efficiency {wrong:g} is not physical for a boiler. On the lower heating value it lies above 0 and, "
                "with flue-gas condensation, at most at 1.2."
            )
        return self

    @model_validator(mode="after")
    def _has_one_efficiency(self) -> Self:
        if self.part_load is not None and "efficiency" in self.model_fields_set:
            raise ValueError("'efficiency' and 'part_load' both say what the fuel gives. Keep one of them.")
        if self.condensation is not None and (self.part_load is not None or float(np.max(self.efficiency)) > 0.96):
            raise ValueError(
                "with 'condensation' the efficiency is that without it, with flue gas at 150 degC: at most 0.96, and "
                "not by 'part_load'."
            )
        return self

    def flow_formulas(self) -> dict[str, FlowFormula]:
        """With part load the two flows are tied by its points instead."""
        return super().flow_formulas() if self.part_load is None else {}

    @flow("heat")
    def burnt(self, v: Any, t: Any) -> Any:
        """Heat is the efficiency times the fuel."""
        if self.condensation is None:
            return v.efficiency[t] * v.fuel[t]
        return (v.efficiency[t] + v.condensation[t]) * v.fuel[t]
