"""Generated years against the statistics they are made from, and against real series."""

from pathlib import Path

import numpy as np
import pytest

from energysim.scenario import load
from energysim.scenario.horizon import Horizon
from energysim.scenario.profiles import anomaly_of, climate_names, climate_of, electricity_price

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


def test_prices_of_a_scenario_follow_the_cold_where_it_is_asked_for(tmp_path: Path) -> None:
    """With  climate: lulea  its own weather, of the scenario's seed, makes winter days dear; without, none does."""
    text = """
scenario: A town
time: {year: 2030}
economy: {currency: EUR, discount_rate: 5 %}
places: {town: {climate: lulea}}
networks: {power: {carrier: electricity, at: town}}
components:
  plain: {type: electricity_market, to: power, price: {profile: electricity_price, area: SE1, year_type: normal}}
  cold: {type: electricity_market, to: power, price: {profile: electricity_price, area: SE1, climate: lulea}}
"""
    (tmp_path / "town.yaml").write_text(text, encoding="utf8")
    scenario = load(tmp_path / "town.yaml")
    outdoor = scenario.places["town"].outdoor
    cold, plain = (np.asarray(scenario.components[name].price) for name in ("cold", "plain"))

    assert np.array_equal(cold, electricity_price("SE1", "normal", YEAR, 0, anomaly_of(outdoor, YEAR)))
    assert np.array_equal(plain, electricity_price("SE1", "normal", YEAR, 0))
    assert not np.array_equal(cold, plain)
