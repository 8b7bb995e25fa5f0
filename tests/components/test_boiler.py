"""Boiler."""

import numpy as np
import pytest
from pydantic import ValidationError

from energysim.components.boiler import Boiler
from energysim.components.fuel_supply import FuelSupply
from energysim.components.heat_demand import HeatDemand
from energysim.components.unserved import Unserved
from energysim.testing import assert_same_optimum, scenario_of, solve

FUELS = {"oil": {"co2": 0.27}}
HEAT = {"heat": "heat"}


def town(boiler: Boiler, load: list[float]) -> list:
    return [
        boiler,
        FuelSupply(name="trade", to="oil", price=80.0),
        HeatDemand(name="town", to="heat", load=np.array(load)),
        Unserved(name="short", to="heat", price=1000.0),
    ]


def test_fuel_is_heat_over_efficiency() -> None:
    """9 MW at 0.9 burn 10 MW; efficiency the wrong way round would burn 8.1."""
    results = solve(town(Boiler(name="boiler", fuel="oil", to="heat", capacity=20.0), [9.0, 18.0, 0.0]), HEAT, FUELS)

    assert results.flow.sel(port="boiler.fuel").values == pytest.approx([10.0, 20.0, 0.0])


def test_emissions_follow_the_fuel_and_have_a_price() -> None:
    """30 MWh of oil at 0.27 t/MWh: 8.1 t, at 100 each 810 on top of 2 400 for the oil."""
    boiler = Boiler(name="boiler", fuel="oil", to="heat", capacity=20.0)
    results = solve(town(boiler, [9.0, 9.0, 9.0]), HEAT, FUELS, effects={"co2": {"unit": "t", "price": 100.0}})

    assert float(results.amount.sel(component="boiler", effect="co2")) == pytest.approx(8.1)
    assert results.attrs["objective"] == pytest.approx(30 * 80.0 + 810.0)


def test_capacity_and_availability_limit_the_heat() -> None:
    boiler = Boiler(name="boiler", fuel="oil", to="heat", capacity=10.0, availability=np.array([1.0, 0.5, 0.0]))
    results = solve(town(boiler, [12.0, 12.0, 12.0]), HEAT, FUELS)

    assert results.flow.sel(port="boiler.heat").values == pytest.approx([10.0, 5.0, 0.0])


def test_ramps_hold_the_output_back() -> None:
    """From 2 MW the boiler may rise by 30 % of 10 MW an hour: 2, 5, 8; the first hour is free."""
    boiler = Boiler(name="boiler", fuel="oil", to="heat", capacity=10.0, ramps={"up": 0.3})
    results = solve(town(boiler, [2.0, 10.0, 10.0]), HEAT, FUELS)

    assert results.flow.sel(port="boiler.heat").values == pytest.approx([2.0, 5.0, 8.0])


def test_a_decided_size_is_as_large_as_the_peak_and_paid_by_annuity() -> None:
    """18 MW at 1 000 a MW, 25 years at 5 %: 18 * 70.95 = 1 277.14 a year beside the fuel."""
    size = {"max": 50.0, "investment": 1000.0, "lifetime": 25.0}
    results = solve(town(Boiler(name="boiler", fuel="oil", to="heat", capacity=size), [9.0, 18.0, 9.0]), HEAT, FUELS)

    assert float(results.built.sel(size="boiler.capacity")) == pytest.approx(18.0)
    assert results.attrs["objective"] == pytest.approx(40.0 * 80.0 + 18.0 * 70.9524573, rel=1e-9)


def test_the_same_optimum_by_plain_pyomo() -> None:
    size = {"existing": 3.0, "max": 50.0, "investment": 1000.0, "lifetime": 25.0, "fixed_om_share": 0.02}
    boiler = Boiler(
        name="boiler", fuel="oil", to="heat", capacity=size, ramps={"up": 0.5, "down": 0.4}, variable_om=2.0
    )

    assert_same_optimum(scenario_of(town(boiler, [9.0, 18.0, 9.0]), HEAT, FUELS))


@pytest.mark.parametrize(("efficiency", "named"), [(1.3, r"1\.3"), (np.array([0.9, 0.0, 0.9]), "0")])
def test_an_efficiency_that_no_boiler_has_is_refused(efficiency: object, named: str) -> None:
    """The message names the value that is wrong, not the best of the series."""
    with pytest.raises(ValidationError, match=f"efficiency {named} is not physical for a boiler"):
        Boiler(name="boiler", fuel="oil", to="heat", capacity=1.0, efficiency=efficiency)
