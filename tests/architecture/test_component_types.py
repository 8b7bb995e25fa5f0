"""No component type without test, example, look, source and a sentence for everything it declares."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import energysim.components
from energysim.declare import Component, Derived, Effect, FlowFormula, Look, Measure, Port, Rule, Variable

ROOT = Path(__file__).resolve().parents[2]


def _types() -> list[type[Component]]:
    found = []
    for module_info in pkgutil.iter_modules(energysim.components.__path__, "energysim.components."):
        module = importlib.import_module(module_info.name)
        found += [
            value
            for value in vars(module).values()
            if isinstance(value, type) and issubclass(value, Component) and value.__module__ == module.__name__
        ]
    return sorted(found, key=lambda component_type: component_type.type_name())


TYPES = _types()
every_type = pytest.mark.parametrize("component_type", TYPES, ids=lambda component_type: component_type.type_name())


def test_there_are_types() -> None:
    assert len(TYPES) >= 20


@every_type
def test_has_a_file_and_a_test_of_its_own_name(component_type: type[Component]) -> None:
    name = component_type.type_name()

    assert component_type.__module__ == f"energysim.components.{name}"
    assert (ROOT / "tests" / "components" / f"test_{name}.py").is_file()


@every_type
def test_docstring_names_its_sources(component_type: type[Component]) -> None:
    text = component_type.__doc__ or ""

    assert re.search(r"References\n\s*-{10}\n\s*\.\. \[1\] \S", text), "a References section with at least [1]"
    assert re.search(r"\[1\]_", text), "the text says where [1] is used"


@every_type
def test_example_is_an_entry_of_its_type(component_type: type[Component]) -> None:
    entries = YAML(typ="safe").load(component_type.example)
    own = [entry for entry in _mappings(entries) if entry.get("type") == component_type.type_name()]

    assert own, f"an entry with  type: {component_type.type_name()}"


@every_type
def test_look_is_a_colour(component_type: type[Component]) -> None:
    assert isinstance(component_type.look, Look)
    assert re.fullmatch("#[0-9a-f]{6}", component_type.look.colour)


@every_type
def test_each_declared_thing_has_its_sentence(component_type: type[Component]) -> None:
    words = [component_type.declared(word) for word in (Port, Variable, Rule, Effect, FlowFormula, Derived, Measure)]
    silent = [name for declared in words for name, word in declared.items() if not word.meaning.endswith(".")]
    silent += [name for name, field in component_type.model_fields.items() if not field.description]

    assert not silent, "without a sentence that ends with a full stop"


def test_no_two_types_share_a_look() -> None:
    looks = [(component_type.look.colour, component_type.look.order) for component_type in TYPES]

    assert len(set(looks)) == len(looks)


def _mappings(value: object) -> list[dict]:
    if isinstance(value, dict):
        return [value] + [inner for part in value.values() for inner in _mappings(part)]
    if isinstance(value, list):
        return [inner for part in value for inner in _mappings(part)]
    return []
