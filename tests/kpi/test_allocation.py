"""What heat carries of a plant's fuel, and the indices of sharing, by hand and from a scenario file."""

from pathlib import Path

import numpy as np
import pytest

from energysim.api import run
from energysim.kpi import indicators
from energysim.kpi.allocation import METHODS, allocation_table, exergy_factor, heat_shares
from energysim.kpi.overview import largest_supplier

PLANT = """\
scenario: A steam plant
time: {start: 2030-01-01, duration: 2 h}
economy: {currency: EUR, discount_rate: 0 %}
actors: {utility: {name: Utility}}
fuels:
  coal: {co2: 0.34 t/MWh}
networks:
  heat: {owner: utility, supply: 90 degC, return: 50 degC}
  grid: {carrier: electricity}
components:
  homes: {type: heat_demand, to: heat, load: 55 MW, owner: utility}
  city: {type: sink, from: grid, fixed: 30 MW, owner: utility}
  mine: {type: fuel_supply, to: coal, price: 10 EUR/MWh, owner: utility}
  plant:
    type: chp_extraction
    fuel: coal
    to: heat
    power: grid
    owner: utility
    capacity: 200 MW
    condensing_efficiency: 41 %
    power_loss: 0.2
    back_pressure_ratio: 0.5
"""


def test_t_7_1_five_shares_from_a_scenario(tmp_path: Path) -> None:
    """T-7.1: F = 100, P = 30, Q = 55, DH 90/50: .64706, .44898, .27131, .26829, .27500 of 34 t an hour."""
    (tmp_path / "plant.yaml").write_text(PLANT, encoding="utf8")
    row = allocation_table(run(tmp_path / "plant.yaml")).iloc[0]
    shares = [row[f"share_{method}"] for method in METHODS]

    assert (row.fuel, row.power, row.heat, row.co2) == pytest.approx((200.0, 60.0, 110.0, 68.0))
    assert shares == pytest.approx([0.64706, 0.44898, 0.27131, 0.26829, 0.27500], abs=1e-5)
    assert row.co2_energy == pytest.approx(1000.0 * 68.0 * 0.64706 / 110.0, rel=1e-4)


def test_t_7_1_exergy_factors() -> None:
    """T-7.1: 90/50 at 0 degC .203089, 85/45 at -10 degC .220886; the mean of supply and return would give .2040."""
    assert exergy_factor(90.0, 50.0, 0.0) == pytest.approx(0.203089, abs=1e-6)
    assert exergy_factor(85.0, 45.0, -10.0) == pytest.approx(0.220886, abs=1e-6)
    assert exergy_factor(70.0, 70.0, 0.0) == pytest.approx(1.0 - 273.15 / 343.15)


def test_heat_alone_carries_everything() -> None:
    """Without power every method that compares outputs gives the heat all of it."""
    found = heat_shares((0.0, 90.0), 100.0, 0.2, 0.2)

    assert [found[name] for name in METHODS] == pytest.approx([1.0, 1.0, 1.0, 1.0, 0.45])


TOWN = """\
scenario: Two mills and a town
time: {start: 2030-01-01, duration: 1 h}
economy: {currency: EUR, discount_rate: 0 %}
actors: {a: {name: A}, b: {name: B}, utility: {name: Utility}}
fuels:
  chips: {co2: 0 t/MWh}
networks:
  heat: {owner: utility, supply: 90 degC, return: 50 degC}
components:
  homes: {type: heat_demand, to: heat, load: 100 MW, owner: utility}
  first: {type: residual_heat, to: heat, capacity: 50 MW, owner: a}
  second: {type: residual_heat, to: heat, owner: b, streams: {warm: {from: 70 degC, to: 50 degC, load: 20 MW}}}
  trade: {type: fuel_supply, to: chips, price: 20 EUR/MWh, owner: utility}
  boiler:
    {type: boiler, fuel: chips, to: heat, capacity: 200 MW, efficiency: 90 %, temperature: 120 degC, owner: utility}
"""


PIPED = """\
scenario: A town on a pipe from a mill
time: {start: 2030-01-01, duration: 1 h}
economy: {currency: EUR, discount_rate: 0 %}
fuels: {oil: {co2: 0.3 t/MWh}}
networks:
  works: {carrier: heat}
  town: {carrier: heat}
components:
  homes: {type: heat_demand, to: town, load: 40 MW}
  mill: {type: residual_heat, to: works, capacity: 15 MW}
  works_boiler: {type: boiler, fuel: oil, to: works, capacity: 5 MW, efficiency: 90 %}
  pipe: {type: heat_pipe, from: works, to: town, length: 1 km, capacity: 20 MW, loss_per_km: 0 %/km, pumping: 0 %}
  town_boiler: {type: boiler, fuel: oil, to: town, capacity: 40 MW, efficiency: 80 %}
  trade: {type: fuel_supply, to: oil, price: 50 EUR/MWh}
"""


def test_residual_heat_is_followed_through_pipes(tmp_path: Path) -> None:
    """Three quarters of the pipe's 20 MW come from the mill, the pipe brings half of the town's heat: 37.5 %."""
    (tmp_path / "town.yaml").write_text(PIPED, encoding="utf8")
    found = {one.name: one for one in indicators(run(tmp_path / "town.yaml"))}

    assert found["Residual heat, town"].value == pytest.approx(37.5)
    assert found["Renewable and residual, town"].value == pytest.approx(37.5)


def test_indices_of_sharing_by_hand(tmp_path: Path) -> None:
    """50 and 20 of 70 MW are used; suppliers have 50, 30 and 20 %; 33.3 MW of chips are bought; two of six pairs."""
    (tmp_path / "town.yaml").write_text(TOWN, encoding="utf8")
    found = {one.name: one for one in indicators(run(tmp_path / "town.yaml"))}
    work = exergy_factor(90.0, 50.0, 0.0)

    assert found["Symbiosis rate"].value == pytest.approx(100.0)
    assert found["Dependence, heat"].value == pytest.approx(50.0)
    assert found["Dependence, heat"].note == "A"
    assert found["Concentration, heat"].value == pytest.approx(0.25 + 0.09 + 0.04)
    assert found["Connectance"].value == pytest.approx(100.0 * 2.0 / 6.0)
    assert found["Circularity"].value == pytest.approx(100.0 * 70.0 / (70.0 + 30.0 / 0.9))
    assert found["Exergy efficiency"].value == pytest.approx(100.0 * 100.0 * work / (30.0 / 0.9 + 70.0 * work))
    assert found["Renewable and residual, heat"].value == pytest.approx(100.0)
    assert found["Renewable and residual, heat"].note == (
        "efficient in the sense of the EU in 2030, by 50 % renewable or residual heat; so it stays by the rules to come"
    )
    assert found["Primary energy factor"].value == pytest.approx(30.0 / 0.9 / 100.0)


def test_work_in_heat_follows_the_weather(tmp_path: Path) -> None:
    """A boiler burns 111.1 MWh of chips each hour for 100 MWh of heat, at -20 and at +10 degC outside."""
    hours = np.datetime64("2030-01-01T00", "h") + np.arange(8760)
    rows = [f"{hour}:00Z,{-20 if number % 2 == 0 else 10}" for number, hour in enumerate(hours)]
    (tmp_path / "weather.csv").write_text("\n".join(["time,outdoor", *rows]), encoding="utf8")
    text = TOWN.replace("duration: 1 h}", "duration: 2 h}").replace(
        "90 degC, return: 50 degC}", "90 degC, return: 50 degC, at: town}"
    )
    place = "places: {town: {climate: {csv: weather.csv, column: outdoor, unit: degC}}}\nfuels:\n"
    text = "\n".join(line for line in text.splitlines() if "residual_heat" not in line).replace("fuels:\n", place)
    (tmp_path / "town.yaml").write_text(text, encoding="utf8")
    found = {one.name: one for one in indicators(run(tmp_path / "town.yaml"))}
    work = 0.5 * (exergy_factor(90.0, 50.0, -20.0) + exergy_factor(90.0, 50.0, 10.0))

    assert found["Exergy efficiency"].value == pytest.approx(100.0 * 0.9 * work)


def test_a_pipe_brings_the_mixture_of_where_it_comes_from(tmp_path: Path) -> None:
    """The town's heat, 70 % clean there (a fossil boiler), makes up half of the village's: 35 % of it are clean."""
    text = TOWN.replace("co2: 0 t/MWh", "co2: 0.3 t/MWh").replace("networks:\n", "networks:\n  village: {owner: b}\n")
    text = text.replace("village: {owner: b}", "village: {carrier: heat, owner: b}").replace(
        "load: 100 MW", "load: 90 MW"
    )
    text += (
        "  cottages: {type: heat_demand, to: village, load: 20 MW, owner: b}\n"
        "  oven: {type: source, to: village, price: 99 EUR/MWh, owner: b}\n"
        "  pipe: {type: heat_pipe, from: heat, to: village, capacity: 10 MW, pumping: 0 %, owner: b}\n"
    )
    (tmp_path / "two.yaml").write_text(text, encoding="utf8")
    found = {one.name: one for one in indicators(run(tmp_path / "two.yaml"))}

    assert found["Renewable and residual, heat"].value == pytest.approx(70.0)
    assert found["Renewable and residual, village"].value == pytest.approx(35.0)
    assert found["Renewable and residual, village"].note.startswith("not efficient in the sense of the EU in 2030")


LIFTED = """\
scenario: A mill whose cooling water the town lifts
time: {start: 2030-01-01, duration: 1 h}
economy: {currency: EUR, discount_rate: 0 %}
actors: {mill: {name: Mill}, utility: {name: Utility}}
networks:
  heat: {owner: utility, supply: 90 degC, return: 50 degC}
  grid: {carrier: electricity}
components:
  homes: {type: heat_demand, to: heat, load: 100 MW, owner: utility}
  cooling: {type: residual_heat, to: heat, owner: mill, streams: {water: {from: 40 degC, to: 25 degC, load: 60 MW}}}
  spot: {type: electricity_market, to: grid, price: 50 EUR/MWh, owner: utility}
  pump:
    {type: heat_pump, power: grid, from: heat, to: heat, owner: utility, cop: 4, capacity: 80 MW,
     source_in: 35 degC, source_out: 20 degC}
  boiler: {type: electric_boiler, power: grid, to: heat, capacity: 200 MW, efficiency: 100 %, owner: utility}
"""


def test_lifted_heat_is_its_source_s(tmp_path: Path) -> None:
    """The pump gives 80 MW of the town's 100, 60 of them the mill's and 20 its power; the boiler gives 20.

    So the mill gives 60 %, not 60 of 160 MW: what circulates in the pump is not counted twice.
    """
    (tmp_path / "town.yaml").write_text(LIFTED, encoding="utf8")
    results = run(tmp_path / "town.yaml")
    found = {one.name: one for one in indicators(results)}
    supplier = largest_supplier(results, "heat")

    assert found["Dependence, heat"].value == pytest.approx(60.0)
    assert found["Dependence, heat"].note == "Mill"
    assert found["Concentration, heat"].value == pytest.approx(0.36 + 0.16)
    assert supplier is not None
    assert (supplier.name, supplier.share) == ("Mill", pytest.approx(0.6))
