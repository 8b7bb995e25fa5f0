"""The pipes of a district there and back: what the water loses, how cold it gets, and what the pumps overcome."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from energysim.errors import SolverError
from energysim.hydraulics.friction import pump_power
from energysim.hydraulics.network import PipeNetwork, SteadyFlow, solve_flow, temperatures

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_SHARES, LEAST_SHARE = 24, 1e-3
"""Shares of the load whose flow is solved; below the least the water stands, where no bypass keeps it warm."""
_TEMPERATURES = 12
"""Supply temperatures at which it is solved where bypasses let the flow depend on them."""
_MOST_STEPS = 1000
"""Steps until the flow through the bypasses is found."""


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
    """The water of a district in steady state, in several cases."""

    flow: Floats
    """Mass flow of the supply, from start to end of each pipe. [kg/s] (case, pipe)"""
    supply: Floats
    """[degC] (case, node)"""
    returned: Floats
    """[degC] (case, node)"""
    pressure: Floats
    """Pressure lost from the plant to each node. [Pa] (case, node)"""
    there: Floats
    """Heat lost by the supply pipes. [MW] (case,)"""
    back: Floats
    """Heat lost by the return pipes. [MW] (case,)"""
    velocity: Floats
    """[m/s] (case, pipe)"""
    pumping: Floats
    """Power of a perfect pump at the plant. [MW] (case,)"""
    running: Floats
    """Water of each user, what runs past included. [kg/s] (case, user)"""

    @property
    def drop(self) -> Floats:
        """Largest pressure lost on the way to a node and back. [Pa] (case,)"""
        return 2.0 * self.pressure.max(axis=-1)


@dataclass(frozen=True)
class Followed:
    """A district in every step."""

    there: Floats
    """Loss of the supply pipes. [MW] (step,)"""
    back: Floats
    """Loss of the return pipes. [MW] (step,)"""
    pumping: Floats
    """Power of a perfect pump. [MW] (step,)"""
    flow: Floats
    """Water at the plant. [kg/s] (step,)"""


@dataclass(frozen=True)
class Taken:
    """What the users of a district ask for."""

    load: Floats
    """Heat. [MW] (user,)"""
    cooling: Floats
    """Kelvin by which they cool the water. (user,)"""
    bypass: Floats
    """Temperature kept at them by water that runs past; minus infinity without a bypass. [degC] (user,)"""

    @property
    def has_bypass(self) -> bool:
        """Whether any water runs past a user."""
        return bool(np.isfinite(self.bypass).any())


def circulate(mains: Mains, taken: Taken, share: Floats, supply: Floats) -> Circulation:
    r"""Follow the water of a district to its users and back.

    Each user takes :math:`\dot m = Q / (c\,\Delta T)`; water divides so that no pressure is lost round a loop, mixes by
    mass where pipes meet and cools by :math:`T_{end} = T_g' + (T_{start} - T_g') e^{-U_1 L / (\dot m c)}` in each pipe.
    The pipe beside it warms the ground it sees to :math:`T_g' = T_g + (U_2 / U_1)(T_{beside} - T_g)`, with the
    temperature at the plant for that of the pipe beside [1]_. Where water would reach a user colder than its bypass
    allows, a thermostatic valve lets just so much more run past and return uncooled that it does not [2]_.

    Parameters
    ----------
    mains : Mains
        Pipes.
    taken : Taken
        What users ask for at a share of 1.
    share : ndarray (case,)
        Share of the load.
    supply : ndarray (case,)
        Temperature at the plant, above every bypass. [degC]

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
    .. [2] M. Brand, Heating and domestic hot water systems in buildings supplied by low-temperature district heating,
       report R-296, Technical University of Denmark, 2013.
    """
    network, heat_capacity = mains.network, mains.network.water.heat_capacity
    used = share[:, None] * taken.load * 1e6 / (heat_capacity * taken.cooling)
    solved, there, at_end, running = _there(mains, taken, used, supply)
    back = _at_users(mains, running)
    left = _at_users(mains, used * taken.cooling) / np.maximum(back, 1e-12)
    cooled = {int(node): there[:, node] - left[:, node] for node in np.unique(mains.users)}
    returned, at_start = temperatures(network, -solved.flow, cooled, mains.own, _seen(mains, supply), back)
    forward = solved.flow >= 0.0
    upper, lower = np.where(forward, network.start, network.end), np.where(forward, network.end, network.start)
    capacity_flow = np.abs(solved.flow) * heat_capacity * 1e-6
    return Circulation(
        flow=solved.flow,
        supply=there,
        returned=returned,
        pressure=-solved.pressure,
        there=(capacity_flow * (np.take_along_axis(there, upper, 1) - at_end)).sum(axis=1),
        back=(capacity_flow * (np.take_along_axis(returned, lower, 1) - at_start)).sum(axis=1),
        velocity=np.abs(solved.flow) / (network.water.density * np.pi * network.inner**2 / 4.0),
        pumping=pump_power(-2.0 * solved.pressure.min(axis=1), running.sum(axis=1), 1.0, network.water),
        running=running,
    )


def _there(mains: Mains, taken: Taken, used: Floats, supply: Floats) -> tuple[SteadyFlow, Floats, Floats, Floats]:
    r"""Follow the water to the users; gives flows, temperatures of nodes and at pipes' ends, and the users' flows.

    Of one pipe :math:`\ln((T_s - T_g) / (T_{end} - T_g)) = U L / (\dot m c)`, so that the flow that keeps a temperature
    is the flow times what this is over what it may be; with several pipes on the way, taken again and again.
    """
    least = np.where(np.isfinite(taken.bypass), taken.bypass, -np.inf)
    allowed = np.log((supply[:, None] - mains.ground) / np.maximum(least - mains.ground, 1e-9))
    every_pipe = float(mains.own @ mains.network.length) / mains.network.water.heat_capacity
    running = np.where(np.isfinite(least), np.maximum(used, every_pipe / allowed), used)
    for _ in range(_MOST_STEPS):
        fed = np.zeros((len(running), mains.network.nodes))
        fed[:, mains.plant] = running.sum(axis=1)
        demand = _at_users(mains, running) - fed
        solved = solve_flow(mains.network, demand, mains.plant)
        back = supply - (used @ taken.cooling) / np.maximum(running.sum(axis=1), 1e-12)
        seen = _seen(mains, back)
        there, at_end = temperatures(mains.network, solved.flow, {mains.plant: supply}, mains.own, seen, fed)
        if not taken.has_bypass:
            break
        above = np.maximum(there[:, mains.users] - mains.ground, 1e-9)
        cooled = np.log((supply[:, None] - mains.ground) / above)
        wanted = np.where(np.isfinite(least), np.maximum(used, running * cooled / allowed), used)
        if (np.abs(wanted - running) <= 1e-7 * running.max(axis=1, keepdims=True)).all():
            break
        running = wanted
    else:
        raise SolverError("No steady flow was found through the bypasses.")
    return solved, there, at_end, running


def _at_users(mains: Mains, amount: Floats) -> Floats:
    """Add up what belongs to the users of each node. (case, node)"""
    found = np.zeros((mains.network.nodes, len(amount)))
    np.add.at(found, mains.users, amount.T)
    return found.T


def _seen(mains: Mains, beside: Floats) -> Floats:
    """Ground that each pipe sees beside one of another temperature. [degC] (case, pipe)"""
    return mains.ground + (mains.mutual / mains.own) * (beside[:, None] - mains.ground)


def follow(
    solved: Callable[[Floats, Floats], Circulation], share: Floats, supply: Floats, has_bypass: bool = False
) -> Followed:
    """Follow the water in every step: exactly at some shares of the load, on lines between them.

    Flows depend on the share alone, and with given flows the loss is a straight line in the supply temperature; where
    bypasses let them depend on the supply too, on lines between a few temperatures.

    Parameters
    ----------
    solved : callable
        Gives the circulations at shares and supply temperatures [degC], each (case,).
    share, supply : ndarray (step,)
        Of every step.
    has_bypass : bool
        Whether water runs however small the share is.

    Returns
    -------
    followed : Followed
    """
    runs = np.full(len(share), has_bypass) | (share > LEAST_SHARE)
    shares = np.unique(share[runs])
    if not len(shares):
        return Followed(*(np.zeros(len(share)) for _ in range(4)))
    if len(shares) > MOST_SHARES:
        # Bypasses open at small shares, where lines between shares have to be short.
        part = np.linspace(0.0, 1.0, MOST_SHARES) ** (2 if has_bypass else 1)
        shares = shares[0] + (shares[-1] - shares[0]) * part
    low, high = float(supply.min()), float(supply.max())
    heats = np.linspace(low, high, (_TEMPERATURES if has_bypass else 2) if high > low else 1)
    every = solved(np.tile(shares, len(heats)), np.repeat(heats, len(shares)))
    at = np.interp(supply, heats, np.arange(len(heats)))
    below = np.minimum(at.astype(int), max(len(heats) - 2, 0))
    found = []
    for figures in (every.there, every.back, every.pumping, every.running.sum(axis=1)):
        lines = np.array([np.interp(share, shares, line) for line in figures.reshape(len(heats), -1)])
        first = np.take_along_axis(lines, below[None], 0)[0]
        second = np.take_along_axis(lines, np.minimum(below + 1, len(heats) - 1)[None], 0)[0]
        found.append(np.where(runs, first + (at - below) * (second - first), 0.0))
    return Followed(*found)
