"""Extraction plant; T-3.1 is in tests/science."""

import pytest
from pydantic import ValidationError

from energysim.components.chp_extraction import ChpExtraction
from energysim.components.fuel_supply import FuelSupply
from energysim.components.heat_demand import HeatDemand
from energysim.components.sink import Sink
from energysim.components.unserved import Unserved
from energysim.testing import assert_balanced, assert_same_optimum, scenario_of, solve

NETWORKS = {"heat": "heat", "grid": "electricity"}
FUELS = {"coal": {"co2": 0.34}}


def town(plant: ChpExtraction, load: float = 60.0) -> list:
    return [
        plant,
        FuelSupply(name="trade", to="coal", price=20.0),
        Sink(name="market", **{"from": "grid"}, price=60.0),
        HeatDemand(name="town", to="heat", load=load),
        Unserved(name="short", to="heat", price=500.0),
    ]


def plant(**changes: object) -> ChpExtraction:
    fields = {
        "capacity": 200.0,
        "condensing_efficiency": 0.45,
        "power_loss": 0.3,
        "back_pressure_ratio": 0.6,
        **changes,
    }
    return ChpExtraction(name="chp", fuel="coal", to="heat", power="grid", **fields)


def test_heat_costs_power() -> None:
    """At full fuel 60 MW of heat leave 90 - 0.3 * 60 = 72 MW of power."""
    results = solve(town(plant()), NETWORKS, FUELS)

    assert results.flow.sel(port="chp.power").values == pytest.approx([72.0] * 3)
    assert_balanced(results)


def test_the_condenser_limits_the_heat() -> None:
    results = solve(town(plant(heat_limit=25.0)), NETWORKS, FUELS)

    assert results.flow.sel(port="chp.heat").values == pytest.approx([25.0] * 3)


def test_emissions_follow_the_fuel() -> None:
    """200 MW of coal for three hours at 0.34 t/MWh."""
    assert float(solve(town(plant()), NETWORKS, FUELS).amount.sel(component="chp", effect="co2")) == pytest.approx(
        204.0
    )


def test_the_same_optimum_by_plain_pyomo() -> None:
    assert_same_optimum(scenario_of(town(plant(ramps={"down": 0.1}, variable_om=1.0)), NETWORKS, FUELS))


def test_heat_that_costs_more_power_than_it_brings_is_refused() -> None:
    """0.3 written as 30 without its percent sign would make heat from power at a loss."""
    with pytest.raises(ValidationError, match="power_loss 30 costs as much power as it gives heat"):
        plant(power_loss=30.0)


def test_an_impossible_region_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"more than 1\.2 of the fuel's lower heating value"):
        plant(condensing_efficiency=0.9, power_loss=0.0, back_pressure_ratio=0.5)
