"""The shipped studies: each reads, and the smallest of each kind gives what its prose says."""

from pathlib import Path

import pytest

from energysim.study.methods import METHODS
from energysim.study.read import read_study

STUDIES = sorted((Path(__file__).resolve().parents[2] / "scenarios" / "studies").glob("*.yaml"))


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_a_shipped_study_reads_and_says_how_to_run_it(path: Path) -> None:
    study = read_study(path)
    head = path.read_text(encoding="utf8").partition("study:")[0]

    assert METHODS[study.method].count(study) >= 1
    assert f"energysim study scenarios/studies/{path.name}" in head


def test_the_study_of_stated_ranges_varies_every_figure_with_a_low_and_a_high() -> None:
    """Luleå states seventeen, three of them filled in from the catalogue."""
    study = next(read_study(path) for path in STUDIES if path.stem == "lulea_ranges")
    names = {factor.name for factor in study.factors}

    assert {"networks.lulea_heat.return", "effects.co2.price", "components.chip_boiler.capacity.investment"} <= names
    assert all(factor.confidence for factor in study.factors if factor.name != "variant")
