"""The map of the region as a drawing inside the page: places, what feeds their heat, what flows between them."""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from markupsafe import Markup, escape

from energysim.kpi.overview import KINDS
from energysim.kpi.places import links, site_kinds, sites
from energysim.report.answer import KIND_COLOURS
from energysim.report.look import number

WIDTH, LEFT, RIGHT = 1080.0, 300.0, 780.0
"""The drawing, and the frame of the map in it; labels stand in a column on either side. [px]"""
MARGIN = 62.0
"""From the outermost place to the frame. [px]"""
LEAST, MOST = 380.0, 800.0
"""Height of the frame. [px]"""
LINE = 46.0
"""Height of a label. [px]"""
_KM = 111.2
"""Kilometres in a degree of latitude."""
_CARRIERS = {"heat": "#b5543a", "electricity": "#3a6ea5", "hydrogen": "#6a9a3a"}
_STEPS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
_BARS = (1, 2, 5, 10, 20, 50, 100, 200, 500)


@dataclass(frozen=True)
class _Label:
    """Two lines beside the map, led to a point of it."""

    x: float
    y: float
    head: str
    text: str


@dataclass(frozen=True)
class _Frame:
    """From degrees to pixels; straight lines of latitude and longitude, true to scale in the middle."""

    west: float
    north: float
    scale: float
    """[px/km]"""
    narrow: float
    """Length of a degree of longitude over one of latitude."""
    height: float

    def at(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Pixels of a point. (x, y)"""
        return (
            LEFT + (longitude - self.west) * _KM * self.narrow * self.scale,
            (self.north - latitude) * _KM * self.scale,
        )


def region_map(results: xr.Dataset) -> Markup | None:
    """Draw the map as SVG; None where fewer than two places have a location."""
    places = sites(results)
    if len(places) < 2:
        return None
    frame = _frame(places)
    between = links(results)
    between = between[between.origin.isin(places.index) & between.target.isin(places.index)]
    spots = {str(name): frame.at(row.latitude, row.longitude) for name, row in places.iterrows()}
    radii = _radii(places, spots)
    kinds = site_kinds(results).reindex(places.index, fill_value=0.0)
    parts = [
        *_graticule(frame),
        *_lines(between, spots, radii),
        *_labels(list(_told(kinds, places, between, spots)), frame),
        *_towns(kinds, spots, radii),
        *_key(kinds, between, frame),
    ]
    height = frame.height + 78.0
    return Markup(
        f'<svg class="map" viewBox="0 0 {WIDTH:.0f} {height:.0f}" role="img" aria-label="Map of the places" '
        f'xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'
    )


def _frame(places: pd.DataFrame) -> _Frame:
    low, high = places.latitude.min(), places.latitude.max()
    west, east = places.longitude.min(), places.longitude.max()
    narrow = math.cos(math.radians((low + high) / 2.0))
    wide, tall = max((east - west) * _KM * narrow, 1.0), max((high - low) * _KM, 1.0)
    scale = min((RIGHT - LEFT - 2.0 * MARGIN) / wide, (MOST - 2.0 * MARGIN) / tall)
    height = max(LEAST, tall * scale + 2.0 * MARGIN)
    middle_x, middle_y = (west + east) / 2.0, (low + high) / 2.0
    half_x, half_y = (RIGHT - LEFT) / 2.0 / scale / _KM / narrow, height / 2.0 / scale / _KM
    return _Frame(middle_x - half_x, middle_y + half_y, scale, narrow, height)


def _graticule(frame: _Frame) -> Iterator[str]:
    """Frame and lines of whole degrees, or parts of them."""
    yield (
        f'<rect x="{LEFT}" y="0.5" width="{RIGHT - LEFT}" height="{frame.height - 1:.1f}" fill="#f6f8fa" '
        'stroke="#d5dce4"/>'
    )
    east = frame.west + (RIGHT - LEFT) / frame.scale / _KM / frame.narrow
    south = frame.north - frame.height / frame.scale / _KM
    for low, high, is_latitude in ((south, frame.north, True), (frame.west, east, False)):
        step = next((one for one in _STEPS if (high - low) / one <= 6.0), 20.0)
        for degree in np.arange(math.ceil(low / step) * step, high, step):
            place = frame.at(degree, frame.west) if is_latitude else frame.at(frame.north, degree)
            digits = 0 if step >= 1.0 else 1
            if is_latitude:
                yield f'<path d="M{LEFT} {place[1]:.1f}H{RIGHT}" stroke="#e3e8ee"/>'
                yield _text(LEFT + 5.0, place[1] - 4.0, f"{degree:.{digits}f}° N", "#8592a1", 11)
            else:
                yield f'<path d="M{place[0]:.1f} 0V{frame.height:.1f}" stroke="#e3e8ee"/>'
                yield _text(place[0] + 4.0, frame.height - 6.0, f"{degree:.{digits}f}° E", "#8592a1", 11)


def _lines(between: pd.DataFrame, spots: dict[str, tuple[float, float]], radii: dict[str, float]) -> Iterator[str]:
    """Links from ring to ring, the wider the more flows; dashed where nothing does. An arrow stands in the middle."""
    most = max(float(between.energy.max()) if len(between) else 0.0, 1e-9)
    for row in between.itertuples():
        start, end = _between(spots[row.origin], spots[row.target], radii[row.origin], radii[row.target])
        is_used = row.energy + row.back > 1e-3 * most
        colour = _CARRIERS.get(row.carrier, "#777") if is_used else "#9aa5b1"
        width = 2.0 + 4.0 * math.sqrt(row.energy / most) if is_used else 1.5
        dash = "" if is_used else ' stroke-dasharray="5 5"'
        yield (
            f'<path d="M{start[0]:.1f} {start[1]:.1f}L{end[0]:.1f} {end[1]:.1f}" stroke="{colour}" '
            f'stroke-width="{width:.1f}"{dash}/>'
        )
        if is_used:
            yield _arrow(start, end, colour, width)


def _between(
    start: tuple[float, float], end: tuple[float, float], first: float, last: float
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Cut a line where it enters the rings at its ends."""
    length = max(math.dist(start, end), 1e-9)
    along = ((end[0] - start[0]) / length, (end[1] - start[1]) / length)
    return (
        (start[0] + first * along[0], start[1] + first * along[1]),
        (end[0] - last * along[0], end[1] - last * along[1]),
    )


def _arrow(start: tuple[float, float], end: tuple[float, float], colour: str, width: float) -> str:
    turn = math.degrees(math.atan2(end[1] - start[1], end[0] - start[0]))
    x, y = (start[0] + end[0]) / 2.0, (start[1] + end[1]) / 2.0
    size = min(4.0 + width, 0.45 * math.dist(start, end))
    return (
        f'<path d="M{size:.1f} 0L{-size * 0.7:.1f} {size * 0.8:.1f}V{-size * 0.8:.1f}Z" fill="{colour}" stroke="white" '
        f'transform="translate({x:.1f} {y:.1f}) rotate({turn:.0f})"/>'
    )


def _towns(every: pd.DataFrame, spots: dict[str, tuple[float, float]], radii: dict[str, float]) -> Iterator[str]:
    """A ring for each place: its area is the heat delivered, its colours where that comes from."""
    for name, row in every.iterrows():
        (x, y), radius = spots[str(name)], radii[str(name)]
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="#9aa5b1" stroke="white" stroke-width="1.5"/>'
        kinds = row[row > 0.0]
        begin, total = 0.0, float(kinds.sum())
        for kind, energy in kinds.items():
            share = float(energy) / total
            yield _sector((x, y), radius, (begin, begin + share), KIND_COLOURS[str(kind)])
            begin += share
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius * 0.45:.1f}" fill="white"/>'


def _radii(places: pd.DataFrame, spots: dict[str, tuple[float, float]]) -> dict[str, float]:
    """Radius of each ring: its area follows the heat, and no two rings come near each other. [px]"""
    most = max(float(places.heat.max()), 1e-9)
    wanted = {str(name): max(5.0, 30.0 * math.sqrt(heat / most)) for name, heat in places.heat.items()}
    pairs = itertools.combinations(wanted, 2)
    room = min((0.62 * math.dist(spots[a], spots[b]) / (wanted[a] + wanted[b]) for a, b in pairs), default=1.0)
    return {name: max(4.0, radius * min(1.0, room)) for name, radius in wanted.items()}


def _sector(middle: tuple[float, float], radius: float, shares: tuple[float, float], colour: str) -> str:
    if shares[1] - shares[0] > 0.9995:
        return f'<circle cx="{middle[0]:.1f}" cy="{middle[1]:.1f}" r="{radius:.1f}" fill="{colour}"/>'
    ends = [
        (middle[0] + radius * math.sin(2.0 * math.pi * s), middle[1] - radius * math.cos(2.0 * math.pi * s))
        for s in shares
    ]
    large = int(shares[1] - shares[0] > 0.5)
    return (
        f'<path d="M{middle[0]:.1f} {middle[1]:.1f}L{ends[0][0]:.2f} {ends[0][1]:.2f}'
        f'A{radius:.1f} {radius:.1f} 0 {large} 1 {ends[1][0]:.2f} {ends[1][1]:.2f}Z" fill="{colour}"/>'
    )


def _told(
    every: pd.DataFrame, places: pd.DataFrame, between: pd.DataFrame, spots: dict[str, tuple[float, float]]
) -> Iterator[_Label]:
    """What is written of every place and link."""
    for name, row in places.iterrows():
        kinds, text = every.loc[name], "no heat network"
        if kinds.any():
            share = 100.0 * float(kinds.max() / kinds.sum())
            text = f"{number(row.heat / 1000.0)} GWh, {number(share, 0)} % {_short(KINDS[str(kinds.idxmax())])}"
        yield _Label(*spots[str(name)], str(row.title), text)
    for link in between.itertuples():
        x, y = ((spots[link.origin][k] + spots[link.target][k]) / 2.0 for k in (0, 1))
        text = f"{number(link.energy / 1000.0)} GWh, up to {number(link.peak, 0)} MW"
        if link.back > 1.0:
            text += f", {number(link.back / 1000.0)} GWh back"
        yield _Label(x, y, str(link.title), text if link.energy + link.back > 1.0 else "not built or not used")


def _labels(told: list[_Label], frame: _Frame) -> Iterator[str]:
    """Set labels into the two columns so that none covers another, each led to its point."""
    order = sorted(told, key=lambda label: label.x)
    middle = (len(order) + 1) // 2
    for column, is_left in ((order[:middle], True), (order[middle:], False)):
        column = sorted(column, key=lambda label: label.y)
        x, edge = (LEFT - 14.0, LEFT) if is_left else (RIGHT + 14.0, RIGHT)
        for label, y in zip(column, _spread([label.y for label in column], frame.height), strict=True):
            inner = edge + (10.0 if is_left else -10.0)
            yield (
                f'<path d="M{edge + (-8.0 if is_left else 8.0):.1f} {y:.1f}L{inner:.1f} {y:.1f}'
                f'L{label.x:.1f} {label.y:.1f}" fill="none" stroke="#8592a1" stroke-width="0.8"/>'
            )
            anchor = "end" if is_left else "start"
            yield _text(x, y - 3.0, _cut(label.head, 36), "#1f2933", 14, f'text-anchor="{anchor}" font-weight="650"')
            yield _text(x, y + 14.0, _cut(label.text, 42), "#5f6c7b", 12.5, f'text-anchor="{anchor}"')


def _spread(wanted: list[float], height: float) -> list[float]:
    """Move heights apart to at least a label's, downwards first, then back up where the frame ends."""
    found: list[float] = []
    for one in wanted:
        found.append(max(one, found[-1] + LINE if found else LINE / 2.0))
    limit = max(height - LINE / 2.0, LINE * (len(found) - 0.5))
    for place in reversed(range(len(found))):
        found[place] = min(found[place], limit)
        limit = found[place] - LINE
    return found


def _key(kinds: pd.DataFrame, between: pd.DataFrame, frame: _Frame) -> Iterator[str]:
    """Scale in kilometres and the meaning of colours."""
    length = max((bar for bar in _BARS if bar * frame.scale <= 150.0), default=1)
    x, y = RIGHT - 12.0, 18.0
    yield f'<path d="M{x - length * frame.scale:.1f} {y - 4}v4H{x:.1f}v-4" fill="none" stroke="#1f2933"/>'
    yield _text(x, y + 14.0, f"{length} km, north is up", "#1f2933", 12, 'text-anchor="end"')
    entries = [(KINDS[kind], KIND_COLOURS[kind]) for kind in KINDS if kinds[kind].any()]
    entries += [
        (f"flow of {carrier}", colour) for carrier, colour in _CARRIERS.items() if carrier in set(between.carrier)
    ]
    across, down = 0.0, frame.height + 26.0
    for name, colour in entries:
        wide = 38.0 + 7.4 * len(name)
        if across + wide > WIDTH:
            across, down = 0.0, down + 22.0
        yield f'<rect x="{across:.1f}" y="{down - 11.0:.1f}" width="13" height="13" rx="2" fill="{colour}"/>'
        yield _text(across + 19.0, down, name, "#1f2933", 13)
        across += wide


def _short(kind: str) -> str:
    return "wood and bio" if kind == KINDS["renewable"] else kind


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _text(x: float, y: float, words: str, colour: str, size: float, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" font-size="{size}" {more}>{escape(words)}</text>'
