"""Residual heat."""

import numpy as np
import pytest
from pydantic import ValidationError

from energysim.components.heat_demand import HeatDemand
from energysim.components.residual_heat import ResidualHeat
from energysim.components.sink import Sink
from energysim.components.unserved import Unserved
from energysim.testing import assert_same_optimum, scenario_of, solve

GAS = {"gas": {"from": 180.0, "to": 60.0, "load": 30.0}}


def network(supply: object, returned: float = 45.0) -> dict:
    return {"heat": {"carrier": "heat", "supply": supply, "return": returned, "approach": 5.0}}


def system(streams: dict, **fields: object) -> list:
    return [
        ResidualHeat(name="mill", to="heat", streams=streams, **fields),
        HeatDemand(name="town", to="heat", load=100.0),
        Unserved(name="short", to="heat", price=1000.0),
    ]


def given(streams: dict, where: dict, **fields: object) -> list[float]:
    (name,) = streams
    return solve(system(streams, **fields), where).flow.sel(port=f"mill.{name}").values.tolist()


def test_a_hot_stream_gives_all_of_its_heat() -> None:
    """Cooled from 180 to 60 degC, above the return of 45 and the approach of 5."""
    assert given(GAS, network(85.0)) == pytest.approx([30.0] * 3)


def test_a_stream_is_cooled_to_an_approach_above_the_return() -> None:
    """From 120 to 40 degC, but the network returns at 45: only 120 to 50, 70 of 80 K, so 35 of 40 MW."""
    assert given({"water": {"from": 120.0, "to": 40.0, "load": 40.0}}, network(85.0)) == pytest.approx([35.0] * 3)


def test_a_stream_below_supply_preheats() -> None:
    """From 70 to 50 degC it heats the water from 45 to 65 degC: at most 20 of 40 K of the 100 MW, so all its 30 MW."""
    assert given({"warm": {"from": 70.0, "to": 50.0, "load": 30.0}}, network(85.0)) == pytest.approx([30.0] * 3)


def test_preheating_ends_at_the_stream_s_temperature() -> None:
    """Of 100 MW from 45 to 85 degC a stream of 70 degC can give at most what lies below 65: 50 MW."""
    assert given({"warm": {"from": 70.0, "to": 50.0, "load": 80.0}}, network(85.0)) == pytest.approx([50.0] * 3)


def test_where_full_temperature_is_required_a_cooler_stream_gives_nothing() -> None:
    """70 degC into 85 degC: a temperature-blind model would take the 30 MW."""
    where = {"heat": network(85.0)["heat"] | {"coupling": "full_temperature_required"}}

    assert given({"warm": {"from": 70.0, "to": 50.0, "load": 30.0}}, where) == pytest.approx([0.0] * 3)


def test_the_supply_temperature_of_the_hour_counts() -> None:
    """90 degC with 5 K of approach reaches 80 and 85 degC, not 86."""
    warm = {"warm": {"from": 90.0, "to": 60.0, "load": 30.0}}
    where = {"heat": network(np.array([80.0, 85.0, 86.0]))["heat"] | {"coupling": "full_temperature_required"}}

    assert given(warm, where) == pytest.approx([30.0, 30.0, 0.0])


def test_availability_and_connection_limit_it() -> None:
    assert given(GAS, network(85.0), availability=np.array([1.0, 0.5, 0.0])) == pytest.approx([30.0, 15.0, 0.0])
    assert given(GAS, network(85.0), connection=12.0) == pytest.approx([12.0] * 3)


def test_what_is_not_taken_is_measured() -> None:
    """30 MW offered, 12 taken, three hours: 54 MWh."""
    results = solve(system(GAS, connection=12.0), network(85.0))

    assert float(results.measured.sel(measure="mill.unused")) == pytest.approx(54.0)


def test_a_capacity_and_its_profile_instead_of_streams() -> None:
    """20 MW at 1, 0.5 and 0.25, of which 80 % runs: 16, 8 and 4 MW, whatever the network's temperatures."""
    mill = ResidualHeat(
        name="mill", to="heat", capacity=20.0, profile=np.array([1.0, 0.5, 0.25]), availability=0.8, price=3.0
    )
    results = solve([mill, *system(GAS)[1:]], network(85.0))

    assert results.flow.sel(port="mill.heat").values == pytest.approx([16.0, 8.0, 4.0])
    assert float(results.measured.sel(measure="mill.unused")) == pytest.approx(0.0, abs=1e-9)
    assert float(results.booking[results.booking_item == "delivery"].sum()) == pytest.approx(3.0 * 28.0)


def test_a_capacity_may_be_a_decision() -> None:
    """At 100 a MW and year each MW saves three MWh of 1 000: the whole 12 MW are built, by plain Pyomo too."""
    size = {"max": 12.0, "investment": 100.0, "lifetime": 25.0}
    town = [ResidualHeat(name="mill", to="heat", capacity=size), *system(GAS)[1:]]

    assert float(solve(town, network(85.0)).built.sel(size="mill.capacity")) == pytest.approx(12.0)
    assert_same_optimum(scenario_of(town, network(85.0)))


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "it needs 'streams' or a 'capacity'"),
        ({"streams": GAS, "capacity": 5.0}, "'streams' and 'capacity' both say how much heat there is"),
        ({"streams": GAS, "profile": 0.5}, "'profile' goes with 'capacity'"),
    ],
)
def test_one_way_to_say_how_much(fields: dict, text: str) -> None:
    with pytest.raises(ValidationError, match=text):
        ResidualHeat(name="mill", to="heat", **fields)


def test_the_same_optimum_by_plain_pyomo() -> None:
    size = {"max": 25.0, "investment": 100.0, "lifetime": 25.0}

    assert_same_optimum(scenario_of(system(GAS, connection=size, price=3.0), network(85.0)))


def test_a_stream_that_takes_heat_is_refused() -> None:
    with pytest.raises(ValidationError, match="a stream from 20 to 40 degC takes heat"):
        ResidualHeat(name="mill", to="heat", streams={"cold": {"from": 20.0, "to": 40.0, "load": 1.0}})


@pytest.mark.parametrize(("must_run", "taken"), [(True, [15.0, 20.0, 30.0]), (False, [10.0, 10.0, 10.0])])
def test_a_capacity_that_must_run_gives_all_of_it(must_run: bool, taken: list) -> None:
    """30 MW by a profile of 0.5, 2/3 and 1 for 10 MW of demand: the rest has to be cooled away."""
    parts = [
        ResidualHeat(
            name="mill", to="heat", capacity=30.0, profile=np.array([0.5, 2.0 / 3.0, 1.0]), price=1.0, must_run=must_run
        ),
        HeatDemand(name="town", to="heat", load=10.0),
        Sink(name="cooler", **{"from": "heat"}, price=-1.0),
    ]
    results = solve(parts, {"heat": "heat"})

    assert results.flow.sel(port="mill.heat").values == pytest.approx(taken)
    assert_same_optimum(scenario_of(parts, {"heat": "heat"}))
