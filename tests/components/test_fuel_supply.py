"""Fuel supply."""

import numpy as np
import pytest
from pydantic import ValidationError

from energysim.components.boiler import Boiler
from energysim.components.fuel_supply import FuelSupply
from energysim.components.heat_demand import HeatDemand
from energysim.components.unserved import Unserved
from energysim.testing import assert_same_optimum, scenario_of, solve

HEAT = {"heat": "heat"}
FUELS = {"chips": {}}


def town(**changes: object) -> list:
    return [
        FuelSupply(name="trade", to="chips", **{"price": np.array([10.0, 20.0, 30.0]), **changes}),
        Boiler(name="boiler", fuel="chips", to="heat", capacity=99.0, efficiency=1.0),
        HeatDemand(name="town", to="heat", load=5.0),
        Unserved(name="short", to="heat", price=100.0),
    ]


def test_fuel_is_paid_at_the_price_of_the_hour() -> None:
    assert solve(town(), HEAT, FUELS).attrs["objective"] == pytest.approx(5 * 60.0)


def test_a_limit_on_the_flow() -> None:
    """4 of 5 MW can be had; the rest is unserved."""
    results = solve(town(limit=4.0), HEAT, FUELS)

    assert results.flow.sel(port="short.shortage").values == pytest.approx([1.0] * 3)


def test_a_yearly_amount_is_spent_in_the_cheap_hours() -> None:
    """8 MWh for the horizon: 5 in the first hour, 3 in the second."""
    results = solve(town(annual_limit=8.0), HEAT, FUELS)

    assert results.flow.sel(port="trade.fuel").values == pytest.approx([5.0, 3.0, 0.0])


def test_a_yearly_amount_counts_by_its_share_in_a_short_horizon() -> None:
    """Three hours of 8 760 get three thousandths of the 17 520 MWh: 6 MWh."""
    results = solve(town(annual_limit=17520.0), HEAT, FUELS, annual_costs="pro_rata")

    assert float(results.flow.sel(port="trade.fuel").sum()) == pytest.approx(6.0)


def test_a_gate_fee_pays_for_burning() -> None:
    assert solve(town(price=-7.0), HEAT, FUELS).attrs["objective"] == pytest.approx(-7.0 * 15)


def test_a_minimum_above_the_limit_is_refused() -> None:
    with pytest.raises(ValidationError, match="annual_minimum 9 MWh is above annual_limit 5 MWh"):
        FuelSupply(name="trade", to="chips", price=1.0, annual_limit=5.0, annual_minimum=9.0)


def test_the_same_optimum_by_plain_pyomo() -> None:
    assert_same_optimum(scenario_of(town(annual_limit=9.0, annual_minimum=2.0, limit=4.5), HEAT, FUELS))
