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
    PowerSeries,
    Share,
    Span,
    Surroundings,
    Temperature,
    derived,
    flow,
    measure,
)

# Hour-of-day factors of a real network of 1.1 TWh a year (Flensburg 2014-2016), means by local hour.
# fmt: off
WINTER_DAY = np.array([
    0.85, 0.84, 0.86, 0.88, 0.92, 0.97, 1.03, 1.09, 1.10, 1.11, 1.09, 1.06,
    1.04, 1.03, 1.03, 1.03, 1.05, 1.07, 1.08, 1.06, 1.03, 0.99, 0.94, 0.88,
])
SUMMER_DAY = np.array([
    0.97, 0.96, 0.95, 0.96, 0.98, 1.02, 1.05, 1.09, 1.09, 1.07, 1.05, 1.02,
    1.01, 1.00, 0.99, 0.97, 0.96, 0.97, 0.97, 0.98, 0.99, 0.99, 0.99, 0.97,
])
# fmt: on


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

    .. math:: q_h = (1 - s) E \frac{D_h}{\sum D} + s E \frac{w_h}{\sum w},\quad
              D_h = \max(0, T_b - \tilde T_h)\, f^{winter}_{hour}

    with hot-water share :math:`s`, heating threshold :math:`T_b`, outdoor temperature smoothed over the buildings'
    time constant :math:`\tilde T`, and hour-of-day factors for space heating and for hot water :math:`w` [1]_ [2]_.
    Space heating is a little lower at weekends. The network's distribution losses come on top.

    References
    ----------
    .. [1] S. Frederiksen, S. Werner, District Heating and Cooling, Studentlitteratur, 2013, ch. 4.
    .. [2] J. Geis, load of the district heating network of Flensburg 2014-2016 (hour-of-day means).
    """

    look: ClassVar[Look] = Look("#444444", order=1)
    example: ClassVar[str] = "town: {type: heat_demand, to: town_heat, annual: 300 GWh, hot_water: 22 %}"

    heat = Port(Direction.IN, "heat", "to", "Heat delivered to users.", is_end_use=True)

    temperatures: Heated | None = None
    """Temperatures between which its water is heated; the network's return and supply where absent."""
    approach: Difference = 0.0
    """Temperature difference its own heat exchanger needs, where it has temperatures of its own."""
    annual: Energy | None = None
    """Heat delivered in a year."""
    load: PowerSeries | None = None
    """Heat delivered in each hour, instead of a year's energy."""
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
        if (self.annual is None) == (self.load is None):
            raise ValueError(
                "it needs either 'annual', such as 850 GWh, or 'load', a series of power. Give one of them."
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
        assert self.annual is not None
        calendar = given.year_calendar
        slow = _smoothed(given.outdoor_year, self.time_constant)
        degrees = np.maximum(0.0, self.threshold - slow) * WINTER_DAY[calendar.local_hour]
        degrees = degrees * np.where(calendar.weekday >= 5, 1.0 - self.weekend, 1.0)
        if degrees.sum() == 0.0:
            raise ValueError("its place is never colder than the heating threshold, so there is nothing to spread by.")
        water = SUMMER_DAY[calendar.local_hour]
        energy = self.annual * given.years
        hourly = energy * ((1.0 - self.hot_water) * degrees / degrees.sum() + self.hot_water * water / water.sum())
        return given.to_steps(hourly)

    @flow("heat")
    def delivered(self, v: Any, t: Any) -> Any:
        """What users draw is their demand."""
        return v.demand[t]

    @measure("MW")
    def peak(self, v: Any, t: Any) -> float:
        """Largest demand of any step."""
        return float(np.max(np.asarray(v.demand[t])))


def _smoothed(values: Array, time_constant: float) -> Array:
    r"""Average exponentially over the past, the year closed to a ring.

    The kernel :math:`\alpha (1 - \alpha)^k` with :math:`\alpha = 1 - e^{-1/\tau}` is applied by Fourier transform.
    """
    lags = np.arange(len(values))
    kernel = np.exp(-lags / time_constant)
    kernel /= kernel.sum()
    return np.fft.irfft(np.fft.rfft(values) * np.fft.rfft(kernel), len(values))
