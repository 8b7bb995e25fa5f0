"""Generated wind power against the statistics it is made from, and against the real fleet."""

import csv
from pathlib import Path

import numpy as np
import pytest

from energysim.errors import SeriesError
from energysim.scenario.horizon import Horizon
from energysim.scenario.profiles import wind_power

YEAR = Horizon(np.datetime64("2030-01-01T00:00", "m"), 1.0, 8760)
REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "derived" / "balmorel_se1_hourly_2012.csv"


def _after(values: np.ndarray, hours: int) -> float:
    """Correlation with itself some hours later."""
    return float(np.corrcoef(values[hours:], values[:-hours])[0, 1])


def test_quantiles_of_the_halves_of_the_year() -> None:
    """Half of the winter's hours lie below 20.8 % of the capacity, half of the summer's below 12.1 %."""
    output = wind_power("SE1", YEAR, 1)
    month = YEAR.calendar().month
    is_winter = (month >= 10) | (month <= 3)

    assert np.median(output[is_winter]) == pytest.approx(0.208, abs=0.002)
    assert np.median(output[~is_winter]) == pytest.approx(0.121, abs=0.002)


@pytest.mark.parametrize("mean", [0.1, 0.37, 0.6])
def test_another_mean_stays_within_the_capacity(mean: float) -> None:
    output = wind_power("SE1", YEAR, 1, mean)

    assert output.mean() == pytest.approx(mean, rel=1e-6)
    assert output.min() >= 0.0
    assert output.max() <= 1.0


def test_same_seed_same_wind() -> None:
    assert np.array_equal(wind_power("SE1", YEAR, 1), wind_power("SE1", YEAR, 1))
    assert not np.array_equal(wind_power("SE1", YEAR, 1), wind_power("SE1", YEAR, 2))


@pytest.mark.skipif(not REAL.is_file(), reason="the real series of 2012 is not beside the project")
def test_like_the_real_fleet_of_2012() -> None:
    """Mean and spread within 5 %, memory after 1, 6 and 24 hours within 0.06, over three seeds' mean."""
    with REAL.open(encoding="utf8") as stream:
        real = np.array([float(row["wind_mw_2012"]) for row in csv.DictReader(stream)])
    real /= real.max()
    ours = [wind_power("SE1", YEAR, seed) for seed in (1, 2, 3)]

    assert np.mean([values.mean() for values in ours]) == pytest.approx(real.mean(), rel=0.05)
    assert np.mean([values.std() for values in ours]) == pytest.approx(real.std(), rel=0.05)
    for hours in (1, 6, 24):
        assert np.mean([_after(values, hours) for values in ours]) == pytest.approx(_after(real, hours), abs=0.06)


@pytest.mark.parametrize(("area", "mean", "said"), [("SE9", None, "no wind of the area"), ("SE1", 1.2, "out of range")])
def test_what_is_not_known_is_refused(area: str, mean: float | None, said: str) -> None:
    with pytest.raises(SeriesError, match=said):
        wind_power(area, YEAR, 1, mean)
