"""Settlement: heat and electricity of people, by pencil and paper."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from energysim.components.settlement import Settlement
from energysim.components.source import Source
from energysim.errors import ScenarioError
from energysim.scenario import load
from energysim.testing import assert_same_optimum, scenario_of, solve

PLACE = {"heat": {"carrier": "heat", "at": "here"}, "grid": {"carrier": "electricity", "at": "here"}}
MILD = np.full(8760, 6.0)
"""Ten kelvin below the heating threshold, always. [degC]"""


def year(outdoor: np.ndarray = MILD, **fields: object) -> xr.Dataset:
    """A year of one settlement with all it draws served."""
    given = {"heat": "heat", "power": "grid", "district_heating": 0.5, **fields}
    town = Settlement(name="town", **{key: value for key, value in given.items() if value is not None})
    sources = [Source(name="plant", to="heat", price=1.0), Source(name="market", to="grid", price=1.0)]
    return solve([town, *sources], PLACE, steps=8760, outdoor=outdoor)


def drawn(results: xr.Dataset, port: str) -> float:
    """Energy of the year. [MWh]"""
    return float(results.flow.sel(port=f"town.{port}").sum())


def test_heat_of_a_thousand_people() -> None:
    """63 m2 each, 1 W/m2/K and 10 K are 0.63 MW; 8.76 MWh of hot water each are 1 MW; the network gives half of both.

    Without the rhythm's correction the year's energy would follow the hours of the day, not the cold.
    """
    results = year(population=1000.0, heat_loss=1.0, hot_water=8.76)

    assert drawn(results, "heat") == pytest.approx(0.5 * (0.63 + 1.0) * 8760.0, rel=1e-9)


def test_renovation_saves_space_heating_only() -> None:
    """Half of the floor saves 40 %: 20 % of the 0.63 MW, none of the hot water."""
    results = year(population=1000.0, heat_loss=1.0, hot_water=8.76, renovated=0.5, saved=0.4)

    assert drawn(results, "heat") == pytest.approx(0.5 * (0.8 * 0.63 + 1.0) * 8760.0, rel=1e-9)


def test_a_colder_year_takes_more_heat() -> None:
    """Ten kelvin colder doubles space heating; a demand spread from a yearly figure would not change at all."""
    mild, cold = (year(outdoor, population=1000.0, hot_water=0.0) for outdoor in (MILD, MILD - 10.0))

    assert drawn(cold, "heat") == pytest.approx(2.0 * drawn(mild, "heat"), rel=1e-9)


def test_electricity_of_homes_services_and_heating() -> None:
    """2 and 3 MWh each, and 40 % of 1.63 kW at a performance of 2: 0.326 kW."""
    results = year(
        population=1000.0,
        heat_loss=1.0,
        hot_water=8.76,
        home_electricity=2.0,
        service_electricity=3.0,
        electric_heating=0.4,
        heating_performance=2.0,
    )

    assert drawn(results, "power") == pytest.approx(1000.0 * (2.0 + 3.0) + 0.326 * 8760.0, rel=1e-9)


def test_cars_take_more_in_the_cold() -> None:
    """Half of 0.5 cars, 10 000 km at 0.2 kWh: 0.5 MWh each at 20 degC, a fifth more at 0 degC."""
    cars = {"electric": 0.5, "owned": 0.5, "driven": 10_000.0, "consumption": 0.0002, "cold": 0.01}
    bare = {"population": 1000.0, "home_electricity": 0.0, "service_electricity": 0.0, "cars": cars}
    warm, cold = (year(np.full(8760, outdoor), hot_water=1.0, heat_loss=0.0, **bare) for outdoor in (20.0, 0.0))

    assert drawn(warm, "power") == pytest.approx(500.0, rel=1e-9)
    assert drawn(cold, "power") == pytest.approx(600.0, rel=1e-9)


@pytest.mark.parametrize(("charging", "hour"), [("on_arrival", 17), ("at_night", 0)])
def test_cars_are_charged_when_it_is_said(charging: str, hour: int) -> None:
    """The largest hour of 15 January is 17 o'clock where cars are plugged in on arrival, and midnight at night."""
    cars = {"electric": 1.0, "charging": charging, "cold": 0.0}
    results = year(population=1000.0, home_electricity=0.0, service_electricity=0.0, cars=cars)
    day = results.flow.sel(port="town.power").values[24 * 14 : 24 * 15]

    assert np.argmax(day) == hour


def test_new_industry_brings_people() -> None:
    """1 000 jobs and half as many in services, 60 % taken by people who move in two by two: 1 800."""
    new = {"jobs": 1000.0, "further_jobs": 0.5, "moving_in": 0.6, "household": 2.0}
    newcomers, counted = year(new_industry=new), year(population=1800.0)

    assert drawn(newcomers, "heat") == pytest.approx(drawn(counted, "heat"))
    assert drawn(newcomers, "power") == pytest.approx(drawn(counted, "power"))


def test_growth_runs_from_the_count_to_the_year_planned() -> None:
    """1 % a year from 2025 to 2030 is a factor of 1.0510; from 2030 it is none."""
    people = {"population": 1000.0, "growth": 0.01}
    grown, now = (year(counted=counted, **people) for counted in (2025, 2030))

    assert drawn(grown, "power") == pytest.approx(1.01**5 * drawn(now, "power"))


def test_industry_draws_evenly() -> None:
    results = year(industry_heat=8760.0, industry_electricity=17520.0, district_heating=None)

    assert results.flow.sel(port="town.heat").values == pytest.approx(np.ones(8760))
    assert results.flow.sel(port="town.power").values == pytest.approx(np.full(8760, 2.0))


def test_a_week_is_a_part_of_the_year() -> None:
    whole = year(population=1000.0).flow.sel(port="town.heat").values
    town = Settlement(name="town", heat="heat", district_heating=0.5, population=1000.0)
    week = solve([town, Source(name="plant", to="heat")], PLACE, steps=168, outdoor=MILD).flow.sel(port="town.heat")

    assert week.values == pytest.approx(whole[:168])


def test_the_same_optimum_by_plain_pyomo() -> None:
    town = Settlement(name="town", power="grid", population=1000.0)
    market = Source(name="market", to="grid", price=10.0)

    assert_same_optimum(scenario_of([town, market], PLACE, outdoor=MILD))


SCENARIO = """\
scenario: A small town
time: {start: 2030-01-01, duration: 3 h}
economy: {currency: EUR, price_year: 2025, discount_rate: 5 %}
places: {town: {name: Town, climate: lulea}}
networks: {heat: {carrier: heat, at: town}, grid: {carrier: electricity, at: town}}
components:
  plant: {type: source, to: heat}
  market: {type: source, to: grid}
  people: {type: settlement, power: grid, ENTRY}
"""

Written = Callable[[str], Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """A scenario with one settlement written as given."""

    def write(entry: str) -> Path:
        path = tmp_path / "town.yaml"
        path.write_text(SCENARIO.replace("ENTRY", entry), encoding="utf8")
        return path

    return write


def test_as_a_strategist_writes_it(written: Written) -> None:
    """Every parameter in the units of the field."""
    entry = (
        "heat: heat, population: 80 321 person, growth: 0.5 %/a, counted: 2025, home_area: 48 m2/person, "
        "heat_loss: 1.2 W/m2/K, hot_water: 1700 kWh/person/a, district_heating: 80 %, electric_heating: 10 %, "
        "new_industry: {jobs: 1500, further_jobs: 0.5, moving_in: 60 %, household: 1.8 person}, "
        "cars: {electric: 40 %, owned: 0.48 1/person, driven: 11500 km/a, consumption: 0.2 kWh/km, cold: 1 %/K}, "
        "home_electricity: 1.9 MWh/person/a, industry_electricity: 100 GWh"
    )
    people = load(written(entry)).components["people"]

    assert isinstance(people, Settlement)
    assert (people.population, people.growth, people.hot_water) == (80321.0, 0.005, pytest.approx(1.7))
    assert people.cars is not None
    assert people.cars.consumption == pytest.approx(0.0002)
    assert people.new_industry is not None
    assert people.new_industry.people == pytest.approx(1500 * 1.5 * 0.6 * 1.8)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("population: 0 person", "Nobody lives here"),
        ("population: -5 person", "greater than or equal to 0|at least 0"),
        ("population: 5000", "5000 has no unit"),
        ("population: 5 GWh", "5 GWh is an energy"),
        ("population: 5 person, growth: 1 %/a", "'growth' runs from the year people were counted"),
        ("population: 5 person, growth: 1 %", "1 % is a number"),
        ("population: 5 person, district_heating: 50 %", "takes district heat but from no network"),
        ("population: 5 person, heat: heat", "names 'heat' but takes no heat from it"),
        ("population: 5 person, heat: heat, district_heating: 60 %, electric_heating: 60 %", "more than all heat"),
        ("population: 5 person, heat_los: 1 W/m2/K", "heat_los"),
        ("population: 5 person, heat_loss: 1 W/K", "heat_loss"),
        ("population: 5 person, cars: {electric: 140 %}", "electric"),
        ("population: 5 person, cars: {electric: 40 %, charging: sometimes}", "on_arrival"),
        ("new_industry: {jobs: 10, household: 0.5 person}", "household"),
        ("new_industry: {job: 10}", "jobs"),
    ],
)
def test_wrong_entries_are_told_with_their_line(written: Written, entry: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=said) as raised:
        load(written(entry))

    lines = {problem.where.line for problem in raised.value.problems if problem.where is not None}
    assert lines == {9}


def test_without_weather_it_says_what_it_needs() -> None:
    town = Settlement(name="town", power="grid", population=1000.0, electric_heating=0.5)
    with pytest.raises(ScenarioError, match="town: it needs the outdoor temperature"):
        solve([town, Source(name="market", to="grid")], {"grid": "electricity"})


def test_wood_in_the_houses_is_told() -> None:
    """Half with the network, 40 % with electricity: a tenth of 1.63 MW all year comes from elsewhere."""
    results = year(population=1000.0, heat_loss=1.0, hot_water=8.76, electric_heating=0.4)
    elsewhere, residents = (
        float(results.measured.sel(measure=f"town.{name}")) for name in ("heat_from_elsewhere", "residents")
    )

    assert elsewhere == pytest.approx(0.1 * 1.63 * 8760.0)
    assert residents == pytest.approx(1000.0)
