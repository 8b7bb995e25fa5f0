"""Wind power with the statistics of a fleet: how often how much, by half of the year, and how long it lasts."""

import numpy as np
from numpy.typing import NDArray

from energysim.errors import SeriesError, suggestion
from energysim.scenario.catalogue import table
from energysim.scenario.horizon import Horizon
from energysim.scenario.profiles.ring import autoregressive

Floats = NDArray[np.float64]

FRONT = 3
"""Hours a change of wind takes to pass over a fleet. [h]"""


def wind_power(area: str, years: Horizon, seed: int, mean: float | None = None) -> Floats:
    r"""Generate the hourly output of a wind fleet over its capacity.

    Autoregressive noise, averaged over the hours a front takes to pass the fleet, is mapped by its ranks to the
    published quantiles of each half of the year. To another mean it is raised to a power, :math:`f^\gamma`, so that
    calm stays calm and nothing exceeds the capacity; newer turbines with larger rotors differ from older ones so.

    Parameters
    ----------
    area : str
        Fleet of the catalogue; SE1.
    years : Horizon
        Whole calendar years, hour by hour.
    seed : int
        Same seed, same wind.
    mean : float, optional
        Mean of the output over capacity, above 0 and below 1; that of the statistics where absent.

    Returns
    -------
    output : ndarray (hour,)
        From 0 to 1.

    Raises
    ------
    SeriesError
        For an unknown fleet, or a mean outside its range.
    """
    rows = table("wind").data
    if area not in rows:
        raise SeriesError(f"There is no wind of the area '{area}'.", "", suggestion(area, rows))
    if mean is not None and not 0.0 < mean < 1.0:
        raise SeriesError(f"A mean output of {mean:g} is out of range.", "It is above 0 and below 1, such as 36 %.")
    row = rows[area]
    noise = autoregressive(years.count, float(row["hour_memory"]), np.random.default_rng([seed, 7003]))
    noise = np.sum([np.roll(noise, hour) for hour in range(FRONT)], axis=0)
    month = years.calendar().month
    is_winter = (month >= 10) | (month <= 3)
    shares = np.asarray(row["quantiles"], float) / 100.0
    output = np.empty(years.count)
    for own, quantiles in ((is_winter, row["winter"]), (~is_winter, row["summer"])):
        rank = (np.argsort(np.argsort(noise[own])) + 0.5) / own.sum()
        output[own] = np.interp(rank, shares, quantiles)
    return output if mean is None else _with_mean(output, mean)


def _with_mean(output: Floats, mean: float) -> Floats:
    """Raise to the power that gives the mean, found by halving."""
    low, high = 0.01, 20.0
    for _ in range(60):
        middle = (low * high) ** 0.5
        low, high = (middle, high) if float((output**middle).mean()) > mean else (low, middle)
    return np.asarray(output ** ((low * high) ** 0.5))
