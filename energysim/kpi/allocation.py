"""How much of a plant's fuel and carbon dioxide its heat carries, when it makes power too: five methods."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from energysim.kpi.tables import measured

KELVIN = 273.15
METHODS = ("energy", "alternative", "exergy", "power_loss", "heat_200")
"""By energy; by alternative production; by exergy; by the power lost; by the 200 % method."""


@dataclass(frozen=True)
class Reference:
    """What the methods compare with."""

    power: float = 0.40
    """Efficiency of making the power alone. [1]"""
    heat: float = 0.90
    """Efficiency of making the heat alone. [1]"""
    surroundings: float = 0.0
    """Temperature of the surroundings. [degC]"""


def exergy_factor(supply: Any, returned: Any, surroundings: Any) -> Any:
    r"""Give the work in a unit of heat between two temperatures.

    .. math:: 1 - T_0 / \bar T,\quad \bar T = (T_f - T_r) / \ln(T_f / T_r)

    Parameters
    ----------
    supply, returned, surroundings : float or ndarray
        [degC]

    Returns
    -------
    factor : float or ndarray
        [1]

    Examples
    --------
    >>> print(exergy_factor(90.0, 50.0, 0.0).round(6), exergy_factor(85.0, 45.0, -10.0).round(6))
    0.203089 0.220886
    """
    hot, cold = np.asarray(supply) + KELVIN, np.asarray(returned) + KELVIN
    ratio = np.where(np.isclose(hot, cold), 1.0, hot / cold)
    mean = np.where(ratio == 1.0, hot, (hot - cold) / np.log(np.where(ratio == 1.0, 2.0, ratio)))
    return 1.0 - (surroundings + KELVIN) / mean


def heat_shares(
    output: tuple[float, float], fuel: float, factor: float, power_loss: float, reference: Reference | None = None
) -> dict[str, float]:
    r"""Share a plant's fuel between power :math:`P` and heat :math:`Q`; what the heat carries.

    By energy :math:`Q/(P+Q)`; by alternative production :math:`(Q/\eta_q)/(Q/\eta_q + P/\eta_p)`; by exergy
    :math:`\psi Q/(P + \psi Q)`; by the power lost :math:`\beta Q/(P + \beta Q)`; by the 200 % method
    :math:`(Q/2)/F` [1]_ [2]_.

    Parameters
    ----------
    output : (float, float)
        Power and heat. [MWh]
    fuel : float
        [MWh]
    factor : float
        Exergy of a unit of the heat. [1]
    power_loss : float
        Power lost for each MWh of heat; NaN where it is not known.
    reference : Reference, optional
        Efficiencies of the alternatives.

    Returns
    -------
    shares : dict of str to float
        One for each of :data:`METHODS`. [1]

    References
    ----------
    .. [1] Värmemarknadskommittén, Överenskommelse om miljövärdering, 2012.
    .. [2] EN 15316-4-5, Energy performance of buildings, district heating and cooling, 2017.

    Examples
    --------
    >>> found = heat_shares((30.0, 55.0), 100.0, exergy_factor(90, 50, 0), 0.2)
    >>> [round(float(found[name]), 5) for name in METHODS]
    [0.64706, 0.44898, 0.27131, 0.26829, 0.275]
    """
    reference = reference or Reference()
    power, heat = output
    alone = heat / reference.heat, power / reference.power
    return {
        "energy": _over(heat, power + heat),
        "alternative": _over(alone[0], sum(alone)),
        "exergy": _over(factor * heat, power + factor * heat),
        "power_loss": _over(power_loss * heat, power + power_loss * heat),
        "heat_200": _over(heat / 2.0, fuel),
    }


def allocation_table(results: xr.Dataset, reference: Reference | None = None) -> pd.DataFrame:
    """Share the carbon dioxide of every plant that makes power and heat, by all methods.

    Parameters
    ----------
    results : xarray.Dataset
        Of one run.
    reference : Reference, optional
        What the methods compare with.

    Returns
    -------
    table : DataFrame
        Rows are plants: ``title, power, heat, fuel`` [MWh], ``co2`` [t], and by method the share of the heat [1] as
        ``share_METHOD`` and its emission as ``co2_METHOD`` [kg/MWh].
    """
    reference = reference or Reference()
    scale = (results.hours * results.weight).values
    frame = pd.DataFrame(
        {
            "component": results.port_component.values,
            "title": results.title.values,
            "carrier": results.carrier.values,
            "network": results.network.values,
            "gives": results.direction.values == "out",
            "energy": results.flow.values @ scale,
        }
    )
    burnt = measured(results, "fuel_burnt")
    losses = measured(results, "power_loss_factor")
    rows = []
    for component, ports in frame.groupby("component", sort=False):
        name = str(component)
        heat = ports[ports.gives & (ports.carrier == "heat")]
        power = float(ports.energy[ports.gives & (ports.carrier == "electricity")].sum())
        taken = ports[~ports.gives & (ports.network != "") & ~ports.carrier.isin(("heat", "electricity"))]
        fuel = burnt.get(name, float(taken.energy.sum()))
        if power <= 1e-6 or heat.energy.sum() <= 1e-6 or fuel <= 1e-6:
            continue
        factor = _network_factor(results, str(heat.network.iloc[0]), reference.surroundings)
        shares = heat_shares((power, float(heat.energy.sum())), fuel, factor, losses.get(name, math.nan), reference)
        co2 = float(results.amount.sel(component=name, effect="co2")) if "co2" in results.effect.values else 0.0
        row = {"title": heat.title.iloc[0], "power": power, "heat": float(heat.energy.sum()), "fuel": fuel, "co2": co2}
        row |= {f"share_{method}": share for method, share in shares.items()}
        row |= {f"co2_{method}": 1000.0 * co2 * share / row["heat"] for method, share in shares.items()}
        rows.append(row)
    return pd.DataFrame(rows)


def _network_factor(results: xr.Dataset, network: str, surroundings: float) -> float:
    """Exergy of a network's heat at its mean temperatures; NaN where it has none."""
    supply, returned = (
        float(np.nanmean(results[name].sel(node=network))) if _has(results, name, network) else math.nan
        for name in ("supply", "returned")
    )
    return math.nan if math.isnan(supply + returned) else exergy_factor(supply, returned, surroundings)


def _has(results: xr.Dataset, name: str, network: str) -> bool:
    return bool(np.isfinite(results[name].sel(node=network).values).any())


def _over(part: float, whole: float) -> float:
    return part / whole if whole > 0.0 else math.nan
