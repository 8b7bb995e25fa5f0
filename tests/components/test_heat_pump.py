"""Heat pump; its COP tables are in tests/science."""

import numpy as np
import pytest
from pydantic import ValidationError

from energysim.components.heat_demand import HeatDemand
from energysim.components.heat_pump import HeatPump
from energysim.components.source import Source
from energysim.errors import ScenarioError
from energysim.testing import assert_same_optimum, scenario_of, solve
from energysim.traits.cop import jensen

NETWORKS = {"heat": "heat", "grid": "electricity", "water": "heat"}


def town(pump: HeatPump) -> list:
    river = Source(name="river", to="water", price=1.0)
    return [pump, river, Source(name="market", to="grid", price=30.0), HeatDemand(name="town", to="heat", load=12.0)]


def test_source_and_power_make_the_heat() -> None:
    """12 MW at COP 3 take 4 MW of power and 8 MW from the source; 12 from the source would forget the power."""
    pump = HeatPump(name="pump", power="grid", to="heat", **{"from": "water"}, capacity=20.0, cop=3.0)
    results = solve(town(pump), NETWORKS)

    assert results.flow.sel(port="pump.power").values == pytest.approx([4.0] * 3)
    assert results.flow.sel(port="pump.source").values == pytest.approx([8.0] * 3)
    assert results.attrs["objective"] == pytest.approx(3 * (4 * 30.0 + 8 * 1.0))


def test_a_cop_by_the_hour() -> None:
    pump = HeatPump(name="pump", power="grid", to="heat", capacity=20.0, cop=np.array([2.0, 3.0, 4.0]))

    assert solve(town(pump), NETWORKS).flow.sel(port="pump.power").values == pytest.approx([6.0, 4.0, 3.0])


def test_the_air_is_the_source_where_none_is_named() -> None:
    """Outdoor air at -5, 0 and 5 degC, cooled by 5 K, against a network of 75/45 degC."""
    outdoor = np.r_[[-5.0, 0.0, 5.0], np.zeros(8757)]
    network = {"carrier": "heat", "at": "here", "supply": 75.0, "return": 45.0}
    pump = HeatPump(name="pump", power="grid", to="heat", capacity=20.0)
    results = solve(town(pump), {**NETWORKS, "heat": network}, outdoor=outdoor)
    cop = results.flow.sel(port="pump.heat") / results.flow.sel(port="pump.power")

    assert cop.values == pytest.approx([float(jensen((t, t - 5.0), (45.0, 75.0))) for t in (-5.0, 0.0, 5.0)])


def test_without_temperatures_it_says_what_it_needs() -> None:
    pump = HeatPump(name="pump", power="grid", to="heat", capacity=20.0, source_in=10.0)
    with pytest.raises(ScenarioError, match="its COP needs the temperatures of the network it feeds"):
        solve(town(pump), NETWORKS)


def test_a_source_network_without_temperatures_is_not_the_air() -> None:
    """The water would silently be taken for air; with its inlet given it is cooled by 5 K as where nothing is known."""
    fields = {"from": "water", "sink_in": 45.0, "sink_out": 75.0, "capacity": 20.0}
    outdoor = np.full(8760, -20.0)
    with pytest.raises(ScenarioError, match="its source network has no temperatures"):
        solve(town(HeatPump(name="pump", power="grid", to="heat", **fields)), NETWORKS, outdoor=outdoor)
    known = HeatPump(name="pump", power="grid", to="heat", source_in=10.0, **fields)
    results = solve(town(known), NETWORKS)
    cop = results.flow.sel(port="pump.heat") / results.flow.sel(port="pump.power")

    assert cop.values == pytest.approx([float(jensen((10.0, 5.0), (45.0, 75.0)))] * 3)


def test_air_colder_than_its_outlet_is_refused() -> None:
    """Air at 2 and -20 degC cannot leave at 0: the second hour is named, where the COP would be that of warmer air."""
    outdoor = np.r_[2.0, np.full(8759, -20.0)]
    networks = {**NETWORKS, "heat": {"carrier": "heat", "at": "here", "supply": 75.0, "return": 45.0}}
    pump = HeatPump(name="pump", power="grid", to="heat", capacity=20.0, source_out=0.0)
    with pytest.raises(ScenarioError, match=r"enters at -20 degC and leaves at 0 degC, first at 2030-01-01 01:00"):
        solve(town(pump), networks, outdoor=outdoor)


def test_hours_on_a_held_cop_are_measured() -> None:
    """Jesper's machines had sources from -10 degC: the hour at -15 counts, the one at 20 and the idle one do not."""
    demand = HeatDemand(name="town", to="heat", load=np.array([12.0, 12.0, 0.0]))
    fields = {"capacity": 20.0, "method": "jesper", "sink_in": 40.0, "sink_out": 60.0}
    cold = HeatPump(name="pump", power="grid", to="heat", source_in=np.array([-15.0, 20.0, -15.0]), **fields)
    mild = HeatPump(name="pump", power="grid", to="heat", source_in=20.0, **fields)
    figure = "pump.hours_out_of_range"

    assert float(solve([*town(cold)[:3], demand], NETWORKS).measured.sel(measure=figure)) == pytest.approx(1.0)
    assert figure not in solve([*town(mild)[:3], demand], NETWORKS).measure.values


def test_a_lift_too_small_is_held_and_measured() -> None:
    """A source of 58 degC for 60: the COP is that of 5 K, 0.5 * 336.15 / 5 = 33.615, not 83.3 for 2 K."""
    fields = {"capacity": 20.0, "method": "carnot", "sink_in": 40.0, "sink_out": 60.0}
    results = solve(town(HeatPump(name="pump", power="grid", to="heat", source_in=58.0, **fields)), NETWORKS)
    cop = results.flow.sel(port="pump.heat") / results.flow.sel(port="pump.power")

    assert cop.values == pytest.approx([33.615] * 3)
    assert float(results.measured.sel(measure="pump.hours_out_of_range")) == pytest.approx(3.0)


def test_the_same_optimum_by_plain_pyomo() -> None:
    size = {"max": 50.0, "investment": 500.0, "lifetime": 20.0}
    pump = HeatPump(name="pump", power="grid", to="heat", **{"from": "water"}, capacity=size, cop=3.0)

    assert_same_optimum(scenario_of(town(pump), NETWORKS))


def test_a_cop_below_one_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"cop 0\.9 is below 1"):
        HeatPump(name="pump", power="grid", to="heat", capacity=1.0, cop=0.9)


def test_it_rises_no_faster_than_its_ramp() -> None:
    """From 5 MW at a quarter of 20 MW an hour: 10 of the 15 wanted in the second hour, all in the third."""
    parts = [
        HeatPump(name="pump", power="grid", to="heat", capacity=20.0, cop=3.0, ramps={"up": 0.25}),
        Source(name="market", to="grid", price=40.0),
        Source(name="boiler", to="heat", price=500.0),
        HeatDemand(name="users", to="heat", load=np.array([5.0, 15.0, 15.0])),
    ]
    results = solve(parts, {"heat": "heat", "grid": "electricity"})

    assert results.flow.sel(port="pump.heat").values == pytest.approx([5.0, 10.0, 15.0])
