"""Pipe networks in steady state: flows by Newton's method on the loops, temperatures downstream; many cases at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from energysim.errors import SolverError
from energysim.hydraulics.friction import HOT, Water, colebrook, power_law

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_NO_FLOW = 1e-15
"""What enters where nothing does, so that water that stands has a temperature. [kg/s]"""


@dataclass(frozen=True)
class PipeNetwork:
    """Pipes between nodes."""

    start: Ints
    """Node where each pipe begins. (pipe,)"""
    end: Ints
    """Node where it ends. (pipe,)"""
    length: Floats
    """[m] (pipe,)"""
    inner: Floats
    """Inner diameter. [m] (pipe,)"""
    roughness: float = 1e-4
    """[m]"""
    water: Water = HOT
    has_power_law: bool = False
    """Whether friction follows a power law instead of Colebrook's equation."""

    @cached_property
    def nodes(self) -> int:
        """Number of nodes."""
        return int(max(self.start.max(), self.end.max())) + 1


@dataclass(frozen=True)
class _Tree:
    """A tree that reaches every node from a root, and the loops that the other pipes close."""

    reached: list[tuple[int, int, int, float]]
    """Node, the one before it, the pipe between them, and 1 where the pipe leads away from the root, else -1."""
    loops: Floats
    """Direction in which each loop runs through each pipe, 0 where it does not. (loop, pipe)"""

    def carrying(self, demand: Floats, pipes: int) -> Floats:
        """Give the flows that balance every node without a flow in the other pipes. (..., pipe)"""
        need, flow = demand.copy(), np.zeros((*demand.shape[:-1], pipes))
        for node, before, pipe, way in reversed(self.reached):
            flow[..., pipe] = way * need[..., node]
            need[..., before] += need[..., node]
        return flow

    def pressures(self, loss: Floats, nodes: int) -> Floats:
        """Follow the pressure from the root. (..., node)"""
        pressure = np.zeros((*loss.shape[:-1], nodes))
        for node, before, pipe, way in self.reached:
            pressure[..., node] = pressure[..., before] - way * loss[..., pipe]
        return pressure


@dataclass(frozen=True)
class SteadyFlow:
    """A solved network."""

    network: PipeNetwork
    tree: _Tree
    flow: Floats
    """Mass flow, from start to end of each pipe. [kg/s] (..., pipe)"""

    @cached_property
    def pressure(self) -> Floats:
        """Above that of the fixed node. [Pa] (..., node)"""
        loss, _ = pressure_loss(self.network, self.flow)
        return self.tree.pressures(loss, self.network.nodes)


def pressure_loss(network: PipeNetwork, flow: Floats) -> tuple[Floats, Floats]:
    """Give the pressure each pipe loses at a mass flow [kg/s], and its slope. [Pa], [Pa s/kg] (..., pipe)"""
    area = np.pi * network.inner**2 / 4.0
    size = np.maximum(np.abs(flow), 1e-6)
    reynolds = size * network.inner / (area * network.water.viscosity)
    if network.has_power_law:
        factor = power_law(reynolds, network.inner)
    else:
        factor = colebrook(reynolds, network.roughness / network.inner)
    scale = factor * network.length / (2.0 * network.inner * network.water.density * area**2)
    return scale * flow * np.abs(flow), 2.0 * scale * size


def solve_flow(network: PipeNetwork, demand: Floats, fixed: int = 0, tolerance: float = 1e-9) -> SteadyFlow:
    r"""Find the flows that balance every node and lose no pressure round any loop.

    A tree of the pipes carries what the nodes take; each pipe beyond it closes a loop :math:`l` round which
    :math:`q_l` runs besides. Newton's method finds the :math:`q` with :math:`B \Delta p(m + B^T q) = 0`, all loops at
    once [1]_.

    Parameters
    ----------
    network : PipeNetwork
        Trees and loops.
    demand : ndarray (..., node)
        Mass flow taken at each node, negative where it is fed; sums to zero. Cases are solved together. [kg/s]
    fixed : int
        Node whose pressure is zero.
    tolerance : float
        Largest imbalance over the largest flow.

    Returns
    -------
    solved : SteadyFlow

    Raises
    ------
    SolverError
        When fed and taken do not match, a node is not reached, or no flow is found.

    References
    ----------
    .. [1] R. Epp, A. G. Fowler, Efficient code for steady-state flows in networks, Journal of the Hydraulics Division
       (ASCE) 96, 1970.
    """
    scale = np.maximum(np.abs(demand).max(axis=-1, keepdims=True), 1e-9)
    unequal = demand.sum(axis=-1, keepdims=True)
    if (np.abs(unequal) > 1e-9 * scale).any():
        raise SolverError(f"The network is fed and drained unequally, by {float(np.abs(unequal).max()):g} kg/s.")
    tree = _tree(network, fixed)
    flow = tree.carrying(demand, len(network.start))
    if len(tree.loops):
        flow = _round_the_loops(network, tree.loops, flow, scale, tolerance)
    return SteadyFlow(network, tree, flow)


def _round_the_loops(network: PipeNetwork, loops: Floats, flow: Floats, scale: Floats, tolerance: float) -> Floats:
    """Let water run round the loops until it loses no pressure there."""
    # Resistances as if all pipes carried alike make a first guess in which no pipe stands.
    _, slope = pressure_loss(network, np.broadcast_to(0.1 * scale, flow.shape))
    loss = slope * flow
    for _ in range(100):
        try:
            change = -np.linalg.solve((slope[..., None, :] * loops) @ loops.T, (loss @ loops.T)[..., None])[..., 0]
        except np.linalg.LinAlgError:
            break
        if not np.isfinite(change).all():
            break
        flow = flow + change @ loops
        if (np.abs(change) <= tolerance * scale).all():
            return flow
        loss, slope = pressure_loss(network, flow)
    raise SolverError("No steady flow was found in the pipe network.")


def _tree(network: PipeNetwork, root: int) -> _Tree:
    """Reach every node from a root, pipe by pipe; what is left closes loops."""
    start, end = network.start.tolist(), network.end.tolist()
    meeting: dict[int, list[int]] = {}
    for pipe, ends in enumerate(zip(start, end, strict=True)):
        for node in ends:
            meeting.setdefault(node, []).append(pipe)
    reached: list[tuple[int, int, int, float]] = []
    above = {root: (root, -1, 0.0)}
    waiting = [root]
    for node in waiting:
        for pipe in meeting.get(node, []):
            beyond = end[pipe] if start[pipe] == node else start[pipe]
            if beyond not in above:
                above[beyond] = node, pipe, 1.0 if start[pipe] == node else -1.0
                reached.append((beyond, *above[beyond]))
                waiting.append(beyond)
    if len(above) < network.nodes:
        raise SolverError("Some nodes of the pipe network are not reached by any pipe.")
    closing = sorted(set(range(len(start))) - {pipe for _, pipe, _ in above.values()})
    loops = np.zeros((len(closing), len(start)))
    for loop, pipe in zip(loops, closing, strict=True):
        loop[pipe] = 1.0
        loop += _way_up(above, start[pipe], len(start)) - _way_up(above, end[pipe], len(start))
    return _Tree(reached, loops)


def _way_up(above: Mapping[int, tuple[int, int, float]], node: int, pipes: int) -> Floats:
    """Give the way from the root to a node as the direction in which it runs through each pipe. (pipe,)"""
    way = np.zeros(pipes)
    at, pipe, direction = above[node]
    while pipe >= 0:
        way[pipe] = direction
        at, pipe, direction = above[at]
    return way


def temperatures(
    network: PipeNetwork,
    flow: Floats,
    fed: Mapping[int, float | Floats],
    coefficient: Floats,
    ground: float | Floats,
    entering: Floats | None = None,
) -> tuple[Floats, Floats]:
    r"""Follow the water from where it is fed: it cools in each pipe, and mixes where pipes meet.

    :math:`T_{end} = T_g + (T_{start} - T_g) e^{-U L / (\dot m c)}`; a node has the mean of what enters it, by mass.
    Water runs from high to low pressure and so never in a ring: pipe after pipe downstream is exact.

    Parameters
    ----------
    network : PipeNetwork
        Trees and loops.
    flow : ndarray (..., pipe)
        Mass flows. Cases are followed together. [kg/s]
    fed : mapping
        Temperature of what enters from outside at some nodes, where it mixes with what arrives. [degC] (...)
    coefficient : ndarray (pipe,)
        Loss of each pipe. [W/(m K)]
    ground : float or ndarray (..., pipe)
        [degC]
    entering : ndarray (..., node)
        Mass flow that enters from outside; what leaves by pipes and does not arrive by them where absent. [kg/s]

    Returns
    -------
    node : ndarray (..., node)
        [degC]
    end : ndarray (..., pipe)
        Temperature with which the water leaves each pipe. [degC]
    """
    shape, nodes = flow.shape[:-1], network.nodes
    flow = flow.reshape(-1, flow.shape[-1]).T
    size = np.maximum(np.abs(flow), 1e-12)
    kept = np.exp(-(coefficient * network.length / network.water.heat_capacity)[:, None] / size)
    ground = np.broadcast_to(ground, (*shape, len(flow))).reshape(-1, len(flow)).T
    forward = flow >= 0.0
    if entering is None:
        gained = np.zeros((nodes, flow.shape[1]))
        np.add.at(gained, network.end, flow)
        np.add.at(gained, network.start, -flow)
        entering = np.maximum(-gained, 0.0)
    else:
        entering = entering.reshape(-1, nodes).T
    outside = np.repeat(ground.mean(axis=0, keepdims=True), nodes, axis=0)
    is_fed = np.zeros((nodes, 1))
    for node, temperature in fed.items():
        outside[node], is_fed[node] = np.ravel(temperature), 1.0
    mass = np.maximum(entering * is_fed, _NO_FLOW)
    found, leaving = np.empty_like(mass), np.empty_like(size)
    for way, cases in _alike(forward):
        water = _Water(mass[:, cases], (mass * outside)[:, cases], size[:, cases], kept[:, cases], ground[:, cases])
        found[:, cases], leaving[:, cases] = water.run(network, way)
    return found.T.reshape(*shape, nodes), leaving.T.reshape(*shape, -1)


def _alike(forward: NDArray[np.bool_]) -> Iterator[tuple[NDArray[np.bool_], Ints | slice]]:
    """Walk the ways in which water runs, each with its cases; in most networks it is one."""
    if (forward == forward[:, :1]).all():
        yield forward[:, 0], slice(None)
        return
    _, first, kind = np.unique(np.packbits(forward, axis=0), axis=1, return_index=True, return_inverse=True)
    for number, case in enumerate(first):
        yield forward[:, case], np.flatnonzero(kind == number)


@dataclass
class _Water:
    """Water on its way, in cases in which all pipes run alike; arrays (node or pipe, case)."""

    mass: Floats
    heat: Floats
    size: Floats
    kept: Floats
    ground: Floats

    def run(self, network: PipeNetwork, way: NDArray[np.bool_]) -> tuple[Floats, Floats]:
        """Walk the pipes downstream; gives the temperatures of nodes and with which the water leaves the pipes."""
        leaving = np.empty_like(self.size)
        for pipe, upper, lower in _downstream(network, way):
            above = self.heat[upper] / self.mass[upper]
            leaving[pipe] = self.ground[pipe] + (above - self.ground[pipe]) * self.kept[pipe]
            self.mass[lower] += self.size[pipe]
            self.heat[lower] += self.size[pipe] * leaving[pipe]
        return self.heat / self.mass, leaving


def _downstream(network: PipeNetwork, way: NDArray[np.bool_]) -> list[tuple[int, int, int]]:
    """Sort pipes so that all that lead to a node come before those that leave it: pipe, node above, node below."""
    upper = np.where(way, network.start, network.end).tolist()
    lower = np.where(way, network.end, network.start).tolist()
    missing = np.bincount(lower, minlength=network.nodes).tolist()
    leaving: list[list[int]] = [[] for _ in missing]
    for pipe, node in enumerate(upper):
        leaving[node].append(pipe)
    ready = [node for node, count in enumerate(missing) if not count]
    order = []
    for node in ready:
        for pipe in leaving[node]:
            order.append(pipe)
            missing[lower[pipe]] -= 1
            if not missing[lower[pipe]]:
                ready.append(lower[pipe])
    # Only water that stands could run in a ring: those pipes come last.
    rest = sorted(set(range(len(upper))) - set(order)) if len(order) < len(upper) else []
    return [(pipe, upper[pipe], lower[pipe]) for pipe in (*order, *rest)]
