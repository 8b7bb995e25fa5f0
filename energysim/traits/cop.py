"""Coefficients of performance of heat pumps, hour by hour. Temperatures in degC, arrays welcome."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = float | Floats

KELVIN = 273.15

SMALLEST_LIFT = 5.0
"""Below this lift heat would be exchanged directly; a COP is held at its value there. [K]"""


@dataclass(frozen=True)
class Refrigerant:
    """Fit of Pieper for the working fluid: temperature difference and heat loss share of the ideal cycle."""

    difference: tuple[float, float, float]
    """Coefficients of ``dT_r,H = a x + b glide + c``. [K/K, K/K, K]"""
    work: tuple[float, float, float]
    """Coefficients of ``w = a x + b glide + c``. [1/K, 1/K, 1]"""


REFRIGERANTS = {
    "ammonia": Refrigerant((0.2, 0.2, 0.016), (0.0014, -0.0015, 0.039)),
    "isobutane": Refrigerant((-0.0011, 0.3, 2.4), (0.0035, -0.0033, 0.053)),
}


def log_mean(hot: Numbers, cold: Numbers) -> Numbers:
    """Give the logarithmic mean of two absolute temperatures. [K]

    Equal temperatures give themselves.

    Examples
    --------
    >>> round(float(log_mean(363.15, 323.15)), 3)
    342.761
    """
    hot, cold = np.asarray(hot, float), np.asarray(cold, float)
    ratio = np.where(hot == cold, 1.0, hot / cold)
    return np.where(hot == cold, hot, (hot - cold) / np.where(ratio == 1.0, 1.0, np.log(ratio)))


def mean_lift(source: tuple[Numbers, Numbers], sink: tuple[Numbers, Numbers]) -> Floats:
    r"""Give the difference between the log-mean temperatures of sink and source, :math:`\bar T_H - \bar T_C`. [K]

    Parameters
    ----------
    source, sink : pair of float or ndarray
        The two ends of each, in any order. [degC]

    Examples
    --------
    >>> round(float(mean_lift((15.0, 10.0), (45.0, 80.0))), 2)
    49.7
    """
    hot, cold = (log_mean(*(np.asarray(end, float) + KELVIN for end in side)) for side in (sink, source))
    return np.asarray(hot - cold)


def carnot(source_in: Numbers, sink_out: Numbers) -> Numbers:
    r"""Give the ideal COP between source inlet and sink outlet: :math:`T_{so} / (T_{so} - T_{si})`.

    Parameters
    ----------
    source_in, sink_out : float or ndarray
        Temperatures. [degC]

    Returns
    -------
    cop : same shape
        [1]

    Examples
    --------
    >>> round(float(carnot(15.0, 80.0)) / 2, 3)
    2.717
    """
    sink = np.asarray(sink_out, float) + KELVIN
    return sink / (sink - (np.asarray(source_in, float) + KELVIN))


def lorenz(source_in: Numbers, source_out: Numbers, sink_in: Numbers, sink_out: Numbers) -> Numbers:
    r"""Give the ideal COP with gliding temperatures: :math:`\bar T_H / (\bar T_H - \bar T_C)` of log means.

    The difference of the means counts as at least :data:`SMALLEST_LIFT`: near zero the formula has a pole, and below
    it a wrong sign.

    Parameters
    ----------
    source_in, source_out, sink_in, sink_out : float or ndarray
        Temperatures of the source cooled and the sink heated. [degC]

    Returns
    -------
    cop : same shape
        [1]

    Examples
    --------
    >>> round(float(lorenz(15.0, 10.0, 45.0, 80.0)), 3)
    6.747
    """
    hot = log_mean(np.asarray(sink_out, float) + KELVIN, np.asarray(sink_in, float) + KELVIN)
    return hot / np.maximum(mean_lift((source_in, source_out), (sink_in, sink_out)), SMALLEST_LIFT)


def jensen(
    source: tuple[Numbers, Numbers],
    sink: tuple[Numbers, Numbers],
    refrigerant: str = "ammonia",
    pinch: float = 5.0,
    isentropic: float = 0.8,
    heat_loss: float = 0.0,
) -> Numbers:
    r"""Estimate the COP of a one-stage heat pump from its temperatures, after Jensen and Pieper.

    The ideal gliding cycle is corrected for pinch differences, compressor efficiency and refrigerant [1]_ [2]_:

    .. math:: COP = COP_L \frac{1 + (\Delta T_{r,H} + \Delta T_{pp}) / \bar T_H}
              {1 + (\Delta T_{r,H} + \Delta T_{r,C} + 2 \Delta T_{pp}) / (\bar T_H - \bar T_C)}
              \eta_{is} (1 - w) + 1 - \eta_{is} - f_Q

    The second bracket times :math:`\bar T_H - \bar T_C` is the lift inside the cycle (:func:`cycle_lift`), which stays
    well above zero even where the means meet. It counts as at least twice the pinch plus :data:`SMALLEST_LIFT`: only a
    source far above the sink falls below, where the formula has its pole.

    Parameters
    ----------
    source : pair of float or ndarray
        Source inlet and outlet. [degC]
    sink : pair of float or ndarray
        Sink inlet and outlet. [degC]
    refrigerant : str
        ``ammonia`` or ``isobutane``.
    pinch : float
        Smallest temperature difference in the heat exchangers. [K]
    isentropic : float
        Efficiency of the compressor. [1]
    heat_loss : float
        Heat lost by the compressor over its work. [1]

    Returns
    -------
    cop : float or ndarray
        [1]

    References
    ----------
    .. [1] J. K. Jensen et al., Heat pump COP, part 2: generalized COP estimation of heat pump processes, 13th
       IIR Gustav Lorentzen Conference, 2018.
    .. [2] H. Pieper et al., Modelling framework for integration of large-scale heat pumps in district heating using
       low-temperature heat sources, Int. J. of Sustainable Energy Planning and Management 20, 2019.

    Examples
    --------
    >>> round(float(jensen((15.0, 10.0), (45.0, 80.0))), 3)
    3.275
    """
    source_out = np.asarray(source[1], float)
    sink_in, sink_out = (np.asarray(value, float) for value in sink)
    fit = REFRIGERANTS[refrigerant]
    hot = log_mean(sink_out + KELVIN, sink_in + KELVIN)
    reach = sink_out - source_out + 2.0 * pinch
    glide = sink_out - sink_in
    condenser = fit.difference[0] * reach + fit.difference[1] * glide + fit.difference[2]
    work = fit.work[0] * reach + fit.work[1] * glide + fit.work[2]
    lift = np.maximum(cycle_lift(source, sink, refrigerant, pinch), 2.0 * pinch + SMALLEST_LIFT)
    return (hot + condenser + pinch) / lift * isentropic * (1.0 - work) + 1.0 - isentropic - heat_loss


def cycle_lift(
    source: tuple[Numbers, Numbers], sink: tuple[Numbers, Numbers], refrigerant: str = "ammonia", pinch: float = 5.0
) -> Floats:
    r"""Give the lift inside the cycle of :func:`jensen`. [K]

    :math:`\bar T_H - \bar T_C + \Delta T_{r,H} + \Delta T_{r,C} + 2 \Delta T_{pp}`: from evaporation to condensation.

    Parameters
    ----------
    source, sink, refrigerant, pinch
        As for :func:`jensen`.

    Examples
    --------
    >>> round(float(cycle_lift((15.0, 10.0), (45.0, 80.0))), 1)
    85.2
    """
    source_in, source_out = (np.asarray(value, float) for value in source)
    sink_in, sink_out = (np.asarray(value, float) for value in sink)
    share, glide, constant = REFRIGERANTS[refrigerant].difference
    condenser = share * (sink_out - source_out + 2.0 * pinch) + glide * (sink_out - sink_in) + constant
    evaporator = (source_in - source_out) / 2.0
    return np.asarray(mean_lift(source, sink) + condenser + evaporator + 2.0 * pinch)


def jesper(source_in: Numbers, sink_out: Numbers) -> Numbers:
    r"""Estimate the COP of large industrial heat pumps by the regression of Jesper et al. over 33 machines [1]_.

    Up to 100 degC :math:`1.4480 \cdot 10^{12} (\Delta T + 177.46)^{-4.9460}`, above
    :math:`1.9118 (\Delta T + 0.088378)^{-0.89094} (T_{so} + 0.044189)^{0.67895}` with the sink outlet in K.
    Valid for lifts of 10 to 78 K from sources of -10 to 60 degC, above 100 degC for 25 to 95 K from 25 to 110 degC
    and up to 160 degC; a lift outside counts as the nearest one inside (see :func:`in_jesper_range`).

    Parameters
    ----------
    source_in, sink_out : float or ndarray
        Source inlet and sink outlet. [degC]

    Returns
    -------
    cop : float or ndarray
        [1]

    References
    ----------
    .. [1] M. Jesper et al., Large-scale heat pumps: uptake and performance modelling of market-available devices,
       Renewable and Sustainable Energy Reviews 137, 2021, 110646.

    Examples
    --------
    >>> round(float(jesper(20.0, 60.0)), 12)
    3.981897991955
    """
    source_in, sink_out = np.asarray(source_in, float), np.asarray(sink_out, float)
    lift = sink_out - source_in
    moderate = 1.4480e12 * (np.clip(lift, 10.0, 78.0) + 177.46) ** -4.9460
    warmth = np.maximum(sink_out, 100.0) + KELVIN
    high = 1.9118 * (np.clip(lift, 25.0, 95.0) + 0.088378) ** -0.89094 * (warmth + 0.044189) ** 0.67895
    return np.where(sink_out <= 100.0, moderate, high)


def in_jesper_range(source_in: Numbers, sink_out: Numbers) -> NDArray[np.bool_]:
    """Say where the regression of :func:`jesper` was fitted.

    Parameters
    ----------
    source_in, sink_out : float or ndarray
        Source inlet and sink outlet. [degC]

    Returns
    -------
    is_inside : ndarray of bool
        Whether lift, source and sink lie within the machines surveyed.

    Examples
    --------
    >>> bool(in_jesper_range(20.0, 60.0)), bool(in_jesper_range(-15.0, 60.0)), bool(in_jesper_range(55.0, 60.0))
    (True, False, False)
    """
    source, sink = np.asarray(source_in, float), np.asarray(sink_out, float)
    lift = sink - source
    moderate = (lift >= 10.0) & (lift <= 78.0) & (source >= -10.0) & (source <= 60.0)
    high = (lift >= 25.0) & (lift <= 95.0) & (source >= 25.0) & (source <= 110.0) & (sink <= 160.0)
    return np.where(sink <= 100.0, moderate, high)
