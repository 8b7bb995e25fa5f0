"""Peaks as the mean of the highest days or hours, in the plan, looking ahead and hour by hour."""

from pathlib import Path

import numpy as np
import pytest

from energysim.api import run

PLANT = """
scenario: A works behind a grid connection
time: {start: 2030-01-29, duration: 168 h, annual_costs: full}
economy: {currency: EUR, discount_rate: 5 %}
solver: {look_ahead: 48 h, advance: 24 h}
networks: {region: {carrier: electricity}, plant: {carrier: electricity}}
components:
  market: {type: electricity_market, to: region, price: 30 EUR/MWh}
  connection: {type: grid_connection, from: region, to: plant, peak_fee: 100 EUR/MW/month, highest: 2, highest_of: HOW}
  works: {type: electricity_demand, to: plant, load: {csv: load.csv, column: load, unit: MW}}
"""
PEAKS = (10.0, 8.0, 9.0, 7.0, 6.0, 11.0, 5.0)
"""Of each day, in the hour of noon of the clock; 1 MW else. Three days lie in January, four in February."""


@pytest.fixture
def plant(tmp_path: Path) -> Path:
    """The works as a file, its load beside it."""
    stamps = np.datetime64("2030-01-29T00:00") + np.arange(168) * np.timedelta64(1, "h")
    load = np.where(np.arange(168) % 24 == 11, np.repeat(PEAKS, 24), 1.0)
    rows = [f"{stamp}Z,{value}" for stamp, value in zip(stamps, load, strict=True)]
    (tmp_path / "load.csv").write_text("\n".join(["time,load", *rows]) + "\n", encoding="utf8")
    return tmp_path / "plant.yaml"


@pytest.mark.parametrize("engine", ["optimise", "rolling", "simulate"])
@pytest.mark.parametrize("of", ["days", "hours"])
def test_two_highest_of_each_month(plant: Path, engine: str, of: str) -> None:
    """The mean of 10 and 9 in January and of 11 and 7 in February, 100 for each of 18.5 MW; power at 30."""
    plant.write_text(PLANT.replace("HOW", of), encoding="utf8")
    drawn = sum(PEAKS) + 7 * 23.0

    results = run(plant, engine=engine)
    assert results.attrs["objective"] == pytest.approx(1850.0 + 30.0 * drawn)


def test_a_tank_looking_ahead_keeps_the_rules(plant: Path) -> None:
    """With heat of 1 MW that a tank moves out of the highest hours, 20.5 MW of both months' means without it: the plan
    is the cheapest, two days' sight dearer by less than the fee of a MW."""
    heat = """
  boiler: {type: electric_boiler, power: plant, to: heat, capacity: 3 MW, efficiency: 1}
  town: {type: heat_demand, to: heat, load: 1 MW}
  tank: {type: heat_store, network: heat, volume: 6 MWh, standing_loss: 0 %}
"""
    text = PLANT.replace("HOW", "days").replace(
        "carrier: electricity}}", "carrier: electricity}, heat: {carrier: heat}}"
    )
    plant.write_text(text + heat.lstrip("\n"), encoding="utf8")
    drawn = sum(PEAKS) + 7 * 23.0 + 168.0

    full = run(plant).attrs["objective"]
    ahead = run(plant, engine="rolling").attrs["objective"]
    assert full == pytest.approx(1850.0 + 30.0 * drawn)
    assert full - 1e-6 <= ahead < full + 100.0
