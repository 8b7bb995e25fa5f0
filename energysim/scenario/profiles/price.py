"""Electricity prices with the statistics of published years: level, spread, shape of day and week, spikes."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from energysim.errors import SeriesError, suggestion
from energysim.scenario.catalogue import table
from energysim.scenario.horizon import Horizon
from energysim.scenario.profiles.ring import autoregressive

Floats = NDArray[np.float64]


COLD_PULL = np.array([0.5, 0.5, 0.5, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.5, 0.5])
"""How much a day's price level follows the cold, by month.

Rank correlation of daily means within months of 2016 to 2022, SE1 prices (ENTSO-E) and Luleå-Kallax (SMHI): -0.28 to
-0.51 from November to March, near zero else; hourly noise and shapes dilute 0.5 to that.
"""


def electricity_price(area: str, year_type: str, years: Horizon, seed: int, anomaly: Floats | None = None) -> Floats:
    r"""Generate hourly day-ahead prices.

    A latent score runs with the mean shape of weekdays and weekends, an autoregressive level of the day and
    autoregressive noise of the hour. Within each month its ranks are mapped to the published quantiles of that
    month, so that level, spread, spikes and negative hours come out as published while highs and lows last as
    long as they did.

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
    areas = sorted({key.split("_")[0] for key in rows if "_" in key})
    if area not in areas:
        raise SeriesError(f"There are no prices of the area '{area}'.", "", suggestion(area, areas))
    kinds = [key.split("_", 1)[1] for key in rows if key.startswith(f"{area}_")]
    if year_type not in kinds:
        raise SeriesError(f"There is no price year '{year_type}'.", "", suggestion(year_type, kinds))
    statistics = rows[f"{area}_{year_type}"]
    level = float(statistics.get("level", 1.0))
    statistics = rows[statistics["like"]] if "like" in statistics else statistics
    calendar = years.calendar()
    score = _score(statistics, calendar.local_hour, calendar.weekday >= 5, seed, _pulled(years, anomaly))
    month = years.stamps().astype("datetime64[M]").astype(int)
    shares = np.asarray(rows["quantiles"], float) / 100.0
    price = np.empty(years.count)
    for one in np.unique(month):
        own = month == one
        rank = (np.argsort(np.argsort(score[own])) + 0.5) / own.sum()
        price[own] = np.interp(rank, shares, statistics["months"][one % 12])
    return level * price


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


def _score(
    statistics: dict[str, Any],
    hour: NDArray[np.int64],
    is_weekend: NDArray[np.bool_],
    seed: int,
    pulled: tuple[Floats, Floats] | None,
) -> Floats:
    count = len(hour)
    generator = np.random.default_rng([seed, 7002])
    shape = np.where(is_weekend, np.asarray(statistics["weekend"])[hour], np.asarray(statistics["weekday"])[hour])
    days = autoregressive(-(-count // 24), statistics["day_memory"], generator)
    if pulled is not None:
        pull, cold = pulled
        days = np.sqrt(1.0 - pull**2) * days - pull * cold
    level = np.interp(np.arange(count), 24.0 * np.arange(len(days)) + 11.5, days)
    hours = _within_days(autoregressive(count, statistics["hour_memory"], generator))
    # Passing smoothly from day to day takes some spread away; it is given back.
    level /= level.std()
    return shape + statistics["day_spread"] * level + statistics["hour_spread"] * hours


def _within_days(noise: Floats) -> Floats:
    """Take the day's mean out of hourly noise; the level of the day is drawn apart."""
    whole = len(noise) // 24 * 24
    means = noise[:whole].reshape(-1, 24).mean(axis=1)
    return noise - np.append(np.repeat(means, 24), np.zeros(len(noise) - whole))
