"""Many uncertain years with one design: each drawn, run and recorded by itself."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from energysim.model import Model, build
from energysim.scenario import Scenario
from energysim.simulation.design import Design
from energysim.simulation.operate import Switching, operate
from energysim.simulation.policies import (
    Setting,
    Worths,
    by_month_and_content,
    flat,
    stores_of,
    water_values,
    without_stores,
    worths_of,
)
from energysim.simulation.record import YearRecord, record_of
from energysim.simulation.simulate import Simulated, outdoor_of
from energysim.simulation.years import drawn
from energysim.system import System, assemble
from solvers.hourly.engine import StoreWorth

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Table:
    """Water values of one store by calendar month and content."""

    breaks: Floats
    """[unit] (piece - 1,)"""
    values: Floats
    """[money/unit] (12, piece)"""


@dataclass(frozen=True)
class Ensemble:
    """All that years need beside their own chance; small enough to be sent to other processes."""

    scenario: Scenario
    design: Design
    policy: str
    tables: dict[str, Table]
    """Water values by store, for the policy of that name."""

    def year(self, seed: int, number: int) -> YearRecord:
        """Draw, run and measure one year; a pure function of its arguments."""
        return record_year(self, drawn(self.scenario, seed, number), number)


def ensemble_of(scenario: Scenario, simulated: Simulated) -> Ensemble:
    """Prepare years from the planned one.

    Water values of other years come from a table by month and content: what a day of the planned year was worth says
    little of the same day in another one.
    """
    model, pieces, tables = simulated.model, scenario.simulation.pieces, {}
    values = water_values(model, simulated.optimum)
    steps = model.program.steps
    for held in stores_of(model.program):
        content = simulated.optimum.columns[held.block * steps : (held.block + 1) * steps]
        breaks, table = by_month_and_content(values[held.name], content, model, pieces)
        tables[held.name] = Table(breaks * float(content.max(initial=0.0)), table)
    return Ensemble(scenario, simulated.design, simulated.policy, tables)


def record_year(ensemble: Ensemble, year: Scenario, number: int) -> YearRecord:
    """Run a drawn year with the design and policy of an ensemble."""
    model = build(assemble(year))
    worths, switching = year_worths(ensemble, model, year), Switching.of(year.simulation)
    operated = operate(model, ensemble.design, worths, closes=False, switching=switching)
    return record_of(model, operated, number, (_outdoor(year), _price(model.system)))


def year_worths(ensemble: Ensemble, model: Model, year: Scenario) -> Worths:
    """Make the worths of an ensemble's policy for a year."""
    if ensemble.policy != "water_values":
        empty = without_stores(model, ensemble.design, Switching.of(year.simulation))
        outdoor = outdoor_of(year, model.system)
        # A year that is not planned has no plan; policies without water values never ask for one.
        setting = Setting(model, None, ensemble.design, year.simulation, empty, outdoor)  # type: ignore[arg-type]
        return worths_of(ensemble.policy, setting)
    month = model.system.time.stamps.astype("datetime64[M]").astype(int) % 12
    found = {}
    for held in stores_of(model.program):
        table = ensemble.tables.get(held.name)
        if table is None:
            found[held.block] = flat(np.zeros(model.program.steps))
            continue
        values = np.ascontiguousarray(table.values[month])
        breaks = np.broadcast_to(table.breaks, (model.program.steps, len(table.breaks)))
        found[held.block] = StoreWorth(np.ascontiguousarray(breaks), values, values)
    return found


def _outdoor(year: Scenario) -> float:
    known = [place.outdoor for place in year.places.values() if place.outdoor is not None]
    return float(known[0].mean()) if known else float("nan")


def _price(system: System) -> float:
    for component in system.components.values():
        if type(component).type_name() == "electricity_market":
            return float(np.mean(component.price))  # type: ignore[attr-defined]
    return float("nan")


RunYears = Callable[[Ensemble, int, Sequence[int]], Iterator[YearRecord]]
"""Runs years of an ensemble by seed and number and gives each as it ends, in any order."""


def one_after_another(ensemble: Ensemble, seed: int, numbers: Sequence[int]) -> Iterator[YearRecord]:
    """Run years in this process; :func:`energysim.study.years.side_by_side` makes one that uses all cores."""
    for number in numbers:
        yield ensemble.year(seed, number)
