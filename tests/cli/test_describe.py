"""What ``energysim describe`` prints is plain text about everything a scenario can hold."""

import pytest

from energysim.cli import main
from energysim.components import component_types
from energysim.scenario.outline import NAMED, NEEDED, OUTLINE


def _printed(capsys: pytest.CaptureFixture[str], *what: str) -> str:
    with pytest.raises(SystemExit) as ending:
        main(["describe", *what])

    assert ending.value.code in (0, None)
    return capsys.readouterr().out


def test_every_section_of_a_scenario_is_described() -> None:
    """Each has a record that explains itself or a sentence of its own, and each keeps its way of being written."""
    for name, section in OUTLINE.items():
        assert (section.model is None) == bool(section.told), name
        assert bool(section.schema) == (section.model is None and name != "components"), name
    assert list(NEEDED) == ["scenario", "time", "economy", "networks", "components"]
    assert set(NAMED) == {
        "places", "actors", "fuels", "networks", "components", "contracts", "effects", "groups",
    }  # fmt: skip


@pytest.mark.parametrize("section", OUTLINE)
def test_a_section_can_be_asked_for(capsys: pytest.CaptureFixture[str], section: str) -> None:
    assert _printed(capsys, section).startswith(f"{section}: ")


@pytest.mark.parametrize("name", sorted(component_types()))
def test_a_type_is_described_without_marks_of_the_documentation(capsys: pytest.CaptureFixture[str], name: str) -> None:
    printed = _printed(capsys, name)

    assert printed.startswith(f"{name}: ")
    assert component_types()[name].example.splitlines()[0] in printed
    assert not [mark for mark in (":math:", "``", ".. [", "]_", ":class:", "-----") if mark in printed]


def test_rows_of_the_catalogue_are_shown_with_their_sources(capsys: pytest.CaptureFixture[str]) -> None:
    """A heat pump has three priced rows, a process its recipes, a connection tariffs and taxes, the fuels factors."""
    pump = _printed(capsys, "heat_pump")

    assert "\n  excess_heat_pump: capacity of 2030\n" in pump
    assert (
        "      investment: 571 EUR_2020/kW, 400 EUR_2020/kW to 800 EUR_2020/kW (expert: DEA Generation, sheet 40"
        in pump
    )
    assert (
        "  method: How the COP is worked out. (optional; one of jensen, jesper, carnot, lorenz, default jensen)" in pump
    )
    assert "      inputs.hydrogen.energy: 2.1 MWh/t (expert: " in _printed(capsys, "process")
    assert "      tax: 360 SEK_2026/MWh (known: " in _printed(capsys, "grid_connection")
    assert "  light_oil: Light fuel oil\n      co2: 266.4 kg/MWh, 266 kg/MWh to 268 kg/MWh (expert: " in _printed(
        capsys, "fuels"
    )


def test_records_by_name_are_described(capsys: pytest.CaptureFixture[str]) -> None:
    """The streams of residual heat are records of their own, with their keys as a scenario writes them."""
    assert "\n      from [degC]: Temperature at which it leaves the process. (needed)" in _printed(
        capsys, "residual_heat"
    )


def test_keys_are_those_a_scenario_writes(capsys: pytest.CaptureFixture[str]) -> None:
    places = _printed(capsys, "places")

    assert "\n  name: " in places
    assert "\n  climate: " in places
    assert "\n  outdoor: " not in places
    assert "\n  return [degC, may be a series]: " in _printed(capsys, "networks")
