"""Generated years against the statistics they are made from, and against real series."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from energysim.scenario.horizon import Horizon
from energysim.scenario.profiles import climate_names, climate_of, electricity_price
from energysim.traits.daily_life import SUMMER_DAY, WINTER_DAY, smoothed

YEAR = Horizon(np.datetime64("2030-01-01T00:00", "m"), 1.0, 8760)
LULEA_NORMALS = [-8.4, -8.8, -4.3, 1.0, 7.2, 13.1, 16.4, 14.6, 9.5, 2.9, -2.5, -6.0]


def daily(seed: int, climate: object = "lulea") -> np.ndarray:
    return climate_of(climate, YEAR, seed).reshape(365, 24).mean(axis=1)


def coldest(values: np.ndarray, days: int) -> float:
    return float(np.convolve(values, np.ones(days) / days, "valid").min())


@pytest.mark.parametrize("seed", range(4))
def test_monthly_means_are_the_normals(seed: int) -> None:
    month = YEAR.stamps()[::24].astype("datetime64[M]").astype(int) % 12
    means = [daily(seed)[month == number].mean() for number in range(12)]

    assert means == pytest.approx(LULEA_NORMALS, abs=0.02)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("climate", "days", "degrees"), [
    ("lulea", 1, -24.9), ("lulea", 3, -21.9), ("lulea", 5, -20.0),
    ("lulea_cold", 1, -37.5), ("lulea_cold", 3, -33.5), ("lulea_cold", 5, -28.6),
])  # fmt: skip
def test_cold_spells_reach_the_published_ones(climate: str, days: int, degrees: float, seed: int) -> None:
    """Coldest means of 1, 3 and 5 days: median year and worst of thirty (SMHI Luleå 1991-2020)."""
    assert coldest(daily(seed, climate), days) == pytest.approx(degrees, abs=0.3 if days == 1 else 3.5)


def test_the_same_seed_gives_the_same_weather() -> None:
    assert np.array_equal(climate_of("kiruna", YEAR, 5), climate_of("kiruna", YEAR, 5))
    assert not np.array_equal(climate_of("kiruna", YEAR, 5), climate_of("kiruna", YEAR, 6))


def test_a_shift_moves_every_hour() -> None:
    shifted = climate_of({"climate": "boden", "shift": "-3 K"}, YEAR, 1) - climate_of("boden", YEAR, 1)

    assert shifted == pytest.approx(-3.0)


def test_every_climate_is_plausible() -> None:
    for name in climate_names():
        values = climate_of(name, YEAR, 0)
        assert -45.0 < values.min() < -20.0, name
        assert 20.0 < values.max() < 36.0, name


@pytest.mark.parametrize(("kind", "mean", "spread", "negative", "dear"), [
    ("normal", 37.94, 9.9, 0, 2), ("wet", 14.39, 11.5, 9, 9),
    ("crisis", 59.06, 78.8, 29, 1373), ("volatile", 39.97, 34.2, 434, 484),
])  # fmt: skip
def test_price_years_have_the_published_statistics(
    kind: str, mean: float, spread: float, negative: int, dear: int
) -> None:
    """SE1 in 2019, 2020, 2022 and 2023: mean, spread, hours below 0 and above 100 EUR/MWh."""
    price = electricity_price("SE1", kind, YEAR, 0)

    assert price.mean() == pytest.approx(mean, rel=0.04)
    assert price.std() == pytest.approx(spread, rel=0.06)
    assert (price < 0.0).sum() == pytest.approx(negative, rel=0.15, abs=12)
    assert (price > 100.0).sum() == pytest.approx(dear, rel=0.15, abs=20)


@pytest.mark.parametrize(("kind", "year"), [("normal", 2019), ("volatile", 2023)])
def test_price_years_run_like_real_ones(kind: str, year: int, shared_data: Path) -> None:
    """How long highs and lows last: autocorrelation after an hour and a day, within 0.15 of the real series."""
    text = gzip.decompress((shared_data / "derived" / "se1_day_ahead_utc_2016_2024-10-04.csv.gz").read_bytes()).decode()
    rows = [line.split(",") for line in text.splitlines()[1:] if line.startswith(str(year))]
    real = np.array([float(value) for _, value in rows])
    made = electricity_price("SE1", kind, YEAR, 0)

    for lag in (1, 24):
        ours, theirs = (np.corrcoef(values[lag:], values[:-lag])[0, 1] for values in (made, real))
        assert ours == pytest.approx(theirs, abs=0.15)


def test_heat_load_runs_like_a_real_network(shared_data: Path) -> None:
    """The generator on Flensburg's own temperatures explains most of the real hourly load of three years."""
    text = gzip.decompress((shared_data / "derived" / "flensburg_dh_load_temp_2014_2016.csv.gz").read_bytes()).decode()
    header, *lines = text.splitlines()
    names = header.split(",")
    rows = [line.split(",") for line in lines]
    load, outdoor = (np.array([float(row[names.index(name)]) for row in rows]) for name in ("load", "temp"))
    hour = np.arange(len(load)) % 24
    degrees = np.maximum(0.0, 16.0 - smoothed(outdoor, 24.0)) * WINTER_DAY[hour]
    made = load.sum() * (0.64 * degrees / degrees.sum() + 0.36 * SUMMER_DAY[hour] / SUMMER_DAY[hour].sum())

    residual = ((load - made) ** 2).sum() / ((load - load.mean()) ** 2).sum()
    assert 1.0 - residual > 0.85
