"""Simulated figures as labelled variables beside those of the plan: policies, uncertain years, events."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from energysim.model import Model
from energysim.simulation.record import YearRecord, short_networks
from energysim.simulation.simulate import Simulated

Floats = NDArray[np.float64]
Variables = dict[str, Any]


def policy_variables(simulated: Simulated) -> Variables:
    """Cost of each policy, and the share of the value of storage it captures.

    Returns
    -------
    variables : dict
        ``policy_cost (policy)`` [money] and ``policy_captured (policy)`` [1]; ``none`` keeps the stores empty,
        ``foresight`` knows the whole horizon.
    """
    costs = {**simulated.costs, "foresight": simulated.optimum.objective}
    captured = [1.0 if name == "foresight" else simulated.captured(name) for name in costs]
    money = {"units": simulated.model.system.currency}
    return {
        "policy": ("policy", np.array(list(costs), str)),
        "policy_cost": ("policy", np.array(list(costs.values())), money),
        "policy_captured": ("policy", np.array(captured), {"units": "1"}),
    }


def year_variables(model: Model, records: Iterable[YearRecord]) -> Variables:
    """Lay the records of years side by side.

    Returns
    -------
    variables : dict
        Dimension ``year``, and ``short`` for networks that may be short: ``year_cost``, ``year_outdoor``,
        ``year_price`` (year), ``year_energy (year, port)``, ``unserved``, ``short_hours``, ``worst_shortage``,
        ``longest_shortage`` (year, short) and ``short_by_day (short, day)``, the mean over the years.
    """
    rows = list(records)
    system = model.system
    networks = short_networks(system)
    firsts = system.time.stamps[system.time.firsts("day")].astype("datetime64[ns]")
    by_day = np.zeros((len(networks), len(firsts)))
    for row in rows:
        for k, one in enumerate(row.shortages):
            by_day[k] += one.by_day[: len(firsts)] / max(1, len(rows))
    currency = system.currency
    return {
        "year": ("year", np.array([row.number for row in rows], int)),
        "year_cost": ("year", np.array([row.cost for row in rows]), {"units": currency}),
        "year_outdoor": ("year", np.array([row.outdoor for row in rows]), {"units": "degC"}),
        "year_price": ("year", np.array([row.price for row in rows]), {"units": f"{currency}/MWh"}),
        "year_energy": (("year", "port"), np.array([row.energy for row in rows]), {"units": "MWh"}),
        "short": ("short", np.array(networks, str)),
        "unserved": _by_network(rows, networks, "energy", "MWh"),
        "short_hours": _by_network(rows, networks, "hours", "h"),
        "worst_shortage": _by_network(rows, networks, "worst", "MW"),
        "longest_shortage": _by_network(rows, networks, "longest", "h"),
        "day": ("day", firsts),
        "short_by_day": (("short", "day"), by_day, {"units": "MWh"}),
    }


def _by_network(rows: list[YearRecord], networks: list[str], what: str, unit: str) -> Any:
    values = np.array([[getattr(one, what) for one in row.shortages] for row in rows], float)
    return ("year", "short"), values.reshape(len(rows), len(networks)), {"units": unit}
