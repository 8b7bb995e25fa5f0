"""Who is the largest supplier: by energy in the hours of the stop, plants of one owner counted as one."""

import json
from pathlib import Path

import pytest

from energysim.api import run

TOWN = """
scenario: A town with a steady mill and a peak boiler
time: {start: 2030-01-01, duration: 4 h}
economy: {currency: EUR, discount_rate: 5 %}
networks: {heat: {carrier: heat, supply: 90 degC, return: 50 degC}}
components:
  town: {type: heat_demand, to: heat, load: [40 MW, 50 MW, 90 MW, 50 MW]}
  mill: {type: source, to: heat, capacity: 30 MW, price: 1 EUR/MWh}
  cooling: {type: source, to: heat, capacity: 8 MW, price: 2 EUR/MWh}
  pump: {type: source, to: heat, capacity: 12 MW, price: 3 EUR/MWh}
  peak: {type: source, to: heat, capacity: 60 MW, price: 50 EUR/MWh}
  short: {type: unserved, to: heat, price: 3000 EUR/MWh}
simulation: {policy: greedy, compare: [greedy], events: {stop: {stop: largest_supplier, network: heat, lasting: HOURS}}}
"""


@pytest.mark.parametrize(("hours", "security", "stopped", "worst"), [
    ("3 h", "", "mill", 10.0),
    ("1 h", "", "peak", 40.0),
    ("3 h", "security: {networks: {heat: {suppliers: [pump], together: [[cooling, mill]]}}}", "mill and cooling", 18.0),
])  # fmt: skip
def test_by_energy_while_it_stops(tmp_path: Path, hours: str, security: str, stopped: str, worst: float) -> None:
    """In three hours the mill gives 90 MWh and the peak boiler 40, though that gives 40 MW in one hour and the mill 30.

    Without the mill 80 of 90 MW are there; without the mill and its cooling 72; without the peak boiler 50.
    """
    path = tmp_path / "town.yaml"
    path.write_text(TOWN.replace("HOURS", hours) + security + "\n", encoding="utf8")
    results = run(path, engine="simulate")

    assert results.event_component.item() == stopped
    assert float(results.event_worst.max()) == pytest.approx(worst, abs=1e-6)


RIVER = """
scenario: A river that stops
time: {start: 2030-01-01, duration: 6 h}
economy: {currency: EUR, discount_rate: 5 %}
actors: {works: {name: Works}, town: {name: Town}}
networks: {grid: {carrier: electricity, owner: town}}
components:
  users: {type: electricity_demand, to: grid, load: 8 MW, owner: town}
  river: {type: hydro_cascade, to: grid, owner: works, AVAILABLE
          plants: {fall: {discharge: 10 m3/s, power: 1 MW/(m3/s), inflow: 10 m3/s}}}
  short: {type: unserved, to: grid, price: 1000 EUR/MWh, owner: town}
  over: {type: sink, from: grid, owner: town}
"""


@pytest.mark.parametrize("stop", ["river", "largest_supplier"])
def test_a_river_can_stop(tmp_path: Path, stop: str) -> None:
    """For two hours nothing of the river's 10 MW is there: 8 MW are not served."""
    path = tmp_path / "river.yaml"
    event = f"simulation: {{policy: greedy, events: {{dry: {{stop: {stop}, network: grid, lasting: 2 h}}}}}}\n"
    path.write_text(RIVER.replace("AVAILABLE", "") + event, encoding="utf8")
    results = run(path, engine="simulate")

    assert results.event_component.item() == "river"
    assert float(results.event_short_energy.max()) == pytest.approx(16.0)


def test_a_river_that_fails_its_promise_pays(tmp_path: Path) -> None:
    """Half of it can run, nine tenths of 10 MW were promised: 0.4 of 60 MWh at 5."""
    path = tmp_path / "river.yaml"
    promise = "availability: {power: 10 MW, at_least: 90 %, penalty: 5 EUR/MWh}"
    contract = (
        f"contracts: {{sale: {{seller: works, buyer: town, flow: river, price: {{fixed: 20 EUR/MWh}}, {promise}}}}}\n"
    )
    path.write_text(RIVER.replace("AVAILABLE", "availability: 50 %,") + contract, encoding="utf8")
    (told,) = json.loads(run(path).attrs["contracts"]).values()
    paid = {one["item"]: one["amount"] for one in told["payments"]}

    assert paid["availability below the promise"] == pytest.approx(-0.4 * 60.0 * 5.0)
