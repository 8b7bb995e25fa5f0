"""Real files, where they lie beside the checkout."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from energysim.errors import SeriesError
from energysim.readers.formats import import_files
from energysim.readers.imported import Asked
from tests.readers.conftest import utc

Real = Callable[[str], Path]

# Mean, least and most of each local year [EUR/MWh], computed from the same files by other code.
YEARS = {2016: (28.95, 4.0, 214), 2019: (37.94, 0.1, 108), 2022: (59.06, -2.1, 590), 2023: (39.97, -60.0, 332)}


@pytest.mark.parametrize("year", YEARS)
def test_a_year_of_prices_is_whole_and_has_the_known_statistics(real: Real, year: int) -> None:
    series = import_files("entsoe", [real(f"prices_se1/SE1_{year}_entsoe.csv")], Asked())
    mean, least, most = YEARS[year]

    assert len(series.stamps) == (8784 if year % 4 == 0 else 8760)
    assert not np.isnan(series.values).any()
    assert series.values.mean() == pytest.approx(mean, abs=0.005)
    assert series.values.min() == pytest.approx(least, abs=0.06)
    assert series.values.max() == pytest.approx(most, abs=0.6)


def test_nine_years_joined_equal_the_series_made_by_other_code(real: Real) -> None:
    files = [real(f"prices_se1/SE1_{year}_entsoe.csv") for year in range(2016, 2025)]
    other = np.genfromtxt(
        real("derived/se1_day_ahead_utc_2016_2024-10-04.csv.gz"), delimiter=",", skip_header=1, usecols=1
    )
    series = import_files("entsoe", files, Asked())

    assert series.stamps[0] == utc("2015-12-31T23:00")
    np.testing.assert_array_equal(series.values[:, 0], other)


def test_packed_prices_of_another_area(real: Real) -> None:
    series = import_files("entsoe", [real("prices_se1/SE3_2022_entsoe.csv.gz")], Asked())

    assert series.names == ("Day-ahead Price SE3",)
    assert len(series.stamps) == 8760


def test_a_weather_station_with_holes_keeps_them(real: Real) -> None:
    """93 hours are absent and two more are empty; none of them is filled."""
    path = real("weather/fmi_101846_kemi_ajos_hourly_2023_2024-02.csv")
    series = import_files("table", [path], Asked(units=("degC", "m/s")))

    assert np.isnan(series.values).sum(axis=0).tolist() == [95, 93]


def test_a_heat_load_in_normal_time_all_year(real: Real) -> None:
    """Its rows show no summer time: by the wall clock an hour of spring would not exist."""
    path = real("dh_load/flensburg_data_dummies_index.csv.gz")
    with pytest.raises(SeriesError, match="2014-03-30 02:00 does not exist in Europe/Berlin"):
        import_files("table", [path], Asked(clock="Europe/Berlin", columns=("load",), units=("MW",)))

    series = import_files("table", [path], Asked(clock="Etc/GMT-1", columns=("load",), units=("MW",)))

    assert len(series.stamps) == 26304
    assert series.values.max() == pytest.approx(383.0, abs=0.5)


def test_semicolons_and_several_units(real: Real) -> None:
    path = real("dh_load/oemof_district_heating_supply_input_data_2019.csv")
    units = ("MW", "EUR/MWh", "EUR/MWh", "t/MWh")
    series = import_files("table", [path], Asked(clock="Etc/GMT-1", units=units))

    assert series.units == units
    assert series.values[:, 0].sum() == pytest.approx(66_500, rel=0.001)
