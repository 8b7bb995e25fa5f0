"""What is at risk, in sentences: demand not served, the supplier leant on, what happens when one stops."""

import json
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import xarray as xr

from energysim.hydraulics.postcheck import AS_PLANNED
from energysim.kpi import Indicator
from energysim.kpi.indicator import node_title
from energysim.kpi.operation import stop_table
from energysim.kpi.tables import units_in
from energysim.report.look import NOTHING, money, number, per_horizon, percent

_MANY_STOPS = 2
"""Stops told of on the first screen."""


def risks(results: xr.Dataset, leant: Sequence[tuple[float, str, str]], measured: Sequence[Indicator]) -> Iterator[str]:
    """Say what could go wrong.

    Parameters
    ----------
    results : xarray.Dataset
        Of one run.
    leant : sequence of (share, supplier, network)
        Largest suppliers, the share in percent.
    measured : sequence of Indicator
        Of these results.

    Yields
    ------
    sentence : str
    """
    found = {one.name: one for one in measured}
    unserved = [found[name] for name in ("Unserved energy", "Unserved tonnes") if name in found]
    lacking = [one for one in unserved if one.note]
    for one in lacking:
        yield f"{number(one.value)} {one.unit} of demand are not served: {one.note}."
    if unserved and not lacking:
        yield "Every demand is served in every hour."
    for share, supplier, network in leant:
        yield f"{supplier} gives {percent(share)} of the heat of {network}."
    secured = json.loads(results.attrs.get("secured", "[]"))
    if "contingency" in results.dims:
        yield price_of_safety(results)
    elif secured:
        names = " and ".join(node_title(results, name) for name in secured)
        yield f"The plan serves {names} in the hour of the largest demand when any one supplier is lost."
    if "event" in results.dims:
        yield from _stops(results)
    elif leant:
        why = "the scenario names no stop under 'events'" if "policy" in results.dims else "it knows its whole horizon"
        yield f"What happens when a supplier stops is not part of this run: {why}."
    peak = found.get("Peak power from the grid")
    if peak is not None:
        yield f"The grid must give up to {number(peak.value)} MW ({peak.note})."


def pipe_risks(pipes: pd.DataFrame | None) -> Iterator[str]:
    """Say which heat pipes hydraulics do not bear out, in the worst of their hours."""
    if pipes is None or pipes.empty:
        return
    for name, rows in pipes[pipes.remark != AS_PLANNED].groupby("pipe", sort=False):
        worst = rows.loc[rows["drop"].idxmax()]
        drop, lost, lost_planned, pumped, pumped_planned = (
            number(float(worst[key])) for key in ("drop", "loss", "planned_loss", "pumping", "planned_pumping")
        )
        yield (
            f"Held against hydraulics, {name} {worst.remark}: {drop} bar at the largest flow, {lost} MW lost (planned "
            f"{lost_planned}), {pumped} MW for pumps (planned {pumped_planned})."
        )


def price_of_safety(results: xr.Dataset) -> str:
    """Say what the plan pays for the loss of any one supplier."""
    unsafe, safe = (float(results.design_cost.values[k]) for k in (0, -1))
    more = safe - unsafe
    share = f"{number(100.0 * more / abs(unsafe), 1)} %" if unsafe else NOTHING
    return (
        "The plan serves its secured networks in the hour of their largest demand when any one supplier is lost. That "
        f"costs {money(more, results.attrs['currency'])} more {per_horizon(results)} than a plan without this "
        f"condition ({share})."
    )


def _stops(results: xr.Dataset) -> Iterator[str]:
    """Say what comes of each stop, in the last of the designs compared; of two that stop the same at once, once."""
    alike: set[tuple[frozenset[str], str]] = set()
    for event in results.event.values[:_MANY_STOPS].tolist():
        own = results.sel(event=event)
        same = frozenset(str(own.event_component.item()).split(" and ")), str(own.event_begin.values)
        if same in alike:
            continue
        alike.add(same)
        days = float((own.event_end.values - own.event_begin.values) / np.timedelta64(1, "D"))
        told = outcome(results, str(results.design.values[-1]), event).partition(": ")[2]
        yield f"{stopped(results, event)} out for {days:g} days from {_day(own.event_begin)}: {told}"


def _day(stamp: xr.DataArray) -> str:
    return str(stamp.values.astype("datetime64[D]"))


def stopped(results: xr.Dataset, event: str) -> str:
    """Name what an event stops."""
    titles = dict(zip(results.component.values, results.component_title.values, strict=True))
    names = str(results.event_component.sel(event=event).item()).split(" and ")
    return " and ".join(str(titles.get(name, name)) for name in names)


def outcome(results: xr.Dataset, design: str, event: str) -> str:
    """Say in words who jumps in and what falls short."""
    at = results.sel(design=design, event=event)
    table = stop_table(results, design, event)
    jumping = table[(table.change > 0.5)]
    types = dict(zip(results.component.values, results.component_type.values, strict=True))
    helpers = [row.title for row in jumping.itertuples() if types.get(row.Index) != "unserved"][:3]
    who = (
        f"{' and '.join(', '.join(helpers).rsplit(', ', 1))} jump in" if helpers else "nobody has anything left to give"
    )
    if len(helpers) == 1:
        who = f"{helpers[0]} jumps in"
    mine = results.network.values == str(at.event_network.item())
    anyway = float(at.event_usual.values[mine & (results.type.values == "unserved")].sum()) >= 0.5
    if float(at.event_short_energy) < 0.5:
        carrier = str(results.carrier.values[mine][0])
        rest = "no more is short than without the stop" if anyway else f"nobody goes without {carrier}"
        return f"{design.capitalize()}: {who}, and {rest}."
    more = " more than without the stop" if anyway else ""
    amount, flow = units_in(results, str(at.event_network.item()))
    energy, worst = f"{number(float(at.event_short_energy))} {amount}", f"{number(float(at.event_worst))} {flow}"
    return (
        f"{design.capitalize()}: {who}, but {energy}{more} are not served, at worst {worst}, and the shortage lasts up "
        f"to {number(float(at.event_longest))} h."
    )
