"""Time as data: one flat index of steps with arrays beside it; components never know how it was made."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from energysim.scenario.horizon import Horizon

HOURS_PER_YEAR = 8760.0

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

    @classmethod
    def from_horizon(cls, horizon: Horizon) -> Self:
        """Lay steps of one length along a horizon, one ring."""
        count = horizon.count
        is_first = np.zeros(count, bool)
        is_first[0] = True
        share = 1.0 if horizon.annual_costs == "full" else horizon.step * count / _year_length(horizon)
        return cls(
            stamps=horizon.stamps(),
            hours=np.full(count, float(horizon.step)),
            weight=np.ones(count),
            previous=np.r_[count - 1, np.arange(count - 1)],
            is_first=is_first,
            year_share=share,
        )

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


def _year_length(horizon: Horizon) -> float:
    """Hours of a year, so that a leap year carries exactly one year's costs. [h]"""
    years = horizon.years()
    hours = horizon.hourly_years()
    return hours.step * hours.count / len(years)
