"""Between which prices a flow leaves seller and buyer better off than without it."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import xarray as xr

from energysim.scenario.scenario import Scenario
from energysim.study.settled import flows_of
from energysim.symbiosis.coalitions import Costs, Crossing, Flow, pairs_of


@dataclass(frozen=True)
class PriceRange:
    """Between which prices a flow leaves seller and buyer better off than without it."""

    seller: str
    buyer: str
    contract: str
    """Name of the contract, empty where there is none."""
    energy: float
    """What flows. [unit]"""
    floor: float
    """What delivering a unit costs the seller. [money/unit]"""
    ceiling: float
    """What a unit saves the buyer and those it passes the flow on to. [money/unit]"""
    agreed: float
    """What the contract comes to; NaN without one. [money/unit]"""
    unit: str = "MWh"
    """``MWh`` or ``t``."""

    @property
    def suits_both(self) -> bool:
        """Whether there is a price at which both gain."""
        return self.floor <= self.ceiling + 1e-9 * max(1.0, abs(self.ceiling))

    @property
    def gap(self) -> float:
        """What is missing to such a price; negative for the room there is. [money/unit]"""
        return self.floor - self.ceiling


def price_ranges(
    scenario: Scenario,
    results: xr.Dataset,
    found: list[Crossing],
    costs: Mapping[tuple[Any, ...], Costs],
) -> Iterator[PriceRange]:
    """Work out the range of every contract, and of every pair that shares without one."""
    together = costs["all",]
    settled = agreed_prices(results)
    covered: set[Flow] = set()
    for name, contract in scenario.contracts.items():
        flows = flows_of(scenario, name)
        covered |= flows
        parties = (contract.seller, contract.buyer)
        own = _range(parties, name, flows, (costs["contract", name], together), settled.get(name, math.nan))
        yield replace(own, unit=_unit(results, flows))
    for pair, flows in pairs_of(found).items():
        if not flows & covered:
            own = _range(pair, "", flows, (costs["pair", *pair], together), math.nan)
            yield replace(own, unit=_unit(results, flows))


def _range(
    parties: tuple[str, str], contract: str, flows: frozenset[Flow], plans: tuple[Costs, Costs], agreed: float
) -> PriceRange:
    r"""Floor and ceiling of one flow: the seller's own cost, and what all others save, each over the energy.

    :math:`p_{min} = (K_{with} - K_{without}) / Q` of the seller and
    :math:`p_{max} = (C_{without} - C_{with}) / Q + p_{min}`.
    """
    without, with_it = plans
    seller = parties[0]
    energy = sum(with_it.energy.get(flow, 0.0) for flow in flows)
    own = with_it.by_owner.get(seller, 0.0) - without.by_owner.get(seller, 0.0)
    common = without.total - with_it.total
    if energy <= 1e-6:
        return PriceRange(*parties, contract, 0.0, math.nan, math.nan, math.nan)
    return PriceRange(*parties, contract, energy, own / energy, (common + own) / energy, agreed)


def _unit(results: xr.Dataset, flows: frozenset[Flow]) -> str:
    """What flows are counted in; tonnes only where all of them are."""
    units = {str(results.port_unit.sel(port=".".join(flow)).item()) for flow in flows}
    return "t" if units == {"t/h"} else "MWh"


def agreed_prices(results: xr.Dataset) -> dict[str, float]:
    """Read the mean price of each settled contract. [money for a MWh or t]"""
    found = {}
    for name, one in json.loads(results.attrs.get("contracts", "{}")).items():
        paid = sum(payment["amount"] for payment in one["payments"])
        found[name] = paid / one["energy"] if one["energy"] > 0.0 else math.nan
    return found
