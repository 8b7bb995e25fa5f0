"""Waste plant."""

import numpy as np
import pytest
from pydantic import ValidationError

from energysim.components.heat_demand import HeatDemand
from energysim.components.sink import Sink
from energysim.components.source import Source
from energysim.components.waste_plant import WastePlant
from energysim.testing import assert_balanced, assert_same_optimum, scenario_of, solve

WHERE = {"heat": "heat", "grid": "electricity"}
PLANT = {"capacity": 10.0, "heating_value": 3.0, "gate_fee": 60.0, "electric_efficiency": 0.2, "heat_efficiency": 0.75}


def town(**fields: object) -> list:
    return [
        WastePlant(name="plant", to="heat", power="grid", **(PLANT | fields)),
        HeatDemand(name="users", to="heat", load=20.0),
        Source(name="boiler", to="heat", price=40.0),
        Sink(name="market", **{"from": "grid"}, price=30.0),
    ]


def test_a_gate_fee_makes_it_burn_all_it_can() -> None:
    """10 t/h are 30 MW: 6 MW of power, up to 22.5 of heat of which 20 are used; it earns 600 and 180 an hour."""
    results = solve(town(), WHERE)

    assert results.flow.sel(port="plant.heat").values == pytest.approx([20.0] * 3)
    assert results.flow.sel(port="plant.power").values == pytest.approx([6.0] * 3)
    assert float(results.attrs["objective"]) == pytest.approx(-3 * 780.0)
    assert_balanced(results)
    assert_same_optimum(scenario_of(town(), WHERE))


def test_only_fossil_carbon_counts() -> None:
    """30 MW, 0.345 t/MWh, 40 % fossil: 4.14 t an hour."""
    results = solve(town(), WHERE)

    assert float(results.amount.sel(component="plant", effect="co2")) == pytest.approx(3 * 4.14)


def test_waste_of_a_year_is_limited_and_owed() -> None:
    """Without a gate fee nothing is free: 12 t there are, of which at least 6 are owed."""
    dear = {"gate_fee": -900.0}
    assert float(solve(town(most_waste=12.0), WHERE).measured.sel(measure="plant.waste_taken")) == pytest.approx(12.0)
    assert float(
        solve(town(**dear, least_waste=6.0), WHERE).measured.sel(measure="plant.waste_taken")
    ) == pytest.approx(6.0)


@pytest.mark.parametrize(
    ("fields", "text"),
    [({"heat_efficiency": 1.15}, "at most 1.2"), ({"least_waste": 9.0, "most_waste": 8.0}, "is above most_waste")],
)
def test_impossible_plants_are_refused(fields: dict, text: str) -> None:
    with pytest.raises(ValidationError, match=text):
        WastePlant(name="plant", to="heat", **(PLANT | fields))


def test_it_rises_no_faster_than_its_ramp() -> None:
    """2 t/h are there in the first hour, then a tenth of 20 t/h more each: 2, 4 and 6 t/h of 2.4 MWh of heat each."""
    plant = WastePlant(
        name="plant", to="heat", capacity=20.0, heating_value=3.0, heat_efficiency=0.8, ramps={"up": 0.1},
        availability=np.array([0.1, 1.0, 1.0]),
    )  # fmt: skip
    parts = [plant, Source(name="boiler", to="heat", price=500.0), HeatDemand(name="users", to="heat", load=40.0)]
    results = solve(parts, {"heat": "heat"})

    assert results.flow.sel(port="plant.heat").values == pytest.approx([4.8, 9.6, 14.4])
