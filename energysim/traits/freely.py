"""Freely: a flow at the edge of what is modelled, chosen within a capacity or given as a series."""

from typing import Self

import numpy as np
from pydantic import model_validator

from energysim.declare import Component, PowerSeries, PriceSeries
from energysim.traits.availability import Availability
from energysim.traits.sizing import PowerSizing


class Freely(Component):
    r"""Choose a flow within a capacity, or follow a series.

    :math:`0 \le f_t \le a_t K`, or exactly a given series [1]_. The rules and the flow's name are the type's own.

    References
    ----------
    .. [1] S. Hilpert et al., The Open Energy Modelling Framework (oemof), Energy Strategy Reviews 22, 2018.
    """

    price: PriceSeries = 0.0
    """Of each MWh."""
    capacity: PowerSizing | None = None
    """Largest flow; unlimited where absent."""
    availability: Availability = Availability()
    """Share of the capacity that can be used."""
    fixed: PowerSeries | None = None
    """The flow itself, where it cannot be chosen."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.capacity is None and any(getattr(self, key, None) is not None for key in ("ramps", "switching")):
            raise ValueError("'ramps' and 'switching' are shares of the capacity. Give a 'capacity'.")
        self.availability.refuse_without(self.capacity)
        if self.fixed is None or self.capacity is None:
            return self
        most = self.capacity.limit
        if most is not None and float(np.max(self.fixed)) > most:
            raise ValueError(
                f"fixed reaches {float(np.max(self.fixed)):g} MW, capacity is at most {most:g} MW. "
                "Raise 'capacity' or leave it out."
            )
        return self
