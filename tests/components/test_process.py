"""Industrial process."""

import numpy as np
import pytest
from pydantic import ValidationError

from energysim.components.fuel_supply import FuelSupply
from energysim.components.heat_demand import HeatDemand
from energysim.components.process import Process
from energysim.components.product_market import ProductMarket
from energysim.components.source import Source
from energysim.testing import assert_balanced, assert_same_optimum, scenario_of, solve

WHERE = {
    "grid": "electricity",
    "ore": {"carrier": "ore", "unit": "t"},
    "steel": {"carrier": "steel", "unit": "t"},
    "heat": {"carrier": "heat", "supply": 80.0, "return": 45.0, "approach": 5.0},
}


def furnace(**fields: object) -> Process:
    recipe = {
        "inputs": {"power": {"from": "grid", "energy": 0.64}, "iron": {"from": "ore", "mass": 1.1}},
        "outputs": {"tonnes": {"to": "steel", "mass": 1.0}},
        "residuals": {"off_gas": {"from": 200.0, "to": 60.0, "heat": 0.15}},
    }
    return Process(name="furnace", capacity=300.0, heat="heat", **(recipe | fields))


def works(*processes: Process, price: object = 30.0) -> list:
    return [
        *processes,
        Source(name="market", to="grid", price=price),
        ProductMarket(name="mine", to="ore", buying=90.0),
        ProductMarket(name="buyer", to="steel", selling=500.0),
        HeatDemand(name="town", to="heat", load=30.0),
        Source(name="boiler", to="heat", price=50.0),
    ]


def test_the_recipe() -> None:
    """200 t/h take 128 MW and 220 t/h of ore and offer 30 MW of heat, all of it hot enough."""
    results = solve(works(furnace(fixed=200.0)), WHERE)

    assert float(results.flow.sel(port="furnace.power")[0]) == pytest.approx(128.0)
    assert float(results.flow.sel(port="furnace.iron")[0]) == pytest.approx(220.0)
    assert float(results.flow.sel(port="furnace.off_gas")[0]) == pytest.approx(30.0)
    assert str(results.port_unit.sel(port="furnace.iron").item()) == "t/h"
    assert_balanced(results)
    assert_same_optimum(scenario_of(works(furnace(fixed=200.0)), WHERE))


def test_a_year_s_product_is_made_when_power_is_cheap() -> None:
    """600 t over three hours at 300 t/h: the two cheap hours, for 2 * 300 * 0.64 MWh at 10."""
    results = solve(works(furnace(annual=600.0), price=np.array([10.0, 90.0, 10.0])), WHERE)

    assert results.flow.sel(port="furnace.tonnes").values == pytest.approx([300.0, 0.0, 300.0], abs=1e-6)
    assert float(results.measured.sel(measure="furnace.made")) == pytest.approx(600.0)


def test_standing_flows_while_on() -> None:
    """10 MW standing while on, 0.64 MWh/t on top: the hour without product is switched off and takes nothing."""
    inputs = {"power": {"from": "grid", "energy": 0.64, "standing": 10.0}, "iron": {"from": "ore", "mass": 1.1}}
    process = furnace(inputs=inputs, fixed=np.array([100.0, 0.0, 100.0]), switching={"minimum_load": 0.3})
    results = solve(works(process), WHERE)

    assert results.flow.sel(port="furnace.power").values == pytest.approx([74.0, 0.0, 74.0], abs=1e-6)


def test_process_emissions_follow_the_product() -> None:
    results = solve(works(furnace(fixed=100.0, process_co2=0.06)), WHERE)

    assert float(results.amount.sel(component="furnace", effect="co2")) == pytest.approx(18.0)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"residuals": {"gas": {"from": 200.0, "to": 60.0, "heat": 0.9}}}, "it creates energy"),
        ({"annual": 9e6}, "need .* t/h at all hours; the capacity is 300 t/h"),
        ({"fixed": 400.0}, "fixed reaches 400 t/h, the capacity is 300 t/h"),
        ({"fixed": 1.0, "annual": 2.0}, "'fixed' and 'annual' both"),
        ({"inputs": {"capacity": {"from": "grid", "energy": 0.6}}}, "a flow cannot be called 'capacity'"),
        ({"inputs": {"power": {"from": "grid"}}}, "give either 'energy'"),
        ({"outputs": {"power": {"to": "grid", "energy": 0.1}}}, "'power' names two flows"),
        ({"inputs": {"power": {"from": "grid", "energy": 0.6, "standing": 5.0}}}, "Give it 'switching'"),
    ],
)
def test_impossible_recipes_are_refused(fields: dict, text: str) -> None:
    with pytest.raises(ValidationError, match=text):
        furnace(**fields)


def test_fuel_of_the_recipe_is_booked_beside_what_the_process_gives_off() -> None:
    """3 h of 5 t/h: 0.1 t each of the process, and 2 MWh of gas at 0.2 t: 1.5 + 6 t."""
    kiln = Process(
        name="kiln", capacity=10.0, fixed=5.0, process_co2=0.1, inputs={"gas": {"from": "gas", "energy": 2.0}}
    )
    results = solve([FuelSupply(name="trade", to="gas", price=40.0), kiln], {}, {"gas": {"co2": 0.2}}, 3)

    assert float(results.booking[(results.booking_effect == "co2").values].sum()) == pytest.approx(7.5)
