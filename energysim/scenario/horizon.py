"""The hours of a scenario: steps in UTC, local clocks at the border only."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

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
        begin = (self.start - whole.start) / _HOUR + np.arange(self.count) * self.step
        before = np.concatenate([[0.0], np.cumsum(hourly)])
        edges = np.append(begin, begin[-1] + self.step)
        if self.step >= 1.0 and np.array_equal(edges, np.round(edges)):
            first = edges[:-1].astype(int)
            length = int(self.step)
            return hourly[first] if length == 1 else hourly[first[:, None] + np.arange(length)].mean(axis=1)
        integral = np.interp(edges, np.arange(len(before)), before)
        return np.diff(integral) / self.step

    def calendar(self) -> Calendar:
        """Local hour, weekday, month and day of the year of each step."""
        moments, offsets = offsets_of_zone(self.start, self.end, ZoneInfo(self.clock))
        local = self.stamps() + offsets[np.searchsorted(moments, self.stamps(), side="right") - 1]
        days = local.astype("datetime64[D]")
        return Calendar(
            local_hour=((local - days) // _HOUR).astype(np.int64),
            weekday=(days.astype(np.int64) + 3) % 7,
            month=local.astype("datetime64[M]").astype(np.int64) % 12 + 1,
            day_of_year=(days - local.astype("datetime64[Y]")).astype(np.int64) + 1,
        )


@lru_cache(maxsize=64)
def offsets_of_zone(
    start: np.datetime64, end: np.datetime64, zone: ZoneInfo
) -> tuple[NDArray[np.datetime64], NDArray[np.timedelta64]]:
    """Find when a zone's clocks change; asks the zone every ten days, not every hour.

    Returns
    -------
    moments : ndarray (change,)
        UTC from which each offset holds, the first at ``start``.
    offsets : ndarray (change,)
        Local wall time less UTC.
    """
    first = datetime.fromisoformat(str(start.astype("datetime64[m]"))).replace(tzinfo=UTC)
    last = datetime.fromisoformat(str(end.astype("datetime64[m]"))).replace(tzinfo=UTC)
    moment, kept = first, [(first, _offset(first, zone))]
    while moment < last:
        ahead = moment + timedelta(days=10)
        if _offset(ahead, zone) != kept[-1][1]:
            ahead = _change_between(moment, ahead, zone)
            kept.append((ahead, _offset(ahead, zone)))
        moment = ahead
    moments = np.array([moment.replace(tzinfo=None) for moment, _ in kept], "datetime64[m]")
    return moments, np.array([offset for _, offset in kept], "timedelta64[m]")


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Find by halving when the offset changes; clocks change on a quarter of an hour."""
    quarter = timedelta(minutes=15)
    low, high = 0, (after - before) // quarter
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(before + middle * quarter, zone) == _offset(before, zone):
            low = middle
        else:
            high = middle
    return before + high * quarter


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()
