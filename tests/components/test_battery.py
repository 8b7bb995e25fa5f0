"""Battery."""

import numpy as np
import pytest
from pydantic import ValidationError

from energysim.components.battery import Battery
from energysim.components.electricity_demand import ElectricityDemand
from energysim.components.sink import Sink
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


@pytest.mark.parametrize(("exclusive", "earned"), [(False, 9.5), (True, 0.0)])
def test_t_4_3_burning_power_at_negative_prices(exclusive: bool, earned: float) -> None:
    """T-4.3: at -50 a linear battery earns 50 * (1 - 0.81) by charging and discharging at once; exclusively nothing."""
    parts = [
        Battery(
            name="battery", network="grid", volume=5.0, power=1.0, charge_efficiency=0.9, discharge_efficiency=0.9,
            exclusive=exclusive,
        ),
        Source(name="market", to="grid", price=-50.0, capacity=9.0),
        Sink(name="sales", **{"from": "grid"}, price=-50.0),
    ]  # fmt: skip
    results = solve(parts, {"grid": "electricity"}, steps=1)

    assert -float(results.attrs["objective"]) == pytest.approx(earned, abs=1e-6)
    assert ("battery.hours_both_ways" in results.measure.values) is not exclusive
    assert_same_optimum(scenario_of(parts, {"grid": "electricity"}, steps=1))


def test_exclusive_needs_a_power() -> None:
    with pytest.raises(ValidationError, match="'exclusive' needs a largest power"):
        Battery(name="battery", network="grid", volume=5.0, exclusive=True)
