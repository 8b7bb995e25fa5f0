"""Heat pipes of a solved plan, their worst hours held against real hydraulics."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from energysim.hydraulics.postcheck import Checked, Load, check
from energysim.kpi.tables import measured

Floats = NDArray[np.float64]

_LEAST_FLOW, _LEAST_DROP = 1e-3, 5.0
"""Flow [MW] and temperature difference [K] below which there is nothing to check."""


class _Way(NamedTuple):
    """A direction in which a pipe carries heat."""

    sent: str
    received: str
    remark: str


_WAYS = (_Way("sent", "received", ""), _Way("sent_back", "received_back", ", way back"))


def worst_loads(results: xr.Dataset, hours: int = 2) -> list[Load]:
    """List the hours in which each heat pipe carries most, and that of its hottest supply, for each way it carries.

    Parameters
    ----------
    results : xarray.Dataset
        Of one run.
    hours : int
        Number of hours with the largest flow.

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
    ports = set(results.port.values.tolist())
    ways = [way for way in _WAYS if f"{pipe}.{way.sent}" in ports]
    flow = {
        name: results.flow.sel(port=f"{pipe}.{name}").values
        for name in ("pumps", *(end for way in ways for end in (way.sent, way.received)))
    }
    capacity = float(results.capacity.sel(size=f"{pipe}.capacity"))
    lost = np.sum([flow[way.sent] - flow[way.received] for way in ways], axis=0)
    title = str(results.component_title.sel(component=pipe).item())
    for way in ways:
        sent, supply, returned = flow[way.sent], *_temperatures(results, pipe, way)
        if length <= 0.0 or not np.isfinite(supply).all() or not np.isfinite(returned).all():
            continue
        for step in _picked(sent, supply, hours):
            if supply[step] - returned[step] < _LEAST_DROP:
                continue
            yield Load(
                pipe=f"{title}{way.remark}",
                time=str(results.time.values[step].astype("datetime64[m]")).replace("T", " "),
                heat=float(sent[step]),
                supply=float(supply[step]),
                returned=float(returned[step]),
                length=length,
                capacity=capacity,
                planned_loss=float(lost[step]),
                planned_pumping=float(flow["pumps"][step]),
            )


def _temperatures(results: xr.Dataset, pipe: str, way: _Way) -> tuple[Floats, Floats]:
    """Supply where water of a way is sent from, and return where it arrives. [degC] (step,)"""
    begin, end = (str(results.port_node.sel(port=f"{pipe}.{port}").item()) for port in (way.sent, way.received))
    return results.supply.sel(node=begin).values, results.returned.sel(node=end).values


def _picked(sent: Floats, supply: Floats, hours: int) -> list[int]:
    """List the steps with the largest flow, and the one with the hottest supply, among those with a flow."""
    runs = sent > _LEAST_FLOW
    if not runs.any():
        return []
    picked = [int(step) for step in np.argsort(-sent)[:hours] if runs[step]]
    return list(dict.fromkeys([*picked, int(np.argmax(np.where(runs, supply, -np.inf)))]))


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
