"""Hydrogen: density, what a cavern holds, and the work of compression."""

import numpy as np
from numpy.typing import NDArray

Floats = float | NDArray[np.float64]

LHV, HHV = 33.33, 39.41
"""Lower and higher heating value. [kWh/kg]"""
_MOLAR_MASS = 2.01588e-3
"""[kg/mol]"""
_GAS_CONSTANT = 8.314472
"""[J/(mol K)]"""
_SPECIFIC_GAS_CONSTANT = _GAS_CONSTANT / _MOLAR_MASS
_ISENTROPIC = 1.41
"""Ratio of specific heats at room temperature."""
_VIRIAL = (
    (0.05888460, 1.325, 1.0),
    (-0.06136111, 1.87, 1.0),
    (-0.002650473, 2.5, 2.0),
    (0.002731125, 2.8, 2.0),
    (0.001802374, 2.938, 2.42),
    (-0.001150707, 3.14, 2.63),
    (0.9588528e-4, 3.37, 3.0),
    (-0.1109040e-6, 3.75, 4.0),
    (0.1264403e-9, 4.0, 5.0),
)
"""Coefficient, exponent of 100 K over temperature, exponent of pressure in MPa."""


def compressibility(pressure: Floats, temperature: Floats) -> Floats:
    r"""Give the compressibility factor of normal hydrogen.

    :math:`Z = 1 + \sum_i a_i (100\,K/T)^{b_i} (p/1\,MPa)^{c_i}`, within 0.01 % from 220 to 1000 K up to 700 bar [1]_.

    Parameters
    ----------
    pressure : float or ndarray
        [bar]
    temperature : float or ndarray
        [degC]

    Returns
    -------
    factor : float or ndarray

    References
    ----------
    .. [1] E. W. Lemmon, M. L. Huber, J. W. Leachman, Revised standardized equation for hydrogen gas densities for fuel
       consumption applications, Journal of Research of NIST 113, 2008.
    """
    kelvin, mega = np.asarray(temperature, float) + 273.15, np.asarray(pressure, float) * 0.1
    return 1.0 + sum(a * (100.0 / kelvin) ** b * mega**c for a, b, c in _VIRIAL)


def density(pressure: Floats, temperature: Floats) -> Floats:
    """Give the density of hydrogen at a pressure [bar] and temperature [degC]. [kg/m3]

    Examples
    --------
    >>> round(float(density(200.0, 20.0)), 2)
    14.71
    """
    kelvin = np.asarray(temperature, float) + 273.15
    factor = compressibility(pressure, temperature)
    return np.asarray(pressure, float) * 1e5 / (factor * _SPECIFIC_GAS_CONSTANT * kelvin)


def working_gas(volume: float, lowest: float, highest: float, temperature: float) -> float:
    """Give what a cavern of a volume [m3] holds between two pressures [bar], by lower heating value. [MWh]"""
    held = density(highest, temperature) - density(lowest, temperature)
    return float(volume * held * LHV * 1e-3)


def cushion_gas(volume: float, lowest: float, temperature: float) -> float:
    """Give the gas that stays in a cavern at its lowest pressure, by lower heating value. [MWh]"""
    return float(volume * density(lowest, temperature) * LHV * 1e-3)


def compression_work(
    inlet: float, outlet: float, stages: int = 3, efficiency: float = 0.75, temperature: float = 20.0
) -> float:
    r"""Give the work of compressing a kilogram in stages, cooled between them.

    :math:`w = \frac{n}{\eta} \frac{\kappa}{\kappa - 1} \bar Z R T \left[(p_2/p_1)^{(\kappa - 1)/(n \kappa)} - 1\right]`
    with the mean compressibility of inlet and outlet [1]_.

    Parameters
    ----------
    inlet, outlet : float
        Pressures. [bar]
    stages : int
        Stages of equal pressure ratio.
    efficiency : float
        Isentropic efficiency.
    temperature : float
        Temperature at the inlet of each stage. [degC]

    Returns
    -------
    work : float
        [kWh/kg]

    References
    ----------
    .. [1] Y. A. Cengel, M. A. Boles, Thermodynamics, 8th ed., McGraw-Hill, 2015, ch. 7 (multistage compression).
    """
    exponent = (_ISENTROPIC - 1.0) / _ISENTROPIC
    factor = 0.5 * float(compressibility(inlet, temperature) + compressibility(outlet, temperature))
    rise = (outlet / inlet) ** (exponent / stages) - 1.0
    joules = stages / exponent * factor * _SPECIFIC_GAS_CONSTANT * (temperature + 273.15) * rise / efficiency
    return joules / 3.6e6
