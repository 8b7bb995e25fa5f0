"""Electricity market: buys and sells power at the price of the hour."""

from typing import Any, ClassVar

from energysim.declare import (
    Component,
    Direction,
    EmissionSeries,
    FactorSeries,
    Fee,
    Look,
    Port,
    Price,
    PriceSeries,
    effect,
    measure,
    rule,
)
from energysim.traits import PowerSizing


class ElectricityMarket(Component):
    r"""Connect an electricity network to the market.

    Buying costs :math:`(p_t + a + \tau + g)\,b_t` with price, trade margin :math:`a`, energy tax :math:`\tau` and
    grid energy fee :math:`g`; selling earns :math:`(p_t - a)\,s_t` [1]_. Bought power carries the emission factor
    of the mix, booked as ``co2_electricity``.

    References
    ----------
    .. [1] Energimarknadsinspektionen, Elmarknader och elnät, R2023:1, ch. 2 (parts of an electricity bill).
    """

    look: ClassVar[Look] = Look("#3a6ea5", order=30)
    example: ClassVar[str] = (
        "spot: {type: electricity_market, to: grid, price: 40 EUR/MWh, buy_limit: 100 MW, sell_limit: 50 MW, "
        "tax: 5 EUR/MWh}"
    )

    buy = Port(Direction.OUT, "electricity", "to", "Power bought.")
    sell = Port(Direction.IN, "electricity", "to", "Power sold.")

    price: PriceSeries
    """Market price of each hour."""
    buy_limit: PowerSizing | None = None
    """Largest purchase; unlimited where absent."""
    sell_limit: PowerSizing | None = None
    """Largest sale; unlimited where absent, 0 MW for none."""
    margin: Fee = 0.0
    """Trader's margin, paid on what is bought and kept from what is sold."""
    tax: Price = 0.0
    """Energy tax on what is bought; in a scenario also by ``tax_class``, from the catalogue."""
    grid_fee: Fee = 0.0
    """Energy fee of the grid on what is bought."""
    co2: EmissionSeries = 0.0
    """Emission factor of the power bought, mean of where it is made; for accounts."""
    co2_residual: EmissionSeries = 0.0
    """Emission factor of what is left when labelled power is taken out; for accounts by the market."""
    co2_marginal: EmissionSeries = 0.0
    """Emission of the plant that answers to one more MWh; for the consequences of a decision, never for accounts."""
    primary_energy: FactorSeries = 1.8
    """Primary energy for each MWh bought."""

    @rule
    def buys_within_limit(self, v: Any, t: Any) -> Any:
        """Purchases stay within their limit."""
        return None if self.buy_limit is None else v.buy[t] <= v.buy_limit

    @rule
    def sells_within_limit(self, v: Any, t: Any) -> Any:
        """Sales stay within their limit."""
        return None if self.sell_limit is None else v.sell[t] <= v.sell_limit

    @effect("cost")
    def power_bought(self, v: Any, t: Any) -> Any:
        """Purchases at the market price and margin."""
        return (v.price[t] + self.margin) * v.buy[t]

    @effect("cost")
    def power_sold(self, v: Any, t: Any) -> Any:
        """Sales at the market price less the margin, as a negative cost."""
        return (self.margin - v.price[t]) * v.sell[t]

    @effect("cost", paid_as="tax")
    def energy_tax(self, v: Any, t: Any) -> Any:
        """Tax on purchases."""
        return self.tax * v.buy[t] if self.tax else None

    @effect("cost", paid_as="tariff")
    def grid_energy_fee(self, v: Any, t: Any) -> Any:
        """Grid fee on purchases."""
        return self.grid_fee * v.buy[t] if self.grid_fee else None

    @effect("co2_electricity")
    def purchased_emissions(self, v: Any, t: Any) -> Any:
        """Carbon dioxide of the power bought, where it was made."""
        return v.co2[t] * v.buy[t]

    @effect("co2_residual_mix")
    def purchased_by_market(self, v: Any, t: Any) -> Any:
        """Carbon dioxide of the power bought, by the residual mix."""
        return v.co2_residual[t] * v.buy[t]

    @effect("co2_consequence")
    def consequence(self, v: Any, t: Any) -> Any:
        """Carbon dioxide that one MWh more or less causes elsewhere, of purchases less sales."""
        return v.co2_marginal[t] * (v.buy[t] - v.sell[t])

    @effect("primary_energy")
    def primary(self, v: Any, t: Any) -> Any:
        """Primary energy of the power bought."""
        return v.primary_energy[t] * v.buy[t]

    @measure("MW")
    def peak_purchase(self, v: Any, t: Any) -> Any:
        """Largest purchase in any step."""
        return float(v.buy[t].max())
