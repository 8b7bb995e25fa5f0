"""Stratified tank: what a cylinder of hot over cold water holds and loses."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = float | NDArray[np.float64]


@dataclass(frozen=True)
class Tank:
    r"""A standing cylinder in two zones, hot over cold.

    With diameter :math:`d`, height :math:`h`, transmittance :math:`U`, temperatures :math:`T_H, T_C` and outdoors
    :math:`T_0`, the volume is :math:`V = \pi d^2 h / 4`, the content :math:`E_N = \rho c V (T_H - T_C)`, and the loss

    .. math:: L = \beta E + \gamma E_N + \delta,\quad \beta = \frac{4 U}{d \rho c},\quad
              \gamma = \beta \frac{T_C - T_0}{T_H - T_C},\quad \delta = \frac{U \pi d^2}{4} (T_H + T_C - 2 T_0)

    by the mantle of the hot zone above the cold, the mantle of all at cold, and the two ends [1]_.

    References
    ----------
    .. [1] J. Röder et al., oemof.thermal: stratified thermal storage, 2020 (after the energy balance of the surface).
    """

    diameter: float
    """[m]"""
    height: float
    """[m]"""
    transmittance: float
    """[W/(m2 K)]"""
    hot: Numbers
    """[degC]"""
    cold: Numbers
    """[degC]"""
    outdoor: Numbers = 0.0
    """[degC]"""
    density: float = 971.8
    """[kg/m3]"""
    heat_capacity: float = 4190.0
    """[J/(kg K)]"""

    @property
    def volume(self) -> float:
        """Volume of water. [m3]"""
        return float(np.pi * self.diameter**2 * self.height / 4.0)

    @property
    def content(self) -> Numbers:
        """Heat a full tank holds above an empty one. [MWh]"""
        return self.volume * self.density * self.heat_capacity * (self.hot - self.cold) / 3.6e9

    @property
    def loss_of_level(self) -> float:
        r"""Loss for each MWh held, :math:`\beta`. [1/h]"""
        return 4.0 * self.transmittance * 3600.0 / (self.diameter * self.density * self.heat_capacity)

    @property
    def loss_of_content(self) -> Numbers:
        r"""Loss for each MWh the tank can hold, :math:`\gamma`. [1/h]"""
        return self.loss_of_level * (self.cold - self.outdoor) / (self.hot - self.cold)

    @property
    def loss_of_ends(self) -> Numbers:
        r"""Loss of roof and floor, :math:`\delta`. [MW]"""
        area = np.pi * self.diameter**2 / 4.0
        return self.transmittance * area * (self.hot + self.cold - 2.0 * self.outdoor) * 1e-6
