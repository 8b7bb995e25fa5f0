"""The actors' books: every cost to who bears it, every flow between actors with a price, all adding up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from energysim.errors import CertificateError
from energysim.kpi.settlement import Settlement
from energysim.kpi.tables import amount_units

TOLERANCE = 1e-8
"""Largest difference between the books and the cost of the plan, over all that is booked: a cent in a million."""
KINDS = ("resource", "tariff", "tax", "allowance", "trade", "contract")
"""What an entry may be: paid to the world outside, or between actors at the marginal price or by contract."""


_TEXTS = ("actor", "other", "component", "item", "kind", "unit")


@dataclass(frozen=True)
class Entry:
    """One line of an actor's book."""

    actor: str
    """Who pays, or earns where the amount is negative; empty for nobody."""
    other: str
    """Who is on the other side; empty for the world outside."""
    component: str
    item: str
    kind: str
    """One of :data:`KINDS`."""
    amount: float
    """Over the horizon. [money]"""
    energy: float = 0.0
    """What flowed. [unit]"""
    unit: str = "MWh"
    """``MWh`` or ``t``."""


def ledger(results: xr.Dataset, settlements: Mapping[str, Settlement] | None = None) -> pd.DataFrame:
    """Book a plan by actor.

    Costs are their component's owner's. What passes between a component and a network of another owner is sold at the
    marginal price of the hour and level, so that each hour's buyers pay what its sellers are given and the owner of
    the network bears its losses. A contract takes the place of that price for its flow: the buyer pays the seller
    what was agreed and has the heat at the network. Every payment between actors stands in two books with opposite
    signs.

    Parameters
    ----------
    results : xarray.Dataset
        Of one run.
    settlements : mapping of contract to Settlement, optional
        What each contract pays.

    Returns
    -------
    ledger : DataFrame
        ``actor, other, component, item, kind, amount`` [money, cost positive], ``energy`` and its ``unit``, MWh or t.

    Raises
    ------
    CertificateError
        When the books do not add up to the cost of the plan.
    """
    settlements = settlements or {}
    entries = [*_bookings(results)]
    for entry in _trades(results, settlements):
        entries += _twice(entry)
    for settlement in settlements.values():
        for payment in settlement.payments:
            entry = Entry(
                settlement.buyer, settlement.seller, settlement.component, payment.item, "contract", payment.amount
            )
            entries += _twice(replace(entry, energy=payment.energy, unit=settlement.unit))
    table = pd.DataFrame([vars(entry) for entry in entries], columns=list(Entry.__dataclass_fields__))
    _prove(results, table)
    return table


def actor_table(table: pd.DataFrame) -> pd.DataFrame:
    """Sum the books by actor and kind, with the actor's and society's view side by side.

    Parameters
    ----------
    table : DataFrame
        From :func:`ledger`.

    Returns
    -------
    actors : DataFrame
        Rows are actors; columns the kinds, ``total`` as the actor sees it, and ``society``, its part of the region's
        cost without taxes. [money]
    """
    sums = table.pivot_table(index="actor", columns="kind", values="amount", aggfunc="sum", fill_value=0.0)
    sums = sums.reindex(columns=list(KINDS), fill_value=0.0)
    sums["total"] = sums[list(KINDS)].sum(axis=1)
    sums["society"] = sums.total - sums.tax
    return sums.sort_values("total", ascending=False)


def actor_totals(results: xr.Dataset) -> pd.Series:
    """What each actor pays in all, in the view the plan was made in: society's leaves out taxes. [money]"""
    table = actor_table(kept_ledger(results))
    return table.society if results.attrs["perspective"] == "society" else table.total


def with_ledger(results: xr.Dataset, table: pd.DataFrame) -> xr.Dataset:
    """Keep the books in the results, one ``entry`` a line."""
    texts = {f"entry_{name}": ("entry", table[name].to_numpy(str)) for name in _TEXTS}
    figures = {f"entry_{name}": ("entry", table[name].to_numpy(float)) for name in ("amount", "energy")}
    found = results.drop_dims("entry", errors="ignore").assign(figures).assign_coords(texts)
    found.entry_amount.attrs |= {"units": results.attrs["currency"], "long_name": "paid, or earned where negative"}
    found.entry_energy.attrs |= {"units": "entry_unit", "long_name": "what flowed"}
    return found


def kept_ledger(results: xr.Dataset) -> pd.DataFrame:
    """Read the books of a run back; see :func:`ledger`. Empty for runs without."""
    if "entry" not in results.dims:
        return pd.DataFrame(columns=list(Entry.__dataclass_fields__))
    return pd.DataFrame({name: results[f"entry_{name}"].values for name in Entry.__dataclass_fields__})


def payments(table: pd.DataFrame) -> pd.DataFrame:
    """Say who pays whom: ``buyer, seller, kind, unit, amount`` [money], ``energy`` [unit]; netted, largest first."""
    own = table[table.kind.isin(("trade", "contract")) & (table.other != table.actor)]
    grouped = own.groupby(["actor", "other", "kind", "unit"], as_index=False)[["amount", "energy"]].sum()
    paid = grouped[grouped.amount > 0.0].rename(columns={"actor": "buyer", "other": "seller"})
    return paid.sort_values("amount", ascending=False, ignore_index=True)


def network_owners(results: xr.Dataset) -> dict[str, str]:
    """Owner of each network: the one named, else the one actor whose components meet there, else nobody."""
    found = {}
    for node, owner in zip(results.node.values.tolist(), results.node_owner.values.tolist(), strict=True):
        met = sorted(set(results.owner.values[results.network.values == node].tolist()))
        found[node] = owner or (met[0] if len(met) == 1 else "")
    return found


def _bookings(results: xr.Dataset) -> Iterator[Entry]:
    """Walk what the world outside is paid."""
    is_money = np.isin(results.booking_effect.values, ("cost", "tax"))
    names = ("owner", "component", "item", "paid_as")
    columns = [results[f"booking_{name}"].values[is_money].tolist() for name in names]
    for owner, component, item, kind, amount in zip(*columns, results.booking.values[is_money].tolist(), strict=True):
        yield Entry(owner, "", component, item, kind, amount)


def _trades(results: xr.Dataset, settlements: Mapping[str, Settlement]) -> Iterator[Entry]:
    """Walk what is sold at marginal prices between the owners of components and of networks."""
    owners = network_owners(results)
    scale = (results.hours * results.weight).values
    worth, energy = hourly_worth(results), results.flow.values * scale
    columns = (results.port.values, results.owner.values, results.network.values, results.direction.values)
    components, names = results.port_component.values.tolist(), results.port_name.values.tolist()
    units = amount_units(results).tolist()
    for number, (port, owner, network, way) in enumerate(zip(*(c.tolist() for c in columns), strict=True)):
        if not network:
            continue
        sign = 1.0 if way == "in" else -1.0
        for holder, share in _holders(port, owner, settlements, len(scale)):
            amount, moved = sign * float(worth[number] @ share), sign * float(energy[number] @ share)
            if holder != owners[network] and amount != 0.0:
                parties = (holder, owners[network], components[number], names[number])
                yield Entry(*parties, "trade", amount, moved, units[number])


def _holders(
    port: str, owner: str, settlements: Mapping[str, Settlement], count: int
) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """Walk whose flow a port's is at the network, with the share of each hour.

    A flow under contract changes hands by the contract; at the network it is the other party's.
    """
    own = np.ones(count)
    for one in settlements.values():
        if port in one.ports:
            share = np.ones(count) if one.share is None else one.share
            own = own - share
            yield one.seller if owner == one.buyer else one.buyer, share
    yield owner, own


def port_worth(results: xr.Dataset) -> np.ndarray:
    """Worth of each port's flow at the marginal prices of its levels; zero without prices. [money] (port,)"""
    return np.asarray(hourly_worth(results).sum(axis=1))


def hourly_worth(results: xr.Dataset) -> np.ndarray:
    """Worth of each port's flow in each step; see :func:`port_worth`. [money] (port, step)"""
    scale = (results.hours * results.weight).values
    nodes = {name: number for number, name in enumerate(results.node.values.tolist())}
    prices = np.nan_to_num(results.price.values)
    flows = results.flow.values
    worth = np.zeros_like(flows)
    for number, network in enumerate(results.network.values.tolist()):
        if network in nodes:
            worth[number] = flows[number] * scale * prices[nodes[network]]
    ports = {name: number for number, name in enumerate(results.port.values.tolist())}
    levels = {name: number for number, name in enumerate(results.heat_level.values.tolist())}
    level_prices = np.nan_to_num(results.level_price.values)
    landings = list(zip(results.landing_port.values.tolist(), results.landing_heat_level.values.tolist(), strict=True))
    for port in {port for port, _ in landings}:
        worth[ports[port]] = 0.0
    for number, (port, level) in enumerate(landings):
        worth[ports[port]] += results.level_flow.values[number] * scale * level_prices[levels[level]]
    return worth


def _twice(entry: Entry) -> tuple[Entry, Entry]:
    """A payment in both books."""
    return entry, replace(entry, actor=entry.other, other=entry.actor, amount=-entry.amount, energy=-entry.energy)


def _prove(results: xr.Dataset, table: pd.DataFrame) -> None:
    """The books of all actors are the cost of the plan, taxes apart where society's view is taken."""
    is_money = np.isin(results.booking_effect.values, ("cost", "tax"))
    cost = float(results.booking.values[is_money].sum())
    amounts = table.amount.to_numpy(float)
    size, difference = max(1.0, float(np.abs(amounts).sum())), abs(float(amounts.sum()) - cost)
    if not difference <= TOLERANCE * size:  # not a number is no balance either
        raise CertificateError(
            f"The actors' books add up to {amounts.sum():.2f}, the plan costs {cost:.2f}: "
            f"a difference of {difference:.2g} {results.attrs['currency']}."
        )
