"""Converter."""

import numpy as np
import pytest
from pydantic import ValidationError

from energysim.components.converter import Converter
from energysim.components.fuel_supply import FuelSupply
from energysim.components.sink import Sink
from energysim.components.source import Source
from energysim.testing import assert_balanced, assert_same_optimum, scenario_of, solve

NETWORKS = {"grid": "electricity", "hydrogen": "hydrogen", "heat": "heat"}


def system(converter: Converter) -> list:
    return [
        converter,
        Source(name="market", to="grid", price=np.array([5.0, 50.0, 20.0])),
        Sink(name="user", **{"from": "hydrogen"}, price=60.0),
        Sink(name="town", **{"from": "heat"}, price=1.0),
    ]


def electrolyser(**changes: object) -> Converter:
    fields = {
        "capacity": 10.0,
        "inputs": {"power": {"from": "grid", "ratio": 1.0}},
        "outputs": {"gas": {"to": "hydrogen", "ratio": 0.6}, "warmth": {"to": "heat", "ratio": 0.2}},
        **changes,
    }
    return Converter(name="plant", **fields)


def test_flows_follow_their_ratios() -> None:
    """A MWh of power gives 0.6 at 60 and 0.2 at 1: worth 36.2, so it stands still at a price of 50."""
    results = solve(system(electrolyser()), NETWORKS)

    assert results.flow.sel(port="plant.gas").values == pytest.approx([6.0, 0.0, 6.0])
    assert results.flow.sel(port="plant.warmth").values == pytest.approx([2.0, 0.0, 2.0])
    assert_balanced(results)


def test_a_ratio_may_change_by_the_hour() -> None:
    outputs = {"gas": {"to": "hydrogen", "ratio": np.array([0.6, 0.9, 0.1])}}
    results = solve(system(electrolyser(outputs=outputs)), NETWORKS)

    assert results.flow.sel(port="plant.gas").values == pytest.approx([6.0, 9.0, 0.0])


def test_relations_hold_flows_without_ratio() -> None:
    """A free blend: gas and warmth together at most 0.8 of the power, gas at most 3 MW."""
    converter = Converter(
        name="plant",
        inputs={"power": {"from": "grid"}},
        outputs={"gas": {"to": "hydrogen"}, "warmth": {"to": "heat"}},
        relations=[
            {"factors": {"gas": 1.0, "warmth": 1.0, "power": -0.8}, "equals": 0.0},
            {"factors": {"gas": 1.0}, "at_most": 3.0},
            {"factors": {"warmth": 1.0}, "at_least": 1.0},
        ],
    )
    results = solve(system(converter), NETWORKS)

    assert results.flow.sel(port="plant.gas").values == pytest.approx([3.0, 0.0, 3.0])
    assert results.flow.sel(port="plant.warmth").values == pytest.approx([1.0] * 3)
    assert results.flow.sel(port="plant.power").values == pytest.approx([5.0, 1.25, 5.0])


def test_the_same_optimum_by_plain_pyomo() -> None:
    size = {"max": 30.0, "investment": 100.0, "lifetime": 20.0}

    assert_same_optimum(scenario_of(system(electrolyser(capacity=size, ramps={"up": 0.5}, variable_om=1.0)), NETWORKS))


def test_an_output_that_nothing_holds_is_refused() -> None:
    """A ratio forgotten: the gas came out of nothing, and selling 100 MW of it for three hours earned 18 000."""
    with pytest.raises(ValidationError, match="'gas' has neither a ratio nor a relation"):
        electrolyser(outputs={"gas": {"to": "hydrogen"}})


@pytest.mark.parametrize("changes", [{"capacity": 10.0}, {"capacity": None, "variable_om": 2.0}])
def test_a_limit_on_an_activity_that_no_flow_follows_is_refused(changes: dict) -> None:
    """Without a ratio the capacity limited nothing, and the upkeep had nothing to count."""
    with pytest.raises(ValidationError, match="speak of the activity, but no flow follows it"):
        electrolyser(
            inputs={"power": {"from": "grid"}},
            outputs={"gas": {"to": "hydrogen"}},
            relations=[{"factors": {"gas": 1.0, "power": -0.6}, "equals": 0.0}],
            **changes,
        )


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"inputs": {}, "outputs": {}}, "it has neither 'inputs' nor 'outputs'"),
        ({"relations": [{"factors": {"steam": 1.0}, "equals": 0.0}]}, "a relation speaks of 'steam'"),
        ({"relations": [{"factors": {"gas": 1.0}}]}, "exactly one of 'at_least', 'at_most' and 'equals'"),
        ({"capacity": None, "ramps": {"up": 0.5}}, "'ramps' are shares of the capacity"),
        ({"inputs": {"capacity": {"from": "grid", "ratio": 1.0}}}, "a flow cannot be called 'capacity'"),
        ({"inputs": {"total": {"from": "grid", "ratio": 1.0}}}, "a flow cannot be called 'total'"),
    ],
)
def test_what_makes_no_sense_is_refused(changes: dict, text: str) -> None:
    with pytest.raises(ValidationError, match=text):
        electrolyser(**changes)


@pytest.mark.parametrize(("burnt", "tonnes"), [(1.0, 6.0), (0.25, 1.5)])
def test_a_fuel_it_takes_is_booked(burnt: float, tonnes: float) -> None:
    """15 MWh at two of gas each are 30 MWh at 0.2 t: 6 t at 50 on 1 200 for the gas; a quarter where some goes on."""
    turbine = Converter(
        name="turbine",
        inputs={"gas": {"from": "gas", "ratio": 2.0, "burnt": burnt}},
        outputs={"power": {"to": "grid", "ratio": 1.0}},
        capacity=10.0,
    )
    parts = [FuelSupply(name="trade", to="gas", price=40.0), turbine, Sink(name="users", **{"from": "grid"}, fixed=5.0)]
    settings = {"effects": {"co2": {"unit": "t", "price": 50.0}}}
    results = solve(parts, {"grid": "electricity"}, {"gas": {"co2": 0.2}}, 3, **settings)

    assert float(results.attrs["objective"]) == pytest.approx(30 * 40.0 + tonnes * 50.0)
    assert float(results.booking[(results.booking_effect == "co2").values].sum()) == pytest.approx(tonnes)
