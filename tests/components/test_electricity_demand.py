"""Electricity demand."""

import numpy as np
import pytest
from pydantic import ValidationError

from energysim.components.electricity_demand import ElectricityDemand
from energysim.components.source import Source
from energysim.errors import ScenarioError
from energysim.testing import assert_same_optimum, scenario_of, solve

GRID = {"grid": "electricity"}


def system(demand: ElectricityDemand) -> list:
    return [demand, Source(name="market", to="grid", price=10.0)]


def test_a_series_is_drawn_as_it_stands() -> None:
    demand = ElectricityDemand(name="homes", to="grid", load=np.array([1.0, 2.0, 3.0]))

    assert solve(system(demand), GRID).flow.sel(port="homes.power").values == pytest.approx([1.0, 2.0, 3.0])


def test_a_years_energy_is_spread_over_its_hours() -> None:
    """87 600 MWh a year are 10 MW; with a shape of 0.5, 1 and 1.5 they are 5, 10 and 15 MW."""
    flat = ElectricityDemand(name="homes", to="grid", annual=87600.0)
    shaped = ElectricityDemand(name="homes", to="grid", annual=87600.0, shape=np.array([0.5, 1.0, 1.5]))

    assert solve(system(flat), GRID).flow.sel(port="homes.power").values == pytest.approx([10.0] * 3)
    assert solve(system(shaped), GRID).flow.sel(port="homes.power").values == pytest.approx([5.0, 10.0, 15.0])


def test_a_shape_over_a_year_draws_the_years_energy() -> None:
    """Day and night at 1.5 and 0.5 draw 8 760 MWh; the same shape doubled would draw 17 520, so it is refused."""
    shape = np.where(np.arange(8760) % 24 < 12, 1.5, 0.5)
    right = ElectricityDemand(name="homes", to="grid", annual=8760.0, shape=shape)
    wrong = ElectricityDemand(name="homes", to="grid", annual=8760.0, shape=2.0 * shape)

    assert float(solve(system(right), GRID, steps=8760).flow.sel(port="homes.power").sum()) == pytest.approx(8760.0)
    with pytest.raises(ScenarioError, match="its 'shape' has a mean of 2 over the year"):
        solve(system(wrong), GRID, steps=8760)


def test_the_network_loses_on_the_way() -> None:
    """9 MW delivered at 10 % loss are 10 MW fed in."""
    demand = ElectricityDemand(name="homes", to="grid", load=9.0)
    results = solve(system(demand), {"grid": {"carrier": "electricity", "losses": {"share": 0.1}}})

    assert results.flow.sel(port="market.given").values == pytest.approx([10.0] * 3)
    assert results.loss.sel(node="grid").values == pytest.approx([1.0] * 3)


def test_the_same_optimum_by_plain_pyomo() -> None:
    assert_same_optimum(scenario_of(system(ElectricityDemand(name="homes", to="grid", load=4.0)), GRID))


@pytest.mark.parametrize("fields", [{}, {"annual": 1.0, "load": 1.0}])
def test_it_needs_one_size(fields: dict) -> None:
    with pytest.raises(ValidationError, match="it needs either 'annual'"):
        ElectricityDemand(name="homes", to="grid", **fields)
