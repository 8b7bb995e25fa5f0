"""One rung of the ladder by one method, in a process of its own: ``python -m benchmarks.ladder RUNG METHOD LIMIT``."""

import json
import sys
from dataclasses import dataclass, replace

import numpy as np

from benchmarks import ours
from benchmarks.regional import region
from energysim.model import Model
from energysim.model import build as build_model
from energysim.scenario.scenario import Scenario
from energysim.system import assemble as assemble_system
from energysim.traits import OnOff, Sizing
from solvers.answer import Answer, Options
from solvers.choice import choose
from solvers.front import solve_hourly

HOURS = {"week": 168, "month": 720, "year": 8760}
METHODS = {
    "interior": Options(method="interior"),
    "simplex": Options(method="simplex"),
    "hipo": Options(method="hipo", crossover=False),
    "hipo_crossover": Options(method="hipo", crossover=True),
    "ipx": Options(method="ipx", crossover=False),
    "pdlp": Options(method="pdlp", crossover=False),
}
"""Every way to solve a continuous program; a search over integers has simplex and HiPO below it."""
REPEATS, SHORT = 3, 5.0
"""A method that is done in a few seconds is tried again, and its quickest time counts."""
FIXED_SHARE = 0.35
"""Size of each plant in the dispatch rungs, as a share of the largest that the investment rungs allow."""


@dataclass(frozen=True)
class Rung:
    """One case."""

    name: str
    towns: int
    hours: int
    has_design: bool
    has_switching: bool = False

    @property
    def methods(self) -> tuple[str, ...]:
        """Which ways to solve are compared."""
        return ("simplex", "hipo") if self.has_switching else tuple(METHODS)


RUNGS = {
    rung.name: rung
    for rung in (
        *(
            Rung(f"{towns}_{kind}_{span}", towns, hours, kind == "investment")
            for towns in (1, 5)
            for kind in ("dispatch", "investment")
            for span, hours in HOURS.items()
        ),
        Rung("2_investment_year", 2, HOURS["year"], has_design=True),
        *(
            Rung(f"{towns}_switching_{span}", towns, hours, has_design=False, has_switching=True)
            for towns in (1, 5)
            for span, hours in HOURS.items()
        ),
    )
}


def scenario_of_rung(rung: Rung) -> Scenario:
    """Describe the regional case, with sizes given instead of decided in a dispatch rung."""
    scenario = ours.load(region(rung.towns, rung.hours))
    if not rung.has_design:
        scenario = _with_sizes(scenario)
    return _with_switching(scenario) if rung.has_switching else scenario


def model_of(rung: Rung) -> Model:
    """Build a rung."""
    return build_model(assemble_system(scenario_of_rung(rung)))


def _with_sizes(scenario: Scenario) -> Scenario:
    """Give every size to be decided a number, and lift the cap on carbon dioxide."""
    components = {}
    for name, component in scenario.components.items():
        sizes = {
            field: type(trait)(existing=FIXED_SHARE * trait.max)
            for field, trait, _ in component.traits()
            if isinstance(trait, Sizing) and trait.is_decision
        }
        components[name] = component.model_copy(update=sizes)
    return replace(scenario, components=components, effects={})


def _with_switching(scenario: Scenario) -> Scenario:
    """Let boilers and CHP plants switch on and off."""
    switching = OnOff.model_validate({"minimum_load": 0.4, "min_up": 6.0, "min_down": 6.0, "start_cost": 500.0})
    components = {
        name: component.model_copy(update={"switching": switching, "ramps": None})
        if name.endswith(("_chp", "_wood_boiler"))
        else component
        for name, component in scenario.components.items()
    }
    return replace(scenario, components=components)


def main(rung_name: str, method: str, limit: str) -> None:
    """Solve and report."""
    rung = RUNGS[rung_name]
    model = model_of(rung)
    program = model.program.assemble()
    options = METHODS[method]
    chosen = choose(program, model.shape)
    asked = Options(method=options.method, crossover=options.crossover, time_limit=float(limit), gap=1e-3)
    answers: list[Answer] = []
    while len(answers) < REPEATS and sum(answer.seconds for answer in answers) < SHORT:
        answers.append(solve_hourly(model.program, program, asked, model.shape))
    answer = min(answers, key=lambda answer: answer.seconds)
    facts = {
        "rung": rung_name,
        "method": method,
        "chosen": chosen.label,
        "columns": program.column_count,
        "integers": int(np.sum(program.is_integer)),
        "status": answer.status.value,
        "seconds": answer.seconds,
        "objective": answer.objective,
        "gap": answer.gap if np.isfinite(answer.gap) else None,
        "remark": answer.remark,
    }
    print(json.dumps(facts))


if __name__ == "__main__":
    main(*sys.argv[1:])
