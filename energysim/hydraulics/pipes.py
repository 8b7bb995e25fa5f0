"""Pipe diameters: what they carry, lose and cost, and straight lines through them for linear models."""

from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from energysim.hydraulics.friction import HOT, Water, heat_carried, mass_flow, velocity_at
from energysim.hydraulics.heat_loss import Buried, loss_by_diameter, pair_loss, velocity_by_diameter

Floats = NDArray[np.float64]

# fmt: off
TABLE = (
    (25, 29.1, 33.7, 90, 718), (32, 37.2, 42.4, 110, 763), (40, 43.1, 48.3, 110, 786), (50, 54.5, 60.3, 125, 880),
    (65, 70.3, 76.1, 140, 907), (80, 82.5, 88.9, 160, 1061), (100, 107.1, 114.3, 200, 1090),
    (125, 132.5, 139.7, 225, 1256), (150, 160.3, 168.3, 250, 1332), (200, 210.1, 219.1, 315, 1836),
    (250, 263.0, 273.0, 400, 2036), (300, 312.7, 323.9, 450, 2183), (350, 344.4, 355.6, 500, 2651),
    (400, 393.8, 406.4, 560, 2902), (450, 444.4, 457.0, 630, 3345), (500, 495.4, 508.0, 710, 3580),
    (600, 595.8, 610.0, 800, 4507),
)
# fmt: on
"""Nominal diameter, inner and outer diameter of the steel, casing [mm], cost of the pair laid [EUR/m] [1]_.

.. [1] J. Lambert et al., topotherm, default pipe table from literature and a survey of experts, 2024.
"""


@dataclass(frozen=True)
class Design:
    """For what a pipe is chosen."""

    supply: float = 90.0
    """[degC]"""
    returned: float = 50.0
    """[degC]"""
    gradient: float = 150.0
    """Pressure lost on a metre. [Pa/m]"""
    roughness: float = 1e-5
    """[m]"""
    clearance: float = 0.15
    """Between the casings. [m]"""
    by_curves: bool = False
    """Whether velocity and loss follow empirical curves over the diameter instead of gradient and burial."""
    buried: Buried = field(default_factory=Buried)
    water: Water = HOT


@dataclass(frozen=True)
class Pipes:
    """Every diameter of the table under one design."""

    nominal: Floats
    """[mm] (diameter,)"""
    inner: Floats
    """[m] (diameter,)"""
    velocity: Floats
    """[m/s] (diameter,)"""
    capacity: Floats
    """Heat carried. [MW] (diameter,)"""
    loss: Floats
    """Heat loss of both pipes. [W/m] (diameter,)"""
    cost: Floats
    """Of the pair laid. [EUR/m] (diameter,)"""


@dataclass(frozen=True)
class Line:
    """A straight line through the diameters: ``slope * MW + fixed``."""

    slope: float
    """[per MW]"""
    fixed: float
    fit: float
    """Share of the variance explained."""


Row = tuple[float, float, float, float, float]
"""As in :data:`TABLE`."""


@cache
def pipes(design: Design | None = None, table: tuple[Row, ...] = TABLE) -> Pipes:
    """Work out what every diameter carries and loses, once for each design.

    Parameters
    ----------
    design : Design, optional
        Temperatures, pressure gradient and ground.
    table : tuple of Row
        Diameters; outer diameter and casing may be missing (NaN) where losses follow curves or are not asked for.

    Returns
    -------
    pipes : Pipes
    """
    design = design or Design()
    nominal, inner, outer, casing, cost = np.array(table, float).T
    inner, outer, casing = inner * 1e-3, outer * 1e-3, casing * 1e-3
    above = design.supply + design.returned - 2.0 * design.buried.ground
    if design.by_curves:
        velocity, loss = velocity_by_diameter(inner), loss_by_diameter(inner, above)
    else:
        velocity = velocity_at(design.gradient, inner, design.roughness, design.water)
        pairs = [pair_loss(o, c, c + design.clearance, design.buried) for o, c in zip(outer, casing, strict=True)]
        loss = np.array([(pair.own - pair.mutual) * above for pair in pairs])
    flow = mass_flow(velocity, inner, design.water)
    capacity = heat_carried(flow, design.supply - design.returned, design.water)
    return Pipes(nominal, inner, velocity, capacity, loss, cost)


def row_of(nominal: int) -> Row:
    """Look up a nominal diameter [mm] in the table.

    Raises
    ------
    ValueError
        Naming those there are.
    """
    for row in TABLE:
        if row[0] == nominal:
            return row
    raise ValueError(f"there is no pipe DN{nominal}. Known: {', '.join(f'{row[0]:g}' for row in TABLE)}.")


def line_through(capacity: Floats, values: Floats) -> Line:
    """Fit a straight line over capacity [MW] by least squares."""
    slope, fixed = np.polyfit(capacity, values, 1)
    rest = values - (slope * capacity + fixed)
    fit = 1.0 - float(rest @ rest) / float(np.sum((values - values.mean()) ** 2))
    return Line(float(slope), float(fixed), fit)
