"""The section ``time``: which hours are modelled."""

import re
from typing import Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from pydantic import Field, field_validator, model_validator

from energysim.declare import Duration
from energysim.scenario.horizon import Horizon
from energysim.scenario.sections import Section

LARGEST_HORIZON = 2_000_000
"""Steps beyond which a horizon is surely a mistake."""


class TimeSection(Section):
    """The hours of the scenario: a calendar year, or a start with a duration or an end."""

    year: int | None = Field(None, ge=1900, le=2200)
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
        try:
            ZoneInfo(clock)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"'{clock}' is no time zone. Write one such as Europe/Stockholm or UTC.") from None
        return clock

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
            begin, end = moment(f"{self.year}-01-01"), moment(f"{self.year + 1}-01-01")
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


def moment(text: str) -> np.datetime64:
    """Read a date, or a date with its hour, in UTC.

    Raises
    ------
    ValueError
        For anything else; says how it is written.
    """
    # NumPy knows more words, such as today; a scenario should mean the same tomorrow.
    plain = _DATE.fullmatch(text.strip())
    try:
        return np.datetime64(plain[1].replace(" ", "T") if plain else "no date", "m")
    except ValueError:
        raise ValueError(f"'{text}' is no date. Write it as 2030-01-31 or 2030-01-31T06:00, in UTC.") from None


_DATE = re.compile(r"((?:19|2[01])\d\d-\d\d-\d\d(?:[T ]\d\d:\d\d(?::00)?)?)Z?")


def _minutes(hours: float) -> np.timedelta64:
    return np.timedelta64(round(hours * 60.0), "m")
