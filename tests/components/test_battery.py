"""Battery."""

import numpy as np
import pytest

from energysim.components.battery import Battery
from energysim.components.electricity_demand import ElectricityDemand
from energysim.components.source import Source
from energysim.testing import assert_balanced, assert_same_optimum, scenario_of, solve

GRID = {"grid": "electricity"}


def town(battery: Battery) -> list:
    market = Source(name="market", to="grid", price=np.array([10.0, 50.0, 100.0]))
    return [battery, market, ElectricityDemand(name="homes", to="grid", load=5.0)]


def test_the_round_trip_loses_twice() -> None:
    """5 MWh for the third hour take 5 / 0.98 ** 2 = 5.2062 MWh in the first."""
    results = solve(town(Battery(name="battery", network="grid", volume=5.0 / 0.98, power=10.0)), GRID)

    assert results.flow.sel(port="battery.charge").values == pytest.approx([5 / 0.98**2, 0.0, 0.0], abs=1e-9)
    assert_balanced(results)


def test_wear_is_paid_for_what_is_taken_out() -> None:
    """Moving a MWh earns 100 - 10 / 0.9604; a wear of 95 eats that up."""
    results = solve(town(Battery(name="battery", network="grid", volume=5.0, power=10.0, wear=95.0)), GRID)

    assert results.flow.sel(port="battery.discharge").values.sum() == pytest.approx(0.0, abs=1e-9)


def test_cycles_count_what_is_taken_out() -> None:
    battery = Battery(
        name="battery", network="grid", volume=4.0, power=4.0, charge_efficiency=1.0, discharge_efficiency=1.0
    )

    assert float(solve(town(battery), GRID).measured.sel(measure="battery.cycles")) == pytest.approx(1.0)


def test_the_same_optimum_by_plain_pyomo() -> None:
    size = {"max": 9.0, "investment": 100.0, "lifetime": 25.0}
    power = {"max": 3.0, "investment": 10.0, "lifetime": 10.0}

    assert_same_optimum(scenario_of(town(Battery(name="battery", network="grid", volume=size, power=power)), GRID))
