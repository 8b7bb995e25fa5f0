"""The worked example of ``docs/adding_a_type.md``: by hand, and every command of the page."""

import shutil
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest

from energysim import components
from energysim.api import load, load_results, run
from energysim.declare import Component
from energysim.errors import ScenarioError
from energysim.testing import check_component
from tests.cli.test_commands import energysim
from tests.conftest import ROOT

HERE = Path(__file__).parent
PAGE = (ROOT / "docs" / "adding_a_type.md").read_text(encoding="utf8")
SHORT = ("--allow-extensions", "--set", "time.duration='3 d'")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as the page leaves it, with the scenario written there."""
    shutil.copy(HERE / "biogas_digester.py", tmp_path)
    (tmp_path / "town.yaml").write_text(PAGE.split("```yaml\n")[1].split("```")[0], encoding="utf8")
    return tmp_path


@pytest.fixture
def kind() -> type[Component]:
    (found,) = components.load_extension(HERE / "biogas_digester.py")
    return found


def _blocks() -> list[str]:
    return [block.split("```")[0] for block in PAGE.split("```python\n")[1:]]


def test_nothing_is_missing_in_the_type(kind: type[Component]) -> None:
    check_component(kind)


def test_a_steady_tank_gives_what_the_source_says(folder: Path) -> None:
    """With k = 0.15/d and 25 d, k*theta = 3.75: of 4 MW fed 3.75/4.75 becomes gas, 3.158 MW."""
    results = run(load(folder / "town.yaml", allow_extensions=True, overrides=["components.buses.capacity=9 MW"]))

    gas = results.flow.sel(port="digester.gas")
    assert np.allclose(gas, 4.0 * 3.75 / 4.75)
    assert float(results.measured.sel(measure="digester.digested")) == pytest.approx(3.75 / 4.75)


def test_heat_warms_the_slurry_and_makes_up_for_the_shell(folder: Path) -> None:
    """4 MW of 0.7 MWh/t are 5.714 t/h; 60 % of 30 K are 0.1197 MW; the shell adds 0.5 kW for each kelvin to the air."""
    results = run(load(folder / "town.yaml", allow_extensions=True, overrides=["components.buses.capacity=9 MW"]))

    outdoor = load(folder / "town.yaml", allow_extensions=True).places["town"].outdoor
    expected = 4.0 / 0.7 * 4.19 / 3600.0 * 30.0 * 0.6 + 0.0005 * (38.0 - np.asarray(outdoor))
    assert np.allclose(results.flow.sel(port="digester.warmth"), expected[: results.sizes["time"]])


def test_slurry_hotter_than_the_tank_is_refused(folder: Path) -> None:
    with pytest.raises(ScenarioError, match="would have to be cooled"):
        load(folder / "town.yaml", allow_extensions=True, overrides=["components.digester.feed_temperature=50 degC"])


def test_the_page_runs_from_the_plan_to_the_figure_and_the_other_solver(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The blocks of the page one after the other, but for the excerpt of the type: one cost by two ways."""
    monkeypatch.chdir(folder)
    mpl.use("agg")
    text = (folder / "town.yaml").read_text(encoding="utf8").replace("28 d", "2 d")
    (folder / "town.yaml").write_text(text, encoding="utf8")
    said: dict[str, object] = {}
    for block in _blocks()[1:]:
        exec(compile(block, "adding_a_type.md", "exec"), said)

    by_scip, by_us = (float(word) for word in capsys.readouterr().out.split())
    assert by_scip == pytest.approx(by_us)
    assert (folder / "gas.pdf").read_bytes().startswith(b"%PDF")
    assert load_results("runs/town").identical(said["results"])


def test_the_commands_of_the_page_work(folder: Path) -> None:
    """Check, plan, and walk hour by hour: nothing that looks ahead is cheaper than the plan."""
    for command in ("check", "run"):
        assert energysim(command, "town.yaml", *SHORT, cwd=folder).returncode == 0
    walked = ("--engine", "simulate", "--out", "runs/town-simulated")
    done = energysim("run", "town.yaml", *SHORT, *walked, cwd=folder)
    assert done.returncode == 0, done.stderr
    costs = [load_results(folder / "runs" / name).attrs["objective"] for name in ("town", "town-simulated")]
    assert costs[1] >= costs[0] - 1e-6 * abs(costs[0])


def test_a_type_of_ones_own_is_described(folder: Path) -> None:
    """Mathematics, source, parameters and rules are printed for whoever cites them."""
    done = energysim("describe", "biogas_digester", "--extension", "biogas_digester.py", cwd=folder)

    assert done.returncode == 0, done.stderr
    for part in ("e^{-\\lambda h} S_{t-1}", "B. Linke, Kinetic study", "potential [MWh/t]", "digests"):
        assert part in done.stdout
