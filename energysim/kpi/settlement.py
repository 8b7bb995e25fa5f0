"""What a contract pays, settled on the hours of a solved plan."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from energysim.kpi.deliveries import deliveries
from energysim.kpi.tables import amount_units
from energysim.scenario.contracts import Contract
from energysim.scenario.scenario import Scenario

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Payment:
    """One item the buyer pays the seller; negative where the seller pays."""

    item: str
    amount: float
    """Over the horizon. [money]"""
    energy: float = 0.0
    """In the unit of the contract's flow. [MWh or t]"""


@dataclass(frozen=True)
class Settlement:
    """What one contract comes to."""

    contract: str
    seller: str
    buyer: str
    component: str
    ports: tuple[str, ...]
    """``component.port`` of the flows sold."""
    payments: tuple[Payment, ...]
    energy: float
    """What was delivered and is paid for. [unit]"""
    remarks: tuple[str, ...] = ()
    user: str = ""
    """Component that takes the part of these flows that is sold, where it is not all that the network takes."""
    share: Floats | None = field(default=None, compare=False, repr=False)
    """Share of these flows that the contract is about, where it is not all. (step,)"""
    unit: str = "MWh"
    """``MWh`` or ``t``."""

    def told(self) -> dict[str, Any]:
        """What is kept with the results."""
        return {name: value for name, value in asdict(self).items() if name != "share"}

    @property
    def amount(self) -> float:
        """All that the buyer pays. [money]"""
        return sum(payment.amount for payment in self.payments)

    @property
    def price(self) -> float:
        """Everything paid over what was delivered; NaN where nothing was. [money/unit]"""
        return self.amount / self.energy if self.energy > 0.0 else float("nan")


@dataclass(frozen=True)
class Saving:
    """What a flow is worth, from a plan in which it is closed."""

    without: float
    """Cost of the region without the flow. [money]"""
    with_it: float
    """Cost of the region with it. [money]"""
    seller_without: float
    """What the world outside costs the seller without it. [money]"""
    seller_with: float

    @property
    def common(self) -> float:
        """What both save together. [money]"""
        return self.without - self.with_it

    @property
    def own(self) -> float:
        """What delivering costs the seller more than not. [money]"""
        return self.seller_with - self.seller_without

    @property
    def avoided(self) -> float:
        """What all others save, before they pay the seller. [money]"""
        return self.common + self.own


def settle(
    results: xr.Dataset, scenario: Scenario, savings: Mapping[str, Saving] | None = None
) -> dict[str, Settlement]:
    """Settle every contract of a scenario on its solved plan.

    Parameters
    ----------
    results : xarray.Dataset
        Of the run.
    scenario : Scenario
        With the contracts.
    savings : mapping of contract to Saving, optional
        Needed by the ways that compare with a plan without the flow; where missing these are settled at the marginal
        price and say so.

    Returns
    -------
    settlements : dict of str to Settlement
    """
    savings = savings or {}
    routes = {name: one.route(scenario.components) for name, one in scenario.contracts.items() if one.to is not None}
    delivered = deliveries(results, routes)
    return {
        name: _settled(_Case(results, scenario, contract, savings.get(name), delivered.get(name)), name)
        for name, contract in scenario.contracts.items()
    }


def _settled(case: "_Case", name: str) -> Settlement:
    contract, saving = case.contract, case.saving
    payments = [case.for_energy(), *case.for_capacity(), *case.for_connection()]
    payments += [*case.for_missing(), *case.for_failing()]
    remarks = []
    if contract.price.way in ("alternative_cost", "share_of_saving") and saving is None:
        remarks.append(
            f"Contract {name}: its price needs a plan without the flow; it is settled at the marginal price here."
        )
    if case.too_cold > 0.0:
        remarks.append(
            f"Contract {name}: {case.too_cold:,.0f} MWh colder than {contract.temperature:g} degC are not paid."
        )
    paid = tuple(payment for payment in payments if payment.amount)
    energy = float(case.flow @ case.scale)
    parties = (name, contract.seller, contract.buyer, contract.component, case.ports)
    if contract.to is None:
        return Settlement(*parties, paid, energy, tuple(remarks), unit=case.unit)
    return Settlement(*parties, paid, energy, tuple(remarks), contract.to.partition(".")[0], case.share, case.unit)


class _Case:
    """One contract on the hours of one plan."""

    def __init__(
        self,
        results: xr.Dataset,
        scenario: Scenario,
        contract: Contract,
        saving: Saving | None,
        delivered: Floats | None,
    ) -> None:
        self.results, self.scenario, self.contract, self.saving = results, scenario, contract, saving
        self.ports = tuple(f"{contract.component}.{port}" for port in contract.ports(scenario.components))
        self.scale = (results.hours * results.weight).values
        self.unit = str(amount_units(results.sel(port=[self.ports[0]]))[0])
        whole = results.flow.sel(port=list(self.ports)).values.sum(axis=0)
        moved = float(whole @ self.scale)
        self.share = np.ones(len(self.scale))
        if delivered is not None:
            self.share = np.divide(delivered, whole, out=np.zeros(len(whole)), where=whole > 0.0)
            whole = delivered
        # A plan without the flow closes all of it: the contract's part of the saving is its part of the energy.
        self.part = float(whole @ self.scale) / moved if moved > 0.0 else 1.0
        warm = self._hot_enough()
        self.flow = whole * warm
        self.too_cold = float((whole * (1.0 - warm)) @ self.scale)

    def for_energy(self) -> Payment:
        """What is paid for the energy."""
        price, energy = self.contract.price, float(self.flow @ self.scale)
        if price.way == "share_of_saving" and self.saving is not None:
            amount = self.saving.own + float(price.share_of_saving or 0.0) * self.saving.common
            return Payment("share of the saving", self.part * amount, energy)
        if price.way == "alternative_cost" and self.saving is not None:
            amount = float(price.alternative_cost or 0.0) * self.saving.avoided
            return Payment("replaced production", self.part * amount, energy)
        if price.way == "fixed":
            each: Any = price.fixed
        elif price.indexed is not None:
            each = price.indexed.base * np.asarray(price.indexed.index, float)
        else:
            factor = 1.0 if price.marginal is None else price.marginal
            return Payment("energy at the marginal price", factor * self._at_the_margin(), energy)
        return Payment("energy", float((self.flow * each) @ self.scale), energy)

    def for_capacity(self) -> list[Payment]:
        """What is paid for the largest flow."""
        fee = self.contract.price.capacity
        if not fee:
            return []
        share = float(self.results.attrs["year_share"])
        return [Payment("capacity", fee * float(np.max(self.flow, initial=0.0)) * share)]

    def for_connection(self) -> list[Payment]:
        """The other party's part of the yearly cost of the connection."""
        agreed = self.contract.connection
        if agreed is None:
            return []
        owner = self.scenario.components[self.contract.component].owner
        is_sellers = owner == self.contract.seller
        if isinstance(agreed, str):
            part = float(agreed != ("seller" if is_sellers else "buyer"))
        else:
            part = agreed.buyer if is_sellers else agreed.seller
        own = (self.results.booking_component == self.contract.component) & (self.results.booking_every == "year")
        cost = float(self.results.booking.values[(own & (self.results.booking_effect == "cost")).values].sum())
        return [Payment("connection", part * cost * (1.0 if is_sellers else -1.0))]

    def for_missing(self) -> list[Payment]:
        """What the buyer pays for what it did not take."""
        agreed = self.contract.take_or_pay
        if agreed is None:
            return []
        least = agreed.energy * float(self.results.attrs["year_share"])
        missing = max(0.0, least - float(self.flow @ self.scale))
        return [Payment("not taken", agreed.price * missing)]

    def for_failing(self) -> list[Payment]:
        """What the seller pays for power it promised and could not give."""
        agreed = self.contract.availability
        if agreed is None:
            return []
        component = self.scenario.components[self.contract.component]
        share = getattr(component, "availability", None)
        could = np.broadcast_to(np.asarray(1.0 if share is None else share.share, float), len(self.scale))
        hours = float(self.scale.sum())
        short = max(0.0, agreed.at_least * hours - float(could @ self.scale)) * agreed.power
        return [Payment("availability below the promise", -agreed.penalty * short)]

    def _at_the_margin(self) -> float:
        """Worth of the flow paid for, at the marginal prices of the levels it meets. [money]"""
        results, total = self.results, 0.0
        hot = self._hot_enough() * self.share * self.scale
        landed = results.landing_port.values.tolist()
        for port in self.ports:
            places = [number for number, one in enumerate(landed) if one == port]
            if places:
                for place in places:
                    level = str(results.landing_heat_level.values[place])
                    price = np.nan_to_num(results.level_price.sel(heat_level=level).values)
                    total += float((results.level_flow.values[place] * price) @ hot)
            else:
                network = str(results.network.sel(port=port).item())
                price = np.nan_to_num(results.price.sel(node=network).values)
                total += float((results.flow.sel(port=port).values * price) @ hot)
        return total

    def _hot_enough(self) -> np.ndarray:
        """Hours in which the flow is as hot as agreed: where it lands on levels up to that temperature. (step,)"""
        asked = self.contract.temperature
        if asked is None:
            return np.ones(len(self.scale))
        results = self.results
        hottest = np.full(len(self.scale), -np.inf)
        for number, port in enumerate(results.landing_port.values.tolist()):
            if port in self.ports:
                level = str(results.landing_heat_level.values[number])
                used = results.level_flow.values[number] > 1e-9
                hottest = np.where(used, np.maximum(hottest, results.level_top.sel(heat_level=level).values), hottest)
        for port in self.ports:
            if port not in set(results.landing_port.values.tolist()):
                supply = results.supply.sel(node=str(results.network.sel(port=port).item())).values
                hottest = np.maximum(hottest, np.where(np.isnan(supply), np.inf, supply))
        return (hottest >= asked - 1e-6).astype(float)
