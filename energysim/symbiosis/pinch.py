"""Pinch analysis without optimisation: targets, pinch temperatures, composite curves, total-site profiles."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SAME = 1e-6
"""Temperatures closer than this are one. [K]"""
NOTHING = 1e-9
"""Heat below this share of all heat counts as none."""


@dataclass(frozen=True)
class Stream:
    """A flow that has to be cooled, or heated where its outlet is the hotter end."""

    name: str
    inlet: float
    """[degC]"""
    outlet: float
    """[degC]"""
    heat: float
    """Heat it gives or takes between the two. [MW]"""
    approach: float = 0.0
    """Its own contribution to the temperature difference of an exchanger. [K]"""
    is_hot: bool | None = None
    """Whether it gives heat; read off the ends where None, needed where both are one temperature."""

    @property
    def gives(self) -> bool:
        """Whether it gives heat."""
        return self.inlet > self.outlet if self.is_hot is None else self.is_hot

    @property
    def shifted(self) -> tuple[float, float]:
        """Hotter and colder end, moved towards the other kind by the approach. [degC]"""
        move = -self.approach if self.gives else self.approach
        return max(self.inlet, self.outlet) + move, min(self.inlet, self.outlet) + move


@dataclass(frozen=True)
class Targets:
    """What a set of streams needs at least, and where heat must not cross."""

    heating: float
    """Least heat from outside. [MW]"""
    cooling: float
    """Least heat to be cooled away. [MW]"""
    recovery: float
    """Heat that the streams exchange among themselves. [MW]"""
    pinches: tuple[float, ...]
    """Shifted temperatures no heat passes; none where only heating or only cooling is left over. [degC]"""
    edges: Floats
    """Shifted temperatures, falling. [degC] (edge,)"""
    before: Floats
    """Heat that passes each edge before streams of that one temperature are counted. [MW] (edge,)"""
    after: Floats
    """Heat that passes each edge from above. [MW] (edge,)"""


@dataclass(frozen=True)
class Curve:
    """A line of temperature over heat."""

    heat: Floats
    """[MW] (point,)"""
    temperature: Floats
    """[degC] (point,)"""


def problem_table(streams: Iterable[Stream]) -> Targets:
    r"""Find the least heating and cooling of a set of streams.

    All shifted temperatures are sorted; with :math:`G(\theta)` the heat given above a temperature and
    :math:`T(\theta)` that taken above it, the cascade :math:`R(\theta) = Q_H + G - T` must nowhere be negative, so
    :math:`Q_H = \max(0, \max_\theta (T - G))`, and what is left at the cold end is :math:`Q_C` [1]_ [2]_.

    Parameters
    ----------
    streams : iterable of Stream
        Hot and cold; those without heat count for nothing.

    Returns
    -------
    targets : Targets

    References
    ----------
    .. [1] B. Linnhoff, J. R. Flower, Synthesis of heat exchanger networks I, AIChE Journal 24, 1978.
    .. [2] I. C. Kemp, Pinch Analysis and Process Integration, 2nd ed., Butterworth-Heinemann, 2007, ch. 2.

    Examples
    --------
    >>> kemp = [Stream("c1", 20, 135, 230, 5), Stream("h1", 170, 60, 330, 5),
    ...         Stream("c2", 80, 140, 240, 5), Stream("h2", 150, 30, 180, 5)]
    >>> found = problem_table(kemp)
    >>> found.heating, found.cooling, found.recovery, found.pinches
    (20.0, 60.0, 450.0, (85.0,))
    """
    kept = [stream for stream in streams if stream.heat > 0.0]
    edges = edges_of(kept)
    balances = [
        _above(edges, [s for s in kept if s.gives], point) - _above(edges, [s for s in kept if not s.gives], point)
        for point in (False, True)
    ]
    before, after = balances
    taken = float(sum(stream.heat for stream in kept if not stream.gives))
    size = max(1.0, taken, float(sum(stream.heat for stream in kept)))
    lowest = min(0.0, float(np.min(before, initial=0.0)), float(np.min(after, initial=0.0)))
    heating = 0.0 if -lowest < NOTHING * size else -lowest
    before, after = before + heating, after + heating
    cooling = float(after[-1]) if len(after) else 0.0
    cooling = 0.0 if cooling < NOTHING * size else cooling
    closed = np.minimum(before, after) < NOTHING * size
    is_between = heating > 0.0 and cooling > 0.0
    pinches = tuple(float(edge) for edge in edges[closed]) if is_between else ()
    return Targets(heating, cooling, taken - heating, pinches, edges, before, after)


def composite(streams: Iterable[Stream], gives: bool, is_shifted: bool = False) -> Curve:
    """Add up all hot or all cold streams: how much heat lies below each temperature.

    Parameters
    ----------
    streams : iterable of Stream
        Of both kinds.
    gives : bool
        Whether the hot ones are meant.
    is_shifted : bool
        Whether temperatures are moved by the approaches.

    Returns
    -------
    curve : Curve
        Rising from the coldest end at no heat. (point,)
    """
    kept = [s for s in streams if s.gives is gives and s.heat > 0.0]
    if not is_shifted:
        kept = [Stream(s.name, s.inlet, s.outlet, s.heat, 0.0, s.gives) for s in kept]
    edges = edges_of(kept)
    total = sum(s.heat for s in kept)
    heat = np.stack([total - _above(edges, kept, True), total - _above(edges, kept, False)], axis=1)[::-1]
    return Curve(heat.ravel(), np.repeat(edges[::-1], 2))


def grand_composite(targets: Targets) -> Curve:
    """Give the heat that passes each temperature, from the hot end down: what utilities could give or take there."""
    heat = np.stack([targets.before, targets.after], axis=1).ravel()
    return Curve(heat, np.repeat(targets.edges, 2))


def usable(targets: Targets, hot: float, cold: float) -> float:
    r"""Find how much heat can be led out to water between two temperatures without more heating.

    Taking :math:`Q` evenly between ``cold`` and ``hot`` lowers the cascade by :math:`Q f(\theta)`, with :math:`f` the
    part of the span above :math:`\theta`; so :math:`Q = \min_\theta R(\theta) / f(\theta)`, at an edge of the cascade
    or an end of the span.

    Parameters
    ----------
    targets : Targets
        Of a site at its least heating.
    hot, cold : float
        Ends of the span, shifted; may be one temperature. [degC]

    Returns
    -------
    heat : float
        [MW]
    """
    if not len(targets.edges):
        return 0.0
    points = np.unique(np.r_[targets.edges, hot, cold])
    carried = _passing(targets, points)
    width = hot - cold
    part = np.clip((hot - points) / width, 0.0, 1.0) if width > SAME else (points <= hot + SAME).astype(float)
    asked = part > 0.0
    return float(max(0.0, np.min(carried[asked] / part[asked], initial=np.inf))) if asked.any() else 0.0


def total_site(sites: Iterable[Targets]) -> tuple[Curve, Curve]:
    """Add up what the sites have left over and what they still need, after each has recovered its own.

    The pockets of a site's grand composite curve are its own business; what remains of it below the pinch is a
    source, above the pinch a sink [1]_.

    Parameters
    ----------
    sites : iterable of Targets
        One per site.

    Returns
    -------
    source, sink : Curve
        Heat to be had at or above each temperature, and heat needed at or below each. [MW]

    References
    ----------
    .. [1] V. R. Dhole, B. Linnhoff, Total site targets for fuel, co-generation, emissions, and cooling, Computers &
       Chemical Engineering 17, 1993.
    """
    found = [targets for targets in sites if len(targets.edges)]
    edges = np.unique(np.concatenate([t.edges for t in found]))[::-1] if found else np.zeros(0)
    source, sink = np.zeros(len(edges)), np.zeros(len(edges))
    for targets in found:
        passing = _passing(targets, edges)
        pinch_high = targets.pinches[0] if targets.pinches else (np.inf if targets.heating == 0.0 else -np.inf)
        pinch_low = targets.pinches[-1] if targets.pinches else pinch_high
        sink += np.where(edges >= pinch_high, np.minimum.accumulate(passing), 0.0)
        source += np.where(edges <= pinch_low, np.minimum.accumulate(passing[::-1])[::-1], 0.0)
    return Curve(source, edges), Curve(sink, edges)


def edges_of(streams: Sequence[Stream]) -> Floats:
    """Shifted temperatures that occur, falling; those closer than a hair are one."""
    ends = np.sort(np.array([end for stream in streams for end in stream.shifted], float))[::-1]
    return ends[np.r_[True, -np.diff(ends) > SAME]] if len(ends) else ends


def _above(edges: Floats, streams: Sequence[Stream], counts_points: bool) -> Floats:
    """Heat of the streams above each temperature; one at that very temperature counts or not. [MW] (edge,)"""
    total = np.zeros(len(edges))
    for stream in streams:
        hot, cold = stream.shifted
        if hot - cold > SAME:
            total += stream.heat * np.clip((hot - edges) / (hot - cold), 0.0, 1.0)
        else:
            total += stream.heat * (edges <= hot + SAME if counts_points else edges < hot - SAME)
    return total


def _passing(targets: Targets, points: Floats) -> Floats:
    """Heat that passes any temperature; beyond the hottest edge the heating, below the coldest the cooling. [MW]"""
    edges, before, after = targets.edges[::-1], targets.before[::-1], targets.after[::-1]
    low = np.clip(np.searchsorted(edges, points + SAME) - 1, 0, len(edges) - 1)
    high = np.clip(np.searchsorted(edges, points - SAME), 0, len(edges) - 1)
    width = edges[high] - edges[low]
    part = np.where(width > SAME, (points - edges[low]) / np.where(width > SAME, width, 1.0), 0.0)
    between = before[low] + part * (after[high] - before[low])
    inside = np.where(width > SAME, between, np.minimum(before, after)[low])
    outside = np.where(points > edges[-1] + SAME, targets.heating, targets.cooling)
    return np.where((points > edges[-1] + SAME) | (points < edges[0] - SAME), outside, inside)
