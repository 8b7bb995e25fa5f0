"""Electricity market."""

import numpy as np
import pytest

from energysim.components.electricity_demand import ElectricityDemand
from energysim.components.electricity_market import ElectricityMarket
from energysim.components.source import Source
from energysim.testing import assert_balanced, assert_same_optimum, scenario_of, solve

GRID = {"grid": "electricity"}


def system(**changes: object) -> list:
    fields = {
        "price": np.array([20.0, 60.0, 100.0]),
        "margin": 1.0,
        "tax": 5.0,
        "grid_fee": 3.0,
        "co2": 0.05,
        **changes,
    }
    return [
        ElectricityMarket(name="market", to="grid", **fields),
        Source(name="wind", to="grid", price=40.0, capacity=30.0),
        ElectricityDemand(name="homes", to="grid", load=10.0),
    ]


def test_what_a_purchase_costs() -> None:
    """10 MWh in the first hour at 20 + 1 + 5 + 3: power 210, tax 50, fee 30."""
    results = solve(system(), GRID)
    items = dict(zip(results.booking_item.values, results.booking.values, strict=True))

    assert items["power_bought"] == pytest.approx(210.0)
    assert items["energy_tax"] == pytest.approx(50.0)
    assert items["grid_energy_fee"] == pytest.approx(30.0)
    assert items["purchased_emissions"] == pytest.approx(0.5)


def test_what_a_sale_earns() -> None:
    """20 MWh are sold at 60 - 1 and at 100 - 1; tax and fee fall on purchases only."""
    results = solve(system(), GRID)
    items = dict(zip(results.booking_item.values, results.booking.values, strict=True))

    assert results.flow.sel(port="market.sell").values == pytest.approx([0.0, 20.0, 20.0])
    assert items["power_sold"] == pytest.approx(-20 * (59.0 + 99.0))
    assert_balanced(results)


def test_limits_on_both_ways() -> None:
    results = solve(system(buy_limit=4.0, sell_limit=7.0), GRID)

    assert results.flow.sel(port="market.buy").values == pytest.approx([4.0, 0.0, 0.0])
    assert results.flow.sel(port="market.sell").values == pytest.approx([0.0, 7.0, 7.0])
    assert float(results.measured.sel(measure="market.peak_purchase")) == pytest.approx(4.0)


def test_the_same_optimum_by_plain_pyomo() -> None:
    limit = {"max": 50.0, "investment": 20.0, "lifetime": 30.0}

    assert_same_optimum(scenario_of(system(buy_limit=limit, sell_limit=9.0), GRID))
