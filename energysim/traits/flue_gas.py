"""Flue-gas condensation: the heat in the moisture of the fuel, by how cold the return is."""

import numpy as np
from numpy.typing import NDArray

Floats = float | NDArray[np.float64]

DRY_HEATING_VALUE = 19.0
"""Lower heating value of dry wood. [MJ/kg]"""
CARBON, HYDROGEN, OXYGEN = 0.50, 0.06, 0.435
"""Mass shares in dry wood."""
LATENT = 2.443
"""Heat of evaporation of water at 25 degC. [MJ/kg]"""
AIR_HUMIDITY = 0.0098
"""Moles of water in each mole of dry air: 6 g/kg, as at 15 degC and 60 % relative humidity."""
_PRESSURE = 101.325
"""[kPa]"""
_WATER = 18.015e-3
"""[kg/mol]"""


def moist_heating_value(moisture: float) -> float:
    """Give the lower heating value of wood with a mass share of water. [MJ/kg]

    Examples
    --------
    >>> round(moist_heating_value(0.5), 2)
    8.28
    """
    return DRY_HEATING_VALUE * (1.0 - moisture) - LATENT * moisture


def saturation_pressure(temperature: Floats) -> Floats:
    """Give the pressure of saturated steam at a temperature [degC], after Magnus. [kPa]

    References
    ----------
    .. [1] O. A. Alduchov, R. E. Eskridge, Improved Magnus form approximation of saturation vapor pressure, Journal of
       Applied Meteorology 35, 1996.
    """
    celsius = np.asarray(temperature, float)
    return 0.61094 * np.exp(17.625 * celsius / (celsius + 243.04))


def dew_point(moisture: float, excess_air: float = 1.3) -> float:
    """Give the temperature at which the flue gas of moist wood begins to condense. [degC]"""
    dry, vapour = _flue_gas(moisture, excess_air)
    partial = _PRESSURE * vapour / (dry + vapour)
    logarithm = np.log(partial / 0.61094)
    return float(243.04 * logarithm / (17.625 - logarithm))


def recovered(outlet: Floats, moisture: float, inlet: float = 150.0, excess_air: float = 1.3) -> Floats:
    r"""Give the heat of cooling the flue gas, over the lower heating value of the fuel.

    Sensible heat of gas and vapour from ``inlet`` to ``outlet`` and the latent heat of the vapour above saturation at
    the outlet,

    .. math:: \varphi = \frac{c_g (T_i - T_o) + r\,(x - x_s(T_o))^+}{h_u}

    with :math:`x_s = \frac{M_w}{M_g} \frac{p_s}{p - p_s}` on dry gas [1]_. A boiler's own efficiency must then be
    quoted to flue gas at ``inlet``.

    Parameters
    ----------
    outlet : float or ndarray
        Temperature of the gas after the condenser, some 5 K above the return. [degC]
    moisture : float
        Mass share of water in the fuel.
    inlet : float
        Temperature of the gas before it. [degC]
    excess_air : float
        Air over the least that burns the fuel.

    Returns
    -------
    share : float or ndarray

    References
    ----------
    .. [1] S. van Loo, J. Koppejan, The Handbook of Biomass Combustion and Co-firing, Earthscan, 2008, ch. 5.
    """
    dry, vapour = _flue_gas(moisture, excess_air)
    celsius = np.asarray(outlet, float)
    pressure = saturation_pressure(celsius)
    is_dry = pressure * (dry + vapour) >= _PRESSURE * vapour
    left = np.where(is_dry, vapour, dry * pressure / np.where(is_dry, 1.0, _PRESSURE - pressure))
    sensible = (dry * 30.6 + vapour * 33.9) * (inlet - celsius) * 1e-6
    latent = (vapour - left) * _WATER * (2.501 - 0.00238 * celsius)
    per_kilogram = (1.0 - moisture) * (sensible + latent)
    return per_kilogram / moist_heating_value(moisture)


def _flue_gas(moisture: float, excess_air: float) -> tuple[float, float]:
    """Moles of dry gas and of vapour for each kilogram of dry wood."""
    carbon, hydrogen, oxygen = CARBON / 12.011e-3, HYDROGEN / 2.016e-3, OXYGEN / 31.998e-3
    needed = carbon + 0.5 * hydrogen - oxygen
    air = excess_air * needed / 0.21
    dry = carbon + 0.79 * air + (excess_air - 1.0) * needed
    return dry, hydrogen + moisture / (1.0 - moisture) / _WATER + AIR_HUMIDITY * air
