"""Names with brackets, which mean something to the library that prints, come out as they were written."""

from pathlib import Path

import pytest

from energysim.cli import main

NORTH = """
scenario: Norra [gruva] [/x]
time: {start: 2030-01-01, duration: 3 h}
economy: {currency: EUR, price_year: 2025, discount_rate: 5 %}
places: {town: {}}
networks:
  heat: {name: "Norra [gruva] [/x]", carrier: heat, at: town, supply: 60 degC, return: 40 degC}
components:
  mine: {type: residual_heat, name: "Mine [/x]", to: heat, streams: {hot: {from: 80 degC, to: 50 degC, load: 10 MW}}}
  demand: {type: heat_demand, name: "Town [bold]", to: heat, load: 5 MW}
"""


@pytest.fixture(autouse=True)
def north(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "north.yaml").write_text(NORTH, encoding="utf8")


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ending:
        main(list(arguments))
    return int(ending.value.code or 0)


@pytest.mark.parametrize("folder", ["runs [x]", "[/x]"])
def test_a_run_ends_well(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("run", "north.yaml", "--out", f"{folder}/north") == 0, capsys.readouterr().err

    said = capsys.readouterr()
    assert "Norra [gruva] [/x]: 2 components" in said.err
    assert "Norra [gruva] [/x]" in said.out
    assert f"Report: {folder}/north/report.html" in said.out


def test_a_screening_ends_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("screen", "north.yaml", "--out", "[/x]") == 0, capsys.readouterr().err

    said = capsys.readouterr().out
    assert "Norra [gruva] [/x]" in said
    assert "Page and tables: [/x]/report.html" in said
