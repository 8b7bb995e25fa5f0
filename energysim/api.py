"""The verbs of energysim for Python: load, run, save, reload. The story of one run."""

import json
import platform
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import xarray as xr

from energysim.errors import CertificateError, OutputError, Problem, ScenarioError, suggestion
from energysim.kpi.ledger import ledger, with_ledger
from energysim.kpi.settlement import Saving, settle
from energysim.model import Model, build
from energysim.model.estimate import Estimate, optimise_by_estimate
from energysim.model.roll import LookAhead, optimise_rolling
from energysim.model.solve import Session, anchored_session, optimise, options_of, refuse_unfit_solver
from energysim.results import RunFolder, dataset, load_results, save_results
from energysim.scenario import Scenario, load
from energysim.simulation import Asked, run_simulation, secure
from energysim.system import Plan, assemble

__all__ = ["Asked", "Session", "load", "load_results", "run", "save", "session_around"]

Telling = Callable[[str, str], None]
"""Called with a stage (``assemble``, ``build``, ``solve``, ``measure``) and what there is to say about it."""

ENGINES = ("optimise", "rolling", "simulate")
"""Ways to run a scenario."""

_PACKAGES = ("energysim-symbiosis", "highspy", "pyomo", "numpy", "scipy", "xarray", "pydantic", "pint")


def run(
    source: str | Path | Scenario,
    *,
    engine: str | Asked = "optimise",
    variant: str | None = None,
    overrides: Iterable[str] = (),
    tell: Telling | None = None,
    session: Session | None = None,
    **reading: Any,
) -> xr.Dataset:
    """Optimise or simulate a scenario and label the result.

    One plan is made. A contract whose price compares with the plan without its flow (``alternative_cost``,
    ``share_of_saving``) is settled at the marginal price, and a warning says so; the command ``energysim run`` makes
    those plans too, as ``energysim.study.settled.settled(results, scenario)`` does here.

    Parameters
    ----------
    source : path or Scenario
        Scenario file, or a scenario already loaded.
    engine : str or Asked
        ``optimise`` sees the whole horizon at once; ``rolling`` looks ahead some days and moves on, as operation does;
        ``simulate`` plans, then runs the hours one after the other by a storage policy; ``Asked(years=100, seed=7)``
        adds uncertain years.
    variant : str, optional
        Named variant of the file to run.
    overrides : iterable of str
        Changes such as ``components.tank.volume=2 GWh``.
    tell : callable, optional
        Hears about each stage.
    session : Session, optional
        Keeps the solver loaded between runs that differ in numbers only, such as prices or loads: each starts from the
        plan before.
    **reading
        ``allow_extensions``, ``allow_outside`` and ``more_types``, see :func:`energysim.scenario.load`.

    Returns
    -------
    results : xarray.Dataset
        See :func:`energysim.results.dataset`.

    Raises
    ------
    ScenarioError
        When the input is wrong; lists every problem. Also for changes to a scenario that is loaded already.
    OutputError
        For an engine that does not exist.
    InfeasibleError, UnboundedError
        When there is no plan; says why.
    CertificateError
        When the plan does not keep the rules; its ``results`` hold it all the same.
    """
    tell = tell or (lambda stage, text: None)
    began = time.perf_counter()
    refuse_unknown_engine(engine)
    scenario = _loaded(source, {"variant": variant, "overrides": tuple(overrides), **reading})
    loaded = time.perf_counter()
    system = assemble(scenario)
    model = build(system)
    built = time.perf_counter()
    program = model.program
    tell("build", f"{program.column_count:,} columns, {program.row_count:,} rows in {built - loaded:.2f} s")
    more: dict[str, Any] = {}
    if engine == "simulate" or isinstance(engine, Asked):
        plan, more = _simulated(scenario, model, engine if isinstance(engine, Asked) else Asked(), tell)
    else:
        model = model if scenario.security is None else secure(model, scenario.security)
        plan = _planned(model, scenario, engine, tell, session)
    solved = time.perf_counter()
    timings = {"load": loaded - began, "build": built - loaded, "solve": solved - built}
    results = booked(dataset(system, plan, _facts(scenario) | {"timings": json.dumps(timings)}), scenario).assign(more)
    tell("measure", f"solved in {solved - built:.1f} s by {plan.solver['method']}")
    if not (plan.proof.holds or (plan.solver["status"] == "stopped" and plan.proof.is_feasible)):
        worst = max((plan.proof.rule, plan.proof.balance, plan.proof.bound), key=lambda finding: finding.relative)
        error = CertificateError(
            f"The plan fails its certificate: {worst.subject} is off by {worst.size:.3g}, "
            f"the cost by {plan.proof.cost_mismatch:.1e}, the gap to the proven bound is {plan.proof.gap}."
        )
        error.results = results
        raise error
    return results


def refuse_unknown_engine(engine: str | Asked) -> None:
    """Check the word for the engine before any work is done.

    Raises
    ------
    OutputError
        When there is no such engine.
    """
    if not isinstance(engine, Asked) and engine not in ENGINES:
        raise OutputError(f"There is no engine '{engine}'. {suggestion(engine, ENGINES)}")


def _loaded(source: str | Path | Scenario, reading: Mapping[str, Any]) -> Scenario:
    """Load a scenario; one that is loaded already cannot be changed, and must not seem to be."""
    if not isinstance(source, Scenario):
        return load(source, **reading)
    said = [name for name, value in reading.items() if value]
    if said:
        found = f"The scenario is loaded already, so it cannot be changed by {', '.join(said)}."
        raise ScenarioError([Problem(None, "", found, "", "Say it to  load , or give the path of the file.")])
    return source


def booked(results: xr.Dataset, scenario: Scenario, savings: Mapping[str, Saving] | None = None) -> xr.Dataset:
    """Settle the contracts and keep the actors' books in the results; they add up to the cost or this raises.

    Parameters
    ----------
    results : xarray.Dataset
        Of one run.
    scenario : Scenario
        That was run.
    savings : mapping of contract to Saving, optional
        From plans without each flow; see :func:`energysim.kpi.settlement.settle`.
    """
    settlements = settle(results, scenario, savings)
    found = with_ledger(results, ledger(results, settlements))
    remarks = [text for one in settlements.values() for text in one.remarks]
    told = [text for text in json.loads(results.attrs["warnings"]) if not text.startswith("Contract ")]
    found.attrs["warnings"] = json.dumps([*told, *remarks], ensure_ascii=False)
    found.attrs["contracts"] = json.dumps({name: one.told() for name, one in settlements.items()}, ensure_ascii=False)
    return found


def _simulated(scenario: Scenario, model: Model, asked: Asked, tell: Telling) -> tuple[Plan, dict[str, Any]]:
    """Plan, operate, try stops, run uncertain years."""

    def plan_of(wanted: Model) -> Plan:
        return _planned(wanted, scenario, "optimise", tell, None)

    _, plan, more = run_simulation(scenario, model, plan_of, asked, lambda text: tell("simulate", text))
    return plan, more


def _planned(model: Model, scenario: Scenario, engine: str, tell: Telling, session: Session | None) -> Plan:
    """Plan with one of the engines."""
    refuse_unfit_solver()
    solver = scenario.solver
    if engine == "rolling":
        ahead = LookAhead(solver.look_ahead, solver.advance, solver.end_value, solver.end_value_by_level)
        return optimise_rolling(
            model, ahead, options_of(scenario), lambda done, whole: tell("solve", f"{done:,} of {whole:,} steps")
        )

    def hear(method: str, count: int, seconds: float) -> None:
        tell("solve", f"{method}, {count:,} iterations, {seconds:.0f} s")

    if solver.typical_days is not None or solver.segments is not None:
        estimate = Estimate(solver.typical_days, solver.segments, solver.refine)
        return optimise_by_estimate(model, estimate, options_of(scenario), hear, lambda text: tell("solve", text))
    return optimise(model, options_of(scenario), hear, session)


def session_around(scenario: Scenario) -> Session:
    """Keep the solver loaded for runs that differ from a scenario in numbers only.

    Each run starts from this scenario's optimum, whatever ran before: so its plan is the same in any order, also
    where several are equally cheap.
    """
    return anchored_session(lambda: build(assemble(scenario)), options_of(scenario))


def save(results: xr.Dataset, folder: RunFolder) -> None:
    """Write the data of a run into an open run folder: results, resolved scenario, facts of the run."""
    save_results(results, folder.path / "results.nc")
    (folder.path / "scenario.yaml").write_text(results.attrs["scenario_yaml"], encoding="utf8")
    facts = {name: _parsed(value) for name, value in results.attrs.items() if name != "scenario_yaml"}
    folder.write_json("run.json", facts)


def _facts(scenario: Scenario) -> dict[str, Any]:
    """Gather what makes a run reproducible and readable later."""
    return {
        "scenario": scenario.path,
        "description": scenario.description,
        "variant": scenario.variant or "",
        "price_year": scenario.economy.price_year,
        "discount_rate": scenario.economy.discount_rate,
        "seed": scenario.seed,
        "clock": scenario.horizon.clock,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": json.dumps(versions()),
        "inputs": json.dumps(dict(scenario.inputs)),
        "assumptions": json.dumps(
            [vars(a) if hasattr(a, "__dict__") else a for a in scenario.assumptions], default=str
        ),
        "actors": json.dumps(
            {name: actor.label or name for name, actor in scenario.actors.items()}, ensure_ascii=False
        ),
        "secured": json.dumps([] if scenario.security is None else list(scenario.security.networks)),
        "scenario_yaml": scenario.to_yaml(),
    }


def versions() -> dict[str, str]:
    """Version of everything that has a part in the numbers."""
    found = {"python": platform.python_version(), "platform": platform.platform()}
    return found | {package: _version_of(package) for package in _PACKAGES}


@cache
def _version_of(package: str) -> str:
    """Look up once in a process: each look reads the package's description."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _parsed(value: Any) -> Any:
    """Show JSON kept in an attribute as what it is."""
    if isinstance(value, str) and value[:1] in "{[":
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            return value
    return value
