"""Cooperation games: what each player may fairly ask of what all gain together.

A game of ``n`` players is an array of ``2**n`` values: the value of a coalition stands at the number whose binary
digits name its members, player 0 the lowest digit; the empty one at 0.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from energysim.errors import SolverError
from solvers.answer import Status
from solvers.highs import solve
from solvers.triplets import Triplets

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EXACT = 8
"""Most players for which every coalition is looked at."""
SMALL = 1e-9
"""What counts as nothing, over the largest value."""


@dataclass(frozen=True)
class LeastCore:
    """The smallest allowance with which no coalition wants to leave."""

    epsilon: float
    """Not above zero where the core is not empty: what every coalition gets at least beyond its own value."""
    shares: Floats
    """One such division. (player,)"""


@dataclass(frozen=True)
class Sampled:
    """An estimate with its uncertainty."""

    shares: Floats
    """(player,)"""
    error: Floats
    """Standard error of each. (player,)"""
    orders: int
    """Orders of arrival drawn."""


def player_count(values: Floats) -> int:
    """Number of players of a game; refuses arrays that are none."""
    count = len(values).bit_length() - 1
    if len(values) != 1 << count or count < 1:
        raise ValueError(f"{len(values)} values are no game: n players have 2**n coalitions.")
    if values[0] != 0.0:
        raise ValueError("the coalition without members must be worth nothing.")
    return count


def members(count: int) -> NDArray[np.bool_]:
    """Who belongs to each coalition. (coalition, player)"""
    return (np.arange(1 << count)[:, None] >> np.arange(count)) & 1 == 1


def shapley(values: Floats) -> Floats:
    r"""Give every player its mean contribution over all orders of arrival.

    .. math:: \phi_i = \sum_{S \not\ni i} \frac{|S|!\,(n - |S| - 1)!}{n!}\,\bigl(v(S \cup i) - v(S)\bigr)

    Parameters
    ----------
    values : ndarray (coalition,)
        The game [1]_.

    Returns
    -------
    shares : ndarray (player,)
        Adding up to the value of all.

    References
    ----------
    .. [1] L. S. Shapley, A value for n-person games, Contributions to the Theory of Games II, Princeton, 1953.

    Examples
    --------
    A left glove and two right ones:

    >>> shapley(np.array([0, 0, 0, 1, 0, 1, 0, 1.0])).round(4).tolist()
    [0.6667, 0.1667, 0.1667]
    """
    count = player_count(values)
    belongs = members(count)
    size = belongs.sum(axis=1)
    weight = np.array([math.factorial(s) * math.factorial(count - s - 1) for s in range(count)]) / math.factorial(count)
    shares = np.zeros(count)
    for player in range(count):
        outside = np.flatnonzero(~belongs[:, player])
        gained = values[outside | (1 << player)] - values[outside]
        shares[player] = weight[size[outside]] @ gained
    return shares


def drawn_orders(count: int, orders: int, seed: int) -> Ints:
    """Draw orders of arrival, each with its reverse. (order, player)"""
    generator = np.random.default_rng(seed)
    half = np.array([generator.permutation(count) for _ in range((orders + 1) // 2)])
    return np.stack([half, half[:, ::-1]], axis=1).reshape(-1, count)


def coalitions_of(orders: Ints) -> list[int]:
    """Coalitions met on the way of some orders of arrival, without the empty one."""
    return sorted({int(one) for one in np.cumsum(1 << orders, axis=1).ravel()})


def sampled_shapley(value: Callable[[int], float], orders: Ints) -> Sampled:
    """Estimate Shapley's shares from some orders of arrival.

    Parameters
    ----------
    value : callable
        Value of a coalition by its number.
    orders : ndarray (order, player)
        From :func:`drawn_orders`; pairs of an order and its reverse count as one draw for the error [1]_.

    References
    ----------
    .. [1] R. Y. Rubinstein, D. P. Kroese, Simulation and the Monte Carlo Method, 3rd ed., Wiley, 2016, ch. 5.
    """
    gains = np.zeros(orders.shape)
    for number, order in enumerate(orders):
        before, coalition = 0.0, 0
        for player in order:
            coalition |= 1 << int(player)
            now = value(coalition)
            gains[number, player], before = now - before, now
    pairs = gains.reshape(-1, 2, orders.shape[1]).mean(axis=1)
    error = pairs.std(axis=0, ddof=1) / math.sqrt(len(pairs)) if len(pairs) > 1 else np.full(orders.shape[1], np.inf)
    return Sampled(pairs.mean(axis=0), error, len(orders))


def excess(values: Floats, shares: Floats) -> Floats:
    """What each coalition could do better alone than with its shares; zero for none and for all. (coalition,)"""
    found = values - members(player_count(values)) @ shares
    found[0] = found[-1] = 0.0
    return found


def is_in_core(values: Floats, shares: Floats, tolerance: float = 1e-7) -> bool:
    """Whether the shares add up to the value of all and no coalition does better alone; looks at every coalition."""
    size = max(1.0, float(np.abs(values).max()))
    adds_up = abs(float(shares.sum()) - values[-1]) <= tolerance * size
    return bool(adds_up and excess(values, shares).max() <= tolerance * size)


def least_core(values: Floats) -> LeastCore:
    r"""Find shares with the smallest :math:`\epsilon` such that :math:`x(S) \ge v(S) - \epsilon` for every coalition.

    The core is empty where it is above zero [1]_.

    References
    ----------
    .. [1] M. Maschler, B. Peleg, L. S. Shapley, Geometric properties of the kernel, nucleolus, and related solution
       concepts, Mathematics of Operations Research 4, 1979.
    """
    count = player_count(values)
    if count == 1:
        return LeastCore(0.0, values[-1:].copy())
    proper = np.arange(1, (1 << count) - 1)
    epsilon, shares, _ = _smallest_excess(values, proper, _Held(count, values[-1]))
    return LeastCore(epsilon, shares)


def nucleolus(values: Floats) -> Floats:
    """Find the shares that make the least content coalition as content as can be, then the next, and so on.

    Successive linear programs: each minimises the largest excess left, and holds the coalitions whose price shows
    that they stay at it in every optimum [1]_ [2]_. Where all can be given at least what they have alone, they are.

    Parameters
    ----------
    values : ndarray (coalition,)
        The game.

    Returns
    -------
    shares : ndarray (player,)

    References
    ----------
    .. [1] D. Schmeidler, The nucleolus of a characteristic function game, SIAM Journal on Applied Mathematics 17, 1969.
    .. [2] A. Kopelowitz, Computation of the kernels of simple games and the nucleolus of n-person games, 1967.

    Examples
    --------
    >>> (nucleolus(np.array([0, 0, 0, 1, 0, 1, 0, 1.0])).round(6) + 0.0).tolist()
    [1.0, 0.0, 0.0]
    """
    count = player_count(values)
    if count == 1:
        return values[-1:].copy()
    held = _Held(count, values[-1])
    left = np.arange(1, (1 << count) - 1)
    shares = np.zeros(count)
    while not held.is_complete:
        epsilon, shares, tight = _smallest_excess(values, left, held)
        for coalition in tight:
            held.hold(coalition, values[coalition] - epsilon)
        left = np.array([c for c in left.tolist() if not held.settles(c)], np.int64)
    return held.solution() if held.is_complete else shares


def veto_players(values: Floats) -> list[int]:
    """Players without whom no coalition is worth anything."""
    belongs = members(player_count(values))
    size = max(1.0, float(np.abs(values).max()))
    return [player for player in range(belongs.shape[1]) if np.abs(values[~belongs[:, player]]).max() <= SMALL * size]


class _Held:
    """Coalitions whose share is settled, with that of all."""

    def __init__(self, count: int, total: float) -> None:
        self.count = count
        self.rows, self.amounts = [np.ones(count)], [float(total)]

    @property
    def is_complete(self) -> bool:
        """Whether they leave no choice."""
        return len(self.rows) == self.count

    def settles(self, coalition: int) -> bool:
        """Whether the share of a coalition follows from those held."""
        rows = np.array([*self.rows, self.row(coalition)])
        return int(np.linalg.matrix_rank(rows)) == len(self.rows)

    def row(self, coalition: int) -> Floats:
        """Members as ones."""
        return ((int(coalition) >> np.arange(self.count)) & 1).astype(float)

    def hold(self, coalition: int, amount: float) -> None:
        """Settle a coalition's share, if it is not settled by others."""
        if not self.settles(coalition):
            self.rows.append(self.row(coalition))
            self.amounts.append(float(amount))

    def solution(self) -> Floats:
        """The only shares left."""
        return np.linalg.solve(np.array(self.rows), np.array(self.amounts))


def _smallest_excess(values: Floats, left: Ints, held: _Held) -> tuple[float, Floats, list[int]]:
    """Minimise the largest excess of the coalitions left; gives it, shares, and who stays at it in every optimum."""
    count = held.count
    alone = values[1 << np.arange(count)]
    size = max(1.0, float(np.abs(values).max()))
    can_have_alone = alone.sum() <= values[-1] + SMALL * size
    lower = np.r_[np.where(can_have_alone, alone / size, -np.inf), -np.inf]
    rows = Triplets(np.r_[np.zeros(count), 1.0], lower)
    everyone = np.arange(count)
    for row, amount in zip(held.rows, held.amounts, strict=True):
        # What was found by the programs before is right to their tolerance only.
        room = 0.0 if row.all() else 1e-10
        rows.add(everyone[row > 0.0], 1.0, amount / size - room, amount / size + room)
    for coalition in left:
        mine = everyone[held.row(coalition) > 0.0]
        rows.add(np.r_[mine, count], 1.0, values[coalition] / size, np.inf)
    answer = solve(rows.program())
    if answer.status is not Status.OPTIMAL:
        raise SolverError("The shares of the coalitions were not found; their values may hold something not finite.")
    prices = np.abs(answer.row_duals[len(held.rows) :])
    tight = [int(c) for c, price in zip(left, prices, strict=True) if price > 1e-7]
    return float(answer.columns[-1]) * size, answer.columns[:count] * size, tight


def named(coalition: int, players: Sequence[str]) -> list[str]:
    """Names of the members."""
    return [name for number, name in enumerate(players) if coalition >> number & 1]


def numbered(names: Iterable[str], players: Sequence[str]) -> int:
    """Number of the coalition of some players."""
    return sum(1 << players.index(name) for name in names)
