"""Figures of operation without foresight: policies, uncertain years, stops, security."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr


@dataclass(frozen=True)
class Adequacy:
    """How safely a network is served over uncertain years [1]_.

    References
    ----------
    .. [1] R. Billinton, R. N. Allan, Reliability Evaluation of Power Systems, 2nd ed., Plenum, 1996, ch. 2.
    """

    network: str
    lole: float
    """Loss of load expectation: hours with any shortage in the horizon, mean over the years. [h]"""
    eens: float
    """Expected energy not served in the horizon, mean over the years. [MWh] or [t]"""
    worst: float
    """Largest shortage of any year. [MW] or [t/h]"""
    longest: float
    """Longest time until supply was whole again, in any year. [h]"""
    share_of_years: float
    """Share of the years with any shortage. [1]"""


def policies(results: xr.Dataset) -> pd.DataFrame:
    """List policies with cost, what they cost more than foresight, and the share of storage value captured.

    Returns
    -------
    table : DataFrame
        Columns ``cost`` [money], ``regret`` [money], ``captured`` [1], by policy, the cheapest first.
    """
    costs = results.policy_cost.to_series()
    table = pd.DataFrame({"cost": costs, "regret": costs - costs["foresight"]})
    table["captured"] = results.policy_captured.to_series()
    return table.sort_values("cost")


def adequacy(results: xr.Dataset) -> list[Adequacy]:
    """Measure how safely each network that may be short is served over the years."""
    found = []
    for network in results.short.values:
        own = results.sel(short=network)
        found.append(
            Adequacy(
                str(network),
                float(own.short_hours.mean()),
                float(own.unserved.mean()),
                float(own.worst_shortage.max()),
                float(own.longest_shortage.max()),
                float((own.short_hours > 0.0).mean()),
            )
        )
    return found


def cost_of_years(results: xr.Dataset) -> dict[str, float]:
    """Mean, quantiles and the standard error of the mean of the years' cost. [money]"""
    cost = results.year_cost.values
    error = float(cost.std(ddof=1) / np.sqrt(len(cost))) if len(cost) > 1 else 0.0
    found = {"mean": float(cost.mean()), "error": error}
    return found | {f"P{q}": float(np.quantile(cost, q / 100.0)) for q in (5, 50, 95)}


def exceedance(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sort values falling, each with the share of years that reach it.

    Examples
    --------
    >>> exceedance(np.array([1.0, 3.0]))
    (array([3., 1.]), array([0.5, 1. ]))
    """
    ordered = np.sort(values)[::-1]
    return ordered, np.arange(1, len(ordered) + 1) / len(ordered)


def stop_table(results: xr.Dataset, design: str, event: str) -> pd.DataFrame:
    """List who gives more and less to a network while a supplier stops.

    Returns
    -------
    table : DataFrame
        Columns ``title``, ``usual`` and ``now`` [MWh], ``change`` [MWh], the largest change first.
    """
    own = results.sel(design=design, event=event)
    network = str(own.event_network.item())
    mine = np.flatnonzero(results.network.values == network)
    sign = np.where(results.direction.values[mine] == "out", 1.0, -1.0)
    table = pd.DataFrame(
        {
            "component": results.port_component.values[mine],
            "title": results.title.values[mine],
            "usual": sign * own.event_usual.values[mine],
            "now": sign * own.event_energy.values[mine],
        }
    )
    table = table.groupby(["component", "title"], as_index=False)[["usual", "now"]].sum()
    table["change"] = table.now - table.usual
    table = table[(table.usual.abs() + table.now.abs()) > 0.5].set_index("component")
    return table.reindex(table.change.abs().sort_values(ascending=False).index)
