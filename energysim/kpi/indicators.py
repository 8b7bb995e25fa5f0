"""The figures a council asks for first."""

from collections.abc import Iterator, Mapping

import numpy as np
import xarray as xr

from energysim.kpi.indicator import USERS, Indicator, delivered, heat_networks, node_title
from energysim.kpi.origins import heat_origins
from energysim.kpi.symbiosis import symbiosis_indicators
from energysim.kpi.tables import bookings, measured, production_mix, summed_cost

DUST = 1e-7
"""Share of the largest flow below which a flow counts as none."""


def indicators(results: xr.Dataset) -> list[Indicator]:
    """Measure all indicators of a run, in reading order.

    Parameters
    ----------
    results : xarray.Dataset
        Of one run.

    Returns
    -------
    indicators : list of Indicator
        NaN values mean that the figure does not exist for this system.
    """
    origins = heat_origins(results)
    return [
        *_money(results),
        *_heat(results, origins.residual.to_dict()),
        *_emissions(results),
        *_power(results),
        *_security(results),
        *symbiosis_indicators(results, origins),
    ]


def _money(results: xr.Dataset) -> Iterator[Indicator]:
    currency = results.attrs["currency"]
    cost = summed_cost(results, "every")
    yield Indicator("Total cost", float(cost.sum()), currency, "cost", "All costs less all income, over the horizon.")
    yield Indicator(
        "Yearly costs", float(cost.get("year", 0.0)), currency, "cost", "Investment as annuity and fixed upkeep."
    )
    running = float(cost.reindex(["hour", "day", "month"]).fillna(0.0).sum())
    yield Indicator("Running costs", running, currency, "cost", "Fuel, power, taxes and fees less sales.")
    if "end" in cost.index:
        text = "What is left in stores and reservoirs at the end, at the worth the scenario gives it."
        yield Indicator("Worth left at the end", -float(cost["end"]), currency, "cost", text)


def _heat(results: xr.Dataset, residual: Mapping[str, float]) -> Iterator[Indicator]:
    currency = results.attrs["currency"]
    for network in heat_networks(results):
        title = node_title(results, network)
        price = _paid_price(results, network)
        yield Indicator(
            f"Heat price, {title}",
            price,
            f"{currency}/MWh",
            "heat",
            "What one more MWh of demand would cost, weighted by the demand of each hour.",
        )
        demand = delivered(results, network)
        yield Indicator(f"Heat delivered, {title}", demand / 1000.0, "GWh", "heat", "Heat that reached its users.")
        mix = production_mix(results, network)
        yield Indicator(
            f"Residual heat, {title}",
            100.0 * residual.get(network, 0.0) if len(mix) else np.nan,
            "%",
            "heat",
            "Share of the heat fed in that is residual: used directly, come through pipes, or drawn by heat pumps.",
        )
        loss = float((results.loss.sel(node=network) * results.hours * results.weight).sum())
        yield Indicator(f"Network loss, {title}", loss / 1000.0, "GWh", "heat", "Heat lost in distribution.")


def _emissions(results: xr.Dataset) -> Iterator[Indicator]:
    table = bookings(results).groupby("effect").amount.sum()
    yield Indicator(
        "CO2 at the stack", float(table.get("co2", 0.0)), "t", "emissions", "Fossil carbon dioxide of all fuels burnt."
    )
    yield Indicator(
        "CO2 of bought power",
        float(table.get("co2_electricity", 0.0)),
        "t",
        "emissions",
        "Carbon dioxide where the power bought was made, by the factor in the scenario.",
    )


def _power(results: xr.Dataset) -> Iterator[Indicator]:
    bought = (results.type == "electricity_market") & (results.port_name == "buy")
    if not bool(bought.any()):
        return
    purchase = results.flow[bought.values]
    together = purchase.sum("port")
    peak = together.argmax("time")
    when = _moment(results, int(peak))
    energy = float((together * results.hours * results.weight).sum())
    yield Indicator(
        "Peak power from the grid", float(together.max()), "MW", "power", "Largest purchase in any step.", when
    )
    yield Indicator("Power bought", energy / 1000.0, "GWh", "power", "Electricity bought over the horizon.")


def _without_dust(results: xr.Dataset, flow: xr.DataArray) -> xr.DataArray:
    """Leave out what is nothing but rounding: a plan from inside keeps a trace of every flow."""
    return flow.where(flow > DUST * float(np.nanmax(np.abs(results.flow))), 0.0)


def _security(results: xr.Dataset) -> Iterator[Indicator]:
    for unit, name in (("MW", "Unserved energy"), ("t/h", "Unserved tonnes")):
        unserved = results.flow[((results.type == "unserved") & (results.port_unit == unit)).values]
        if unserved.sizes["port"]:
            total = _without_dust(results, unserved.sum("port"))
            amount = float((total * results.hours * results.weight).sum())
            hours = float((results.hours * results.weight * (total > 0.0)).sum())
            worst = int(total.argmax("time"))
            at_worst = f"worst {float(total[worst]):.1f} {unit} on {_moment(results, worst)}"
            note = f"{hours:.0f} h, {at_worst}" if hours else ""
            amounts = "MWh" if unit == "MW" else "t"
            yield Indicator(name, amount, amounts, "security", "Demand that no plant could meet.", note)
    rejected = results.flow[(results.type == "heat_rejection").values]
    if rejected.sizes["port"]:
        away = float((_without_dust(results, rejected.sum("port")) * results.hours * results.weight).sum())
        yield Indicator("Heat cooled away", away / 1000.0, "GWh", "security", "Heat given to the surroundings.")
    unused = sum(measured(results, "unused").values())
    if len(measured(results, "unused")):
        yield Indicator(
            "Residual heat unused", unused / 1000.0, "GWh", "heat", "Usable residual heat that found no use."
        )


def _paid_price(results: xr.Dataset, network: str) -> float:
    """Mean marginal price, weighted by what users take."""
    own = (results.network == network) & (results.direction == "in") & results.type.isin(USERS)
    energy = results.flow[own.values].sum("port") * results.hours * results.weight
    price = results.price.sel(node=network)
    total = float(energy.sum())
    return float((price * energy).sum(skipna=False)) / total if total > 0.0 else np.nan


def _moment(results: xr.Dataset, step: int) -> str:
    return str(results.time.values[step].astype("datetime64[m]")).replace("T", " ") + " UTC"
