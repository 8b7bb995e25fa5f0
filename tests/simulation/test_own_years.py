"""Price and weather years of the user's own: drawn with the seed or in turn, and what is wrong with them is told."""

from pathlib import Path

import numpy as np
import pytest

from energysim.api import Asked, run
from energysim.errors import ScenarioError
from energysim.scenario import Scenario, load
from energysim.simulation.years import drawn

HOURS = 48
TOWN = """
scenario: A town
time: {{start: 2030-01-01, duration: 2 d}}
economy: {{currency: EUR, discount_rate: 5 %, exchange: {{SEK: 0.0892857142857 EUR}}}}
places: {{town: {{climate: lulea}}}}
networks:
  heat: {{carrier: heat, at: town}}
  grid: {{carrier: electricity, at: town}}
simulation:
  policy: greedy
  compare: [greedy]
  years: {{outages: false, own: {own}}}
components:
  demand: {{type: heat_demand, to: heat, load: 10 MW}}
  boiler: {{type: electric_boiler, power: grid, to: heat, capacity: 14 MW, efficiency: 100 %}}
  spot: {{type: electricity_market, to: grid, price: 50 EUR/MWh, sell_limit: 0 MW}}
  short: {{type: unserved, to: heat, price: 3000 EUR/MWh}}
"""
THREE = (
    "prices: {spot: [{csv: prices.csv, column: low, unit: EUR/MWh}, {csv: prices.csv, column: high, unit: SEK/kWh}, "
    "{csv: prices.csv, column: low, unit: EUR/MWh, scale: 3}]}"
)


def town(folder: Path, own: str) -> Path:
    """Two days with prices of 10 and, in SEK/kWh, 0.224 (20 EUR/MWh at 11.2), and a year of temperatures."""
    hours = np.datetime64("2030-01-01T00:00", "m") + np.arange(HOURS) * np.timedelta64(60, "m")
    rows = "\n".join(f"{hour}Z,10,0.224" for hour in hours)
    (folder / "prices.csv").write_text(f"time,low,high\n{rows}\n", encoding="utf8")
    year = np.datetime64("2030-01-01T00:00", "m") + np.arange(8760) * np.timedelta64(60, "m")
    cold = "\n".join(f"{hour}Z,-30,-10" for hour in year)
    (folder / "weather.csv").write_text(f"time,cold,mild\n{cold}\n", encoding="utf8")
    (folder / "town.yaml").write_text(TOWN.format(own="{" + own + "}"), encoding="utf8")
    return folder / "town.yaml"


def price(scenario: Scenario) -> float:
    values = np.asarray(scenario.components["spot"].price)  # type: ignore[attr-defined]
    assert np.ptp(values) < 1e-9
    return float(values.mean())


def test_in_turn_year_by_year(tmp_path: Path) -> None:
    """Year 1 takes the first, 2 the second, 3 the third and 4 the first again; each in its own unit and scale."""
    scenario = load(town(tmp_path, f"take: in_turn, {THREE}"))

    assert [price(drawn(scenario, 5, number)) for number in (1, 2, 3, 4)] == pytest.approx([10.0, 20.0, 30.0, 10.0])
    assert price(scenario) == 50.0


def test_drawn_with_the_seed(tmp_path: Path) -> None:
    """Each as likely: a third of 300 years within five standard errors; the same seed, the same years."""
    scenario = load(town(tmp_path, THREE))
    years = [round(price(drawn(scenario, 5, number))) for number in range(1, 301)]

    assert [years.count(one) for one in (10, 20, 30)] == pytest.approx([100] * 3, abs=41)
    assert years[:20] == [round(price(drawn(scenario, 5, number))) for number in range(1, 21)]
    assert years[:20] != [round(price(drawn(scenario, 6, number))) for number in range(1, 21)]


def test_prices_and_weather_of_a_year_stay_together(tmp_path: Path) -> None:
    """The second year is dear and mild, the first cheap and cold: never dear and cold."""
    two = "{csv: prices.csv, column: low, unit: EUR/MWh}, {csv: prices.csv, column: high, unit: SEK/kWh}"
    cold = "{csv: weather.csv, column: cold, unit: degC}, {csv: weather.csv, column: mild, unit: degC}"
    scenario = load(town(tmp_path, f"prices: {{spot: [{two}]}}, weather: {{town: [{cold}]}}"))
    seen = set()
    for number in range(1, 30):
        year = drawn(scenario, 1, number)
        outdoor = year.places["town"].outdoor
        assert outdoor is not None
        seen.add((round(price(year)), round(float(outdoor.mean()))))

    assert seen == {(10, -30), (20, -10)}


def test_the_cost_of_simulated_years(tmp_path: Path) -> None:
    """10 MW for 48 hours at 10, 20 and 30 EUR/MWh: 4 800, 9 600 and 14 400 EUR; the plan is made at 50."""
    results = run(town(tmp_path, f"take: in_turn, {THREE}"), engine=Asked(years=3, seed=1))

    assert results.attrs["objective"] == pytest.approx(24_000.0)
    assert results.year_cost.values == pytest.approx([4800.0, 9600.0, 14_400.0])


@pytest.mark.parametrize(("own", "found"), [
    ("prices: {spot: [{csv: gone.csv, column: low, unit: EUR/MWh}]}", "There is no file 'gone.csv'."),
    ("prices: {spot: [{csv: prices.csv, column: low}]}", "the unit of 'low' is not said"),
    ("prices: {spot: [{csv: prices.csv, column: low, unit: MWh}]}", "MWh"),
    ("prices: {spot: [[1 EUR/MWh, 2 EUR/MWh]]}", "The list has 2 values, the horizon 48 steps."),
    ("prices: {spto: [40 EUR/MWh]}", "Did you mean 'spot'?"),
    ("prices: {demand: [40 EUR/MWh]}", "'demand' has no price that may change from hour to hour."),
    ("weather: {twon: [lulea]}", "Did you mean 'town'?"),
    ("weather: {town: [lulae]}", "Did you mean 'lulea'?"),
    ("weather: {town: [{csv: prices.csv, column: low, unit: degC}]}", "prices.csv"),
    ("prices: {spot: [40 EUR/MWh, 50 EUR/MWh]}, weather: {town: [lulea]}", "are not equally long: 'spot' 2, 'town' 1"),
    ("prices: {spot: []}", "spot"),
    ("take: in_turn", "There are no own years."),
    ("take: shuffled, prices: {spot: [40 EUR/MWh]}", "It must be one of 'drawn', 'in_turn'."),
])  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, own: str, found: str) -> None:
    """Before anything is solved: file, line 12, what was found."""
    path = town(tmp_path, own)
    with pytest.raises(ScenarioError) as refused:
        load(path)

    assert found in str(refused.value)
    assert "town.yaml:12" in str(refused.value) or "prices.csv" in str(refused.value)
