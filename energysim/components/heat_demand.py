"""Heat demand of a town: a series, or a year's energy spread by weather, hour and hot water."""

from typing import Any, ClassVar, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from energysim.declare import (
    Array,
    Component,
    Derived,
    Difference,
    Direction,
    Duration,
    Energy,
    Look,
    Port,
    Potential,
    Power,
    PowerSeries,
    Share,
    Span,
    Surroundings,
    Temperature,
    derived,
    flow,
    measure,
)
from energysim.hydraulics.heat_loss import diversity
from energysim.traits.daily_life import SUMMER_DAY, degrees_below, heating_rhythm


class Heated(BaseModel):
    """What is heated, and from where to where."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, populate_by_name=True, serialize_by_alias=True
    )

    inlet: Temperature = Field(alias="from")
    """Temperature at which it comes."""
    outlet: Temperature = Field(alias="to")
    """Temperature to which it is heated; equal to the inlet for boiling water."""

    @model_validator(mode="after")
    def _heats(self) -> Self:
        if self.outlet < self.inlet:
            raise ValueError(f"a demand from {self.inlet:g} to {self.outlet:g} degC gives heat. Swap 'from' and 'to'.")
        return self


class HeatDemand(Component):
    r"""Draw the heat a town uses.

    From the year's energy :math:`E` the hourly load is

    .. math:: q_h = (1 - s) E \frac{D_h}{\sum D^{usual}} + s E \frac{w_h}{\sum w},\quad
              D_h = \max(0, T_b - \tilde T_h)\, f^{winter}_{hour}

    with hot-water share :math:`s`, heating threshold :math:`T_b`, outdoor temperature smoothed over the buildings'
    time constant :math:`\tilde T`, and hour-of-day factors for space heating and for hot water :math:`w` [1]_ [2]_.
    The year's energy is that of the place's ``normal`` climate, :math:`D^{usual}`, where it names one: a colder year
    then takes more. Where it names none it is that of the year itself. Space heating is a little lower at weekends. The
    network's distribution losses come on top. The single peaks of :math:`n` users meet in a common one of
    :math:`0.62 + 0.38 / n` of their sum, never below the largest [3]_.

    References
    ----------
    .. [1] S. Frederiksen, S. Werner, District Heating and Cooling, Studentlitteratur, 2013, ch. 4.
    .. [2] J. Geis, load of the district heating network of Flensburg 2014-2016 (hour-of-day means).
    .. [3] Centre for Sustainable Energy, THERMOS heat network optimiser, documentation of its diversity, 2021.
    """

    look: ClassVar[Look] = Look("#444444", order=1)
    example: ClassVar[str] = "town: {type: heat_demand, to: town_heat, annual: 300 GWh, hot_water: 22 %}"
    wanted: ClassVar[tuple[str, ...]] = ("annual", "load", "peaks")

    heat = Port(Direction.IN, "heat", "to", "Heat delivered to users.", is_end_use=True)

    temperatures: Heated | None = None
    """Temperatures between which its water is heated; the network's return and supply where absent."""
    approach: Difference = 0.0
    """Temperature difference its own heat exchanger needs, where it has temperatures of its own."""
    annual: Energy | None = None
    """Heat delivered in a year: in a normal one where the place says which climate is ``normal``, in the year that is
    planned where it does not."""
    load: PowerSeries | None = None
    """Heat delivered in each hour, instead of a year's energy."""
    peaks: tuple[Power, ...] = ()
    """Peaks of single users, instead of both: every hour is that of their common peak, for planning a design hour."""
    hot_water: Share = 0.22
    """Share of the year's energy that is hot water."""
    threshold: Temperature = 16.0
    """Outdoor temperature above which buildings need no heating."""
    time_constant: Duration = 24.0
    """How long buildings take to notice the weather."""
    weekend: Share = 0.025
    """How much lower space heating is at weekends."""

    @model_validator(mode="after")
    def _has_one_size(self) -> Self:
        if sum((self.annual is not None, self.load is not None, bool(self.peaks))) != 1:
            raise ValueError(
                "it needs either 'annual', such as 850 GWh, or 'load', a series of power, or 'peaks' of single users. "
                "Give one of them."
            )
        return self

    def span(self, port: str, given: Surroundings) -> Span | None:
        """Its own temperatures with the approach on top."""
        del port, given
        if self.temperatures is None:
            return None
        return Span(self.temperatures.outlet + self.approach, self.temperatures.inlet + self.approach)

    def potentials(self, given: Surroundings) -> list[Potential]:
        """The demand at its own temperatures, or those of the network."""
        load = type(self).declared(Derived)["demand"].formula(self, given)
        if self.temperatures is None:
            return [Potential("heat", False, load)]
        return [Potential("heat", False, load, self.temperatures.inlet, self.temperatures.outlet, self.approach)]

    @derived("MW")
    def demand(self, given: Surroundings) -> Array | float:
        """Heat delivered in each step."""
        if self.load is not None:
            return self.load
        if self.peaks:
            return max(*self.peaks, diversity(len(self.peaks)) * sum(self.peaks), 0.0)
        assert self.annual is not None
        rhythm = heating_rhythm(given, self.weekend)
        degrees = degrees_below(given, self.threshold, self.time_constant) * rhythm
        usual = degrees_below(given, self.threshold, self.time_constant, is_usual=True) * rhythm
        water = SUMMER_DAY[given.year_calendar.local_hour]
        energy = self.annual * given.years
        hourly = energy * ((1.0 - self.hot_water) * degrees / usual.sum() + self.hot_water * water / water.sum())
        return given.to_steps(hourly)

    @flow("heat")
    def delivered(self, v: Any, t: Any) -> Any:
        """What users draw is their demand."""
        return v.demand[t]

    @measure("MW")
    def peak(self, v: Any, t: Any) -> float:
        """Largest demand of any step."""
        return float(np.max(np.asarray(v.demand[t])))
