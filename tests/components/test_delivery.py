"""Deliveries: what of one component's flow counts as another's, where others meet in the same network."""

from dataclasses import replace

import pytest
import xarray as xr

from energysim.api import run
from energysim.components.delivery import Delivery
from energysim.components.electricity_demand import ElectricityDemand
from energysim.components.electricity_market import ElectricityMarket
from energysim.components.heat_demand import HeatDemand
from energysim.components.residual_heat import ResidualHeat
from energysim.components.source import Source
from energysim.declare import Component
from energysim.errors import NoPlanError, ScenarioError
from energysim.scenario.groups import Group
from energysim.testing import assert_same_optimum, check_component, scenario_of

BOILER = Source(name="boiler", to="heat", price=30.0, temperature=120.0)
LEVELS = {"heat": {"carrier": "heat", "supply": 80.0, "return": 40.0}}


def with_least(parts: list[Component], networks: dict, steps: int = 2, **least: float) -> xr.Dataset:
    """Solve with a least energy of each delivery, and again with the general Pyomo model."""
    groups = {name: Group(name=name, members=(f"{name}.moved",), at_least=energy) for name, energy in least.items()}
    scenario = replace(scenario_of(parts, networks, steps=steps), groups=groups)
    assert_same_optimum(scenario)
    return run(scenario)


def flow(results: xr.Dataset, port: str) -> list[float]:
    return results.flow.sel(port=port).values.tolist()


def test_it_is_complete() -> None:
    check_component(Delivery)


def test_it_is_the_smaller_of_what_is_given_and_taken() -> None:
    """Pool takes 4 and 6; 9 of its 10 MWh shall be the mill's, which costs 10 EUR more: 30 x 36 + 10 x 9."""
    parts = [
        BOILER.model_copy(update={"temperature": None}),
        Source(name="mill", to="heat", price=40.0, capacity=5.0),
        HeatDemand(name="homes", to="heat", load=[6.0, 20.0]),
        HeatDemand(name="pool", to="heat", load=[4.0, 6.0]),
        Delivery(name="pair", supplier="mill", user="pool"),
    ]
    results = with_least(parts, {"heat": {"carrier": "heat"}}, pair=9.0)

    assert results.attrs["objective"] == pytest.approx(30.0 * 36.0 + 10.0 * 9.0)
    assert flow(results, "pair.moved") == pytest.approx([4.0, 5.0])
    assert flow(results, "mill.given") == pytest.approx([4.0, 5.0])


def test_deliveries_of_one_supplier_share_what_it_gives() -> None:
    """5 MWh for the pool and 4 for the homes cannot be the same heat: the mill gives 9."""
    parts = [
        BOILER.model_copy(update={"temperature": None}),
        Source(name="mill", to="heat", price=40.0),
        HeatDemand(name="homes", to="heat", load=6.0),
        HeatDemand(name="pool", to="heat", load=5.0),
        Delivery(name="pair", supplier="mill", user="pool"),
        Delivery(name="other", supplier="mill.given", user="homes.heat"),
    ]
    results = with_least(parts, {"heat": {"carrier": "heat"}}, steps=1, pair=5.0, other=4.0)

    assert sum(flow(results, "mill.given")) == pytest.approx(9.0)


def test_heat_too_cold_for_the_user_is_not_delivered() -> None:
    """The mill's 60 degC reach the greenhouse (40 to 60) and half of what homes at 40 to 80 take, not the rest.

    Homes take 20 MW over 40 K: 10 of them above 60 degC. Of the mill's 40 EUR heat 10 MWh can be theirs.
    """
    parts = [
        BOILER,
        ResidualHeat(name="mill", to="heat", price=40.0, streams={"water": {"from": 60.0, "to": 40.0, "load": 50.0}}),
        HeatDemand(name="homes", to="heat", load=20.0),
        HeatDemand(name="greenhouse", to="heat", load=5.0, temperatures={"from": 40.0, "to": 60.0}),
        Delivery(name="pair", supplier="mill", user="homes"),
    ]
    results = with_least(parts, LEVELS, steps=1, pair=10.0)

    assert results.attrs["objective"] == pytest.approx(30.0 * 15.0 + 40.0 * 10.0)
    with pytest.raises(NoPlanError, match="pair"):
        with_least(parts, LEVELS, steps=1, pair=10.5)


def test_heat_of_the_hot_source_falls_to_the_cold_user() -> None:
    """The greenhouse takes at 60 degC and less; the boiler's heat at 120 reaches it, falling with the rest."""
    parts = [
        BOILER,
        ResidualHeat(name="mill", to="heat", streams={"water": {"from": 60.0, "to": 40.0, "load": 50.0}}),
        HeatDemand(name="homes", to="heat", load=20.0),
        HeatDemand(name="greenhouse", to="heat", load=5.0, temperatures={"from": 40.0, "to": 60.0}),
        Delivery(name="pair", supplier="boiler", user="greenhouse"),
    ]
    free = with_least(parts, LEVELS, steps=1, pair=0.0)
    results = with_least(parts, LEVELS, steps=1, pair=3.0)

    assert free.attrs["objective"] == pytest.approx(30.0 * 10.0)
    assert results.attrs["objective"] == pytest.approx(30.0 * 13.0)


def test_power_of_the_same_hour() -> None:
    """Wind blows in the first hour only. 80 % of 10 MWh from wind in the hour of use: the market's 5 EUR wait."""
    parts = [
        Source(name="wind", to="grid", price=20.0, capacity=8.0, availability=[1.0, 0.25]),
        ElectricityMarket(name="spot", to="grid", price=5.0),
        ElectricityDemand(name="electrolyser", to="grid", load=[5.0, 5.0]),
        Delivery(name="matched", supplier="wind", user="electrolyser"),
    ]
    results = with_least(parts, {"grid": {"carrier": "electricity"}}, matched=7.0)

    assert flow(results, "matched.moved") == pytest.approx([5.0, 2.0])
    assert results.attrs["objective"] == pytest.approx(7.0 * 20.0 + 3.0 * 5.0)
    with pytest.raises(NoPlanError, match="matched"):
        with_least(parts, {"grid": {"carrier": "electricity"}}, matched=8.0)


@pytest.mark.parametrize(
    ("supplier", "user", "said"),
    [
        ("mil", "pool", "There is no component 'mil'. Did you mean 'mill'?"),
        ("mill.steam", "pool", "'mill' gives nothing by a flow 'steam'. Known here: given."),
        ("pool", "mill", "'pool' gives nothing to a network."),
        ("mill", "plant", "'mill' and 'plant' meet in no network: one gives to 'heat', the other takes from 'grid'."),
    ],
)
def test_two_that_do_not_meet(supplier: str, user: str, said: str) -> None:
    parts = [
        Source(name="mill", to="heat"),
        Source(name="spot", to="grid"),
        HeatDemand(name="pool", to="heat", load=5.0),
        ElectricityDemand(name="plant", to="grid", load=5.0),
        Delivery(name="pair", supplier=supplier, user=user),
    ]
    with pytest.raises(ScenarioError) as caught:
        run(scenario_of(parts, {"heat": {"carrier": "heat"}, "grid": {"carrier": "electricity"}}, steps=1))

    assert said in str(caught.value)
    assert "components.pair." in str(caught.value)
