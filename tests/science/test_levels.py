"""SCIENCE 1: pinch targets, cascades and levels, solved through the front door. Powers in MW or in kW read as MW."""

from collections.abc import Iterable

import pytest
import xarray as xr

from energysim.components.heat_demand import HeatDemand
from energysim.components.heat_pipe import HeatPipe
from energysim.components.heat_pump import HeatPump
from energysim.components.heat_rejection import HeatRejection
from energysim.components.residual_heat import ResidualHeat
from energysim.components.sink import Sink
from energysim.components.source import Source
from energysim.declare import Component
from energysim.testing import assert_balanced, assert_same_optimum, scenario_of, solve

NETWORK = {"site": {"carrier": "heat", "supply": 200.0, "return": 50.0}}
Streams = Iterable[tuple[float, float, float, float]]
"""Inlet, outlet, heat, contribution to the temperature difference."""


def streams_of(streams: Streams) -> list[Component]:
    """Hot streams that must be cooled and cold ones that must be heated."""
    found: list[Component] = []
    for number, (inlet, outlet, heat, difference) in enumerate(streams):
        name, ends = f"s{number}", {"from": inlet, "to": outlet}
        if inlet > outlet:
            hot = {"stream": {**ends, "load": heat, "approach": difference}}
            found.append(ResidualHeat(name=name, to="site", streams=hot, must_run=True))
        else:
            found.append(HeatDemand(name=name, to="site", load=heat, temperatures=ends, approach=difference))
    return found


def by_capacity(streams: Streams, difference: float) -> list[Component]:
    """The same from heat-capacity flows, with one smallest temperature difference."""
    return streams_of((a, b, abs(a - b) * flow, difference / 2.0) for a, b, flow, _ in streams)


def targets(streams: list[Component]) -> tuple[float, float]:
    """Least heating and cooling: steam hotter and water colder than everything."""
    steam = Source(name="steam", to="site", price=1.0, temperature=900.0)
    water = HeatRejection(name="water", **{"from": "site"}, temperature=-100.0)
    results = solve([*streams, steam, water], NETWORK, steps=1)
    assert_balanced(results)
    return flow(results, "steam.given"), flow(results, "water.rejected")


def flow(results: xr.Dataset, port: str) -> float:
    return float(results.flow.sel(port=port)[0])


KEMP = ((20, 135, 2.0, 0), (170, 60, 3.0, 0), (80, 140, 4.0, 0), (150, 30, 1.5, 0))
LINNHOFF = ((150, 60, 2.0, 0), (90, 60, 8.0, 0), (20, 125, 2.5, 0), (25, 100, 3.0, 0))
SMITH = ((250, 40, 0.15, 0), (200, 80, 0.25, 0), (20, 180, 0.2, 0), (140, 230, 0.3, 0))
THRESHOLD = ((250, 40, 0.15, 0), (200, 80, 0.25, 0), (20, 180, 0.1, 0), (140, 230, 0.1, 0))
FLOWER = ((160, 93.3, 8.79, 0), (248.9, 137.8, 10.55, 0), (60, 160, 7.62, 0), (115.6, 260, 6.08, 0))


@pytest.mark.parametrize(
    ("streams", "difference", "heating", "cooling"),
    [
        pytest.param(KEMP, 10.0, 20.0, 60.0, id="T-1.1"),
        pytest.param(LINNHOFF, 20.0, 107.5, 40.0, id="T-1.2"),
        pytest.param(SMITH, 10.0, 7.5, 10.0, id="T-1.3"),
        pytest.param(SMITH, 20.0, 11.5, 14.0, id="T-1.3, 20 K"),
        pytest.param(FLOWER, 10.0, 128.288, 246.734, id="T-1.4"),
        pytest.param(FLOWER, 11.111, 135.0429, 253.4889, id="T-1.4, 11.111 K"),
        pytest.param(THRESHOLD, 10.0, 0.0, 36.5, id="T-1.5"),
    ],
)
def test_targets(streams: Streams, difference: float, heating: float, cooling: float) -> None:
    """Least heating and cooling of the textbook cases, as by the problem table."""
    assert targets(by_capacity(streams, difference)) == pytest.approx((heating, cooling), rel=1e-6, abs=1e-4)


def test_t_1_1_the_cascade() -> None:
    """T-1.1 in a run: heat falls 82.5, 0 and 75 past 140, 85 and 55 degC, 20 enters above and 60 leaves below.

    The pinch is where nothing falls: 85 degC, 90 for hot streams and 80 for cold ones.
    """
    steam = Source(name="steam", to="site", price=1.0, temperature=900.0)
    water = HeatRejection(name="water", **{"from": "site"}, temperature=-100.0)
    results = solve([*by_capacity(KEMP, 10.0), steam, water], NETWORK, steps=1)
    falling = dict(zip(results.level_bottom.values[:, 0], results.level_falling.values[:, 0], strict=True))

    assert {bottom: falling[bottom] for bottom in (140.0, 85.0, 55.0)} == pytest.approx(
        {140.0: 82.5, 85.0: 0.0, 55.0: 75.0}, abs=1e-6
    )
    assert (flow(results, "steam.given"), flow(results, "water.rejected")) == pytest.approx((20.0, 60.0))


ILLUSTRATIVE = (
    (20, 140, 2400, 5), (140, 180, 800, 5), (140, 230, 2700, 5), (196.666667, 40, 2350.000005, 5), (104, 80, 600, 5),
    (200, 104, 2400, 5), (250, 196.666667, 800, 5),
)  # fmt: skip
AHMAD = (
    (327, 40, 28700, 26.23), (220, 160, 9600, 1), (220, 60, 9600, 12), (160, 45, 46000, 4), (100, 300, 20000, 4),
    (35, 164, 9030, 26.23), (85, 138, 18550, 2), (60, 170, 6600, 12), (140, 300, 32000, 26.23),
)  # fmt: skip
ADJIMAN = (
    (376.85, 96.85, 2800, 5.33), (316.85, 96.85, 4400, 5.33), (136.85, 376.85, 3600, 5.33), (76.85, 226.85, 1950, 5.33),
)  # fmt: skip


@pytest.mark.parametrize(
    ("streams", "heating", "cooling"),
    [
        pytest.param(ILLUSTRATIVE, 750.0, 1000.0, id="T-1.5 illustrative"),
        pytest.param(AHMAD, 23999.8, 31719.8, id="T-1.5 Linnhoff and Ahmad"),
        pytest.param(ADJIMAN, 459.9, 2109.9, id="T-1.5 Adjiman"),
    ],
)
def test_targets_with_a_difference_of_each_stream(streams: Streams, heating: float, cooling: float) -> None:
    """Every stream has its own contribution to the temperature difference."""
    assert targets(streams_of(streams)) == pytest.approx((heating, cooling), abs=0.06)


@pytest.mark.parametrize(
    ("streams", "difference", "sources", "sinks", "objective"),
    [
        pytest.param(
            KEMP,
            10.0,
            {200.0: (1.0, 0.0), 120.0: (0.5, 20.0)},
            {10.0: (0.1, 0.0), 45.0: (-0.2, 60.0)},
            -2.0,
            id="T-1.1",
        ),
        pytest.param(LINNHOFF, 20.0, {200.0: (1.0, 37.5), 110.0: (0.4, 70.0)}, {5.0: (0.1, 40.0)}, 69.5, id="T-1.2"),
        pytest.param(SMITH, 10.0, {300.0: (1.0, 6.5), 160.0: (0.5, 1.0)}, {10.0: (0.1, 10.0)}, 8.0, id="T-1.3"),
    ],
)
def test_the_cheapest_utilities(
    streams: Streams, difference: float, sources: dict, sinks: dict, objective: float
) -> None:
    """Steam of two pressures, cooling water, and a buyer of warm water, each at its own temperature and price."""
    half = difference / 2.0
    steam = [
        Source(name=f"steam{hot:.0f}", to="site", price=price, temperature=hot - half)
        for hot, (price, _) in sources.items()
    ]
    water = [
        HeatRejection(name=f"sink{cold:.0f}", **{"from": "site"}, cost=price, temperature=cold + half)
        for cold, (price, _) in sinks.items()
    ]
    results = solve([*by_capacity(streams, difference), *steam, *water], NETWORK, steps=1)

    assert float(results.attrs["objective"]) == pytest.approx(objective)
    for hot, (_, heat) in sources.items():
        assert flow(results, f"steam{hot:.0f}.given") == pytest.approx(heat, abs=1e-6)
    for cold, (_, heat) in sinks.items():
        assert flow(results, f"sink{cold:.0f}.rejected") == pytest.approx(heat, abs=1e-6)


TOWN = {"town": {"carrier": "heat", "supply": 85.0, "return": 45.0, "approach": 5.0}}


def town() -> list[Component]:
    """A town of 40 MW between two mills and a boiler of 120 degC."""
    a = {"stream": {"from": 60.0, "to": 35.0, "load": 10.0}}
    b = {"stream": {"from": 70.0, "to": 50.0, "load": 30.0}}
    return [
        ResidualHeat(name="a", to="town", streams=a),
        ResidualHeat(name="b", to="town", streams=b, price=2.0),
        Source(name="c", to="town", price=30.0, temperature=120.0),
        HeatDemand(name="users", to="town", load=40.0),
    ]


def test_t_1_6_a_cascade_into_district_heating() -> None:
    """T-1.6: of 40 MW residual heat 20 are usable; a temperature-blind model would take all 40 and need no boiler."""
    results = solve(town(), TOWN, steps=1)

    assert flow(results, "a.stream") == pytest.approx(4.0)
    assert flow(results, "b.stream") == pytest.approx(16.0)
    assert flow(results, "c.given") == pytest.approx(20.0)
    assert float(results.attrs["objective"]) == pytest.approx(632.0)
    assert_balanced(results)
    assert_same_optimum(scenario_of(town(), TOWN, steps=1))


def test_t_1_6_blind_to_temperature() -> None:
    """The same without temperatures: the wrong answer the levels are there to prevent."""
    results = solve(town(), {"town": "heat"}, steps=1)

    assert flow(results, "c.given") == pytest.approx(0.0)


def with_pump(price: float) -> list[Component]:
    """The same town with a heat pump of COP 4 that draws from any level and gives at supply temperature."""
    pump = HeatPump(name="pump", power="grid", to="town", **{"from": "town"}, capacity=99.0, cop=4.0)
    return [*town(), pump, Source(name="power", to="grid", price=price)]


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        (40.0, {"a.stream": 10.0, "b.stream": 25.0, "c.given": 0.0, "pump.power": 5.0, "pump.heat": 20.0}),
        (119.9, {"a.stream": 10.0, "b.stream": 16.0, "c.given": 12.0, "pump.heat": 8.0}),
        (121.0, {"a.stream": 4.0, "b.stream": 16.0, "c.given": 20.0, "pump.heat": 0.0}),
    ],
)
def test_t_1_7_a_heat_pump_within_the_cascade(price: float, expected: dict[str, float]) -> None:
    """T-1.7: at 40 the pump replaces the boiler, just below 120 only free heat is worth lifting, above it none."""
    networks = TOWN | {"grid": "electricity"}
    results = solve(with_pump(price), networks, steps=1)

    for port, heat in expected.items():
        assert flow(results, port) == pytest.approx(heat, abs=1e-6), port
    costs = {40.0: 250.0, 119.9: 631.8, 121.0: 632.0}
    assert float(results.attrs["objective"]) == pytest.approx(costs[price])
    assert_same_optimum(scenario_of(with_pump(price), networks, steps=1))


def test_t_1_7_cost_at_112() -> None:
    """T-1.7: at 112 both sources are worth lifting: 610."""
    results = solve(with_pump(112.0), TOWN | {"grid": "electricity"}, steps=1)

    assert float(results.attrs["objective"]) == pytest.approx(610.0)


def test_t_1_7_a_price_for_each_level() -> None:
    """T-1.7: 30 above supply, 11.5 at supply, 2 below; a steam user of 1 kW makes the hottest level exist."""
    steam = HeatDemand(name="steam", to="town", load=0.001, temperatures={"from": 85.0, "to": 115.0})
    results = solve([*with_pump(40.0), steam], TOWN | {"grid": "electricity"}, steps=1)

    assert results.level_price.values[:, 0] == pytest.approx([30.0, 11.5, 2.0, 2.0, 2.0])
    assert results.level_top.values[:, 0] == pytest.approx([115.0, 85.0, 65.0, 55.0, 45.0])
    assert float(results.price.sel(node="town")[0]) == pytest.approx(0.5 * 11.5 + 0.5 * 2.0)


PULP_MILL = (
    # Streams of a published example of a pulp mill: inlet and outlet [degC], heat [kW].
    (82.7, 77.8, 4613.007), (83.2, 71.5, 9215.973), (99.7, 90.1, 292.992), (81.2, 83.3, 292.992),
    (1.9, 46.5, 14337.116), (1.9, 65, 17729.838), (148.4, 148.5, 9748), (184.8, 184.9, 1498), (184.8, 184.9, 3052),
    (97.1, 87.6, 2321.99), (148.4, 148.5, 865), (1.9, 70, 939.78), (84.1, 68.4, 6353.005), (103.3, 103.2, 16585),
    (80, 74.3, 6040.974), (165.4, 146.5, 1787.94), (90.8, 108.1, 1787.955), (70.6, 80, 2235.038),
    (184.8, 184.9, 20200), (148.4, 148.5, 3470), (90.1, 50.5, 1119.888), (76.8, 53.6, 19146.032),
    (105.4, 111.9, 4128.02), (37.7, 50, 702.945), (65, 75, 200), (49.2, 54.7, 42.02), (148.4, 148.5, 3676),
    (148.4, 148.5, 51793), (66.3, 66.2, 39395), (65, 36, 3794.94), (53.6, 36, 14427.072), (8.3, 88.3, 7319.2),
    (99.6, 99.5, 718), (148.4, 148.5, 1106), (40.2, 40.1, 581), (1.9, 20, 3368.048), (104, 59, 3599.1),
    (59, 50, 8966.97), (129.1, 129, 1395), (120.2, 120.1, 2808), (36.8, 122.7, 9881.936), (4.3, 148.3, 10945.44),
    (3, 34.9, 498.916), (3, 36.8, 2073.968), (52, 70, 2808), (148.4, 148.5, 21690), (148.4, 148.5, 2876),
    (2.7, 52.1, 7730.112), (1.9, 45, 3419.123), (83, 106.2, 9883.896), (204.5, 133.2, 9884.319), (16.1, 17, 134.001),
    (148.4, 148.5, 13127), (148.8, 148.9, 11767), (148.4, 148.5, 6352), (184.8, 184.9, 4335), (117.8, 84.4, 11773.834),
    (66.8, 107.7, 6287.966), (63.8, 102.9, 5486.121), (148.4, 148.5, 805), (148.4, 148.5, 3007), (87, 78, 4506.03),
    (87, 82, 1068), (67.9, 38.3, 4090.128),
)  # fmt: skip


def mill() -> list[Component]:
    return streams_of((a, b, heat, 2.5) for a, b, heat in PULP_MILL)


def test_t_1_8_targets_of_a_pulp_mill() -> None:
    """T-1.8: 64 streams need 155 528.9 kW of heating and 58 413.7 of cooling."""
    assert len(PULP_MILL) == 64
    assert targets(mill()) == pytest.approx((155_528.9, 58_413.7), abs=1.0)


@pytest.mark.parametrize(
    ("returned", "supply", "heat"), [(50.0, 90.0, 43.30), (45.0, 85.0, 58.41), (40.0, 70.0, 58.41), (55.0, 100.0, 0.0)]
)
def test_t_1_8_district_heat_without_more_steam(returned: float, supply: float, heat: float) -> None:
    """T-1.8: the most heat for a town that costs no steam: lowering the supply from 100 to 85 degC frees everything."""
    networks = {
        name: {"carrier": "heat", "supply": supply + 2.5, "return": returned + 2.5} for name in ("site", "district")
    }
    parts = [
        *mill(),
        Source(name="steam", to="site", price=1000.0, temperature=900.0),
        HeatRejection(name="water", **{"from": "site"}, temperature=-100.0),
        HeatPipe(name="pipe", **{"from": "site"}, to="district", capacity=1e6, pumping=0.0),
        Sink(name="town", **{"from": "district"}, price=1.0),
    ]
    results = solve(parts, networks, steps=1)

    assert flow(results, "steam.given") == pytest.approx(155_528.9, abs=1.0)
    assert flow(results, "town.taken") / 1000.0 == pytest.approx(heat, abs=0.01)
