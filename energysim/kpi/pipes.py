"""Heat pipes of a solved plan, their worst hours held against real hydraulics."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from energysim.hydraulics.friction import water_needed
from energysim.hydraulics.postcheck import Checked, Load, check
from energysim.kpi.tables import measured

Floats = NDArray[np.float64]

_LEAST_FLOW, _LEAST_DROP = 1e-3, 5.0
"""Heat [MW] and temperature difference [K] below which there is nothing to check."""


class _Way(NamedTuple):
    """A direction in which a pipe carries heat."""

    sent: str
    received: str
    remark: str


_WAYS = (_Way("sent", "received", ""), _Way("sent_back", "received_back", ", way back"))


def worst_loads(results: xr.Dataset, hours: int = 2) -> list[Load]:
    """List the hours in which each heat pipe carries most water, and that of its hottest supply, for each way.

    Parameters
    ----------
    results : xarray.Dataset
        Of one run.
    hours : int
        Number of hours with the largest flow of water.

    Returns
    -------
    loads : list of Load
        Pipes without length, flow or temperatures are left out.
    """
    routes = measured(results, "route")
    return [load for pipe in routes for load in _loads(results, pipe, routes[pipe], hours)]


def pipe_check(results: xr.Dataset, hours: int = 2) -> pd.DataFrame:
    """Hold the worst hours of every heat pipe against real hydraulics.

    Returns
    -------
    table : DataFrame
        One row per pipe and hour: ``pipe, time, heat`` [MW], ``nominal`` [mm], ``velocity`` [m/s], ``drop`` [bar],
        ``end_temperature`` [degC], ``loss, planned_loss, pumping, planned_pumping`` [MW], ``remark``.
    """
    return pd.DataFrame([_row(check(load)) for load in worst_loads(results, hours)])


def _loads(results: xr.Dataset, pipe: str, length: float, hours: int) -> Iterator[Load]:
    """List the loads of each way that water goes; what is lost and pumped in an hour is that of both together."""
    ways = _ways(results, pipe) if length > 0.0 else {}
    largest = max((_to_be_carried(results, pipe, water) for water in ways.values()), default=0.0)
    title = str(results.component_title.sel(component=pipe).item())
    pumps = results.flow.sel(port=f"{pipe}.pumps").values
    lost = np.sum([water.lost for water in ways.values()], axis=0)
    for way, water in ways.items():
        for step in _picked(water, hours):
            yield Load(
                pipe=f"{title}{way.remark}",
                time=str(results.time.values[step].astype("datetime64[m]")).replace("T", " "),
                heat=float(water.sent[step]),
                supply=float(water.supply[step]),
                returned=float(water.returned[step]),
                length=length,
                largest=largest,
                planned_loss=float(lost[step]),
                planned_pumping=float(pumps[step]),
            )


class _Water(NamedTuple):
    """What goes one way through a pipe. (step,)"""

    sent: Floats
    """[MW]"""
    lost: Floats
    """[MW]"""
    supply: Floats
    """Where it is sent from. [degC]"""
    returned: Floats
    """Where it arrives. [degC]"""
    flow: Floats
    """Zero where there is nothing to check. [kg/s]"""


def _ways(results: xr.Dataset, pipe: str) -> dict[_Way, _Water]:
    """Find the ways of a pipe whose temperatures are known."""
    ports = set(results.port.values.tolist())
    found = {}
    for way in _WAYS:
        begin, end = f"{pipe}.{way.sent}", f"{pipe}.{way.received}"
        if begin not in ports:
            continue
        sent, received = results.flow.sel(port=begin).values, results.flow.sel(port=end).values
        supply = results.supply.sel(node=str(results.port_node.sel(port=begin).item())).values
        returned = results.returned.sel(node=str(results.port_node.sel(port=end).item())).values
        if not (np.isfinite(supply).all() and np.isfinite(returned).all()):
            continue
        drop = supply - returned
        runs = (sent > _LEAST_FLOW) & (drop >= _LEAST_DROP)
        flow = np.where(runs, water_needed(sent, np.maximum(drop, _LEAST_DROP)), 0.0)
        found[way] = _Water(sent, sent - received, supply, returned, flow)
    return found


def _to_be_carried(results: xr.Dataset, pipe: str, water: _Water) -> float:
    """Give the largest flow of the plan, or that of the whole capacity as warm as in the hour with most heat. [kg/s]"""
    most = int(np.argmax(np.where(water.flow > 0.0, water.sent, 0.0)))
    if water.flow[most] == 0.0:
        return 0.0
    capacity = float(results.capacity.sel(size=f"{pipe}.capacity"))
    return max(float(water.flow.max()), capacity / float(water.sent[most]) * float(water.flow[most]))


def _picked(water: _Water, hours: int) -> list[int]:
    """List the steps with the largest flow, and the one with the hottest supply, among those with a flow."""
    runs = water.flow > 0.0
    if not runs.any():
        return []
    picked = [int(step) for step in np.argsort(-water.flow)[:hours] if runs[step]]
    return list(dict.fromkeys([*picked, int(np.argmax(np.where(runs, water.supply, -np.inf)))]))


def _row(checked: Checked) -> dict[str, object]:
    load = checked.load
    return {
        "pipe": load.pipe,
        "time": load.time,
        "heat": load.heat,
        "nominal": checked.nominal,
        "velocity": checked.velocity,
        "drop": checked.drop,
        "end_temperature": checked.end_temperature,
        "loss": checked.loss,
        "planned_loss": load.planned_loss,
        "pumping": checked.pumping,
        "planned_pumping": load.planned_pumping,
        "remark": checked.remark,
    }
