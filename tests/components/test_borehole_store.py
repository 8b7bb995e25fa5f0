"""Borehole store."""

import numpy as np
import pytest
from pydantic import ValidationError

from energysim.components.borehole_store import BoreholeStore
from energysim.components.heat_demand import HeatDemand
from energysim.components.source import Source
from energysim.testing import assert_balanced, assert_same_optimum, scenario_of, solve

LAYERS = {
    "warm": {"hot": 60.0, "cold": 40.0, "volume": 20.0},
    "cool": {"hot": 40.0, "cold": 30.0, "volume": 10.0},
}
WHERE = {"heat": {"carrier": "heat", "supply": 85.0, "return": 45.0}}


def town(price: object, load: object, **fields: object) -> list:
    size = {"exchange": 0.0, "boreholes": 1000.0, "standing_loss": 0.0} | fields
    rock = BoreholeStore(name="rock", network="heat", layers=LAYERS, **size)
    return [rock, Source(name="plant", to="heat", price=price), HeatDemand(name="users", to="heat", load=load)]


def test_it_gives_back_only_what_is_above_the_return() -> None:
    """Rock of 60 to 40 degC heats water of 45 to 85: at most 15 of 40 K, 7.5 of 20 MW in the dear hour."""
    parts = town(np.array([1.0, 100.0, 100.0]), np.array([20.0, 20.0, 0.0]))
    results = solve(parts, WHERE)

    assert float(results.flow.sel(port="rock.discharge_warm")[1]) == pytest.approx(7.5)
    assert_balanced(results)
    assert_same_optimum(scenario_of(parts, WHERE))


def test_the_boreholes_limit_the_power() -> None:
    """50 km at 40 W/m carry 2 MW, of which the 15 of 20 K above the return are of use."""
    results = solve(town(np.array([1.0, 100.0, 100.0]), np.array([20.0, 20.0, 0.0]), boreholes=50.0), WHERE)

    assert float(results.flow.sel(port="rock.discharge_warm")[1]) == pytest.approx(1.5)


def test_heat_must_be_hotter_than_the_rock() -> None:
    """With 30 K of exchange charging needs 90 degC, which a plant at 85 cannot give: it stays empty."""
    results = solve(town(np.array([1.0, 100.0, 100.0]), np.array([20.0, 20.0, 0.0]), exchange=30.0), WHERE)

    assert float(results.level.sum()) == pytest.approx(0.0, abs=1e-9)


def test_layers_must_join() -> None:
    with pytest.raises(ValidationError, match="a layer ends at 40 degC and the next begins at 35 degC"):
        BoreholeStore(
            name="rock", network="heat", boreholes=1.0, layers=LAYERS | {"cool": {"hot": 35, "cold": 30, "volume": 1}}
        )
