"""Outdoor temperature from monthly normals, with seeded weather and cold spells."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from energysim.errors import SeriesError, suggestion
from energysim.scenario.catalogue import table
from energysim.scenario.horizon import Horizon

Floats = NDArray[np.float64]

_WINTER = (12, 1, 2)
_WARMEST_HOUR = 13.0
"""Hour of the day, UTC, when the daily course peaks (about 14 in local winter time)."""


def climate_names() -> tuple[str, ...]:
    """Names a place may give as its climate."""
    return tuple(table("climates").data)


def climate_of(spec: Any, years: Horizon, seed: int) -> Floats:
    """Generate the outdoor temperature for what a place says under ``climate``.

    Parameters
    ----------
    spec : str or mapping
        A name, or ``{climate: name, seed: 3, shift: -2}`` with the shift in K.
    years : Horizon
        Whole calendar years, hour by hour.
    seed : int
        The scenario's seed.

    Returns
    -------
    temperature : ndarray (hour,)
        [degC]
    """
    fields = {"climate": spec} if isinstance(spec, str) else dict(spec) if isinstance(spec, Mapping) else {}
    name = fields.pop("climate", None)
    climates = table("climates").data
    if not isinstance(name, str) or name not in climates:
        raise SeriesError(f"There is no climate '{name}'.", "", suggestion(str(name), climates))
    own_seed, shift = fields.pop("seed", seed), fields.pop("shift", 0.0)
    if fields:
        key = next(iter(fields))
        raise SeriesError(f"'{key}' is not understood in a climate.", "", suggestion(key, ("climate", "seed", "shift")))
    if isinstance(own_seed, bool) or not isinstance(own_seed, int) or own_seed < 0:
        raise SeriesError(f"seed '{own_seed}' is not a whole number from 0.")
    kelvin = str(shift).removesuffix("K").strip()
    try:
        warmer = float(kelvin)
    except ValueError:
        warmer = np.nan
    if not np.isfinite(warmer):
        raise SeriesError(f"shift '{shift}' is not a temperature difference.", "Write it as  shift: -2 K.")
    return outdoor_temperature(climates[name], years, own_seed) + warmer


def outdoor_temperature(climate: Mapping[str, Any], years: Horizon, seed: int) -> Floats:
    r"""Generate hourly temperatures.

    A smooth course runs through the monthly normals; day-to-day weather is an autoregressive process with the
    month's spread, longer tails to the cold in winter, stretched so that the coldest day of each year is the
    climate's; the sun adds a daily swing. Every month's mean is its normal.

    Parameters
    ----------
    climate : mapping
        ``normals``, ``spread``, ``swing`` (12 values), ``coldest_day``, ``memory``.
    years : Horizon
        Whole calendar years, hour by hour.
    seed : int
        Same seed, same weather.

    Returns
    -------
    temperature : ndarray (hour,)
        [degC]
    """
    days = years.stamps()[::24].astype("datetime64[D]")
    month = days.astype("datetime64[M]").astype(int) % 12 + 1
    year = days.astype("datetime64[Y]").astype(int)
    generator = np.random.default_rng([seed, 7001])
    daily = np.empty(len(days))
    for one in np.unique(year):
        own = year == one
        daily[own] = _days(climate, month[own], generator)
    hour = np.tile(np.arange(24.0), len(days))
    swing = np.repeat(np.asarray(climate["swing"], float)[month - 1], 24)
    course = np.cos(2.0 * np.pi * (hour - _WARMEST_HOUR) / 24.0)
    return _between_days(daily) + swing * course


def _days(climate: Mapping[str, Any], month: NDArray[np.int64], generator: np.random.Generator) -> Floats:
    """Daily means of one year."""
    normals = np.asarray(climate["normals"], float)
    spread = np.asarray(climate["spread"], float)[month - 1]
    middles = np.array([np.flatnonzero(month == m).mean() for m in range(1, 13)])
    around = np.r_[middles[-1] - len(month), middles, middles[0] + len(month)]
    smooth = np.interp(np.arange(len(month)), around, normals[[11, *range(12), 0]])
    weather = _autoregressive(len(month), float(climate["memory"]), generator)
    is_winter = np.isin(month, _WINTER)
    # Winter weather has its long tail on the cold side: clear, still days cool on.
    tail = np.where(is_winter, -0.10, 0.0)
    weather = (weather + tail * (weather**2 - 1.0)) / np.sqrt(1.0 + 2.0 * tail**2)

    def year_with(stretch: float) -> Floats:
        stretched = np.where(is_winter & (weather < 0.0), weather * stretch, weather)
        return _with_monthly_means(smooth + spread * stretched, month, normals)

    low, high = 0.2, 4.0
    for _ in range(40):
        middle = (low + high) / 2.0
        low, high = (middle, high) if year_with(middle).min() > float(climate["coldest_day"]) else (low, middle)
    return year_with((low + high) / 2.0)


def _with_monthly_means(values: Floats, month: NDArray[np.int64], normals: Floats) -> Floats:
    counts = np.bincount(month, minlength=13)[1:]
    means = np.bincount(month, values, minlength=13)[1:] / counts
    return values + (normals - means)[month - 1]


def _autoregressive(count: int, memory: float, generator: np.random.Generator) -> Floats:
    """Unit-variance autoregressive noise; a loop over days, of which there are few."""
    noise = generator.normal(size=count)
    values = np.empty(count)
    values[0] = noise[0]
    for day in range(1, count):
        values[day] = memory * values[day - 1] + np.sqrt(1.0 - memory**2) * noise[day]
    return (values - values.mean()) / values.std()


def _between_days(daily: Floats) -> Floats:
    """Pass smoothly from day to day without changing any day's mean."""
    hours = np.arange(len(daily) * 24)
    smooth = np.interp(hours, np.arange(len(daily)) * 24 + 11.5, daily)
    drift = smooth.reshape(-1, 24).mean(axis=1)
    return smooth + np.repeat(daily - drift, 24)
