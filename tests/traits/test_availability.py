"""Outages as a two-state process: the share of the time that a plant runs."""

import re
from pathlib import Path

import numpy as np
import pytest

from energysim.errors import ScenarioError
from energysim.scenario import load

PLANT = """\
scenario: One plant
time: {year: 2030, step: STEP}
economy: {currency: EUR, discount_rate: 5 %}
networks: {heat: {carrier: heat}}
seed: SEED
components:
  plant: {type: source, to: heat, capacity: 1 MW, availability: {mtbf: 700 h, mttr: 24 h}}
"""


@pytest.mark.parametrize("step", ["1 h", "6 h"])
def test_a_plant_runs_the_share_of_the_time_that_its_times_say(tmp_path: Path, step: str) -> None:
    """SCIENCE 3.4: 700 h between failures and 24 h of repair leave .96685, whatever the step; 120 years, 3 errors."""
    running = []
    for seed in range(120):
        path = tmp_path / "plant.yaml"
        path.write_text(PLANT.replace("STEP", step).replace("SEED", str(seed)), encoding="utf8")
        running.append(float(np.mean(load(path).components["plant"].availability.share)))
    error = np.std(running, ddof=1) / np.sqrt(len(running))

    assert np.mean(running) == pytest.approx(0.96685, abs=3.0 * error)
    assert error < 0.0015


@pytest.mark.parametrize(
    ("stops", "runs"),
    [
        pytest.param("2030-01-01T00/2030-01-01T06, 2030-01-01T12/2030-01-01T18", 0.5, id="apart"),
        pytest.param("2030-01-01T00/2030-01-01T06, 2030-01-01T03/2030-01-01T09", 0.625, id="overlapping"),
        pytest.param("2030-01-01/2030-01-03, 2030-01-01T12/2030-01-01T18", 0.0, id="one within the other"),
    ],
)
def test_stops_within_one_step_add_up(tmp_path: Path, stops: str, runs: float) -> None:
    """Two stops of 6 h leave half of a day, or 15 h where 3 h of them are the same."""
    path = tmp_path / "plant.yaml"
    text = PLANT.replace("STEP", "24 h").replace("SEED", "1")
    path.write_text(text.replace("{mtbf: 700 h, mttr: 24 h}", f"{{planned_stops: [{stops}]}}"), encoding="utf8")

    assert load(path).components["plant"].availability.share[0] == pytest.approx(runs)


@pytest.mark.parametrize("stop", ["2030-07/2030-08", "today/2030-12-01", "2030-07-01", "0001-07-01/2030-08-01"])
def test_stops_are_said_in_plain_dates(tmp_path: Path, stop: str) -> None:
    path = tmp_path / "plant.yaml"
    text = PLANT.replace("STEP", "24 h").replace("SEED", "1")
    path.write_text(text.replace("{mtbf: 700 h, mttr: 24 h}", f"{{planned_stops: [{stop}]}}"), encoding="utf8")

    found = f"'{stop}' is no interval. Write it as 2030-07-01/2030-07-22, the end not included."
    with pytest.raises(ScenarioError, match=f"plant.yaml:7: components.plant.availability: {re.escape(found)}"):
        load(path)
