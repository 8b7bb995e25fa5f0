"""What stands on the first screen: heat by kind of source, who is leant on, what is built, what the heat costs."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from energysim.kpi.indicator import RESIDUAL, actor_names, delivered, heat_networks
from energysim.kpi.ledger import actor_table, kept_ledger, network_owners
from energysim.kpi.origins import burnt_co2, traced
from energysim.kpi.tables import production_mix, sizes

KINDS = {
    "residual": "residual heat",
    "waste": "waste",
    "renewable": "wood and other fuels without fossil carbon",
    "fossil": "fossil fuels and peat",
    "pump": "power and surroundings of heat pumps",
    "power": "electric boilers",
    "unserved": "not served",
    "other": "other",
}
"""Kinds of heat by where it comes from, in reading order."""
DUST = 1e-3
"""Share of the largest possible size, or of a network's heat, below which something counts as nothing."""
_TRACE = 1e-2
"""Share of what could be built below which a size that costs next to nothing beside the others is none."""
_BY_TYPE = {
    "waste_plant": "waste", "heat_pump": "pump", "electric_boiler": "power", "unserved": "unserved",
}  # fmt: skip


@dataclass(frozen=True)
class Supplier:
    """Who gives a network most of its heat."""

    name: str
    share: float
    """Of the heat fed in. [1]"""
    is_actor: bool
    """An actor with all its plants; else one plant."""


def heat_kinds(results: xr.Dataset) -> pd.DataFrame:
    """Sum what feeds each heat network by kind of source, traced through pipes and heat pumps to where it was made.

    Returns
    -------
    energy : DataFrame
        Rows are networks, columns keys of :data:`KINDS`; kinds below a thousandth of a network's heat are zero. [MWh]
    """
    burnt, names = burnt_co2(results), list(KINDS)
    unit = dict(zip(names, np.eye(len(names)), strict=True))
    shares = traced(results, lambda row: unit[_kind(row.component, row.type, burnt)], unit["pump"], unit["pump"])
    energy = {network: share * production_mix(results, network).energy.sum() for network, share in shares.items()}
    table = pd.DataFrame.from_dict(energy, orient="index", columns=names, dtype=float)
    return table.where(table.gt(DUST * table.sum(axis=1), axis=0), 0.0)


def largest_supplier(results: xr.Dataset, network: str) -> Supplier | None:
    """Find who gives most: an actor where several feed the network, else a plant; None where nobody feeds it.

    What the network's owner gives comes from its plants one by one: that they all stop is not the risk looked for.

    Counted as :func:`production_mix` does: heat that a pump lifts within the network is its source's, not the pump's.
    """
    mix = production_mix(results, network)
    own, names = network_owners(results)[network], actor_names(results)
    is_foreign = (mix.owner != own) & (mix.owner.nunique() > 1)
    who = np.where(is_foreign, mix.owner.map(lambda one: names.get(one, one) or "plants without owner"), mix.index)
    shares = mix.energy.groupby(who).sum()
    if shares.sum() <= 0.0:
        return None
    largest = str(shares.idxmax())
    return Supplier(largest, float(shares.max() / shares.sum()), bool(is_foreign[who == largest].any()))


def choices(results: xr.Dataset) -> pd.DataFrame:
    """List every size the plan could choose, the dearest first.

    Returns
    -------
    table : DataFrame
        As :func:`sizes`, for decisions only, with ``is_built`` and ``is_at_limit``.
    """
    table = sizes(results)
    table = table[table.most > table.existing + 1e-9].copy()
    room = table.most - table.existing
    least = DUST * np.minimum(room, np.maximum(1.0, table.total))
    paid = float(table.invested.sum())
    # A trace is no advice: neither of the size nor of the money.
    is_trace = (table.invested > 0.0) & (table.invested < DUST * paid) & (table.built < _TRACE * room)
    table["is_built"] = (table.built > least) & ~is_trace
    table["is_at_limit"] = table.built > (1.0 - DUST) * room
    return table.sort_values(["is_built", "invested", "built"], ascending=False)


def heat_bills(results: xr.Dataset) -> Iterator[tuple[str, float, float]]:
    """Say what the owner of heat networks pays in all, and for each MWh delivered.

    Yields
    ------
    bill : (str, float, float)
        Actor, its book's total [money], and that over the heat its networks deliver [money/MWh]. Only actors whose
        networks deliver heat to users, the largest first.
    """
    books, owners, names = kept_ledger(results), network_owners(results), actor_names(results)
    if books.empty:
        return
    totals = actor_table(books).total
    heat: dict[str, float] = {}
    for network in heat_networks(results):
        heat[owners[network]] = heat.get(owners[network], 0.0) + delivered(results, network)
    for owner, energy in sorted(heat.items(), key=lambda pair: -pair[1]):
        if owner in totals.index and energy > 0.0 and owner:
            yield names.get(owner, owner), float(totals[owner]), float(totals[owner]) / energy


def _kind(component: str, kind: str, burnt: dict[str, float]) -> str:
    if kind in RESIDUAL:
        return "residual"
    if kind in _BY_TYPE:
        return _BY_TYPE[kind]
    if component in burnt:
        return "fossil" if burnt[component] > 0.0 else "renewable"
    return "other"
