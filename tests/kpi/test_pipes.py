"""Heat pipes of a plan held against real hydraulics."""

import numpy as np
import pytest

from energysim.components.heat_demand import HeatDemand
from energysim.components.heat_pipe import HeatPipe
from energysim.components.source import Source
from energysim.hydraulics.friction import HOT
from energysim.kpi.pipes import pipe_check, worst_loads
from energysim.testing import solve


def network(returned: float) -> dict:
    return {"carrier": "heat", "supply": 90.0, "return": returned, "approach": 0.0}


def test_the_way_back_of_a_pipe_is_checked_too() -> None:
    """10 MW go to the town in the first hour, 25 MW to the village in the second, whose water returns 5 K colder.

    The pipe loses 5 % of what is sent: 10 / 0.95 - 10 and 25 / 0.95 - 25 MW.
    """
    parts = [
        Source(name="mill", to="village", price=1.0, capacity=90.0, availability=np.array([1.0, 0.0, 0.0])),
        Source(name="works", to="town", price=1.0, capacity=90.0, availability=np.array([0.0, 1.0, 0.0])),
        HeatDemand(name="town_users", to="town", load=np.array([10.0, 0.0, 0.0])),
        HeatDemand(name="village_users", to="village", load=np.array([0.0, 25.0, 0.0])),
        HeatPipe(name="pipe", **{"from": "village"}, to="town", length=4.0, capacity=40.0, loss=0.05, both_ways=True),
    ]
    results = solve(parts, {"village": network(40.0), "town": network(45.0)})
    there, back = worst_loads(results)

    assert (there.pipe, back.pipe) == ("pipe", "pipe, way back")
    assert (there.supply, back.supply) == (90.0, 90.0)
    assert (there.returned, back.returned) == (45.0, 40.0)
    assert (there.heat, back.heat) == pytest.approx((10.0 / 0.95, 25.0 / 0.95))
    assert (there.planned_loss, back.planned_loss) == pytest.approx((10.0 / 0.95 - 10.0, 25.0 / 0.95 - 25.0))
    assert there.largest == back.largest == pytest.approx(40e6 / (HOT.heat_capacity * 45.0))
    table = pipe_check(results)
    assert table.nominal.tolist() == [300, 300]
    assert table.velocity[1] / table.velocity[0] == pytest.approx(2.5 * 45.0 / 50.0, rel=0.02)
    assert (table.loss > 0.0).all()


def test_a_pipe_has_one_diameter_for_all_its_hours() -> None:
    """10 MW cooled by 20 K need twice the water of 16 MW cooled by 64 K, and the pipe is chosen for them."""
    parts = [
        Source(name="mill", to="village", price=1.0, capacity=90.0),
        HeatDemand(name="town_users", to="town", load=np.array([16.0, 10.0, 1.0])),
        HeatPipe(name="pipe", **{"from": "village"}, to="town", length=4.0, capacity=16.0, loss=0.0),
    ]
    supply = {"carrier": "heat", "supply": np.array([110.0, 65.0, 110.0]), "return": 45.0, "approach": 0.0}
    results = solve(parts, {"village": supply, "town": supply})
    loads = worst_loads(results, hours=1)

    assert [load.heat for load in loads] == pytest.approx([10.0, 16.0])
    assert [load.largest for load in loads] == pytest.approx([10e6 / (HOT.heat_capacity * 20.0)] * 2)
    assert pipe_check(results, hours=1).nominal.nunique() == 1
