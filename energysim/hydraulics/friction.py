"""Pressure lost in pipes, and what a diameter carries."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Water:
    """Properties of the water."""

    density: float = 977.76
    """[kg/m3]"""
    viscosity: float = 4.041e-4
    """[Pa s]"""
    heat_capacity: float = 4187.0
    """[J/(kg K)]"""


HOT = Water()
"""Water at 70 degC."""


LAMINAR = 2300.0
"""Reynolds number below which flow is laminar."""


def haaland(reynolds: Floats | float, roughness: Floats | float) -> Floats:
    r"""Give the Darcy friction factor by an explicit formula, within 2 % of Colebrook's.

    :math:`1/\sqrt f = -1.8 \log_{10}[(\varepsilon / 3.7)^{1.11} + 6.9/Re]`; below a Reynolds number of 2300 the flow is
    laminar, :math:`f = 64/Re` [1]_.

    Parameters
    ----------
    reynolds : float or ndarray
        Reynolds number, above zero.
    roughness : float or ndarray
        Roughness over inner diameter.

    Returns
    -------
    factor : ndarray

    References
    ----------
    .. [1] S. E. Haaland, Simple and explicit formulas for the friction factor in turbulent pipe flow, Journal of
       Fluids Engineering 105, 1983.
    """
    reynolds, roughness = np.asarray(reynolds, float), np.asarray(roughness, float)
    root = -1.8 * np.log10((roughness / 3.7) ** 1.11 + 6.9 / np.maximum(reynolds, LAMINAR))
    reynolds = np.maximum(reynolds, 1e-9)
    return np.where(reynolds < LAMINAR, 64.0 / reynolds, root**-2.0)


def colebrook(reynolds: Floats | float, roughness: Floats | float) -> Floats:
    r"""Give the Darcy friction factor by three steps towards Colebrook's equation from Haaland's formula.

    :math:`1/\sqrt f = -2 \log_{10}[\varepsilon/3.7 + 2.51/(Re \sqrt f)]` [1]_; parameters as in :func:`haaland`.

    References
    ----------
    .. [1] C. F. Colebrook, Turbulent flow in pipes, Journal of the ICE 11, 1939.
    """
    reynolds, roughness = np.asarray(reynolds, float), np.asarray(roughness, float)
    root = haaland(np.maximum(reynolds, LAMINAR), roughness) ** -0.5
    for _ in range(3):
        root = -2.0 * np.log10(roughness / 3.7 + 2.51 * root / np.maximum(reynolds, LAMINAR))
    reynolds = np.maximum(reynolds, 1e-9)
    return np.where(reynolds < LAMINAR, 64.0 / reynolds, root**-2.0)


def power_law(reynolds: Floats | float, diameter: Floats | float) -> Floats:
    r"""Give the Darcy friction factor by a power law, :math:`0.07\,Re^{-0.13} d^{-0.14}` with :math:`d` in m [1]_.

    References
    ----------
    .. [1] oemof developer group, DHNx: district heating system optimisation and simulation models, documentation of
       its pipes, 2021.
    """
    return 0.07 * np.asarray(reynolds, float) ** -0.13 * np.asarray(diameter, float) ** -0.14


def pressure_gradient(
    velocity: Floats | float, diameter: Floats | float, roughness: float, water: Water = HOT
) -> Floats:
    r"""Give the pressure lost on a metre, :math:`f \rho v^2 / (2 d)` with Colebrook's factor. [Pa/m]

    Velocity in m/s, inner diameter and roughness in m.
    """
    velocity, diameter = np.asarray(velocity, float), np.asarray(diameter, float)
    reynolds = np.maximum(water.density * np.abs(velocity) * diameter / water.viscosity, 1e-9)
    return colebrook(reynolds, roughness / diameter) * water.density * velocity**2 / (2.0 * diameter)


def velocity_at(gradient: float, diameter: Floats | float, roughness: float = 1e-5, water: Water = HOT) -> Floats:
    """Give the velocity at which a metre loses a given pressure, by fixed point with Haaland's factor. [m/s]

    Parameters
    ----------
    gradient : float
        [Pa/m]
    diameter : float or ndarray
        Inner diameter. [m]
    roughness : float
        [m]
    water : Water
        Properties.

    Examples
    --------
    >>> round(float(velocity_at(150.0, 0.2101)), 2)
    2.29
    """
    diameter = np.asarray(diameter, float)
    velocity = np.ones_like(diameter)
    for _ in range(50):
        factor = haaland(water.density * velocity * diameter / water.viscosity, roughness / diameter)
        velocity = np.sqrt(2.0 * diameter * gradient / (factor * water.density))
    return velocity


def mass_flow(velocity: Floats | float, diameter: Floats | float, water: Water = HOT) -> Floats:
    """Give the mass flow of a velocity [m/s] in an inner diameter [m]. [kg/s]"""
    return water.density * np.asarray(velocity, float) * np.pi * np.asarray(diameter, float) ** 2 / 4.0


def heat_carried(flow: Floats | float, difference: float, water: Water = HOT) -> Floats:
    """Give the heat of a mass flow [kg/s] cooled by a difference [K]. [MW]"""
    return np.asarray(flow, float) * water.heat_capacity * difference * 1e-6


def water_needed(heat: Floats | float, difference: Floats | float, water: Water = HOT) -> Floats:
    """Give the mass flow that carries heat [MW] when cooled by a difference [K]. [kg/s]"""
    return np.asarray(heat, float) * 1e6 / (water.heat_capacity * np.asarray(difference, float))


def pump_power(pressure: Floats | float, flow: Floats | float, efficiency: float = 0.75, water: Water = HOT) -> Floats:
    """Give the power to move a mass flow [kg/s] against a pressure [Pa]. [MW]"""
    return np.asarray(pressure, float) * flow / (water.density * efficiency) * 1e-6
