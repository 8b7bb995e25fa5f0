"""Time as data: one flat index of steps with arrays beside it; components never know how it was made."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from energysim.scenario.horizon import Horizon

HOURS_PER_YEAR = 8760.0
_HOUR = np.timedelta64(60, "m")

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Time:
    """Steps of the model.

    ``previous`` closes every chain of steps into a ring; ``is_first`` marks where a chain begins, for what is
    not a ring.
    """

    stamps: NDArray[np.datetime64]
    """Start of each step, UTC. (step,)"""
    hours: Floats
    """Length of each step. [h] (step,)"""
    weight: Floats
    """Hours of the year that each modelled hour stands for. (step,)"""
    previous: NDArray[np.int64]
    """Step before each step. (step,)"""
    is_first: NDArray[np.bool_]
    """Whether a step begins a chain. (step,)"""
    year_share: float
    """Share of yearly amounts that this horizon carries."""
    groups: Mapping[str, NDArray[np.int64]] = field(default_factory=dict)
    """Number of the local ``day`` and ``month`` of each step, from 0. (step,)"""
    group_shares: Mapping[str, Floats] = field(default_factory=dict)
    """Share of each day's and month's amounts that this horizon carries. (group,)"""

    @classmethod
    def from_horizon(cls, horizon: Horizon) -> Self:
        """Lay steps of one length along a horizon, one ring."""
        count = horizon.count
        is_first = np.zeros(count, bool)
        is_first[0] = True
        calendar = horizon.calendar()
        groups = {"day": _runs(calendar.day_of_year), "month": _runs(calendar.month)}
        share = 1.0 if horizon.annual_costs == "full" else horizon.step * count / _year_length(horizon)
        return cls(
            stamps=horizon.stamps(),
            hours=np.full(count, float(horizon.step)),
            weight=np.ones(count),
            previous=np.r_[count - 1, np.arange(count - 1)],
            is_first=is_first,
            year_share=share,
            groups=groups,
            group_shares={name: _shares(horizon, name, groups[name]) for name in groups},
        )

    def share_of(self, every: str) -> float:
        """Share of an amount that this horizon carries: of a yearly one its own, of one at the ``end`` all."""
        return self.year_share if every == "year" else 1.0

    def share_in(self, group: str) -> Floats:
        """Share of the amounts of each step's day or month that this horizon carries. (step,)"""
        return self.group_shares[group][self.groups[group]]

    def firsts(self, group: str) -> NDArray[np.int64]:
        """First step of each day or month. (group,)"""
        return np.flatnonzero(np.diff(self.groups[group], prepend=-1))

    def back(self, steps: NDArray[np.int64], count: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Go some steps back from each of several; says which of them that takes beyond the beginning of a chain."""
        is_before = np.zeros(len(steps), bool)
        for _ in range(count):
            is_before = is_before | self.is_first[steps]
            steps = self.previous[steps]
        return steps, is_before

    @property
    def count(self) -> int:
        """Number of steps."""
        return len(self.hours)

    @property
    def last(self) -> int:
        """Last step."""
        return self.count - 1

    @property
    def scale(self) -> Floats:
        """Hours of the year each step stands for: what turns MW into MWh a year. [h] (step,)"""
        return self.hours * self.weight


def _runs(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number runs of equal values from 0. (step,)"""
    return np.cumsum(np.diff(values, prepend=values[0]) != 0)


def _shares(horizon: Horizon, group: str, numbers: NDArray[np.int64]) -> Floats:
    """Share of each day or month that lies within the horizon. (group,)"""
    hours = np.bincount(numbers) * horizon.step
    if horizon.annual_costs == "full":
        return _full_shares(horizon, group, numbers)
    # A month more on both sides, so that days and months are whole there by the local clock and its changes.
    years, month = horizon.hourly_years(), 31 * 24
    wide = replace(years, start=years.start - month * _HOUR, count=years.count + 2 * month)
    calendar = wide.calendar()
    runs = _runs(calendar.month if group == "month" else calendar.day_of_year)
    firsts = horizon.stamps()[np.flatnonzero(np.diff(numbers, prepend=-1))]
    whole = np.bincount(runs)[runs[(firsts - wide.start) // _HOUR]]
    return np.minimum(hours / whole, 1.0)


def _full_shares(horizon: Horizon, group: str, numbers: NDArray[np.int64]) -> Floats:
    """Count every day and month touched in full. (group,)

    A month is touched where it is the same by the local clock and by UTC: the last hour of a year in UTC, in January
    for most of Europe, makes no thirteenth one.
    """
    utc = horizon.stamps().astype("datetime64[M]").astype(int) % 12 + 1
    is_touched = np.bincount(numbers, utc == horizon.calendar().month) > 0
    return np.where(is_touched | (not is_touched.any()) | (group != "month"), 1.0, 0.0)


def _year_length(horizon: Horizon) -> float:
    """Hours of a year, so that a leap year carries exactly one year's costs. [h]"""
    years = horizon.years()
    hours = horizon.hourly_years()
    return hours.step * hours.count / len(years)
