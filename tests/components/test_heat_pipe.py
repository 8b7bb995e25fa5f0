"""Heat pipe."""

import numpy as np
import pytest
from pydantic import ValidationError

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


def test_diameters_to_choose_from() -> None:
    """10 MW need DN200, which carries 12.9 at 90 over 50 degC; DN150 is too small and DN300 dearer."""
    pipe = HeatPipe(
        name="pipe", **{"from": "mill"}, to="town", length=5.0, pumping=0.0, diameters=(150, 200, 300),
        capacity={"lifetime": 40.0},
    )  # fmt: skip
    parts = [
        pipe,
        Source(name="residual", to="mill", price=1.0),
        Source(name="boiler", to="town", price=9000.0),
        HeatDemand(name="users", to="town", load=10.0),
    ]
    results = solve(parts, {"mill": "heat", "town": "heat"}, steps=1, step=8760.0)

    assert float(results.built.sel(size="pipe.capacity")) == pytest.approx(13.01, rel=0.01)
    assert float(results.booking[results.booking_item == "capital"].sum()) == pytest.approx(
        1836.0 * 5000.0 * 0.05 / (1.0 - 1.05**-40), rel=1e-6
    )
    assert_same_optimum(scenario_of(parts, {"mill": "heat", "town": "heat"}, steps=1, step=8760.0))


def test_two_approaches_are_lost_on_the_way() -> None:
    """A mill network of 90 degC through two exchangers of 5 K heats the town's water to 80 of 85 degC."""
    where = {
        "mill": {"carrier": "heat", "supply": 90.0, "return": 40.0, "approach": 5.0},
        "town": {"carrier": "heat", "supply": 85.0, "return": 45.0, "approach": 5.0},
    }
    parts = [
        HeatPipe(name="pipe", **{"from": "mill"}, to="town", capacity=99.0, pumping=0.0),
        Source(name="residual", to="mill", price=1.0),
        Source(name="boiler", to="town", price=90.0),
        HeatDemand(name="users", to="town", load=40.0),
    ]
    results = solve(parts, where, steps=1)

    assert float(results.flow.sel(port="pipe.received")[0]) == pytest.approx(35.0)
    assert float(results.flow.sel(port="boiler.given")[0]) == pytest.approx(5.0)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"diameters": (150,), "capacity": 5.0}, "'diameters' say what may be built"),
        ({"diameters": (155,), "capacity": {"lifetime": 9.0}}, "there is no pipe DN155"),
        ({"route_cost": 5.0, "capacity": 5.0}, "a 'route_cost' is paid for a pipe to be built"),
        (
            {"loss_coefficient": 0.2, "capacity": {"max": 5.0, "investment": 1.0, "lifetime": 9.0}},
            "building must be a yes or no",
        ),
        (
            {"diameters": "any", "capacity": {"max": 250.0, "lifetime": 9.0}},
            "max 250 MW is more than the largest pipe, DN600, carries .* 198.3 MW",
        ),
        ({"diameters": "any", "capacity": {"smallest": 199.0, "lifetime": 9.0}}, "smallest 199 MW is more than"),
    ],
)
def test_pipes_that_contradict_themselves(fields: dict, text: str) -> None:
    with pytest.raises(ValidationError, match=text):
        HeatPipe(name="pipe", **{"from": "mill"}, to="town", length=5.0, **fields)


def test_a_pipe_that_stands_still_is_not_kept_warm() -> None:
    """3 km at 0.3 W/m/K between 90 and 50 over 5 degC lose 0.117 MW; in the hour it stands still nothing is sent, and
    the boiler serves the town."""
    pipe = HeatPipe(
        name="pipe", **{"from": "north"}, to="south", capacity=60.0, length=3.0, loss_coefficient=0.3,
        availability=np.array([1.0, 0.0, 1.0]),
    )  # fmt: skip
    warm = {"carrier": "heat", "supply": 90.0, "return": 50.0}
    parts = [*system(pipe), Source(name="boiler", to="south", price=90.0)]
    results = solve(parts, {**NETWORKS, "north": warm, "south": warm})

    assert results.flow.sel(port="pipe.sent").values == pytest.approx([20.117, 0.0, 20.117])
    assert results.flow.sel(port="boiler.given").values == pytest.approx([0.0, 20.0, 0.0])
