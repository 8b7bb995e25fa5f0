"""SCIENCE 2: is a pipe worth building?"""

import pytest
import xarray as xr

from energysim.components.heat_demand import HeatDemand
from energysim.components.heat_pipe import HeatPipe
from energysim.components.source import Source
from energysim.testing import assert_same_optimum, scenario_of, solve

NETWORKS = {
    "mill": {"carrier": "heat", "supply": 100.0, "return": 50.0},
    "town": {"carrier": "heat", "supply": 100.0, "return": 50.0},
}


def parts(length: float) -> list:
    """8 MW for 5 000 h; linear and fixed cost and loss of a pipe at 100 Pa/m, 100/50 and ground of 8 degC."""
    pipe = HeatPipe(
        name="pipe", **{"from": "mill"}, to="town", length=length, pumping=0.0, ground=8.0,
        loss=0.1966e-3 * length, loss_coefficient=31.668 / 134.0,
        capacity={"max": 20.0, "lifetime": 25.0}, route_cost=1_155_470.0, route_cost_per_mw=19_556.0,
    )  # fmt: skip
    return [
        pipe,
        Source(name="residual", to="mill", price=2.0),
        Source(name="boiler", to="town", price=40.0),
        HeatDemand(name="users", to="town", load=8.0),
    ]


def solved(length: float) -> xr.Dataset:
    return solve(parts(length), NETWORKS, steps=1, step=5000.0)


def test_t_2_9_six_kilometres_are_built() -> None:
    """T-2.9: 8.19968 MW go in; 642 161 a year, of it 560 164 for the pipe, against 1.6 million by the boiler."""
    results = solved(6.0)
    paid = float(results.booking[results.booking_item == "capital"].sum())

    assert float(results.flow.sel(port="pipe.sent")[0]) == pytest.approx(8.19968, abs=1e-4)
    assert float(results.attrs["objective"]) == pytest.approx(642_161.0, rel=1e-5)
    assert paid == pytest.approx(560_164.0, rel=1e-5)
    assert_same_optimum(scenario_of(parts(6.0), NETWORKS, steps=1, step=5000.0))


@pytest.mark.parametrize(("length", "is_built"), [(16.10, True), (16.18, False)])
def test_t_2_9_break_even(length: float, is_built: bool) -> None:
    """T-2.9: at 16 142 m pipe and boiler cost the same."""
    results = solved(length)

    assert (float(results.built.sel(size="pipe.capacity")) > 0.0) is is_built
