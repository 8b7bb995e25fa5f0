"""Scenario files written into an empty folder."""

from collections.abc import Callable
from pathlib import Path

import pytest

from energysim.scenario import Scenario, load

SMALL = """\
scenario: A small town
time: {start: 2030-01-01, duration: 3 h}
economy: {currency: EUR, price_year: 2025, discount_rate: 5 %}
places: {town: {name: Town}}
actors: {utility: {name: Utility}}
fuels: {wood_chips: {co2: 0 kg/MWh}}
networks: {heat: {carrier: heat, at: town}}
components:
  demand: {type: heat_demand, to: heat, load: [8 MW, 14 MW, 18 MW], owner: utility}
  trade: {type: fuel_supply, to: wood_chips, price: 20 EUR/MWh}
  boiler: {type: boiler, fuel: wood_chips, to: heat, capacity: 20 MW, efficiency: 90 %}
  tank: {type: heat_store, network: heat, volume: 3 MWh}
"""

Loader = Callable[..., Scenario]


@pytest.fixture
def small() -> str:
    """A scenario as text."""
    return SMALL


@pytest.fixture
def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Loader:
    """Write files by name and load ``scenario.yaml``."""
    monkeypatch.chdir(tmp_path)

    def load_files(files: dict[str, str], **choice: object) -> Scenario:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf8")
        return load("scenario.yaml", **choice)  # type: ignore[arg-type]

    return load_files
