"""The first screen answers: every network, what is built and its price, who is leant on; and the map."""

from pathlib import Path

import pytest
import xarray as xr

from energysim.api import run
from energysim.kpi import indicators
from energysim.kpi.overview import choices, heat_kinds, largest_supplier
from energysim.kpi.places import links
from energysim.report.answer import answer_context
from energysim.report.page import render
from energysim.report.region_map import region_map

TWO_TOWNS = """\
scenario: Two towns and a pipe
description: Does the pipe pay?
time: {start: 2030-01-01, duration: 2 h, annual_costs: full}
economy: {currency: EUR, discount_rate: 0 %}
places:
  north: {name: <North>, location: [66, 21]}
  south: {name: South, location: [65, 22]}
networks:
  north_heat: {carrier: heat, name: Heat of North, at: north}
  south_heat: {carrier: heat, name: Heat of South, at: south}
components:
  north_homes: {type: heat_demand, to: north_heat, load: 10 MW}
  south_homes: {type: heat_demand, to: south_heat, load: 20 MW}
  mill: {type: residual_heat, name: The mill, to: north_heat, capacity: 40 MW}
  boiler:
    type: source
    name: Own plant
    to: south_heat
    price: 100 EUR/MWh
    capacity: {max: 30 MW, investment: 50 EUR/kW, lifetime: 10 a}
  pipe:
    type: link
    name: The pipe
    from: north_heat
    to: south_heat
    capacity: {max: 15 MW, investment: 2 EUR/MW, lifetime: 2 a}
"""


STOP = """\
scenario: A mill that stops
time: {start: 2030-01-01, duration: 24 h}
economy: {currency: EUR, discount_rate: 0 %}
networks:
  heat: {carrier: heat, name: Heat}
components:
  homes: {type: heat_demand, to: heat, load: 8 MW}
  mill: {type: residual_heat, name: Mill, to: heat, capacity: 10 MW}
  boiler: {type: source, name: Boiler, to: heat, capacity: 6 MW, price: 50 EUR/MWh}
  short: {type: unserved, to: heat, price: 3000 EUR/MWh}
simulation:
  events:
    mill_stops: {stop: mill, lasting: 3 h, begins: 2030-01-01}
"""


WASTE = """\
scenario: Heat from waste
time: {{start: 2030-01-01, duration: 2 h}}
economy: {{currency: EUR, discount_rate: 0 %}}
actors:
  company: {{name: Heat company}}
networks:
  heat: {{carrier: heat, name: Heat, owner: company}}
components:
  homes: {{type: heat_demand, to: heat, load: 10 MW, owner: company}}
  oven: {{type: source, name: Oven, to: heat, capacity: 10 MW, price: {price} EUR/MWh, owner: company}}
"""


@pytest.fixture
def towns(tmp_path: Path) -> xr.Dataset:
    (tmp_path / "towns.yaml").write_text(TWO_TOWNS, encoding="utf8")
    return run(tmp_path / "towns.yaml")


def test_prices_of_what_is_built_by_hand(towns: xr.Dataset) -> None:
    """15 MW of pipe at 2 EUR/MW, at its limit, and 5 MW of plant at 50 EUR/kW: paid once, not as annuities."""
    table = choices(towns).set_index("component")

    assert table.built.to_dict() == pytest.approx({"boiler": 5.0, "pipe": 15.0})
    assert table.invested.to_dict() == pytest.approx({"boiler": 250_000.0, "pipe": 30.0})
    assert table.is_at_limit.to_dict() == {"boiler": False, "pipe": True}


def test_kinds_and_largest_supplier_by_hand(towns: xr.Dataset) -> None:
    """The north lives on residual heat; of the south's 20 MW the pipe gives 15."""
    supplier = largest_supplier(towns, "south_heat")

    kinds = heat_kinds(towns)
    assert kinds.loc["north_heat", kinds.loc["north_heat"] > 0.0].to_dict() == pytest.approx({"residual": 50.0})
    found = kinds.loc["south_heat", kinds.loc["south_heat"] > 0.0].to_dict()
    assert found == pytest.approx({"residual": 30.0, "other": 10.0})
    assert supplier is not None
    assert (supplier.name, supplier.share) == ("The pipe", pytest.approx(0.75))


def test_the_first_screen_names_every_network_and_what_is_built(towns: xr.Dataset) -> None:
    answers = dict(answer_context(towns, indicators(towns))["answers"])  # type: ignore[call-overload]
    page = render(towns)

    assert "Own plant 5.00 MW" in answers["What to build"]
    assert "The pipe: as much as the scenario allows" in answers["What to build"]
    assert "Heat of North" in answers["What is at risk"]
    assert "is not part of this run: it knows its whole horizon." in answers["What is at risk"]
    assert page.index("Does the pipe pay?") < page.index("What to build") < page.index("Heat of South")


@pytest.mark.parametrize(
    ("price", "told"),
    [
        pytest.param(20.0, "Heat company pays 400 EUR over the horizon for building", id="pays"),
        pytest.param(-20.0, "earns 400 EUR over the horizon with what it sells, after building", id="earns"),
    ],
)
def test_who_earns_does_not_pay_less_than_nothing(tmp_path: Path, price: float, told: str) -> None:
    """20 MWh of heat in two hours from a source that costs, or is paid for, 20 EUR/MWh."""
    (tmp_path / "waste.yaml").write_text(WASTE.format(price=price), encoding="utf8")
    results = run(tmp_path / "waste.yaml")
    answers = dict(answer_context(results, indicators(results))["answers"])  # type: ignore[call-overload]

    assert told in answers["What it costs"]
    assert "20.0 EUR for each MWh delivered" in answers["What it costs"]


def test_the_map_shows_places_and_what_flows(towns: xr.Dataset) -> None:
    """30 MWh go south, 15 MW at most; names are escaped, and nothing is fetched."""
    row = links(towns).iloc[0]
    drawn = str(region_map(towns))

    assert (row.component, row.origin, row.target) == ("pipe", "north", "south")
    assert (row.energy, row.back, row.peak) == pytest.approx((30.0, 0.0, 15.0))
    assert "&lt;North&gt;" in drawn
    assert "up to 15 MW" in drawn
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")


def test_the_first_screen_says_what_a_stop_does(tmp_path: Path) -> None:
    """A mill that gives all of 8 MW stops for three hours; a boiler of 6 MW jumps in, and 2 MW are short."""
    (tmp_path / "town.yaml").write_text(STOP, encoding="utf8")
    results = run(tmp_path / "town.yaml", engine="simulate")
    told = dict(answer_context(results, indicators(results))["answers"])["What is at risk"]

    assert "Mill out for 0.125 days from 2030-01-01: Boiler jumps in, but 6.00 MWh are not served" in told
