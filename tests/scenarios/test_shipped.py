"""Every shipped scenario: it checks, its first week solves, and two other solvers find the same optimum."""

import json
from pathlib import Path
from typing import Any

import pyomo.environ as pyo
import pytest

from energysim.api import run
from energysim.scenario import load
from energysim.scenario.scenario import Scenario
from energysim.testing import assert_balanced, model_of

FOLDER = Path(__file__).resolve().parents[2] / "scenarios"
PARTS = {"common.yaml"}  # extended by others, no scenario by itself
FILES = sorted(path for path in [*FOLDER.glob("*.yaml"), *FOLDER.glob("base/*.yaml")] if path.name not in PARTS)
FIRST_WEEK = ["time.year=null", "time.start=2030-01-01", "time.duration=7 d"]


def first_week(path: Path) -> Scenario:
    """The first week; without the loss of suppliers, whose rows are no rules of any hour and are not expanded."""
    if "three_hours" in path.name:
        return load(path)
    is_secured = "\nsecurity:" in path.read_text(encoding="utf8")
    return load(path, overrides=[*FIRST_WEEK, *(["security=null"] if is_secured else [])])


def variants() -> list[tuple[Path, str]]:
    return [(path, name) for path in FILES for name in _variant_names(path)]


def _variant_names(path: Path) -> list[str]:
    text = path.read_text(encoding="utf8")
    if "\nvariants:\n" not in text:
        return []
    lines = text.split("\nvariants:\n")[1].splitlines()
    own = [line for line in lines if line.startswith("  ") and not line.startswith("   ")]
    return [line.strip().split(":")[0] for line in own if not line.rstrip().endswith(": null")]


def test_the_answer_in_the_head_of_the_first_scenario() -> None:
    """Solved with pencil and paper: 1 375 EUR, 1.483 t, heat at 25, 100 and 100 EUR/MWh."""
    results = run(FOLDER / "01_three_hours.yaml")

    assert results.attrs["objective"] == pytest.approx(1375.0)
    assert float(results.amount.sel(effect="co2").sum()) == pytest.approx(5.0 / 0.9 * 0.267)
    assert results.price.sel(node="town_heat").values == pytest.approx([25.0, 100.0, 100.0])


LARGE = ("northern_heat", "newcomers", "lulea_boden", "stranded_assets")
"""Regions that SCIP takes five to ten seconds for, each."""


def other_paths() -> list[Any]:
    """Every scenario with HiGHS, and with SCIP where that is quick; the large ones in the long test."""
    found = []
    for solver in ("appsi_highs", "scip_direct"):
        for path in FILES:
            is_long = solver == "scip_direct" and path.stem in LARGE
            found.append(
                pytest.param(path, solver, marks=[pytest.mark.slow] if is_long else [], id=f"{solver}-{path.stem}")
            )
    return found


@pytest.mark.parametrize(("path", "solver"), other_paths())
def test_first_week_by_another_path(path: Path, solver: str) -> None:
    """The rules expanded hour by hour, solved through Pyomo by HiGHS and by SCIP, give our optimum to 1e-6.

    SCIP's LP solver gives up on three days and more of the whole region with an error of its own; it gets one.
    """
    is_too_large = path.stem == "norrbotten" and solver == "scip_direct"
    scenario = load(path, overrides=[*FIRST_WEEK, "time.duration=1 d"]) if is_too_large else first_week(path)
    results = run(scenario)
    expanded = model_of(scenario).to_pyomo()
    pyo.SolverFactory(solver).solve(expanded)

    assert pyo.value(expanded.cost) == pytest.approx(results.attrs["objective"], rel=1e-6)
    assert_balanced(results)


@pytest.mark.parametrize(("path", "variant"), variants(), ids=lambda value: getattr(value, "stem", value))
def test_first_week_of_each_variant(path: Path, variant: str) -> None:
    results = run(load(path, variant=variant, overrides=FIRST_WEEK))

    assert_balanced(results)


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_full_year_is_certified(path: Path) -> None:
    """The whole horizon solves, and the run raises CertificateError unless the plan is proven."""
    results = run(path)

    assert_balanced(results)


@pytest.mark.parametrize("overrides", [FIRST_WEEK, pytest.param([], marks=pytest.mark.slow)], ids=["week", "year"])
def test_lulea_by_our_own_method_and_by_highs(overrides: list[str]) -> None:
    """The interior method on the hours' pattern and HiGHS give the same cost to 1e-6; each run says which it was."""
    methods = ("interior", "hipo")
    ours, highs = (
        run(load(FOLDER / "lulea.yaml", overrides=[*overrides, f"solver.method={method}"])) for method in methods
    )

    assert ours.attrs["objective"] == pytest.approx(highs.attrs["objective"], rel=1e-6)
    assert json.loads(ours.attrs["solver"])["method"] == "interior"
    assert json.loads(highs.attrs["solver"])["method"].startswith("hipo")
