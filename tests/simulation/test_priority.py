"""Plants switched on in the order of a list, off in the reverse; least times on and off come first."""

from pathlib import Path

import pytest

from energysim.api import run
from energysim.errors import ScenarioError

TOWN = """
scenario: Two boilers
time: {start: 2030-01-01, duration: 6 h}
economy: {currency: EUR, discount_rate: 5 %}
networks: {heat: {carrier: heat}, other: {carrier: heat}}
fuels: {chips: {}, oil: {}}
simulation: {compare: [], SIMULATION}
components:
  chip_trade: {type: fuel_supply, to: chips, price: 10 EUR/MWh}
  oil_trade: {type: fuel_supply, to: oil, price: 20 EUR/MWh}
  homes: {type: heat_demand, to: heat, load: [4 MW, 9 MW, 4 MW, 4 MW, 4 MW, 4 MW]}
  chip_boiler:
    type: boiler
    fuel: chips
    to: heat
    efficiency: 100 %
    capacity: 5 MW
    switching: {minimum_load: 40 %, running_before: false, SWITCHING}
  oil_boiler:
    type: boiler
    fuel: oil
    to: heat
    efficiency: 100 %
    capacity: 5 MW
    switching: {minimum_load: 40 %, running_before: false}
  short: {type: unserved, to: heat, price: 3000 EUR/MWh}
"""


def heat_of(folder: Path, simulation: str, switching: str = "min_up: 1 h") -> dict[str, list[float]]:
    """Heat of each boiler when the town is run hour by hour. [MW]"""
    path = folder / "town.yaml"
    path.write_text(TOWN.replace("SIMULATION", simulation).replace("SWITCHING", switching), encoding="utf8")
    flow = run(path, engine="simulate").flow
    return {name: flow.sel(port=f"{name}.heat").values.tolist() for name in ("chip_boiler", "oil_boiler")}


def test_without_a_list_cost_decides(tmp_path: Path) -> None:
    """Chips cost half of oil, so oil runs in the second hour only, when both are needed: 5 and 4 MW."""
    heat = heat_of(tmp_path, "policy: greedy")

    assert heat["chip_boiler"] == pytest.approx([4, 5, 4, 4, 4, 4])
    assert heat["oil_boiler"] == pytest.approx([0, 4, 0, 0, 0, 0])


def test_the_first_of_the_list_runs_first_though_it_is_dearer(tmp_path: Path) -> None:
    """Oil first: chips come on only when oil alone leaves a shortage, and then run full as the cheaper ones."""
    heat = heat_of(tmp_path, "policy: greedy, priority: {heat: [oil_boiler, chip_boiler]}")

    assert heat["oil_boiler"] == pytest.approx([4, 4, 4, 4, 4, 4])
    assert heat["chip_boiler"] == pytest.approx([0, 5, 0, 0, 0, 0])


def test_least_times_come_before_the_list(tmp_path: Path) -> None:
    """Chips must stay on for three hours once started: in the third and fourth hour they serve alone, as two boilers
    at least 2 MW each would cost more; then oil has its turn again. Broken least times would end chips at once."""
    order = "policy: greedy, priority: {heat: [oil_boiler, chip_boiler]}"
    heat = heat_of(tmp_path, order, "min_up: 3 h")

    assert heat["chip_boiler"] == pytest.approx([0, 5, 4, 4, 0, 0])
    assert heat["oil_boiler"] == pytest.approx([4, 4, 0, 0, 4, 4])


def test_least_times_off_pass_the_turn_on(tmp_path: Path) -> None:
    """Oil, chips, reserve; chips stop in the third hour and may not start for three: the fourth hour's 4 MW beyond oil
    are the reserve's turn, and in the sixth chips are back. Without a reserve those 4 MW are short."""
    text = TOWN.replace("[4 MW, 9 MW, 4 MW, 4 MW, 4 MW, 4 MW]", "[4 MW, 9 MW, 4 MW, 9 MW, 4 MW, 9 MW]")
    text = text.replace("SIMULATION", "policy: greedy, priority: {heat: [oil_boiler, chip_boiler]}")
    text = text.replace("SWITCHING", "min_down: 3 h")
    path = tmp_path / "town.yaml"
    path.write_text(text, encoding="utf8")
    alone = run(path, engine="simulate").flow
    more = text.replace("chip_boiler]}", "chip_boiler, reserve]}") + (
        "  reserve: {type: boiler, fuel: oil, to: heat, efficiency: 80 %, capacity: 5 MW, "
        "switching: {minimum_load: 20 %, running_before: false}}\n"
    )
    path.write_text(more, encoding="utf8")
    helped = run(path, engine="simulate").flow

    assert alone.sel(port="chip_boiler.heat").values.tolist() == pytest.approx([0, 5, 0, 0, 0, 5])
    assert alone.sel(port="short.shortage").values.tolist() == pytest.approx([0, 0, 0, 4, 0, 0])
    assert helped.sel(port="reserve.heat").values.tolist() == pytest.approx([0, 0, 0, 4, 0, 0])
    assert helped.sel(port="chip_boiler.heat").values.tolist() == pytest.approx([0, 5, 0, 0, 0, 5])


@pytest.mark.parametrize(
    ("priority", "said"),
    [
        ("{haet: [oil_boiler]}", "There is no network 'haet'. Did you mean 'heat'?"),
        ("{heat: [oil_boler]}", "There is no component 'oil_boler'. Did you mean 'oil_boiler'?"),
        ("{heat: [short]}", "'short' cannot be switched on and off. Give it 'switching', or leave it out."),
        ("{heat: [oil_boiler, oil_boiler]}", "'oil_boiler' has two places in the order. Name it once."),
        ("{other: [oil_boiler]}", "'oil_boiler' is not on the network 'other'. Name it under the network it serves."),
    ],
)
def test_a_wrong_list_is_told(tmp_path: Path, priority: str, said: str) -> None:
    """Names that do not exist, plants that never switch, places taken twice: each with a way out."""
    with pytest.raises(ScenarioError) as told:
        heat_of(tmp_path, f"priority: {priority}")

    assert said in str(told.value)
