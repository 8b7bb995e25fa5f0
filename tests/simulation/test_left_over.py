"""What a year leaves in its stores: each part of the content at what the policy says it is worth."""

from pathlib import Path

import pytest

from energysim.api import Asked, run
from energysim.model import build
from energysim.model.solve import optimise
from energysim.scenario import load
from energysim.simulation.design import design_of
from energysim.simulation.operate import Switching, operate
from energysim.simulation.policies import Setting, without_stores, worths_of
from energysim.system import assemble

TOWN = """
scenario: A tank that begins empty
time: {start: 2030-01-01, duration: 4 h}
economy: {currency: EUR, discount_rate: 5 %}
networks: {heat: {carrier: heat}}
simulation: {compare: [], SIMULATION}
components:
  demand: {type: heat_demand, to: heat, load: LOAD}
  plant: {type: source, to: heat, capacity: 10 MW, price: 10 EUR/MWh}
  peak: {type: source, to: heat, capacity: 10 MW, price: 50 EUR/MWh}
  tank: {type: heat_store, network: heat, volume: 4 MWh, power: 4 MW, start: START, standing_loss: 0 %}
"""


def cost_of_a_year(folder: Path, simulation: str, demand: str, start: str) -> float:
    """Cost of one simulated year, which is the planned one again. [EUR]"""
    text = TOWN.replace("SIMULATION", simulation).replace("LOAD", demand).replace("START", start)
    path = folder / "town.yaml"
    path.write_text(text, encoding="utf8")
    return float(run(path, engine=Asked(years=1, seed=1)).year_cost.item())


@pytest.mark.parametrize("fill_to", ["", "fill_to: 50 %, "])
def test_what_an_operator_leaves_is_worth_what_the_rule_pays(tmp_path: Path, fill_to: str) -> None:
    """32 MWh of demand and 4 MWh of tank at 10 cost 360, and 4 MWh left at the rule's 20 are worth 80: 280. An order
    to hold half of it changes nothing; at the worth that order has in running, three times the top price, it did."""
    rules = f"rules: {{tank: [{{{fill_to}charge_below: 20 EUR/MWh}}]}}"
    cost = cost_of_a_year(tmp_path, f"policy: operator, {rules}", "8 MW", "0 %")

    assert cost == pytest.approx(280.0, abs=0.1)


def test_a_rank_that_forbids_charging_values_nothing_by_that(tmp_path: Path) -> None:
    """A full tank is emptied when nothing dearer lies ahead: 32 less 4 MWh at 10 cost 280, and the 4 MWh that the year
    has less than it began with are worth 10 each, as its last hour saves. What forbids charging there is -11 000."""
    text = TOWN.replace("SIMULATION", "policy: price_rank").replace("LOAD", "8 MW").replace("START", "100 %")
    (tmp_path / "town.yaml").write_text(text, encoding="utf8")
    scenario = load(tmp_path / "town.yaml")
    model = build(assemble(scenario))
    plan = optimise(model)
    design = design_of(model, plan)
    setting = Setting(model, plan, design, scenario.simulation, without_stores(model, design, Switching()), {})
    operated = operate(model, design, worths_of("price_rank", setting), closes=False)

    assert operated.cost == pytest.approx(280.0, abs=1e-3)
    assert operated.carried == pytest.approx(-40.0, abs=0.5)
