"""``energysim import`` as a user meets it: files, words, exit codes, and the series in a scenario."""

import json
from pathlib import Path

import pytest

from energysim.cli import main
from energysim.errors import SeriesError
from energysim.scenario.horizon import Horizon
from energysim.scenario.read import one_value
from energysim.scenario.series import SeriesSetting, read_series
from energysim.units import Converter, Money
from tests.readers.conftest import utc

HEAD = '"MTU (CET/CEST)","Day-ahead Price [EUR/MWh]","Currency","BZN|SE1"\n'


@pytest.fixture
def prices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    rows = [f'"01.01.2023 {h:02d}:00 - x","{"n/e" if h == 5 else h + 0.5}","EUR"\n' for h in range(24)]
    (tmp_path / "se1.csv").write_text(HEAD + "".join(rows), encoding="utf8")
    return tmp_path / "se1.csv"


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ending:
        main(["import", *arguments])
    return int(ending.value.code or 0)


def test_what_is_written_is_read_by_a_scenario_and_its_gap_is_not_filled(
    prices: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("entsoe", "se1.csv") == 0

    said = capsys.readouterr().out
    assert "Day-ahead Price SE1: missing from 2023-01-01 04:00 UTC, 1 steps" in said
    assert "Nothing was filled" in said
    assert "{csv: se1_utc.csv, column: Day-ahead Price SE1, unit: EUR/MWh}" in said
    origin = json.loads((prices.parent / "se1_utc.origin.json").read_text(encoding="utf8"))
    assert origin["columns"][0]["gaps"] == ["2023-01-01T04:00Z, 1 steps"]
    setting = SeriesSetting(Horizon(utc("2022-12-31T23:00"), 1.0, 24), prices.parent, Converter(Money("EUR")))
    spec = {"csv": "se1_utc.csv", "column": "Day-ahead Price SE1", "unit": "EUR/MWh"}
    with pytest.raises(SeriesError, match="missing, the first 2023-01-01 04:00 UTC"):
        read_series(spec, "money/MWh", setting)
    assert read_series({**spec, "fill": "linear"}, "money/MWh", setting)[:7].tolist() == [n + 0.5 for n in range(7)]


def test_nothing_is_overwritten_without_force(prices: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("entsoe", "se1.csv") == 0
    assert run("entsoe", "se1.csv") == 1
    assert "'se1_utc.csv' exists. Choose another with  --out FILE" in capsys.readouterr().err
    assert run("entsoe", "se1.csv", "--force") == 0
    assert run("entsoe", "se1.csv", "--out", "se1.csv", "--force") == 1
    assert "is the file that is read" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("entso", "se1.csv"), "There is no format 'entso'. Did you mean 'entsoe'?"),
        (("entsoe", "se2.csv"), "There is no file 'se2.csv'. Did you mean 'se1.csv'?"),
        (("entsoe", "se1.csv", "--time", "MTU"), "--time means nothing to the format entsoe"),
        (("table", "se1.csv", "--decimal", ";"), "--decimal ';' is not understood. It is '.' or ','."),
        (("table", "se1.csv", "--clock", "Sweden"), "is not said"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written(
    prices: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    assert run(*arguments) == 1
    assert message in capsys.readouterr().err
    assert [path.name for path in prices.parent.iterdir()] == ["se1.csv"]


def test_only_the_time_that_is_wanted(prices: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The local day from 22 UTC the day before; asked for two hours longer than the file goes."""
    assert run("entsoe", "se1.csv", "--from", "2023-01-01 20:00", "--to", "2023-01-02") == 0

    said = capsys.readouterr().out
    assert "3 values from 2023-01-01 20:00 UTC" in said
    assert "Nothing is there from 2023-01-01 23:00 to 2023-01-02 00:00 UTC." in said
    assert run("entsoe", "se1.csv", "--force", "--from", "2024-01-01") == 1
    assert "nothing lies within the time asked for" in capsys.readouterr().err


def test_the_words_for_the_scenario_are_yaml_and_find_the_file(
    prices: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bare % is no YAML, a comma or bracket in a name would end it, and a folder belongs to the name of a file."""
    text = "time;load, total {A} [%]\n2023-01-01 00:00Z;5\n2023-01-01 01:00Z;6\n"
    (prices.parent / "load.csv").write_text(text, encoding="utf8")
    assert run("table", "load.csv", "--out", "series, ours/load.csv") == 0

    said = one_value(capsys.readouterr().out.splitlines()[-1].strip(), "said")
    assert said == {"csv": "series, ours/load.csv", "column": "load, total {A}", "unit": "%"}
    setting = SeriesSetting(Horizon(utc("2023-01-01T00:00"), 1.0, 2), prices.parent, Converter(Money("EUR")))
    assert read_series(said, "1", setting).tolist() == [0.05, 0.06]
