"""Generated years beside real series, statistic by statistic; docs/region.md has the table and its tolerances.

Means over seeds are compared with means over real years: one year is chance in both.
"""

import gzip
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from energysim.scenario import load
from energysim.scenario.catalogue import table
from energysim.scenario.horizon import Horizon
from energysim.scenario.profiles import anomaly_of, climate_names, climate_of, electricity_price
from energysim.system import assemble
from tests.profiles.price_statistics import read_prices, statistics_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

YEAR = Horizon(np.datetime64("2030-01-01T00:00", "m"), 1.0, 8760)
MONTHS = YEAR.stamps()[::24].astype("datetime64[M]").astype(int) % 12
SEEDS = range(20)
KINDS = {"normal": 2019, "wet": 2020, "crisis": 2022, "volatile": 2023}
WINTER, SUMMER = (10, 11, 0, 1, 2), (4, 5, 6, 7, 8)


@cache
def weather(climate: str) -> list[Floats]:
    """Daily means of a year for each seed. (day,)"""
    return [climate_of(climate, YEAR, seed).reshape(365, 24).mean(axis=1) for seed in SEEDS]


@cache
def prices(kind: str) -> list[Floats]:
    """Hourly prices for each seed, without weather. (hour,)"""
    return [electricity_price("SE1", kind, YEAR, seed) for seed in range(10)]


def coldest(days: Floats, count: int) -> float:
    return float(np.convolve(days, np.ones(count) / count, "valid").min())


def after(values: Floats, steps: int) -> float:
    """Correlation with itself some steps later."""
    return float(np.corrcoef(values[steps:], values[:-steps])[0, 1])


def less_months(days: Floats, months: Ints) -> Floats:
    """Days less the mean of their month in their year."""
    return np.concatenate([days[months == month] - days[months == month].mean() for month in range(12)])


def ranks(values: Floats) -> Floats:
    return np.argsort(np.argsort(values)).astype(float)


def follows(price: Floats, temperature: Floats, months: Ints, wanted: tuple[int, ...]) -> float:
    """Rank correlation of daily means within months, on the average. [-]"""
    found = [
        np.corrcoef(ranks(price[months == month]), ranks(temperature[months == month]))[0, 1]
        for month in np.unique(months)
        if month % 12 in wanted and (months == month).sum() > 20
    ]
    return float(np.mean(found))


class Kallax:
    """Daily means of Luleå-Kallax, 1991 to 2020, year by year (SMHI)."""

    def __init__(self, folder: Path) -> None:
        path = folder / "weather" / "smhi_162860_lulea_daily_mean_1950_2022.csv"
        if not path.is_file():
            pytest.skip(f"the real series {path.name} is not there")
        year, month, day, degrees = np.genfromtxt(path, delimiter=",").T
        self.days = {
            f"{int(y)}-{int(m):02d}-{int(d):02d}": float(t)
            for y, m, d, t in zip(year, month, day, degrees, strict=True)
        }
        self.years = [degrees[year == one] for one in range(1991, 2021)]
        self.months = [month[year == one].astype(int) - 1 for one in range(1991, 2021)]

    def mean(self, statistic: Callable[[Floats, Ints], float]) -> float:
        return float(np.mean([statistic(*one) for one in zip(self.years, self.months, strict=True)]))


@pytest.fixture(scope="module")
def kallax(shared_data: Path) -> Kallax:
    return Kallax(shared_data)


@pytest.fixture(scope="module")
def real_prices(shared_data: Path) -> tuple[NDArray[np.datetime64], Floats]:
    """Hourly day-ahead prices of SE1 from 2016 on, with stamps in UTC."""
    path = shared_data / "derived" / "se1_day_ahead_utc_2016_2024-10-04.csv.gz"
    if not path.is_file():
        pytest.skip(f"the real series {path.name} is not there")
    return read_prices(path)


def year_of(real: tuple[NDArray[np.datetime64], Floats], year: int) -> Floats:
    """Prices of a year of 8 760 hours: 29 February is left out."""
    stamps, price = real
    is_leap_day = np.char.endswith(stamps.astype("datetime64[D]").astype(str), "-02-29")
    return price[(stamps.astype("datetime64[Y]") == np.datetime64(str(year))) & ~is_leap_day]


@pytest.mark.parametrize("climate", climate_names())
def test_the_coldest_day_of_every_climate_is_its_design_day(climate: str) -> None:
    """Within 0.1 K for every seed: a plan for a town meets the cold that its buildings are designed for."""
    design = float(table("climates").data[climate]["coldest_day"])

    assert [days.min() for days in weather(climate)] == pytest.approx([design] * len(SEEDS), abs=0.1)


def test_months_of_weather(kallax: Kallax) -> None:
    """Means within 0.1 K, spread of a month's days within a fifth, degree hours below 17 degC within 1 %."""
    for month in range(12):
        mean = kallax.mean(lambda days, months, m=month: days[months == m].mean())
        spread = kallax.mean(lambda days, months, m=month: days[months == m].std())

        assert np.mean([days[month == MONTHS].mean() for days in weather("lulea")]) == pytest.approx(mean, abs=0.1)
        assert np.mean([days[month == MONTHS].std() for days in weather("lulea")]) == pytest.approx(spread, rel=0.2)
    degrees = kallax.mean(lambda days, _: np.maximum(0.0, 17.0 - days).sum())
    assert np.mean([np.maximum(0.0, 17.0 - days).sum() for days in weather("lulea")]) == pytest.approx(
        degrees, rel=0.01
    )


@pytest.mark.parametrize(("days", "tolerance"), [(1, 0.07), (2, 0.16), (3, 0.19), (5, 0.15), (7, 0.06), (10, 0.05)])
def test_how_long_weather_lasts(kallax: Kallax, days: int, tolerance: float) -> None:
    """Memory of daily means: a day is right, two to five days are too alike (docs/region.md says so)."""
    real = kallax.mean(lambda values, months: after(less_months(values, months), days))
    made = np.mean([after(less_months(values, MONTHS), days) for values in weather("lulea")])

    assert made == pytest.approx(real, abs=tolerance)


@pytest.mark.parametrize(
    ("days", "ordinary", "hard"),
    [(1, 0.1, 0.1), (2, 0.7, 0.8), (3, 0.7, 1.3), (4, 0.9, 0.7), (5, 1.2, 1.0), (8, 1.8, 0.6), (14, 2.3, 1.6)],
)
def test_cold_spells(kallax: Kallax, days: int, ordinary: float, hard: float) -> None:
    """Coldest mean of some days: the median year, and the worst of thirty beside the cold winter."""
    spells = [coldest(year, days) for year in kallax.years]
    usual = float(np.median([coldest(year, days) for year in weather("lulea")]))
    cold = float(np.median([coldest(year, days) for year in weather("lulea_cold")]))

    assert usual == pytest.approx(float(np.median(spells)), abs=ordinary)
    assert cold == pytest.approx(min(spells), abs=hard)


@pytest.mark.parametrize("kind", KINDS)
def test_level_and_spread_of_prices(kind: str, real_prices: tuple[NDArray[np.datetime64], Floats]) -> None:
    """Mean within 3 %, spread of hours, days and weeks within 4, 4 and 13 %, a month within 7 % of the year's mean."""
    real, made = year_of(real_prices, KINDS[kind]), prices(kind)
    month = YEAR.stamps().astype("datetime64[M]").astype(int) % 12

    def of_days(values: Floats, days: int) -> float:
        return float(values[: 8760 // (24 * days) * 24 * days].reshape(-1, 24 * days).mean(axis=1).std())

    assert np.mean([values.mean() for values in made]) == pytest.approx(real.mean(), rel=0.03)
    assert np.mean([values.std() for values in made]) == pytest.approx(real.std(), rel=0.04)
    assert np.mean([of_days(values, 1) for values in made]) == pytest.approx(of_days(real, 1), rel=0.04)
    assert np.mean([of_days(values, 7) for values in made]) == pytest.approx(of_days(real, 7), rel=0.13)
    for one in range(12):
        ours = np.mean([values[month == one].mean() for values in made])
        assert ours == pytest.approx(real[month == one].mean(), abs=0.07 * real.mean())


@pytest.mark.parametrize(
    ("hours", "tolerance"), [(1, 0.04), (6, 0.1), (12, 0.12), (24, 0.11), (48, 0.14), (168, 0.24), (336, 0.24)]
)
@pytest.mark.parametrize("kind", KINDS)
def test_how_long_prices_last(
    kind: str, hours: int, tolerance: float, real_prices: tuple[NDArray[np.datetime64], Floats]
) -> None:
    """Memory from an hour to two weeks; the made years forget a little too soon (docs/region.md says so)."""
    real, made = year_of(real_prices, KINDS[kind]), prices(kind)

    assert np.mean([after(values, hours) for values in made]) == pytest.approx(after(real, hours), abs=tolerance)


@pytest.mark.parametrize("kind", KINDS)
def test_how_far_a_day_of_prices_spreads(kind: str, real_prices: tuple[NDArray[np.datetime64], Floats]) -> None:
    """From the least to the most of a day within 10 %, of calm, middling and wild days within a fifth.

    What a store of four hours wins, the four dearest less the four cheapest hours of each day, within 7 %.
    """
    real, made = year_of(real_prices, KINDS[kind]), prices(kind)

    def ranges(values: Floats) -> Floats:
        return np.asarray(np.ptp(values.reshape(-1, 24), axis=1))

    def won(values: Floats) -> float:
        ordered = np.sort(values.reshape(-1, 24), axis=1)
        return float((ordered[:, -4:] - ordered[:, :4]).sum(axis=1).mean())

    assert np.mean([ranges(values).mean() for values in made]) == pytest.approx(ranges(real).mean(), rel=0.1)
    assert np.mean([won(values) for values in made]) == pytest.approx(won(real), rel=0.07)
    for share in (0.25, 0.5, 0.75, 0.9):
        ours = np.mean([np.quantile(ranges(values), share) for values in made])
        assert ours == pytest.approx(np.quantile(ranges(real), share), rel=0.2), share


@pytest.mark.parametrize("kind", KINDS)
def test_days_differ_as_much_as_real_ones(kind: str, real_prices: tuple[NDArray[np.datetime64], Floats]) -> None:
    """Spread of the hours of a day, its logarithm less the month's: how unlike days are, and two days running."""
    stamps, price = real_prices
    wanted = statistics_of(stamps, price, KINDS[kind])["within"]
    made = [statistics_of(YEAR.stamps(), values, 2030)["within"] for values in prices(kind)]

    assert np.mean([one["variety"] for one in made]) == pytest.approx(wanted["variety"], rel=0.2)
    assert np.mean([one["memory"] for one in made]) == pytest.approx(wanted["memory"], abs=0.15)
    assert np.mean([one["with_level"] for one in made]) == pytest.approx(wanted["with_level"], abs=0.15)


@pytest.mark.parametrize("kind", KINDS)
def test_the_catalogue_holds_the_figures_of_the_real_year(
    kind: str, real_prices: tuple[NDArray[np.datetime64], Floats]
) -> None:
    """Every figure of a price year is computed from its series, to the digits printed."""
    found = statistics_of(*real_prices, KINDS[kind])
    row = table("electricity_prices").data[f"SE1_{kind}"]

    for part in ("days", "within"):
        assert row[part] == pytest.approx({key: found[part][key] for key in row[part]}, abs=6e-4)
    assert row["within_months"] == pytest.approx(found["within"]["months"], abs=6e-3)
    for part, digits in (("weekday", 6e-4), ("weekend", 6e-4), ("day_months", 6e-3), ("months", 6e-3)):
        assert np.asarray(row[part]) == pytest.approx(np.asarray(found[part]), abs=digits)


@pytest.mark.parametrize("kind", KINDS)
def test_cold_days_are_dear(kind: str, kallax: Kallax, real_prices: tuple[NDArray[np.datetime64], Floats]) -> None:
    """Rank correlation of days within months, 2016 to 2022: in winter within 0.1, in summer next to none in both."""
    stamps, price = real_prices
    known = stamps.astype("datetime64[D]") <= np.datetime64("2022-12-31")
    known &= stamps.astype("datetime64[D]") >= np.datetime64("2016-01-01")
    days, first = np.unique(stamps[known].astype("datetime64[D]"), return_index=True)
    means = np.add.reduceat(price[known], first) / np.diff(np.append(first, known.sum()))
    degrees = np.array([kallax.days[str(day)] for day in days])
    months = days.astype("datetime64[M]").astype(int)
    made = []
    for seed in range(10):
        outdoor = climate_of("lulea", YEAR, seed)
        daily = electricity_price("SE1", kind, YEAR, seed, anomaly_of(outdoor, YEAR)).reshape(-1, 24).mean(axis=1)
        made.append(
            [follows(daily, outdoor.reshape(-1, 24).mean(axis=1), MONTHS, wanted) for wanted in (WINTER, SUMMER)]
        )
    winter, summer = np.mean(made, axis=0)

    assert winter == pytest.approx(follows(means, degrees, months, WINTER), abs=0.1)
    assert summer == pytest.approx(follows(means, degrees, months, SUMMER), abs=0.1)


TOWN = """
scenario: A town of which load and weather are known
time: {{year: {year}}}
economy: {{currency: EUR, discount_rate: 5 %}}
places: {{town: {{climate: {{csv: weather.csv, column: outdoor, unit: degC}}}}}}
networks: {{heat: {{at: town, supply: 90 degC, return: 50 degC}}}}
components:
  homes: {{type: heat_demand, to: heat, annual: {annual} GWh, hot_water: 36 %, threshold: 15.5 degC}}
  shortage: {{type: unserved, to: heat, price: 1000 EUR/MWh}}
"""


@pytest.mark.parametrize("year", [2014, 2015, 2016])
def test_heat_load_on_its_own_weather(year: int, shared_data: Path, tmp_path: Path) -> None:
    """Flensburg's hourly load of three years, from its year's heat and its temperatures alone.

    Explained by more than 91 %, by days 93 %; peak within 5 %, mean of the hundred largest hours within 3 %; ordered by
    size the hours differ by less than 4.5 % of the mean. The share of hot water is its summer, the threshold its fit.
    """
    path = shared_data / "derived" / "flensburg_dh_load_temp_2014_2016.csv.gz"
    if not path.is_file():
        pytest.skip(f"the real series {path.name} is not there")
    rows = [row.split(",") for row in gzip.decompress(path.read_bytes()).decode().splitlines()[1:]]
    # Its rows show normal time all year, an hour ahead of UTC; the last hour of the years is that before it again.
    stamps = np.array([row[0][:16].replace(" ", "T") for row in rows], "datetime64[m]") - np.timedelta64(60, "m")
    own = stamps.astype("datetime64[Y]") == np.datetime64(str(year))
    load_of_town = np.array([float(row[1]) for row in rows])[own]
    weather_rows = [f"{stamp}Z,{row[2]}" for stamp, row, is_own in zip(stamps, rows, own, strict=True) if is_own]
    if not weather_rows[-1].startswith(f"{year}-12-31T23"):
        weather_rows.append(f"{year}-12-31T23:00Z,{rows[-1][2]}")
    (tmp_path / "weather.csv").write_text("time,outdoor\n" + "\n".join(weather_rows) + "\n", encoding="utf8")
    text = TOWN.format(year=year, annual=load_of_town.sum() / 1000.0)
    (tmp_path / "town.yaml").write_text(text, encoding="utf8")
    made = np.asarray(assemble(load(tmp_path / "town.yaml")).derived["homes", "demand"])[: len(load_of_town)]

    def explained(step: int) -> float:
        ours, theirs = (
            values[: len(values) // step * step].reshape(-1, step).mean(axis=1) for values in (made, load_of_town)
        )
        return float(1.0 - ((ours - theirs) ** 2).sum() / ((theirs - theirs.mean()) ** 2).sum())

    ours, theirs = np.sort(made)[::-1], np.sort(load_of_town)[::-1]
    assert explained(1) > 0.91
    assert explained(24) > 0.93
    assert ours[0] == pytest.approx(theirs[0], rel=0.05)
    assert ours[:100].mean() == pytest.approx(theirs[:100].mean(), rel=0.03)
    assert np.abs(ours - theirs).mean() < 0.045 * theirs.mean()
