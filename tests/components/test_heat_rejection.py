"""Heat rejection."""

import pytest

from energysim.components.heat_rejection import HeatRejection
from energysim.components.source import Source
from energysim.errors import InfeasibleError
from energysim.testing import assert_balanced, assert_same_optimum, scenario_of, solve

HEAT = {"heat": "heat"}


def system(**fields: object) -> list:
    return [
        HeatRejection(name="cooler", **{"from": "heat"}, cost=2.0, **fields),
        Source(name="mill", to="heat", fixed=5.0),
    ]


def test_surplus_goes_away_at_a_cost() -> None:
    """5 MW for three hours at 2: 30."""
    results = solve(system(), HEAT)

    assert results.attrs["objective"] == pytest.approx(30.0)
    assert_balanced(results)


def test_a_cooler_too_small_leaves_no_plan() -> None:
    with pytest.raises(InfeasibleError, match=r"more than can be used in 3 hours, worst .* by 1 MW: 'cooler' takes 4"):
        solve(system(capacity=4.0), HEAT)


def test_the_same_optimum_by_plain_pyomo() -> None:
    assert_same_optimum(scenario_of(system(capacity={"max": 9.0, "investment": 5.0, "lifetime": 20.0}), HEAT))
