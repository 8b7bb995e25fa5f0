"""Hours are counted once and are not steps: shortage in two networks at a time, stores without limits."""

from dataclasses import replace
from pathlib import Path

import pytest

from energysim.model import build
from energysim.model.solve import optimise
from energysim.scenario import load
from energysim.simulation import simulate
from energysim.simulation.design import design_of
from energysim.simulation.ensemble import ensemble_of
from energysim.simulation.policies import fill_steps, stores_of
from energysim.simulation.record import YearFile
from energysim.simulation.simulate import gap_to
from energysim.system import assemble

TWO_NETWORKS = """
scenario: Two networks short at a time
time: {start: 2030-01-01, duration: 4 h}
economy: {currency: EUR, discount_rate: 5 %}
networks: {heat: {carrier: heat}, other: {carrier: heat}}
simulation: {policy: greedy, compare: []}
components:
  demand: {type: heat_demand, to: heat, load: [5 MW, 9 MW, 9 MW, 5 MW]}
  more: {type: heat_demand, to: other, load: [5 MW, 5 MW, 9 MW, 9 MW]}
  plant: {type: source, to: heat, capacity: 6 MW, price: 10 EUR/MWh}
  second: {type: source, to: other, capacity: 6 MW, price: 10 EUR/MWh}
  short: {type: unserved, to: heat, price: 1000 EUR/MWh}
  lacking: {type: unserved, to: other, price: 1000 EUR/MWh}
"""
ENDLESS = """
scenario: A store without limits
time: {start: 2030-01-01, duration: 24 h, step: STEP h}
economy: {currency: EUR, discount_rate: 5 %}
networks: {heat: {carrier: heat}}
components:
  demand: {type: heat_demand, to: heat, load: 5 MW}
  plant: {type: source, to: heat, capacity: 6 MW, price: 10 EUR/MWh}
  tank: {type: heat_store, network: heat, volume: 60 MWh, power: 20 MW, standing_loss: 0 %}
"""


def test_an_hour_short_in_two_networks_counts_once(tmp_path: Path) -> None:
    """One is short in the second and third hour, the other in the third and fourth: three hours, not four; a record
    that was kept on disk says the same."""
    (tmp_path / "town.yaml").write_text(TWO_NETWORKS, encoding="utf8")
    scenario = load(tmp_path / "town.yaml")
    record = ensemble_of(scenario, simulate(scenario, build(assemble(scenario)), optimise)).year(1, 1)
    kept = YearFile(tmp_path / "kept", "key", (2, len(record.energy), len(record.shortages[0].by_day)))
    kept.append(record)

    assert [short.hours for short in record.shortages] == [2.0, 2.0]
    assert record.short_hours == 3.0
    assert next(kept.records()).short_hours == 3.0
    assert next(kept.records()).energy.tolist() == record.energy.tolist()


@pytest.mark.parametrize("step", [1, 3])
def test_steps_to_fill(tmp_path: Path, step: int) -> None:
    """60 MWh at 20 MW take 3 h; where power has no limit half a day is taken, 12 steps of 1 h or 4 of 3 h."""
    found = []
    for power in ("power: 20 MW, ", ""):
        text = ENDLESS.replace("STEP", str(step)).replace("power: 20 MW, ", power)
        (tmp_path / "town.yaml").write_text(text, encoding="utf8")
        model = build(assemble(load(tmp_path / "town.yaml")))
        (held,) = stores_of(model.program)
        found.append(fill_steps(model.program, held, design_of(model, optimise(model)), float(step)))

    assert found == pytest.approx([3.0 / step, 12.0 / step])


def test_the_gap_to_foresight_holds_what_the_plan_itself_leaves_open(tmp_path: Path) -> None:
    """A cost of 120 against a plan of 100 that may be 10 of 100 too dear: no plan costs less than 90, 25 % of 120."""
    (tmp_path / "town.yaml").write_text(TWO_NETWORKS, encoding="utf8")
    plan = optimise(build(assemble(load(tmp_path / "town.yaml"))))

    def gap(own: float | None, by_solver: float | None) -> float | None:
        one = replace(plan, objective=100.0, proof=replace(plan.proof, gap=own), solver={"gap": by_solver})
        return gap_to(120.0, one, 100.0)

    assert gap(0.1, None) == gap(None, 0.1) == pytest.approx(0.25)
    assert gap(0.0, None) == pytest.approx(1.0 / 6.0)
    assert gap(None, None) is None
