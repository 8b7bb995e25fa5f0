"""The page of a study: what it says, that it works offline, and that no text of a scenario becomes markup."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

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
