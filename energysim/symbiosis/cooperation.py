"""What sharing is worth, to whom, between which prices, and what happens if one leaves."""

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
from energysim.kpi.ledger import actor_totals
from energysim.kpi.settlement import Saving
from energysim.kpi.tables import production_mix
from energysim.scenario.contracts import ContractPrice
from energysim.scenario.scenario import Scenario
from energysim.study.base import Base
from energysim.study.settled import flows_of
from energysim.symbiosis import games
from energysim.symbiosis.coalitions import (
    Costs,
    Crossing,
    Flow,
    closed_for,
    coalition_costs,
    crossings,
    pairs_of,
    plan_game,
    sets_closed,
    solve_all,
)
from energysim.symbiosis.investment import Case, case_of
from energysim.symbiosis.prices import PriceRange, price_ranges
from energysim.system import assemble

Floats = NDArray[np.float64]
Closed = frozenset[Flow]


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
    terms: pd.DataFrame
    """What each player gains on other terms; rows are players, columns the terms in words. [money]"""
    cases: Mapping[str, Case]
    """What each actor puts into sharing and gets back in a year, contracts settled."""
    suppliers: pd.DataFrame
    """``network, supplier, energy`` [MWh], ``share`` [1]: who a network depends on."""
    emissions: Mapping[str, tuple[float, float]]
    """Carbon dioxide alone and together, by account; their difference is what sharing causes. [t]"""
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
    hands = (effort.workers, effort.scheduler)
    asked = _asked(scenario, found)
    plans = solve_all(base, list(asked.values()), *hands, lambda done, of: tell("plans", f"{done} of {of}"))
    costs = {name: plans[closed] for name, closed in asked.items()}
    everyone = (1 << len(players)) - 1
    needed = dict.fromkeys([*coalitions, *(everyone & ~(1 << number) for number in range(len(players)))])
    closed = {one: closed for one, closed in sets_closed(found, players, needed).items() if one}
    of_coalition, parts = coalition_costs(base, closed, hands, lambda done, of: tell("coalitions", f"{done} of {of}"))
    values = {number: costs["alone",].total - of_coalition[number] for number in of_coalition}
    tell("measure", "the plan in which all share")
    results = booked(run(scenario), scenario, _savings(scenario, costs))
    game = _Played(players, {number: values[number] for number in coalitions}, values, orders, len(plans) + parts)
    return _judged(scenario, results, found, costs, game)


@dataclass(frozen=True)
class _Played:
    """A game as it was computed."""

    players: tuple[str, ...]
    values: Mapping[int, float]
    """Of the coalitions of the game."""
    known: Mapping[int, float]
    """Of these and of all but one."""
    orders: NDArray[np.int64] | None
    solved: int


def _asked(scenario: Scenario, found: list[Crossing]) -> dict[tuple[Any, ...], Closed]:
    """Name every plan that is looked at as a whole, each with what is closed in it."""
    asked: dict[tuple[Any, ...], Closed] = {("all",): frozenset(), ("alone",): closed_for(found, ())}
    asked |= {("contract", name): flows_of(scenario, name) for name in scenario.contracts}
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
    game: _Played,
) -> Cooperation:
    players, (alone, together) = game.players, (costs["alone",], costs["all",])
    at_margin = booked(results, replace(scenario, contracts={}))
    shares = pd.DataFrame({"margin": _gains(alone, at_margin, players)}, index=list(players))
    shares["contracts"] = _gains(alone, results, players)
    core, epsilon, veto = _divide(shares, game)
    everyone = (1 << len(players)) - 1
    return Cooperation(
        title=scenario.title,
        currency=scenario.economy.currency,
        players=players,
        names={name: (scenario.actors[name].label or name) if name in scenario.actors else name for name in players},
        alone=alone.total,
        together=together.total,
        values=game.values,
        shares=shares,
        core=core,
        epsilon=epsilon,
        veto=veto,
        loss_if_left={
            name: alone.total - together.total - game.known.get(everyone & ~(1 << number), 0.0)
            for number, name in enumerate(players)
        },
        ranges=tuple(price_ranges(scenario, results, found, costs)),
        terms=_terms(scenario, results, costs, players),
        cases=_cases(results, (alone, together), players, scenario.economy.discount_rate),
        suppliers=supplier_table(results),
        emissions={
            name: (alone.effects.get(name, 0.0), together.effects.get(name, 0.0))
            for name in together.effects
            if name.startswith("co2")
        },
        solved=game.solved,
        results=results,
    )


def _divide(shares: pd.DataFrame, game: _Played) -> tuple[dict[str, bool | None], float, tuple[str, ...]]:
    """Add fair shares to those of prices and contracts; gives which are in the core, the least core, and the vetoes."""
    players, values = game.players, game.values
    if game.orders is not None:
        sampled = games.sampled_shapley(lambda number: values[number], game.orders)
        shares["shapley"], shares["error"], shares["nucleolus"] = sampled.shares, sampled.error, np.nan
        return {}, math.nan, ()
    array = np.array([0.0, *(values[number] for number in range(1, 1 << len(players)))])
    shares["shapley"], shares["error"], shares["nucleolus"] = games.shapley(array), 0.0, games.nucleolus(array)
    core: dict[str, bool | None] = {
        name: games.is_in_core(array, shares[name].to_numpy(), 1e-5)
        for name in ("margin", "contracts", "shapley", "nucleolus")
    }
    veto = tuple(players[number] for number in games.veto_players(array))
    return core, games.least_core(array).epsilon, veto


def _gains(alone: Costs, results: xr.Dataset, players: Iterable[str]) -> list[float]:
    """What each player pays less than alone; payments between actors included."""
    totals = actor_totals(results)
    return [alone.by_owner.get(name, 0.0) - float(totals.get(name, 0.0)) for name in players]


def _terms(
    scenario: Scenario, results: xr.Dataset, costs: Mapping[tuple[Any, ...], Costs], players: tuple[str, ...]
) -> pd.DataFrame:
    """Pay for the same plan on other terms: other prices, other owners of the connections."""
    savings = _savings(scenario, costs)

    def gains(**changes: Any) -> list[float]:
        contracts = {name: one.model_copy(update=changes) for name, one in scenario.contracts.items()}
        return _gains(costs["alone",], booked(results, replace(scenario, contracts=contracts), savings), players)

    terms: dict[str, dict[str, Any]] = {"Contracts as agreed": {}}
    for label, price in _OTHER_PRICES.items():
        terms[label] = {"price": price}
    terms["As agreed, buyers pay the connections"] = {"connection": "buyer"}
    terms["As agreed, sellers pay the connections"] = {"connection": "seller"}
    if not scenario.contracts:
        terms = {"All sold at the marginal price": {}}
    return pd.DataFrame({label: gains(**changes) for label, changes in terms.items()}, index=list(players))


_OTHER_PRICES = {
    "Sellers get what it costs them": ContractPrice(share_of_saving=0.0),
    "The saving is halved": ContractPrice(share_of_saving=0.5),
    "Sellers get all of the saving": ContractPrice(share_of_saving=1.0),
    "At the marginal price": ContractPrice(marginal=1.0),
}


def _cases(results: xr.Dataset, plans: tuple[Costs, Costs], players: Iterable[str], rate: float) -> dict[str, Case]:
    """Compare each actor's year alone and shared, capital apart; a part of a year is brought to a whole one."""
    alone, together = plans
    share = float(results.attrs["year_share"])
    totals = actor_totals(results)
    found = {}
    for name in players:
        shared = (float(totals.get(name, 0.0)) - together.capital.get(name, 0.0)) / share
        single = (alone.by_owner.get(name, 0.0) - alone.capital.get(name, 0.0)) / share
        found[name] = case_of(name, (together.built, shared), (alone.built, single), rate)
    return found


def supplier_table(results: xr.Dataset) -> pd.DataFrame:
    """Say who feeds each heat network, by owner: ``network, supplier, energy`` [MWh] and ``share`` [1].

    Counted as :func:`energysim.kpi.production_mix` does, without what is missing.
    """
    parts = []
    for network in sorted(set(results.network.values[(results.carrier == "heat").values].tolist()) - {""}):
        mix = production_mix(results, network)
        energy = mix[mix.type != "unserved"].groupby("owner").energy.sum()
        share = energy / energy.sum() if energy.sum() > 0.0 else energy * np.nan
        parts.append(
            pd.DataFrame({"network": network, "supplier": energy.index, "energy": energy.values, "share": share.values})
        )
    if not parts:
        return pd.DataFrame(columns=["network", "supplier", "energy", "share"])
    table = pd.concat(parts, ignore_index=True)
    return table.sort_values(["network", "energy"], ascending=[True, False], ignore_index=True)
