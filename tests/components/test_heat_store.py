"""Heat store; T-4.2 and T-9.2 are in tests/science."""

import numpy as np
import pytest
from pydantic import ValidationError

from energysim.components.heat_demand import HeatDemand
from energysim.components.heat_store import HeatStore
from energysim.components.source import Source
from energysim.testing import assert_balanced, assert_same_optimum, scenario_of, solve

HEAT = {"heat": "heat"}


def town(store: HeatStore) -> list:
    source = Source(name="source", to="heat", price=np.array([10.0, 90.0, 90.0]), capacity=60.0)
    return [store, source, HeatDemand(name="town", to="heat", load=10.0)]


def test_it_moves_heat_to_the_dear_hours_and_pays_its_loss() -> None:
    """10 MWh for the second and 10 for the third hour, charged in the first: 10 / 0.99 + 10 / 0.99 ** 2 = 20.3041."""
    store = HeatStore(name="store", network="heat", volume=50.0, standing_loss=0.01)
    results = solve(town(store), HEAT)
    charged = 10 / 0.99 + 10 / 0.99**2

    assert results.attrs["objective"] == pytest.approx(10.0 * (10.0 + charged))
    assert results.level.sel(store="store.level").values == pytest.approx([charged, 10 / 0.99, 0.0], abs=1e-9)
    assert_balanced(results)


def test_efficiencies_count_once_on_each_way() -> None:
    """0.9 in and 0.8 out: 20 MWh out need 20 / 0.72 = 27.778 MWh in."""
    store = HeatStore(
        name="store", network="heat", volume=50.0, standing_loss=0.0, charge_efficiency=0.9, discharge_efficiency=0.8
    )

    assert solve(town(store), HEAT).flow.sel(port="store.charge").values.sum() == pytest.approx(20 / 0.72)


def test_volume_and_power_limit_it() -> None:
    small = HeatStore(name="store", network="heat", volume=4.0, standing_loss=0.0)
    slow = HeatStore(name="store", network="heat", volume=60.0, hours_to_fill=20.0, standing_loss=0.0)

    assert solve(town(small), HEAT).level.values.max() == pytest.approx(4.0)
    assert solve(town(slow), HEAT).flow.sel(port="store.charge").values.max() == pytest.approx(3.0)


def test_a_given_start_is_given_back() -> None:
    """Half of 8 MWh is there before the first hour and at the end; only the other half moves: 4 MWh from 10 to 90."""
    store = HeatStore(name="store", network="heat", volume=8.0, standing_loss=0.0, start=0.5)
    results = solve(town(store), HEAT)

    assert float(results.level.sel(store="store.level")[2]) == pytest.approx(4.0)
    assert results.attrs["objective"] == pytest.approx(10.0 * (10.0 + 4.0) + 90.0 * (20.0 - 4.0))


def test_a_decided_volume_is_worth_its_annuity() -> None:
    """A MWh moved from 10 to 90 earns 80; at an annuity of 7.1 it is built for both dear hours, at 106 not at all."""
    for investment, volume in ((100.0, 20.0), (1500.0, 0.0)):
        size = {"max": 50.0, "investment": investment, "lifetime": 25.0}
        store = HeatStore(name="store", network="heat", volume=size, standing_loss=0.0)

        assert float(solve(town(store), HEAT).built.sel(size="store.volume")) == pytest.approx(volume)


def test_the_same_optimum_by_plain_pyomo() -> None:
    size = {"existing": 2.0, "max": 50.0, "investment": 100.0, "lifetime": 25.0}
    store = HeatStore(name="store", network="heat", volume=size, hours_to_fill=3.0, start=0.3)

    assert_same_optimum(scenario_of(town(store), HEAT))


def test_two_limits_of_the_flow_are_refused() -> None:
    with pytest.raises(ValidationError, match="'power' and 'hours_to_fill' both limit the flow"):
        HeatStore(name="store", network="heat", volume=1.0, power=1.0, hours_to_fill=2.0)
