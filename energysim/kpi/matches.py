"""Who heats whom: heat traced from those who give it to those who take it, level by level."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LOSS = "distribution losses"
_NOTHING = 1e-9
"""Less is nothing. [MW]"""


def heat_matches(results: xr.Dataset, network: str) -> pd.DataFrame:
    r"""Trace the heat of a network from its suppliers to its users.

    Water of one level is one: whoever takes from a level takes of everybody's heat there in equal parts, and what
    falls to the level below keeps its mixture [1]_. With :math:`g_{ik}` given by supplier :math:`i` to level
    :math:`k`, :math:`c_{ik}` what has fallen there and :math:`T_k` all of it, a user that takes :math:`d_{jk}` gets
    :math:`d_{jk} (c_{ik} + g_{ik}) / T_k` of it. Where the scenario forbids matches, users that may take from more
    suppliers take first, and first of what fewer users may take: so there is enough for the others.

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
    kept = _kept_apart(results, network, suppliers, users)
    scale = (results.hours * results.weight).values
    moved = np.zeros((len(suppliers), len(users)))
    carried = np.zeros((len(suppliers), len(scale)))
    for given, taken, lost in zip(gives, takes, losses, strict=True):
        for port, flow in given.items():
            carried[suppliers.index(port)] += flow
        drawn = np.array([*(taken.get(port, np.zeros(len(scale))) for port in users[:-1]), lost])
        for mixture, together in kept.drawing_order():
            asked = drawn[together].sum(axis=0)
            whole = carried[mixture].sum(axis=0)
            share = np.minimum(asked, whole) / np.where(whole > _NOTHING, whole, 1.0)
            of_each = drawn[together] / np.where(asked > _NOTHING, asked, 1.0)
            moved[np.ix_(mixture, together)] += (carried[mixture] * share) @ (of_each * scale).T
            carried[mixture] *= 1.0 - share
            drawn[together] -= of_each * whole * share
    return _named(results, suppliers, users, moved)


@dataclass(frozen=True)
class _KeptApart:
    """Which suppliers' heat which users may not take."""

    is_kept: NDArray[np.bool_]
    """(supplier, user)"""

    def drawing_order(self) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Walk who draws together from which mixture: suppliers and users by number."""
        wanted = self.is_kept.sum(axis=1)
        patterns, of_user = np.unique(self.is_kept.T, axis=0, return_inverse=True)
        for pattern in np.argsort(patterns.sum(axis=1), kind="stable"):
            together = np.flatnonzero(of_user.ravel() == pattern)
            for rank in sorted(set(wanted.tolist()), reverse=True):
                mixture = np.flatnonzero((wanted == rank) & ~patterns[pattern])
                if mixture.size:
                    yield mixture, together


def _kept_apart(results: xr.Dataset, network: str, suppliers: Sequence[str], users: Sequence[str]) -> _KeptApart:
    is_kept = np.zeros((len(suppliers), len(users)), bool)
    for match in json.loads(results.attrs.get("forbidden", "{}")).get(network, []):
        given = [port.partition(".")[0] in match["from"] for port in suppliers]
        taken = [port.partition(".")[0] in match["to"] for port in users]
        is_kept |= np.outer(given, taken)
    return _KeptApart(is_kept)


def _by_level(
    results: xr.Dataset, network: str
) -> tuple[list[dict[str, Floats]], list[dict[str, Floats]], list[Floats]]:
    """What every port gives and takes at each level, the hottest first, and what is lost there. [MW]"""
    own = results.network.values == network
    ports = results.port.values[own].tolist()
    outwards = dict(zip(ports, (results.direction.values[own] == "out").tolist(), strict=True))
    loss = results.loss.sel(node=network).values
    by_level, falling = flows_by_level(results, network)
    losses = _losses(by_level, outwards, falling) if len(falling) else [loss]
    gives = [{p: f for p, f in flows.items() if outwards[p]} for flows in by_level]
    takes = [{p: f for p, f in flows.items() if not outwards[p]} for flows in by_level]
    return gives, takes, losses


def flows_by_level(results: xr.Dataset, network: str) -> tuple[list[dict[str, Floats]], Floats]:
    """Read what flows through each port at each level of a network, and what falls from each.

    Returns
    -------
    flows : list of dict of port to array (step,)
        The hottest level first; one where the network has no levels. [MW]
    falling : ndarray (level, step)
        Empty where the network has no levels. [MW]
    """
    levels = results.heat_level.values[results.heat_level_network.values == network].tolist()
    if not levels:
        own = results.network.values == network
        whole = dict(zip(results.port.values[own].tolist(), results.flow.values[own], strict=True))
        return [whole], np.zeros((0, results.sizes["time"]))
    landed = zip(results.landing_port.values.tolist(), results.landing_heat_level.values.tolist(), strict=True)
    by_level: dict[str, dict[str, Floats]] = {level: {} for level in levels}
    for number, (port, level) in enumerate(landed):
        if level in by_level:
            by_level[level][port] = by_level[level].get(port, 0.0) + results.level_flow.values[number]
    return list(by_level.values()), results.level_falling.sel(heat_level=levels).values


def _losses(by_level: Sequence[Mapping[str, Floats]], outwards: Mapping[str, bool], falling: Floats) -> list[Floats]:
    """What is left of each level's balance is its loss. [MW]"""
    found = []
    above: Floats = np.zeros(falling.shape[1])
    for flows, down in zip(by_level, falling, strict=True):
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
