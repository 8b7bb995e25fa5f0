"""What ``energysim describe`` prints is plain text about everything a scenario can hold."""

import pytest

from energysim.cli import main
from energysim.cli.describe import PLAIN_SECTIONS
from energysim.cli.describe import SECTIONS as SECTION_MODELS
from energysim.components import component_types
from energysim.scenario.load import SECTIONS


def _printed(capsys: pytest.CaptureFixture[str], *what: str) -> str:
    with pytest.raises(SystemExit) as ending:
        main(["describe", *what])

    assert ending.value.code in (0, None)
    return capsys.readouterr().out


def test_every_section_of_a_scenario_is_described() -> None:
    assert {*SECTION_MODELS, *PLAIN_SECTIONS} == set(SECTIONS)


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_can_be_asked_for(capsys: pytest.CaptureFixture[str], section: str) -> None:
    assert _printed(capsys, section).startswith(f"{section}: ")


@pytest.mark.parametrize("name", sorted(component_types()))
def test_a_type_is_described_without_marks_of_the_documentation(capsys: pytest.CaptureFixture[str], name: str) -> None:
    printed = _printed(capsys, name)

    assert printed.startswith(f"{name}: ")
    assert component_types()[name].example.splitlines()[0] in printed
    assert not [mark for mark in (":math:", "``", ".. [", "]_", ":class:", "-----") if mark in printed]


def test_keys_are_those_a_scenario_writes(capsys: pytest.CaptureFixture[str]) -> None:
    places = _printed(capsys, "places")

    assert "\n  name: " in places
    assert "\n  climate: " in places
    assert "\n  outdoor: " not in places
    assert "\n  return [degC, may be a series]: " in _printed(capsys, "networks")
