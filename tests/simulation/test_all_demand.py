"""A year's demand that misses its forecast: everything users ask for moves alike, what industry makes does not."""

from pathlib import Path

import numpy as np
import pytest

from energysim.scenario import Scenario, load
from energysim.simulation.years import differing, drawn

TOWN = """
scenario: Everybody who asks for something
time: {start: 2030-01-01, duration: 48 h}
economy: {currency: EUR, discount_rate: 5 %}
places: {town: {climate: lulea}}
networks:
  heat: {carrier: heat, at: town, supply: 90 degC, return: 50 degC}
  grid: {carrier: electricity, at: town}
simulation: {years: {demand_error: 30 %, weather: false}}
components:
  plant: {type: source, to: heat, price: 10 EUR/MWh}
  market: {type: source, to: grid, price: 40 EUR/MWh}
  homes: {type: settlement, heat: heat, power: grid, population: 1000 person, district_heating: 80 %,
          new_industry: {jobs: 100}, industry_heat: 2 GWh}
  quarter: {type: district, from: heat, pipes: {main: {from: plant, to: square, length: 100 m, nominal: 100}},
            users: {block: {at: square, load: 1 MW}}}
  steam: {type: sink, from: heat, fixed: [FIXED]}
  users: {type: heat_demand, to: heat, peaks: [2 MW, 3 MW]}
  works: {type: flexible_demand, from: grid, load: 4 MW, movable: 20 %}
  hall: {type: data_centre, power: grid, heat: heat, load: 10 MW}
  sales: {type: sink, from: grid, price: 1 EUR/MWh, capacity: 5 MW}
""".replace("FIXED", ", ".join(["2 MW", "3 MW"] * 24))


def asked(scenario: Scenario) -> dict[str, object]:
    """What each component's size hangs on."""
    parts = scenario.components
    homes, quarter = parts["homes"], parts["quarter"]
    return {
        "people": homes.population,
        "jobs": homes.new_industry.jobs,
        "industry": homes.industry_heat,
        "block": quarter.users["block"].load,
        "steam": parts["steam"].fixed,
        "peak": parts["users"].peaks[1],
        "works": parts["works"].load,
    }


@pytest.fixture
def town(tmp_path: Path) -> Scenario:
    """The town read from a file."""
    path = tmp_path / "town.yaml"
    path.write_text(TOWN, encoding="utf8")
    return load(path)


def test_all_that_is_asked_for_misses_alike(town: Scenario) -> None:
    """One factor for people, jobs, industry's heat, a district's users, steam, single peaks and movable load."""
    before, after = asked(town), asked(drawn(town, 1, 1))
    factors = [np.asarray(after[name], float) / np.asarray(before[name], float) for name in before]
    factor = float(factors[0])

    assert abs(factor - 1.0) > 0.01
    assert all(part == pytest.approx(factor) for part in factors)


def test_what_industry_makes_or_sells_is_no_demand(town: Scenario) -> None:
    """The data centre's power, and with it its heat, and what may be sold stay as planned."""
    year = drawn(town, 1, 1)

    assert year.components["hall"] == town.components["hall"]
    assert year.components["sales"] == town.components["sales"]


def test_the_report_names_demand_only_where_somebody_asks(town: Scenario) -> None:
    """Without users a miss of their demand moves nothing."""
    nobody = {name: part for name, part in town.components.items() if not part.wanted}

    assert "demand" in differing(town)
    assert "demand" not in differing(town.__class__(**{**vars(town), "components": nobody}))
