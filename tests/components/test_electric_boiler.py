"""Electric boiler."""

import numpy as np
import pytest
from pydantic import ValidationError

from energysim.components.electric_boiler import ElectricBoiler
from energysim.components.heat_demand import HeatDemand
from energysim.components.source import Source
from energysim.components.unserved import Unserved
from energysim.testing import assert_same_optimum, scenario_of, solve

NETWORKS = {"heat": "heat", "grid": "electricity"}


def town(boiler: ElectricBoiler) -> list:
    return [
        boiler,
        Source(name="market", to="grid", price=np.array([10.0, 40.0, 20.0])),
        HeatDemand(name="town", to="heat", load=9.9),
        Unserved(name="short", to="heat", price=1000.0),
    ]


def test_power_is_heat_over_efficiency() -> None:
    """9.9 MW at 0.99 draw 10 MW, which cost 100 + 400 + 200."""
    results = solve(town(ElectricBoiler(name="boiler", power="grid", to="heat", capacity=20.0)), NETWORKS)

    assert results.flow.sel(port="boiler.power").values == pytest.approx([10.0] * 3)
    assert results.attrs["objective"] == pytest.approx(700.0)


def test_it_stays_within_its_capacity() -> None:
    results = solve(town(ElectricBoiler(name="boiler", power="grid", to="heat", capacity=4.0)), NETWORKS)

    assert results.flow.sel(port="boiler.heat").values == pytest.approx([4.0] * 3)


def test_the_same_optimum_by_plain_pyomo() -> None:
    size = {"max": 50.0, "investment": 500.0, "lifetime": 20.0}
    boiler = ElectricBoiler(name="boiler", power="grid", to="heat", capacity=size, variable_om=1.0)

    assert_same_optimum(scenario_of(town(boiler), NETWORKS))


def test_more_heat_than_power_is_refused() -> None:
    with pytest.raises(ValidationError, match="less than or equal to 1"):
        ElectricBoiler(name="boiler", power="grid", to="heat", capacity=1.0, efficiency=1.01)


def test_it_rises_no_faster_than_its_ramp() -> None:
    """From 5 MW at a quarter of 20 MW an hour: 10 of the 15 wanted in the second hour, all in the third."""
    boiler = ElectricBoiler(name="boiler", power="grid", to="heat", capacity=20.0, ramps={"up": 0.25})
    parts = [part for part in town(boiler) if part.name != "town"]
    results = solve([*parts, HeatDemand(name="town", to="heat", load=np.array([5.0, 15.0, 15.0]))], NETWORKS)

    assert results.flow.sel(port="boiler.heat").values == pytest.approx([5.0, 10.0, 15.0])
