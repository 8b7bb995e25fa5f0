"""Uncertain years side by side, for  run --years  and for studies: each a function of scenario, design and seed."""

import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from energysim.errors import NoPlanError, StoppedError
from energysim.model import build
from energysim.model.solve import optimise, options_of
from energysim.simulation import secure, simulate
from energysim.simulation.ensemble import Ensemble, RunYears, ensemble_of
from energysim.simulation.record import YearRecord, key_of, short_networks
from energysim.study.base import Base, Changes, one_thread
from energysim.study.case import Record
from energysim.study.crew import Crew
from energysim.study.engine import stream
from energysim.study.task import Ending, Task
from energysim.system import assemble

UNSERVED = {"energy": "MWh", "hours": "h", "worst": "MW", "longest": "h"}
"""What is measured of each network that may be short, with its unit."""
BY_THE_TONNE = {**UNSERVED, "energy": "t", "worst": "t/h"}
"""The same of one that counts in tonnes."""
FIGURES = {
    "Total cost": "",
    "Unserved energy": "MWh",
    "Hours with shortage": "h",
    "Mean outdoor temperature": "degC",
    "Mean power price": "",
}
"""Figures of every simulated year; those without a unit are money, or money for a MWh."""


@dataclass(frozen=True)
class Source:
    """What years are drawn from and run with, as one small thing that can be sent anywhere."""

    key: str
    """Hash of everything in it."""
    base: Base = field(compare=False)
    changes: tuple[tuple[str, Any], ...] = field(compare=False)
    operation: bytes = field(compare=False, repr=False)
    """Design, policy and water values."""

    @classmethod
    def of(cls, base: Base, changes: Changes, ensemble: Ensemble) -> "Source":
        """Pack an ensemble of the scenario that a base and changes make; the scenario itself is read anew."""
        operation = pickle.dumps(replace(ensemble, scenario=None))  # type: ignore[arg-type]
        return cls(key_of({"base": base.key, "changes": dict(changes), "operation": operation.hex()}), base,
                   tuple(changes.items()), operation)  # fmt: skip


@lru_cache(maxsize=1)
def _ensemble(source: Source) -> Ensemble:
    scenario = source.base.scenario(dict(source.changes))
    found: Ensemble = replace(pickle.loads(source.operation), scenario=scenario)
    return found


def year_record(source: Source, seed: int, number: int) -> YearRecord:
    """Draw, run and measure one year: the task of a worker.

    Parameters
    ----------
    source : Source
    seed : int
        With the number it decides all chance of the year.
    number : int
        From 1.
    """
    return _ensemble(source).year(seed, number)


def side_by_side(base: Base, workers: int | None = None) -> RunYears:
    """Make what runs the years of a scenario on many processes.

    Parameters
    ----------
    base : Base
        Of the scenario that is simulated.
    workers : int, optional
        Processes; as many as cores where not said, none and all in this process with 0.
    """

    def run(ensemble: Ensemble, seed: int, numbers: Sequence[int]) -> Iterator[YearRecord]:
        if not numbers:
            return
        source = Source.of(base, {}, ensemble)
        with Crew(workers) as crew:
            tasks = (Task(year_record, (source, seed, number), f"Year {number}") for number in numbers)
            for outcome in stream(tasks, crew):
                if outcome.ending is Ending.LOST:
                    raise StoppedError(f"{outcome.name}: {outcome.reason}")
                if outcome.ending is not Ending.DONE:
                    raise NoPlanError(f"{outcome.name}: {outcome.reason}")
                yield outcome.value

    return run


@dataclass(frozen=True)
class Planned:
    """A planned year and the names of what is measured of others."""

    source: Source
    currency: str
    networks: dict[str, str]
    """Those that may be short, and what each counts in: MWh or t."""
    ports: tuple[str, ...]

    def figures(self, record: YearRecord) -> tuple[dict[str, float], dict[str, str]]:
        """Name the figures of a year; gives the unit of each too."""
        values = {
            "Total cost": record.cost,
            "Unserved energy": sum(
                short.energy
                for amount, short in zip(self.networks.values(), record.shortages, strict=True)
                if amount == "MWh"
            ),
            "Hours with shortage": record.short_hours,
            "Mean outdoor temperature": record.outdoor,
            "Mean power price": record.price,
        }
        units = {**FIGURES, "Total cost": self.currency, "Mean power price": f"{self.currency}/MWh"}
        for (network, amount), short in zip(self.networks.items(), record.shortages, strict=True):
            for what, unit in (UNSERVED if amount == "MWh" else BY_THE_TONNE).items():
                values[f"short.{network}.{what}"], units[f"short.{network}.{what}"] = getattr(short, what), unit
        for port, energy in zip(self.ports, record.energy.tolist(), strict=True):
            values[f"energy.{port}"], units[f"energy.{port}"] = energy, "MWh"
        return values, units


def year_task(base: Base, changes: Changes, seed: int, number: int) -> Task:
    """Make the task of one year in a study, with the sizes of the plan, which is made once and here."""
    return Task(year_figures, (planned(base, tuple(changes.items())), seed, number), f"Year {number}")


def year_figures(plan: Planned, seed: int, number: int) -> Record:
    """Name the figures of one year: the task of a worker."""
    values, units = plan.figures(year_record(plan.source, seed, number))
    return Record(values, units, {name: name for name in values}, {"method": "simulate"})


@lru_cache(maxsize=1)
def planned(base: Base, changes: tuple[tuple[str, Any], ...]) -> Planned:
    """Plan the year that a base and changes make.

    Raises
    ------
    EnergysimError
        When there is no plan, or it cannot be run hour by hour.
    """
    scenario = one_thread(base.scenario(dict(changes)))
    system = assemble(scenario)
    model = build(system)
    model = model if scenario.security is None else secure(model, scenario.security)
    ensemble = ensemble_of(scenario, simulate(scenario, model, lambda one: optimise(one, options_of(scenario))))
    ports = tuple(f"{port.component}.{port.port_name}" for port in system.attachments)
    source = Source.of(base, dict(changes), ensemble)
    networks = {name: system.networks[name].unit for name in short_networks(system)}
    return Planned(source, scenario.economy.currency, networks, ports)
