"""Electrolyser: power to hydrogen, and the heat it has to be rid of."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Self

import numpy as np
from pydantic import Field, model_validator

from energysim.declare import (
    NO_GAS,
    Direction,
    FlowFormula,
    Look,
    On,
    Port,
    Potential,
    Share,
    Span,
    Surroundings,
    Temperature,
    flow,
    measure,
    offer,
)
from energysim.quantities import Unit
from energysim.traits import InputPartLoad, OnOff, Ramps
from energysim.traits.cooled import as_it_cools
from energysim.traits.producing import Producing

LHV, HHV = 33.33, 39.41
"""Lower and higher heating value of hydrogen. [kWh/kg]"""


class Electrolyser(Producing):
    r"""Split water; what does not leave as hydrogen leaves as heat.

    Hydrogen by lower heating value :math:`H_t = \eta P_t`. The heat to be had follows from the *higher* heating value,
    :math:`Q_t \le \kappa\,(P_t - H_t\,h_o / h_u)` with :math:`h_o/h_u = 39.41/33.33` and the recoverable share
    :math:`\kappa`: at :math:`\eta = 0.62` no more than 0.267 of the power, not 0.38 [1]_. It comes as water between
    two temperatures, of which the plan takes what it can use. The capacity is the power taken.

    References
    ----------
    .. [1] Danish Energy Agency, Technology Data for Renewable Fuels, 2023, sheet 86 (alkaline electrolysis, 0.622 of
       lower heating value and 0.223 of district heat).
    """

    output: ClassVar[str] = "power"
    look: ClassVar[Look] = Look("#118ab2", order=20)
    example: ClassVar[str] = (
        "stack: {type: electrolyser, power: grid, to: hydrogen, heat: town_heat, capacity: 100 MW, efficiency: 62 %}"
    )

    power = Port(Direction.IN, "electricity", "power", "Power taken.")
    hydrogen = Port(Direction.OUT, None, "to", "Hydrogen given, by lower heating value.", refuses=NO_GAS)
    warmth = Port(Direction.OUT, "heat", "heat", "Heat given to the network.", is_optional=True)

    efficiency: Annotated[float, Unit("1"), Field(gt=0)] = 0.622
    """Hydrogen by lower heating value over power."""
    recoverable: Share = 0.84
    """Share of the lost power that reaches the cooling water."""
    hot: Temperature = 70.0
    """Temperature at which the cooling water leaves."""
    cold: Temperature = 50.0
    """Temperature to which it has to be cooled."""
    switching: Annotated[OnOff | None, On(flow="power", capacity="capacity", availability="availability")] = None
    """Minimum load, least times on and off, start costs."""
    part_load: Annotated[InputPartLoad | None, On(input="power", output="hydrogen", capacity="capacity")] = None
    """Efficiency that changes with the load, a share of the power at full load, instead of one."""
    ramps: Annotated[Ramps | None, On(flow="power", capacity="capacity")] = None
    """How fast the power may change."""

    @model_validator(mode="after")
    def _is_physical(self) -> Self:
        points = [] if self.part_load is None else [efficiency for _, efficiency in self.part_load.points]
        best = max([self.efficiency, *points])
        if best * HHV / LHV > 1.0:
            raise ValueError(
                f"efficiency {best:g} by lower heating value is {best * HHV / LHV:.3g} by the higher one: more "
                f"hydrogen than the power can split. At most {LHV / HHV:.3g}."
            )
        if self.hot <= self.cold:
            raise ValueError(f"hot {self.hot:g} degC must be above cold {self.cold:g} degC: the water is cooled.")
        return self

    def flow_formulas(self) -> Mapping[str, FlowFormula]:  # type: ignore[override]
        """With part load the two flows are tied by its points instead."""
        return super().flow_formulas() if self.part_load is None else {}

    def span(self, port: str, given: Surroundings) -> Span | None:
        """The cooling water's temperatures less the approach."""
        return as_it_cools(self.hot, self.cold, given.network(port).approach) if port == "warmth" else None

    def potentials(self, given: Surroundings) -> list[Potential]:
        """Hydrogen and heat at full power."""
        del given
        power = np.asarray(self.availability.share, float) * self.capacity.most
        heat = self.recoverable * (1.0 - self.efficiency * HHV / LHV) * power
        return [
            Potential("hydrogen", True, self.efficiency * power),
            Potential("warmth", True, heat, self.hot, self.cold),
        ]

    @flow("hydrogen")
    def split(self, v: Any, t: Any) -> Any:
        """Hydrogen is the efficiency times the power."""
        return self.efficiency * v.power[t]

    @offer("warmth")
    def lost(self, v: Any, t: Any) -> Any:
        """What the power holds above the higher heating value of the hydrogen, as far as it can be recovered."""
        return self.recoverable * (v.power[t] - (HHV / LHV) * v.hydrogen[t])

    @measure("MWh")
    def unused(self, v: Any, t: Any) -> Any:
        """Heat of the cooling water that was not used."""
        offered = self.recoverable * (np.asarray(v.power[t]) - (HHV / LHV) * np.asarray(v.hydrogen[t]))
        return float(np.sum(np.asarray(v.scale[t]) * (offered - np.asarray(v.warmth[t]))))

    @measure("1")
    def heat_share(self, v: Any, t: Any) -> Any:
        """Heat used over power."""
        power = float((v.scale[t] * v.power[t]).sum())
        return float((v.scale[t] * v.warmth[t]).sum()) / power if power > 0 else None
