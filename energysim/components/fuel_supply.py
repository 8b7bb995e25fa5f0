"""Fuel supply: brings a fuel into the system at a price."""

from typing import Any, ClassVar, Self

from pydantic import model_validator

from energysim.declare import Component, Direction, Energy, Look, Port, Power, PriceSeries, effect, rule


class FuelSupply(Component):
    r"""Buy a fuel.

    Cost :math:`p_t f_t` for the flow :math:`f_t`, within a power limit and, where given, a yearly amount:
    :math:`\sum_t w_t \Delta t\, f_t \le F` [1]_. A negative price is a gate fee, as for waste.

    References
    ----------
    .. [1] H. P. Williams, Model Building in Mathematical Programming, 5th ed., Wiley, 2013, ch. 3.
    """

    look: ClassVar[Look] = Look("#6b4f2a", order=20)
    example: ClassVar[str] = (
        "chip_market: {type: fuel_supply, to: wood_chips, price: 30 EUR/MWh, annual_limit: 500 GWh}"
    )

    fuel = Port(Direction.OUT, "fuel", "to", "Fuel delivered, by lower heating value.")

    price: PriceSeries
    """Price per MWh of lower heating value, delivered."""
    limit: Power | None = None
    """Largest flow."""
    annual_limit: Energy | None = None
    """Most that can be had over the horizon's year; a shorter horizon gets its share."""
    annual_minimum: Energy | None = None
    """Least that must be taken over the horizon's year."""

    @model_validator(mode="after")
    def _has_room(self) -> Self:
        least, most = self.annual_minimum, self.annual_limit
        if least is not None and most is not None and least > most:
            raise ValueError(
                f"annual_minimum {least:g} MWh is above annual_limit {most:g} MWh. "
                "Lower the minimum or raise the limit."
            )
        return self

    @rule
    def within_limit(self, v: Any, t: Any) -> Any:
        """The flow stays within its limit."""
        return None if self.limit is None else v.fuel[t] <= self.limit

    @rule(every="horizon")
    def within_annual_limit(self, v: Any) -> Any:
        """No more is taken than can be had."""
        return None if self.annual_limit is None else self._taken(v) <= self.annual_limit * v.year_share

    @rule(every="horizon")
    def above_annual_minimum(self, v: Any) -> Any:
        """No less is taken than agreed."""
        return None if self.annual_minimum is None else self._taken(v) >= self.annual_minimum * v.year_share

    @effect("cost")
    def fuel_bought(self, v: Any, t: Any) -> Any:
        """The fuel at its price."""
        return v.price[t] * v.fuel[t]

    def _taken(self, v: Any) -> Any:
        return v.total(lambda t: v.hours[t] * v.weight[t] * v.fuel[t])
