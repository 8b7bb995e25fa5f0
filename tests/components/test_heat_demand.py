"""Heat demand."""

from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from energysim.api import load
from energysim.components.heat_demand import HeatDemand
from energysim.components.source import Source
from energysim.errors import ScenarioError
from energysim.system import assemble
from energysim.testing import assert_same_optimum, scenario_of, solve
from energysim.traits.daily_life import smoothed

PLACE = {"heat": {"carrier": "heat", "at": "here"}}
HOURS = np.arange(8760)
OUTDOOR = 3.0 - 13.0 * np.cos(2.0 * np.pi * (HOURS - 360) / 8760) + 3.0 * np.sin(2.0 * np.pi * HOURS / 24)


def system(**fields: object) -> list:
    return [HeatDemand(name="town", to="heat", **fields), Source(name="plant", to="heat", price=1.0)]


def test_the_hours_sum_to_the_years_energy() -> None:
    results = solve(system(annual=1000.0), PLACE, steps=8760, outdoor=OUTDOOR)

    assert float(results.flow.sel(port="town.heat").sum()) == pytest.approx(1000.0)


def test_hot_water_is_what_is_left_in_summer() -> None:
    """Above the threshold only hot water is drawn: 22 % of the energy, spread evenly over the year's days."""
    results = solve(system(annual=8760.0, threshold=0.0), PLACE, steps=8760, outdoor=OUTDOOR)
    summer = results.flow.sel(port="town.heat").values[24 * 180 : 24 * 190]

    assert summer.mean() == pytest.approx(0.22, rel=2e-3)


def test_a_week_draws_its_part_of_the_year() -> None:
    """A short horizon takes its own hours out of the year, not the whole year's energy."""
    year = solve(system(annual=1000.0), PLACE, steps=8760, outdoor=OUTDOOR).flow.sel(port="town.heat").values
    week = solve(system(annual=1000.0), PLACE, steps=168, outdoor=OUTDOOR).flow.sel(port="town.heat").values

    assert week == pytest.approx(year[:168])


def test_the_network_loses_on_the_way() -> None:
    """9 MW delivered at 10 % loss are 10 MW produced; 9.9 would add the share to the wrong side."""
    results = solve(system(load=9.0), {"heat": {"carrier": "heat", "losses": {"share": 0.1}}})

    assert results.flow.sel(port="plant.given").values == pytest.approx([10.0] * 3)


def test_without_weather_it_says_what_it_needs() -> None:
    with pytest.raises(ScenarioError, match="town: it needs the outdoor temperature, but has no place"):
        solve(system(annual=1000.0), {"heat": "heat"})


def test_the_same_optimum_by_plain_pyomo() -> None:
    assert_same_optimum(scenario_of(system(load=np.array([1.0, 5.0, 2.0])), {"heat": "heat"}))


@pytest.mark.parametrize("fields", [{}, {"annual": 1.0, "load": 1.0}])
def test_it_needs_one_size(fields: dict) -> None:
    with pytest.raises(ValidationError, match="it needs either 'annual'"):
        HeatDemand(name="town", to="heat", **fields)


TOWN = """\
scenario: A town in another winter
time: {year: 2030}
economy: {currency: EUR, discount_rate: 0 %}
places: {town: {climate: boden, normal: boden}}
networks: {heat: {carrier: heat, at: town}}
components:
  homes: {type: heat_demand, to: heat, annual: 100 GWh, hot_water: 20 %}
  plant: {type: source, to: heat, price: 1 EUR/MWh}
variants:
  cold: {places.town.climate: {climate: boden, shift: -3 K}}
  as_said: {places.town.climate: {climate: boden, shift: -3 K}, places.town.normal: null}
"""


def yearly(folder: Path, variant: str | None) -> float:
    (folder / "town.yaml").write_text(TOWN, encoding="utf8")
    system = assemble(load(folder / "town.yaml", variant=variant))
    return float(np.sum(system.derived["homes", "demand"]))


def test_a_colder_year_takes_more_than_the_normal_one(tmp_path: Path) -> None:
    """80 GWh of space heat grow with the degree-hours below 16 degC, as weighed by the hour of the day; water does not.

    Without a normal year the energy is that of the year itself.
    """
    (tmp_path / "town.yaml").write_text(TOWN, encoding="utf8")
    outdoor = load(tmp_path / "town.yaml").places["town"].outdoor
    usual, colder = (np.maximum(0.0, 16.0 - smoothed(outdoor - shift, 24.0)).sum() for shift in (0.0, 3.0))

    assert yearly(tmp_path, None) == pytest.approx(100_000.0)
    assert yearly(tmp_path, "cold") == pytest.approx(20_000.0 + 80_000.0 * colder / usual, rel=2e-3)
    assert yearly(tmp_path, "cold") > 110_000.0
    assert yearly(tmp_path, "as_said") == pytest.approx(100_000.0)


def test_a_normal_year_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "town.yaml").write_text(TOWN.replace("normal: boden", "normal: bodne"), encoding="utf8")
    with pytest.raises(ScenarioError, match=r"town\.yaml:4: places\.town\.normal: .*Did you mean 'boden'"):
        load(tmp_path / "town.yaml")
