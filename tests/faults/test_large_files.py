"""Files larger than they are meant to be: bounded memory, the right line, or an honest refusal."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from energysim.errors import ScenarioError, SeriesError
from energysim.readers import sheet
from energysim.scenario import csv_series, load
from energysim.scenario.csv_series import Column, read_column


def quarters(path: Path, count: int, spoilt: int | None = None) -> Path:
    stamps = np.datetime64("2020-01-01T00:00") + np.arange(count) * np.timedelta64(15, "m")
    rows = [f"{stamp},{n}" for n, stamp in enumerate(stamps)]
    if spoilt is not None:
        rows[spoilt] = f"{stamps[spoilt]},much"
    path.write_text("time,load\n" + "\n".join(rows) + "\n", encoding="utf8")
    return path


def test_a_series_read_in_blocks_is_the_whole_series(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_series, "_BLOCK", 7)
    series = read_column(quarters(tmp_path / "q.csv", 100), "q.csv", Column("load", clock="Europe/Stockholm"))

    np.testing.assert_array_equal(series.values, np.arange(100.0))
    assert series.stamps[0] == np.datetime64("2019-12-31T23:00")
    assert (np.diff(series.stamps) == np.timedelta64(15, "m")).all()


def test_a_bad_cell_far_down_has_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_series, "_BLOCK", 7)
    path = quarters(tmp_path / "q.csv", 100, spoilt=80)

    with pytest.raises(SeriesError, match=r"^q\.csv:82: 'much' in the column 'load' is not a number\."):
        read_column(path, "q.csv", Column("load", clock="UTC"))


def test_one_endless_line_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "q.csv"
    path.write_text("time,load\n2020-01-01 00:00," + "1" * 200_000 + "\n", encoding="utf8")

    with pytest.raises(SeriesError, match=r"^q\.csv:\d: The row cannot be read: field larger"):
        read_column(path, "q.csv", Column("load", clock="UTC"))


@pytest.mark.parametrize("is_packed", [False, True])
def test_text_that_would_fill_the_memory_is_not_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_packed: bool
) -> None:
    monkeypatch.setattr(sheet, "LARGEST", 1_000)
    path = quarters(tmp_path / "q.csv", 500)
    if is_packed:
        path = tmp_path / "q.csv.gz"
        path.write_bytes(gzip.compress(b"time,load\n" + b"2020-01-01 00:00,1\n" * 100))
        assert path.stat().st_size < 1_000

    with pytest.raises(SeriesError, match=r"of text, which would need more than .* Cut it into parts"):
        sheet.read_sheet(path)


def test_the_line_of_a_mistake_far_down_a_long_scenario(tmp_path: Path) -> None:
    head = "scenario: Many\ntime: {start: 2030-01-01, duration: 3 h}\neconomy: {currency: EUR, discount_rate: 5 %}\n"
    head += "networks: {heat: {carrier: heat}}\nfuels: {oil: {}}\ncomponents:\n"
    boilers = [f"  boiler_{n}: {{type: boiler, fuel: oil, to: heat, capacity: 1 MW}}" for n in range(800)]
    boilers[700] = boilers[700].replace("capacity", "capcity")
    (tmp_path / "many.yaml").write_text(head + "\n".join(boilers), encoding="utf8")

    with pytest.raises(ScenarioError, match=r"many\.yaml:707: components\.boiler_700\.capcity: .* 'capacity'\?"):
        load(tmp_path / "many.yaml")
