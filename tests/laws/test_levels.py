"""What must hold for heat by temperature and for systems of all types, on random ones."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from energysim.api import run
from energysim.components import component_types
from energysim.components.boiler import Boiler
from energysim.components.electrolyser import Electrolyser
from energysim.components.fuel_supply import FuelSupply
from energysim.components.heat_demand import HeatDemand
from energysim.components.heat_pipe import HeatPipe
from energysim.components.heat_pump import HeatPump
from energysim.components.heat_rejection import HeatRejection
from energysim.components.heat_store import HeatStore
from energysim.components.residual_heat import ResidualHeat
from energysim.components.sink import Sink
from energysim.components.source import Source
from energysim.components.unserved import Unserved
from energysim.declare import Component
from energysim.testing import assert_balanced, assert_same_optimum, example_scenario, scenario_of, solve

STEPS = 6
SEEDS = st.integers(0, 10_000)


def networks(seed: int, coupling: str = "series", approach: float | None = None) -> dict:
    """Two towns whose supply slides by the hour."""
    draw = np.random.default_rng(seed)
    supply, returned = draw.uniform(70.0, 105.0, STEPS), draw.uniform(38.0, 50.0)
    near = draw.uniform(2.0, 8.0) if approach is None else approach
    town = {"carrier": "heat", "supply": supply, "return": returned, "approach": near, "coupling": coupling}
    village = {"carrier": "heat", "supply": supply - 4.0, "return": returned - 2.0, "approach": 0.5 * near}
    return {"town": town | {"losses": {"share": 0.07}}, "village": village, "grid": "electricity", "gas": "hydrogen"}


def system(seed: int, scale: float = 1.0, more: float = 0.0, idle: float = 0.0) -> list[Component]:
    """Draw plants of all temperatures; ``more`` MW on every one, all sizes times ``scale``.

    The share ``idle`` of what is available stands still.
    """
    draw = np.random.default_rng(seed + 1)

    def size(most: float) -> float:
        return scale * (draw.uniform(1.0, most) + more)

    def streams(count: int) -> dict:
        hot = draw.uniform(35.0, 130.0, count)
        cold = hot - draw.uniform(3.0, 60.0, count)
        loads = [size(12.0) for _ in range(count)]
        return {f"s{i}": {"from": hot[i], "to": cold[i], "load": loads[i]} for i in range(count)}

    return [
        HeatDemand(name="users", to="town", load=scale * draw.uniform(5.0, 40.0, STEPS)),
        HeatDemand(name="farms", to="village", load=scale * draw.uniform(0.0, 10.0, STEPS)),
        ResidualHeat(name="mill", to="town", streams=streams(3), price=draw.uniform(0.0, 5.0)),
        ResidualHeat(
            name="works", to="village", streams=streams(2), availability=(1.0 - idle) * draw.uniform(0.0, 1.0, STEPS)
        ),
        Boiler(name="boiler", fuel="chips", to="town", capacity=size(20.0), temperature=draw.uniform(85.0, 120.0),
               availability=1.0 - idle),
        FuelSupply(name="trade", to="chips", price=25.0),
        HeatPump(
            name="pump", power="grid", to="town", **{"from": "town"}, capacity=size(15.0), source_in=40.0,
            source_out=draw.uniform(15.0, 30.0),
        ),
        Electrolyser(name="stack", power="grid", to="gas", heat="town", capacity=size(30.0)),
        HeatStore(name="tank", network="town", volume=size(60.0), power=size(20.0)),
        HeatPipe(
            name="pipe", **{"from": "town"}, to="village", power="grid", capacity=size(12.0), length=4.0, both_ways=True
        ),
        HeatRejection(name="cooler", **{"from": "town"}, cost=0.5, temperature=12.0),
        Source(name="market", to="grid", price=draw.uniform(5.0, 90.0, STEPS)),
        Sink(name="gas_market", **{"from": "gas"}, price=draw.uniform(20.0, 70.0), capacity=20.0 * scale),
        Unserved(name="short", to="town", price=900.0),
        Unserved(name="short_farms", to="village", price=900.0),
    ]  # fmt: skip


FUELS = {"chips": {}}


def solved(seed: int, **changes: float) -> xr.Dataset:
    return solve(system(seed, **changes), networks(seed), FUELS, steps=STEPS)


def cost(results: xr.Dataset) -> float:
    return float(results.attrs["objective"])


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.sampled_from(["series", "parallel", "full_temperature_required"]))
def test_every_level_closes_and_heat_only_falls(seed: int, coupling: str) -> None:
    """Given plus what falls from above is taken plus lost plus what falls on, at each level and hour."""
    results = solve(system(seed), networks(seed, coupling), FUELS, steps=STEPS)
    assert_balanced(results)
    assert float(results.level_falling.values.min(initial=0.0)) >= -1e-7
    assert_levels_close(results)


def assert_levels_close(results: xr.Dataset) -> None:
    directions = dict(zip(results.port.values, results.direction.values, strict=True))
    ends = {"users.heat": 1.0 / 0.93}
    for network in sorted(set(results.heat_level_network.values)):
        above = np.zeros(results.sizes["time"])
        for level in results.heat_level.values[results.heat_level_network.values == network]:
            own = results.landing_heat_level.values == level
            net = above - results.level_falling.sel(heat_level=level).values
            for port, flow in zip(results.landing_port.values[own], results.level_flow.values[own], strict=True):
                net = net + flow * (1.0 if directions[port] == "out" else -ends.get(port, 1.0))
            assert np.abs(net).max() < 1e-6, level
            above = results.level_falling.sel(heat_level=level).values


@settings(max_examples=8, deadline=None)
@given(SEEDS)
def test_plain_pyomo_finds_the_same(seed: int) -> None:
    assert_same_optimum(scenario_of(system(seed), networks(seed), FUELS, steps=STEPS))


@settings(max_examples=15, deadline=None)
@given(SEEDS, st.floats(0.1, 10.0))
def test_more_capacity_never_costs_more(seed: int, more: float) -> None:
    assert cost(solved(seed, more=more)) <= cost(solved(seed)) + 1e-6 * abs(cost(solved(seed))) + 1e-6


@settings(max_examples=15, deadline=None)
@given(SEEDS, st.floats(0.05, 0.95))
def test_more_availability_never_costs_more(seed: int, idle: float) -> None:
    assert cost(solved(seed)) <= cost(solved(seed, idle=idle)) + 1e-6 * abs(cost(solved(seed))) + 1e-6


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_a_smaller_approach_never_costs_more(seed: int) -> None:
    wide, narrow = (
        cost(solve(system(seed), networks(seed, approach=approach), FUELS, steps=STEPS)) for approach in (6.0, 3.0)
    )

    assert narrow <= wide + 1e-6 * abs(wide) + 1e-6


@settings(max_examples=10, deadline=None)
@given(SEEDS, st.floats(0.2, 5.0))
def test_scaling_scales(seed: int, factor: float) -> None:
    assert cost(solved(seed, scale=factor)) == pytest.approx(factor * cost(solved(seed)), rel=1e-6, abs=1e-6)


@settings(max_examples=10, deadline=None)
@given(SEEDS, st.randoms(use_true_random=False))
def test_the_order_of_entries_changes_nothing(seed: int, random: object) -> None:
    parts = system(seed)
    random.shuffle(parts)  # type: ignore[attr-defined]

    assert cost(solve(parts, networks(seed), FUELS, steps=STEPS)) == pytest.approx(cost(solved(seed)), rel=1e-7)


@settings(max_examples=10, deadline=None)
@given(SEEDS)
def test_a_town_split_by_a_free_pipe_costs_the_same(seed: int) -> None:
    """Users behind a lossless pipe without approaches, of the same temperatures, are as well served."""
    where = {name: network for name, network in networks(seed, approach=0.0).items() if name != "village"}
    where["town"] = {key: value for key, value in where["town"].items() if key != "losses"}
    here = [part for part in system(seed) if part.name not in {"farms", "works", "pipe", "short_farms"}]
    users = next(part for part in here if part.name == "users")
    apart = [part for part in here if part.name != "users"]
    apart.append(users.replaced(connections={"heat": "suburb"}))
    apart.append(HeatPipe(name="free", **{"from": "town"}, to="suburb", capacity=1e4, pumping=0.0))
    together = cost(solve(here, where, FUELS, steps=STEPS))

    assert cost(solve(apart, where | {"suburb": where["town"]}, FUELS, steps=STEPS)) == pytest.approx(
        together, rel=1e-6
    )


def test_every_type_in_one_system() -> None:
    """All of them at once, and plain Pyomo agrees."""
    scenario = example_scenario(*component_types().values())
    assert_balanced(run(scenario))
    assert_same_optimum(scenario, tolerance=1e-4)
