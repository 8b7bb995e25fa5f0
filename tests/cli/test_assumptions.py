"""``energysim check --assumptions``: what to replace first."""

from pathlib import Path

import pytest

from energysim.cli import main
from energysim.cli.assumptions import ranked, relative_range
from energysim.scenario.annotations import Assumption

TOWN = """
scenario: Two sources
time: {start: 2030-01-01, duration: 3 h}
economy: {currency: EUR, price_year: 2025, discount_rate: 5 %}
places: {town: {}}
actors: {utility: {}}
fuels: {wood_chips: {co2: 0 t/MWh}, oil: {co2: 0 t/MWh}}
networks: {heat: {carrier: heat, at: town}}
components:
  demand: {type: heat_demand, to: heat, load: 10 MW, owner: utility}
  chip_trade:
    type: fuel_supply
    to: wood_chips
    owner: utility
    price: {value: 20 EUR/MWh, confidence: assumption, low: 19 EUR/MWh, high: 21 EUR/MWh}
  oil_trade:
    type: fuel_supply
    to: oil
    owner: utility
    price: {value: 90 EUR/MWh, confidence: assumption, low: 50 EUR/MWh, high: 200 EUR/MWh}
  chips: {type: boiler, fuel: wood_chips, to: heat, capacity: 20 MW, efficiency: 100 %, owner: utility}
  oil_boiler: {type: boiler, fuel: oil, to: heat, capacity: 20 MW, efficiency: 100 %, owner: utility}
"""
STUDY = """
study: What matters
scenario: town.yaml
method: tornado
stated_ranges: true
asked: [Total cost]
"""


@pytest.mark.parametrize(
    ("low", "high", "value", "width"),
    [
        ("80 MW", "140 MW", "100 MW", 0.6),
        ("1 200 MWh", "1 800 MWh", "1 200 MWh", 0.5),
        ("50 MW", "", "60 MW", -1.0),
        ("0.5 GWh", "800 MWh", "600 MWh", 0.5),
        ("80 MW", "140 MW", "0.1 GW", 0.6),
        ("0.6", "0.9", "75 %", 0.4),
        ("15 %", "0.25", "0.2", 0.5),
        ("60 degC", "100 degC", "80 degC", 0.5),
        ("20 EUR/MWh", "0.03 EUR/kWh", "20 EUR/MWh", 0.5),
        ("200 SEK/MWh", "300 SEK/MWh", "20 EUR/MWh", -1.0),
        ("10 kW", "20 kW", "15 people", -1.0),
        ("80", "140", "100 MW", -1.0),
    ],
)
def test_a_range_is_measured_by_its_figure(low: str, high: str, value: str, width: float) -> None:
    """In the figure's own unit: 60 MW around 0.1 GW would rank as 600 times as wide, and first of all."""
    assert relative_range(Assumption("a", value, low=low, high=high)) == pytest.approx(width)


def test_order_without_a_study() -> None:
    """The least sure first, the widest of them first, those without a range last."""
    figures = [
        Assumption("known", "1 MW", confidence="known", low="0 MW", high="9 MW"),
        Assumption("plain", "1 MW", confidence="assumption"),
        Assumption("narrow", "10 MW", confidence="assumption", low="9 MW", high="11 MW"),
        Assumption("wide", "10 MW", confidence="assumption", low="5 MW", high="20 MW"),
    ]

    assert [item.path for item in ranked(figures, {})] == ["wide", "narrow", "plain", "known"]
    assert next(item.path for item in ranked(figures, {"known": 3.0})) == "known"


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ending:
        main(list(arguments))
    return int(ending.value.code or 0)


def test_a_tornado_ranks_by_what_figures_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Oil's range is fifteen times as wide, but chips serve all three hours: 30 MWh at 19 or 21 EUR, 60 EUR apart."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "town.yaml").write_text(TOWN, encoding="utf8")
    (tmp_path / "study.yaml").write_text(STUDY, encoding="utf8")
    assert run("check", "--assumptions", "town.yaml") == 0
    plain = capsys.readouterr().out
    assert run("study", "study.yaml", "--workers", "1", "--out", "runs/what") == 0
    capsys.readouterr()
    assert run("check", "--influence", "runs/what", "town.yaml") == 0
    moved = capsys.readouterr().out

    assert plain.index("oil_trade") < plain.index("chip_trade")
    assert moved.index("chip_trade") < moved.index("oil_trade")
    assert "60" in next(line for line in moved.splitlines() if "chip_trade" in line)


def test_a_folder_that_is_no_tornado(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "town.yaml").write_text(TOWN, encoding="utf8")
    assert run("check", "--influence", "runs/what", "town.yaml") == 1
    assert "'runs/what' holds no finished study. Run  energysim study  first." in capsys.readouterr().err
    (tmp_path / "runs" / "what").mkdir(parents=True)
    (tmp_path / "runs" / "what" / "runs.csv").write_text("run,role,Total cost\n1,,5\n", encoding="utf8")
    assert run("check", "--influence", "runs/what", "town.yaml") == 1
    assert "is no tornado over the total cost" in capsys.readouterr().err
