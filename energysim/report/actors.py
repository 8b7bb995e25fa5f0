"""The actors' books as readers see them: who bears what, who pays whom, what contracts came to."""

import json
from typing import Any

import pandas as pd
import xarray as xr

from energysim.kpi.allocation import allocation_table
from energysim.kpi.indicator import actor_names, heat_networks, node_title
from energysim.kpi.lcoh import PARTS, heat_costs
from energysim.kpi.ledger import KINDS, actor_table, kept_ledger, payments
from energysim.kpi.matches import heat_matches
from energysim.report.look import quantity

NOBODY = "nobody"
_HARDLY = 1e-6
"""Share of the largest amount below which another is rounding of the plan."""


def actors_context(results: xr.Dataset) -> dict[str, Any]:
    """What the template of the actors' section needs; empty tables where there is one actor only."""
    table = kept_ledger(results)
    names = actor_names(results)
    actors = actor_table(table) if len(table) else pd.DataFrame()
    known = [name for name in actors.index if name]
    return {
        "actor_rows": [(names.get(name, name) or NOBODY, row) for name, row in actors.iterrows()]
        if len(known) > 1
        else [],
        "actor_kinds": [kind for kind in KINDS if len(actors) and actors[kind].abs().max() > 0.0],
        "actor_total": actors.sum() if len(actors) else None,
        "paid": [
            (names.get(row.buyer, row.buyer) or NOBODY, names.get(row.seller, row.seller) or NOBODY, row, _for(row))
            for row in _payments(table).itertuples()
        ],
        "contracts": contract_rows(results, names),
        "perspective": results.attrs.get("perspective", "actors"),
        "matches": matches_of(results),
        "allocated": list(allocation_table(results).itertuples()),
        "heat_costs": _heat_costs(results),
        "heat_parts": PARTS,
    }


def _payments(table: pd.DataFrame) -> pd.DataFrame:
    """Who pays whom, without what is rounding of the plan."""
    paid = payments(table)
    return paid[paid.amount > _HARDLY * paid.amount.max()] if len(paid) else paid


def _for(row: Any) -> str:
    """Say for what a payment is; where the price is below zero who gives pays who takes."""
    return quantity(row.energy, row.unit) if row.energy >= 0.0 else f"{quantity(-row.energy, row.unit)} given away"


def _heat_costs(results: xr.Dataset) -> list[Any]:
    """What heat costs from each plant; a plant whose heat is rounding of the plan has no cost to tell."""
    table = heat_costs(results)
    return list(table[table.heat > _HARDLY * table.heat.max()].itertuples()) if len(table) else []


def matches_of(results: xr.Dataset) -> list[tuple[str, list[Any]]]:
    """Who heats whom, by network that has more than one user or supplier; pairs below a thousandth are left out.

    So is what a store takes back in the hour in which it gives: heat it moves from level to level heats nobody.
    """
    found = []
    for network in heat_networks(results):
        table = heat_matches(results, network)
        table = table[table.supplier != table.user]
        rows = list(table[table.energy > 1e-3 * table.energy.sum()].itertuples())
        if len(rows) > 1:
            found.append((node_title(results, network), rows))
    return found


def contract_rows(results: xr.Dataset, names: dict[str, str]) -> list[dict[str, Any]]:
    """List what every contract came to."""
    rows = []
    titles = dict(zip(results.component.values.tolist(), results.component_title.values.tolist(), strict=True))
    for name, one in json.loads(results.attrs.get("contracts", "{}")).items():
        amount = sum(payment["amount"] for payment in one["payments"])
        rows.append(
            {
                "name": name.replace("_", " "),
                "seller": names.get(one["seller"], one["seller"]),
                "buyer": names.get(one["buyer"], one["buyer"]),
                "user": titles.get(one["user"], ""),
                "energy": one["energy"],
                "unit": one["unit"],
                "amount": amount,
                "price": amount / one["energy"] if one["energy"] > 0.0 else float("nan"),
                "items": [(payment["item"], payment["amount"]) for payment in one["payments"]],
            }
        )
    return rows
