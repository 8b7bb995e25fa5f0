"""The commands as a user meets them: output, files, exit codes."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import xarray as xr

from energysim.cli import main
from energysim.results import load_results
from energysim.study.version import own_version

ROOT = Path(__file__).resolve().parents[2]
FIRST = ROOT / "scenarios" / "01_three_hours.yaml"
ENERGYSIM = [sys.executable, "-c", "from energysim.cli import main; main()"]
WEEK = ["--set", "time.year=null", "--set", "time.start=2030-01-01", "--set", "time.duration=7 d"]


def energysim(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*ENERGYSIM, *map(str, arguments)], capture_output=True, text=True, cwd=cwd, check=False)


@dataclass
class Ended:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


Here = Callable[..., Ended]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Here:
    """Commands in this process, standing in the test's folder: each of its own would load everything anew."""
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str | Path) -> Ended:
        with pytest.raises(SystemExit) as ending:
            main([*map(str, arguments)])
        told = capsys.readouterr()
        return Ended(int(ending.value.code or 0), told.out, told.err)

    return command


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    done = energysim("run", FIRST, "--out", "first", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "first"


def test_the_version_is_said() -> None:
    """What a study asks to be equal everywhere can be asked for by hand, and quoted in a report of a fault."""
    done = energysim("--version", cwd=ROOT)
    assert done.returncode == 0
    assert done.stdout.strip() == str(own_version())


def test_a_run_folder_holds_everything(run_folder: Path) -> None:
    names = {path.name for path in run_folder.iterdir()}

    assert names == {"results.nc", "summary.csv", "report.html", "figures", "scenario.yaml", "run.json"}
    facts = json.loads((run_folder / "run.json").read_text(encoding="utf8"))
    assert facts["certificate"]["holds"] is True
    assert facts["objective"] == pytest.approx(1375.0)
    assert set(facts["inputs"]) == {str(FIRST)}
    assert "highspy" in facts["versions"]


def test_the_resolved_scenario_of_a_run_runs_to_the_same_answer(here: Here, run_folder: Path, tmp_path: Path) -> None:
    done = here("run", run_folder / "scenario.yaml", "--out", "again")

    assert done.returncode == 0, done.stderr
    first, again = load_results(run_folder), load_results(tmp_path / "again")
    xr.testing.assert_equal(first.drop_vars([]), again)


def test_the_report_works_offline(run_folder: Path) -> None:
    """No script, style, image or font comes from elsewhere."""
    page = (run_folder / "report.html").read_text(encoding="utf8")
    body = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)

    assert not re.search(r"""(src|href)\s*=\s*["']?(https?:)?//""", body)
    assert "Plotly.newPlot" in page


def test_an_existing_run_is_not_overwritten_without_force(here: Here, run_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(run_folder, tmp_path / "mine")
    before = (tmp_path / "mine" / "run.json").read_bytes()
    refused = here("run", FIRST, "--out", "mine")

    assert refused.returncode == 1
    assert refused.stderr.strip().endswith(
        "The run folder 'mine' exists. Choose another with  --out DIR , or replace it with  --force."
    )
    assert (tmp_path / "mine" / "run.json").read_bytes() == before
    assert here("run", FIRST, "--out", "mine", "--force").returncode == 0


def test_force_leaves_a_folder_alone_that_is_no_run(here: Here, tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("years of work", encoding="utf8")
    refused = here("run", FIRST, "--out", "thesis", "--force")

    assert refused.returncode == 1
    assert "'thesis' is not a run folder: it has no run.json." in refused.stderr
    assert (tmp_path / "thesis" / "chapter.txt").exists()


def test_a_folder_that_cannot_be_written(here: Here, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf8")
    refused = here("run", FIRST, "--out", "file/run")

    assert refused.returncode == 1
    assert refused.stderr.strip().splitlines()[-1] == (
        "The run folder 'file/run' cannot be written: File exists. Choose another with  --out DIR."
    )


def test_wrong_usage_and_wrong_files_end_with_one(here: Here) -> None:
    assert here("fly").returncode == 1
    assert here("run").returncode == 1
    missing = here("run", "nowhere.yaml")
    assert missing.returncode == 1
    assert "There is no such file." in missing.stderr
    assert "Traceback" not in missing.stderr


def test_an_infeasible_scenario_ends_with_two_and_says_where(here: Here, tmp_path: Path) -> None:
    """The town needs 18 MW in the third hour; 12 + 3 MW of boilers and a tank of 3 MWh cannot give it."""
    done = here("run", FIRST, "--set", "components.oil_boiler.capacity=1 MW")

    assert done.returncode == 2
    assert "No plan meets every demand." in done.stderr
    assert "At 'Town heat' heat is short in" in done.stderr
    assert "'oil_boiler' (" in done.stderr
    assert not (tmp_path / "runs" / "01_three_hours").exists()


def test_an_unbounded_scenario_names_who_earns(here: Here, tmp_path: Path) -> None:
    text = """\
scenario: A money machine
time: {start: 2030-01-01, duration: 2 h}
economy: {currency: EUR, discount_rate: 5 %}
networks: {grid: {carrier: electricity}}
components:
  cheap: {type: source, to: grid, price: 10 EUR/MWh}
  dear: {type: sink, from: grid, price: 20 EUR/MWh}
"""
    (tmp_path / "scenario.yaml").write_text(text, encoding="utf8")
    done = here("run", "scenario.yaml")

    assert done.returncode == 2
    assert (
        "A plan could earn without limit: 'dear' (scenario.yaml:7) together with cheap grows for ever." in done.stderr
    )


def test_check_tells_all_and_touches_nothing(tmp_path: Path) -> None:
    done = energysim("check", ROOT / "scenarios" / "lulea.yaml", FIRST, cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1] == f"{FIRST}: ok (6 components, 3 steps)"
    assert not list(tmp_path.iterdir())


def test_check_reads_every_variant(tmp_path: Path, here: Here) -> None:
    """A slip in a variant that is not asked for would wait until the day it is; one that is asked for stands alone."""
    variants = "variants:\n  large: {components.tank.volume: 5 MWh}\n  larger: {components.tank.volum: 9 MWh}\n"
    (tmp_path / "own.yaml").write_text(FIRST.read_text(encoding="utf8") + variants, encoding="utf8")
    count = len((tmp_path / "own.yaml").read_text(encoding="utf8").splitlines())
    done = here("check", "own.yaml")

    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == "own.yaml, variant larger: 1 problem, nothing was solved."
    assert f"own.yaml:{count}: components.tank.volum: 'volum' is not understood here." in done.stderr
    assert here("check", "own.yaml", "--variant", "large").stdout == "own.yaml: ok (6 components, 3 steps)\n"


def test_check_names_the_variants_it_read(here: Here) -> None:
    done = here("check", ROOT / "scenarios" / "one_supplier.yaml")

    assert done.stdout.endswith("8,760 steps; variants mill_stops, before_the_link, mill_closes)\n")


def test_check_resolved_says_where_each_value_stands(here: Here) -> None:
    done = here("check", FIRST, "--resolved", "--set", "components.tank.volume=5 MWh")

    line = 1 + next(
        n for n, text in enumerate(FIRST.read_text(encoding="utf8").splitlines()) if "capacity: 12 MW" in text
    )
    assert f"    capacity: 12 MW  # {FIRST}:{line}" in done.stdout
    assert "    volume: 5 MWh  # --set" in done.stdout


def test_check_assumptions_lists_the_least_sure_first(here: Here) -> None:
    done = here("check", ROOT / "scenarios" / "lulea.yaml", "--assumptions")
    rows = done.stdout.splitlines()[1:]
    words = [
        next(w for w in ("assumption", "expert", "known", "not said") if w in row)
        for row in rows
        if "components" in row
    ]

    assert words == sorted(words, key=("assumption", "not said", "expert", "known").index)


def test_describe_every_type(here: Here) -> None:
    listed = here("describe").stdout
    assert "heat_store" in listed
    one = here("describe", "heat_pump").stdout
    for part in ("Connections", "Parameters", "capacity", "Rules", "within_capacity", "Example", "References"):
        assert part in one
    wrong = here("describe", "heat_pmp")
    assert wrong.returncode == 1
    assert wrong.stderr.strip() == "Nothing is called 'heat_pmp'. Did you mean 'heat_pump'?"


def test_new_writes_a_scenario_that_runs(here: Here) -> None:
    assert here("new", "mine").returncode == 0
    assert here("check", "mine/scenario.yaml").returncode == 0
    done = here("run", "mine/scenario.yaml", *WEEK)
    assert done.returncode == 0, done.stderr
    again = here("new", "mine")
    assert again.returncode == 1
    assert again.stderr.strip() == "'mine' exists and is not an empty folder. Choose another."


def test_the_scenario_of_the_readme_runs(here: Here, tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf8")
    (tmp_path / "town.yaml").write_text(readme.split("```yaml\n")[1].split("```")[0], encoding="utf8")
    done = here("run", "town.yaml", "--variant", "cold", *WEEK)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("delay", [0.8, 2.0, 3.0, 3.6])
def test_a_killed_run_leaves_no_half_folder(here: Here, tmp_path: Path, delay: float) -> None:
    """Killed at any moment the target is either absent or whole; the next run tidies what was left aside."""
    command = [*ENERGYSIM, "run", str(FIRST), "--out", "run"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    process.wait()

    target = tmp_path / "run"
    assert not target.exists() or {"results.nc", "report.html", "run.json"} <= {path.name for path in target.iterdir()}
    assert here("run", FIRST, "--out", "run", "--force").returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_ctrl_c_ends_in_order(tmp_path: Path) -> None:
    command = [*ENERGYSIM, "run", str(ROOT / "scenarios" / "lulea.yaml"), "--out", "run"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    told: list[str] = []
    # The solve follows the build; how long a machine takes to get there is its own affair.
    while process.stderr is not None and " build " not in "".join(told):
        told.append(process.stderr.readline())
        assert told[-1], told
    time.sleep(1.0)
    os.kill(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=120)

    assert process.returncode == 3, errors
    assert "Traceback" not in errors
    assert {path.name for path in tmp_path.iterdir()} <= {"run"}
