"""Indicators and tables on systems small enough to measure by hand."""

import numpy as np
import pytest
import xarray as xr

from energysim.components.electricity_market import ElectricityMarket
from energysim.components.heat_demand import HeatDemand
from energysim.components.heat_pump import HeatPump
from energysim.components.heat_store import HeatStore
from energysim.components.residual_heat import ResidualHeat
from energysim.components.sink import Sink
from energysim.components.unserved import Unserved
from energysim.kpi import annual_flows, indicators, node_balance, production_mix, sizes, summed_cost
from energysim.testing import solve


@pytest.fixture(scope="module")
def results() -> xr.Dataset:
    """Two-hour steps; 9 MW delivered at 10 % loss are 10 MW fed in: 4 from the mill, 6 by a pump at COP 3."""
    return solve(
        [
            HeatDemand(name="town", to="heat", load=np.array([9.0, 9.0, 9.9]), owner="utility"),
            ResidualHeat(name="mill", to="heat", streams={"a": {"from": 120.0, "to": 60.0, "load": 4.0}}, owner="mill"),
            ResidualHeat(name="works", to="water", streams={"b": {"from": 30.0, "to": 20.0, "load": 50.0}}),
            HeatPump(name="pump", power="grid", to="heat", **{"from": "water"}, capacity=6.0, cop=3.0, owner="utility"),
            ElectricityMarket(name="market", to="grid", price=60.0, owner="utility"),
            HeatStore(name="tank", network="heat", volume=0.0),
            Unserved(name="short", to="heat", price=1000.0, owner="utility"),
        ],
        {"heat": {"carrier": "heat", "losses": {"share": 0.1}}, "water": "heat", "grid": "electricity"},
        step=2.0,
    )


def value(results: xr.Dataset, start: str) -> float:
    return next(one.value for one in indicators(results) if one.name.startswith(start))


def test_heat_and_its_loss(results: xr.Dataset) -> None:
    """(9 + 9 + 9.9) MW for 2 h: 55.8 MWh delivered, a ninth of that lost."""
    assert value(results, "Heat delivered") == pytest.approx(0.0558)
    assert value(results, "Network loss") == pytest.approx(0.0558 / 9.0)


def test_residual_heat_counts_what_pumps_draw_but_not_their_power(results: xr.Dataset) -> None:
    """62 MWh fed in: 24 direct, 36 by the pump of which 24 from the works, 2 unserved: 48 / 62."""
    assert value(results, "Residual heat,") == pytest.approx(100 * 48 / 62)


def test_unserved_energy_with_its_hours(results: xr.Dataset) -> None:
    """11 MW are needed in the third step and 10 can be given: 1 MW for 2 h."""
    one = next(one for one in indicators(results) if one.name == "Unserved energy")

    assert one.value == pytest.approx(2.0)
    assert one.note == "2 h, worst 1.0 MW on 2030-01-01 04:00 UTC"


def test_cost_and_price(results: xr.Dataset) -> None:
    """2 MW of power for 6 h at 60 and 2 MWh unserved at 1 000: 2 720; heat costs 20, 20 and 1 000 fed in."""
    assert value(results, "Total cost") == pytest.approx(2720.0)
    assert summed_cost(results, "owner")["utility"] == pytest.approx(2720.0)
    assert value(results, "Peak power") == pytest.approx(2.0)


def test_the_mix_leaves_stores_out(results: xr.Dataset) -> None:
    mix = production_mix(results, "heat")

    assert list(mix.index[:2]) == ["pump", "mill"]
    assert mix.share.sum() == pytest.approx(1.0)
    assert "tank" not in mix.index


def test_every_node_closes(results: xr.Dataset) -> None:
    assert node_balance(results).difference.abs().max() < 1e-9


def test_flows_carry_hours(results: xr.Dataset) -> None:
    assert annual_flows(results).loc["mill.a", "energy"] == pytest.approx(24.0)
    assert sizes(results).loc["pump.capacity", "full_load_hours"] == pytest.approx(6.0)


def test_tonnes_not_served_are_told_in_tonnes() -> None:
    """10 t/h for 4 h that nobody brings, beside 2 MW of heat: tonnes stay tonnes, and are no MWh."""
    parts = [
        Sink(name="furnace", **{"from": "ore"}, fixed=10.0),
        Unserved(name="no_ore", to="ore", price=100.0),
        Sink(name="users", **{"from": "heat"}, fixed=2.0),
        Unserved(name="cold", to="heat", price=900.0),
    ]
    where = {"ore": {"carrier": "ore", "unit": "t"}, "heat": "heat"}
    found = {one.name: one for one in indicators(solve(parts, where, steps=4))}

    assert (found["Unserved energy"].value, found["Unserved energy"].unit) == (pytest.approx(8.0), "MWh")
    assert (found["Unserved tonnes"].value, found["Unserved tonnes"].unit) == (pytest.approx(40.0), "t")
    assert found["Unserved tonnes"].note.startswith("4 h, worst 10.0 t/h on")
