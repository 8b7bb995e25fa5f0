"""The whole of ``--engine simulate``: plan, operate, try stops, run uncertain years, label everything."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from energysim.model import Model
from energysim.scenario import Scenario
from energysim.simulation.ensemble import Ensemble, RunYears, ensemble_of, one_after_another
from energysim.simulation.events import Outcome, placed, tried
from energysim.simulation.label import event_variables, policy_variables, security_variables, year_variables
from energysim.simulation.policies import Worths, stores_of
from energysim.simulation.record import YearFile, YearRecord, key_of, short_networks
from energysim.simulation.security import secure
from energysim.simulation.simulate import Simulated, simulate
from energysim.simulation.years import differing
from energysim.system import Plan

Told = Callable[[str], None]


@dataclass(frozen=True)
class Asked:
    """What a run asks for beside the planned year."""

    years: int = 0
    """Number of uncertain years."""
    seed: int | None = None
    """Of the years; the scenario's where absent."""
    keep: Path | None = None
    """File in which years are kept until all are there; in memory only where absent."""
    run: RunYears = one_after_another
    """Runs the years."""
    hear: Callable[[int, int], None] = lambda done, whole: None
    """Hears after each year how many are done, of how many."""


def run_simulation(
    scenario: Scenario,
    model: Model,
    plan_of: Callable[[Model], Plan],
    asked: Asked,
    tell: Told = lambda text: None,
) -> tuple[Model, Plan, dict[str, Any]]:
    """Operate the planned year, try every stop, run uncertain years.

    Parameters
    ----------
    scenario : Scenario
    model : Model
        Of the planned year, not secured yet.
    plan_of : callable
        Finds the plan of a model.
    asked : Asked
    tell : callable, optional
        Hears about each stage.

    Returns
    -------
    model : Model
        As operated, secured where the scenario asks for that.
    plan : Plan
        Of the operated year.
    variables : dict
        To be assigned to the labelled result.
    """
    designs: list[tuple[str, Simulated]] = []
    if scenario.security is not None:
        designs.append(("without security", simulate(scenario, model, plan_of, tell)))
        model = secure(model, scenario.security)
        tell("once more, with the loss of any supplier met")
    designs.append(("planned" if scenario.security is None else "secured", simulate(scenario, model, plan_of, tell)))
    simulated = designs[-1][1]
    variables = policy_variables(simulated)
    if scenario.security is not None:
        variables |= security_variables(designs, scenario.security)
    if scenario.simulation.events:
        variables |= event_variables(model, _try_stops(scenario, designs, tell))
    if asked.years:
        records = _years(scenario, ensemble_of(scenario, simulated), asked, model, tell)
        variables |= year_variables(model, records, differing(scenario))
    return model, simulated.plan, variables


def _try_stops(scenario: Scenario, designs: list[tuple[str, Simulated]], tell: Told) -> dict[str, list[Outcome]]:
    """Try every event with every design; the same stop at the same time, so that designs can be compared."""
    found: dict[str, list[Outcome]] = {}
    first = designs[0][1]
    for name, event in scenario.simulation.events.items():
        stop = placed(scenario, first.model, name, event, first.optimum.columns)
        for label, simulated in designs:
            outcome = tried(scenario, event, stop, simulated.design, _worths_by_name(simulated))
            found.setdefault(label, []).append(outcome)
            tell(f"{name}, {label}: {stop.component} stops, {outcome.short_energy:,.0f} MWh short")
    return found


def _worths_by_name(simulated: Simulated) -> Callable[[Model], Worths]:
    """The policy of the planned year for a model whose columns may be numbered otherwise."""
    program = simulated.model.program
    by_name = {program.names.columns[block]: worth for block, worth in simulated.worths.items()}

    def worths_for(model: Model) -> Worths:
        return {held.block: by_name[held.name] for held in stores_of(model.program) if held.name in by_name}

    return worths_for


def _years(scenario: Scenario, ensemble: Ensemble, asked: Asked, model: Model, tell: Told) -> list[YearRecord]:
    """Run the years that are not there yet, and give all of them in order."""
    seed = scenario.seed if asked.seed is None else asked.seed
    numbers = range(1, asked.years + 1)
    if asked.keep is None:
        found = []
        for record in asked.run(ensemble, seed, numbers):
            found.append(record)
            asked.hear(len(found), asked.years)
        return sorted(found, key=lambda record: record.number)
    facts = {"scenario": scenario.to_yaml(), "inputs": dict(scenario.inputs), "seed": seed}
    days = len(model.system.time.firsts("day"))
    shape = len(short_networks(model.system)), len(model.system.attachments), days
    kept = YearFile(asked.keep, key_of({**facts, "sizes": _sizes(ensemble)}), shape)
    there = kept.numbers()
    if there:
        tell(f"{len(there):,} years are there from a run that was stopped")
    left = [number for number in numbers if number not in there]
    for done, record in enumerate(asked.run(ensemble, seed, left), asked.years - len(left) + 1):
        kept.append(record)
        asked.hear(done, asked.years)
    records = [record for record in kept.records() if record.number <= asked.years]
    kept.remove()
    return records


def _sizes(ensemble: Ensemble) -> dict[str, float]:
    """Sizes to the digits that the last bit of a solve does not move."""
    return {name: float(f"{value:.6g}") for name, value in ensemble.design.settled.items()}


def kept_beside(target: Path) -> Path:
    """Where the years of a run are kept until it is done."""
    return target.parent / f".{target.name}.years"
