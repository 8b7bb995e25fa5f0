"""What counts as taken in, as there, and as residual, by hand."""

from pathlib import Path

import pytest
import xarray as xr

from energysim.api import run
from energysim.kpi import annual_flows, indicators, node_balance
from energysim.kpi.symbiosis import residual_table

HEAD = "scenario: Town\ntime: {start: 2030-01-01, duration: 2 h}\neconomy: {currency: EUR, discount_rate: 0 %}\n"
CUSTOMER = """\
networks:
  outside: {carrier: electricity}
  inside: {carrier: electricity}
components:
  spot: {type: electricity_market, to: outside, price: 40 EUR/MWh, primary_energy: 1.8}
  connection: {type: grid_connection, from: outside, to: inside, capacity: 20 MW}
  homes: {type: electricity_demand, to: inside, load: 10 MW}
"""
WINDY = """\
networks: {grid: {carrier: electricity}}
components:
  spot: {type: electricity_market, to: grid, price: 40 EUR/MWh}
  mill: {type: wind, to: grid, capacity: 8 MW, profile: [100 %, 100 %]}
  homes: {type: electricity_demand, to: grid, load: 10 MW}
"""
WORKS = """\
networks:
  grid: {carrier: electricity}
  gas: {carrier: hydrogen}
  heat: {carrier: heat, supply: 60 degC, return: 40 degC}
components:
  spot: {type: electricity_market, to: grid, price: 40 EUR/MWh}
  stack: {type: electrolyser, power: grid, to: gas, heat: heat, capacity: 100 MW, efficiency: 62 %, recoverable: 100 %}
  buyer: {type: sink, from: gas, fixed: 62 MW}
  homes: {type: heat_demand, to: heat, load: 10 MW}
"""
LIFTED = """\
networks:
  grid: {carrier: electricity}
  low: {carrier: heat, supply: 50 degC, return: 30 degC}
  town: {carrier: heat, supply: 80 degC, return: 50 degC}
components:
  spot: {type: electricity_market, to: grid, price: 40 EUR/MWh}
  mill: {type: residual_heat, to: low, capacity: 10 MW}
  oven: {type: source, to: low, price: 1 EUR/MWh, capacity: 10 MW, fixed: [10 MW, 10 MW]}
  pump: {type: heat_pump, power: grid, from: low, to: town, capacity: 30 MW, cop: 3}
  homes: {type: heat_demand, to: town, load: 30 MW}
"""
MINE = """\
networks: {ore: {carrier: ore, unit: t}, grid: {carrier: electricity}}
components:
  mine: {type: source, to: ore}
  crusher:
    type: process
    capacity: 75 t/h
    fixed: 75 t/h
    inputs: {ore: {from: ore, mass: 1}, power: {from: grid, energy: 0.1 MWh/t}}
  spot: {type: electricity_market, to: grid, price: 40 EUR/MWh}
"""


@pytest.fixture
def solved(tmp_path: Path, request: pytest.FixtureRequest) -> xr.Dataset:
    (tmp_path / "town.yaml").write_text(HEAD + request.param, encoding="utf8")
    return run(tmp_path / "town.yaml")


def figure(results: xr.Dataset, name: str) -> float:
    return next(one.value for one in indicators(results) if one.name == name)


@pytest.mark.parametrize("solved", [CUSTOMER], indirect=True)
def test_a_grid_connection_passes_power_on_and_sells_none(solved: xr.Dataset) -> None:
    """20 MWh are bought and used: 1.8 of primary energy each, and all work taken in is delivered."""
    assert figure(solved, "Primary energy factor") == pytest.approx(1.8)
    assert figure(solved, "Exergy efficiency") == pytest.approx(100.0)


@pytest.mark.parametrize("solved", [WINDY], indirect=True)
def test_wind_is_taken_in(solved: xr.Dataset) -> None:
    """8 MW of wind and 2 MW bought are the 10 MW delivered."""
    assert figure(solved, "Exergy efficiency") == pytest.approx(100.0)


@pytest.mark.parametrize("solved", [WORKS], indirect=True)
def test_heat_that_an_electrolyser_could_give_was_there(solved: xr.Dataset) -> None:
    """Of 26.69 MW that are lost 10 are used, by another actor: none here, so the table tells."""
    [row] = residual_table(solved).to_dict("records")

    assert row["used"] == pytest.approx(20.0)
    assert row["used"] + row["unused"] == pytest.approx(2.0 * 26.69, abs=0.02)
    assert figure(solved, "Residual heat unused") == pytest.approx((2.0 * 26.69 - 20.0) / 1000.0, abs=1e-4)


@pytest.mark.parametrize("solved", [LIFTED], indirect=True)
def test_a_pump_brings_the_mixture_of_what_it_draws(solved: xr.Dataset) -> None:
    """20 MW drawn, half of them residual, and 10 MW of power make 30: a third is residual."""
    assert figure(solved, "Residual heat, town") == pytest.approx(100.0 / 3.0)


@pytest.mark.parametrize("solved", [MINE], indirect=True)
def test_tonnes_are_no_energy(solved: xr.Dataset) -> None:
    """150 t of ore and 15 MWh of power; the balance of energy knows the power only."""
    flows = annual_flows(solved)

    assert flows.loc["mine.given", "unit"] == "t"
    assert flows.loc["crusher.power", "unit"] == "MWh"
    assert list(node_balance(solved).index) == ["grid"]
