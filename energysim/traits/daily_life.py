"""Daily life: how heat and electricity of homes and services run through hours, days and seasons."""

import numpy as np

from energysim.declare import Array, Surroundings

# Hour-of-day factors of a real heat network of 1.1 TWh a year (Flensburg 2014-2016), means by local hour [1].
# fmt: off
WINTER_DAY = np.array([
    0.85, 0.84, 0.86, 0.88, 0.92, 0.97, 1.03, 1.09, 1.10, 1.11, 1.09, 1.06,
    1.04, 1.03, 1.03, 1.03, 1.05, 1.07, 1.08, 1.06, 1.03, 0.99, 0.94, 0.88,
])
SUMMER_DAY = np.array([
    0.97, 0.96, 0.95, 0.96, 0.98, 1.02, 1.05, 1.09, 1.09, 1.07, 1.05, 1.02,
    1.01, 1.00, 0.99, 0.97, 0.96, 0.97, 0.97, 0.98, 0.99, 0.99, 0.99, 0.97,
])
# Electricity of homes without heating (H0) and of services (G0): BDEW standard load profiles [2], as factors of the
# hour on working days, of the hour at weekends, and of the month.
HOME_DAY = np.array([
    0.58, 0.43, 0.39, 0.37, 0.38, 0.46, 0.82, 1.14, 1.21, 1.17, 1.13, 1.14,
    1.27, 1.24, 1.09, 0.98, 0.95, 1.08, 1.34, 1.54, 1.47, 1.32, 1.15, 0.87,
])
HOME_WEEKEND = np.array([
    0.69, 0.52, 0.42, 0.39, 0.38, 0.39, 0.46, 0.66, 1.00, 1.32, 1.49, 1.62,
    1.68, 1.51, 1.30, 1.17, 1.11, 1.23, 1.45, 1.59, 1.46, 1.26, 1.15, 0.92,
])
HOME_MONTH = np.array([1.199, 1.168, 1.1, 1.014, 0.922, 0.859, 0.821, 0.841, 0.891, 0.979, 1.055, 1.161])
SERVICE_DAY = np.array([
    0.56, 0.49, 0.45, 0.46, 0.54, 0.61, 0.68, 0.93, 1.51, 1.84, 1.87, 1.92,
    1.79, 1.52, 1.44, 1.57, 1.61, 1.59, 1.30, 0.91, 0.79, 0.74, 0.68, 0.64,
])
SERVICE_WEEKEND = np.array([
    0.60, 0.56, 0.50, 0.48, 0.48, 0.50, 0.54, 0.72, 0.94, 1.05, 1.11, 1.16,
    1.16, 1.06, 0.85, 0.68, 0.61, 0.67, 0.73, 0.75, 0.76, 0.72, 0.65, 0.58,
])
SERVICE_MONTH = np.array([1.047, 1.037, 1.009, 1.003, 0.986, 0.945, 0.97, 0.964, 0.969, 1.006, 1.038, 1.028])
# Charging of cars by the hour: on arrival most plug in from 16 to 18 and are full by midnight [3], rounded by us; at
# night they wait for 22 o'clock; spread is what a fleet steered flat would take.
CHARGING = {
    "on_arrival": np.array([
        0.9, 0.5, 0.3, 0.2, 0.2, 0.2, 0.3, 0.5, 0.6, 0.6, 0.6, 0.6,
        0.7, 0.8, 1.0, 1.4, 2.0, 2.4, 2.3, 2.1, 1.8, 1.6, 1.4, 1.1,
    ]),
    "at_night": np.array([
        2.4, 2.4, 2.4, 2.2, 1.8, 1.2, 0.6, 0.4, 0.3, 0.3, 0.3, 0.3,
        0.3, 0.3, 0.3, 0.3, 0.4, 0.5, 0.5, 0.5, 0.6, 0.9, 2.4, 2.4,
    ]),
    "spread": np.ones(24),
}
# fmt: on
# [1] J. Geis, load of the district heating network of Flensburg 2014-2016.
# [2] BDEW, standard load profiles, 1999, as in demandlib 0.2.2: H0 made dynamic; means by hour and month of a year.
# [3] A. L. Sorensen et al., residential charging in Trondheim, Energy and Buildings 241, 2021.


def smoothed(values: Array, time_constant: float) -> Array:
    r"""Average exponentially over the past, the year closed to a ring.

    The kernel :math:`\alpha (1 - \alpha)^k` with :math:`\alpha = 1 - e^{-1/\tau}` is applied by Fourier transform.

    Parameters
    ----------
    values : ndarray (hour,)
        Any hourly values.
    time_constant : float
        How long the past counts. [h]

    Returns
    -------
    values : ndarray (hour,)
    """
    lags = np.arange(len(values))
    kernel = np.exp(-lags / time_constant)
    kernel /= kernel.sum()
    return np.fft.irfft(np.fft.rfft(values) * np.fft.rfft(kernel), len(values))


def degrees_below(given: Surroundings, threshold: float, time_constant: float, is_usual: bool = False) -> Array:
    """How far the smoothed outdoor temperature lies below the heating threshold. [K] (hour of the years,)

    Parameters
    ----------
    given : Surroundings
    threshold : float
        [degC]
    time_constant : float
        Of the buildings. [h]
    is_usual : bool
        Of the place's normal year instead of the year itself.

    Raises
    ------
    ValueError
        Where it never does, so that nothing could be spread by it.
    """
    felt = given.shared(
        ("smoothed", time_constant, is_usual),
        lambda: smoothed(given.usual_year if is_usual else given.outdoor_year, time_constant),
    )
    degrees = np.maximum(0.0, threshold - felt)
    if degrees.sum() == 0.0:
        raise ValueError("its place is never colder than the heating threshold, so there is nothing to spread by.")
    return degrees


def heating_rhythm(given: Surroundings, weekend: float) -> Array:
    """Factors of the hour on space heating, which is lower at weekends. (hour of the years,)"""
    calendar = given.year_calendar
    return WINTER_DAY[calendar.local_hour] * np.where(calendar.weekday >= 5, 1.0 - weekend, 1.0)


def electric_rhythm(given: Surroundings, day: Array, weekend: Array, month: Array) -> Array:
    """Load over its mean from factors of hour, weekend and month. (hour of the years,)"""
    calendar = given.year_calendar
    hour = calendar.local_hour
    shape = np.where(calendar.weekday >= 5, weekend[hour], day[hour]) * month[calendar.month - 1]
    return np.asarray(shape / shape.mean())
