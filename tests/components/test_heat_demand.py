"""Heat demand."""

import numpy as np
import pytest
from pydantic import ValidationError

from energysim.components.heat_demand import HeatDemand
from energysim.components.source import Source
from energysim.errors import ScenarioError
from energysim.testing import assert_same_optimum, scenario_of, solve

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
