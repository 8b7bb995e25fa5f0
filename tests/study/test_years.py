"""Uncertain years through the study: the same years as the engine's own, whoever runs them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from energysim.model import build
from energysim.model.solve import Options, optimise
from energysim.scenario import load
from energysim.simulation import simulate
from energysim.simulation.ensemble import ensemble_of, one_after_another
from energysim.study.engine import Crew
from energysim.study.read import read_study
from energysim.study.run import run_study
from energysim.study.store import Store
from energysim.study.version import own_version
from energysim.system import assemble

YEARS = 4


@pytest.mark.slow
def test_years_of_a_study_are_those_of_the_engine_with_any_number_of_workers(
    study_file: Callable[[str], Path], town: Path
) -> None:
    """Three hours drawn four times: cost of each, bit for bit, with none and two workers, and against the engine."""
    text = (town / "town.yaml").read_text(encoding="utf8")
    text = text.replace("variants:", "  shortage: {type: unserved, to: heat, price: 1000 EUR/MWh}\nvariants:")
    text = text.replace("efficiency: 80 %", "efficiency: 80 %, availability: {mtbf: 3 h, mttr: 3 h}")
    (town / "town.yaml").write_text(text, encoding="utf8")
    path = study_file(f"method: years\nsamples: {YEARS}\nseed: 11\nasked: [Total cost]\n")
    costs = []
    for workers in (0, 2):
        with Crew(workers) as crew, Store(town / f"out{workers}", own_version()) as store:
            table = run_study(read_study(path), crew, store).table
        costs.append(table[table.role == "case"]["Total cost"].tolist())
    scenario = load(town / "town.yaml")
    model = build(assemble(scenario))
    simulated = simulate(scenario, model, lambda one: optimise(one, Options(threads=1)))
    records = one_after_another(ensemble_of(scenario, simulated), 11, range(1, YEARS + 1))

    assert costs[0] == costs[1]
    assert costs[0] == [record.cost for record in records]
    assert len(set(costs[0])) > 1, "outages make years differ"
