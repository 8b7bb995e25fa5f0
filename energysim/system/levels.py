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

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SAME = 1e-6
"""Temperatures closer than this are one. [K]"""


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
    shares: tuple[Floats, ...]
    """One array per stretch: share of its heat in each level. (level, step)"""

    @property
    def count(self) -> int:
        """Number of levels."""
        return len(self.top)


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
    top, bottom = edges[:-1], edges[1:]
    alike = {stretch.same: stretch for stretch in stretches}
    shares = {
        same: _given(one, top, bottom) if one.gives else _taken(one, top, bottom, edges[-1])
        for same, one in alike.items()
    }
    groups = _merge(alike, shares, len(top))
    if len(groups) < len(top):
        top, bottom = top[[group[0] for group in groups]], bottom[[group[-1] for group in groups]]
        shares = {same: _joined(share, groups) for same, share in shares.items()}
    return Levels(top, bottom, tuple(shares[stretch.same] for stretch in stretches))


def _joined(share: Floats, groups: Sequence[Sequence[int]]) -> Floats:
    """Add up neighbouring levels. (group, step)"""
    joined = np.empty((len(groups), share.shape[1]))
    for row, group in zip(joined, groups, strict=True):
        if len(group) == 1:
            row[:] = share[group[0]]
        else:
            np.sum(share[group[0] : group[-1] + 1], axis=0, out=row)
    return joined


def _edges(stretches: Sequence[Stretch]) -> Floats:
    """Sort the temperatures that occur, within the range in which heat is taken. (edge, step)"""
    takes = [stretch for stretch in stretches if not stretch.gives]
    gives = [stretch for stretch in stretches if stretch.gives]
    finite = [s.cold for s in (*takes, *gives) if np.isfinite(s.cold).all()] or [np.zeros_like(stretches[0].hot)]
    coldest = np.min(finite, axis=0)
    ends = [np.where(np.isfinite(end), end, coldest) for s in takes for end in (s.hot, s.cold)]
    high, low = np.max(ends, axis=0), np.min(ends, axis=0)
    for stretch in gives:
        for end in (stretch.hot,) if stretch.is_point else (stretch.hot, stretch.cold):
            clipped = np.clip(end, low, high)
            if not any(_are_same(clipped, known) for known in ends):
                ends.append(clipped)
    return -np.sort(-np.array(ends), axis=0)


def _are_same(first: Floats, second: Floats) -> bool:
    """Whether two series are one; most that differ do so in the first step."""
    return bool(abs(first[0] - second[0]) <= SAME and np.abs(first - second).max() <= SAME)


def _given(stretch: Stretch, top: Floats, bottom: Floats) -> Floats:
    """Share out heat given: a point enters the highest level not above it, the part above all levels the first."""
    width = stretch.hot - stretch.cold
    is_point = width <= SAME
    if is_point.all():
        return _point_given(stretch.hot, top)
    overlap = _overlap(stretch.hot, stretch.cold, top, bottom)
    overlap[0] += np.maximum(stretch.hot - np.maximum(stretch.cold, top[0]), 0.0)
    if not is_point.any():
        return overlap / width
    return np.where(is_point, _point_given(stretch.hot, top), overlap / np.where(is_point, 1.0, width))


def _point_given(hot: Floats, top: Floats) -> Floats:
    reaches = top <= hot + SAME
    point = np.zeros_like(top)
    point[np.argmax(reaches, axis=0), np.arange(top.shape[1])] = reaches.any(axis=0)
    return point


def _overlap(hot: Floats, cold: Floats, top: Floats, bottom: Floats) -> Floats:
    """Kelvin of a span in each level. (level, step)"""
    shared: Floats = np.minimum(hot, top)
    shared -= np.maximum(cold, bottom)
    np.maximum(shared, 0.0, out=shared)
    return shared


def _taken(stretch: Stretch, top: Floats, bottom: Floats, lowest: Floats) -> Floats:
    """Share out heat taken: a point leaves the lowest level that lies wholly at or above it."""
    cold = np.where(np.isfinite(stretch.cold), stretch.cold, lowest)
    hot = np.where(np.isfinite(stretch.hot), stretch.hot, lowest)
    width = hot - cold
    is_point = width <= SAME
    if not is_point.any():
        shared: Floats = _overlap(hot, cold, top, bottom) / width
        return shared
    count, steps = top.shape
    last = count - 1 - np.argmax((bottom >= cold - SAME)[::-1], axis=0)
    point = np.zeros_like(top)
    point[last, np.arange(steps)] = 1.0
    if is_point.all():
        return point
    return np.where(is_point, point, _overlap(hot, cold, top, bottom) / np.where(is_point, 1.0, width))


Alike = Mapping[tuple[object, ...], Stretch]


def _merge(alike: Alike, shares: Mapping[tuple[object, ...], Floats], count: int) -> list[list[int]]:
    """Join levels that the cascade need not tell apart; see :func:`lay_levels`."""
    enters, leaves = np.zeros(count, bool), np.zeros(count, bool)
    for same, share in shares.items():
        used = share.max(axis=1) > 0.0
        if alike[same].gives:
            enters |= used
        else:
            leaves |= used
    groups: list[list[int]] = []
    waiting: list[int] = []
    for level in range(count):
        waiting.append(level)
        if not leaves[level]:
            continue
        if groups and not enters[waiting].any():
            groups[-1] += waiting
        else:
            groups.append(waiting)
        waiting = []
    return groups
