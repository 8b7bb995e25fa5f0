"""A pipe's break-even distance is the same for a week as for the year it stands for."""

from pathlib import Path

import pytest

from energysim.scenario import load
from energysim.symbiosis.screening import screen

SITES = """\
scenario: Two sites
time: {{start: 2030-01-01, duration: {duration}}}
economy: {{currency: EUR, discount_rate: 5 %}}
places:
  mill: {{location: [66.0, 22.0]}}
  town: {{location: [66.0, 22.1]}}
actors: {{mill_owner: {{name: Mill}}, town_owner: {{name: Town}}}}
networks: {{heat: {{carrier: heat, at: town, supply: 70 degC, return: 40 degC, owner: town_owner}}}}
components:
  homes: {{type: heat_demand, to: heat, load: 5 MW, at: town, owner: town_owner}}
  oven:
    type: residual_heat
    to: heat
    at: mill
    owner: mill_owner
    streams: {{gas: {{from: 120 degC, to: 60 degC, load: 8 MW}}}}
"""


@pytest.mark.parametrize("duration", ["168 h", "336 h"])
def test_break_even_distance_does_not_hang_on_the_horizon(tmp_path: Path, duration: str) -> None:
    """Loads are constant, so a part of a year saves its part of the annuity."""

    def distance(text: str) -> float:
        (tmp_path / "sites.yaml").write_text(SITES.format(duration=text), encoding="utf8")
        return float(screen(load(tmp_path / "sites.yaml")).pairs.break_even.max())

    assert distance(duration) == pytest.approx(distance("8760 h"), rel=1e-6)
    assert distance(duration) > 1.0
