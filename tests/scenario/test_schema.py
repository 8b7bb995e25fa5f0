"""The JSON schema for editors accepts what the scenario reader accepts, and marks what it refuses."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from energysim.cli import main
from energysim.cli.new import START
from energysim.components import component_types
from energysim.scenario.read import parse_tree, read_tree

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def schema(capsys: pytest.CaptureFixture[str]) -> Any:
    """What ``energysim describe --json-schema`` prints."""
    with pytest.raises(SystemExit):
        main(["describe", "--json-schema"])
    return json.loads(capsys.readouterr().out)


def _errors(schema: Any, data: Any) -> list[str]:
    return [
        f"{list(error.absolute_path)}: {error.message[:200]}"
        for error in Draft202012Validator(schema).iter_errors(data)
    ]


def test_it_is_a_schema(schema: Any) -> None:
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("path", sorted((ROOT / "scenarios").glob("*.yaml")), ids=lambda path: path.name)
def test_shipped_scenarios_fit(schema: Any, path: Path) -> None:
    assert not _errors(schema, read_tree(path, str(path)).data)


def test_the_scenario_to_start_from_fits(schema: Any) -> None:
    assert not _errors(schema, parse_tree(START, "start").data)


def test_figures_may_be_annotated(schema: Any, small: str) -> None:
    data = parse_tree(small, "small").data
    data["components"]["tank"]["volume"] = {"value": "3 MWh", "source": "nameplate", "confidence": "known"}
    data["components"]["tank"]["note"] = "to be measured"

    assert not _errors(schema, data)


def test_a_file_that_extends_another_may_be_partial(schema: Any) -> None:
    assert not _errors(schema, {"extends": "base.yaml", "components": {"tank": {"volume": "3 MWh"}, "boiler": None}})


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (("fuel_list",), {}),
        (("components", "tank", "type"), "tnak"),
        (("components", "tank", "volum"), "3 MWh"),
        (("components", "tank", "volume"), {"value": "3 MWh", "confidence": "sure"}),
        (("components", "tank", "volume"), {"maks": "3 MWh"}),
        (("components", "tank", "network"), 3),
        (("time", "yaer"), 2030),
        (("networks", "heat", "carier"), "heat"),
    ],
)
def test_mistakes_are_marked(schema: Any, small: str, path: tuple[str, ...], wrong: Any) -> None:
    data = parse_tree(small, "small").data
    target = data
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = wrong

    assert _errors(schema, data)


@pytest.mark.parametrize("name", sorted(component_types()))
def test_every_parameter_and_port_of_a_type_is_offered_with_its_meaning(schema: Any, name: str) -> None:
    kind = component_types()[name]
    offered = schema["$defs"][f"component_{name}"]["properties"]

    for field, info in kind.model_fields.items():
        if field not in {"name", "connections"}:
            assert offered[info.alias or field]["description"]
    for key in kind.port_keys():
        assert offered[key]["description"]
