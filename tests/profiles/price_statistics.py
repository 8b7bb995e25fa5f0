"""How the figures of the catalogue's price years are found from a year of hourly prices.

`python -m tests.profiles.price_statistics SERIES` prints them from a CSV with stamps in UTC and prices in EUR/MWh.
"""

import gzip
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from energysim.scenario.horizon import Horizon
from energysim.scenario.profiles.price import by_month
from energysim.scenario.profiles.ring import autoregressive

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HOURS = [0, 1, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99, 100]
DAYS = [0, 10, 25, 50, 75, 90, 100]
LEAST = 0.05
"""Least spread of a day, so that its logarithm exists. [EUR/MWh]"""


def read_prices(path: Path) -> tuple[NDArray[np.datetime64], Floats]:
    """Stamps and prices of a compressed CSV. (hour,), (hour,) [EUR/MWh]"""
    rows = [row.split(",") for row in gzip.decompress(path.read_bytes()).decode().splitlines()[1:]]
    return np.array([row[0][:16] for row in rows], "datetime64[m]"), np.array([float(row[1]) for row in rows])


def statistics_of(stamps: NDArray[np.datetime64], price: Floats, year: int) -> dict[str, Any]:
    """Figures of one year, 29 February left out.

    A day has a mean and a spread, the standard deviation of its hours. Scores are normal ones: a day's place among the
    means of its month. Shapes are what hours lie above the day's mean, over its spread.
    """
    horizon = Horizon(np.datetime64(f"{year}-01-01T00:00", "m"), 1.0, 8784 if year % 4 == 0 else 8760)
    calendar, kept = horizon.calendar(), ~_is_leap_day(horizon.stamps())
    hour, is_weekend = calendar.local_hour[kept], calendar.weekday[kept] >= 5
    keep = (stamps.astype("datetime64[Y]") == np.datetime64(str(year))) & ~_is_leap_day(stamps)
    month = stamps[keep].astype("datetime64[M]").astype(int) % 12
    days, months, weekend = price[keep].reshape(-1, 24), month[::24], is_weekend[12::24]
    mean, spread = days.mean(axis=1), np.maximum(LEAST, days.std(axis=1))
    score = np.empty(len(mean))
    for one in range(12):
        score[months == one] = norm.ppf((np.argsort(np.argsort(mean[months == one])) + 0.5) / (months == one).sum())
    offset = {name: score[weekend == flag].mean() for name, flag in (("weekday", False), ("weekend", True))}
    logs = np.log(spread)
    usual = np.array([logs[months == one].mean() for one in range(12)])
    off = logs - usual[months]
    unit = ((days - mean[:, None]) / spread[:, None]).ravel()
    shapes = np.array([[unit[(hour == h) & (is_weekend == flag)].mean() for h in range(24)] for flag in (False, True)])
    noise = unit - shapes[is_weekend.astype(int), hour]
    steady = mean - np.array([mean[months == one].mean() for one in range(12)])[months]
    return {
        "days": offset
        | {
            "spread": (score - np.where(weekend, offset["weekend"], offset["weekday"])).std(),
            "memory": _memory_behind(sum(after(steady, lag) for lag in range(1, 8)), _days_shown(months)),
        },
        "within": {
            "variety": off.std(),
            "memory": after(off, 1),
            "with_level": float(np.corrcoef(off, score)[0, 1]),
            "noise": noise.std(),
            "noise_memory": _memory_behind(after(noise, 1), _hours_shown),
            "months": np.exp(usual),
        },
        "weekday": shapes[0],
        "weekend": shapes[1],
        "day_months": [np.percentile(mean[months == one], DAYS) for one in range(12)],
        "months": [np.percentile(price[keep][month == one], HOURS) for one in range(12)],
    }


def _is_leap_day(stamps: NDArray[np.datetime64]) -> NDArray[np.bool_]:
    return np.char.endswith(stamps.astype("datetime64[D]").astype(str), "-02-29")


def after(values: Floats, steps: int) -> float:
    """Correlation with itself some steps later. [-]"""
    return float(np.corrcoef(values[steps:], values[:-steps])[0, 1])


def _days_shown(months: Ints) -> Callable[[float], float]:
    """What days of a given memory show once the means of months are taken out: the sum of a week's correlations."""

    def shown(memory: float) -> float:
        made = [by_month(autoregressive(len(months), memory, np.random.default_rng(n)), months) for n in range(100)]
        return float(np.mean([sum(after(one, lag) for lag in range(1, 8)) for one in made]))

    return shown


def _hours_shown(memory: float) -> float:
    """What hours of a given memory show once the means of days are taken out: the correlation of neighbours."""
    made = [autoregressive(8760, memory, np.random.default_rng(n)).reshape(-1, 24) for n in range(10)]
    return float(np.mean([after((one - one.mean(axis=1)[:, None]).ravel(), 1) for one in made]))


def _memory_behind(seen: float, shown: Callable[[float], float]) -> float:
    """Memory of an autoregressive series that shows what was seen; by halving, at most 0.95."""
    low, high = 0.3, 0.95
    for _ in range(10):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if shown(middle) < seen else (low, middle)
    return 0.5 * (low + high)


def _row(values: Any, digits: int) -> str:
    return "[" + ", ".join(f"{float(value):.{digits}f}".rstrip("0").rstrip(".") for value in values) + "]"


def text_of(name: str, year: int, found: dict[str, Any]) -> str:
    """The entry of the catalogue."""
    days, within = found["days"], {key: value for key, value in found["within"].items() if key != "months"}
    lines = [
        f"{name}:",
        f"year: {year}",
        f"source: ENTSO-E Transparency Platform, day-ahead SE1 {year}, statistics computed",
    ]
    lines += ["confidence: known"]
    for part, row in (("days", days), ("within", within)):
        lines.append(f"{part}: {{{', '.join(f'{key}: {value:.3f}' for key, value in row.items())}}}")
    lines.append(f"within_months: {_row(found['within']['months'], 2)}")
    lines += [f"{part}: {_row(found[part], 3)}" for part in ("weekday", "weekend")]
    for part in ("day_months", "months"):
        lines += [f"{part}:", *(f"  - {_row(row, 2)}" for row in found[part])]
    return "\n  ".join(lines) + "\n"


if __name__ == "__main__":
    series = read_prices(Path(sys.argv[1]))
    for kind, of in {"normal": 2019, "wet": 2020, "crisis": 2022, "volatile": 2023}.items():
        sys.stdout.write(text_of(f"SE1_{kind}", of, statistics_of(*series, of)))
