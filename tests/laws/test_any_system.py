"""What must hold for systems of any component types, on random ones; see :mod:`tests.laws.any_system`."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from energysim.api import run
from energysim.components import component_types
from energysim.components.delivery import Delivery
from energysim.components.link import Link
from energysim.declare import Direction, Span
from energysim.scenario.scenario import Scenario
from energysim.system import assemble
from energysim.system.surroundings import worlds_of
from energysim.testing import assert_balanced
from tests.laws.any_system import (
    DRAWN,
    LEFT_OUT,
    Drawn,
    around,
    coupling_of,
    scaled,
    scenario_of,
    systems,
    with_approach,
    with_availability,
    with_sizes,
)

QUICK = settings(
    max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)  # fmt: skip
EVERY = pytest.mark.parametrize("name", DRAWN)
SCALE_NOT = {
    "stratified_tank": "its loss is that of its surface, which grows more slowly than its content",
    "district": "its pipes lose by their length, whatever flows",
}
"""Types whose cost does not grow with their size alone, and why."""


def cost(scenario: Scenario) -> float:
    return float(run(scenario).attrs["objective"])


def close(one: float, other: float, size: float = 0.0) -> Any:
    """Whether two costs are the same to what solvers promise."""
    return abs(one - other) <= 1e-6 * max(abs(one), abs(other), size, 1.0)


def test_no_type_is_left_out() -> None:
    """Every registered type is drawn, or named with the reason why not."""
    assert set(DRAWN) | set(LEFT_OUT) == set(component_types())
    assert all(reason for reason in LEFT_OUT.values())
    found = {part.type_name() for name in DRAWN for part in scenario_of(around(name, 0)).components.values()}
    assert found >= set(DRAWN)


def hold_balances_and_falls(drawn: Drawn) -> None:
    scenario = scenario_of(drawn)
    results = run(scenario)
    assert_balanced(results)
    assert_levels_close(results)
    assert_heat_only_falls(scenario, results, coupling_of(drawn) == "parallel")


def assert_levels_close(results: xr.Dataset) -> None:
    """Given plus what falls from above is taken plus lost plus what falls on, at each level and hour."""
    if "heat_level" not in results:
        return
    assert float(results.level_falling.values.min(initial=0.0)) >= -1e-7
    net = {level: -results.level_falling.sel(heat_level=level).values for level in results.heat_level.values}
    below = dict(zip(results.heat_level.values[:-1], results.heat_level.values[1:], strict=True))
    network = dict(zip(results.heat_level.values, results.heat_level_network.values, strict=True))
    for upper, lower in below.items():
        if network[upper] == network[lower]:
            net[lower] = net[lower] + results.level_falling.sel(heat_level=upper).values
    sign = dict(zip(results.port.values, np.where(results.direction.values == "out", 1.0, -1.0), strict=True))
    for number, (level, port) in enumerate(
        zip(results.landing_heat_level.values, results.landing_port.values, strict=True)
    ):
        net[level] = net[level] + sign[port] * results.level_flow.values[number]
    for name in sorted(set(network.values())):
        levels = [level for level in network if network[level] == name]
        off = np.sum([net[level] for level in levels], axis=0) - results.loss.sel(node=name).values
        assert np.abs(off).max() <= 1e-6 * scale_of(results), name
        assert min(net[level].min() for level in levels) >= -1e-6 * scale_of(results), name


def scale_of(results: xr.Dataset) -> float:
    return max(1.0, float(np.abs(results.flow.values).max(initial=0.0)))


def assert_heat_only_falls(scenario: Scenario, results: xr.Dataset, is_mixed: bool) -> None:
    """No port gives heat to a level above its own hottest, and none takes it from one below its own coldest.

    Where sources are mixed colder ones may, as long as hotter ones bring the mixture to the supply temperature.
    """
    if "heat_level" not in results:
        return
    system = assemble(scenario)
    worlds = worlds_of(scenario, system.networks, system.time.hours)
    missing: dict[str, Any] = {}
    for number, port in enumerate(results.landing_port.values):
        component, _, name = str(port).partition(".")
        part, level = scenario.components[component], results.landing_heat_level.values[number]
        world = worlds[component]
        network, span = world.network(name), part.span(name, world)
        flow = results.level_flow.values[number]
        top, bottom = (results[f"level_{edge}"].sel(heat_level=level).values for edge in ("top", "bottom"))
        runs = flow > 1e-6 * scale_of(results)
        if part.ports()[name].direction is not Direction.OUT:
            assert span is None or not (runs & _too_cold(span, top)).any(), f"{port} at {level}"
        elif is_mixed:
            hot = network.supply if span is None else np.asarray(span.hot, float)
            pooled = np.where(top >= network.supply - 1e-6, flow, 0.0) * (hot > network.returned + 1e-6)
            short = (network.supply - hot) / np.maximum(hot - network.returned, 1e-6)
            missing[network.name] = missing.get(network.name, 0.0) + pooled * short
        elif span is not None:
            assert not (runs & _too_hot(span, bottom)).any(), f"{port} at {level}"
    for name, kelvin in missing.items():
        assert kelvin.max() <= 1e-5 * scale_of(results), name


def _too_hot(span: Span, bottom: np.ndarray) -> np.ndarray:
    return np.asarray(span.hot) < bottom - 1e-6


def _too_cold(span: Span, top: np.ndarray) -> np.ndarray:
    return top < np.asarray(span.cold) - 1e-6


def hold_order(drawn: Drawn) -> None:
    scenario = scenario_of(drawn)
    turned = dict(reversed(list(scenario.components.items())))
    networks = dict(reversed(list(scenario.networks.items())))

    assert close(cost(replace(scenario, components=turned, networks=networks)), cost(scenario))


def hold_more_is_never_dearer(drawn: Drawn) -> None:
    scenario = scenario_of(drawn)
    before = cost(scenario)
    for after in (
        cost(with_sizes(scenario, 1.5)),
        *([cost(with_approach(scenario, 0.5))] if coupling_of(drawn) == "series" else []),
    ):
        assert after <= before or close(after, before)
    less = cost(with_availability(scenario, 0.7))
    assert before <= less or close(before, less)


def hold_scaling(drawn: Drawn, factor: float) -> None:
    scenario = scenario_of(drawn)
    larger = replace(scenario, components={name: scaled(part, factor) for name, part in scenario.components.items()})

    assert close(cost(larger), factor * cost(scenario))


def hold_splitting(drawn: Drawn) -> None:
    """A component moves to a node of its own behind a free link without loss."""
    scenario = scenario_of(drawn)
    before = cost(scenario)
    # What a delivery counts has to stay in one network.
    counted = {
        word.partition(".")[0]
        for part in scenario.components.values()
        if isinstance(part, Delivery)
        for word in (part.supplier, part.user)
    }
    for name, network in scenario.networks.items():
        if network.carrier == "heat" or network.unit == "t":
            continue
        met = [part for part in scenario.components.values() if name in part.connections.values()]
        moved = next((part for part in met if part.name not in counted), None)
        if moved is None:
            continue
        connections = {port: "annexe" if other == name else other for port, other in moved.connections.items()}
        parts = dict(scenario.components)
        parts[moved.name] = moved.model_copy(update={"connections": connections})
        parts["joint"] = Link(name="joint", **{"from": name}, to="annexe", capacity=1e6, both_ways=True)
        networks = {**scenario.networks, "annexe": network.model_copy(update={"name": "annexe"})}
        assert close(cost(replace(scenario, components=parts, networks=networks)), before), moved.name


@QUICK
@given(systems(is_whole=True))
def test_every_node_and_level_closes_and_heat_only_falls(drawn: Drawn) -> None:
    hold_balances_and_falls(drawn)


@QUICK
@given(systems())
def test_the_order_of_entries_changes_nothing(drawn: Drawn) -> None:
    hold_order(drawn)


@QUICK
@given(systems())
def test_more_is_never_dearer(drawn: Drawn) -> None:
    """More of every size, more availability, and a smaller approach."""
    hold_more_is_never_dearer(drawn)


@QUICK
@given(systems(without=SCALE_NOT), st.floats(0.2, 20.0))
def test_scaling_scales(drawn: Drawn, factor: float) -> None:
    """All quantities times k cost k times as much."""
    hold_scaling(drawn, factor)


@QUICK
@given(systems())
def test_splitting_a_node_changes_nothing(drawn: Drawn) -> None:
    hold_splitting(drawn)


@pytest.mark.slow
@EVERY
@pytest.mark.parametrize("coupling", ["series", "parallel", "full_temperature_required"])
def test_every_type_balances(name: str, coupling: str) -> None:
    for seed in range(3):
        hold_balances_and_falls(around(name, seed, is_whole=seed > 1, coupling=coupling))


@pytest.mark.slow
@EVERY
def test_every_type_keeps_the_laws(name: str) -> None:
    for seed in range(3):
        hold_order(around(name, seed))
        hold_more_is_never_dearer(around(name, seed))
        hold_splitting(around(name, seed))
        if name not in SCALE_NOT:
            hold_scaling(around(name, seed, without=SCALE_NOT), 7.0)
