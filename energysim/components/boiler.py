"""Boiler: burns a fuel, gives heat."""

from typing import Annotated, Any, ClassVar, Self

import numpy as np
from pydantic import model_validator

from energysim.declare import Direction, FactorSeries, Look, On, Port, flow
from energysim.traits import Combustion, Ramps
from energysim.traits.producing import Producing


class Boiler(Producing):
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
    emissions: Annotated[Combustion, On(flow="fuel")] = Combustion()
    """Carbon dioxide of the fuel."""

    @model_validator(mode="after")
    def _is_physical(self) -> Self:
        worst, best = float(np.min(self.efficiency)), float(np.max(self.efficiency))
        if best > 1.2 or worst <= 0.0:
            wrong = best if best > 1.2 else worst
            raise ValueError(
                f"efficiency {wrong:g} is not physical for a boiler. On the lower heating value it lies above 0 and, "
                "with flue-gas condensation, at most at 1.2."
            )
        return self

    @flow("heat")
    def burnt(self, v: Any, t: Any) -> Any:
        """Heat is the efficiency times the fuel."""
        return v.efficiency[t] * v.fuel[t]
