"""Waste plant: is paid to take waste, gives heat and power."""

from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator

from energysim.declare import Direction, Look, On, Port, Share, Variable, effect, flow, measure, rule
from energysim.quantities import MayBeSubsidy, Unit
from energysim.traits import Availability, Ramps, RateOnOff, RateSizing
from energysim.traits.heating import Heating

Mass = Annotated[float, Unit("t"), Field(ge=0)]


class WastePlant(Heating):
    r"""Burn waste for a gate fee; only the fossil part of its carbon counts.

    With :math:`w_t` tonnes an hour of heating value :math:`H`: fuel :math:`F_t = H w_t`, power :math:`\eta_e F_t`,
    heat at most :math:`\eta_q F_t` (the rest is cooled away), income :math:`g\,w_t`, emission
    :math:`\phi\,e\,F_t` with the fossil share :math:`\phi` of the carbon [1]_ [2]_. With flue-gas condensation the
    efficiencies together may pass 1 on the lower heating value.

    References
    ----------
    .. [1] Danish Energy Agency, Technology Data for Generation of Electricity and District Heating, 2023, sheet 08.
    .. [2] IPCC, 2006 Guidelines for National Greenhouse Gas Inventories, vol. 5, ch. 5.
    """

    look: ClassVar[Look] = Look("#6b705c", order=12)
    example: ClassVar[str] = (
        "waste_chp: {type: waste_plant, to: town_heat, power: grid, capacity: 16 t/h, gate_fee: 60 EUR/t, "
        "heating_value: 2.9 MWh/t, electric_efficiency: 20 %, heat_efficiency: 75 %}"
    )

    heat = Port(Direction.OUT, "heat", "to", "Heat given to the network.")
    power = Port(Direction.OUT, "electricity", "power", "Power given to the network.", is_optional=True)

    burnt = Variable("t/h", "Waste burnt.")

    capacity: RateSizing
    """Largest waste flow."""
    heating_value: Annotated[float, Unit("MWh/t"), Field(gt=0)] = 2.9
    """Lower heating value of the waste."""
    gate_fee: Annotated[float, Unit("money/t")] = 0.0
    """Paid to the plant for each tonne taken."""
    fossil_share: Share = 0.4
    """Fossil part of the carbon."""
    co2: Annotated[float, Unit("t/MWh"), Field(ge=0)] = 0.345
    """All carbon dioxide of a MWh of waste, fossil and biogenic."""
    electric_efficiency: Share = 0.0
    """Power over the lower heating value."""
    heat_efficiency: Annotated[float, Unit("1"), Field(ge=0, le=1.2)]
    """Heat that can be given over the lower heating value."""
    least_waste: Mass | None = None
    """Waste that must be taken over a year, by contract."""
    most_waste: Mass | None = None
    """Waste there is in a year."""
    availability: Availability = Availability()
    """Share of the capacity that can run."""
    switching: Annotated[RateOnOff | None, On(flow="burnt", capacity="capacity", availability="availability")] = None
    """Minimum load, least times on and off, start costs."""
    ramps: Annotated[Ramps | None, On(flow="burnt", capacity="capacity")] = None
    """How fast the waste burnt may change."""
    variable_om: Annotated[float, Unit("money/t"), MayBeSubsidy()] = 0.0
    """Operation and maintenance for each tonne."""

    @model_validator(mode="after")
    def _is_physical(self) -> Self:
        total = self.electric_efficiency + self.heat_efficiency
        if total > 1.2:
            raise ValueError(f"power and heat together are {total:g} of the waste's lower heating value; at most 1.2.")
        if self.least_waste is not None and self.most_waste is not None and self.least_waste > self.most_waste:
            raise ValueError(f"least_waste {self.least_waste:g} t is above most_waste {self.most_waste:g} t.")
        return self

    @flow("power")
    def generated(self, v: Any, t: Any) -> Any:
        """Power is its share of the fuel."""
        return self.electric_efficiency * self.heating_value * v.burnt[t]

    @rule
    def heat_from_fuel(self, v: Any, t: Any) -> Any:
        """Heat is at most its share of the fuel; the rest is cooled away."""
        return v.heat[t] <= self.heat_efficiency * self.heating_value * v.burnt[t]

    @rule
    def within_capacity(self, v: Any, t: Any) -> Any:
        """The waste stays within what can be burnt."""
        return v.burnt[t] <= v.availability[t] * v.capacity

    @rule(every="horizon")
    def waste_there_is(self, v: Any) -> Any:
        """Over the year no less waste is taken than agreed, and no more than there is."""
        if self.least_waste is None and self.most_waste is None:
            return None
        taken = v.total(lambda t: v.scale[t] * v.burnt[t])
        least = None if self.least_waste is None else taken >= self.least_waste * v.year_share
        most = None if self.most_waste is None else taken <= self.most_waste * v.year_share
        return [least, most]

    @effect("cost")
    def gate(self, v: Any, t: Any) -> Any:
        """Gate fees, as a negative cost."""
        return -self.gate_fee * v.burnt[t] if self.gate_fee else None

    @effect("cost")
    def operation(self, v: Any, t: Any) -> Any:
        """Upkeep that grows with the waste."""
        return self.variable_om * v.burnt[t] if self.variable_om else None

    @effect("co2")
    def stack(self, v: Any, t: Any) -> Any:
        """Fossil carbon dioxide of the waste."""
        return self.fossil_share * self.co2 * self.heating_value * v.burnt[t]

    @measure("MWh")
    def fuel_burnt(self, v: Any, t: Any) -> Any:
        """Lower heating value of the waste burnt."""
        return self.heating_value * float((v.scale[t] * v.burnt[t]).sum())

    @measure("t")
    def waste_taken(self, v: Any, t: Any) -> Any:
        """Waste burnt over the horizon."""
        return float((v.scale[t] * v.burnt[t]).sum())
