"""What the documents tell a reader to write, read and run is there, and is understood."""

import re
from pathlib import Path

import pytest

from energysim.scenario import load
from tests.conftest import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_a_page_names_exist(page: Path) -> None:
    """Links, and paths of scenarios in code, lead to files of the project."""
    text = page.read_text(encoding="utf8")
    links = re.findall(r"\]\(([^)#:]+)\)", text)
    shipped = re.findall(r"\bscenarios/[\w/]+\.yaml", text)

    missing = [link for link in links if not (page.parent / link).exists()]
    missing += [path for path in shipped if not (ROOT / path).exists()]
    assert not missing


def test_the_first_scenario_of_a_strategist_is_understood(tmp_path: Path) -> None:
    """A base town, and the few lines that differ."""
    text = (ROOT / "docs" / "for_strategists.md").read_text(encoding="utf8")
    lines = text.split("```yaml\n")[1].split("```")[0].replace("base/", f"{ROOT}/scenarios/base/")
    (tmp_path / "mine.yaml").write_text(lines, encoding="utf8")

    scenario = load(tmp_path / "mine.yaml", allow_outside=True)

    assert scenario.title == "Kiruna with a larger tank"
    assert "tank" in scenario.components


def test_commands_that_the_pages_name_exist() -> None:
    """Every  energysim VERB  of the documents is a verb of the command line."""
    from energysim.cli.commands import app  # noqa: PLC0415

    verbs = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    in_code = re.compile(r"(?:`|^ {4})energysim (\w+)", re.MULTILINE)
    said = {verb for page in PAGES for verb in in_code.findall(page.read_text(encoding="utf8"))}

    assert {"run", "check", "study", "describe"} <= said
    assert said <= verbs
