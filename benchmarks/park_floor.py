"""The park written by hand in NumPy: what is left of its work when every block of the matrix is known beforehand.

Before the clock starts, a build of ours tells which columns meet in which rows with which numbers. What is timed is the
work nobody is spared: supply temperatures from the weather, every derived series (COPs, losses, loads, districts) by
the plain formulas of the types, the temperatures of each network sorted into levels and every port's share in them,
and all entries, bounds and costs written into their final storage. Products of coefficients, the joining of levels,
names and checks are left out, so it is less than a program by hand would do.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks import park
from benchmarks.floor import Rows
from energysim.declare import Component, Declared, Derived, Direction
from energysim.model import Model
from energysim.scenario.network import temperature_of
from energysim.scenario.scenario import Scenario
from energysim.system.network import Network
from energysim.system.surroundings import World, worlds_of
from solvers.program import HourlyProgram, HourRows

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Recipe:
    """What is known before the clock starts."""

    scenario: Scenario
    program: HourlyProgram
    networks: dict[str, Network]
    hours: Floats
    heats: dict[str, list[tuple[Component, str]]]
    """Ports of each network with temperatures."""


def load(steps: int) -> Recipe:
    """Build the park once by our own way, to know its blocks."""
    scenario = park.load(steps)
    return recipe_of(scenario, park.build(scenario))


def recipe_of(scenario: Scenario, model: Model) -> Recipe:
    """Note what a built park is made of."""
    system = model.system
    heats: dict[str, list[tuple[Component, str]]] = {n.name: [] for n in system.networks.values() if n.has_temperatures}
    for attachment in system.attachments:
        if attachment.network in heats:
            heats[attachment.network].append((system.components[attachment.component], attachment.port_name))
    return Recipe(scenario, model.program, dict(system.networks), system.time.hours, heats)


def warm_up() -> None:
    """Write a short horizon, so that what Python does once per process is done."""
    assemble(load(48))


def build(recipe: Recipe) -> Recipe:
    """Do nothing: by hand there is no step before the arrays."""
    return recipe


def assemble(recipe: Recipe) -> dict[str, np.ndarray]:
    """Work out the series and the levels, and write the arrays a solver takes."""
    worlds = worlds_of(recipe.scenario, recipe.networks, recipe.hours)
    supplies(recipe)
    for component in recipe.scenario.components.values():
        for _ in series(component, worlds[component.name]):
            pass
    for name, ports in recipe.heats.items():
        level_shares(recipe.networks[name], ports, worlds)
    return written(recipe.program)


def supplies(recipe: Recipe) -> list[Floats]:
    """Supply temperatures of every hour."""
    found = []
    for network in recipe.scenario.networks.values():
        if network.supply is not None:
            outdoor = recipe.scenario.places[network.at or ""].outdoor[: len(recipe.hours)]
            found.append(temperature_of(network.supply, lambda outdoor=outdoor: outdoor))
    return found


def series(component: Component, world: World) -> Iterator[Floats]:
    """Work out the derived series of a component and its traits."""
    parts: list[tuple[Declared, World]] = [(component, world)]
    parts += [(trait, world.for_trait(names)) for _, trait, names in component.traits()]
    for part, own in parts:
        for word in part.declared(Derived).values():
            yield word.formula(part, own)


def level_shares(
    network: Network, ports: list[tuple[Component, str]], worlds: dict[str, World]
) -> tuple[Floats, list[Floats]]:
    """Sort the temperatures of a network in every hour; give them, and each port's share of every interval.

    Returns
    -------
    edges : ndarray (edge, step)
        The hottest first. [degC]
    shares : list of ndarray (edge - 1, step)
    """
    steps = len(next(iter(worlds.values())).hours)
    ends = []
    for component, name in ports:
        span = component.span(name, worlds[component.name])
        gives = component.ports()[name].direction is Direction.OUT
        hot, cold = network.supply, network.supply if gives else network.returned
        if span is not None:
            hot, cold = span.hot, np.maximum(span.cold, -273.15)
        ends.append((np.broadcast_to(hot, steps), np.broadcast_to(cold, steps)))
    known = np.array([end for pair in ends for end in pair])
    edges = -np.sort(-known[np.unique(known[:, :2], axis=0, return_index=True)[1]], axis=0)
    shares = []
    for hot, cold in ends:
        width = hot - cold
        kelvin = np.maximum(np.minimum(hot, edges[:-1]) - np.maximum(cold, edges[1:]), 0.0)
        entered = (edges[:-1] <= hot + 1e-6).argmax(axis=0)
        is_point = width <= 1e-6
        kelvin[entered[is_point], np.flatnonzero(is_point)] = 1.0
        shares.append(kelvin / np.where(is_point, 1.0, width))
    return edges, shares


def written(program: HourlyProgram) -> dict[str, np.ndarray]:
    """Write every block straight into its final storage."""
    steps, hourly = program.steps, len(program.columns)
    columns = [np.arange(block * steps, (block + 1) * steps, dtype=np.int32) for block in range(hourly)]
    row_count = program.row_count
    widths = [len(rows.entries) + len(rows.global_entries) for rows in program.rows]
    entry_count = int(np.diff(program.row_starts) @ np.array(widths))
    entry_count += sum(steps * len(row.sums) + len(row.columns) for row in program.global_rows)
    indices, values = np.empty(entry_count, np.int32), np.empty(entry_count)
    starts = np.zeros(row_count + 1, np.int32)
    row_lower, row_upper = np.empty(row_count), np.empty(row_count)
    row = filled = 0
    for block in (_by_hand(rows, columns, steps * hourly, steps) for rows in program.rows):
        rows = slice(row, row + block.count)
        row_lower[rows], row_upper[rows] = block.lower, block.upper
        counts = block.fill(indices[filled:], values[filled:])
        starts[row + 1 : row + block.count + 1] = counts
        filled += int(np.sum(np.broadcast_to(counts, block.count)))
        row += block.count
    for once in program.global_rows:
        first = filled
        for entry in once.sums:
            count = steps - entry.first if entry.count is None else entry.count
            factor = np.broadcast_to(entry.coefficient, count)
            kept = np.flatnonzero(factor)
            indices[filled : filled + len(kept)] = columns[entry.block][entry.first + kept]
            values[filled : filled + len(kept)] = factor[kept]
            filled += len(kept)
        for column, coefficient in once.columns:
            indices[filled], values[filled] = steps * hourly + column, coefficient
            filled += 1
        row_lower[row], row_upper[row], starts[row + 1] = once.lower, once.upper, filled - first
        row += 1
    ends = {"row_lower": row_lower, "row_upper": row_upper, "starts": np.cumsum(starts, dtype=np.int32)}
    return {**_columns(program), **ends, "indices": indices[:filled], "values": values[:filled]}


def _columns(program: HourlyProgram) -> dict[str, np.ndarray]:
    """Costs and bounds of all columns."""
    found = {}
    for name in ("cost", "lower", "upper", "is_integer"):
        every = [np.broadcast_to(getattr(column, name), program.steps) for column in program.columns]
        found[name] = np.concatenate([*every, getattr(program.globals, name)])
    return found


def _by_hand(rows: HourRows, columns: list[NDArray[np.int32]], first_global: int, steps: int) -> Rows:
    """Say a block of rows as the floor of the regional case does."""
    take = slice(None) if rows.steps is None else rows.steps
    terms = []
    for entry in rows.entries:
        factor = entry.coefficient[take] if isinstance(entry.coefficient, np.ndarray) else entry.coefficient
        if entry.step is None:
            terms.append((columns[entry.block][take], factor))
            continue
        before = entry.step[take]
        if before.min() < 0:
            factor = np.where(before < 0, 0.0, factor)
        terms.append((columns[entry.block][before], factor))
    for entry in rows.global_entries:
        column = entry.column[take] if isinstance(entry.column, np.ndarray) else entry.column
        factor = entry.coefficient[take] if isinstance(entry.coefficient, np.ndarray) else entry.coefficient
        terms.append((first_global + column, factor))
    lower, upper = (end[take] if isinstance(end, np.ndarray) else end for end in (rows.lower, rows.upper))
    return Rows("", terms, lower, upper, steps if rows.steps is None else len(rows.steps))
