"""Heating: the temperature at which a plant gives its heat."""

import numpy as np

from energysim.declare import Component, Span, Surroundings, TemperatureSeries


def at_temperature(temperature: float | np.ndarray | None, approach: float) -> Span | None:
    """Span of heat given at one temperature through a heat exchanger; None where no temperature is known."""
    if temperature is None:
        return None
    hot = np.asarray(temperature, float) - approach
    return Span(hot, hot)


class Heating(Component):
    r"""Give heat at one temperature, less the approach of the network's heat exchanger.

    Without a temperature the heat is as hot as the network's supply, whatever that is. A cooler plant preheats: its
    heat enters the level below its temperature [1]_.

    References
    ----------
    .. [1] I. C. Kemp, Pinch Analysis and Process Integration, 2nd ed., Butterworth-Heinemann, 2007, ch. 3.
    """

    temperature: TemperatureSeries | None = None
    """Temperature at which it gives heat; the network's supply where absent."""

    def span(self, port: str, given: Surroundings) -> Span | None:
        """The heat's temperature less the approach."""
        return at_temperature(self.temperature, given.network(port).approach) if port == "heat" else None
