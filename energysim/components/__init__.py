"""One file per component type, and the register that finds them."""

import importlib
import importlib.util
import pkgutil
from functools import lru_cache
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

from energysim.declare import Component
from energysim.errors import DeclarationError

ENTRY_POINTS = "energysim.components"
"""Group under which an installed package offers component types."""

_extended: dict[str, type[Component]] = {}


def component_types() -> dict[str, type[Component]]:
    """List every component type by its name: the house's, installed packages', loaded extensions'.

    Raises
    ------
    DeclarationError
        When two types have one name.
    """
    types = dict(_shipped())
    for name, kind in _extended.items():
        _register(types, kind, name)
    return types


def forget_extensions() -> None:
    """Drop the types of files loaded before, so that one scenario's types are not another's."""
    _extended.clear()


def load_extension(path: Path) -> list[type[Component]]:
    """Run a Python file and register the component types in it.

    Only ever called when the user allowed it.

    Raises
    ------
    DeclarationError
        When the file cannot be run, or holds no component type.
    """
    spec = importlib.util.spec_from_file_location(f"energysim_extension_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise DeclarationError(f"'{path}' is not a Python file.")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise DeclarationError(f"'{path}' cannot be run: {type(error).__name__}: {error}") from error
    found = _types_in(module)
    if not found:
        raise DeclarationError(
            f"'{path}' declares no component type; a type is a subclass of energysim.declare.Component."
        )
    for kind in found:
        if kind.type_name() in _shipped():
            raise DeclarationError(
                f"'{path}' declares '{kind.type_name()}', which exists already. Give it another name."
            )
        add_type(kind)
    return found


def add_type(kind: type[Component]) -> None:
    """Make a type known to the scenario being read."""
    _extended[kind.type_name()] = kind


@lru_cache(maxsize=1)
def _shipped() -> dict[str, type[Component]]:
    types: dict[str, type[Component]] = {}
    for module in pkgutil.iter_modules(__path__):
        for kind in _types_in(importlib.import_module(f"{__name__}.{module.name}")):
            _register(types, kind, module.name)
    for point in entry_points(group=ENTRY_POINTS):
        _register(types, point.load(), point.name)
    return types


def _types_in(module: ModuleType) -> list[type[Component]]:
    members = vars(module).values()
    return [
        member
        for member in members
        if isinstance(member, type) and issubclass(member, Component) and member.__module__ == module.__name__
    ]


def _register(types: dict[str, type[Component]], kind: type[Component], where: str) -> None:
    name = kind.type_name()
    if types.get(name, kind) is not kind:
        raise DeclarationError(f"Two component types are called '{name}': in {types[name].__module__} and in {where}.")
    types[name] = kind
