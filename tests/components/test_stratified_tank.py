"""Stratified tank."""

import numpy as np
import pytest
from pydantic import ValidationError

from energysim.components.heat_demand import HeatDemand
from energysim.components.source import Source
from energysim.components.stratified_tank import StratifiedTank
from energysim.testing import assert_balanced, assert_same_optimum, scenario_of, solve

SIZE = {"diameter": 20.0, "height": 40.0, "hot": 95.0, "cold": 50.0, "power": 100.0}
WHERE = {"heat": {"carrier": "heat", "supply": 95.0, "return": 50.0, "at": "here"}}
OUTDOOR = np.zeros(8760)


def town(**fields: object) -> list:
    return [
        StratifiedTank(name="tank", network="heat", usable=1.0, **(SIZE | fields)),
        Source(name="plant", to="heat", price=np.array([1.0, 100.0, 100.0]), temperature=110.0),
        HeatDemand(name="users", to="heat", load=10.0),
    ]


def test_an_empty_tank_loses_too() -> None:
    """T-4.1 at 0 degC: the losses at no level are 0.0428 MW, so a ring of three hours takes at least 0.128 MWh."""
    results = solve(town(power=0.0428043), WHERE, outdoor=OUTDOOR)

    assert float(results.measured.sel(measure="tank.lost")) == pytest.approx(3 * 0.0428042, abs=1e-5)


def test_heat_moves_from_the_cheap_hour() -> None:
    """20 MWh for two hours are held, and what is lost on the way is charged on top."""
    results = solve(town(), WHERE, outdoor=OUTDOOR)

    charged = float(results.flow.sel(port="tank.charge")[0])
    assert results.flow.sel(port="tank.discharge").values[1:] == pytest.approx([10.0, 10.0])
    assert charged == pytest.approx(20.0 + float(results.measured.sel(measure="tank.lost")))
    assert_balanced(results)
    assert_same_optimum(scenario_of(town(), WHERE, outdoor=OUTDOOR))


def test_it_holds_its_usable_content() -> None:
    """639.603 MWh at 95 over 50 degC, of which 90 % can be used."""
    tank = StratifiedTank(name="tank", network="heat", **SIZE, usable=0.9)

    assert tank.content == pytest.approx(0.9 * 639.603, abs=0.001)


def test_cold_over_hot_is_refused() -> None:
    with pytest.raises(ValidationError, match="hot water floats on cold"):
        StratifiedTank(name="tank", network="heat", **(SIZE | {"hot": 40.0}))
