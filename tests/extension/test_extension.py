"""A researcher's own component type: from a file, from an installed package, and what it still lacks."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

import pytest

from energysim import components
from energysim.api import run
from energysim.declare import Component, Direction, Port
from energysim.errors import DeclarationError, ScenarioError
from energysim.scenario import load
from energysim.testing import check_component, missing_in

HERE = Path(__file__).parent

SCENARIO = """\
scenario: A dryer on a mill's heat
time: {start: 2030-01-01, duration: 2 h}
economy: {currency: EUR, discount_rate: 5 %}
extensions: [pellet_dryer.py]
networks: {heat: {carrier: heat}}
components:
  mill: {type: source, to: heat, price: 10 EUR/MWh, capacity: 8 MW}
  dryer: {type: pellet_dryer, from: heat, capacity: 11 MW, specific_heat: 1.1 MWh/t, value: 22 EUR/t}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(HERE / "pellet_dryer.py", tmp_path)
    (tmp_path / "scenario.yaml").write_text(SCENARIO, encoding="utf8")
    return tmp_path


def test_a_file_of_ones_own_works_when_allowed(folder: Path) -> None:
    """8 MW at 10 earn 20 each: two hours give -160; 16 MWh evaporate 14.55 t."""
    results = run(folder / "scenario.yaml", allow_extensions=True)

    assert results.attrs["objective"] == pytest.approx(2 * 8 * (10.0 - 20.0))
    assert float(results.measured.sel(measure="dryer.water")) == pytest.approx(16.0 / 1.1)


def test_a_file_is_not_run_without_leave(folder: Path) -> None:
    with pytest.raises(ScenarioError, match="add  --allow-extensions"):
        load(folder / "scenario.yaml")


def test_the_example_passes_the_check(folder: Path) -> None:
    (kind,) = components.load_extension(folder / "pellet_dryer.py")

    check_component(kind)


def test_a_type_cannot_take_a_name_of_the_house(tmp_path: Path) -> None:
    text = (HERE / "pellet_dryer.py").read_text(encoding="utf8").replace("class PelletDryer", "class Boiler")
    (tmp_path / "mine.py").write_text(text, encoding="utf8")

    with pytest.raises(DeclarationError, match="'boiler', which exists already"):
        components.load_extension(tmp_path / "mine.py")


def test_everything_that_is_missing_is_listed_at_once() -> None:
    class Bare(Component):
        heat = Port(Direction.IN, "heat", "from", "")
        size: float

    missing = "\n".join(missing_in(Bare))

    for part in ("port 'heat'", "parameter 'size'", "a source", "its mathematics", "a look", "an example"):
        assert part in missing


def test_an_example_that_breaks_is_reported() -> None:
    class Broken(Component):
        """Takes heat.

        In equal parts.

        References
        ----------
        None.
        """

        example: ClassVar[str] = "one: {type: broken, from: heat, sizze: 3 MW}"
        heat = Port(Direction.IN, "heat", "from", "Heat.")

    assert any("an example that loads" in line for line in missing_in(Broken))


def test_an_installed_package_offers_types(tmp_path: Path) -> None:
    """An entry point of an installed distribution is found; here one laid by hand into a folder on the path."""
    shutil.copy(HERE / "pellet_dryer.py", tmp_path / "dryers.py")
    facts = tmp_path / "dryers-1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: dryers\nVersion: 1.0\n", encoding="utf8")
    entry = "[energysim.components]\npellet_dryer = dryers:PelletDryer\n"
    (facts / "entry_points.txt").write_text(entry, encoding="utf8")
    code = "from energysim.components import component_types; print('pellet_dryer' in component_types())"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={"PYTHONPATH": str(tmp_path)}
    )

    assert done.stdout.strip() == "True", done.stderr
