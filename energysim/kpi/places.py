"""What happens where: heat by place, and what flows from place to place."""

import numpy as np
import pandas as pd
import xarray as xr

from energysim.kpi.indicator import delivered, heat_networks
from energysim.kpi.overview import heat_kinds
from energysim.kpi.tables import annual_flows

_CARRIED = ("heat", "electricity", "hydrogen")


def sites(results: xr.Dataset) -> pd.DataFrame:
    """List the places whose location the scenario gives.

    Returns
    -------
    sites : DataFrame
        By key of the place: ``title, latitude, longitude`` [degrees], ``heat`` delivered there [MWh].
    """
    if "site" not in results.dims:
        return pd.DataFrame(columns=["title", "latitude", "longitude", "heat"])
    names = {"title": "site_title", "latitude": "latitude", "longitude": "longitude"}
    table = pd.DataFrame({key: results[name].values for key, name in names.items()}, index=results.site.values)
    heat = dict.fromkeys(table.index, 0.0)
    for network in heat_networks(results):
        place = str(results.node_place.sel(node=network).item())
        if place in heat:
            heat[place] += delivered(results, network)
    table["heat"] = pd.Series(heat)
    return table[np.isfinite(table.latitude)]


def site_kinds(results: xr.Dataset) -> pd.DataFrame:
    """Sum what feeds the heat networks of each place by kind, see :func:`heat_kinds`. [MWh]"""
    kinds = heat_kinds(results).reindex(heat_networks(results))
    places = [str(results.node_place.sel(node=network).item()) for network in kinds.index]
    return kinds.groupby(places).sum()


def links(results: xr.Dataset) -> pd.DataFrame:
    """List what leads from place to place: pipes, lines, and plants that stand apart from the network they feed.

    Returns
    -------
    links : DataFrame
        ``component, title, carrier, origin, target`` (keys of places), ``energy`` that arrives at the target and
        ``back`` at the origin [MWh], ``peak`` that arrives [MW].
    """
    flows = annual_flows(results)
    flows["peak"] = results.flow.max("time").values
    places = dict(zip(results.node.values.tolist(), results.node_place.values.tolist(), strict=True))
    flows["at"] = flows.network.map(places).fillna("")
    flows = flows[(flows["at"] != "") & flows.carrier.isin(_CARRIED)]
    rows = []
    for (component, carrier), ports in flows.groupby(["component", "carrier"], sort=False):
        given, taken = ports[ports.direction == "out"], ports[ports.direction == "in"]
        origins = taken["at"].unique().tolist() or given.place[given.place != ""].unique().tolist()
        for origin in origins[:1]:
            for target, arriving in given[given["at"] != origin].groupby("at"):
                back = float(given.energy[given["at"] == origin].sum())
                figures = (float(arriving.energy.sum()), back, float(arriving.peak.max()))
                rows.append((component, ports.title.iloc[0], carrier, origin, target, *figures))
    return pd.DataFrame(rows, columns=["component", "title", "carrier", "origin", "target", "energy", "back", "peak"])
