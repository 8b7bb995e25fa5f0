"""Between which prices a flow leaves seller and buyer better off than without it."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import xarray as xr

from energysim.scenario.scenario import Scenario
from energysim.symbiosis.coalitions import Costs, Crossing, Flow, pairs_of

Closed = frozenset[Flow]


@dataclass(frozen=True)
class PriceRange:
    """Between which prices a flow leaves seller and buyer better off than without it."""

    seller: str
    buyer: str
    contract: str
    """Name of the contract, empty where there is none."""
    energy: float
    """[MWh]"""
    floor: float
    """What delivering a MWh costs the seller. [money/MWh]"""
    ceiling: float
    """What a MWh saves the buyer and those it passes the heat on to. [money/MWh]"""
    agreed: float
    """What the contract comes to; NaN without one. [money/MWh]"""

    @property
    def suits_both(self) -> bool:
        """Whether there is a price at which both gain."""
        return self.floor <= self.ceiling + 1e-9 * max(1.0, abs(self.ceiling))

    @property
    def gap(self) -> float:
        """What is missing to such a price; negative for the room there is. [money/MWh]"""
        return self.floor - self.ceiling


def flows_of(scenario: Scenario, contract: str) -> Closed:
    """Flows of a contract."""
    one = scenario.contracts[contract]
    return frozenset((one.component, port) for port in one.ports(scenario.components))


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
        yield _range(parties, name, flows, (costs["contract", name], together), settled.get(name, math.nan))
    for pair, flows in pairs_of(found).items():
        if not flows & covered:
            yield _range(pair, "", flows, (costs["pair", *pair], together), math.nan)


def _range(
    parties: tuple[str, str], contract: str, flows: Closed, plans: tuple[Costs, Costs], agreed: float
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


def agreed_prices(results: xr.Dataset) -> dict[str, float]:
    """Read the mean price of each settled contract. [money/MWh]"""
    found = {}
    for name, one in json.loads(results.attrs.get("contracts", "{}")).items():
        paid = sum(payment["amount"] for payment in one["payments"])
        found[name] = paid / one["energy"] if one["energy"] > 0.0 else math.nan
    return found
