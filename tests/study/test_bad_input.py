"""Bad studies as their writer meets them: where, what was found, what is needed, a way out; and nothing has run."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from energysim.cli import main
from energysim.errors import OutputError, ScenarioError
from energysim.study.crew import Crew
from energysim.study.read import read_study
from energysim.study.store import Store
from energysim.study.task import OtherVersionError
from energysim.study.version import own_version
from tests.study.conftest import ROOT, Cluster, energysim, wait_for

SWEEP = "method: sweep\nvary:\n  components.oil_trade.price: [40 EUR/MWh]\n"


@pytest.mark.parametrize(
    ("text", "line", "sentences"),
    [
        (
            "method: sweep\nvary:\n  components.oil_trade.prise: [40 EUR/MWh]\n",
            5,
            ["components.oil_trade.prise", "'prise' is not understood here", "Did you mean 'price'"],
        ),
        (
            "method: sweep\nvary:\n  components.oil_trdae.price: [40 EUR/MWh]\n",
            5,
            ["There is no 'components.oil_trdae' to change", "Did you mean 'oil_trade'"],
        ),
        (
            "method: sweep\nvary:\n  components.oil_trade.price: [40 EUR/MWh, 50 MW]\n",
            5,
            ["components.oil_trade.price", "MW", "EUR/MWh"],
        ),
        (
            "method: sweep\nvary:\n  components.oil_trade.price: {from: 40 EUR/MWh, to: 0.05 EUR/kWh}\n",
            5,
            ["'from' is in EUR/MWh, 'to' in EUR/kWh", "same unit"],
        ),
        (
            "method: sweep\nvary:\n  components.oil_trade.price: {from: 60 EUR/MWh, to: 40 EUR/MWh}\n",
            5,
            ["'from' must be the smaller one"],
        ),
        (
            "method: sweep\nvary:\n  components.oil_trade.price: {form: 60 EUR/MWh, to: 40 EUR/MWh}\n",
            5,
            ["'form' is not understood here", "Did you mean 'from'"],
        ),
        (
            "method: latin_hypercube\nsamples: 8\nvary:\n"
            "  components.oil_trade.price: {from: 40 EUR/MWh, to: 60 EUR/MWh, distribution: log_uniforn}\n",
            6,
            ["'log_uniforn' is not known here", "log_uniform"],
        ),
        ("method: sweeep\n", 3, ["'sweeep' is not known here", "sweep"]),
        ("method: sweep\n", None, ["'vary' is missing", "The method sweep needs it"]),
        (SWEEP + "samples: 8\n", 6, ["The method sweep does not use 'samples'", "latin_hypercube"]),
        (SWEEP + "sed: 3\n", 6, ["'sed' is not understood here", "Did you mean 'seed'"]),
        (SWEEP + "variant: no_chip\n", None, ["There is no variant 'no_chip'", "Did you mean 'no_chips'"]),
        (
            "method: sweep\nvary:\n  variant: [no_chips, no_chip]\n",
            None,
            ["There is no variant 'no_chip'", "Did you mean 'no_chips'"],
        ),
        (
            "method: sobol\nsamples: 100\nvary:\n  components.oil_trade.price: {from: 40 EUR/MWh, to: 60 EUR/MWh}\n"
            "  components.homes.load: {from: 5 MW, to: 10 MW}\n",
            4,
            ["'samples' is 100", "powers of two", "samples: 64  or  samples: 128"],
        ),
        (
            "method: regret\ndecisions: {a: {}, b: {}}\nfutures:\n  cheap: {probability: 50 %}\n"
            "  dear:\n    probability: 50 %\n"
            "    then:\n      high: {probability: 70 %}\n      low: {probability: 20 %}\n",
            9,
            ["70 % + 20 % = 90 %", "must make 100 %"],
        ),
        (
            "method: regret\ndecisions: {a: {}, b: {}}\nfutures:\n  cheap: {probability: 150 %}\n",
            None,
            ["out of range", "at most 1"],
        ),
        (
            "method: regret\ndecisions: {a: {components.oil_trade.prise: 3 EUR/MWh}, b: {}}\n"
            "futures: {now: {probability: 1}}\n",
            4,
            ["Did you mean 'price'"],
        ),
        ("method: table\ntable: {csv: cases.csv}\n", None, ["There is no file 'cases.csv'"]),
        ("method: table\ntable: {csv: ../cases.csv}\n", 4, ["leaves the study's folder"]),
        ("method: outages\nnetwork: heet\n", 4, ["There is no heat network 'heet'", "heat"]),
        (
            "method: switching\nwatch: built.x.y\nvary:\n  components.homes.load: [5 MW, 10 MW]\n",
            5,
            ["one range", "'from' and 'to'"],
        ),
        (
            "method: switching\nwatch: built.x.y\ntolerance: 1 kW\n"
            "vary:\n  components.homes.load: {from: 5 MW, to: 10 MW}\n",
            5,
            ["'1 kW' is no tolerance", "MW"],
        ),
        (SWEEP + "series: [flows]\n", 6, ["There are no series 'flows'", "Did you mean 'flow'"]),
        (SWEEP + "changes: {components.oil_trade.price: 3 MW}\n", 6, ["EUR/MWh"]),
    ],
)
def test_a_wrong_study_is_told_with_its_line(
    study_file: Callable[[str], Path], text: str, line: int | None, sentences: list[str]
) -> None:
    path = study_file(text)
    with pytest.raises(ScenarioError) as caught:
        read_study(path)
    said = str(caught.value)

    assert all(sentence in said for sentence in sentences), said
    assert line is None or f"{path}:{line}: " in said, said
    assert "/tmp/energysim-" not in said


def test_all_problems_are_told_together(study_file: Callable[[str], Path]) -> None:
    path = study_file(
        "method: sweep\nvary:\n  components.oil_trade.prise: [40 EUR/MWh]\n  components.homes.load: [5 MWh]\n"
    )
    with pytest.raises(ScenarioError) as caught:
        read_study(path)

    assert {problem.where.line for problem in caught.value.problems if problem.where} == {5, 6}


def test_a_table_with_a_wrong_cell_names_its_row(study_file: Callable[[str], Path], town: Path) -> None:
    (town / "cases.csv").write_text("components.homes.load [MW]\n5\nfive\n", encoding="utf8")
    with pytest.raises(ScenarioError, match=r"cases.csv:3: 'five' under 'components.homes.load \[MW\]' is no number"):
        read_study(study_file("method: table\ntable: {csv: cases.csv}\n"))


def test_a_scenario_that_is_not_there_is_told_with_its_neighbours(study_file: Callable[[str], Path]) -> None:
    path = study_file(SWEEP)
    path.write_text(path.read_text(encoding="utf8").replace("town.yaml", "twon.yaml"), encoding="utf8")
    with pytest.raises(ScenarioError, match=r"study.yaml:2: scenario: There is no scenario 'twon.yaml'. .*'town.yaml'"):
        read_study(path)


def test_check_reads_studies_too(study_file: Callable[[str], Path], capsys: pytest.CaptureFixture[str]) -> None:
    """Without running anything: how many runs it asks for, or what is wrong."""
    path = study_file(SWEEP)
    with pytest.raises(SystemExit) as right:
        main(["check", str(path)])
    path.write_text(path.read_text(encoding="utf8").replace("price", "prise"), encoding="utf8")
    with pytest.raises(SystemExit) as wrong:
        main(["check", str(path)])
    said = capsys.readouterr()

    assert (right.value.code, wrong.value.code) == (0, 1)
    assert "ok (study, 2 runs)" in said.out
    assert "Did you mean 'price'?" in said.err


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--set", "seed=2"], "--set means nothing to a study file."),
        (
            ["--variant", "cold", "--resolved", "--assumptions"],
            "--variant, --resolved, --assumptions mean nothing to a",
        ),
    ],
)
def test_check_refuses_what_means_nothing_to_a_study(
    study_file: Callable[[str], Path], capsys: pytest.CaptureFixture[str], options: list[str], sentence: str
) -> None:
    with pytest.raises(SystemExit) as ending:
        main(["check", str(study_file(SWEEP)), *options])
    said = capsys.readouterr()

    assert ending.value.code == 1
    assert sentence in said.err
    assert "ok" not in said.out


def test_a_million_runs_are_asked_for_first(study_file: Callable[[str], Path]) -> None:
    """Nobody can answer in a pipe: it says how many, and what to add."""
    prices = "{from: 40 EUR/MWh, to: 60 EUR/MWh, steps: 1000}"
    path = study_file(
        f"method: sweep\nvary:\n  components.oil_trade.price: {prices}\n  components.chip_trade.price: {prices}\n"
    )
    done = energysim("study", path, "--out", path.parent / "out", cwd=path.parent)

    assert done.returncode == 1
    assert "1,000,001 runs" in done.stderr
    assert "--yes" in done.stderr
    assert not (path.parent / "out").exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--workers", "-1"], "-1 workers cannot work"),
        (["--workers", "2", "--scheduler", "tcp://127.0.0.1:9"], "Give one of them"),
        (["--resume", "--force"], "Give one of them"),
        (["--resume"], "nothing to resume"),
    ],
)
def test_options_that_contradict_each_other(
    study_file: Callable[[str], Path], options: list[str], sentence: str
) -> None:
    path = study_file(SWEEP)
    done = energysim("study", path, "--out", path.parent / "out", *options, cwd=path.parent)

    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "to_anna.txt").write_text("Dear Anna", encoding="utf8")
    for mode in ("new", "replace"):
        with pytest.raises(OutputError, match="letters"), Store(tmp_path / "letters", own_version(), mode):
            pass

    assert (tmp_path / "letters" / "to_anna.txt").read_text(encoding="utf8") == "Dear Anna"


def test_two_studies_do_not_write_into_one_folder(tmp_path: Path) -> None:
    with (
        Store(tmp_path / "out", own_version()),
        pytest.raises(OutputError, match="Another process is at work"),
        Store(tmp_path / "out", own_version(), "resume"),
    ):
        pass


def test_a_study_begun_by_another_version_is_not_gone_on_with(tmp_path: Path) -> None:
    theirs = type(own_version())("0.0.9", "abcdef012345", "1.0", "2.0", "3.11")
    with Store(tmp_path / "out", theirs):
        pass
    with pytest.raises(OutputError) as caught, Store(tmp_path / "out", own_version(), "resume"):
        pass

    assert str(theirs) in str(caught.value)
    assert str(own_version()) in str(caught.value)


@pytest.mark.slow
def test_workers_of_another_version_are_refused_with_both_versions(cluster: Cluster, tmp_path: Path) -> None:
    """A real worker process that finds another energysim installed."""
    other = tmp_path / "other" / "energysim_symbiosis-9.9.9.dist-info"
    other.mkdir(parents=True)
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: energysim-symbiosis\nVersion: 9.9.9\n", "utf8")
    cluster.start_scheduler()
    path = os.pathsep.join([str(other.parent), str(ROOT)])
    cluster.start_worker({**os.environ, "PYTHONPATH": path})
    with pytest.raises(OtherVersionError) as caught, Crew(scheduler=cluster.address):
        pass

    assert f"here:   {own_version()}" in str(caught.value)
    assert "worker: energysim 9.9.9" in str(caught.value)


@pytest.mark.slow
def test_a_scheduler_without_workers_is_told(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("energysim.study.crew.PATIENCE", 15.0)
    cluster.start_scheduler()
    wait_for(lambda: b"Scheduler at" in (cluster.folder / "dask.log").read_bytes())
    with pytest.raises(OutputError, match=r"has no workers\. Start some with"), Crew(scheduler=cluster.address):
        pass


def test_the_python_of_these_tests_is_the_one_that_runs_studies() -> None:
    assert own_version().python == ".".join(map(str, sys.version_info[:2]))
