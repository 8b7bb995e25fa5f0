"""What pictures show agrees with the tables beside them, and can be told apart."""

from pathlib import Path

import pytest
import xarray as xr

from energysim.api import run
from energysim.kpi.ledger import actor_totals
from energysim.report import interactive
from energysim.report.figures import write_figures
from energysim.report.series import stores

TOWN = """\
scenario: A mill whose cooling water the town lifts
time: {start: 2030-01-01, duration: 2 h}
economy: {currency: EUR, discount_rate: 0 %}
actors: {mill: {name: Mill}, utility: {name: Utility}}
networks:
  heat: {owner: utility, supply: 90 degC, return: 50 degC}
  grid: {carrier: electricity, owner: utility}
components:
  homes: {type: heat_demand, name: "Homes, offices and industry", to: heat, load: 100 MW, owner: utility}
  cooling: {type: residual_heat, to: heat, owner: mill, streams: {water: {from: 40 degC, to: 25 degC, load: 60 MW}}}
  oven: {type: residual_heat, to: heat, owner: mill, capacity: 5 MW}
  spot: {type: electricity_market, to: grid, price: 50 EUR/MWh, owner: utility}
  pump:
    {type: heat_pump, power: grid, from: heat, to: heat, owner: utility, cop: 4, capacity: 80 MW,
     source_in: 35 degC, source_out: 20 degC}
  boiler: {type: electric_boiler, power: grid, to: heat, capacity: 200 MW, efficiency: 100 %, owner: utility}
  tank: {type: heat_store, network: heat, volume: 10 MWh, owner: utility}
  battery: {type: battery, network: grid, volume: 5 MWh, power: 5 MW, owner: utility}
"""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> xr.Dataset:
    path = tmp_path_factory.mktemp("town") / "town.yaml"
    path.write_text(TOWN, encoding="utf8")
    return run(path)


def test_actors_are_drawn_after_payments(town: xr.Dataset) -> None:
    """The oven's 5 MW replace power at 50 EUR/MWh: the mill is paid 500 EUR for two hours of it."""
    drawn = interactive.costs(town, "owner", {"mill": "Mill", "utility": "Utility"}).data[0]
    shown = dict(zip(drawn.y, drawn.x, strict=True))

    assert shown["Mill"] == pytest.approx(actor_totals(town)["mill"])
    assert shown["Mill"] <= -500.0 + 1e-6
    assert sum(shown.values()) == pytest.approx(town.attrs["objective"])


def test_what_circulates_in_a_pump_is_no_flow_of_energy(town: xr.Dataset) -> None:
    """The pump takes 60 MW from the network and gives it 80: its 20 MW of power go in, 20 come out, nothing back."""
    link, node = (getattr(interactive.sankey(town).data[0], name) for name in ("link", "node"))
    pump = node.label.index("pump")
    rows = list(zip(link.source, link.target, link.value, strict=True))

    assert [value for source, _, value in rows if source == pump] == pytest.approx([0.04])
    assert [value for _, target, value in rows if target == pump] == pytest.approx([0.04])


def test_names_of_flows_are_cut_into_lines(town: xr.Dataset) -> None:
    assert "Homes, offices<br>and industry" in interactive.sankey(town).data[0].node.label


def test_stores_have_colours_of_their_own(town: xr.Dataset) -> None:
    colours = [band.colour for band in stores(town)]

    assert len(set(colours)) == len(colours) == 2


def test_a_name_with_two_dollars_is_no_formula(tmp_path: Path) -> None:
    """What stands between two dollars was read as a formula, and a run lost over it after it was solved."""
    path = tmp_path / "town.yaml"
    text = TOWN.replace("oven: {", 'oven: {name: "Plant $10M_$20M", ').replace(
        "tank: {", 'tank: {name: "A $x_$ tank", '
    )
    path.write_text(text, encoding="utf8")
    drawn = write_figures(run(path), tmp_path)

    assert drawn
    assert all(one.stat().st_size > 0 for one in drawn)
