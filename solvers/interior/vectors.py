"""What the loops over all columns and slacks work on. Every vector has columns first, then slacks."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Box(NamedTuple):
    """Bounds. Entries whose bounds are equal are held: they do not take part."""

    low: Floats
    high: Floats


class Point(NamedTuple):
    """Columns and slacks, multipliers of their lower and upper bounds, row duals."""

    v: Floats
    zl: Floats
    zu: Floats
    dual: Floats


class Tangents(NamedTuple):
    """Where products of distance and multiplier are linearised: distances to bounds and multipliers."""

    below: Floats
    above: Floats
    zl: Floats
    zu: Floats


class Aims(NamedTuple):
    """Right-hand sides of a step: what products of distance and multiplier should change by, and what follows."""

    at: Tangents
    low: Floats
    high: Floats
    g: Floats
    """Of the stationarity of columns and slacks, multipliers gone."""


def points(count: int, rows: int) -> Point:
    """Make room for a point, or for a direction."""
    return Point(np.zeros(count), np.zeros(count), np.zeros(count), np.zeros(rows))
