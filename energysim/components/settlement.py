"""Settlement: the heat and electricity of people, from how many they are, where they live and how they get about."""

from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from energysim.declare import (
    Array,
    Component,
    Direction,
    Duration,
    Energy,
    Factor,
    FlowFormula,
    Look,
    Port,
    Potential,
    Share,
    Surroundings,
    Temperature,
    derived,
    flow,
    measure,
)
from energysim.quantities import Unit
from energysim.traits.daily_life import (
    CHARGING,
    HOME_DAY,
    HOME_MONTH,
    HOME_WEEKEND,
    SERVICE_DAY,
    SERVICE_MONTH,
    SERVICE_WEEKEND,
    SUMMER_DAY,
    degrees_below,
    electric_rhythm,
    heating_rhythm,
)

People = Annotated[float, Unit("person"), Field(ge=0)]
Area = Annotated[float, Unit("m2/person"), Field(ge=0)]
HeatLoss = Annotated[float, Unit("W/m2/K"), Field(ge=0)]
PerPerson = Annotated[float, Unit("MWh/person/a"), Field(ge=0)]
Growth = Annotated[float, Unit("1/a"), Field(gt=-1, le=1)]
Year = Annotated[int, Field(ge=1900, le=2200)]
Driven = Annotated[float, Unit("km/a"), Field(ge=0)]
Consumption = Annotated[float, Unit("MWh/km"), Field(ge=0)]
PerDegree = Annotated[float, Unit("1/K"), Field(ge=0)]

COMFORT = 20.0
"""Outdoor temperature at which a car needs neither heating nor cooling. [degC]"""


class Newcomers(BaseModel):
    """People who come with new industry."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    wanted: ClassVar[tuple[str, ...]] = ("jobs",)

    jobs: Annotated[float, Unit("1"), Field(ge=0)]
    """New jobs in industry."""
    further_jobs: Factor = 0.0
    """Jobs in services that follow each of these."""
    moving_in: Share = 1.0
    """Share of all these jobs taken by people who move in; the others live here already or commute."""
    household: Annotated[float, Unit("person"), Field(ge=1)] = 1.8
    """People who come with each job taken, the one who takes it among them."""

    @property
    def people(self) -> float:
        """How many move in. [person]"""
        return self.jobs * (1.0 + self.further_jobs) * self.moving_in * self.household


class Cars(BaseModel):
    """Cars that run on electricity."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    electric: Share
    """Share of all cars that run on electricity."""
    owned: Annotated[float, Unit("1/person"), Field(ge=0)] = 0.48
    """Cars for each person."""
    driven: Driven = 11_500.0
    """Distance each car drives in a year."""
    consumption: Consumption = 0.0002
    """Electricity from the grid for each kilometre at 20 degC outdoors."""
    cold: PerDegree = 0.01
    """How much more it takes for each kelvin below 20 degC."""
    charging: Literal["on_arrival", "at_night", "spread"] = "on_arrival"
    """When cars are charged."""


class Settlement(Component):
    r"""Draw the district heat and the electricity of the people of a place.

    :math:`N = N_0 (1+g)^{y - y_0} + J (1 + f)\, m\, h` people, of whom :math:`N_0` were counted in the year
    :math:`y_0` and the others come with :math:`J` new jobs, live and work on :math:`A = N (a_{home} + a_{service})` of
    heated floor. It is heated by

    .. math:: Q_t = U (1 - r s)\, A\, (T_b - \tilde T_t)^+ \phi_t + N w \psi_t

    with heat loss :math:`U`, of which a renovated share :math:`r` of the floor saves :math:`s`, heating threshold
    :math:`T_b`, smoothed outdoor temperature :math:`\tilde T`, hot water :math:`w`, and rhythms of the day that leave
    the year's energy as it is [1]_ [2]_. So a cold year takes more heat. Of :math:`Q` the share ``district_heating``
    comes from the heat network and ``electric_heating`` over its ``heating_performance`` from the power network; the
    rest burns wood or the like. Electricity is that of homes and services [3]_, of electric heating and of cars,
    :math:`N c\, e\, d\, k\, (1 + \kappa (20 - T_t)^+)` over the year in a rhythm of charging [4]_. Industry draws
    evenly.

    The defaults are Swedish means, rounded: 42 m2 of living area for each person and stairs and cellars with it, 0.48
    cars that drive 11 500 km (SCB, Trafikanalys 2022), some 20 TWh of electricity in homes and 30 TWh in services
    (Swedish Energy Agency), hot water as measured in flats [2]_. A heat loss of 1.2 W/m2/K is the mean of flats with
    district heating, 0.5 that of new ones. The other defaults, such as 0.2 kWh for each kilometre and 1 % more for each
    kelvin, are assumptions. Replace them with figures of the place.

    References
    ----------
    .. [1] S. Frederiksen, S. Werner, District Heating and Cooling, Studentlitteratur, 2013, ch. 4.
    .. [2] J. Widén et al., Constructing load profiles for household electricity and hot water from time-use data,
       Energy and Buildings 41, 2009.
    .. [3] BDEW, standard load profiles H0 and G0, 1999.
    .. [4] A. L. Sørensen et al., Analysis of residential EV energy flexibility potential, Energy and Buildings 241,
       2021.
    """

    look: ClassVar[Look] = Look("#5b4a6b", order=1)
    example: ClassVar[str] = (
        "newcomers: {type: settlement, heat: town_heat, power: grid, district_heating: 85 %, "
        "heat_loss: 0.5 W/m2/K, new_industry: {jobs: 1500, further_jobs: 0.5, moving_in: 60 %, household: 2 person}}"
    )
    wanted: ClassVar[tuple[str, ...]] = ("population", "new_industry", "industry_heat", "industry_electricity")

    heat = Port(Direction.IN, "heat", "heat", "District heat delivered to users.", is_optional=True, is_end_use=True)
    power = Port(
        Direction.IN, "electricity", "power", "Electricity delivered to users.", is_optional=True, is_end_use=True
    )

    population: People = 0.0
    """People who live here, in the year they were counted."""
    growth: Growth = 0.0
    """How their number changes from year to year since."""
    counted: Year | None = None
    """Year in which they were counted; needed with ``growth``."""
    new_industry: Newcomers | None = None
    """Jobs that bring further people."""
    home_area: Area = 48.0
    """Heated floor of homes for each person."""
    service_area: Area = 15.0
    """Heated floor of offices, schools, shops and care for each person."""
    heat_loss: HeatLoss = 1.2
    """Heat the buildings lose for each square metre of heated floor and kelvin."""
    renovated: Share = 0.0
    """Share of the floor that is renovated."""
    saved: Share = 0.3
    """Share of space heating that a renovation saves."""
    threshold: Temperature = 16.0
    """Outdoor temperature above which buildings need no heating."""
    time_constant: Duration = 24.0
    """How long buildings take to notice the weather."""
    weekend: Share = 0.025
    """How much lower space heating is at weekends than on working days."""
    hot_water: PerPerson = 1.7
    """Heat for hot water."""
    district_heating: Share = 0.0
    """Share of the heat that comes from the heat network."""
    electric_heating: Share = 0.0
    """Share of the heat made with electricity, by heat pumps or directly."""
    heating_performance: Annotated[float, Unit("1"), Field(ge=1)] = 2.0
    """Heat over electricity of these, as a mean of heat pumps and direct heating."""
    home_electricity: PerPerson = 1.9
    """Electricity of homes without heating."""
    service_electricity: PerPerson = 2.9
    """Electricity of services without heating."""
    cars: Cars | None = None
    """Cars that run on electricity."""
    industry_heat: Energy = 0.0
    """District heat industry takes in a year, evenly."""
    industry_electricity: Energy = 0.0
    """Electricity industry takes in a year, evenly."""

    @model_validator(mode="after")
    def _is_somebody(self) -> Self:
        people = self.population + (self.new_industry.people if self.new_industry else 0.0)
        if people + self.industry_heat + self.industry_electricity == 0.0:
            raise ValueError("nobody lives here. Give a 'population', or 'new_industry' with jobs.")
        if self.growth and self.counted is None:
            raise ValueError("'growth' runs from the year people were counted. Give it as  counted: 2025 .")
        if self.district_heating + self.electric_heating > 1.0 + 1e-9:
            raise ValueError(
                f"district_heating {self.district_heating:g} and electric_heating {self.electric_heating:g} are more "
                "than all heat. Together they make at most 1."
            )
        return self

    @model_validator(mode="after")
    def _is_connected(self) -> Self:
        takes_heat = self.district_heating > 0.0 or self.industry_heat > 0.0
        if takes_heat and "heat" not in self.connections:
            raise ValueError("it takes district heat but from no network. Name one under  heat:  , or take it out.")
        if not takes_heat and "heat" in self.connections:
            raise ValueError(
                f"it names '{self.connections['heat']}' but takes no heat from it. Give 'district_heating', such as "
                "80 %."
            )
        draws = self.industry_electricity > 0.0 or self.electric_heating > 0.0 or self.cars is not None
        if draws and "power" not in self.connections:
            raise ValueError(
                "'industry_electricity', 'electric_heating' and 'cars' draw power, but from no network. Name one under "
                " power:  , or take them out."
            )
        if not self.connections:
            raise ValueError("it is connected to nothing. Name a network under  heat:  or  power:  .")
        return self

    def ports(self) -> dict[str, Port]:
        """Only those that are connected."""
        return {name: port for name, port in super().ports().items() if name in self.connections}

    def flow_formulas(self) -> dict[str, FlowFormula]:
        """The same."""
        return {port: formula for port, formula in super().flow_formulas().items() if port in self.connections}

    def potentials(self, given: Surroundings) -> list[Potential]:
        """The district heat, at the network's temperatures."""
        if "heat" not in self.connections:
            return []
        return [Potential("heat", False, self._demand("district_heat", given))]

    @derived("person")
    def people(self, given: Surroundings) -> Array:
        """People in each step."""
        years = given.stamps.astype("datetime64[Y]").astype(int) + 1970
        grown = (1.0 + self.growth) ** (years - (self.counted or 0)) if self.growth else np.ones(len(years))
        return self.population * grown + (self.new_industry.people if self.new_industry else 0.0)

    @derived("MW")
    def building_heat(self, given: Surroundings) -> Array:
        """Heat of homes and services, whatever it is made with."""
        area = self.home_area + self.service_area
        loss = 1e-6 * self.heat_loss * area * (1.0 - self.renovated * self.saved)
        space = 0.0
        if loss:
            degrees = degrees_below(given, self.threshold, self.time_constant)
            rhythm = heating_rhythm(given, self.weekend)
            space = loss * degrees * rhythm * (degrees.sum() / (degrees * rhythm).sum())
        water = SUMMER_DAY[given.year_calendar.local_hour]
        hourly = space + self._hourly(self.hot_water, given) * water / water.mean()
        return self._demand("people", given) * given.to_steps(hourly)

    @derived("MW")
    def district_heat(self, given: Surroundings) -> Array:
        """Heat drawn from the network."""
        own = self.district_heating * self._demand("building_heat", given)
        return own + self._hourly(self.industry_heat, given)

    @derived("MW")
    def charged(self, given: Surroundings) -> Array:
        """Electricity that cars take."""
        if self.cars is None:
            return np.zeros(len(given.hours))
        cars = self.cars
        yearly = cars.electric * cars.owned * cars.driven * cars.consumption
        rhythm = CHARGING[cars.charging] / CHARGING[cars.charging].mean()
        colder = 1.0 + cars.cold * np.maximum(0.0, COMFORT - given.outdoor_year) if cars.cold else 1.0
        hourly = self._hourly(yearly, given) * rhythm[given.year_calendar.local_hour] * colder
        return self._demand("people", given) * given.to_steps(hourly)

    @derived("MW")
    def electricity(self, given: Surroundings) -> Array:
        """Electricity of homes, services, heating, cars and industry."""
        homes = self._hourly(self.home_electricity, given)
        services = self._hourly(self.service_electricity, given)
        hourly = homes * electric_rhythm(given, HOME_DAY, HOME_WEEKEND, HOME_MONTH)
        hourly = hourly + services * electric_rhythm(given, SERVICE_DAY, SERVICE_WEEKEND, SERVICE_MONTH)
        found = self._demand("people", given) * given.to_steps(hourly) + self._demand("charged", given)
        if self.electric_heating:
            found = found + self.electric_heating / self.heating_performance * self._demand("building_heat", given)
        return np.asarray(found + self._hourly(self.industry_electricity, given))

    @flow("heat")
    def heated(self, v: Any, t: Any) -> Any:
        """What users draw is their demand."""
        return v.district_heat[t]

    @flow("power")
    def powered(self, v: Any, t: Any) -> Any:
        """What users draw is their demand."""
        return v.electricity[t]

    @measure("person")
    def residents(self, v: Any, t: Any) -> float:
        """People, as a mean over the horizon."""
        return float(np.mean(np.asarray(v.people[t])))

    @measure("MWh")
    def heat_of_buildings(self, v: Any, t: Any) -> float:
        """Heat of homes and services, whatever it is made with."""
        return float(np.sum(np.asarray(v.scale[t]) * np.asarray(v.building_heat[t])))

    @measure("MWh")
    def heat_from_elsewhere(self, v: Any, t: Any) -> float | None:
        """Heat of homes and services that neither network gives: wood and the like, whose cost is not counted."""
        rest = 1.0 - self.district_heating - self.electric_heating
        heat = float(np.sum(np.asarray(v.scale[t]) * np.asarray(v.building_heat[t])))
        return rest * heat if rest > 1e-9 else None

    @measure("MW")
    def largest_heat(self, v: Any, t: Any) -> float | None:
        """Largest district heat of any step."""
        return float(np.max(np.asarray(v.district_heat[t]))) or None

    @measure("MW")
    def largest_power(self, v: Any, t: Any) -> float | None:
        """Largest electricity of any step."""
        return float(np.max(np.asarray(v.electricity[t]))) or None

    @measure("MWh")
    def charging(self, v: Any, t: Any) -> float | None:
        """Electricity of the cars."""
        return float(np.sum(np.asarray(v.scale[t]) * np.asarray(v.charged[t]))) or None

    def _demand(self, name: str, given: Surroundings) -> Any:
        """Another derived series of its own. (step,)"""
        return getattr(type(self), name).formula(self, given)

    def _hourly(self, yearly: float, given: Surroundings) -> float:
        """Mean power of a yearly energy. [MW]"""
        return yearly * given.years / len(given.year_calendar.month)
