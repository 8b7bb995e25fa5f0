"""Energy, cost and sizes as tidy tables, summed over the horizon."""

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray


def amount_units(results: xr.Dataset) -> NDArray[np.str_]:
    """Say what each port's flow is counted in over the horizon: ``MWh``, or ``t`` where it is a rate in t/h. (port,)"""
    return np.where(results.port_unit.values == "MW", "MWh", "t")


def units_in(results: xr.Dataset, network: str) -> tuple[str, str]:
    """Say what a network's amounts and flows are counted in: ``MWh`` and ``MW``, or ``t`` and ``t/h``."""
    flow = str(results.port_unit.values[(results.network == network).values][0])
    return ("MWh" if flow == "MW" else "t"), flow


def annual_flows(results: xr.Dataset) -> pd.DataFrame:
    """Sum every port's flow over the horizon.

    Parameters
    ----------
    results : xarray.Dataset
        Of one run.

    Returns
    -------
    flows : DataFrame
        One row per port: ``component, title, type, owner, place, port_name, node, network, carrier, direction``,
        ``energy`` and its ``unit``: MWh, or t for what is told by the tonne.
    """
    names = ["title", "type", "owner", "place", "port_name", "network", "carrier", "direction"]
    table = pd.DataFrame({name: results[name].values for name in names}, index=results.port.values)
    table.insert(0, "component", results.port_component.values)
    table.insert(1, "node", results.port_node.values)
    table["energy"] = (results.flow * _scale(results)).sum("time").values
    table["unit"] = amount_units(results)
    return table


def node_balance(results: xr.Dataset) -> pd.DataFrame:
    """Close the balance of every node of energy over the horizon.

    Returns
    -------
    balance : DataFrame
        Rows are nodes; columns ``given, taken, loss, difference`` [MWh].
    """
    flows = annual_flows(results)
    flows = flows[flows.unit == "MWh"]
    given = flows[flows.direction == "out"].groupby("node").energy.sum()
    taken = flows[flows.direction == "in"].groupby("node").energy.sum()
    loss = (results.loss * _scale(results)).sum("time").to_series()
    table = pd.DataFrame({"given": given, "taken": taken, "loss": loss}).fillna(0.0)
    table = table[table.index.isin(set(flows.node) - {""})]
    table["difference"] = table.given - table.taken - table.loss
    return table


def production_mix(results: xr.Dataset, network: str) -> pd.DataFrame:
    """Say who feeds a network over the horizon.

    Stores are left out: what they give they have taken before. A heat pump that lifts heat within the network counts
    with what it adds, its power.

    Returns
    -------
    mix : DataFrame
        Rows are component titles by falling energy; columns ``component, type, owner, energy`` [MWh] and ``share`` [1].
    """
    flows = annual_flows(results)
    storing = set(results.store_component.values)
    fed = flows[(flows.network == network) & (flows.direction == "out") & ~flows.component.isin(storing)]
    lifted = flows[(flows.network == network) & (flows.type == "heat_pump") & (flows.direction == "in")]
    drawn = lifted.groupby("component").energy.sum()
    fed = fed.assign(energy=fed.energy - np.where(fed.type == "heat_pump", fed.component.map(drawn).fillna(0.0), 0.0))
    table = fed.groupby("component", sort=False).agg(
        title=("title", "first"), type=("type", "first"), owner=("owner", "first"), energy=("energy", "sum")
    )
    total = table.energy.sum()
    table["share"] = table.energy / total if total > 0.0 else 0.0
    return table.reset_index().set_index("title").sort_values("energy", ascending=False)


def bookings(results: xr.Dataset) -> pd.DataFrame:
    """List every amount booked: cost and other effects by component and item.

    Returns
    -------
    bookings : DataFrame
        ``component, title, item, effect, unit, owner, carrier, every, meaning, paid_as, amount``.
    """
    names = ["component", "title", "item", "effect", "unit", "owner", "carrier", "every", "meaning", "paid_as"]
    table = pd.DataFrame({name: results[f"booking_{name}"].values for name in names})
    table["amount"] = results.booking.values
    return table


def summed_cost(results: xr.Dataset, by: str) -> pd.Series:
    """Sum the cost by ``owner``, ``carrier``, ``item``, ``title`` or ``every``.

    Returns
    -------
    cost : Series
        By falling size. [money]
    """
    table = bookings(results)
    return table[table.effect == "cost"].groupby(by).amount.sum().sort_values(key=np.abs, ascending=False)


def sizes(results: xr.Dataset) -> pd.DataFrame:
    """List what exists and what is built.

    Returns
    -------
    sizes : DataFrame
        ``title, type, owner, place, parameter, unit, existing, built, total``; ``most`` it may be, ``invested`` [money]
        for what is built, ``full_load_hours`` where it is measured.
    """
    names = ["component", "title", "type", "owner", "place", "parameter", "unit"]
    table = pd.DataFrame({name: results[f"size_{name}"].values for name in names}, index=results["size"].values)
    for name in ("existing", "built", "capacity", "most", "invested"):
        table["total" if name == "capacity" else name] = results[name].values
    hours = measured(results, "full_load_hours")
    is_main = table.parameter == "capacity"
    table["full_load_hours"] = [
        hours.get(c, np.nan) if main else np.nan for c, main in zip(table.component, is_main, strict=True)
    ]
    return table


def measured(results: xr.Dataset, name: str) -> dict[str, float]:
    """Give a declared measure by component."""
    own = results.measure_name.values == name
    return dict(zip(results.measure_component.values[own], results.measured.values[own].tolist(), strict=True))


def by_component(results: xr.Dataset, network: str) -> xr.DataArray:
    """Net flow of each component into a network.

    Returns
    -------
    net : DataArray (component, time)
        Positive into the network. [MW]
    """
    own = results.flow[(results.network == network).values]
    signed = own * xr.where(own.direction == "out", 1.0, -1.0)
    return signed.groupby(signed.port_component).sum("port").rename(port_component="component")


def _scale(results: xr.Dataset) -> xr.DataArray:
    return results.hours * results.weight
