"""The report: complete, safe, readable, offline, for any system."""

import csv
import json
import re
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from energysim.components.electricity_demand import ElectricityDemand
from energysim.components.heat_demand import HeatDemand
from energysim.components.heat_pipe import HeatPipe
from energysim.components.heat_store import HeatStore
from energysim.components.source import Source
from energysim.kpi.lcoh import PARTS
from energysim.kpi.origins import heat_origins
from energysim.report import headline, write_report
from energysim.report.actors import actors_context
from energysim.report.look import number
from energysim.report.page import render
from energysim.report.series import level_prices
from energysim.testing import solve


def heat_town(steps: int = 3, load: float = 5.0) -> xr.Dataset:
    components = [
        HeatDemand(name="town", label="Stadens värme <b>", to="heat", load=load),
        Source(name="plant", to="heat", price=10.0, capacity=50.0),
        HeatStore(name="tank", network="heat", volume=4.0),
    ]
    return solve(components, {"heat": {"carrier": "heat", "label": "Fjärrvärme"}}, steps=steps)


def outside_scripts(page: str) -> str:
    return re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)


def test_a_report_has_all_its_parts(tmp_path: Path) -> None:
    write_report(heat_town(), tmp_path)

    names = {path.name for path in (tmp_path / "figures").iterdir()}
    assert {"dispatch_heat.svg", "dispatch_heat.png", "duration_heat.svg", "storage_level.png", "capacity.png"} <= names
    page = (tmp_path / "report.html").read_text(encoding="utf8")
    for part in (
        "Total cost",
        "Heat price",
        "Certificate",
        "Assumptions",
        "How to read this page",
        "Where the energy goes",
    ):
        assert part in page
    assert len(page) < 9e6


def test_hostile_text_stays_text() -> None:
    """A title that ends the script, and a label with markup: both appear as written, neither runs."""
    results = heat_town()
    results.attrs["title"] = "</script><script>alert(1)</script>"
    page = render(results)

    assert "<script>alert(1)" not in page
    assert "&lt;/script&gt;&lt;script&gt;alert(1)" in page
    assert "Stadens värme <b>" not in outside_scripts(page)


def test_nothing_is_fetched_from_elsewhere() -> None:
    assert not re.search(r"""(src|href)\s*=\s*["']?(https?:)?//""", outside_scripts(render(heat_town())))


def test_the_summary_holds_the_indicators(tmp_path: Path) -> None:
    write_report(heat_town(), tmp_path)
    with (tmp_path / "summary.csv").open(encoding="utf8") as stream:
        rows = {row["indicator"]: float(row["value"]) for row in csv.DictReader(stream)}

    assert rows["Total cost"] == pytest.approx(150.0)
    assert rows["Heat price, Fjärrvärme"] == pytest.approx(10.0)


def test_what_a_page_says_is_measured_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """First screen, tables and summary share their figures; tracing heat through a region's pipes takes time."""
    traced = []

    def counting(results: xr.Dataset) -> pd.DataFrame:
        traced.append(results)
        return heat_origins(results)

    # The name  energysim.kpi.indicators  is that of the function too.
    monkeypatch.setattr(sys.modules["energysim.kpi.indicators"], "heat_origins", counting)
    write_report(heat_town(), tmp_path)

    assert len(traced) == 1


def test_an_assumption_is_marked_as_one() -> None:
    results = heat_town()
    results.attrs["assumptions"] = (
        '[{"path": "components.a.b", "text": "3 MW", "source": "guess", "confidence": "assumption", "low": "2 MW", '
        '"high": "4 MW", "note": ""}]'
    )

    assert '<span class="tag assumption">assumption</span></td><td>2 MW to 4 MW</td><td>guess' in render(results)


def test_figures_and_networks_have_names_beside_their_keys() -> None:
    """Whoever does not write scenarios knows 'Stadens värme', and not components.town."""
    results = heat_town()
    paths = ("components.town.load.0", "networks.heat.losses.share", "economy.discount_rate")
    rest = {"text": "3", "source": "ours", "confidence": "assumption", "low": "", "high": "", "note": ""}
    results.attrs["assumptions"] = json.dumps([{"path": path, **rest} for path in paths])
    page = render(results)

    for path, name in zip(
        paths, ("Stadens värme &lt;b&gt;: load", "Fjärrvärme: losses, share", "economy: discount rate"), strict=True
    ):
        assert f'<td>{name}<br><span class="key">{path}</span></td>' in page
    assert '<tr><td>Fjärrvärme</td><td class="n">0.015</td>' in page


def test_what_is_rounding_is_not_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plant whose heat is a trace has no cost of heat; a store that takes its own heat heats nobody."""
    row = {"component": "a", "title": "A", "owner": "", "heat": 900.0, **dict.fromkeys((*PARTS, "lcoh"), 1.0)}
    costs = pd.DataFrame([row, {**row, "title": "Trace", "heat": 1e-4}])
    names = ["supplier", "supplier_owner", "user", "user_owner", "energy"]
    pairs = [("Plant", "", "Homes", "", 9.0), ("Tank", "", "Tank", "", 8.0), ("Tank", "", "Homes", "", 7.0)]
    monkeypatch.setattr("energysim.report.actors.heat_costs", lambda results: costs)
    matches = pd.DataFrame(pairs, columns=names)
    monkeypatch.setattr("energysim.report.actors.heat_matches", lambda results, network: matches)
    context = actors_context(heat_town())

    assert [row.title for row in context["heat_costs"]] == ["A"]
    assert [(row.supplier, row.user) for row in context["matches"][0][1]] == [("Plant", "Homes"), ("Tank", "Homes")]


@pytest.mark.parametrize(
    "results",
    [
        lambda: heat_town(steps=1),
        lambda: heat_town(load=0.0),
        lambda: solve(
            [Source(name="s", to="grid", price=-5.0), ElectricityDemand(name="d", to="grid", load=1.0)],
            {"grid": "electricity"},
        ),
        lambda: heat_town(steps=800),
    ],
    ids=["one step", "no demand", "no heat, negative price", "a month"],
)
def test_odd_systems_have_a_report_too(results: object, tmp_path: Path) -> None:
    """Warnings, such as a division by zero, are errors here."""
    solved = results()  # type: ignore[operator]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        write_report(solved, tmp_path)

    visible = re.sub(r"<script.*?</script>", "", (tmp_path / "report.html").read_text(encoding="utf8"), flags=re.DOTALL)
    assert not re.search(r"\b(nan|inf|None)\b", visible)


def test_figures_are_the_same_at_every_writing(tmp_path: Path) -> None:
    results = heat_town()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_report(results, tmp_path / name)

    first, second = ((tmp_path / name / "figures" / "dispatch_heat.svg").read_bytes() for name in ("one", "two"))
    assert first == second


def test_the_headline_ends_with_the_verdict() -> None:
    label, text = headline(heat_town())[-1]

    assert label == "Certificate"
    assert text.startswith("verified")


@pytest.mark.parametrize(
    ("value", "text"),
    [(1234567.0, "1\u202f234\u202f567"), (-0.5, "\u22120.5"), (np.nan, "–"), (np.inf, "–"), (0.0, "0")],
)
def test_numbers_as_readers_see_them(value: float, text: str) -> None:
    assert number(value) == text


def test_heat_by_temperature_is_drawn_and_pipes_are_named(tmp_path: Path) -> None:
    """A mill below supply makes two levels, each with a price of its own; the pipe's table says which pipe it is."""
    town = {"carrier": "heat", "supply": 85.0, "return": 45.0}
    components = [
        HeatDemand(name="town", to="heat", load=10.0),
        Source(name="plant", to="heat", price=40.0),
        Source(name="mill", to="heat", price=5.0, temperature=65.0, capacity=3.0),
        Source(name="far_plant", to="far", price=1.0),
        HeatPipe(name="main", label="The main", **{"from": "far"}, to="heat", capacity=2.0, length=3.0),
    ]
    results = solve(components, {"heat": town, "far": town})
    write_report(results, tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf8")

    assert (tmp_path / "figures" / "heat_prices_heat.png").stat().st_size > 5000
    assert "Price of heat by temperature" in page
    assert "1: 65 to 85 °C" in page
    assert "<td>The main</td>" in page
    assert "bound method" not in page
    assert [price.iloc[0] for _, _, price in level_prices(results, "heat")] == pytest.approx([40.0, 40.0])
    assert not level_prices(results, "far")
