"""The section ``time``: which hours are modelled."""

from typing import Literal, Self

import numpy as np
from pydantic import Field, field_validator, model_validator

from energysim.declare import Duration
from energysim.moments import YEARS, moment, zone
from energysim.scenario.horizon import Horizon
from energysim.scenario.sections import Section

LARGEST_HORIZON = 2_000_000
"""Steps beyond which a horizon is surely a mistake."""


class TimeSection(Section):
    """The hours of the scenario: a calendar year, or a start with a duration or an end."""

    year: int | None = Field(None, ge=YEARS[0], le=YEARS[-1])
    """Whole calendar year, 8760 or 8784 hours in UTC."""
    start: str | None = None
    """First hour in UTC, such as 2030-01-01 or 2030-01-01T06:00."""
    end: str | None = None
    """End in UTC, not included."""
    duration: Duration | None = None
    """Length from the start, such as 7 d."""
    step: Duration = 1.0
    """Length of a step."""
    clock: str = "Europe/Stockholm"
    """Zone of local wall time, for the shapes of the day."""
    annual_costs: Literal["pro_rata", "full"] = "pro_rata"
    """How a horizon that is no full year carries yearly costs: its share of them, or all."""

    @field_validator("clock")
    @classmethod
    def _is_zone(cls, clock: str) -> str:
        return zone(clock).key

    @model_validator(mode="after")
    def _is_one_span(self) -> Self:
        if self.year is not None:
            if self.start or self.end or self.duration:
                raise ValueError(
                    "'year' already says all. Leave out 'start', 'end' and 'duration', or leave out 'year'."
                )
        elif self.start is None:
            raise ValueError(
                "neither 'year' nor 'start' is given. Write  year: 2030 , or  start: 2030-01-01  and  duration: 7 d."
            )
        elif (self.end is None) == (self.duration is None):
            raise ValueError("'start' needs either 'duration', such as 7 d, or 'end'.")
        self.horizon()
        return self

    def horizon(self) -> Horizon:
        """Lay out the steps.

        Raises
        ------
        ValueError
            When the span is not a whole number of steps, or empty.
        """
        if self.year is not None:
            begin, end = _new_year(self.year), _new_year(self.year + 1)
        else:
            begin = moment(str(self.start))
            end = begin + _minutes(self.duration) if self.duration is not None else moment(str(self.end))
        minutes = round(self.step * 60.0)
        if minutes < 1 or abs(minutes - self.step * 60.0) > 1e-6:
            raise ValueError(f"a step of {self.step:g} h is not a whole number of minutes.")
        length = int((end - begin) / np.timedelta64(1, "m"))
        if length <= 0:
            raise ValueError("the end is not after the start.")
        if length % minutes:
            raise ValueError(
                f"{length / 60:g} h is not a whole number of steps of {self.step:g} h. Change 'step' or the span."
            )
        if length // minutes > LARGEST_HORIZON:
            raise ValueError(f"{length // minutes:,} steps are too many. Use a longer step or a shorter span.")
        return Horizon(begin, self.step, length // minutes, self.clock, self.annual_costs)


def _new_year(year: int) -> np.datetime64:
    return np.datetime64(f"{year}-01-01T00:00", "m")


def _minutes(hours: float) -> np.timedelta64:
    return np.timedelta64(round(hours * 60.0), "m")
