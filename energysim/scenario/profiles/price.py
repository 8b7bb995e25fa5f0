"""Electricity prices with the statistics of published years: level, spread, shape of day and week, spikes."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from energysim.errors import SeriesError, suggestion
from energysim.scenario.catalogue import table
from energysim.scenario.horizon import Horizon
from energysim.scenario.profiles.ring import autoregressive

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


COLD_PULL = np.array([0.5, 0.5, 0.5, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.5, 0.5])
"""How much a day's price level follows the cold, by month.

Rank correlation of daily means within months of 2016 to 2022, SE1 prices (ENTSO-E) and Luleå-Kallax (SMHI): -0.28 to
-0.51 from November to March, near zero else; hourly noise and shapes dilute 0.5 to that.
"""


def electricity_price(area: str, year_type: str, years: Horizon, seed: int, anomaly: Floats | None = None) -> Floats:
    r"""Generate hourly day-ahead prices.

    Days first: an autoregressive score, higher on weekdays and, where asked, in the cold, takes its place among the
    published means of the month's days. Then hours: the mean shape of weekdays and weekends and autoregressive noise,
    stretched to the day's own spread. That spread is lognormal about its month's, remembers the day before and goes
    with the day's level: most days are calm and a few are wild, as published, where one spread for all would let every
    day range by a third too far. At last the hours of each month take the month's published quantiles, so that level,
    spikes and negative hours come out as published.

    Parameters
    ----------
    area : str
        Bidding zone, SE1 or SE2.
    year_type : str
        ``normal`` (2019), ``wet`` (2020), ``crisis`` (2022) or ``volatile`` (2023).
    years : Horizon
        Whole calendar years, hour by hour.
    seed : int
        Same seed, same prices.
    anomaly : ndarray (day,), optional
        Daily mean temperature less its month's mean, over its month's spread: cold days become dear in winter.

    Returns
    -------
    price : ndarray (hour,)
        [EUR/MWh]
    """
    rows = table("electricity_prices").data
    areas = sorted({key.split("_")[0] for key in rows if key.startswith("SE")})
    if area not in areas:
        raise SeriesError(f"There are no prices of the area '{area}'.", "", suggestion(area, areas))
    kinds = [key.split("_", 1)[1] for key in rows if key.startswith(f"{area}_")]
    if year_type not in kinds:
        raise SeriesError(f"There is no price year '{year_type}'.", "", suggestion(year_type, kinds))
    statistics = rows[f"{area}_{year_type}"]
    level = float(statistics.get("level", 1.0))
    statistics = rows[statistics["like"]] if "like" in statistics else statistics
    generator = np.random.default_rng([seed, 7002])
    month = years.stamps()[: years.count // 24 * 24].astype("datetime64[M]").astype(int)
    score = _day_score(statistics["days"], years, month[::24], generator, _pulled(years, anomaly))
    mean = _placed(score, month[::24], rows["day_quantiles"], statistics["day_months"])
    spread = _day_spread(statistics, score, month[::24], generator)
    hours = (mean[:, None] + _within_days(statistics, mean, spread, years, generator)).ravel()
    return level * _placed(hours, month, rows["quantiles"], statistics["months"])


def anomaly_of(outdoor: Floats, years: Horizon) -> Floats:
    """How far each day is from its month's mean temperature, over the spread of the month's days.

    Parameters
    ----------
    outdoor : ndarray (hour,)
        Temperature of whole calendar years. [degC]
    years : Horizon
        The same years, hour by hour.

    Returns
    -------
    anomaly : ndarray (day,)
        In spreads; negative on cold days.
    """
    daily = outdoor[: len(outdoor) // 24 * 24].reshape(-1, 24).mean(axis=1)
    month = years.stamps()[::24].astype("datetime64[M]").astype(int)
    month = (month - month[0])[: len(daily)]
    counts = np.bincount(month)
    off = daily - (np.bincount(month, daily) / counts)[month]
    spread = np.sqrt(np.bincount(month, off**2) / counts)[month]
    return np.asarray(off / np.where(spread > 0.0, spread, 1.0), float)


def _pulled(years: Horizon, anomaly: Floats | None) -> tuple[Floats, Floats] | None:
    """Pull of the cold and the anomaly of each day."""
    if anomaly is None:
        return None
    days = years.stamps()[::24].astype("datetime64[M]").astype(int) % 12
    return COLD_PULL[days], anomaly


def by_month(days: Floats, month: Ints) -> Floats:
    """Take each month's mean out and bring its spread to one: statistics of days are those within months. (day,)"""
    number = month - month.min()
    counts = np.maximum(1, np.bincount(number))
    off = days - (np.bincount(number, days) / counts)[number]
    spread = np.sqrt(np.bincount(number, off**2) / counts)[number]
    return np.asarray(off / np.where(spread > 0.0, spread, 1.0))


def _day_score(
    days: dict[str, float],
    years: Horizon,
    month: Ints,
    generator: np.random.Generator,
    pulled: tuple[Floats, Floats] | None,
) -> Floats:
    """How dear each day is within its month. (day,) [-]"""
    own = by_month(autoregressive(len(month), days["memory"], generator), month)
    if pulled is not None:
        pull, cold = pulled
        own = np.sqrt(1.0 - pull**2) * own - pull * cold
    is_weekend = years.calendar().weekday[12::24] >= 5
    return np.asarray(days["spread"] * own + np.where(is_weekend, days["weekend"], days["weekday"]))


def _day_spread(statistics: dict[str, Any], score: Floats, month: Ints, generator: np.random.Generator) -> Floats:
    """Standard deviation of the hours of each day. (day,) [EUR/MWh]"""
    within = statistics["within"]
    share = within["with_level"]
    own = autoregressive(len(month), within["memory"], generator)
    lively = share * by_month(score, month) + np.sqrt(1.0 - share**2) * own
    usual = np.asarray(statistics["within_months"], float)[month % 12]
    return np.asarray(usual * np.exp(within["variety"] * lively))


def _within_days(
    statistics: dict[str, Any], mean: Floats, spread: Floats, years: Horizon, generator: np.random.Generator
) -> Floats:
    """What hours lie above the mean of their day. (day, hour) [EUR/MWh]

    The level passes from the middle of a day to that of the next, so that midnight is no step.
    """
    calendar, count = years.calendar(), 24 * len(mean)
    shapes = np.array([statistics["weekday"], statistics["weekend"]])
    shape = shapes[(calendar.weekday[:count] >= 5).astype(int), calendar.local_hour[:count]].reshape(-1, 24)
    noise = _less_days(autoregressive(count, statistics["within"]["noise_memory"], generator).reshape(-1, 24))
    passing = np.interp(np.arange(count), 24.0 * np.arange(len(mean)) + 11.5, mean).reshape(-1, 24)
    unit = shape + statistics["within"]["noise"] * noise / noise.std()
    off = _less_days(passing + spread[:, None] * unit)
    return np.asarray(off * (spread / off.std(axis=1))[:, None])


def _less_days(values: Floats) -> Floats:
    return values - values.mean(axis=1)[:, None]


def _placed(values: Floats, month: Ints, percent: list[float], months: list[list[float]]) -> Floats:
    """Give each value the published quantile of its rank within its month. [EUR/MWh]"""
    found = np.empty(len(values))
    for one in np.unique(month):
        own = month == one
        rank = (np.argsort(np.argsort(values[own])) + 0.5) / own.sum()
        found[own] = np.interp(rank, np.asarray(percent, float) / 100.0, months[one % 12])
    return found
