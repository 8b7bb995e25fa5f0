"""``energysim download`` as a user meets it: words, exit codes, what lies on the disk afterwards."""

import _thread
import hashlib
import json
import time
from pathlib import Path

import pytest

from energysim.cli import main
from energysim.scenario.horizon import Horizon
from energysim.scenario.series import SeriesSetting, read_series
from energysim.units import Converter, Money
from tests.readers.conftest import utc
from tests.readers.services.conftest import Reply, Service
from tests.readers.services.test_entsoe import SECRET, market_days, prices
from tests.readers.services.test_smhi import ARCHIVE, LATEST, serving


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ENERGYSIM_CACHE", str(tmp_path / "cache"))


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ending:
        main(["download", *arguments])
    return int(ending.value.code or 0)


def test_weather_that_a_scenario_reads_with_its_origin(
    service: Service,
    capsys: pytest.CaptureFixture[str],
) -> None:
    service.answer = serving(ARCHIVE, LATEST)
    assert run("smhi", "162860", "temperature", "--from", "2026-07-31 21:00", "--address", service.address) == 0

    said = capsys.readouterr().out
    assert "5 values from 2026-07-31 21:00 UTC, every 60 min" in said
    assert "{csv: smhi_162860_temperature_utc.csv, column: Lufttemperatur, unit: degC}" in said
    assert "Licence: CC BY 4.0, SMHI" in said
    origin = json.loads(Path("smhi_162860_temperature_utc.origin.json").read_text(encoding="utf8"))
    assert origin["licence"].startswith("CC BY 4.0")
    assert [one["address"].split("/")[-2] for one in origin["asked"]] == ["corrected-archive", "latest-months"]
    assert origin["asked"][0]["sha256"] == hashlib.sha256(ARCHIVE.encode()).hexdigest() == origin["files"][0]["sha256"]
    setting = SeriesSetting(Horizon(utc("2026-07-31T21:00"), 1.0, 5), Path(), Converter(Money("EUR")))
    spec = {"csv": "smhi_162860_temperature_utc.csv", "column": "Lufttemperatur", "unit": "degC"}
    assert read_series(spec, "degC", setting).tolist() == [11.8, 11.5, 11.0, 10.7, 10.1]


def test_prices_with_a_key_that_is_written_nowhere(
    service: Service,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The address in the origin has the question and no key; offline the same series comes without one."""
    monkeypatch.setenv("ENTSOE_API_KEY", SECRET)
    service.answer = prices(market_days("2022-12-31", "2023-02-02"))
    wish = (
        "entsoe",
        "SE1",
        "prices",
        "--from",
        "2023-01-01",
        "--to",
        "2023-02-01",
        "--address",
        f"{service.address}/api",
    )
    assert run(*wish) == 0
    first = Path("entsoe_SE1_prices_utc.csv").read_text(encoding="utf8")
    monkeypatch.delenv("ENTSOE_API_KEY")
    assert run(*wish, "--offline", "--force") == 0

    assert Path("entsoe_SE1_prices_utc.csv").read_text(encoding="utf8") == first
    assert first.count("\n") == 745
    address = json.loads(Path("entsoe_SE1_prices_utc.origin.json").read_text(encoding="utf8"))["asked"][0]["address"]
    assert "documentType=A44" in address
    assert "securityToken" not in address
    assert SECRET not in "".join(capsys.readouterr())
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]


@pytest.mark.parametrize(("arguments", "message"), [
    (("smih", "162860", "temperature"), "There is no service 'smih'. Did you mean 'smhi'?"),
    (("smhi", "162861", "temperature"), "There are 162860 (Luleå-Kallax Flygplats)"),
    (("smhi", "162860", "temperature", "--from", "2030-13-01"), "--from '2030-13-01' is no date. Write it as"),
    (("smhi", "162860", "temperature", "--from", "2030-01-01", "--to", "2029-01-01"), "is not after --from"),
    (("smhi", "162860", "temperature", "--offline", "--fresh"), "say the opposite of each other"),
    (("smhi", "162860", "temperature", "--offline"), "The cache has no answer of"),
    (("smhi", "162860", "temperature", "--cache", "taken"), "The cache folder 'taken' cannot be written"),
    (("smhi", "162860", "temperature", "--out", "taken/se1.csv"), "'taken/se1.csv' cannot be written"),
    (("entsoe", "SE1", "prices"), "ENTSO-E must be told from when until when."),
    (("entsoe", "SE1", "prices", "--from", "2023-01-01", "--to", "2024-01-01"), "is empty. Register at"),
])  # fmt: skip
def test_what_is_wrong_is_said_with_exit_code_1_and_no_series_written(
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    message: str,
) -> None:
    monkeypatch.delenv("ENTSOE_API_KEY", raising=False)
    service.answer = serving(ARCHIVE, LATEST)
    Path("taken").write_text("a file", encoding="utf8")

    assert run(*arguments, "--address", service.address) == 1
    assert message in capsys.readouterr().err
    assert not list(Path().glob("*.csv"))


def test_nothing_is_asked_for_when_the_file_is_there_already(
    service: Service,
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("mine.csv").write_text("mine", encoding="utf8")

    assert run("smhi", "162860", "temperature", "--out", "mine.csv", "--address", service.address) == 1
    assert (
        "'mine.csv' exists. Choose another with  --out FILE , or replace it with  --force." in capsys.readouterr().err
    )
    assert not service.asked
    assert Path("mine.csv").read_text(encoding="utf8") == "mine"


def test_stopped_by_the_user(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C while the service is silent: exit code 3, no series."""

    def interrupting(question: object) -> Reply:
        del question
        _thread.interrupt_main()
        time.sleep(0.5)
        return Reply(status=404)

    service.answer = interrupting

    assert run("smhi", "162860", "temperature", "--address", service.address) == 3
    assert "Stopped. What has come is kept" in capsys.readouterr().err
    assert not list(Path().glob("*.csv"))
