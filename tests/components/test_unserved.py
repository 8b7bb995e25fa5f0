"""Unserved energy."""

import numpy as np
import pytest

from energysim.components.heat_demand import HeatDemand
from energysim.components.source import Source
from energysim.components.unserved import Unserved
from energysim.testing import assert_same_optimum, scenario_of, solve

HEAT = {"heat": "heat"}


def system() -> list:
    return [
        HeatDemand(name="town", to="heat", load=np.array([8.0, 12.0, 10.0])),
        Source(name="plant", to="heat", price=20.0, capacity=10.0),
        Unserved(name="short", to="heat", price=3000.0),
    ]


def test_only_what_no_plant_can_give_is_unserved() -> None:
    """2 MWh in the second hour at 3 000, the other 28 at 20; the price there is the value of lost load."""
    results = solve(system(), HEAT)

    assert results.flow.sel(port="short.shortage").values == pytest.approx([0.0, 2.0, 0.0])
    assert results.attrs["objective"] == pytest.approx(28 * 20.0 + 6000.0)
    assert float(results.price.sel(node="heat")[1]) == pytest.approx(3000.0)


def test_the_same_optimum_by_plain_pyomo() -> None:
    assert_same_optimum(scenario_of(system(), HEAT))
