"""Back-pressure plant."""

import numpy as np
import pytest
from pydantic import ValidationError

from energysim.components.chp_backpressure import ChpBackpressure
from energysim.components.fuel_supply import FuelSupply
from energysim.components.heat_demand import HeatDemand
from energysim.components.sink import Sink
from energysim.components.unserved import Unserved
from energysim.testing import assert_balanced, assert_same_optimum, scenario_of, solve

NETWORKS = {"heat": "heat", "grid": "electricity"}
FUELS = {"chips": {"co2": 0.01}}


def town(plant: ChpBackpressure) -> list:
    return [
        plant,
        FuelSupply(name="trade", to="chips", price=20.0),
        Sink(name="market", **{"from": "grid"}, price=40.0),
        HeatDemand(name="town", to="heat", load=np.array([8.0, 16.0, 40.0])),
        Unserved(name="short", to="heat", price=500.0),
    ]


def plant(**changes: object) -> ChpBackpressure:
    fields = {"electric_efficiency": 0.25, "heat_efficiency": 0.8, "capacity": 10.0, **changes}
    return ChpBackpressure(name="chp", fuel="chips", to="heat", power="grid", **fields)


def test_power_follows_heat() -> None:
    """8 MW of heat need 10 MW of fuel and give 2.5 MW of power: the ratio is 0.3125, not 0.25."""
    results = solve(town(plant()), NETWORKS, FUELS)

    assert results.flow.sel(port="chp.fuel").values[:2] == pytest.approx([10.0, 20.0])
    assert results.flow.sel(port="chp.power").values[:2] == pytest.approx([2.5, 5.0])
    assert_balanced(results)


def test_the_capacity_is_electric() -> None:
    """10 MW of power come with 32 MW of heat; 8 MW stay unserved in the third hour."""
    results = solve(town(plant()), NETWORKS, FUELS)

    assert float(results.flow.sel(port="chp.heat")[2]) == pytest.approx(32.0)
    assert float(results.flow.sel(port="short.shortage")[2]) == pytest.approx(8.0)


def test_the_same_optimum_by_plain_pyomo() -> None:
    size = {"max": 20.0, "investment": 900.0, "lifetime": 25.0}

    assert_same_optimum(scenario_of(town(plant(capacity=size, ramps={"up": 0.5})), NETWORKS, FUELS))


def test_more_than_the_fuel_holds_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"power and heat together are 1\.3 of the fuel"):
        plant(electric_efficiency=0.4, heat_efficiency=0.9)
