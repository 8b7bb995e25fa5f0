"""SCIENCE 3: flue-gas condensation."""

import numpy as np
import pytest

from energysim.components.boiler import Boiler
from energysim.components.fuel_supply import FuelSupply
from energysim.components.heat_demand import HeatDemand
from energysim.testing import solve
from energysim.traits.flue_gas import dew_point, moist_heating_value, recovered

OUTLETS = np.array([40.0, 45.0, 50.0, 55.0, 60.0, 65.0])


T_3_4 = [
    (0.5, [0.249, 0.227, 0.199, 0.164, 0.119, 0.059], 65.2),
    (0.4, [0.187, 0.166, 0.140, 0.108, 0.065, 0.051], 61.1),
    (0.55, [0.294, 0.270, 0.242, 0.205, 0.158, 0.096], 67.4),
]


@pytest.mark.parametrize(("moisture", "shares", "dew"), T_3_4)
def test_t_3_4_heat_from_condensation(moisture: float, shares: list[float], dew: float) -> None:
    """T-3.4: what cooling from 150 degC to the outlet recovers; the case's three digits imply air of some 6 g/kg."""
    assert recovered(OUTLETS, moisture) == pytest.approx(shares, abs=0.004)
    assert dew_point(moisture) == pytest.approx(dew, abs=0.2)


@pytest.mark.parametrize(("moisture", "shares", "dew"), T_3_4)
def test_t_3_4_in_a_boiler(moisture: float, shares: list[float], dew: float) -> None:
    """T-3.4 through a run: a boiler of 0.85 gains the share at a return 5 K below the outlet, hour by hour."""
    del dew
    network = {"carrier": "heat", "supply": 90.0, "return": OUTLETS - 5.0}
    parts = [
        Boiler(name="boiler", fuel="wood", to="heat", capacity=50.0, efficiency=0.85,
               condensation={"moisture": moisture}),
        FuelSupply(name="trade", to="wood", price=20.0),
        HeatDemand(name="users", to="heat", load=30.0),
    ]  # fmt: skip
    results = solve(parts, {"heat": network}, {"wood": {}}, steps=6)
    efficiency = 30.0 / results.flow.sel(port="boiler.fuel").values

    assert efficiency - 0.85 == pytest.approx(shares, abs=0.004)


@pytest.mark.parametrize(("moisture", "shares", "dew"), T_3_4)
def test_t_3_4_dew_point_in_a_run(moisture: float, shares: list[float], dew: float) -> None:
    """T-3.4 in a run: the boiler's efficiency over the return bends where the outlet, 5 K above, is the dew point."""
    del shares
    returns = np.arange(50.0, 70.0, 0.1)
    network = {"carrier": "heat", "supply": 90.0, "return": returns}
    parts = [
        Boiler(name="boiler", fuel="wood", to="heat", capacity=50.0, efficiency=0.85,
               condensation={"moisture": moisture}),
        FuelSupply(name="trade", to="wood", price=20.0),
        HeatDemand(name="users", to="heat", load=30.0),
    ]  # fmt: skip
    results = solve(parts, {"heat": network}, {"wood": {}}, steps=len(returns))
    efficiency = 30.0 / results.flow.sel(port="boiler.fuel").values
    bend = int(np.argmax(np.diff(efficiency, 2))) + 1

    assert returns[bend] + 5.0 == pytest.approx(dew, abs=0.3)


def test_t_3_4_heating_value() -> None:
    """T-3.4: half water, 19 MJ/kg dry: 9.5 less half of 2.443 is 8.278 MJ/kg."""
    assert moist_heating_value(0.5) == pytest.approx(8.278, abs=0.001)


def test_a_colder_return_recovers_more() -> None:
    assert (np.diff(recovered(np.linspace(30.0, 100.0, 71), 0.5)) < 0.0).all()
