"""Source."""

import numpy as np
import pytest
from pydantic import ValidationError

from energysim.components.sink import Sink
from energysim.components.source import Source
from energysim.components.unserved import Unserved
from energysim.testing import assert_same_optimum, scenario_of, solve

NETWORK = {"hydrogen": "hydrogen"}


def system(**fields: object) -> list:
    return [
        Source(name="import", to="hydrogen", **fields),
        Sink(name="user", **{"from": "hydrogen"}, fixed=5.0),
        Unserved(name="short", to="hydrogen", price=1000.0),
    ]


def test_price_and_emission_of_what_is_given() -> None:
    results = solve(system(price=np.array([1.0, 2.0, 3.0]), co2=0.1), NETWORK)

    assert results.attrs["objective"] == pytest.approx(5 * 6.0)
    assert float(results.amount.sel(component="import", effect="co2")) == pytest.approx(1.5)


def test_capacity_and_availability_limit_it() -> None:
    results = solve(system(capacity=4.0, availability=np.array([1.0, 0.5, 0.0])), NETWORK)

    assert results.flow.sel(port="import.given").values == pytest.approx([4.0, 2.0, 0.0])


def test_a_cap_on_emissions_is_kept() -> None:
    """1 t allows 10 of 15 MWh; the rest is unserved."""
    results = solve(system(co2=0.1), NETWORK, effects={"co2": {"unit": "t", "cap": 1.0}})

    assert float(results.flow.sel(port="import.given").sum()) == pytest.approx(10.0)


@pytest.mark.parametrize("capacity", [5.0, {"max": 5.0, "investment": 1.0, "lifetime": 20.0}])
def test_a_fixed_flow_above_the_capacity_is_refused(capacity: object) -> None:
    with pytest.raises(ValidationError, match="fixed reaches 9 MW, capacity is at most 5 MW"):
        Source(name="import", to="hydrogen", capacity=capacity, fixed=np.array([1.0, 9.0]))


def test_the_same_optimum_by_plain_pyomo() -> None:
    effects = {"co2": {"unit": "t", "price": 20.0, "cap": 1.2}}

    assert_same_optimum(scenario_of(system(price=3.0, capacity=4.5, co2=0.1), NETWORK, effects=effects))
