"""SCIENCE 2: temperatures, heat loss, friction and pipes."""

import numpy as np
import pytest

from energysim.components.heat_demand import HeatDemand
from energysim.components.source import Source
from energysim.hydraulics.friction import (
    Water,
    colebrook,
    haaland,
    heat_carried,
    mass_flow,
    pressure_gradient,
    pump_power,
)
from energysim.hydraulics.heat_loss import (
    Buried,
    diversity,
    insulated_coefficient,
    loss_by_diameter,
    pair_loss,
    temperature_after,
    velocity_by_diameter,
)
from energysim.hydraulics.network import PipeNetwork, solve_flow, temperatures
from energysim.hydraulics.pipes import Design, line_through, pipes
from energysim.hydraulics.postcheck import Load, check, run_pipe
from energysim.scenario.network import Curve
from energysim.testing import solve


def test_t_2_1_supply_curves() -> None:
    """T-2.1: two published curves at their points, between and beyond them."""
    first = Curve(outdoor=(-14.0, 6.0), temperature=(90.0, 80.0))
    second = Curve(outdoor=(-25.0, 5.0), temperature=(105.0, 65.0))

    assert first.at(np.array([0.0])) == pytest.approx([83.0])
    outdoor = np.array([10.0, 5.0, -5.0, -10.0, -25.0, -30.0])
    assert second.at(outdoor) == pytest.approx([65.0, 65.0, 78.333, 85.0, 105.0, 105.0], abs=1e-3)


def test_t_2_1_in_a_network() -> None:
    """T-2.1 through a whole run: the supply of every hour, and a return that rises in the warm by its own curve."""
    outdoor = np.resize([10.0, 5.0, -5.0, -10.0, -25.0, -30.0], 8760)
    network = {
        "carrier": "heat", "at": "here",
        "supply": {"outdoor": [-25.0, 5.0], "temperature": [105.0, 65.0]},
        "return": {"outdoor": [-25.0, -5.0, 10.0], "temperature": [43.0, 45.0, 50.0]},
    }  # fmt: skip
    parts = [Source(name="plant", to="heat", price=1.0), HeatDemand(name="users", to="heat", load=1.0)]
    results = solve(parts, {"heat": network}, steps=6, outdoor=outdoor)

    assert results.supply.values.ravel() == pytest.approx([65.0, 65.0, 78.333, 85.0, 105.0, 105.0], abs=1e-3)
    assert results.returned.values.ravel() == pytest.approx([50.0, 48.333, 45.0, 44.5, 43.0, 43.0], abs=1e-3)


@pytest.mark.parametrize(
    ("nominal", "velocity", "capacity", "loss"),
    [
        (50, 0.966, 0.369, 22.3), (100, 1.498, 2.210, 28.6), (150, 1.935, 6.394, 38.7), (200, 2.292, 13.01, 42.1),
        (300, 2.932, 36.87, 47.0), (400, 3.377, 67.4, 49.0), (600, 4.343, 198.3, 58.4),
    ],
)  # fmt: skip
def test_t_2_2_what_a_diameter_carries(nominal: int, velocity: float, capacity: float, loss: float) -> None:
    """T-2.2: at 150 Pa/m and 90 over 50 degC."""
    table = pipes(Design())
    (row,) = np.flatnonzero(table.nominal == nominal)

    assert table.velocity[row] == pytest.approx(velocity, rel=5e-3)
    assert table.capacity[row] == pytest.approx(capacity, rel=5e-3)
    assert table.loss[row] == pytest.approx(loss, abs=0.06)


def test_t_2_3_a_pair_of_buried_pipes() -> None:
    """T-2.3: DN300 and DN100 by the method of images."""
    large = pair_loss(0.3239, 0.450, 0.60)
    small = pair_loss(0.1143, 0.200, 0.35)

    assert (large.own, large.mutual) == pytest.approx((0.406636, 0.027226), abs=1e-6)
    assert large.of_supply(90.0, 50.0, 5.0) == pytest.approx(33.339, abs=1e-3)
    assert large.of_return(90.0, 50.0, 5.0) == pytest.approx(15.984, abs=1e-3)
    assert (small.own, small.mutual) == pytest.approx((0.244241, 0.013865), abs=1e-6)
    assert small.of_both(90.0, 50.0, 5.0) == pytest.approx(20.1365 + 9.8123, abs=1e-3)


def test_t_2_4_straight_lines_for_linear_models() -> None:
    """T-2.4: at 100 Pa/m and 100 over 50 degC: cost 19.556 EUR/m/MW + 1 155.47, loss 0.1966 W/m/MW + 31.668."""
    table = pipes(Design(supply=100.0, returned=50.0, gradient=100.0))
    cost, loss = line_through(table.capacity, table.cost), line_through(table.capacity, table.loss)

    assert (cost.slope, cost.fixed) == pytest.approx((19.556, 1155.47), rel=5e-3)
    assert (loss.slope, loss.fixed) == pytest.approx((0.1966, 31.668), rel=5e-3)
    assert (cost.fit, loss.fit) == pytest.approx((0.90, 0.63), abs=0.01)


def test_t_2_5_empirical_curves() -> None:
    """T-2.5: velocity, capacity and loss by diameter; two users of 30 kW need 48.6 together."""
    diameter = np.array([0.1, 0.2, 0.3, 0.5])
    velocity = velocity_by_diameter(diameter)
    water = Water(density=975.0, heat_capacity=4200.0)

    assert velocity == pytest.approx([1.5474, 2.1413, 2.5662, 3.2009], abs=1e-4)
    carried = heat_carried(mass_flow(velocity, diameter, water), 30.0, water)
    assert carried == pytest.approx([1.493, 8.264, 22.28, 77.21], rel=1e-3)
    assert loss_by_diameter(diameter, 50.0) == pytest.approx([23.49, 29.32, 32.73, 37.02], abs=0.01)
    assert 2 * 30.0 * diversity(2) == pytest.approx(48.6)


@pytest.mark.parametrize(
    ("length", "inner", "flow", "coefficient", "inlet", "ground", "outlet", "loss", "drop"),
    [
        (1000.0, 0.2101, 30.0, 0.3644, 90.0, 8.0, 89.7635, 29.838, 0.3209),
        (5000.0, 0.3127, 80.0, 0.4048, 95.0, 5.0, 94.4607, 181.61, 1.4227),
    ],
)
def test_t_2_6_a_single_pipe(
    length: float, inner: float, flow: float, coefficient: float, inlet: float, ground: float, outlet: float,
    loss: float, drop: float,
) -> None:  # fmt: skip
    """T-2.6: as by pandapipes: temperature to 1e-3 K with its water, pressure within 1 %."""
    water = Water(density=965.0, viscosity=3.14e-4, heat_capacity=4205.0)
    end = temperature_after(inlet, length, coefficient, flow * water.heat_capacity, ground)
    velocity = flow / (water.density * np.pi * inner**2 / 4.0)

    assert end == pytest.approx(outlet, abs=1e-3)
    assert flow * water.heat_capacity * (inlet - end) / 1000.0 == pytest.approx(loss, rel=2e-3)
    assert float(pressure_gradient(velocity, inner, 1e-4, water)) * length / 1e5 == pytest.approx(drop, rel=0.01)


def test_t_2_7_a_tree_of_five_pipes() -> None:
    """T-2.7: temperatures and loss of a small tree, supply and return, to six digits."""
    water, ground, film = Water(heat_capacity=4190.0), 10.0, 0.21
    outer_pipe, inner_pipe = film * np.pi * 0.125, film * np.pi * 0.040
    for flow, expected in ((0.34, 4968.49094), (0.40, 4974.2995), (0.30, 4963.3353)):
        fork = temperature_after(130.0, 200.0, outer_pipe, 2 * flow * water.heat_capacity, ground)
        user = temperature_after(fork, 100.0, inner_pipe, flow * water.heat_capacity, ground)
        fork_back = temperature_after(user - 10.0, 100.0, inner_pipe, flow * water.heat_capacity, ground)
        back = temperature_after(fork_back, 200.0, outer_pipe, 2 * flow * water.heat_capacity, ground)
        loss = 2 * flow * water.heat_capacity * (130.0 - back - 10.0)
        assert loss == pytest.approx(expected, rel=1e-6)
        if flow == 0.34:
            assert (fork, user, fork_back, back) == pytest.approx(
                (129.3073544, 129.0865533, 118.8846677, 118.2561804), abs=1e-6
            )


def test_t_2_7_the_same_by_the_network_solver() -> None:
    """The tree's supply side as a network: 0.34 kg/s at each of two ends."""
    tree = PipeNetwork(
        start=np.array([0, 1, 1]), end=np.array([1, 2, 3]), length=np.array([200.0, 100.0, 100.0]),
        inner=np.array([0.125, 0.040, 0.040]), water=Water(heat_capacity=4190.0),
    )  # fmt: skip
    solved = solve_flow(tree, np.array([-0.68, 0.0, 0.34, 0.34]))
    coefficient = 0.21 * np.pi * tree.inner
    node, _ = temperatures(tree, solved.flow, {0: 130.0}, coefficient, 10.0)

    assert solved.flow == pytest.approx([0.68, 0.34, 0.34])
    assert node == pytest.approx([130.0, 129.3073544, 129.0865533, 129.0865533], abs=1e-6)


def test_t_2_8b_water_divides_round_a_loop() -> None:
    """T-2.8b: two pipes of 100 and 400 m side by side, 30 kg/s: 20.083 and 9.917 kg/s, 0.4707 bar."""
    loop = PipeNetwork(
        start=np.array([0, 0]), end=np.array([1, 1]), length=np.array([100.0, 400.0]), inner=np.array([0.1071, 0.1071])
    )
    solved = solve_flow(loop, np.array([-30.0, 30.0]))

    assert solved.flow == pytest.approx([20.0831, 9.9169], abs=0.01)
    assert -solved.pressure[1] / 1e5 == pytest.approx(0.470722, rel=5e-3)


def test_t_2_8_insulated_pipes_of_a_published_network() -> None:
    """T-2.8's coefficient: 2 pi lambda over ln(1 + 2 s / d), here for 0.1 m with 50 mm of 0.035: 0.3173 W/mK."""
    assert insulated_coefficient(0.1, 0.05, 0.035) == pytest.approx(2 * np.pi * 0.035 / np.log(2.0))


def test_t_2_10_a_regional_line() -> None:
    """T-2.10: 35 km of DN600 with 100 MW: 597 kg/s, 2.19 m/s, 40.5 Pa/m, 2.3 MW of pumps, 4.4 h.

    Its loss is given as 2.16 MW; T-2.2's own 58.4 W/m of DN600, brought from 124 to 134 K, are 2.21 MW, as ours.
    """
    inner, flow = 0.5958, 100e6 / (4187.0 * 40.0)
    velocity = flow / (977.76 * np.pi * inner**2 / 4.0)
    gradient = float(pressure_gradient(velocity, inner, 1e-5))
    loss = pair_loss(0.610, 0.800, 0.95, Buried(ground=3.0)).of_both(90.0, 50.0, 3.0)

    assert flow == pytest.approx(597.0, abs=0.5)
    assert velocity == pytest.approx(2.19, abs=0.005)
    assert gradient == pytest.approx(40.5, rel=0.01)
    assert pump_power(2 * 35e3 * gradient, flow) == pytest.approx(2.3, abs=0.05)
    assert loss * 35e3 / 1e6 == pytest.approx(58.4 * 134.0 / 124.0 * 35e3 / 1e6, rel=1e-3)
    assert loss * 35e3 / 1e6 == pytest.approx(2.16, rel=0.025)
    assert 35e3 / velocity / 3600.0 == pytest.approx(4.4, abs=0.05)


def test_laminar_flow() -> None:
    assert float(colebrook(1000.0, 1e-4)) == pytest.approx(0.064)


def test_the_explicit_formula_is_close() -> None:
    reynolds = np.geomspace(4e3, 1e7, 30)

    assert haaland(reynolds, 1e-4) == pytest.approx(colebrook(reynolds, 1e-4), rel=0.02)


def test_t_2_6_by_pandapipes_itself() -> None:
    """T-2.6's first pipe through the post-check's own call: 89.7635 degC, 0.3209 bar."""
    pipe = run_pipe(30.0, 90.0, 1.0, (210.1, 0.3644, 1e-4), 8.0)

    assert pipe.outlet == pytest.approx(89.7635, abs=1e-3)
    assert pipe.drop == pytest.approx(0.3209, abs=1e-3)


def test_a_plan_held_against_real_hydraulics() -> None:
    """36 MW over 10 km: DN300 at 2.9 m/s; its loss of 0.47 MW is more than the 0.1 planned."""
    load = Load("pipe", "now", 36.0, 90.0, 50.0, 10.0, 215.0, planned_loss=0.1, planned_pumping=0.5)
    found = check(load)

    assert found.nominal == 300
    assert found.velocity == pytest.approx(2.9, abs=0.1)
    assert found.loss == pytest.approx(0.47, abs=0.01)
    assert found.end_temperature == pytest.approx(90.0 - 33.3e4 / (215.0 * 4187.0), abs=0.1)
    assert found.remark == "needs pumps on the way, loses more than planned, pumps more than planned"


def test_water_as_cold_as_the_ground_can_be_checked() -> None:
    """A cold loop of 13 over 8 degC in ground of 8: next to no loss, and no division by nothing."""
    found = check(Load("loop", "now", 1.0, 13.0, 8.0, 2.0, 47.8, planned_loss=0.0, planned_pumping=0.1))

    assert abs(found.loss) < 0.01
    assert 12.5 < found.end_temperature < 13.0


def test_a_long_pipe_needs_pumps_but_no_pressure_falls_below_nothing(recwarn: pytest.WarningsRecorder) -> None:
    """36 km at 45 Pa/m and more lose some 20 bar each way; pandapipes warned of negative pressures before."""
    found = check(Load("line", "now", 100.0, 90.0, 50.0, 36.0, 597.0, planned_loss=2.0, planned_pumping=2.0))

    assert found.drop > 20.0
    assert "needs pumps on the way" in found.remark
    assert not [one for one in recwarn if "negative" in str(one.message)]
