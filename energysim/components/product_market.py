"""Product market: buys or sells a product or raw material by the tonne."""

from typing import Annotated, Any, ClassVar, Self

import numpy as np
from pydantic import Field, model_validator

from energysim.declare import Component, Direction, Look, Port, effect, rule
from energysim.quantities import Bounds, Series, Unit
from energysim.traits import RateSizing

PriceSeries = Annotated[float | np.ndarray, Series("money/t")]
RateSeries = Annotated[float | np.ndarray, Series("t/h", Bounds(lower=0.0))]
Mass = Annotated[float, Unit("t"), Field(ge=0)]


class ProductMarket(Component):
    r"""Trade a product counted in tonnes.

    Bought at :math:`p^b_t`, sold at :math:`p^s_t`; the demand of each hour or of the year is met [1]_.

    References
    ----------
    .. [1] H. P. Williams, Model Building in Mathematical Programming, 5th ed., Wiley, 2013, ch. 12 (food manufacture).
    """

    look: ClassVar[Look] = Look("#bc6c25", order=33)
    example: ClassVar[str] = (
        "ore_market: {type: product_market, to: ore, buying: 90 EUR/t, selling: 60 EUR/t, capacity: 100 t/h}"
    )

    bought = Port(Direction.OUT, None, "to", "Product bought.", unit="t")
    sold = Port(Direction.IN, None, "to", "Product sold or delivered.", unit="t")

    buying: PriceSeries | None = None
    """Price of a tonne bought; none can be bought where absent."""
    selling: PriceSeries = 0.0
    """Price of a tonne sold."""
    demand: RateSeries | None = None
    """What must be delivered in each hour."""
    annual: Mass | None = None
    """What must be delivered in a year, at any time."""
    capacity: RateSizing | None = None
    """Largest sale; unlimited where absent."""
    co2: Annotated[float, Unit("1"), Field(ge=0)] = 0.0
    """Tonnes of carbon dioxide behind each tonne bought."""

    @model_validator(mode="after")
    def _has_one_demand(self) -> Self:
        if self.demand is not None and self.annual is not None:
            raise ValueError("'demand' and 'annual' both say what must be delivered. Keep one of them.")
        return self

    @rule
    def buys_at_a_price(self, v: Any, t: Any) -> Any:
        """Nothing is bought where there is no price."""
        return v.bought[t] <= 0.0 if self.buying is None else None

    @rule
    def delivers(self, v: Any, t: Any) -> Any:
        """The demand of the hour is met."""
        return None if self.demand is None else v.sold[t] == v.demand[t]

    @rule(every="horizon")
    def delivers_the_year(self, v: Any) -> Any:
        """The demand of the year is met."""
        if self.annual is None:
            return None
        return v.total(lambda t: v.scale[t] * v.sold[t]) == self.annual * v.year_share

    @rule
    def within_capacity(self, v: Any, t: Any) -> Any:
        """Sales stay within the capacity."""
        return None if self.capacity is None else v.sold[t] <= v.capacity

    @effect("cost")
    def purchases(self, v: Any, t: Any) -> Any:
        """What is bought."""
        return None if self.buying is None else v.buying[t] * v.bought[t]

    @effect("cost")
    def sales(self, v: Any, t: Any) -> Any:
        """What is sold, as a negative cost."""
        return -v.selling[t] * v.sold[t]

    @effect("co2")
    def embodied(self, v: Any, t: Any) -> Any:
        """Carbon dioxide behind what is bought."""
        return self.co2 * v.bought[t] if self.co2 else None
