"""Heat that buried pipes lose."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Buried:
    """How a pair of single pipes lies in the ground."""

    depth: float = 1.0
    """To the middle of the pipes. [m]"""
    insulation: float = 0.024
    """Conductivity of the insulation. [W/(m K)]"""
    soil: float = 1.2
    """Conductivity of the soil. [W/(m K)]"""
    ground: float = 8.0
    """Temperature of the undisturbed ground. [degC]"""


@dataclass(frozen=True)
class PairLoss:
    """Heat loss of a pair of pipes for each kelvin and metre."""

    own: float
    """Of a pipe to the ground, :math:`U_1`. [W/(m K)]"""
    mutual: float
    """From the other pipe, :math:`U_2`. [W/(m K)]"""

    def of_supply(self, supply: float, returned: float, ground: float) -> float:
        """Loss of the supply pipe at temperatures [degC]. [W/m]"""
        return self.own * (supply - ground) - self.mutual * (returned - ground)

    def of_return(self, supply: float, returned: float, ground: float) -> float:
        """Loss of the return pipe at temperatures [degC]. [W/m]"""
        return self.own * (returned - ground) - self.mutual * (supply - ground)

    def of_both(self, supply: float, returned: float, ground: float) -> float:
        """Loss of both pipes at temperatures [degC]. [W/m]"""
        return (self.own - self.mutual) * (supply + returned - 2.0 * ground)


def pair_loss(outer: float, casing: float, spacing: float, buried: Buried | None = None) -> PairLoss:
    r"""Work out the loss of two single pipes side by side in the ground, by the method of images.

    :math:`R_i = \ln(D_c/d_o)/(2 \pi \lambda_i)`, :math:`R_g = \ln(4H/D_c)/(2 \pi \lambda_g)`,
    :math:`R_m = \ln(1 + (2H/C)^2)/(4 \pi \lambda_g)`, :math:`U_1 = R/(R^2 - R_m^2)`, :math:`U_2 = R_m/(R^2 - R_m^2)`
    with :math:`R = R_i + R_g` [1]_.

    Parameters
    ----------
    outer, casing : float
        Outer diameters of steel and casing. [m]
    spacing : float
        Between the middles of the pipes. [m]
    buried : Buried, optional
        Depth, conductivities and ground.

    Returns
    -------
    loss : PairLoss

    References
    ----------
    .. [1] P. Wallentén, Steady-state heat loss from insulated pipes, Lund Institute of Technology, 1991; EN 13941-1.
    """
    buried = buried or Buried()
    insulation = np.log(casing / outer) / (2.0 * np.pi * buried.insulation)
    ground = np.log(4.0 * buried.depth / casing) / (2.0 * np.pi * buried.soil)
    mutual = np.log(1.0 + (2.0 * buried.depth / spacing) ** 2) / (4.0 * np.pi * buried.soil)
    whole = insulation + ground
    scale = whole**2 - mutual**2
    return PairLoss(float(whole / scale), float(mutual / scale))


def temperature_after(
    inlet: float, length: float, coefficient: float, capacity_flow: float, ground: float = 8.0
) -> float:
    r"""Give the temperature at the end of a pipe, :math:`T_g + (T_0 - T_g) e^{-U L / (\dot m c)}`. [degC]

    Length in m, coefficient in W/(m K), capacity flow in W/K.
    """
    return float(ground + (inlet - ground) * np.exp(-coefficient * length / capacity_flow))


def insulated_coefficient(inner: float, insulation: float, conductivity: float) -> float:
    r"""Give the loss of an insulated pipe, :math:`2 \pi \lambda / \ln(1 + 2 s / d)`. [W/(m K)]

    Diameter and thickness in m, conductivity in W/(m K).
    """
    return float(2.0 * np.pi * conductivity / np.log(1.0 + 2.0 * insulation / inner))


def loss_by_diameter(diameter: Floats | float, difference: float) -> Floats:
    r"""Give the loss of a pipe by an empirical line, :math:`\Delta T (0.16805 \ln d + 0.85684)`. [W/m]

    Inner diameter in m, difference of pipe and ground in K.

    References
    ----------
    .. [1] Centre for Sustainable Energy, THERMOS heat network optimiser, documentation of its pipe model, 2021.
    """
    return difference * (0.16805 * np.log(np.asarray(diameter, float)) + 0.85684)


def velocity_by_diameter(diameter: Floats | float) -> Floats:
    """Give a usual velocity by an empirical curve, :math:`-0.4834 + 4.7617 d^{0.3701}`. [m/s]

    Inner diameter in m.

    References
    ----------
    .. [1] Centre for Sustainable Energy, THERMOS heat network optimiser, documentation of its pipe model, 2021.
    """
    return -0.4834 + 4.7617 * np.asarray(diameter, float) ** 0.3701


def diversity(count: int) -> float:
    """Give the share of the sum of single peaks that many users reach together, :math:`0.62 + 0.38 / n`."""
    return 0.62 + 0.38 / count
