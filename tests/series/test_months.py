"""Twelve values for the months of a year, and generated wind, as a scenario writes them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from energysim.errors import ScenarioError
from energysim.scenario import load

SCENARIO = """\
scenario: A river
time: {start: 2030-01-31T22:00, duration: 3 h}
economy: {currency: EUR, price_year: 2025, discount_rate: 5 %}
networks: {grid: {carrier: electricity}}
components:
  sale: {type: sink, from: grid}
  park: {type: wind, to: grid, capacity: 10 MW, profile: PROFILE}
"""
MONTHS = "[10 %, 20 %, 30 %, 40 %, 50 %, 60 %, 50 %, 40 %, 30 %, 20 %, 10 %, 5 %]"

Written = Callable[[str], Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """A scenario with one profile as written."""

    def write(profile: str) -> Path:
        path = tmp_path / "river.yaml"
        path.write_text(SCENARIO.replace("PROFILE", profile), encoding="utf8")
        return path

    return write


@pytest.mark.parametrize("profile", [f"{{months: {MONTHS}}}", f"{{months: {MONTHS.replace(' %', '')}, unit: '%'}}"])
def test_each_month_by_the_local_clock(written: Written, profile: str) -> None:
    """22 UTC is 23 o'clock in January; the next two hours are February's."""
    park = load(written(profile)).components["park"]

    assert park.profile == pytest.approx(np.array([0.1, 0.2, 0.2]))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        ("{months: [10 %, 20 %]}", "'months' has 2 values. It needs twelve, from January to December."),
        ("{months: 10 %}", "'months' has '10 %'. It needs twelve"),
        (f"{{months: {MONTHS.replace('60 %', '60 MW')}}}", "60 MW is a power"),
        (f"{{months: {MONTHS.replace('60 %', '160 %')}}}", "1.6 at step|out of range|1.6"),
        (f"{{months: {MONTHS}, mean: 3 %}}", "'mean' is not understood in a series"),
        ("{profile: wind_powr}", "no profile 'wind_powr'. Did you mean 'wind_power'"),
        ("{profile: wind_power, year_type: wet}", "'year_type' is not understood for wind"),
        ("{profile: wind_power, mean: 120 %}", "mean output of 1.2 is out of range"),
        ("{profile: wind_power, area: SE9}", "no wind of the area 'SE9'"),
    ],
)
def test_wrong_series_are_told_with_their_line(written: Written, profile: str, said: str) -> None:
    path = written(profile)
    path.write_text(path.read_text(encoding="utf8").replace("start: 2030-01-31T22:00", "start: 2030-06-01"), "utf8")
    with pytest.raises(ScenarioError, match=said) as raised:
        load(path)

    assert [problem.where.line for problem in raised.value.problems if problem.where is not None] == [7]
