"""Who heats whom: heat traced from those who give it to those who take it, level by level."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LOSS = "distribution losses"


def heat_matches(results: xr.Dataset, network: str) -> pd.DataFrame:
    r"""Trace the heat of a network from its suppliers to its users.

    Water of one level is one: whoever takes from a level takes of everybody's heat there in equal parts, and what
    falls to the level below keeps its mixture [1]_. With :math:`g_{ik}` given by supplier :math:`i` to level
    :math:`k`, :math:`c_{ik}` what has fallen there and :math:`T_k` all of it, a user that takes :math:`d_{jk}` gets
    :math:`d_{jk} (c_{ik} + g_{ik}) / T_k` of it.

    Parameters
    ----------
    results : xarray.Dataset
        Of one run.
    network : str
        A heat network.

    Returns
    -------
    matches : DataFrame
        ``supplier, supplier_owner, user, user_owner``, ``energy`` [MWh]; the largest first. Losses are a user without
        owner; heat that a pump lifts counts once as taken by the pump and once as given by it.

    References
    ----------
    .. [1] J. Bialek, Tracing the flow of electricity, IEE Proceedings - Generation, Transmission and Distribution 143,
       1996 (proportional sharing).
    """
    gives, takes, losses = _by_level(results, network)
    suppliers = list(dict.fromkeys(port for level in gives for port in level))
    users = [*dict.fromkeys(port for level in takes for port in level), LOSS]
    scale = (results.hours * results.weight).values
    moved = np.zeros((len(suppliers), len(users)))
    carried = np.zeros((len(suppliers), len(scale)))
    for given, taken, lost in zip(gives, takes, losses, strict=True):
        for port, flow in given.items():
            carried[suppliers.index(port)] += flow
        whole = carried.sum(axis=0)
        part = carried / np.where(whole > 1e-9, whole, 1.0)
        left = whole - lost
        moved[:, -1] += part @ (lost * scale)
        for port, flow in taken.items():
            moved[:, users.index(port)] += part @ (flow * scale)
            left = left - flow
        carried = part * np.maximum(left, 0.0)
    return _named(results, suppliers, users, moved)


def _by_level(
    results: xr.Dataset, network: str
) -> tuple[list[dict[str, Floats]], list[dict[str, Floats]], list[Floats]]:
    """What every port gives and takes at each level, the hottest first, and what is lost there. [MW]"""
    own = results.network.values == network
    ports = results.port.values[own].tolist()
    outwards = dict(zip(ports, (results.direction.values[own] == "out").tolist(), strict=True))
    loss = results.loss.sel(node=network).values
    levels = results.heat_level.values[results.heat_level_network.values == network].tolist()
    if not levels:
        flows = dict(zip(ports, results.flow.values[own], strict=True))
        given = {port: flow for port, flow in flows.items() if outwards[port]}
        taken = {port: flow for port, flow in flows.items() if not outwards[port]}
        return [given], [taken], [loss]
    landed = zip(results.landing_port.values.tolist(), results.landing_heat_level.values.tolist(), strict=True)
    by_level: dict[str, dict[str, Floats]] = {level: {} for level in levels}
    for number, (port, level) in enumerate(landed):
        if level in by_level:
            by_level[level][port] = by_level[level].get(port, 0.0) + results.level_flow.values[number]
    falling = results.level_falling.sel(heat_level=levels).values
    losses = _losses(by_level, outwards, falling)
    gives = [{p: f for p, f in by_level[level].items() if outwards[p]} for level in levels]
    takes = [{p: f for p, f in by_level[level].items() if not outwards[p]} for level in levels]
    return gives, takes, losses


def _losses(
    by_level: Mapping[str, Mapping[str, Floats]], outwards: Mapping[str, bool], falling: Floats
) -> list[Floats]:
    """What is left of each level's balance is its loss. [MW]"""
    found = []
    above: Floats = np.zeros(falling.shape[1])
    for flows, down in zip(by_level.values(), falling, strict=True):
        net = sum((flow if outwards[port] else -flow for port, flow in flows.items()), above)
        found.append(np.maximum(net - down, 0.0))
        above = down
    return found


def _named(results: xr.Dataset, suppliers: Sequence[str], users: Sequence[str], moved: Floats) -> pd.DataFrame:
    titles = dict(zip(results.port.values.tolist(), results.title.values.tolist(), strict=True))
    owners = dict(zip(results.port.values.tolist(), results.owner.values.tolist(), strict=True))
    rows = [
        (titles[supplier], owners[supplier], titles.get(user, user), owners.get(user, ""), float(moved[i, j]))
        for i, supplier in enumerate(suppliers)
        for j, user in enumerate(users)
        if moved[i, j] > 1e-6
    ]
    table = pd.DataFrame(rows, columns=["supplier", "supplier_owner", "user", "user_owner", "energy"])
    summed = table.groupby(list(table.columns[:-1]), as_index=False).energy.sum()
    return summed.sort_values("energy", ascending=False, ignore_index=True)
