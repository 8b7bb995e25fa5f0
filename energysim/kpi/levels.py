"""Heat by temperature: what each level of a network is worth, who feeds it and who draws from it."""

import numpy as np
import pandas as pd
import xarray as xr

from energysim.kpi.indicator import RESIDUAL


def level_table(results: xr.Dataset, network: str) -> pd.DataFrame:
    """Say for each temperature level what flows and what it is worth.

    Parameters
    ----------
    results : xarray.Dataset
        Of one run.
    network : str
        Heat network.

    Returns
    -------
    table : DataFrame
        One row per level, the hottest first: ``level``, mean ``bottom, top`` [degC]; ``given, taken, falling`` and
        ``unused``, residual heat on offer there and not taken [MWh]; ``price`` [money/MWh], the mean over the hours
        weighted by what is taken there. Empty where the network has one level only.
    """
    own = results.heat_level.values[results.heat_level_network.values == network]
    return pd.DataFrame([_row(results, str(level)) for level in own])


def level_feeders(results: xr.Dataset, network: str) -> pd.DataFrame:
    """Say how much heat each component gives to and takes from each level. [MWh]

    Returns
    -------
    table : DataFrame
        Rows are component titles, columns the levels from the hottest; given counts positive, taken negative.
    """
    scale = results.hours * results.weight
    rows = []
    for number in range(results.sizes["landing"]):
        level = str(results.landing_heat_level.values[number])
        if str(results.heat_level_network.sel(heat_level=level).item()) != network:
            continue
        port = results.port == str(results.landing_port.values[number])
        sign = 1.0 if str(results.direction.values[port.values][0]) == "out" else -1.0
        energy = sign * float((results.level_flow[number] * scale).sum())
        rows.append({"title": str(results.title.values[port.values][0]), "level": level, "energy": energy})
    if not rows:
        return pd.DataFrame()
    table = pd.DataFrame(rows).pivot_table(
        index="title", columns="level", values="energy", aggfunc="sum", fill_value=0.0
    )
    kept = table[(table.abs() > 0.5).any(axis=1)]
    return kept.loc[kept.abs().sum(axis=1).sort_values(ascending=False).index]


def _row(results: xr.Dataset, level: str) -> dict[str, object]:
    scale = results.hours * results.weight
    own = results.landing_heat_level.values == level
    ports = pd.Index(results.port.values).get_indexer(results.landing_port.values[own])
    gives = results.direction.values[ports] == "out"
    flows = results.level_flow[own]
    taken = flows[~gives].sum("landing")
    energy = float((taken * scale).sum())
    weights = taken * scale if energy > 0.0 else scale
    price = results.level_price.sel(heat_level=level)
    return {
        "level": level,
        "bottom": float(results.level_bottom.sel(heat_level=level).mean()),
        "top": float(results.level_top.sel(heat_level=level).mean()),
        "given": float((flows[gives].sum("landing") * scale).sum()),
        "taken": energy,
        "falling": float((results.level_falling.sel(heat_level=level) * scale).sum()),
        "unused": float((_unused(results, own, ports) * scale.values).sum()),
        "price": float((price * weights).sum(skipna=False) / weights.sum()),
    }


def _unused(results: xr.Dataset, own: np.ndarray, ports: np.ndarray) -> np.ndarray:
    """Residual heat offered to a level and not taken there. [MW] (step,)"""
    is_residual = np.isin(results.type.values[ports], RESIDUAL)
    rest = (results.level_offer.values - results.level_flow.values)[own][is_residual]
    return np.nansum(np.maximum(rest, 0.0), axis=0)
