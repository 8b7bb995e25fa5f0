"""Temperature levels: where heat enters and leaves a network, hour by hour.

All temperatures of an hour are sorted; between neighbours lies an interval, and the intervals are numbered from the
hottest down. A port's heat is shared out over them, and what an interval has left falls to the next one below
[1]_ [2]_. Level 2 is always the second-hottest interval, though its temperatures slide with the supply curve; so the
hours share one pattern and only the shares are series.

References
----------
.. [1] S. A. Papoulias, I. E. Grossmann, A structural optimization approach in process synthesis II: heat recovery
   networks, Computers & Chemical Engineering 7, 1983.
.. [2] I. C. Kemp, Pinch Analysis and Process Integration, 2nd ed., Butterworth-Heinemann, 2007, ch. 3.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SAME = 1e-6
"""Temperatures closer than this are one. [K]"""

Shares = Mapping[int, Floats]
"""Share of a port's heat in each level it has any in. (step,)"""


@dataclass(frozen=True)
class Stretch:
    """Temperatures of one port in the network's own water."""

    hot: Floats
    """[degC] (step,)"""
    cold: Floats
    """[degC] (step,)"""
    gives: bool
    """Whether heat enters the network here."""

    @cached_property
    def same(self) -> tuple[object, ...]:
        """Equal for stretches over the same numbers in memory: most plants give at the supply of their network."""
        ends = (self.hot, self.cold)
        return (self.gives, *((end.__array_interface__["data"][0], end.strides) for end in ends))

    @property
    def is_point(self) -> bool:
        """Whether the heat has one temperature in every hour."""
        return bool(np.array_equal(self.hot, self.cold))


@dataclass(frozen=True)
class Levels:
    """Intervals of temperature from the hottest down, and each port's share in them."""

    top: Floats
    """[degC] (level, step)"""
    bottom: Floats
    """[degC] (level, step)"""
    shares: tuple[Shares, ...]
    """One per stretch."""

    @property
    def count(self) -> int:
        """Number of levels."""
        return len(self.top)


@dataclass(frozen=True)
class _Edges:
    """Temperatures at which levels meet, the hottest first, with the range of each over the steps."""

    values: Floats
    """[degC] (edge, step)"""
    low: list[float]
    high: list[float]

    def levels_within(self, hottest: float, coldest: float) -> Iterator[tuple[int, Floats, Floats]]:
        """Walk the levels that a range may touch, each with its top and bottom."""
        for level in range(len(self.values) - 1):
            if self.low[level + 1] <= hottest and self.high[level] >= coldest:
                yield level, self.values[level], self.values[level + 1]


def lay_levels(stretches: Sequence[Stretch]) -> Levels:
    """Cut a network's temperatures into levels.

    Parameters
    ----------
    stretches : sequence of Stretch
        Where each port gives or takes; at least one takes.

    Returns
    -------
    levels : Levels
        As few as describe the cascade exactly: an interval from which nothing is ever taken is one with the next
        below, an interval into which nothing is ever given is one with the next above. Shares of ports that give add
        up to less than one where part of the heat is too cold for every port that takes.
    """
    edges = _edges(stretches)
    alike = {stretch.same: stretch for stretch in stretches}
    shares = {same: _given(one, edges) if one.gives else _taken(one, edges) for same, one in alike.items()}
    groups = _merge(alike, shares, len(edges.values) - 1)
    joined = {same: _joined(share, groups) for same, share in shares.items()}
    top = edges.values[[group[0] for group in groups]]
    bottom = edges.values[[group[-1] + 1 for group in groups]]
    return Levels(top, bottom, tuple(joined[stretch.same] for stretch in stretches))


def _joined(share: Shares, groups: Sequence[Sequence[int]]) -> Shares:
    """Add up neighbouring levels."""
    joined: dict[int, Floats] = {}
    for number, group in enumerate(groups):
        for level in group:
            if level in share:
                joined[number] = joined[number] + share[level] if number in joined else share[level]
    return joined


def _edges(stretches: Sequence[Stretch]) -> _Edges:
    """Sort the temperatures that occur, within the range in which heat is taken."""
    takes = [stretch for stretch in stretches if not stretch.gives]
    gives = [stretch for stretch in stretches if stretch.gives]
    finite = [s.cold for s in (*takes, *gives) if np.isfinite(s.cold).all()] or [np.zeros_like(stretches[0].hot)]
    coldest = np.min(finite, axis=0)
    ends: list[Floats] = []
    for hot, cold in ((_finite(s.hot, coldest), _finite(s.cold, coldest)) for s in takes):
        _note(ends, hot)
        # Heat taken at one temperature leaves a level of no width, which needs two edges.
        _note(ends, cold, times=2 if _are_same(hot, cold) else 1)
    high, low = np.max(ends, axis=0), np.min(ends, axis=0)
    for stretch in gives:
        for end in (stretch.hot,) if stretch.is_point else (stretch.hot, stretch.cold):
            _note(ends, np.clip(end, low, high))
    return _sorted(ends)


def _finite(end: Floats, coldest: Floats) -> Floats:
    return end if np.isfinite(end).all() else np.where(np.isfinite(end), end, coldest)


def _note(ends: list[Floats], end: Floats, times: int = 1) -> None:
    """Add a temperature to those known, unless it is among them often enough."""
    known = sum(_are_same(end, other) for other in ends)
    ends += [end] * (times - known)


def _sorted(ends: Sequence[Floats]) -> _Edges:
    """Sort series in every step, the hottest first; neighbours that are always in order are not compared."""
    edges = np.array(sorted(ends, key=lambda end: -float(end[0])))
    low, high = edges.min(axis=1).tolist(), edges.max(axis=1).tolist()
    for last in range(len(edges) - 1, 0, -1):
        for first in range(last):
            second = first + 1
            if low[first] >= high[second]:
                continue
            hotter = np.maximum(edges[first], edges[second])
            np.minimum(edges[first], edges[second], out=edges[second])
            edges[first] = hotter
            low[first], low[second] = max(low[first], low[second]), min(low[first], low[second])
            high[first], high[second] = max(high[first], high[second]), min(high[first], high[second])
    return _Edges(edges, low, high)


def _are_same(first: Floats, second: Floats) -> bool:
    """Whether two series are one; most that differ do so in the first step."""
    return bool(abs(first[0] - second[0]) <= SAME and np.abs(first - second).max() <= SAME)


def _given(stretch: Stretch, edges: _Edges) -> Shares:
    """Share out heat given: a point enters the highest level not above it, the part above all levels the first."""
    width = stretch.hot - stretch.cold
    is_point = width <= SAME
    if is_point.all():
        return _point_given(stretch.hot, edges)
    shared = _overlap(stretch.hot, stretch.cold, edges)
    top = edges.values[0]
    beyond = np.maximum(stretch.hot - np.maximum(stretch.cold, top), 0.0)
    if beyond.any():
        shared[0] = shared[0] + beyond if 0 in shared else beyond
    return _for_each_kelvin(shared, width, is_point, lambda: _point_given(stretch.hot, edges))


def _point_given(hot: Floats, edges: _Edges) -> dict[int, Floats]:
    reach = hot + SAME
    hottest, coldest = float(reach.max()), float(reach.min())
    found: dict[int, Floats] = {}
    is_placed = np.zeros(len(hot), bool)
    for level, top in enumerate(edges.values[:-1]):
        if edges.low[level] > hottest:
            continue
        reaches = top <= reach
        enters = reaches > is_placed
        if enters.any():
            found[level] = enters.astype(float)
        if edges.high[level] <= coldest:
            break
        is_placed = reaches
    return found


def _overlap(hot: Floats, cold: Floats, edges: _Edges) -> dict[int, Floats]:
    """Kelvin of a span in each level it touches."""
    found = {}
    for level, top, bottom in edges.levels_within(float(hot.max()), float(cold.min())):
        shared: Floats = np.minimum(hot, top)
        shared -= np.maximum(cold, bottom)
        np.maximum(shared, 0.0, out=shared)
        if shared.any():
            found[level] = shared
    return found


def _taken(stretch: Stretch, edges: _Edges) -> Shares:
    """Share out heat taken: a point leaves the lowest level that lies wholly at or above it."""
    lowest = edges.values[-1]
    cold, hot = _finite(stretch.cold, lowest), _finite(stretch.hot, lowest)
    width = hot - cold
    is_point = width <= SAME
    if is_point.all():
        return _point_taken(cold, edges)
    return _for_each_kelvin(_overlap(hot, cold, edges), width, is_point, lambda: _point_taken(cold, edges))


def _point_taken(cold: Floats, edges: _Edges) -> dict[int, Floats]:
    limit = cold - SAME
    found: dict[int, Floats] = {}
    lies_above = np.ones(len(cold), bool)
    for level in range(len(edges.values) - 1):
        # Of the next level; below the last there is none.
        goes_on = edges.values[level + 2] >= limit if level + 2 < len(edges.values) else np.zeros(len(cold), bool)
        leaves = lies_above > goes_on
        if leaves.any():
            found[level] = leaves.astype(float)
        lies_above = goes_on
        if not goes_on.any():
            break
    return found


def _for_each_kelvin(
    shared: dict[int, Floats], width: Floats, is_point: NDArray[np.bool_], points: Callable[[], dict[int, Floats]]
) -> Shares:
    """Kelvin in each level to shares of the heat; in steps in which the span is a point, the shares of a point."""
    if not is_point.any():
        for kelvin in shared.values():
            kelvin /= width
        return shared
    safe, point = np.where(is_point, 1.0, width), points()
    return {
        level: np.where(is_point, point.get(level, 0.0), shared.get(level, 0.0) / safe)
        for level in sorted({*shared, *point})
    }


Alike = Mapping[tuple[object, ...], Stretch]


def _merge(alike: Alike, shares: Mapping[tuple[object, ...], Shares], count: int) -> list[list[int]]:
    """Join levels that the cascade need not tell apart; see :func:`lay_levels`."""
    enters = {level for same, share in shares.items() if alike[same].gives for level in share}
    leaves = {level for same, share in shares.items() if not alike[same].gives for level in share}
    groups: list[list[int]] = []
    waiting: list[int] = []
    for level in range(count):
        waiting.append(level)
        if level not in leaves:
            continue
        if groups and not enters.intersection(waiting):
            groups[-1] += waiting
        else:
            groups.append(waiting)
        waiting = []
    return groups
