"""One run of a study: a pure function from a base scenario and changes to what is asked."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import xarray as xr

from energysim.api import run
from energysim.kpi import annual_flows, indicators, sizes
from energysim.kpi.indicator import actor_names
from energysim.kpi.ledger import actor_totals
from energysim.study.base import Base, Changes, of_base, one_thread, session
from energysim.study.settled import compared, settled
from energysim.study.task import Task

COST_OF = "cost."
"""How figures of what an actor pays begin."""


@dataclass(frozen=True)
class Wanted:
    """What is kept of a run beside its figures."""

    series: tuple[str, ...] = ()
    """Names of arrays of the results, such as ``flow`` or ``price``."""
    engine: str = "optimise"
    """``optimise`` or ``rolling``."""
    settles: bool = False
    """Whether contracts that compare with a plan without their flow are settled by solving that plan too."""


@dataclass(frozen=True)
class Record:
    """What came of one run; the same to the last bit wherever it ran, but for ``facts``."""

    values: dict[str, float]
    """Figures by name: the indicators of the report; ``size.COMPONENT.PARAMETER`` and ``built...``;
    ``energy.COMPONENT.PORT``; ``cost.OWNER``, what an actor pays in all after payments between actors, as in the report
    of a run."""
    units: dict[str, str]
    """Unit of each."""
    titles: dict[str, str]
    """Each in a reader's words."""
    facts: dict[str, Any] = field(default_factory=dict)
    """How it was computed: seconds by stage, method, status."""
    series: xr.Dataset | None = None
    """The arrays asked for."""


def case_task(base: Base, changes: Changes, name: str = "", wanted: Wanted | None = None) -> Task:
    """Make the task of one case.

    Parameters
    ----------
    base : Base
        Scenario to change.
    changes : mapping
        Dotted keys and their values as in YAML, such as ``{"components.boiler.capacity": "0 MW"}``; None takes a
        key out; ``variant`` names a variant.
    name : str
        For messages.
    wanted : Wanted, optional
        What is kept beside the figures.
    """
    return Task(run_case, (base, dict(changes), wanted or Wanted()), name)


def run_case(base: Base, changes: Changes, wanted: Wanted) -> Record:
    """Run one case and measure it.

    The solver stays loaded in the process. Every case starts from the optimum of the unchanged base, never from the
    case before: which cases a process did earlier cannot show in the figures.

    Raises
    ------
    EnergysimError
        When the changed scenario is wrong or has no plan.
    """
    with of_base(base):
        scenario = one_thread(base.scenario(changes))
        results = run(scenario, engine=wanted.engine, session=session(base))
        is_settled = wanted.settles and wanted.engine == "optimise"
        if is_settled:
            results = settled(results, scenario, session=session(base))
    # Of contracts that are not settled as agreed nobody should read what their parties pay.
    return measured_record(results, wanted.series, has_costs=is_settled or not compared(scenario))


def measured_record(results: xr.Dataset, series: Sequence[str] = (), has_costs: bool = True) -> Record:
    """Measure the results of a run, what each actor pays only where ``has_costs``."""
    values: dict[str, float] = {}
    units: dict[str, str] = {}
    titles: dict[str, str] = {}

    def note(name: str, value: float, unit: str, title: str) -> None:
        values[name], units[name], titles[name] = float(value), unit, title

    for one in indicators(results):
        note(one.name, one.value, one.unit, one.name)
    for row in sizes(results).itertuples():
        named = row.title if row.parameter == "capacity" else f"{row.title}, {row.parameter}"
        note(f"size.{row.component}.{row.parameter}", row.total, row.unit, f"Size of {named}")
        note(f"built.{row.component}.{row.parameter}", row.built, row.unit, f"Built of {named}")
    for row in annual_flows(results).itertuples():
        note(f"energy.{row.component}.{row.port_name}", row.energy, row.unit, f"{row.title}, {row.port_name}")
    for owner, whose, cost in _paid(results) if has_costs else ():
        note(f"{COST_OF}{owner}", cost, results.attrs["currency"], f"Cost of {whose}")
    solver = json.loads(results.attrs["solver"])
    facts = {
        "seconds": json.loads(results.attrs["timings"]),
        "method": solver["method"],
        "status": solver["status"],
        "solver_seconds": solver["seconds"],
    }
    kept = results[list(series)].drop_attrs(deep=False) if series else None
    return Record(values, units, titles, facts, kept)


def _paid(results: xr.Dataset) -> Iterator[tuple[str, str, float]]:
    """Walk what each actor pays: key, name, amount [money]; one that nobody pays and that pays nobody pays zero."""
    totals, names = actor_totals(results), actor_names(results)
    for owner in dict.fromkeys([*names, *totals.index]):
        yield owner, names.get(owner, owner) or "nobody", float(totals.get(owner, 0.0))
