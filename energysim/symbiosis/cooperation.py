"""What sharing is worth, to whom, between which prices, and what happens if one leaves."""

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from energysim.api import booked, run
from energysim.errors import OutputError
from energysim.kpi.ledger import actor_table, kept_ledger
from energysim.kpi.settlement import Saving
from energysim.scenario.contracts import COUNTERFACTUAL
from energysim.scenario.scenario import Scenario
from energysim.study.base import Base
from energysim.symbiosis import games
from energysim.symbiosis.coalitions import (
    Costs,
    Crossing,
    Flow,
    closed_for,
    crossings,
    leaving,
    pairs_of,
    plan_game,
    sets_closed,
    solve_all,
)
from energysim.system import assemble

Floats = NDArray[np.float64]
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


@dataclass(frozen=True)
class Cooperation:
    """What comes of sharing, for all and for each."""

    title: str
    currency: str
    players: tuple[str, ...]
    names: Mapping[str, str]
    """Name of each actor for readers."""
    alone: float
    """Cost of the region when nobody shares. [money]"""
    together: float
    """Cost when all do. [money]"""
    values: Mapping[int, float]
    """What each coalition saves, by number. [money]"""
    shares: pd.DataFrame
    """Rows are players; what each gains: ``margin, contracts, shapley, error, nucleolus``. [money]"""
    core: Mapping[str, bool | None]
    """Whether no coalition would leave, for each column of shares; None where not every coalition is known."""
    epsilon: float
    """Least core: what is missing to a core that is empty, negative for the room there is; NaN if not known. [money]"""
    veto: tuple[str, ...]
    """Players without whom nothing is saved."""
    loss_if_left: Mapping[str, float]
    """What all together lose when one stops sharing. [money]"""
    ranges: tuple[PriceRange, ...]
    suppliers: pd.DataFrame
    """``network, supplier, energy`` [MWh], ``share`` [1]: who a network depends on."""
    solved: int
    """Plans that were solved."""
    results: xr.Dataset
    """The plan in which all share, contracts settled."""

    @property
    def gain(self) -> float:
        """What all save together. [money]"""
        return self.alone - self.together

    @property
    def is_exact(self) -> bool:
        """Whether every coalition was looked at."""
        return len(self.values) == (1 << len(self.players)) - 1


@dataclass(frozen=True)
class Effort:
    """How to compute."""

    workers: int | None = None
    scheduler: str | None = None
    orders: int = 200
    """Orders of arrival drawn where there are more than eight players."""


def cooperate(
    path: str | Path,
    *,
    variant: str | None = None,
    overrides: Iterable[str] = (),
    effort: Effort | None = None,
    tell: Callable[[str, str], None] | None = None,
    **permissions: Any,
) -> Cooperation:
    """Ask what sharing is worth in a scenario: every coalition, fair shares, price ranges, who could leave.

    Parameters
    ----------
    path : path
        Scenario file.
    variant, overrides
        See :func:`energysim.scenario.load`.
    effort : Effort, optional
        Workers, and orders drawn beyond eight actors.
    tell : callable, optional
        Hears about each stage.
    **permissions
        ``allow_extensions`` and ``allow_outside``.

    Raises
    ------
    ScenarioError
        When the scenario is wrong, or something in it has no owner.
    OutputError
        When no two actors share anything.
    SolverError
        When somebody has no plan alone.
    """
    tell, effort = tell or (lambda stage, text: None), effort or Effort()
    base = Base.of(path, variant=variant, overrides=overrides, **permissions)
    scenario = base.scenario()
    found = crossings(assemble(scenario))
    if not found:
        raise OutputError(
            "No flow runs between two actors, so there is nothing to share. Give components owners of their own, and "
            "connect them to a network of another actor."
        )
    players, coalitions, orders = plan_game(found, effort.orders, scenario.seed)
    asked = _asked(scenario, found, players, coalitions)
    costs = solve_all(
        base,
        list(asked.values()),
        effort.workers,
        effort.scheduler,
        lambda done, whole: tell("solve", f"{done} of {whole} plans"),
    )
    by_name = {name: costs[closed] for name, closed in asked.items()}
    tell("measure", "the plan in which all share")
    results = booked(run(scenario), scenario, _savings(scenario, by_name))
    return _judged(scenario, results, found, by_name, (players, coalitions, orders))


def savings_of(scenario: Scenario, base: Base, effort: Effort | None = None) -> dict[str, Saving]:
    """Solve what contracts need that compare with a plan without their flow; nothing where none does."""
    wanted = [name for name, one in scenario.contracts.items() if one.price.way in COUNTERFACTUAL]
    if not wanted:
        return {}
    effort = effort or Effort(workers=0)
    asked = {("all",): frozenset[Flow]()} | {("contract", n): _flows_of(scenario, n) for n in wanted}
    costs = solve_all(base, list(asked.values()), effort.workers, effort.scheduler)
    return _savings(scenario, {name: costs[closed] for name, closed in asked.items()})


def _flows_of(scenario: Scenario, contract: str) -> Closed:
    one = scenario.contracts[contract]
    return frozenset((one.component, port) for port in one.ports(scenario.components))


def _asked(
    scenario: Scenario, found: list[Crossing], players: tuple[str, ...], coalitions: list[int]
) -> dict[tuple[Any, ...], Closed]:
    """Name every plan that is needed, each with what is closed in it."""
    asked: dict[tuple[Any, ...], Closed] = {("all",): frozenset(), ("alone",): closed_for(found, ())}
    asked |= {("coalition", number): closed for number, closed in sets_closed(found, players, coalitions).items()}
    asked |= {("without", one): closed for one, closed in leaving(found, players).items()}
    asked |= {("contract", name): _flows_of(scenario, name) for name in scenario.contracts}
    asked |= {("pair", *pair): flows for pair, flows in pairs_of(found).items()}
    return asked


def _savings(scenario: Scenario, costs: Mapping[tuple[Any, ...], Costs]) -> dict[str, Saving]:
    together = costs["all",]
    found = {}
    for name, contract in scenario.contracts.items():
        without = costs.get(("contract", name))
        if without is not None:
            seller = contract.seller
            found[name] = Saving(
                without.total, together.total, without.by_owner.get(seller, 0.0), together.by_owner.get(seller, 0.0)
            )
    return found


def _judged(
    scenario: Scenario,
    results: xr.Dataset,
    found: list[Crossing],
    costs: Mapping[tuple[Any, ...], Costs],
    game: tuple[tuple[str, ...], list[int], NDArray[np.int64] | None],
) -> Cooperation:
    players, coalitions, orders = game
    alone, together = costs["alone",], costs["all",]
    values = {number: alone.total - costs["coalition", number].total for number in coalitions}
    shares = pd.DataFrame(index=list(players))
    shares["margin"] = _gains(
        alone, actor_table(kept_ledger(booked(results, replace(scenario, contracts={})))), players
    )
    shares["contracts"] = _gains(alone, actor_table(kept_ledger(results)), players)
    core: dict[str, bool | None] = {}
    epsilon = math.nan
    veto: tuple[str, ...] = ()
    if orders is None:
        array = np.array([0.0, *(values[number] for number in coalitions)])
        shares["shapley"], shares["error"] = games.shapley(array), 0.0
        shares["nucleolus"] = games.nucleolus(array)
        for name in ("margin", "contracts", "shapley", "nucleolus"):
            core[name] = games.is_in_core(array, shares[name].to_numpy(), 1e-5)
        epsilon = games.least_core(array).epsilon
        veto = tuple(players[number] for number in games.veto_players(array))
    else:
        sampled = games.sampled_shapley(lambda number: values[number], orders)
        shares["shapley"], shares["error"], shares["nucleolus"] = sampled.shares, sampled.error, np.nan
    return Cooperation(
        title=scenario.title,
        currency=scenario.economy.currency,
        players=players,
        names={name: (scenario.actors[name].label or name) if name in scenario.actors else name for name in players},
        alone=alone.total,
        together=together.total,
        values=values,
        shares=shares,
        core=core,
        epsilon=epsilon,
        veto=veto,
        loss_if_left={name: costs["without", name].total - together.total for name in players},
        ranges=tuple(_ranges(scenario, results, found, costs)),
        suppliers=supplier_table(results),
        solved=len({id(one) for one in costs.values()}),
        results=results,
    )


def _gains(alone: Costs, table: pd.DataFrame, players: Iterable[str]) -> list[float]:
    """What each player pays less than alone; payments between actors included."""
    return [alone.by_owner.get(name, 0.0) - float(table.total.get(name, 0.0)) for name in players]


def _ranges(
    scenario: Scenario,
    results: xr.Dataset,
    found: list[Crossing],
    costs: Mapping[tuple[Any, ...], Costs],
) -> Iterable[PriceRange]:
    """Work out the range of every contract, and of every pair that shares without one."""
    together = costs["all",]
    settled = agreed_prices(results)
    covered: set[Flow] = set()
    for name, contract in scenario.contracts.items():
        flows = _flows_of(scenario, name)
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


def supplier_table(results: xr.Dataset) -> pd.DataFrame:
    """Say who feeds each heat network, by owner: ``network, supplier, energy`` [MWh] and ``share`` [1]."""
    heat = (results.carrier == "heat") & (results.direction == "out") & (results.network != "")
    own = heat.values & ~np.isin(results.port_component.values, results.store_component.values)
    scale = (results.hours * results.weight).values
    table = pd.DataFrame(
        {
            "network": results.network.values[own],
            "supplier": results.owner.values[own],
            "energy": results.flow.values[own] @ scale,
        }
    )
    table = table.groupby(["network", "supplier"], as_index=False).energy.sum()
    table["share"] = table.energy / table.groupby("network").energy.transform("sum").replace(0.0, np.nan)
    return table.sort_values(["network", "energy"], ascending=[True, False], ignore_index=True)
