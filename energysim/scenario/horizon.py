"""The hours of a scenario: steps in UTC, local clocks at the border only."""

from dataclasses import dataclass, replace
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from energysim.readers.clock import offsets_of_zone

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_HOUR = np.timedelta64(60, "m")


@dataclass(frozen=True)
class Calendar:
    """Local clock and calendar of a row of time stamps."""

    local_hour: Ints
    """Hour of the day, 0 to 23. (stamp,)"""
    weekday: Ints
    """0 for Monday. (stamp,)"""
    month: Ints
    """1 to 12. (stamp,)"""
    day_of_year: Ints
    """1 to 366. (stamp,)"""


@dataclass(frozen=True)
class Horizon:
    """Steps of equal length from a start in UTC."""

    start: np.datetime64
    """Start of the first step, UTC, to the minute."""
    step: float
    """Length of a step. [h]"""
    count: int
    """Number of steps."""
    clock: str = "Europe/Stockholm"
    """Zone of local wall time, for shapes of the day."""
    annual_costs: str = "pro_rata"
    """``pro_rata``: yearly amounts by the share of the year; ``full``: whole, whatever the horizon."""

    def stamps(self) -> NDArray[np.datetime64]:
        """Start of each step, UTC. (step,)"""
        minutes = round(self.step * 60.0)
        return self.start + np.arange(self.count) * np.timedelta64(minutes, "m")

    @property
    def end(self) -> np.datetime64:
        """End of the last step, UTC."""
        return self.start + self.count * np.timedelta64(round(self.step * 60.0), "m")

    def years(self) -> tuple[int, ...]:
        """Calendar years touched, in UTC."""
        first, last = self.start, self.end - np.timedelta64(1, "m")
        years = [int(str(stamp)[:4]) for stamp in (first, last)]
        return tuple(range(years[0], years[1] + 1))

    def hourly_years(self) -> "Horizon":
        """Whole calendar years touched, hour by hour."""
        years = self.years()
        first, end = (np.datetime64(f"{year:04d}-01-01T00:00", "m") for year in (years[0], years[-1] + 1))
        return replace(self, start=first, step=1.0, count=int((end - first) / _HOUR))

    def to_steps(self, hourly: Floats) -> Floats:
        """Bring values of the whole calendar years to this horizon: means over long steps, repeats in short ones.

        Parameters
        ----------
        hourly : ndarray (hour of the years,)
            One value for each hour of :meth:`hourly_years`.

        Returns
        -------
        values : ndarray (step,)
        """
        whole = self.hourly_years()
        if len(hourly) != whole.count:
            raise ValueError(f"{len(hourly)} hourly values were given for {whole.count} hours of {self.years()}")
        offset = (self.start - whole.start) / _HOUR
        if float(offset).is_integer() and float(self.step).is_integer():
            length, first = int(self.step), int(offset)
            within = hourly[first : first + length * self.count]
            return within if length == 1 else within.reshape(-1, length).mean(axis=1)
        before = np.concatenate([[0.0], np.cumsum(hourly)])
        edges = offset + np.arange(self.count + 1) * self.step
        integral = np.interp(edges, np.arange(len(before)), before)
        return np.diff(integral) / self.step

    def calendar(self) -> Calendar:
        """Local hour, weekday, month and day of the year of each step."""
        return _calendar(self)


@lru_cache(maxsize=8)
def _calendar(horizon: Horizon) -> Calendar:
    """Read the clock once: every component with a shape of the day asks for it."""
    moments, offsets = offsets_of_zone(horizon.start, horizon.end, ZoneInfo(horizon.clock))
    local = horizon.stamps() + offsets[np.searchsorted(moments, horizon.stamps(), side="right") - 1]
    days = local.astype("datetime64[D]")
    calendar = Calendar(
        local_hour=((local - days) // _HOUR).astype(np.int64),
        weekday=(days.astype(np.int64) + 3) % 7,
        month=local.astype("datetime64[M]").astype(np.int64) % 12 + 1,
        day_of_year=(days - local.astype("datetime64[Y]")).astype(np.int64) + 1,
    )
    for numbers in vars(calendar).values():
        numbers.flags.writeable = False
    return calendar
