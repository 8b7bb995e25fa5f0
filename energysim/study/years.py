"""Uncertain years of the hour-by-hour engine: each a pure function of scenario, seed and number."""

from functools import lru_cache

from energysim.api import options_of
from energysim.model import build
from energysim.model.solve import optimise
from energysim.simulation import secure, simulate
from energysim.simulation.ensemble import Ensemble, ensemble_of
from energysim.simulation.record import short_networks
from energysim.study.base import Base, Changes, one_thread
from energysim.system import assemble

UNSERVED = {"energy": "MWh", "hours": "h", "worst": "MW", "longest": "h"}
"""What is measured of each network that may be short, with its unit."""
FIGURES = {
    "Total cost": "",
    "Unserved energy": "MWh",
    "Hours with shortage": "h",
    "Mean outdoor temperature": "degC",
    "Mean power price": "",
}
"""Figures of every simulated year; those without a unit are money, or money for a MWh."""


def simulated_year(base: Base, changes: Changes, seed: int, number: int) -> tuple[dict[str, float], dict[str, str]]:
    """Draw, run and measure one year with the sizes of the plan.

    The plan is made once in a process and is the same in each: whoever runs a year gets the same figures.

    Parameters
    ----------
    base : Base
    changes : mapping
        Of the scenario that is planned and drawn from.
    seed : int
        With the number it decides all chance of the year.
    number : int
        From 1.

    Returns
    -------
    values, units : dict
        Figures by name, and the unit of each.
    """
    ensemble, networks, ports = _prepared(base, tuple(changes.items()))
    record = ensemble.year(seed, number)
    currency = ensemble.scenario.economy.currency
    values = {
        "Total cost": record.cost,
        "Unserved energy": float(sum(short.energy for short in record.shortages)),
        "Hours with shortage": float(sum(short.hours for short in record.shortages)),
        "Mean outdoor temperature": record.outdoor,
        "Mean power price": record.price,
    }
    units = {**FIGURES, "Total cost": currency, "Mean power price": f"{currency}/MWh"}
    for network, short in zip(networks, record.shortages, strict=True):
        for what, unit in UNSERVED.items():
            values[f"short.{network}.{what}"], units[f"short.{network}.{what}"] = getattr(short, what), unit
    for port, energy in zip(ports, record.energy.tolist(), strict=True):
        values[f"energy.{port}"], units[f"energy.{port}"] = energy, "MWh"
    return values, units


@lru_cache(maxsize=1)  # a plan with its model is large
def _prepared(base: Base, changes: tuple[tuple[str, object], ...]) -> tuple[Ensemble, list[str], list[str]]:
    """Plan the year; gives what other years need, networks that may be short, and ports."""
    scenario = one_thread(base.scenario(dict(changes)))
    system = assemble(scenario)
    model = build(system)
    model = model if scenario.security is None else secure(model, scenario.security)
    ensemble = ensemble_of(scenario, simulate(scenario, model, lambda one: optimise(one, options_of(scenario))))
    ports = [f"{port.component}.{port.port_name}" for port in system.attachments]
    return ensemble, short_networks(system), ports
