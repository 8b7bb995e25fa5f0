"""Simulated figures as labelled variables beside those of the plan: policies, uncertain years, events."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from energysim.model import Model
from energysim.scenario.simulation import Security
from energysim.simulation.events import Outcome
from energysim.simulation.record import YearRecord, short_networks
from energysim.simulation.security import contingencies_of, cover, reserves_of
from energysim.simulation.simulate import Simulated

Floats = NDArray[np.float64]
Variables = dict[str, Any]


def policy_variables(simulated: Simulated) -> Variables:
    """Cost of each policy, and the share of the value of storage it captures.

    Returns
    -------
    variables : dict
        ``policy_cost (policy)`` [money] and ``policy_captured (policy)`` [1]; ``none`` keeps the stores empty,
        ``foresight`` knows the whole horizon, and the attribute ``run_by`` is the one the stores are run by.
    """
    costs = {**simulated.costs, "foresight": simulated.optimum.objective}
    captured = [1.0 if name == "foresight" else simulated.captured(name) for name in costs]
    money = {"units": simulated.model.system.currency}
    return {
        "policy": ("policy", np.array(list(costs), str), {"run_by": simulated.policy}),
        "policy_cost": ("policy", np.array(list(costs.values())), money),
        "policy_captured": ("policy", np.array(captured), {"units": "1"}),
    }


def year_variables(model: Model, records: Iterable[YearRecord], differing: Sequence[str]) -> Variables:
    """Lay the records of years side by side.

    Parameters
    ----------
    model : Model
    records : iterable of YearRecord
    differing : sequence of str
        What is drawn anew in each year, in words; see :func:`energysim.simulation.years.differing`.

    Returns
    -------
    variables : dict
        Dimension ``year`` with the attribute ``drawn``, and ``short`` for networks that may be short: ``year_cost``,
        ``year_outdoor``, ``year_price`` (year), ``year_energy (year, port)``, ``unserved``, ``short_hours``,
        ``worst_shortage``, ``longest_shortage`` (year, short) and ``short_by_day (short, day)``, mean over the years.
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
        "year": ("year", np.array([row.number for row in rows], int), {"drawn": json.dumps(list(differing))}),
        "year_cost": ("year", np.array([row.cost for row in rows]), {"units": currency}),
        "year_outdoor": ("year", np.array([row.outdoor for row in rows]), {"units": "degC"}),
        "year_price": ("year", np.array([row.price for row in rows]), {"units": f"{currency}/MWh"}),
        "year_energy": (("year", "port"), np.array([row.energy for row in rows]), {"units": "MWh"}),
        "short": ("short", np.array(networks, str)),
        "unserved": _by_network(rows, networks, "energy", "MWh or t"),
        "short_hours": _by_network(rows, networks, "hours", "h"),
        "worst_shortage": _by_network(rows, networks, "worst", "MW or t/h"),
        "longest_shortage": _by_network(rows, networks, "longest", "h"),
        "day": ("day", firsts),
        "short_by_day": (("short", "day"), by_day, {"units": "MWh or t"}),
    }


def _by_network(rows: list[YearRecord], networks: list[str], what: str, unit: str) -> Any:
    values = np.array([[getattr(one, what) for one in row.shortages] for row in rows], float)
    return ("year", "short"), values.reshape(len(rows), len(networks)), {"units": unit}


def event_variables(model: Model, outcomes: dict[str, list[Outcome]]) -> Variables:
    """Lay the outcomes of stops side by side, by design.

    Returns
    -------
    variables : dict
        Dimensions ``design`` and ``event``: ``event_extra_cost``, ``event_short_energy``, ``event_short_hours``,
        ``event_worst``, ``event_longest``, ``event_recovery`` (design, event), ``event_energy`` and ``event_usual``
        (design, event, port), ``event_flow (design, event, port, event_hour)``; ``event_component``, ``event_network``,
        ``event_begin`` and ``event_end`` (event).
    """
    rows, system = list(outcomes.values()), model.system
    stops = [outcome.stop for outcome in rows[0]]
    stamps = system.time.stamps.astype("datetime64[ns]")
    step = np.timedelta64(round(3600.0 * float(system.time.hours[0])), "s")
    units = {
        "extra_cost": system.currency, "short_energy": "MWh", "short_hours": "h", "worst": "MW", "longest": "h",
        "recovery": "h",
    }  # fmt: skip
    found: Variables = {
        "design": ("design", np.array(list(outcomes), str)),
        "event": ("event", np.array([stop.name for stop in stops], str)),
        "event_component": ("event", np.array([" and ".join((s.component, *s.also)) for s in stops], str)),
        "event_network": ("event", np.array([stop.network for stop in stops], str)),
        "event_begin": ("event", stamps[[stop.first for stop in stops]]),
        "event_end": ("event", stamps[[stop.end - 1 for stop in stops]] + step),
    }
    for what, unit in units.items():
        values = np.array([[getattr(one, what) for one in row] for row in rows], float)
        found[f"event_{what}"] = (("design", "event"), values, {"units": unit})
    for what in ("energy", "usual"):
        values = np.array([[getattr(one, what) for one in row] for row in rows], float)
        found[f"event_{what}"] = (("design", "event", "port"), values, {"units": "MWh"})
    width = max(one.flow.shape[1] for row in rows for one in row)
    flow = np.full((len(rows), len(stops), len(system.attachments), width), np.nan)
    for k, row in enumerate(rows):
        for i, one in enumerate(row):
            flow[k, i, :, : one.flow.shape[1]] = one.flow
    found["event_flow"] = (("design", "event", "port", "event_hour"), flow, {"units": "MW"})
    return found


def security_variables(designs: list[tuple[str, Simulated]], security: Security) -> Variables:
    """Say what it costs to be safe, and who serves when a supplier is lost.

    Returns
    -------
    variables : dict
        ``design_cost (design)`` with foresight, ``design_size (design, size)``, ``cover (contingency, component)``
        [MW], ``contingency_network (contingency)``, ``reserve (store_reserve)`` [MWh].
    """
    model, secured = designs[-1][1].model, designs[-1][1].optimum
    cases = contingencies_of(model, security)
    components = list(model.system.components)
    table = np.zeros((len(cases), len(components)))
    for k, case in enumerate(cases):
        for name, flow in cover(model, secured.columns, case).items():
            table[k, components.index(name)] = flow
    reserves = reserves_of(model, secured.columns)
    costs = [simulated.optimum.objective for _, simulated in designs]
    sizes = [[total for _, total, _ in simulated.optimum.sizes.values()] for _, simulated in designs]
    return {
        "design": ("design", np.array([label for label, _ in designs], str)),
        "design_cost": (
            "design",
            np.array(costs),
            {"units": model.system.currency},
        ),
        "design_size": (("design", "size"), np.array(sizes, float)),
        "contingency": ("contingency", np.array([case.lost for case in cases], str)),
        "contingency_network": ("contingency", np.array([case.network for case in cases], str)),
        "cover": (("contingency", "component"), table, {"units": "MW"}),
        "store_reserve": ("store_reserve", np.array(list(reserves), str)),
        "reserve": ("store_reserve", np.array(list(reserves.values()), float), {"units": "MWh"}),
    }
