"""The pipes of a district there and back: what the water loses, how cold it gets, and what the pumps overcome."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from energysim.hydraulics.friction import pump_power
from energysim.hydraulics.network import PipeNetwork, solve_flow, temperatures

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_SHARES, LEAST_SHARE = 24, 1e-3
"""Shares of the load whose flow is solved; below the least the water stands."""


@dataclass(frozen=True)
class Mains:
    """Pipes from a plant to its users, with the same pipes back."""

    network: PipeNetwork
    own: Floats
    """Loss of each pipe to the ground. [W/(m K)] (pipe,)"""
    mutual: Floats
    """Loss to it from the pipe beside it. [W/(m K)] (pipe,)"""
    plant: int
    """Node that is fed."""
    users: Ints
    """Node of each user. (user,)"""
    ground: float
    """[degC]"""


@dataclass(frozen=True)
class Circulation:
    """The water of a district in steady state."""

    flow: Floats
    """Mass flow of the supply, from start to end of each pipe. [kg/s] (pipe,)"""
    supply: Floats
    """[degC] (node,)"""
    returned: Floats
    """[degC] (node,)"""
    pressure: Floats
    """Pressure lost from the plant to each node. [Pa] (node,)"""
    lost: tuple[float, float]
    """Heat lost there and back. [MW]"""
    velocity: Floats
    """[m/s] (pipe,)"""
    pumping: float
    """Power of a perfect pump at the plant. [MW]"""

    @property
    def drop(self) -> float:
        """Largest pressure lost on the way to a node and back. [Pa]"""
        return 2.0 * float(self.pressure.max())


@dataclass(frozen=True)
class Followed:
    """A district in every step. [MW] (step,)"""

    there: Floats
    """Loss of the supply pipes."""
    back: Floats
    """Loss of the return pipes."""
    pumping: Floats
    """Power of a perfect pump."""


def circulate(mains: Mains, load: Floats, cooling: Floats, supply: float) -> Circulation:
    r"""Follow the water of a district to its users and back.

    Each user takes :math:`\dot m = Q / (c\,\Delta T)`; water divides so that no pressure is lost round a loop, mixes by
    mass where pipes meet and cools by :math:`T_{end} = T_g' + (T_{start} - T_g') e^{-U_1 L / (\dot m c)}` in each pipe.
    The pipe beside it warms the ground it sees to :math:`T_g' = T_g + (U_2 / U_1)(T_{beside} - T_g)`, with the
    temperature at the plant for that of the pipe beside [1]_.

    Parameters
    ----------
    mains : Mains
        Pipes.
    load, cooling : ndarray (user,)
        Heat taken [MW] and kelvin by which it cools the water.
    supply : float
        Temperature at the plant. [degC]

    Returns
    -------
    circulation : Circulation

    Raises
    ------
    SolverError
        When no steady flow is found.

    References
    ----------
    .. [1] P. Wallentén, Steady-state heat loss from insulated pipes, Lund Institute of Technology, 1991.
    """
    network, heat_capacity = mains.network, mains.network.water.heat_capacity
    taken = load * 1e6 / (heat_capacity * cooling)
    demand: Floats = np.bincount(mains.users, weights=taken, minlength=network.nodes).astype(float)
    demand[mains.plant] -= taken.sum()
    solved = solve_flow(network, demand, mains.plant)
    share = mains.mutual / mains.own
    back = supply - float(taken @ cooling) / max(float(taken.sum()), 1e-12)
    seen = (mains.ground + share * (beside - mains.ground) for beside in (back, supply))
    there, at_end = temperatures(network, solved.flow, {mains.plant: supply}, mains.own, next(seen))
    cooled = {int(node): there[node] - _mean(cooling, taken, mains.users == node) for node in mains.users}
    returned, at_start = temperatures(network, -solved.flow, cooled, mains.own, next(seen))
    forward = solved.flow >= 0.0
    upper, lower = np.where(forward, network.start, network.end), np.where(forward, network.end, network.start)
    capacity_flow = np.abs(solved.flow) * heat_capacity * 1e-6
    lost = float(capacity_flow @ (there[upper] - at_end)), float(capacity_flow @ (returned[lower] - at_start))
    velocity = np.abs(solved.flow) / (network.water.density * np.pi * network.inner**2 / 4.0)
    pumping = pump_power(2.0 * float(-solved.pressure.min()), float(taken.sum()), 1.0, network.water)
    return Circulation(solved.flow, there, returned, -solved.pressure, lost, velocity, pumping)


def follow(solved: Callable[[float, float], Circulation], share: Floats, supply: Floats) -> Followed:
    """Follow the water in every step: exactly at some shares of the load, on lines between them.

    Flows depend on the share alone, and with given flows the loss is a straight line in the supply temperature.

    Parameters
    ----------
    solved : callable
        Gives the circulation at a share and a supply temperature [degC].
    share, supply : ndarray (step,)
        Of every step.

    Returns
    -------
    followed : Followed
    """
    runs = share > LEAST_SHARE
    shares = np.unique(share[runs])
    if not len(shares):
        return Followed(*(np.zeros(len(share)) for _ in range(3)))
    if len(shares) > MOST_SHARES:
        shares = np.linspace(shares[0], shares[-1], MOST_SHARES)
    low, high = float(supply.min()), float(supply.max()) + 1.0
    part = (supply - low) / (high - low)
    ends = []
    for temperature in (low, high):
        every = [solved(float(one), temperature) for one in shares]
        figures = np.array([(*one.lost, one.pumping) for one in every])
        ends.append([np.interp(share, shares, column) for column in figures.T])
    return Followed(*(np.where(runs, (1.0 - part) * a + part * b, 0.0) for a, b in zip(*ends, strict=True)))


def _mean(values: Floats, weights: Floats, own: NDArray[np.bool_]) -> float:
    """Mean of some values by weight."""
    total = float(weights[own].sum())
    return float(values[own] @ weights[own]) / total if total else float(values[own].mean())
