"""Sink."""

import numpy as np
import pytest
from pydantic import ValidationError

from energysim.components.sink import Sink
from energysim.components.source import Source
from energysim.testing import assert_same_optimum, scenario_of, solve

NETWORK = {"hydrogen": "hydrogen"}


def system(**fields: object) -> list:
    maker = Source(name="maker", to="hydrogen", price=np.array([50.0, 90.0, 120.0]), capacity=9.0)
    return [Sink(name="user", **{"from": "hydrogen"}, **fields), maker]


def test_it_buys_while_the_price_is_right() -> None:
    """At 100 it takes 6 MW in the first two hours: earns 50 and 10 a MWh."""
    results = solve(system(price=100.0, capacity=6.0), NETWORK)

    assert results.flow.sel(port="user.taken").values == pytest.approx([6.0, 6.0, 0.0])
    assert results.attrs["objective"] == pytest.approx(-6 * 60.0)


def test_a_fixed_sink_must_be_served() -> None:
    assert solve(system(fixed=2.0), NETWORK).attrs["objective"] == pytest.approx(2 * 260.0)


def test_availability_limits_it() -> None:
    results = solve(system(price=200.0, capacity=6.0, availability=np.array([1.0, 0.5, 0.0])), NETWORK)

    assert results.flow.sel(port="user.taken").values == pytest.approx([6.0, 3.0, 0.0])


@pytest.mark.parametrize("capacity", [5.0, {"max": 5.0, "investment": 1.0, "lifetime": 20.0}])
def test_a_fixed_flow_above_the_capacity_is_refused(capacity: object) -> None:
    with pytest.raises(ValidationError, match="fixed reaches 9 MW, capacity is at most 5 MW"):
        Sink(name="user", **{"from": "hydrogen"}, capacity=capacity, fixed=np.array([1.0, 9.0]))


def test_the_same_optimum_by_plain_pyomo() -> None:
    assert_same_optimum(scenario_of(system(price=100.0, capacity=6.0), NETWORK))
