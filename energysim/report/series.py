"""What the dispatch pictures show: flows of a network by component, at several resolutions."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from energysim.kpi import by_component
from energysim.report.look import colours, order

_HARDLY = 1e-4
"""Share of the largest flow below which a picture shows none."""


@dataclass(frozen=True)
class Band:
    """One component's flow in a network over time."""

    component: str
    title: str
    colour: str
    values: pd.Series
    """Positive into the network. [MW]"""


def networks(results: xr.Dataset, carrier: str) -> list[str]:
    """List the networks of a carrier with at least one flow, the busiest first."""
    own = results.node.values[(results.node_carrier == carrier).values]
    size = {str(node): float(np.abs(results.flow[(results.port_node == node).values]).sum()) for node in own}
    return sorted((node for node, total in size.items() if total > 1e-6), key=lambda node: -size[node])


def bands(results: xr.Dataset, network: str) -> list[Band]:
    """List the components of a network in stacking order; those that hardly flow are left out."""
    net = by_component(results, network)
    least = max(1e-6, _HARDLY * float(np.abs(net).max())) if net.size else 1e-6
    titles = dict(zip(results.component.values, results.component_title.values, strict=True))
    colour, place = colours(results), order(results)
    found = [
        Band(str(c), str(titles[c]), colour[str(c)], net.sel(component=c).to_series())
        for c in net.component.values
        if float(np.abs(net.sel(component=c)).max()) > least
    ]
    return sorted(found, key=lambda band: place[band.component])


def averaged(band: Band, rule: str) -> pd.Series:
    """Average a band over days or longer. [MW]"""
    return band.values.resample(rule).mean()


def split(found: list[Band]) -> tuple[list[Band], list[Band]]:
    """Part those that mostly feed the network from those that only draw from it."""
    feeding = [band for band in found if float(band.values.max()) > 1e-6]
    drawing = [band for band in found if float(band.values.max()) <= 1e-6]
    return feeding, drawing


def peak_week(results: xr.Dataset, network: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Find the week around the step with the largest feed into a network."""
    feed = results.flow[((results.network == network) & (results.direction == "out")).values].sum("port").to_series()
    middle = feed.idxmax()
    half = pd.Timedelta(days=3.5)
    return max(feed.index[0], middle - half), min(feed.index[-1] + step_of(feed.index), middle + half)


def step_of(stamps: pd.Index) -> pd.Timedelta:
    """Length of a step; an hour where there is one only."""
    return stamps[1] - stamps[0] if len(stamps) > 1 else pd.Timedelta(hours=1)


def duration(values: pd.Series, hours: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sort values by falling size against the hours they last. ([h], [MW])"""
    rank = np.argsort(-values.to_numpy(), kind="stable")
    return np.concatenate([[0.0], np.cumsum(hours[rank])]), np.append(
        values.to_numpy()[rank], values.to_numpy()[rank[-1]]
    )


def stores(results: xr.Dataset) -> Iterator[Band]:
    """Walk the store levels, each in a colour of its own; those of the types of stores are too much alike. [MWh]"""
    for number, name in enumerate(results.store.values):
        component = str(results.store_component.values[number])
        title = str(results.store_title.values[number])
        yield Band(component, title, _APART[number % len(_APART)], results.level.sel(store=name).to_series())


_APART = ("#3a6ea5", "#d1495b", "#2a9d8f", "#e9a03b", "#7a5ea8", "#6b8e23", "#b5543a", "#4b5563")
"""Colours that are told apart at a glance."""


def level_prices(results: xr.Dataset, network: str) -> list[tuple[str, str, pd.Series]]:
    """Price of heat at each temperature level of a network: a title, a colour from hot to cold, the price by the hour.

    Returns
    -------
    prices : list
        The hottest first; empty where the network has one level only.
    """
    own = results.heat_level.values[results.heat_level_network.values == network]
    found = []
    for number, level in enumerate(own):
        bottom, top = (float(results[name].sel(heat_level=level).mean()) for name in ("level_bottom", "level_top"))
        colour = _HOT_TO_COLD[round(number * (len(_HOT_TO_COLD) - 1) / max(len(own) - 1, 1))]
        price = results.level_price.sel(heat_level=level).to_series()
        found.append((f"{number + 1}: {bottom:.0f} to {top:.0f} °C", colour, price))
    return found


_HOT_TO_COLD = ("#8e1b1b", "#c8432f", "#e8813a", "#e6b23c", "#9bb35a", "#4fa093", "#3a7ca5", "#34508f", "#4b3f72")
