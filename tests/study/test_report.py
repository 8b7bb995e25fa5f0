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


def test_a_lost_run_is_told_apart_from_one_without_a_plan(study_file: Callable[[str], Path]) -> None:
    """What the machine lost, and what the program broke at, says nothing of plans."""
    found = findings_of(study_file("method: sweep\nvary:\n  components.oil_boiler.capacity: [20 MW, 15 MW, 0 MW]\n"))
    table = found.table
    table.loc[table.index[1], ["status", "reason"]] = ["lost", "The worker had not enough memory for this run."]
    table.loc[table.index[2], ["status", "reason"]] = ["broken", "This is a mistake: ValueError: no"]
    page = render(found)

    assert "1 of 4 runs have no plan and 1 of 4 runs were lost by the machine and 1 of 4 runs ended with an" in page
    assert all(f'<td class="n">{word}</td>' in page for word in ("no plan", "lost", "error"))


def test_no_decision_with_a_plan_everywhere(study_file: Callable[[str], Path]) -> None:
    """No boiler is large enough in one of the futures, whatever is decided: no cost is the lowest."""
    text = METHODS["regret"].replace("components.oil_trade.price: 60 EUR/MWh", "components.homes.load: 90 MW")
    found = findings_of(study_file(text + "asked: [Total cost]\n"))

    assert sentences(found) == ["No decision has a plan in every future."]


@pytest.mark.parametrize(
    ("asked", "end"),
    [("", "than as it is."), (", built.chip_boiler.capacity", "than as it is; built: chip_boiler 0.4 MW.")],
)
def test_what_is_built_is_told_where_it_is_asked_for(
    study_file: Callable[[str], Path], town: Path, asked: str, end: str
) -> None:
    """A boiler of 0.4 MW is something, though it is less than half a MW; of what nobody asked nothing is said."""
    path = town / "town.yaml"
    bought = "capacity: {max: 0.4 MW, investment: 1 EUR/MW, lifetime: 10 a}"
    text = path.read_text(encoding="utf8").replace("capacity: 8 MW", bought).replace("no_chips: {", "dear_oil: {")
    text = text.replace("components.chip_boiler.capacity: 0 MW", "components.oil_trade.price: 60 EUR/MWh")
    path.write_text(text, encoding="utf8")
    found = findings_of(study_file(f"method: sweep\nvary: {{variant: [null, dear_oil]}}\nasked: [Total cost{asked}]\n"))
    (told,) = [sentence for sentence in sentences(found) if sentence.startswith("dear")]

    assert told.endswith(end)


def test_each_method_says_what_its_runs_are(study_file: Callable[[str], Path], town: Path) -> None:
    """A rolling plan does not know its horizon, and need not be the cheapest."""
    tornado = METHODS["tornado"] + "asked: [Total cost]\n"
    planned = render(findings_of(study_file(tornado)))
    shutil.rmtree(town / "out")
    rolled = render(findings_of(study_file(tornado + "engine: rolling\n")))

    assert "knowing its whole horizon beforehand" in planned
    assert "knowing its whole horizon beforehand" not in rolled
    assert "not knowing what lies beyond" in rolled


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
