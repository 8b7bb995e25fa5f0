"""Pit store."""

import numpy as np
import pytest

from energysim.components.heat_demand import HeatDemand
from energysim.components.pit_store import PitStore
from energysim.components.source import Source
from energysim.testing import assert_balanced, assert_same_optimum, scenario_of, solve

WHERE = {"heat": {"carrier": "heat", "supply": np.array([70.0, 100.0, 100.0]), "return": 40.0}}


def town(temperature: float, **fields: object) -> list:
    cheap = np.array([1.0, 100.0, 100.0])
    return [
        PitStore(name="pit", network="heat", volume=900.0, hot=80.0, cold=40.0, **fields),
        Source(name="plant", to="heat", price=cheap, temperature=temperature),
        HeatDemand(name="users", to="heat", load=np.array([0.0, 12.0, 12.0])),
    ]


def test_it_preheats_when_the_network_is_hotter_than_the_pit() -> None:
    """Of 40 to 100 degC it gives 40 to 80: two thirds of 12 MW."""
    results = solve(town(110.0), WHERE)

    assert results.flow.sel(port="pit.discharge").values == pytest.approx([0.0, 8.0, 8.0], abs=1e-9)
    assert_balanced(results)
    assert_same_optimum(scenario_of(town(110.0), WHERE))


def test_it_cannot_be_filled_by_colder_heat() -> None:
    """A plant of 75 degC cannot fill it with water of 80; the town is short of the rest, which a boiler gives."""
    parts = [*town(75.0), Source(name="boiler", to="heat", price=500.0, temperature=120.0)]
    results = solve(parts, WHERE)
    charged = float(results.flow.sel(port="pit.charge").sum())
    boiled = float(results.flow.sel(port="boiler.given")[0])

    assert charged == pytest.approx(0.0, abs=1e-6) or boiled >= charged * (80.0 - 75.0) / 40.0 - 1e-6


def test_power_follows_the_volume() -> None:
    """900 MWh in 30 h: 30 MW in, and an hour later what is left of them out."""
    results = solve([*town(110.0)[:2], HeatDemand(name="users", to="heat", load=[0.0, 90.0, 0.0])], WHERE)

    assert float(results.flow.sel(port="pit.discharge")[1]) == pytest.approx(30.0 * (1.0 - 0.000078))


def test_loss_of_a_month() -> None:
    """T-4.2: 0.0078 % an hour is 5.46 % in 30 days and 28.94 % in half a year."""
    kept = 1.0 - PitStore(name="pit", network="heat", volume=1.0).standing_loss

    assert 1.0 - kept**720 == pytest.approx(0.0546, abs=1e-4)
    assert 1.0 - kept**4380 == pytest.approx(0.2894, abs=1e-4)
