"""The page of a study: what it says, that it works offline, and that no text of a scenario becomes markup."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from energysim.report import study_charts as charts
from energysim.report.study_names import readable
from energysim.report.study_page import render
from energysim.report.study_words import sentences
from tests.study.test_known_answers import findings_of

METHODS = {
    "tornado": "method: tornado\nvary:\n  components.oil_trade.price: {label: Oil, from: 40 EUR/MWh, to: 60 EUR/MWh}\n",
    "sweep": (
        "method: sweep\nvary:\n  components.oil_trade.price: {label: Oil, from: 40 EUR/MWh, to: 60 EUR/MWh, steps: 2}\n"
        "  components.homes.load: {label: Demand, values: [6 MW, 12 MW]}\n"
    ),
    "latin_hypercube": (
        "method: latin_hypercube\nsamples: 10\nvary:\n"
        "  components.oil_trade.price: {label: Oil, from: 40 EUR/MWh, to: 60 EUR/MWh}\n"
    ),
    "regret": (
        "method: regret\ndecisions: {chips: {}, oil: {components.chip_boiler.capacity: 0 MW}}\n"
        "futures:\n  now: {probability: 75 %}\n"
        "  dear: {probability: 25 %, changes: {components.oil_trade.price: 60 EUR/MWh}}\n"
    ),
}
SAID = {
    "tornado": "Total cost depends most on Oil: 720 EUR at 40 EUR/MWh, 840 EUR at 60 EUR/MWh.",
    "sweep": "",
    "latin_hypercube": "of all draws; nine of ten lie between",
    # 0.75 x 780 + 0.25 x 840
    "regret": "'chips' has the lowest expected total cost, 795 EUR.",
}
DRAWN = {"tornado": "c_tornado_0", "sweep": "c_map_0", "latin_hypercube": "c_distribution_1", "regret": "c_regret_0"}


@pytest.mark.parametrize("method", METHODS)
def test_a_page_says_and_draws_what_its_method_found(study_file: Callable[[str], Path], method: str) -> None:
    found = findings_of(study_file(METHODS[method] + "asked: [Total cost]\n"))
    page = render(found)
    body = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)

    assert any(SAID[method] in sentence.replace("\u202f", " ") for sentence in [*sentences(found), ""])
    assert f'id="{DRAWN[method]}"' in body
    assert not re.search(r"""(src|href)\s*=\s*["']?(https?:)?//""", body), "it works offline"
    assert "runs.csv" in body


def test_text_of_a_study_never_becomes_markup(study_file: Callable[[str], Path]) -> None:
    text = METHODS["tornado"].replace("label: Oil", "label: '</script><b>Oil</b>'")
    page = render(findings_of(study_file(text + "description: <img src=x onerror=alert(1)>\n")))

    assert "<img src=x" not in page
    assert "</script><b>" not in page


def test_failed_runs_stand_on_the_page_with_their_reason(study_file: Callable[[str], Path]) -> None:
    text = "method: sweep\nvary:\n  components.oil_boiler.capacity: [20 MW, 0 MW]\n"
    found = findings_of(study_file(text))
    page = render(found)

    assert len(found.failed) == 1
    assert "1 of 3 runs have no plan" in page
    assert "Town heat" in found.failed.reason.iloc[0]


def test_names_of_a_study_are_words(study_file: Callable[[str], Path], town: Path) -> None:
    """A variant is called by its title, a decision without underscores; figures stay what they were."""
    path = town / "town.yaml"
    path.write_text(path.read_text().replace("no_chips: {", "no_chips: {scenario: Without chips, "))
    swept = findings_of(study_file("method: sweep\nvary: {variant: [null, no_chips]}\nasked: [Total cost]\n"))
    shutil.rmtree(town / "out")
    decided = findings_of(study_file(METHODS["regret"].replace("chips:", "buy_chips:") + "asked: [Total cost]\n"))

    assert readable(swept).table["variant"].tolist()[-1] == "Without chips"
    assert readable(swept).table["Total cost"].tolist() == swept.table["Total cost"].tolist()
    assert list(readable(decided).study.decisions) == ["buy chips", "oil"]
    assert any("'buy chips' has the lowest" in sentence for sentence in sentences(decided))
    assert "buy chips" in render(decided)


def test_many_futures_run_downwards(study_file: Callable[[str], Path], town: Path) -> None:
    """Four futures stand side by side; ten one below the other, the name of each written out."""

    def drawn(count: int) -> dict[str, list[str]]:
        futures = "".join(f"  future_{n}: {{probability: {100 / count} %}}\n" for n in range(count))
        decisions = "method: regret\ndecisions: {chips: {}, oil: {components.chip_boiler.capacity: 0 MW}}\n"
        found = findings_of(study_file(f"{decisions}futures:\n{futures}asked: [Total cost]\n"))
        cells = charts.regret(readable(found)).data[0]
        shutil.rmtree(town / "out")
        return {"x": list(cells.x), "y": list(cells.y)}

    few, many = drawn(4), drawn(10)

    assert few["y"] == ["chips", "oil"]
    assert few["x"][1] == "future 1<br>25 %"
    assert many["x"] == ["chips", "oil"]
    assert many["y"][3] == "future 3, 10 %"
