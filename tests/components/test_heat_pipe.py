"""Heat pipe."""

import pytest

from energysim.components.heat_demand import HeatDemand
from energysim.components.heat_pipe import HeatPipe
from energysim.components.source import Source
from energysim.testing import assert_balanced, assert_same_optimum, scenario_of, solve

NETWORKS = {"north": "heat", "south": "heat", "grid": "electricity"}


def system(pipe: HeatPipe) -> list:
    return [
        pipe,
        Source(name="mill", to="north", price=5.0),
        Source(name="market", to="grid", price=50.0),
        HeatDemand(name="town", to="south", load=20.0),
    ]


def test_loss_grows_with_the_length() -> None:
    """12 km at 0.1 % each: 0.999 ** 12 = 0.98807 arrives."""
    pipe = HeatPipe(name="pipe", **{"from": "north"}, to="south", capacity=60.0, length=12.0, loss_per_km=0.001)
    results = solve(system(pipe), NETWORKS)

    assert results.flow.sel(port="pipe.sent").values == pytest.approx([20.0 / 0.999**12] * 3)
    assert_balanced(results)


def test_pumps_take_power_where_a_network_is_named() -> None:
    """2 % of 20 MW: 0.4 MW at 50 for three hours, beside 5 for the heat."""
    pipe = HeatPipe(name="pipe", **{"from": "north"}, to="south", power="grid", capacity=60.0, pumping=0.02)
    results = solve(system(pipe), NETWORKS)

    assert results.flow.sel(port="pipe.pumps").values == pytest.approx([0.4] * 3)
    assert results.attrs["objective"] == pytest.approx(3 * (20 * 5.0 + 0.4 * 50.0))


def test_the_same_optimum_by_plain_pyomo() -> None:
    size = {"max": 90.0, "investment": 300.0, "lifetime": 40.0}
    pipe = HeatPipe(
        name="pipe", **{"from": "north"}, to="south", power="grid", capacity=size, loss=0.03, both_ways=True
    )

    assert_same_optimum(scenario_of(system(pipe), NETWORKS))
