"""A scenario without mistakes, and what is said when one is put into it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from energysim.errors import ScenarioError
from energysim.scenario import load

RIGHT = """\
scenario: A test
time: {start: 2030-01-01, duration: 3 h}
economy: {currency: EUR, discount_rate: 5 %}
places:
  town: {name: Town}
actors:
  utility: {name: Utility}
fuels:
  wood_chips: {co2: 0 kg/MWh}
networks:
  heat: {carrier: heat, at: town}
  grid: {carrier: electricity}
components:
  demand: {type: heat_demand, to: heat, load: [8 MW, 14 MW, 18 MW], owner: utility}
  trade: {type: fuel_supply, to: wood_chips, price: 20 EUR/MWh}
  boiler:
    type: boiler
    fuel: wood_chips
    to: heat
    capacity: {max: 20 MW, investment: 400 EUR/kW, lifetime: 25 a}
    efficiency: 90 %
  tank: {type: heat_store, network: heat, volume: 3 MWh}
"""

Told = Callable[..., str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in, so that messages name files as a user would."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def told(folder: Path) -> Told:
    """Load the right scenario with pieces of it replaced; give the whole message."""

    def load_changed(*changes: tuple[str, str], **choice: object) -> str:
        text = RIGHT
        for right, wrong in changes:
            assert text.count(right) >= 1, f"'{right}' is not in the scenario"
            text = text.replace(right, wrong)
        (folder / "scenario.yaml").write_text(text, encoding="utf8")
        return _message(**choice)

    return load_changed


@pytest.fixture
def told_of(folder: Path) -> Told:
    """Load files given as bytes or text, ``scenario.yaml`` first; give the whole message."""

    def load_files(files: dict[str, str | bytes], **choice: object) -> str:
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return _message(**choice)

    return load_files


@pytest.fixture
def right() -> str:
    """The scenario without mistakes."""
    return RIGHT


def _message(**choice: object) -> str:
    with pytest.raises(ScenarioError) as caught:
        load("scenario.yaml", **choice)  # type: ignore[arg-type]
    return str(caught.value)
