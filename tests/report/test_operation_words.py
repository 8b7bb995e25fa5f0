"""What is told of stops, security and uncertain years: nothing more than was run."""

from pathlib import Path

import pytest
import xarray as xr

from energysim.api import Asked, run
from energysim.kpi import indicators
from energysim.report.operation import operation
from energysim.report.risks import outcome, price_of_safety, risks
from energysim.scenario import load
from energysim.simulation.years import differing

TOWN = """\
scenario: A town that is a little short
time: {start: 2030-01-01, duration: 24 h}
economy: {currency: EUR, discount_rate: 0 %}
networks:
  heat: {carrier: heat, name: Heat}
  grid: {carrier: electricity, name: Grid}
security: {networks: {heat: {suppliers: [boiler], curtailable: 8 MW}}}
components:
  homes: {type: heat_demand, to: heat, load: 8 MW}
  lights: {type: electricity_demand, to: grid, load: 1 MW}
  wires: {type: source, name: Wires, to: grid, capacity: 3 MW, price: 40 EUR/MWh}
  spare: {type: source, name: Spare, to: grid, capacity: 3 MW, price: 90 EUR/MWh}
  mill: {type: source, name: Mill, to: heat, capacity: 0.1 MW, price: 1 EUR/MWh}
  boiler: {type: source, name: Boiler, to: heat, capacity: 6 MW, price: 50 EUR/MWh}
  short: {type: unserved, to: heat, price: 3000 EUR/MWh}
simulation:
  policy: greedy
  compare: []
  events:
    mill_stops: {stop: mill, lasting: 3 h, begins: 2030-01-01}
    boiler_stops: {stop: boiler, lasting: 3 h, begins: "2030-01-01T21:00"}
    wires_stop: {stop: wires, lasting: 3 h, begins: 2030-01-01}
"""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> xr.Dataset:
    """A day of a town with 6.1 of 8 MW, three stops and two uncertain years in which nothing is drawn."""
    path = tmp_path_factory.mktemp("town") / "town.yaml"
    path.write_text(TOWN, encoding="utf8")
    return run(path, engine=Asked(years=2, seed=1))


def test_who_is_short_anyway_is_told_apart(town: xr.Dataset) -> None:
    """1.9 MW are short in every hour. 0.3 MWh more without the mill are nothing to speak of, yet some go without; the
    boiler's 18 MWh come on top of what is short; and nobody on the grid lacks heat or power without the wires."""
    told = {event: outcome(town, "secured", event) for event in town.event.values}

    assert told["mill_stops"].endswith("and no more is short than without the stop.")
    assert "but 18.0 MWh more than without the stop are not served" in told["boiler_stops"]
    assert told["wires_stop"] == "Secured: Spare jumps in, and nobody goes without electricity."


def test_a_stop_to_the_last_hour_lasts_as_long(town: xr.Dataset) -> None:
    """Three hours that end with the horizon are three, 0.125 days, not two."""
    own = town.sel(event="boiler_stops")

    assert (own.event_end - own.event_begin).item() == 3 * 3600 * 10**9
    assert any("Boiler out for 0.125 days" in sentence for sentence in risks(town, [], indicators(town)))


def test_a_day_is_not_told_as_a_year(town: xr.Dataset) -> None:
    """1.9 MW short in 24 hours are 45.6 MWh over the horizon, not in a year; so is the price of safety."""
    table = operation(town)[-1].tables[0]

    assert table.head[1:3] == (
        "Hours short (LOLE), h over the horizon",
        "Not served (EENS) over the horizon",
    )
    assert table.rows[0][1:4] == ("24.0", "45.6 MWh", "1.90 MW")
    assert "costs 0 EUR more over the horizon than" in price_of_safety(town)


def test_uncertain_years_are_told_as_they_were_run(town: xr.Dataset) -> None:
    """Greedy stores, and no chance of which to tell."""
    said = operation(town)[-1].sentences[0]

    assert said.startswith("2 uncertain years cost ")
    assert "the stores are run greedily" in said


def test_only_what_is_drawn_is_named(tmp_path: Path) -> None:
    """Without a place, a generated price or failures nothing differs; with outages and a demand error these two do."""
    text = TOWN.replace("policy: greedy", "policy: greedy\n  years: {demand_error: 3 %}")
    text = text.replace("capacity: 6 MW", "capacity: 6 MW, availability: {mtbf: 60 h, mttr: 20 h}")
    found = []
    for one in (TOWN, text):
        (tmp_path / "town.yaml").write_text(one, encoding="utf8")
        found.append(differing(load(tmp_path / "town.yaml")))

    assert found == [[], ["outages", "demand"]]
