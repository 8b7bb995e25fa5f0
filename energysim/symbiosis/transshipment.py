"""Who can heat whom at least cost: the expanded transshipment, in which some pairs may be forbidden."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from energysim.errors import SolverError
from energysim.symbiosis.pinch import SAME, Stream, edges_of
from solvers.answer import Status
from solvers.highs import solve
from solvers.linear import LinearProgram
from solvers.triplets import Triplets

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Matches:
    """A plan of exchanges with the least heat from outside."""

    heating: float
    """[MW]"""
    cooling: float
    """[MW]"""
    exchanged: Floats
    """Heat from each hot to each cold stream. [MW] (hot, cold)"""
    hot: tuple[str, ...]
    cold: tuple[str, ...]


def match(streams: Sequence[Stream], forbidden: Collection[tuple[str, str]] = ()) -> Matches:
    r"""Find exchanges between hot and cold streams that need the least heat from outside.

    Heat of each hot stream :math:`i` falls through the temperature levels on its own,
    :math:`R_{ik} = R_{i,k-1} + q_{ik} - \sum_j Q_{ijk}`, and each cold stream :math:`j` is served in each level,
    :math:`\sum_i Q_{ijk} + U_{jk} = q_{jk}`; pairs that may not meet have no :math:`Q`. Heating :math:`U` comes from
    above all levels, what is left at the cold end is cooled away [1]_.

    Parameters
    ----------
    streams : sequence of Stream
        Hot and cold, with names of their own.
    forbidden : collection of (str, str)
        Names of hot and cold streams that may not exchange heat.

    Returns
    -------
    matches : Matches
        Without forbidden pairs heating and cooling are those of :func:`energysim.symbiosis.pinch.problem_table`.

    References
    ----------
    .. [1] S. A. Papoulias, I. E. Grossmann, A structural optimization approach in process synthesis II: heat recovery
       networks, Computers & Chemical Engineering 7, 1983.
    """
    hot = [stream for stream in streams if stream.gives and stream.heat > 0.0]
    cold = [stream for stream in streams if not stream.gives and stream.heat > 0.0]
    edges = edges_of([*hot, *cold])
    levels = max(2 * len(edges) - 1, 0)
    given = np.array([_by_level(stream, edges) for stream in hot]).reshape(len(hot), levels)
    taken = np.array([_by_level(stream, edges) for stream in cold]).reshape(len(cold), levels)
    allowed = np.array([[(h.name, c.name) not in forbidden for c in cold] for h in hot], bool)
    layout = _Layout.of(allowed.reshape(len(hot), len(cold)), taken)
    answer = solve(layout.program(given, taken))
    if answer.status is not Status.OPTIMAL:
        raise SolverError(f"The exchanges between {len(hot)} hot and {len(cold)} cold streams were not found.")
    exchanged = np.zeros((len(hot), len(cold)))
    np.add.at(exchanged, (layout.pairs[0], layout.pairs[1]), answer.columns[: len(layout.pairs[0])])
    heating = float(taken.sum() - exchanged.sum())
    cooling = float(given.sum() - exchanged.sum())
    return Matches(heating, cooling, exchanged, tuple(h.name for h in hot), tuple(c.name for c in cold))


@dataclass(frozen=True)
class _Layout:
    """Columns: exchanges of the pairs that meet, then what falls from each level, then heating by cold and level."""

    pairs: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
    """Hot, cold and level of each exchange."""
    levels: int
    shape: tuple[int, int]

    @classmethod
    def of(cls, allowed: NDArray[np.bool_], taken: Floats) -> "_Layout":
        hot, cold, level = np.nonzero(allowed[:, :, None] & (taken > 0.0)[None, :, :])
        return cls((hot, cold, level), taken.shape[1], (allowed.shape[0], allowed.shape[1]))

    def program(self, given: Floats, taken: Floats) -> LinearProgram:
        """Write the rows."""
        exchanges, falls = len(self.pairs[0]), self.shape[0] * self.levels
        wanted = np.argwhere(taken > 0.0)
        cost = np.r_[np.zeros(exchanges + falls), np.ones(len(wanted))]
        rows = Triplets(cost)
        by_hot = _grouped(self.pairs[0] * self.levels + self.pairs[2])
        by_cold = _grouped(self.pairs[1] * self.levels + self.pairs[2])
        for hot in range(self.shape[0]):
            for level in range(self.levels):
                falling = exchanges + hot * self.levels + level
                own = by_hot(hot * self.levels + level)
                above = [falling - 1] if level else []
                columns = np.r_[own, above, falling].astype(np.int64)
                values = np.r_[np.ones(len(own)), [-1.0] * len(above), 1.0]
                rows.add(columns, values, given[hot, level], given[hot, level])
        for number, (cold, level) in enumerate(wanted):
            own = by_cold(cold * self.levels + level)
            columns = np.r_[own, exchanges + falls + number].astype(np.int64)
            rows.add(columns, 1.0, taken[cold, level], taken[cold, level])
        return rows.program()


def _grouped(keys: NDArray[np.int64]) -> Callable[[int], NDArray[np.int64]]:
    """Look up the positions of a key."""
    order = np.argsort(keys, kind="stable")
    ranked = keys[order]

    def positions(key: int) -> NDArray[np.int64]:
        first, last = np.searchsorted(ranked, [key, key + 1])
        return order[first:last]

    return positions


def _by_level(stream: Stream, edges: Floats) -> Floats:
    """Share a stream out: a level for each edge itself, where streams of one temperature are, and one between each.

    Returns
    -------
    heat : ndarray (level,)
        [MW]
    """
    hot, cold = stream.shifted
    heat = np.zeros(2 * len(edges) - 1)
    if hot - cold > SAME:
        shared = np.maximum(np.minimum(hot, edges[:-1]) - np.maximum(cold, edges[1:]), 0.0)
        heat[1::2] = stream.heat * shared / (hot - cold)
    else:
        heat[2 * int(np.argmin(np.abs(edges - hot)))] = stream.heat
    return heat
