"""Electricity demand: a series, or a year's energy with a shape."""

from typing import Any, ClassVar, Self

import numpy as np
from pydantic import model_validator

from energysim.declare import (
    Array,
    Component,
    Direction,
    Energy,
    FactorSeries,
    Look,
    Port,
    PowerSeries,
    Surroundings,
    derived,
    flow,
)


class ElectricityDemand(Component):
    r"""Draw electricity that has to be served.

    Either a series of power, or a year's energy :math:`E` spread by a shape: :math:`p_t = E\, s_t / H` over the year's
    :math:`H` hours, where the shape's mean over the year is 1; without a shape the load is flat, as of a data centre
    or an electrolyser [1]_.

    References
    ----------
    .. [1] A. J. Wood, B. F. Wollenberg, G. B. Sheble, Power Generation, Operation and Control, 3rd ed., 2014, ch. 12.
    """

    look: ClassVar[Look] = Look("#333366", order=1)
    example: ClassVar[str] = "homes: {type: electricity_demand, to: grid, annual: 120 GWh}"
    wanted: ClassVar[tuple[str, ...]] = ("annual", "load")

    power = Port(Direction.IN, "electricity", "to", "Power delivered to users.", is_end_use=True)

    annual: Energy | None = None
    """Energy delivered in a year."""
    load: PowerSeries | None = None
    """Power of each hour, instead of a year's energy."""
    shape: FactorSeries = 1.0
    """Load over its yearly mean."""

    @model_validator(mode="after")
    def _has_one_size(self) -> Self:
        if (self.annual is None) == (self.load is None):
            raise ValueError(
                "it needs either 'annual', such as 120 GWh, or 'load', a series of power. Give one of them."
            )
        return self

    @derived("MW")
    def demand(self, given: Surroundings) -> Array | float:
        """Power delivered in each step."""
        if self.load is not None:
            return self.load
        assert self.annual is not None
        hours = len(given.year_calendar.month)
        shape = np.broadcast_to(self.shape, given.hours.shape)
        mean = float(np.average(shape, weights=given.hours))
        is_whole = np.ndim(self.shape) == 0 or given.hours.sum() >= 8759.0
        if is_whole and abs(mean - 1.0) > 0.01:
            raise ValueError(
                f"its 'shape' has a mean of {mean:.4g} over the year, so it would draw {mean:.4g} times 'annual'. "
                "A shape is load over mean load. Divide it by its mean, or give the power itself as 'load'."
            )
        return self.annual * given.years / hours * np.asarray(self.shape)

    @flow("power")
    def delivered(self, v: Any, t: Any) -> Any:
        """What users draw is their demand."""
        return v.demand[t]
