"""Figures with zoom for the page, as plotly descriptions."""

import textwrap
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import xarray as xr

from energysim.kpi import annual_flows, sizes, summed_cost
from energysim.kpi.indicator import USERS
from energysim.kpi.ledger import actor_totals
from energysim.report.charts import FONT, layout
from energysim.report.look import LEAST_SIZE, colours, money_unit
from energysim.report.series import Band, averaged, bands, duration, level_prices, peak_week, split, step_of, stores

_LETTERS = 17
"""Of a line of a name in the picture of flows."""


def dispatch(results: xr.Dataset, network: str, hourly: bool) -> go.Figure:
    """Draw who feeds a network and who draws from it, stacked; by hour with the peak week in view, or by day."""
    figure = go.Figure()
    feeding, drawing = split(bands(results, network))
    for band in feeding:
        values = band.values if hourly else averaged(band, "D")
        figure.add_trace(_area(band, values.clip(lower=0.0), ("in", hourly), True))
    for band in [*(b for b in feeding if b.values.min() < -1e-6), *(b for b in drawing if not _is_demand(results, b))]:
        values = band.values if hourly else averaged(band, "D")
        figure.add_trace(_area(band, values.clip(upper=0.0), ("out", hourly), band not in feeding))
    demand = [band for band in drawing if _is_demand(results, band)]
    if demand:
        total = sum((band.values if hourly else averaged(band, "D") for band in demand), start=0.0)
        figure.add_trace(
            go.Scatter(**_time(-total, hourly), name="Demand of users", mode="lines", line=_line("#111", 1.5, hourly))
        )
    figure.update_layout(layout("MW"))
    if hourly:
        first, last = peak_week(results, network)
        figure.update_xaxes(range=[str(first), str(last)], rangeslider={"visible": True, "thickness": 0.06})
        # Room for the slider between the axis and the legend.
        figure.update_layout(legend={"y": -0.45}, height=490)
    return figure


def durations(results: xr.Dataset, network: str) -> go.Figure:
    """Draw each feeder's own duration curve."""
    figure = go.Figure()
    hours = (results.hours * results.weight).values
    for band in split(bands(results, network))[0]:
        x, y = duration(band.values.clip(lower=0.0), hours)
        keep = np.unique(np.linspace(0, len(x) - 1, min(len(x), 1200)).astype(int))
        line = _line(band.colour, 2, True)
        figure.add_trace(go.Scatter(x=_short(x[keep]), y=_short(y[keep]), name=band.title, mode="lines", line=line))
    figure.update_layout(layout("MW"))
    figure.update_xaxes(title="hours with at least this output")
    return figure


def levels(results: xr.Dataset) -> go.Figure:
    """Draw the level of every store."""
    figure = go.Figure()
    for band in stores(results):
        line = {"color": band.colour, "width": 1.5}
        figure.add_trace(go.Scatter(**_time(band.values), name=band.title, mode="lines", line=line))
    figure.update_layout(layout("MWh"))
    return figure


def prices(results: xr.Dataset, nodes: Iterable[str]) -> go.Figure:
    """Draw marginal prices, sorted by falling size."""
    figure = go.Figure()
    hours = (results.hours * results.weight).values
    for number, node in enumerate(nodes):
        x, y = duration(results.price.sel(node=node).to_series(), hours)
        keep = np.unique(np.linspace(0, len(x) - 1, min(len(x), 1500)).astype(int))
        title = str(results.node_title.sel(node=node).item())
        line = {"color": ("#b5543a", "#3a6ea5", "#2a9d8f", "#7a5ea8")[number % 4], "width": 2, "shape": "hv"}
        figure.add_trace(go.Scatter(x=_short(x[keep]), y=_short(y[keep]), name=title, mode="lines", line=line))
    figure.update_layout(layout(f"{results.attrs['currency']}/MWh"))
    figure.update_xaxes(title="hours with at least this price")
    return figure


def heat_prices(results: xr.Dataset, network: str) -> go.Figure:
    """Draw what heat of each temperature level is worth, sorted by falling size."""
    figure = go.Figure()
    hours = (results.hours * results.weight).values
    for title, colour, price in level_prices(results, network):
        x, y = duration(price, hours)
        keep = np.unique(np.linspace(0, len(x) - 1, min(len(x), 1500)).astype(int))
        line = {"color": colour, "width": 2, "shape": "hv"}
        figure.add_trace(go.Scatter(x=_short(x[keep]), y=_short(y[keep]), name=title, mode="lines", line=line))
    figure.update_layout(layout(f"{results.attrs['currency']}/MWh"))
    figure.update_xaxes(title="hours with at least this price")
    return figure


def capacities(results: xr.Dataset, unit: str) -> go.Figure:
    """Draw existing and built sizes of one unit."""
    table = sizes(results)
    table = table[(table.unit == unit) & (table.total < 1e6) & (table.type != "electricity_market")]
    table = table[table.total > LEAST_SIZE].sort_values("total")
    figure = go.Figure()
    shades = (("existing", "#9aa5b1"), ("built", "#2a9d8f"))
    for name, colour in (shade for shade in shades if table[shade[0]].abs().max() > 1e-6):
        figure.add_trace(
            go.Bar(y=table.title, x=table[name].round(1), name=name, orientation="h", marker={"color": colour})
        )
    figure.update_layout(layout(""), barmode="stack", height=120 + 34 * len(table))
    figure.update_xaxes(title=unit)
    figure.update_yaxes(title="", automargin=True)
    return figure


def costs(results: xr.Dataset, by: str, names: dict[str, str]) -> go.Figure:
    """Draw the cost by owner, carrier or component; income points to the left.

    What owners pay is told after payments between them, as everywhere; other parts of the cost have none.
    """
    cost = actor_totals(results) if by == "owner" else summed_cost(results, by)
    cost = cost.sort_values(key=np.abs, ascending=False)
    factor, unit = money_unit(float(cost.abs().max()) if len(cost) else 0.0, str(results.attrs["currency"]))
    cost = cost[cost.abs() > 1e-3 * cost.abs().max()][::-1] / factor
    labels = [names.get(str(name), str(name).replace("_", " ")) or "nobody" for name in cost.index]
    colour = ["#3a6ea5" if value >= 0.0 else "#2a9d8f" for value in cost]
    figure = go.Figure(go.Bar(y=labels, x=cost.round(4).to_numpy(), orientation="h", marker={"color": colour}))
    figure.update_layout(layout(""), height=110 + 32 * len(cost), showlegend=False)
    figure.update_xaxes(title=unit)
    figure.update_yaxes(title="", automargin=True)
    return figure


def sankey(results: xr.Dataset) -> go.Figure:
    """Draw the energy of the horizon from component through node to component; stores only circulate, so not they."""
    flows = annual_flows(results)
    flows = flows[(flows.node != "") & (flows.unit == "MWh") & ~flows.component.isin(results.store_component.values)]
    flows = _without_circles(flows)
    flows = flows[flows.energy > 0.002 * flows.energy.max()]
    titles = dict(zip(results.component.values, results.component_title.values, strict=True))
    node_titles = dict(zip(results.node.values, results.node_title.values, strict=True))
    names = [*(("c", c) for c in flows.component.unique()), *(("n", n) for n in flows.node.unique())]
    place = {name: number for number, name in enumerate(names)}
    colour = colours(results)
    source, target, tint = [], [], []
    for row in flows.itertuples():
        ends = [place["c", row.component], place["n", row.node]]
        first, last = ends if row.direction == "out" else ends[::-1]
        source.append(first)
        target.append(last)
        tint.append(_faded(colour[str(row.component)]))
    words = [str(titles[name] if kind == "c" else node_titles[name]) for kind, name in names]
    # Names of neighbouring columns would run into each other on one line.
    labels = ["<br>".join(textwrap.wrap(word, _LETTERS)) for word in words]
    blocks = [colour[str(name)] if kind == "c" else "#444444" for kind, name in names]
    energy = (flows.energy / 1000.0).round(2).to_numpy()
    figure = go.Figure(
        go.Sankey(
            node={"label": labels, "color": blocks, "pad": 26, "thickness": 16},
            link={"source": source, "target": target, "value": energy, "color": tint},
            valuesuffix=" GWh",
            valueformat=",.1f",
        )
    )
    figure.update_layout(font={**FONT, "size": 12}, height=720, margin={"l": 10, "r": 10, "t": 34, "b": 10})
    return figure


def _without_circles(flows: pd.DataFrame) -> pd.DataFrame:
    """Count what lifts heat within a network with what it adds, as the production mix does; a circle says nothing."""
    keys = [flows.component, flows.node]
    outwards = flows.energy.where(flows.direction == "out", 0.0).groupby(keys).transform("sum")
    inwards = flows.energy.where(flows.direction == "in", 0.0).groupby(keys).transform("sum")
    own = outwards.where(flows.direction == "out", inwards)
    share = ((own - np.minimum(outwards, inwards)) / own).where(own > 0.0, 0.0)
    return flows.assign(energy=flows.energy * share)


def _line(colour: str, width: float, is_stepped: bool) -> dict[str, Any]:
    """A step holds its value to its end; means over days are joined."""
    return {"color": colour, "width": width, "shape": "hv" if is_stepped else "linear"}


def _area(band: Band, values: pd.Series, stack: tuple[str, bool], shows: bool) -> go.Scatter:
    return go.Scatter(
        **_time(values, stack[1]),
        name=band.title,
        legendgroup=band.component,
        showlegend=shows,
        stackgroup=stack[0],
        mode="lines",
        line=_line(band.colour, 0, stack[1]),
        fillcolor=band.colour,
        hovertemplate="%{y:.1f} MW",
    )


def _time(values: pd.Series, is_stepped: bool = False) -> dict[str, Any]:
    """Start and step instead of one time stamp per value, and short numbers: the page stays small.

    Where a step holds its value, the last one is said twice: it too has an end.
    """
    shown = values.to_numpy()
    shown = np.append(shown, shown[-1]) if is_stepped else shown
    return {"x0": str(values.index[0]), "dx": step_of(values.index).total_seconds() * 1000.0, "y": _short(shown)}


def _short(values: np.ndarray) -> np.ndarray:
    return np.round(values, 3).astype(np.float32)


def _is_demand(results: xr.Dataset, band: Band) -> bool:
    kind = results.component_type.sel(component=band.component).item()
    return kind in USERS


def _faded(colour: str) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.45)"
