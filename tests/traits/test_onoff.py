"""On and off, part load, sizes in whole numbers: solved by hand, and by plain Pyomo."""

import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from pydantic import ValidationError

from energysim.components.boiler import Boiler
from energysim.components.chp_extraction import ChpExtraction
from energysim.components.converter import Converter
from energysim.components.heat_demand import HeatDemand
from energysim.components.heat_store import HeatStore
from energysim.components.sink import Sink
from energysim.components.source import Source
from energysim.declare import Component
from energysim.errors import ScenarioError
from energysim.scenario import load
from energysim.testing import assert_same_optimum, scenario_of, solve

FUELS = {"gas": {}}


def town(load: object, backup: float = 40.0, **fields: object) -> list:
    """A boiler on gas at 10 and a backup."""
    boiler = {"capacity": 50.0, "efficiency": 1.0} | fields
    return [
        Source(name="trade", to="gas", price=10.0),
        Boiler(name="boiler", fuel="gas", to="heat", **boiler),
        Source(name="backup", to="heat", price=backup),
        HeatDemand(name="users", to="heat", load=load),
    ]


def run(load: object, backup: float = 40.0, **fields: object) -> xr.Dataset:
    """Solve, and see that plain Pyomo finds the same."""
    parts, steps = town(load, backup, **fields), len(np.atleast_1d(load))
    assert_same_optimum(scenario_of(parts, {"heat": "heat"}, FUELS, steps=steps))
    return solve(parts, {"heat": "heat"}, FUELS, steps=steps)


def heat(results: xr.Dataset) -> list[float]:
    return results.flow.sel(port="boiler.heat").values.tolist()


def test_t_3_3_minimum_load() -> None:
    """T-3.3: 15 MW are below the minimum of 20, so the backup runs: 600 an hour, not 150 as relaxed."""
    results = run([15.0], switching={"minimum_load": 0.4})

    assert float(results.attrs["objective"]) == pytest.approx(600.0)


def test_start_cost_keeps_it_running_or_off() -> None:
    """One hour of demand saves 30 * 20 = 600 against a start of 700: the backup takes it; against 500 it starts."""
    load = [0.0, 20.0, 0.0]
    for cost, expected in ((700.0, [0.0] * 3), (500.0, load)):
        results = run(load, switching={"start_cost": cost, "minimum_load": 0.1})
        assert heat(results) == pytest.approx(expected, abs=1e-6)


def test_least_time_on() -> None:
    """Started for the second hour it must run three, at 10 MW at least: the backup is cheaper while demand is 0."""
    store = HeatStore(name="tank", network="heat", volume=99.0, standing_loss=0.0)
    on = {"minimum_load": 0.2, "min_up": 3.0}
    parts = [*town([0.0, 10.0, 10.0, 10.0, 0.0], switching=on), store]
    results = solve(parts, {"heat": "heat"}, FUELS, steps=5)
    state = results.state_value.sel(state="boiler.switching.on").values

    assert state.sum() >= 3.0
    assert float(results.attrs["objective"]) == pytest.approx(300.0)
    assert_same_optimum(scenario_of(parts, {"heat": "heat"}, FUELS, steps=5))


def test_least_time_off() -> None:
    """Off for the hour without demand it must stay off for two: one of the two later hours is left to the backup."""
    load = [30.0, 0.0, 20.0, 20.0]
    results = run(load, switching={"minimum_load": 0.4, "min_down": 2.0, "running_before": True})

    assert heat(results) == pytest.approx([30.0, 0.0, 0.0, 20.0], abs=1e-6)


def test_hours_not_steps() -> None:
    """Two hours off are one step of two hours: the boiler is back in the next step."""
    parts = town([20.0, 0.0, 20.0, 20.0], switching={"minimum_load": 0.4, "min_down": 2.0, "running_before": True})
    results = solve(parts, {"heat": "heat"}, FUELS, steps=4, step=2.0)

    assert heat(results) == pytest.approx([20.0, 0.0, 20.0, 20.0], abs=1e-6)


def test_start_ramp() -> None:
    """In the hour of its start it gives at most half, 25 of 40 MW."""
    results = run([0.0, 40.0, 40.0], switching={"start_ramp": 0.5, "minimum_load": 0.1, "running_before": False})

    assert heat(results) == pytest.approx([0.0, 25.0, 40.0], abs=1e-6)


def test_stop_ramp() -> None:
    """In the last hour before the stop it gives at most a fifth, 10 of 40 MW; off it must be as it may not idle."""
    results = run([40.0, 40.0, 0.0], switching={"stop_ramp": 0.2, "minimum_load": 0.1, "running_before": True})

    assert heat(results) == pytest.approx([40.0, 10.0, 0.0], abs=1e-6)


@pytest.mark.parametrize(("before", "expected"), [(True, [0.0, 40.0, 40.0]), (None, [0.0, 40.0, 10.0])])
def test_a_stop_in_the_first_hour(before: bool | None, expected: list) -> None:
    """What ran before the first hour is unknown where it is no ring: the last hour is not the one before the stop."""
    switching = {"stop_ramp": 0.2, "minimum_load": 0.1, "running_before": before}

    assert heat(run([0.0, 40.0, 40.0], switching=switching)) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("more", [{}, {"stop_cost": 1.0}, {"unit": 25.0}], ids=["plain", "counted", "units"])
def test_ramps_let_a_minimum_load_start_and_stop(more: dict) -> None:
    """The least is 25 of 50 MW and the ramp 10 an hour: it starts and stops at once, as it could at no ramp."""
    fields = {"switching": {"minimum_load": 0.5} | more, "ramps": {"up": 0.2, "down": 0.2}}

    assert heat(run([0.0, 40.0, 0.0, 40.0], **fields)) == pytest.approx([0.0, 40.0, 0.0, 40.0], abs=1e-6)


def test_ramps_hold_while_it_is_on() -> None:
    """From 25 MW it rises by 10 an hour; the backup gives the rest."""
    fields = {"switching": {"minimum_load": 0.5}, "ramps": {"up": 0.2, "down": 0.2}}

    assert heat(run([25.0, 50.0, 50.0], **fields)) == pytest.approx([25.0, 35.0, 45.0], abs=1e-6)


def test_running_cost_and_most_starts() -> None:
    """Each hour on costs 50; two separate hours of demand but one start: the second is left to the backup."""
    results = run([20.0, 0.0, 20.0], switching={"running_cost": 50.0, "most_starts": 1, "running_before": False,
                                                "minimum_load": 0.1})  # fmt: skip

    assert sum(heat(results)) == pytest.approx(20.0)
    assert float(results.attrs["objective"]) == pytest.approx(200.0 + 50.0 + 800.0)


def test_a_planned_stop_keeps_it_off() -> None:
    """Available to a tenth it cannot reach its minimum load: off."""
    results = run([20.0, 20.0], switching={"minimum_load": 0.4}, availability=np.array([1.0, 0.1]))

    assert heat(results) == pytest.approx([20.0, 0.0], abs=1e-6)


def test_minimum_load_of_a_size_that_is_decided() -> None:
    """30 MW for two hours and 6 for one: at 8 a MW 30 are built; 6 are below 40 % of 30, so the backup takes them.

    A relaxed or bilinear link would let 30 MW run at 6.
    """
    size = {"max": 100.0, "investment": 8.0, "lifetime": 1.0}
    results = run([30.0, 30.0, 6.0], capacity=size, switching={"minimum_load": 0.4})

    assert heat(results) == pytest.approx([30.0, 30.0, 0.0], abs=1e-6)
    assert float(results.built.sel(size="boiler.capacity")) == pytest.approx(30.0)


def test_units_of_a_size_that_is_decided() -> None:
    """Units of 10 MW with 80 % minimum: 27 MW run as three units at 9, 9 as one; the fourth is not worth it."""
    size = {"max": 100.0, "investment": 8.0, "lifetime": 1.0}
    results = run([27.0, 9.0, 18.0], capacity=size, switching={"minimum_load": 0.8, "unit": 10.0})

    assert float(results.built.sel(size="boiler.capacity")) == pytest.approx(30.0)
    assert results.state_value.sel(state="boiler.switching.on").values == pytest.approx([3.0, 1.0, 2.0])


def run_part(load: list[float], points: tuple) -> xr.Dataset:
    parts = town(load)
    parts[1] = Boiler(name="boiler", fuel="gas", to="heat", capacity=50.0, part_load={"points": points})
    assert_same_optimum(scenario_of(parts, {"heat": "heat"}, FUELS, steps=len(load)))
    return solve(parts, {"heat": "heat"}, FUELS, steps=len(load))


def test_part_load_of_a_convex_curve() -> None:
    """At 50 % 0.95, at 100 % 0.90: 37.5 MW lie half-way, (25 / 0.95 + 50 / 0.9) / 2 of gas, without any binary."""
    results = run_part([37.5], ((0.5, 0.95), (1.0, 0.90)))

    assert float(results.flow.sel(port="boiler.fuel")[0]) == pytest.approx(0.5 * (25 / 0.95 + 50 / 0.9))
    assert not any("stretch" in state for state in results.state.values)


def test_part_load_of_a_curve_that_is_not_convex() -> None:
    """At 50 % 0.80, at 100 % 0.95: 25 MW take 31.25 of gas; mixing standstill and full load would take 26.3."""
    results = run_part([25.0], ((0.5, 0.80), (1.0, 0.95)))

    assert float(results.flow.sel(port="boiler.fuel")[0]) == pytest.approx(31.25)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"switching": {"minimum_load": 0.4, "start_ramp": 0.2}}, "start_ramp 0.2 is below minimum_load 0.4"),
        ({"switching": {"unit": 8.0}}, "is no whole number of units of 8 MW"),
        (
            {"capacity": {"investment": 1.0, "lifetime": 9.0}, "switching": {}},
            "needs an upper end to be linked to",
        ),
        ({"part_load": {"points": ((0.5, 0.9), (0.9, 0.95))}}, "must rise from above 0 to exactly 1"),
    ],
)
def test_contradictions_are_refused(fields: dict, text: str) -> None:
    with pytest.raises(ValidationError, match=text):
        Boiler(name="boiler", fuel="gas", to="heat", **({"capacity": 50.0} | fields))


WORKS = """\
scenario: Works
time: {start: 2030-01-01, duration: 3 h}
economy: {currency: EUR, discount_rate: 5 %}
networks: {grid: {carrier: electricity}, iron: {carrier: ore, unit: t}}
effects: {dust: {unit: kg}}
components:
  furnace:
    type: process
    inputs: {power: {from: grid, energy: 0.6 MWh/t}, ore: {from: iron, mass: 1.5}}
    capacity: 120 t/h
    switching: {minimum_load: 50 %, unit: 40 t/h}
    effects: {dust: {flow: ore, per: 1 kg/t}}
"""


def _works(tmp_path: Path, *changes: tuple[str, str]) -> Component:
    """A furnace whose capacity is a rate, loaded from a scenario with pieces of it replaced."""
    text = WORKS
    for right, other in changes:
        text = text.replace(right, other)
    path = tmp_path / "works.yaml"
    path.write_text(text, encoding="utf8")
    return load(path).components["furnace"]


def test_units_of_a_rate_are_rates(tmp_path: Path) -> None:
    """Three furnaces of 40 t/h; of a unit in MW nobody could say how much it makes."""
    assert _works(tmp_path).switching.unit == 40.0
    assert _works(tmp_path).switching.variables()["committed"].unit == "t/h"
    with pytest.raises(ScenarioError, match=r"switching\.unit: 40 MW is a power\. A quantity in t/h is needed here"):
        _works(tmp_path, ("unit: 40 t/h", "unit: 40 MW"))
    with pytest.raises(ScenarioError, match="capacity of 120 t/h is no whole number of units of 50 t/h"):
        _works(tmp_path, ("unit: 40 t/h", "unit: 50 t/h"))


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("{flow: ore, per: 2000 g/t}", 2.0),
        ("{flow: power, per: 5 kg/GWh}", 0.005),
        ("{size: capacity, per: 3 kg/(t/h)/a}", 3.0),
    ],
)
def test_effects_are_counted_as_their_flows_and_sizes_are(tmp_path: Path, written: str, amount: float) -> None:
    """Dust for each tonne of ore, each MWh of power, and each t/h that stands for a year."""
    found = _works(tmp_path, ("{flow: ore, per: 1 kg/t}", written)).effects["dust"]

    assert found.per == pytest.approx(amount)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("{flow: ore, per: 2 kg/MWh}", "2 kg/MWh is in kg/MWh. 'ore' is counted in t. A quantity in kg/t is needed"),
        ("{flow: power, per: 2 kg/t}", "2 kg/t is a number. 'power' is counted in MWh. A quantity in kg/MWh is needed"),
        ("{size: capacity, per: 3 kg/MW/a}", "3 kg/MW/a is in kg/MW/a. A quantity in kg/(t/h)/a is needed here"),
        ("{size: capactiy, per: 3 kg/MW/a}", "The effect 'dust' counts 'capactiy', which this type has not. Did you"),
    ],
)
def test_effects_counted_as_something_else(tmp_path: Path, written: str, told: str) -> None:
    """One message each: that the effect is declared for nobody else is no second mistake."""
    with pytest.raises(ScenarioError, match=re.escape(told)) as caught:
        _works(tmp_path, ("{flow: ore, per: 1 kg/t}", written))
    assert len(caught.value.problems) == 1


def test_a_least_time_as_long_as_the_horizon_is_refused() -> None:
    with pytest.raises(ScenarioError, match="min_up 3 h is as long as the horizon of 3 h"):
        solve(town([1.0, 1.0, 1.0], switching={"min_up": 3.0}), {"heat": "heat"}, FUELS)


def test_building_is_a_yes_or_no() -> None:
    """20 MW for three hours save 1 800; at 10 a MW and 1 500 for the trench it is built, at 1 700 not."""
    for trench, built in ((1500.0, 20.0), (1700.0, 0.0)):
        size = {"max": 50.0, "investment": 10.0, "fixed_investment": trench, "lifetime": 1.0}
        results = run([20.0, 20.0, 20.0], capacity=size, efficiency=1.0)
        assert float(results.built.sel(size="boiler.capacity")) == pytest.approx(
            built / 1.0 if built else 0.0, abs=1e-6
        )


def test_modules_and_sizes() -> None:
    """20 MW in modules of 8: three of them; of sizes 15 and 40 at 100 and 900 the small one, the backup the rest."""
    modules = {"max": 50.0, "investment": 10.0, "module": 8.0, "lifetime": 1.0}
    assert float(run([20.0], capacity=modules).built.sel(size="boiler.capacity")) == pytest.approx(24.0)
    sizes = {"sizes": ((15.0, 100.0), (40.0, 900.0)), "lifetime": 1.0}
    assert float(run([20.0], capacity=sizes).built.sel(size="boiler.capacity")) == pytest.approx(15.0)


def test_upkeep_is_a_share_of_the_whole_price() -> None:
    """20 MW for gas at 10 are 200; 2 % a year of 20 * 10 and 500 for the trench are 14, of the size at 900 it is 18."""
    paid = {"lifetime": 1.0, "fixed_om_share": 0.02}
    trench = {"min": 20.0, "max": 20.0, "investment": 10.0, "fixed_investment": 500.0} | paid
    sizes = {"min": 20.0, "sizes": ((20.0, 900.0),)} | paid
    for size, price in ((trench, 700.0), (sizes, 900.0)):
        results = run([20.0], capacity=size)
        assert float(results.attrs["objective"]) == pytest.approx(200.0 + price * (1.05 + 0.02))


def test_a_share_of_no_investment_is_refused() -> None:
    with pytest.raises(ValidationError, match="is a share of the investment, and there is none"):
        town([1.0], capacity={"existing": 5.0, "fixed_om_share": 0.02})


def test_the_general_types_carry_it_too() -> None:
    """A converter that draws 1 / 0.8 at half and 1 / 0.95 at full load; a source of 40 % minimum; see the boiler's."""
    machine = Converter(
        name="machine", capacity=50.0, inputs={"taken": {"from": "gas"}},
        outputs={"given": {"to": "heat", "ratio": 1.0}},
        part_load={"points": ((0.5, 0.80), (1.0, 0.95))}, switching={"minimum_load": 0.2},
    )  # fmt: skip
    parts = [*town([25.0])[:1], machine, *town([25.0])[2:]]
    assert_same_optimum(scenario_of(parts, {"heat": "heat"}, FUELS, steps=1))
    assert float(solve(parts, {"heat": "heat"}, FUELS, steps=1).flow.sel(port="machine.taken")[0]) == pytest.approx(
        31.25
    )
    plant = Source(name="plant", to="heat", price=10.0, capacity=50.0, switching={"minimum_load": 0.4})
    results = solve([plant, *town([15.0])[2:]], {"heat": "heat"}, steps=1)
    assert float(results.attrs["objective"]) == pytest.approx(600.0)


def test_nothing_looks_on_without_burning() -> None:
    """A solver that calls 1e-7 of a unit an integer leaves no heat without fuel: integers are fixed and solved again.

    The idle fuel of a plant of 1 000 MW makes such a leak worth 100 W an hour; the plan's own check allows none.
    """
    plant = {
        "condensing_efficiency": 0.4, "power_loss": 0.15, "back_pressure_ratio": 0.5, "idle_fuel": 0.2,
        "switching": {"minimum_load": 0.3},
    }  # fmt: skip
    parts = [
        Source(name="trade", to="gas", price=30.0),
        ChpExtraction(name="chp", fuel="gas", to="heat", power="grid", capacity=1000.0, **plant),
        Sink(name="market", **{"from": "grid"}, price=np.array([5.0, 200.0, 5.0, 200.0])),
        Source(name="backup", to="heat", price=1.0),
        HeatDemand(name="users", to="heat", load=50.0),
    ]
    results = solve(parts, {"heat": "heat", "grid": "electricity"}, FUELS, steps=4)
    state = results.state_value.sel(state="chp.switching.on").values
    fuel = results.flow.sel(port="chp.fuel").values

    assert set(state) <= {0.0, 1.0}
    assert (fuel[state == 0.0] == 0.0).all()
    assert (fuel[state == 1.0] >= 300.0 - 1e-6).all()
    assert state.tolist() == [0.0, 1.0, 0.0, 1.0]


@pytest.mark.parametrize(
    ("before", "load", "least", "hours_on"),
    [
        pytest.param(True, [0.0, 0.0, 0.0, 0.0], {"min_up": 3.0, "time_before": 1.0}, [1, 1, 0, 0], id="on"),
        pytest.param(False, [30.0] * 4, {"min_down": 3.0, "time_before": 1.0}, [0, 0, 1, 1], id="off"),
        pytest.param(False, [30.0] * 4, {"min_down": 3.0, "time_before": 3.0}, [1, 1, 1, 1], id="long enough"),
        pytest.param(False, [30.0] * 4, {"min_down": 3.0}, [1, 1, 1, 1], id="free where nothing is said"),
    ],
)
def test_time_before_the_first_hour_counts(before: bool, load: list, least: dict, hours_on: list) -> None:
    """On for 1 of 3 hours it stays 2 more, though nobody needs it; off for 1 of 3 it stays off 2 more."""
    parts = [*town(load, switching={"running_before": before, "running_cost": 1.0} | least)]
    parts.append(Sink(name="spill", **{"from": "heat"}))
    assert_same_optimum(scenario_of(parts, {"heat": "heat"}, FUELS, steps=4))
    results = solve(parts, {"heat": "heat"}, FUELS, steps=4)

    assert results.state_value.sel(state="boiler.switching.on").values.round().tolist() == hours_on


def test_time_before_goes_with_what_it_was() -> None:
    with pytest.raises(ValidationError, match="Give that too"):
        town(1.0, switching={"min_up": 2.0, "time_before": 1.0})


@pytest.mark.parametrize(("before", "other", "needed"), [(True, "min_down", "min_up"), (False, "min_up", "min_down")])
def test_time_before_needs_the_least_time_it_counts_towards(before: bool, other: str, needed: str) -> None:
    with pytest.raises(ValueError, match=f"there is no '{needed}'. Give that too"):
        town(1.0, switching={other: 2.0, "running_before": before, "time_before": 1.0})
