"""Indices of an industrial symbiosis: how much is shared, how it is spread, and what it replaces."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from energysim.kpi.allocation import Reference, exergy_factor
from energysim.kpi.efficient import efficiency, year_of
from energysim.kpi.indicator import RESIDUAL, USERS, Indicator, actor_names, heat_networks, node_title
from energysim.kpi.ledger import kept_ledger, network_owners, payments
from energysim.kpi.tables import annual_flows, measured, production_mix

_SUPPLY, _RETURNED = 90.0, 50.0
"""Temperatures of a network that says none. [degC]"""
_TAKEN_IN = ("electricity_market", "fuel_supply", "source", "wind", "solar", "hydro_cascade")
"""Types that bring energy into the system; a grid connection only passes it on."""


def symbiosis_indicators(results: xr.Dataset, origins: pd.DataFrame) -> Iterator[Indicator]:
    """Measure the indices of sharing; those that do not exist for a system are left out.

    Parameters
    ----------
    results : xarray.Dataset
        Of one run.
    origins : DataFrame
        From :func:`energysim.kpi.origins.heat_origins`.

    Notes
    -----
    Symbiosis rate: residual heat used by others over what there was. Dependence: the largest supplier's share of a
    network's heat (a pump that lifts heat within it counts with its power), and the sum of squared shares. Connectance:
    flows between actors over those there could be, :math:`L / (n (n - 1))`. Circularity: residual heat used over all
    energy taken in. Exergy efficiency: work in what is delivered over work in what is taken in, in the weather of each
    hour [1]_ [2]_. Efficient district heating: by the rules of the year [3]_.

    References
    ----------
    .. [1] M. R. Chertow, Industrial symbiosis: literature and taxonomy, Annual Review of Energy and the Environment
       25, 2000.
    .. [2] I. Dincer, M. A. Rosen, Exergy, 2nd ed., Elsevier, 2013, ch. 2.
    .. [3] Directive (EU) 2023/1791 on energy efficiency, article 26, paragraph 1.
    """
    flows = annual_flows(results)
    yield from _shared(results, flows)
    yield from _spread(results)
    yield from _replaced(results, flows)
    for network in heat_networks(results):
        yield from _origins(results, network, origins)


def residual_table(results: xr.Dataset) -> pd.DataFrame:
    """Residual heat by source, the largest first: ``title, owner, used, unused`` [MWh]; NaN where nobody measures."""
    flows = annual_flows(results)
    own = flows[flows.type.isin(RESIDUAL) & (flows.carrier == "heat") & (flows.direction == "out")]
    unused, names = measured(results, "unused"), actor_names(results)
    rows = [
        (part.title.iloc[0], names.get(part.owner.iloc[0], part.owner.iloc[0]), part.energy.sum(), unused.get(source))
        for source, part in own.groupby("component")
    ]
    table = pd.DataFrame(rows, columns=["title", "owner", "used", "unused"]).astype({"used": float, "unused": float})
    return table.sort_values("used", ascending=False, ignore_index=True)


def _shared(results: xr.Dataset, flows: pd.DataFrame) -> Iterator[Indicator]:
    owners = network_owners(results)
    residual = flows[flows.type.isin(RESIDUAL) & (flows.carrier == "heat") & (flows.direction == "out")]
    residual = residual[residual.network != ""]
    if residual.empty:
        return
    foreign = residual[residual.network.map(owners) != residual.owner]
    there = float(residual.energy.sum()) + sum(measured(results, "unused").values())
    meaning = "Residual heat used by another actor than its owner, over all there was."
    if there > 0.0:
        yield Indicator("Symbiosis rate", 100.0 * float(foreign.energy.sum()) / there, "%", "symbiosis", meaning)
    names = {name for name in (*flows.owner, *owners.values()) if name}
    if len(names) > 1:
        pairs = {
            (row.buyer, row.seller) for row in payments(kept_ledger(results)).itertuples() if row.buyer and row.seller
        }
        possible = len(names) * (len(names) - 1)
        meaning = "Pairs of actors one of whom pays the other, over those there could be."
        yield Indicator("Connectance", 100.0 * len(pairs) / possible, "%", "symbiosis", meaning)


def _spread(results: xr.Dataset) -> Iterator[Indicator]:
    for network in heat_networks(results):
        shares = production_mix(results, network).groupby("owner").energy.sum()
        if shares.sum() <= 0.0 or len(shares) < 2:
            continue
        shares = shares / shares.sum()
        title = node_title(results, network)
        largest = actor_names(results).get(str(shares.idxmax()), str(shares.idxmax()))
        meaning = "Share of the heat fed in that comes from the largest supplier."
        yield Indicator(f"Dependence, {title}", 100.0 * float(shares.max()), "%", "symbiosis", meaning, largest)
        meaning = "Sum of the suppliers' squared shares: 1 for a single one, 0.1 for ten alike."
        yield Indicator(f"Concentration, {title}", float((shares**2).sum()), "1", "symbiosis", meaning)


def _replaced(results: xr.Dataset, flows: pd.DataFrame) -> Iterator[Indicator]:
    residual = flows[flows.type.isin(RESIDUAL) & (flows.carrier == "heat") & (flows.direction == "out")]
    reused = float(residual.energy[residual.network != ""].sum())
    is_trade = flows.type.isin(_TAKEN_IN) & (flows.unit == "MWh")
    bought = float(flows.energy[is_trade & (flows.direction == "out")].sum())
    if reused > 0.0:
        meaning = "Residual heat used over all energy taken in."
        yield Indicator("Circularity", 100.0 * reused / (reused + bought), "%", "symbiosis", meaning)
    delivered, work = _delivered_work(results, flows)
    taken = bought + _residual_work(results, residual)
    if delivered > 0.0 and taken > 0.0:
        meaning = (
            "Work in heat and power delivered over work in all that is taken in, as the outdoor temperature makes it."
        )
        yield Indicator("Exergy efficiency", 100.0 * work / taken, "%", "symbiosis", meaning)
    primary = [b for b in results.effect.values.tolist() if b == "primary_energy"]
    if primary and delivered > 0.0:
        energy = float(results.amount.sel(effect="primary_energy").sum())
        meaning = "Primary energy of fuels and power for each MWh delivered."
        yield Indicator("Primary energy factor", energy / delivered, "1", "symbiosis", meaning)


def _delivered_work(results: xr.Dataset, flows: pd.DataFrame) -> tuple[float, float]:
    """Energy and work of what reaches users or is sold. [MWh]"""
    used = flows[(flows.direction == "in") & flows.type.isin(USERS) & (flows.unit == "MWh")]
    sold = flows[(flows.direction == "in") & (flows.type == "electricity_market")]
    energy = float(used.energy.sum() + sold.energy.sum())
    work = float(sold.energy.sum())
    for row in used.itertuples():
        work += _heat_work(results, row) if row.carrier == "heat" else row.energy
    return energy, work


def _residual_work(results: xr.Dataset, residual: pd.DataFrame) -> float:
    return sum(_heat_work(results, row) for row in residual.itertuples() if row.network)


def _heat_work(results: xr.Dataset, row: Any) -> float:
    """Work in the heat through a port, hour by hour at its network's temperatures and in its weather. [MWh]

    Where a network has no temperatures those of 90 and 50 degC, where its place has no weather 0 degC.
    """
    kelvin = {"supply": _SUPPLY, "returned": _RETURNED, "outdoor": Reference().surroundings}
    supply, returned, outdoor = (
        np.nan_to_num(results[name].sel(node=row.network).values, nan=otherwise) for name, otherwise in kelvin.items()
    )
    flow = results.flow.sel(port=row.Index).values * (results.hours * results.weight).values
    return float(flow @ exergy_factor(supply, returned, outdoor))


def _origins(results: xr.Dataset, network: str, origins: pd.DataFrame) -> Iterator[Indicator]:
    mix, title = production_mix(results, network), node_title(results, network)
    if mix.empty or mix.energy.sum() <= 0.0:
        return
    own = origins.loc[network].to_dict()
    meaning = (
        "Residual heat, heat of the surroundings and of fuels without fossil carbon; with heat of plants that make "
        "power too it decides whether district heating is efficient by Directive (EU) 2023/1791, article 26."
    )
    share, note = 100.0 * (own["residual"] + own["renewable"]), efficiency(own, year_of(results))
    yield Indicator(f"Renewable and residual, {title}", share, "%", "symbiosis", meaning, note)
    meaning = "Heat of plants that make power too, with any fuel."
    yield Indicator(f"Cogenerated, {title}", 100.0 * own["cogenerated"], "%", "symbiosis", meaning)
    meaning = "Heat that is any of the three, each MWh counted once."
    yield Indicator(f"Renewable, residual or cogenerated, {title}", 100.0 * own["combined"], "%", "symbiosis", meaning)
