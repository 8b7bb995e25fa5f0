"""Pipe networks in steady state: flows by Newton's method, temperatures downstream."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import bmat, csc_matrix, csr_matrix, diags
from scipy.sparse.linalg import MatrixRankWarning, spsolve

from energysim.errors import SolverError
from energysim.hydraulics.friction import HOT, Water, colebrook, power_law

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


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

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return int(max(self.start.max(), self.end.max())) + 1

    def incidence(self) -> csr_matrix:
        """What each node gains from each pipe: +1 where it ends, -1 where it begins. (node, pipe)"""
        count = len(self.start)
        pipe = np.arange(count)
        rows, columns = np.concatenate([self.end, self.start]), np.concatenate([pipe, pipe])
        values = np.concatenate([np.ones(count), -np.ones(count)])
        return csr_matrix((values, (rows, columns)), shape=(self.nodes, count))


@dataclass(frozen=True)
class SteadyFlow:
    """A solved network."""

    flow: Floats
    """Mass flow, from start to end of each pipe. [kg/s] (pipe,)"""
    pressure: Floats
    """Above that of the fixed node. [Pa] (node,)"""


def pressure_loss(network: PipeNetwork, flow: Floats) -> tuple[Floats, Floats]:
    """Give the pressure each pipe loses at a mass flow [kg/s], and its slope. [Pa], [Pa s/kg] (pipe,)"""
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

    Newton's method on :math:`A m = d` and :math:`A^T p + \Delta p(m) = 0` [1]_.

    Parameters
    ----------
    network : PipeNetwork
        Trees and loops.
    demand : ndarray (node,)
        Mass flow taken at each node, negative where it is fed; sums to zero. [kg/s]
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
        When fed and taken do not match, or no flow is found.

    References
    ----------
    .. [1] E. Todini, S. Pilati, A gradient algorithm for the analysis of pipe networks, in Computer Applications in
       Water Supply, 1988.
    """
    scale = max(float(np.abs(demand).max()), 1e-9)
    if abs(float(demand.sum())) > 1e-9 * scale:
        raise SolverError(f"The network is fed and drained unequally, by {float(demand.sum()):g} kg/s.")
    gains = network.incidence()
    kept = np.delete(np.arange(network.nodes), fixed)
    reduced = gains[kept]
    flow = np.full(len(network.start), 0.1 * scale)
    for _ in range(100):
        if not np.isfinite(flow).all():
            raise SolverError("No steady flow was found in the pipe network.")
        loss, slope = pressure_loss(network, flow)
        matrix = bmat([[diags(slope), reduced.T], [reduced, None]], format="csc")
        wanted = np.concatenate([slope * flow - loss, demand[kept]])
        solution = _solved(matrix, wanted)
        change = solution[: len(flow)] - flow
        flow = flow + change
        if np.abs(change).max() <= tolerance * scale:
            break
    else:
        raise SolverError("No steady flow was found in the pipe network.")
    loss, _ = pressure_loss(network, flow)
    pressure = np.zeros(network.nodes)
    pressure[kept] = spsolve((reduced @ reduced.T).tocsc(), reduced @ -loss)
    return SteadyFlow(flow, pressure)


def temperatures(
    network: PipeNetwork, flow: Floats, fed: Mapping[int, float], coefficient: Floats, ground: float | Floats
) -> tuple[Floats, Floats]:
    r"""Follow the water from where it is fed: it cools in each pipe, and mixes where pipes meet.

    :math:`T_{end} = T_g + (T_{start} - T_g) e^{-U L / (\dot m c)}`; a node has the mean of what enters it, by mass.

    Parameters
    ----------
    network : PipeNetwork
        Trees and loops.
    flow : ndarray (pipe,)
        Mass flows. [kg/s]
    fed : mapping
        Temperature of what enters from outside at some nodes, where it mixes with what arrives. [degC]
    coefficient : ndarray (pipe,)
        Loss of each pipe. [W/(m K)]
    ground : float or ndarray (pipe,)
        [degC]

    Returns
    -------
    node : ndarray (node,)
        [degC]
    end : ndarray (pipe,)
        Temperature with which the water leaves each pipe. [degC]
    """
    forward = flow >= 0.0
    upper, lower = np.where(forward, network.start, network.end), np.where(forward, network.end, network.start)
    size = np.maximum(np.abs(flow), 1e-12)
    kept = np.exp(-coefficient * network.length / (size * network.water.heat_capacity))
    pipe = np.arange(len(size))
    entering = csr_matrix((size, (lower, pipe)), shape=(network.nodes, len(size)))
    total = np.asarray(entering.sum(axis=1)).ravel()
    added = np.maximum(np.bincount(upper, weights=size, minlength=network.nodes) - total, 0.0)
    carried = csr_matrix((size * kept, (lower, upper)), shape=(network.nodes, network.nodes))
    right = np.asarray(entering @ ((1.0 - kept) * ground))
    for node, temperature in fed.items():
        total[node] += added[node]
        right[node] += added[node] * temperature
    still = total == 0.0
    total[still] = 1.0
    right[still] = [fed.get(int(node), float(np.mean(ground))) for node in np.flatnonzero(still)]
    found = _solved((diags(total) - carried).tocsc(), right)
    return found, ground + (found[upper] - ground) * kept


def _solved(matrix: csc_matrix, right: Floats) -> Floats:
    """Solve equations; where they have no answer it is no number, which those who asked tell in their words."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MatrixRankWarning)
        return np.asarray(spsolve(matrix, right), float)
