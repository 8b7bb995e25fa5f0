"""The part of the page on operation without foresight: policies, security, stops, uncertain years."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
import xarray as xr

from energysim.kpi.indicators import node_title
from energysim.kpi.operation import Adequacy, adequacy, cost_of_years, exceedance, policies, stop_table
from energysim.kpi.tables import units_in
from energysim.report.charts import Chart, chart, layout
from energysim.report.look import NOTHING, colours, is_year, listed, money, money_unit, number, order, percent
from energysim.report.risks import outcome, price_of_safety, stopped

NAMES = {
    "none": "Stores kept empty",
    "greedy": "Greedy: store what the cheapest hours spare",
    "price_rank": "Price rank with look-ahead",
    "water_values": "Water values of the plan",
    "operator": "Rules of the operator",
    "rolling": "Rolling plan",
    "foresight": "Whole horizon known (the plan)",
}
"""Policies as a reader knows them."""
_RUN_BY = {
    "greedy": "greedily: they take what the cheapest hours spare",
    "price_rank": "by price rank with look-ahead",
    "water_values": "by water values by month and content",
    "operator": "by the rules of the operator",
}
"""How stores are run in uncertain years, as the end of a sentence."""
_MOST_ROWS = 12


@dataclass(frozen=True)
class Table:
    """A table of the page; every cell is text, all but the first column are numbers."""

    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


@dataclass(frozen=True)
class Section:
    """A heading with what stands below it."""

    title: str
    sentences: list[str]
    tables: list[Table]
    charts: list[Chart]


def operation(results: xr.Dataset) -> list[Section]:
    """Write the sections on operation; none for a run that was not simulated."""
    found = []
    if "policy" in results.dims:
        found.append(_policies(results))
    if "contingency" in results.dims:
        found.append(_security(results))
    if "event" in results.dims:
        found += [_stop(results, str(event)) for event in results.event.values]
    if "year" in results.dims:
        found.append(_years(results))
    return found


def _policies(results: xr.Dataset) -> Section:
    table, currency = policies(results), results.attrs["currency"]
    rows = [
        (
            NAMES.get(str(name), str(name)),
            money(row.cost, currency),
            money(row.regret, currency),
            NOTHING if np.isnan(row.captured) else percent(100.0 * row.captured),
        )
        for name, row in table.iterrows()
    ]
    sentences = [
        "The page describes the region run hour by hour by an operator who does not know the future. The cost of "
        "imperfect foresight is what a policy costs more than the plan that knows every hour beforehand. Of the value "
        "of storage, which is what the stores save with full foresight, a policy captures a part; below zero it would "
        "be better to keep the stores empty. Water values say what a MWh kept for later is worth, as for a reservoir."
    ]
    drawn = go.Figure()
    shown = table[table.captured.notna()].sort_values("captured")
    drawn.add_trace(
        go.Bar(
            x=(100.0 * shown.captured).round(1), y=[NAMES.get(str(n), str(n)) for n in shown.index],
            orientation="h", marker_color="#2a9d8f", hovertemplate="%{x} %<extra></extra>",
        )
    )  # fmt: skip
    drawn.update_layout(layout(""))
    drawn.update_layout(height=80 + 42 * max(1, len(shown)), margin={"l": 300, "r": 16, "t": 34, "b": 46})
    drawn.update_xaxes(title="share of the value of storage captured, %")
    charts = [chart("captured", "Value of storage captured", "", drawn)] if len(shown) else []
    head = ("Stores run by", "Cost", "More than foresight", "Storage value captured")
    return Section("Operation without foresight", sentences, [Table(head, rows)], charts)


def _security(results: xr.Dataset) -> Section:
    sentences = [
        price_of_safety(results),
        "The last table shows one way to serve the users in that hour; there may be others.",
    ]
    sizes = []
    for k in range(results.sizes["size"]):
        before, after = (float(results.design_size.values[d, k]) for d in (0, -1))
        if abs(after - before) > 5e-3 * max(1.0, abs(before)):
            unit = str(results.size_unit.values[k])
            figures = (number(value, 1) for value in (before, after, after - before))
            sizes.append((f"{results.size_title.values[k]}, {unit}", *figures))
    tables = [Table(("Size", "Without security", "Secured", "More"), sizes)] if sizes else []
    titles = dict(zip(results.component.values, results.component_title.values, strict=True))
    reserves = zip(results.store_reserve.values, results.reserve.values, strict=True)
    kept = [(str(titles.get(name, name)), number(float(value), 0)) for name, value in reserves if value > 0.5]
    if kept:
        tables.append(Table(("Reserve kept in every hour", "MWh"), kept))
    return Section("Loss of any one supplier", sentences, [*tables, _covers(results)], [])


def _covers(results: xr.Dataset) -> Table:
    """Who serves when a supplier is lost, the supplier in front."""
    titles = dict(zip(results.component.values, results.component_title.values, strict=True))
    rows = []
    for case in results.contingency.values:
        given = results.cover.sel(contingency=case).to_series()
        given = given[given > 0.05].sort_values(ascending=False)
        words = ", ".join(f"{titles[name]} {number(value)}" for name, value in given.items())
        rows.append((str(titles.get(case, case)), words or NOTHING))
    return Table(("Lost", "Served by, MW"), rows)


def _stop(results: xr.Dataset, event: str) -> Section:
    own = results.sel(event=event)
    begin, end = (
        str(own[key].values.astype("datetime64[h]")).replace("T", " ") for key in ("event_begin", "event_end")
    )
    network = node_title(results, str(own.event_network.item()))
    sentences = [f"Stopped: {stopped(results, event)}, from {begin}:00 to {end}:00 UTC. Network: {network}."]
    sentences += [outcome(results, str(design), event) for design in results.design.values]
    rows = []
    for design in results.design.values:
        at = own.sel(design=design)
        rows.append(
            (
                str(design).capitalize(),
                money(float(at.event_extra_cost), results.attrs["currency"]),
                *(
                    number(float(at[f"event_{k}"]))
                    for k in ("short_energy", "short_hours", "worst", "longest", "recovery")
                ),
            )
        )
    head = ("Plan", "Extra cost", "Not served, MWh", "Hours short", "Worst, MW", "Longest, h", "Stores back after, h")
    last = str(results.design.values[-1])
    table = stop_table(results, last, event).head(_MOST_ROWS)
    changes = [(str(r.title), number(r.usual), number(r.now), number(r.change)) for r in table.itertuples()]
    tables = [Table(head, rows), Table((f"Who gives, {last}, MWh", "Without the stop", "With it", "Change"), changes)]
    text = "Two days before to two days after the stop; below zero: what stores and other plants take."
    charts = [
        chart(f"stop_{k}_{event}", f"Hour by hour, {design}", text, _stop_figure(results, str(design), event))
        for k, design in enumerate(results.design.values)
    ]
    return Section(f"If it stops: {event.replace('_', ' ')}", sentences, tables, charts)


def _stop_figure(results: xr.Dataset, design: str, event: str) -> go.Figure:
    own = results.sel(design=design, event=event)
    mine = np.flatnonzero(results.network.values == str(own.event_network.item()))
    shades, places = colours(results), order(results)
    step = float(results.hours[0])
    first = max(0, int(np.searchsorted(results.time.values, own.event_begin.values)) - round(48 / step))
    flow = own.event_flow.values
    kept = np.isfinite(flow[mine[0]])
    stamps = results.time.values[first : first + int(kept.sum())]
    drawn, seen = go.Figure(), set[str]()
    for k in sorted(mine, key=lambda k: places.get(str(results.port_component.values[k]), 0)):
        values = flow[k][kept]
        if np.max(np.abs(values), initial=0.0) < 1e-3:
            continue
        component = str(results.port_component.values[k])
        is_out = str(results.direction.values[k]) == "out"
        kind = str(results.type.values[k])
        shade = "#c1121f" if kind == "unserved" else shades.get(component, "#888")
        drawn.add_trace(
            go.Scatter(
                x=stamps.astype(str), y=np.round(values if is_out else -values, 2), name=str(results.title.values[k]),
                mode="lines", line={"width": 0, "color": shade, "shape": "hv"}, stackgroup="in" if is_out else "out",
                fillcolor=shade, legendgroup=component, showlegend=component not in seen,
            )
        )  # fmt: skip
        seen.add(component)
    drawn.update_layout(layout("MW"))
    for key in ("event_begin", "event_end"):
        drawn.add_vline(x=str(own[key].values.astype("datetime64[ms]")), line={"color": "#333", "dash": "dot"})
    return drawn


def _years(results: xr.Dataset) -> Section:
    currency, cost = results.attrs["currency"], cost_of_years(results)
    count = results.sizes["year"]
    spread = f"nine years of ten between {money(cost['P5'], currency)} and {money(cost['P95'], currency)}"
    drawn = listed(json.loads(results.year.attrs.get("drawn", "[]")))
    own = f", each with {drawn} of its own," if drawn else ""
    run_by = _RUN_BY.get(str(results.policy.attrs.get("run_by", "")))
    sentences = [
        f"{count:,} uncertain years{own} cost {money(cost['mean'], currency)} on average (give or take "
        f"{money(cost['error'], currency)}), {spread}. The design is the same in all of them"
        + (f", and the stores are run {run_by}." if run_by else ".")
    ]
    rows = [
        (
            node_title(results, one.network), number(one.lole), *_short(results, one),
            number(one.longest), f"{number(100.0 * one.share_of_years)} %",
        )
        for one in adequacy(results)
    ]  # fmt: skip
    every = "/a" if is_year(float(results.hours.sum()) / 8760.0) else " over the horizon"
    short = (f"Hours short (LOLE), h{every}", f"Not served (EENS){every}")
    head = ("Network", *short, "Worst", "Longest, h", "Years with a shortage")
    tables = [Table(head, rows)] if rows else []
    return Section("Uncertain years", sentences, tables, list(_year_charts(results)))


def _short(results: xr.Dataset, one: Adequacy) -> tuple[str, str]:
    """What is not served and the worst shortage, with their units."""
    amount, flow = units_in(results, one.network)
    return f"{number(one.eens)} {amount}", f"{number(one.worst)} {flow}"


def _year_charts(results: xr.Dataset) -> Iterator[Chart]:
    costs = results.year_cost.values
    factor, unit = money_unit(float(np.abs(costs).max()), str(results.attrs["currency"]))
    drawn = go.Figure(go.Histogram(x=np.round(costs / factor, 3), nbinsx=30, marker_color="#3a6ea5"))
    drawn.add_vline(x=float(results.attrs["objective"]) / factor, line={"color": "#b3261e", "dash": "dash"})
    drawn.update_layout(layout("years"))
    drawn.update_xaxes(title=f"cost of the year, {unit}")
    yield chart("year_cost", "Distribution of cost", "The dashed line is the planned year, run hour by hour.", drawn)
    values, share = exceedance(costs / factor)
    drawn = _falling(values, share, f"cost of the year, {unit}")
    yield chart("exceed_cost", "How often a year costs at least so much", "", drawn)
    for network in results.short.values:
        energy = results.unserved.sel(short=network).values
        if energy.max(initial=0.0) <= 0.0:
            continue
        name = node_title(results, str(network))
        drawn = _falling(*exceedance(energy), f"not served in the year, {units_in(results, str(network))[0]}")
        yield chart(f"exceed_{network}", f"{name}: how often at least so much is not served", "", drawn)
        text = "Mean over the years of what is not served on each day."
        yield chart(f"calendar_{network}", f"{name}: shortage calendar", text, _calendar(results, str(network)))


def _falling(values: np.ndarray, share: np.ndarray, title: str) -> go.Figure:
    drawn = go.Figure(
        go.Scatter(
            x=np.round(values, 4), y=np.round(100.0 * share, 3), mode="lines", line={"shape": "hv", "color": "#1f2933"}
        )
    )
    drawn.update_layout(layout("% of the years"))
    drawn.update_xaxes(title=title)
    return drawn


def _calendar(results: xr.Dataset, network: str) -> go.Figure:
    """Months downwards, days across."""
    days = results.day.values.astype("datetime64[D]")
    month = days.astype("datetime64[M]")
    table = np.full((12, 31), np.nan)
    place = month.astype(int) % 12, (days - month.astype("datetime64[D]")).astype(int)
    table[place] = results.short_by_day.sel(short=network).values
    unit = units_in(results, network)[0]
    names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    drawn = go.Figure(
        go.Heatmap(
            z=np.round(table, 3), x=list(range(1, 32)), y=names, colorscale=[[0, "#f3f6f9"], [1, "#b3261e"]],
            colorbar={"title": unit}, hovertemplate=f"%{{y}} %{{x}}: %{{z}} {unit}<extra></extra>",
        )
    )  # fmt: skip
    drawn.update_layout(layout(""))
    drawn.update_yaxes(autorange="reversed")
    return drawn
