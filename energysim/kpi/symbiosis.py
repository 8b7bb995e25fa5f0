"""Indices of an industrial symbiosis: how much is shared, how it is spread, and what it replaces."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from energysim.kpi.allocation import Reference, exergy_factor
from energysim.kpi.indicator import RESIDUAL, USERS, Indicator, actor_names, heat_networks, node_title
from energysim.kpi.ledger import kept_ledger, network_owners, payments
from energysim.kpi.tables import annual_flows, measured, production_mix

_SUPPLY, _RETURNED = 90.0, 50.0
"""Temperatures of a network that says none. [degC]"""
_TAKEN_IN = ("electricity_market", "fuel_supply", "source", "wind", "solar", "hydro_cascade")
"""Types that bring energy into the system; a grid connection only passes it on."""
LEAST_MIX, LEAST_CHP = 0.5, 0.75
"""Shares from which district heating is efficient: of renewable and residual heat together, or of cogeneration."""


def symbiosis_indicators(results: xr.Dataset) -> Iterator[Indicator]:
    """Measure the indices of sharing; those that do not exist for a system are left out.

    Notes
    -----
    Symbiosis rate: residual heat used by others over what there was. Dependence: the largest supplier's share of a
    network's heat (a pump that lifts heat within it counts with its power), and the sum of squared shares. Connectance:
    flows between actors over those there could be, :math:`L / (n (n - 1))`. Circularity: residual heat used over all
    energy taken in. Exergy efficiency: work in what is delivered over work in what is taken in, in the weather of each
    hour [1]_ [2]_. Efficient district heating: at least 50 % renewable or residual heat together, or 75 % from
    cogeneration, as until the end of 2027 [3]_.

    References
    ----------
    .. [1] M. R. Chertow, Industrial symbiosis: literature and taxonomy, Annual Review of Energy and the Environment
       25, 2000.
    .. [2] I. Dincer, M. A. Rosen, Exergy, 2nd ed., Elsevier, 2013, ch. 2.
    .. [3] Directive (EU) 2023/1791 on energy efficiency, article 26.
    """
    flows = annual_flows(results)
    yield from _shared(results, flows)
    yield from _spread(results)
    yield from _replaced(results, flows)
    clean = clean_shares(results)
    for network in heat_networks(results):
        yield from _efficient(results, network, clean)


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


def _efficient(results: xr.Dataset, network: str, clean: Mapping[str, float]) -> Iterator[Indicator]:
    mix = production_mix(results, network)
    if mix.empty or mix.energy.sum() <= 0.0:
        return
    cogenerated = mix[mix.type.str.startswith(("chp", "waste"))].share.sum()
    is_efficient = clean[network] >= LEAST_MIX or cogenerated >= LEAST_CHP
    meaning = "Residual heat and heat from fuels without fossil carbon; efficient in the sense of the EU from 50 %."
    note = "efficient" if is_efficient else "not efficient"
    title = node_title(results, network)
    yield Indicator(f"Renewable and residual, {title}", 100.0 * clean[network], "%", "symbiosis", meaning, note)


def clean_shares(results: xr.Dataset) -> dict[str, float]:
    """Share of renewable and residual heat in each heat network. [1]"""
    co2 = burnt_co2(results)
    return traced_shares(results, lambda row: float(row.type in RESIDUAL or co2.get(row.component) == 0.0))


def residual_shares(results: xr.Dataset) -> dict[str, float]:
    """Share of residual heat in each heat network: used directly, come through pipes, or lifted by pumps. [1]"""
    return traced_shares(results, lambda row: float(row.type in RESIDUAL))


def traced_shares(results: xr.Dataset, own: Callable[[Any], float]) -> dict[str, float]:
    """Share of each heat network's heat that is of a kind, traced through the networks it has passed. [1]

    A pipe brings the mixture of where it comes from; a heat pump brings that of what it draws from another network,
    and its power is of no kind. Networks that feed each other settle in a few rounds, as each passes on less than it
    gets.

    Parameters
    ----------
    results : xarray.Dataset
        Of one run.
    own : callable
        Takes a row of :func:`energysim.kpi.tables.production_mix`, no pipe and no pump; how much of it is of that
        kind. [1]
    """
    flows = annual_flows(results)
    taken = flows[(flows.direction == "in") & (flows.carrier == "heat") & flows.type.isin(_PASSING)]
    origins = {name: list(zip(part.network, part.energy, strict=True)) for name, part in taken.groupby("component")}
    # A network that only feeds a pipe has no users, and a share all the same.
    fed = flows[(flows.carrier == "heat") & (flows.direction == "out") & (flows.network != "")].network.unique()
    mixes = {str(network): production_mix(results, str(network)) for network in fed}
    shares = dict.fromkeys(mixes, 0.0)

    def of_kind(network: str, row: Any) -> float:
        if row.type not in _PASSING:
            return own(row)
        drawn = {origin: energy for origin, energy in origins.get(row.component, ()) if origin != network}
        whole = row.energy if row.type == "heat_pump" else sum(drawn.values())
        kind = sum(energy * shares.get(origin, 0.0) for origin, energy in drawn.items())
        return kind / whole if whole > 0.0 else 0.0

    for _ in range(_ROUNDS):
        shares = {
            network: sum(row.share * of_kind(network, row) for row in mix.itertuples())
            for network, mix in mixes.items()
        }
    return {network: float(share) for network, share in shares.items()}


_PASSING = ("heat_pipe", "link", "heat_pump")
"""Types that bring heat of other networks."""
_ROUNDS = 30


def burnt_co2(results: xr.Dataset) -> dict[str, float]:
    """Carbon dioxide of every component that takes a fuel. [t]"""
    fuels = set(results.port_component.values[(results.type == "fuel_supply").values].tolist())
    burning = {
        str(component)
        for component, carrier, way in zip(
            results.port_component.values, results.carrier.values, results.direction.values, strict=True
        )
        if way == "in" and carrier not in ("heat", "electricity", "") and component not in fuels
    }
    has_co2 = "co2" in results.effect.values
    return {
        name: float(results.amount.sel(component=name, effect="co2")) if has_co2 else 0.0 for name in sorted(burning)
    }
