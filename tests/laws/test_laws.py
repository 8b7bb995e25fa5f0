"""What must hold for any system, on random ones."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from energysim.api import run
from energysim.components.battery import Battery
from energysim.components.boiler import Boiler
from energysim.components.chp_backpressure import ChpBackpressure
from energysim.components.electric_boiler import ElectricBoiler
from energysim.components.electricity_demand import ElectricityDemand
from energysim.components.electricity_market import ElectricityMarket
from energysim.components.fuel_supply import FuelSupply
from energysim.components.heat_demand import HeatDemand
from energysim.components.heat_pipe import HeatPipe
from energysim.components.heat_pump import HeatPump
from energysim.components.heat_rejection import HeatRejection
from energysim.components.heat_store import HeatStore
from energysim.components.link import Link
from energysim.components.residual_heat import ResidualHeat
from energysim.components.unserved import Unserved
from energysim.components.wind import Wind
from energysim.declare import Component
from energysim.testing import assert_balanced, assert_same_optimum, scenario_of, solve

STEPS = 12
NETWORKS = {
    "heat": {"carrier": "heat", "losses": {"share": 0.08}},
    "far_heat": "heat",
    "grid": "electricity",
}
FUELS = {"chips": {}, "oil": {"co2": 0.27}}
EFFECTS = {"co2": {"unit": "t", "price": 60.0}}


def system(seed: int, scale: float = 1.0, more: float = 0.0) -> list[Component]:
    """Draw a town with two heat networks; ``more`` MW on every heat plant, all sizes times ``scale``."""
    draw = np.random.default_rng(seed)
    size = {
        name: scale * (draw.uniform(2.0, 30.0) + more) for name in ("boiler", "oil", "pump", "electric", "chp", "mill")
    }
    invests = draw.random(3) < 0.5
    price = draw.normal(40.0, 25.0, STEPS)
    decided = {"max": 20.0 * scale, "investment": 200.0, "lifetime": 20.0}
    return [
        HeatDemand(name="town", to="heat", load=scale * draw.uniform(5.0, 40.0, STEPS)),
        HeatDemand(name="village", to="far_heat", load=scale * draw.uniform(0.0, 8.0, STEPS)),
        ElectricityDemand(name="homes", to="grid", load=scale * draw.uniform(1.0, 9.0, STEPS)),
        ElectricityMarket(
            name="market", to="grid", price=price, buy_limit=500.0 * scale, sell_limit=20.0 * scale, margin=1.0
        ),
        FuelSupply(name="chip_trade", to="chips", price=draw.uniform(15.0, 35.0)),
        FuelSupply(name="oil_trade", to="oil", price=draw.uniform(50.0, 90.0)),
        Boiler(
            name="boiler",
            fuel="chips",
            to="heat",
            efficiency=1.05,
            capacity=decided if invests[0] else size["boiler"],
            ramps={"up": 0.3, "down": 0.3},
        ),
        Boiler(name="oil", fuel="oil", to="heat", capacity=size["oil"], availability=draw.uniform(0.5, 1.0, STEPS)),
        ElectricBoiler(name="electric", power="grid", to="heat", capacity=size["electric"]),
        HeatPump(name="pump", power="grid", to="heat", cop=draw.uniform(2.0, 4.0, STEPS), capacity=size["pump"]),
        ChpBackpressure(
            name="chp", fuel="chips", to="heat", power="grid", electric_efficiency=0.28, heat_efficiency=0.8,
            capacity=decided if invests[1] else size["chp"],
        ),
        ResidualHeat(
            name="mill", to="far_heat", price=2.0, streams={"gas": {"from": 120.0, "to": 60.0, "load": size["mill"]}}
        ),
        HeatPipe(name="pipe", **{"from": "far_heat"}, to="heat", capacity=15.0 * scale, loss=0.03, both_ways=True),
        HeatStore(
            name="tank", network="heat", volume=decided if invests[2] else 40.0 * scale, hours_to_fill=6.0,
            standing_loss=0.002, start=None if draw.random() < 0.5 else 0.3,
        ),
        Battery(name="battery", network="grid", volume=8.0 * scale, power=4.0 * scale, wear=0.5),
        Wind(name="wind", to="grid", capacity=10.0 * scale, profile=draw.uniform(0.0, 1.0, STEPS)),
        HeatRejection(name="cooler", **{"from": "heat"}, cost=1.0),
        HeatRejection(name="far_cooler", **{"from": "far_heat"}, cost=1.0),
        Unserved(name="short", to="heat", price=3000.0),
        Unserved(name="far_short", to="far_heat", price=3000.0),
    ]  # fmt: skip


def optimum(components: list[Component], networks: dict | None = None) -> float:
    return solve(components, networks or NETWORKS, FUELS, STEPS, effects=EFFECTS).attrs["objective"]


seeds = st.integers(0, 10_000)
law = settings(max_examples=15, deadline=None)


@law
@given(seeds)
def test_balances_close_and_the_plan_is_proven(seed: int) -> None:
    """Energy in is energy out plus losses at every node and hour; run() itself refuses an unproven plan."""
    assert_balanced(solve(system(seed), NETWORKS, FUELS, STEPS, effects=EFFECTS))


@law
@given(seeds)
def test_expanded_rules_give_the_same_optimum(seed: int) -> None:
    assert_same_optimum(scenario_of(system(seed), NETWORKS, FUELS, STEPS, effects=EFFECTS))


@law
@given(seeds)
def test_more_capacity_never_costs_more(seed: int) -> None:
    before, after = optimum(system(seed)), optimum(system(seed, more=5.0))

    assert after <= before + 1e-6 * abs(before)


@law
@given(seeds, st.floats(0.2, 20.0))
def test_scaling_scales(seed: int, factor: float) -> None:
    assert optimum(system(seed, scale=factor)) == pytest.approx(factor * optimum(system(seed)), rel=1e-6, abs=1e-6)


@law
@given(seeds, st.randoms(use_true_random=False))
def test_the_order_of_entries_changes_nothing(seed: int, random: object) -> None:
    components = system(seed)
    shuffled = list(components)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert optimum(shuffled) == pytest.approx(optimum(components), rel=1e-9)


@law
@given(seeds)
def test_splitting_a_node_with_a_free_link_changes_nothing(seed: int) -> None:
    """The electric boiler moves to a node of its own, joined by a lossless link."""
    components = system(seed)
    moved = [
        ElectricBoiler(name="electric", power="annexe", to="heat", capacity=c.capacity) if c.name == "electric" else c
        for c in components
    ]
    link = Link(name="joint", **{"from": "grid"}, to="annexe", capacity=1e4)

    assert optimum([*moved, link], {**NETWORKS, "annexe": "electricity"}) == pytest.approx(
        optimum(components), rel=1e-9
    )


def test_longer_steps_of_equal_hours_give_the_same() -> None:
    """Values that stay the same for three hours cost the same in one step of three hours."""
    load = np.array([10.0, 20.0, 30.0])

    def plant(values: np.ndarray) -> list[Component]:
        return [
            HeatDemand(name="town", to="heat", load=values),
            FuelSupply(name="trade", to="chips", price=20.0),
            Boiler(name="boiler", fuel="chips", to="heat", capacity=40.0),
        ]

    fine = solve(plant(np.repeat(load, 3)), {"heat": "heat"}, {"chips": {}}, steps=9)
    coarse = run(scenario_of(plant(load), {"heat": "heat"}, {"chips": {}}, steps=3, step=3.0))

    assert coarse.attrs["objective"] == pytest.approx(fine.attrs["objective"], rel=1e-12)
