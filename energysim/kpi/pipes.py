"""Heat pipes of a solved plan, their worst hours held against real hydraulics."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import xarray as xr

from energysim.hydraulics.postcheck import Checked, Load, check
from energysim.kpi.tables import measured


def worst_loads(results: xr.Dataset, hours: int = 2) -> list[Load]:
    """List the hours in which each heat pipe carries most, and the coldest of its supply.

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
    flow = {name: results.flow.sel(port=f"{pipe}.{name}").values for name in ("sent", "received", "pumps")}
    node = str(results.port_node.sel(port=f"{pipe}.sent").item())
    target = str(results.port_node.sel(port=f"{pipe}.received").item())
    supply = results.supply.sel(node=node).values
    returned = results.returned.sel(node=target).values
    sent = flow["sent"]
    if length <= 0.0 or not np.isfinite(supply).all() or not np.isfinite(returned).all() or sent.max() < 1e-3:
        return
    capacity = float(results.capacity.sel(size=f"{pipe}.capacity"))
    picked = list(np.argsort(-sent)[:hours])
    hottest = int(np.argmax(np.where(sent > 1e-3, supply, -np.inf)))
    for step in dict.fromkeys([*picked, hottest]):
        if supply[step] - returned[step] < 5.0 or sent[step] < 1e-3:
            continue
        yield Load(
            pipe=str(results.component_title.sel(component=pipe).item()),
            time=str(results.time.values[step].astype("datetime64[m]")).replace("T", " "),
            heat=float(sent[step]),
            supply=float(supply[step]),
            returned=float(returned[step]),
            length=length,
            capacity=capacity,
            planned_loss=float(sent[step] - flow["received"][step]),
            planned_pumping=float(flow["pumps"][step]),
        )


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
