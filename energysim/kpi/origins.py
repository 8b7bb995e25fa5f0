"""Where the heat of a network comes from, traced through pipes and pumps to the plants that made it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from energysim.kpi.indicator import RESIDUAL
from energysim.kpi.tables import annual_flows, production_mix

Shares = NDArray[np.float64]

ORIGINS = ("residual", "renewable", "cogenerated", "combined")
"""Residual heat; heat of fuels without fossil carbon and of the surroundings; heat of plants that make power too, with
any fuel; and what is any of these, each MWh once."""
_PASSING = ("heat_pipe", "link", "heat_pump")
"""Types that bring heat of other networks."""
_MOST_ROUNDS = 1000
_SETTLED = 1e-9
"""Change of a share in a round from which it counts as found."""
_HARDLY = 1e-3
"""Power over heat of a plant below which it makes none."""


def heat_origins(results: xr.Dataset) -> pd.DataFrame:
    """Share of each heat network's heat by origin, traced through the networks it has passed.

    A pipe brings the mixture of where it comes from; a heat pump brings that of what it draws from another network, or
    heat of the surroundings where it draws from none, and its power is of no kind. Networks that feed each other are
    gone through until their shares settle, which they do as each passes on less than it gets.

    Parameters
    ----------
    results : xarray.Dataset
        Of one run.

    Returns
    -------
    origins : DataFrame
        Rows are networks, columns :data:`ORIGINS`. [1]
    """
    made = _made(results, annual_flows(results))
    shares = traced(results, made, np.zeros(len(ORIGINS)), _SURROUNDINGS)
    return pd.DataFrame.from_dict(shares, orient="index", columns=list(ORIGINS), dtype=float)


def traced(
    results: xr.Dataset, made: Callable[[Any], Shares], power: Shares, surroundings: Shares
) -> dict[str, Shares]:
    """Trace the heat of each network through pipes and pumps to what made it.

    Parameters
    ----------
    results : xarray.Dataset
        Of one run.
    made : callable
        Shares of the kinds in the heat of a row of :func:`production_mix` that comes through no pipe or pump.
    power, surroundings : ndarray (kind,)
        Kinds of what a pump adds by its power, and of what it draws from no network.

    Returns
    -------
    shares : dict of ndarray (kind,)
        By network.
    """
    flows = annual_flows(results)
    # A network that only feeds a pipe has no users, and an origin all the same.
    fed = flows[(flows.carrier == "heat") & (flows.direction == "out") & (flows.network != "")].network.unique()
    mixes = {str(network): production_mix(results, str(network)) for network in fed}
    brought, nothing = _brought(flows, power, surroundings), np.zeros(len(power))
    shares = dict.fromkeys(mixes, nothing)
    for _ in range(_MOST_ROUNDS):
        before, shares = shares, {
            network: sum(
                (
                    row.share * (brought(network, row, shares) if row.type in _PASSING else made(row))
                    for row in mix.itertuples()
                ),
                start=nothing,
            )
            for network, mix in mixes.items()
        }  # fmt: skip
        if all(np.allclose(shares[network], before[network], rtol=0.0, atol=_SETTLED) for network in mixes):
            break
    return shares


def _made(results: xr.Dataset, flows: pd.DataFrame) -> Callable[[Any], Shares]:
    """Say of a plant's row of the production mix which origins its heat has."""
    co2 = burnt_co2(results)
    given = flows[flows.direction == "out"].groupby(["component", "carrier"]).energy.sum().unstack(fill_value=0.0)
    given = given.reindex(columns=["heat", "electricity"], fill_value=0.0)
    cogenerating = set(given.index[given.electricity > _HARDLY * given.heat])

    def made(row: Any) -> Shares:
        is_residual = row.type in RESIDUAL
        is_renewable = not is_residual and co2.get(row.component) == 0.0
        is_cogenerated = not is_residual and row.component in cogenerating
        kinds = (is_residual, is_renewable, is_cogenerated)
        return np.array([*kinds, any(kinds)], float)

    return made


def _brought(
    flows: pd.DataFrame, power: Shares, surroundings: Shares
) -> Callable[[str, Any, dict[str, Shares]], Shares]:
    """Say of what a pipe or pump gives to a network which origins it has, as those of the others stand."""
    taken = flows[(flows.direction == "in") & (flows.carrier == "heat") & flows.type.isin(_PASSING)]
    origins = {name: list(zip(part.network, part.energy, strict=True)) for name, part in taken.groupby("component")}

    def brought(network: str, row: Any, shares: dict[str, Shares]) -> Shares:
        drawn = {origin: energy for origin, energy in origins.get(row.component, ()) if origin != network}
        heat, nothing = sum(drawn.values()), np.zeros(len(power))
        whole = max(row.energy, heat) if row.type == "heat_pump" else heat
        known = {**shares, "": surroundings}
        parts = (energy * known.get(origin, nothing) for origin, energy in drawn.items())
        return sum(parts, start=(whole - heat) * power) / whole if whole > 0.0 else nothing

    return brought


_SURROUNDINGS = np.array([0.0, 1.0, 0.0, 1.0])
"""Of what a pump draws from no network."""


def burnt_co2(results: xr.Dataset) -> dict[str, float]:
    """Carbon dioxide of every component that takes a fuel. [t]"""
    fuels = set(results.port_component.values[(results.type == "fuel_supply").values].tolist())
    burning = {
        str(component)
        for component, carrier, way in zip(
            results.port_component.values, results.carrier.values, results.direction.values, strict=True
        )
        if way == "in" and carrier not in ("heat", "electricity", "") and component not in fuels
    }
    has_co2 = "co2" in results.effect.values
    return {
        name: float(results.amount.sel(component=name, effect="co2")) if has_co2 else 0.0 for name in sorted(burning)
    }
