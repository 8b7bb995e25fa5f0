"""One figure of a run, and what all figures ask: which heat is residual, which networks heat users."""

import json
from dataclasses import dataclass

import xarray as xr

from energysim.kpi.tables import annual_flows


@dataclass(frozen=True)
class Indicator:
    """One figure with its unit and meaning."""

    name: str
    value: float
    unit: str
    group: str
    meaning: str
    note: str = ""
    """When or where, for peaks and shortages."""


RESIDUAL = ("residual_heat", "process", "electrolyser", "data_centre")
"""Types whose heat is left over from something else."""
USERS = ("heat_demand", "district", "electricity_demand", "settlement", "sink")
"""Types that use what they take."""


def heat_networks(results: xr.Dataset) -> list[str]:
    """List the networks that bring heat to end users, the largest first."""
    flows = annual_flows(results)
    heat = flows[(flows.carrier == "heat") & (flows.direction == "in") & (flows.node != "")]
    used = heat[heat.type.isin(USERS)].groupby("network").energy.sum().sort_values(ascending=False)
    return list(used.index)


def node_title(results: xr.Dataset, network: str) -> str:
    """Name of a network for readers."""
    return str(results.node_title.sel(node=network).item()) or network


def actor_names(results: xr.Dataset) -> dict[str, str]:
    """Name of each actor for readers."""
    return dict(json.loads(results.attrs.get("actors", "{}")))


def delivered(results: xr.Dataset, network: str) -> float:
    """Heat that reached the users of a network. [MWh]"""
    flows = annual_flows(results)
    own = flows[(flows.network == network) & (flows.direction == "in") & flows.type.isin(USERS)]
    return float(own.energy.sum())
