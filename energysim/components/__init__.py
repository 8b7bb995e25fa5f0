"""One file per component type, and the register that finds them."""

import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache, partial
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

from energysim.declare import Component
from energysim.errors import DeclarationError

ENTRY_POINTS = "energysim.components"
"""Group under which an installed package offers component types."""

_EXTENSION = "energysim_extension_"
"""What the names of extension files begin with in the list of modules."""

_extended: dict[str, type[Component]] = {}


class Types(Mapping[str, type[Component]]):
    """Component types by name; a type's file is read when the type is first asked for."""

    def __init__(self, sources: Mapping[str, Callable[[], type[Component]]]) -> None:
        self._sources = sources

    def __getitem__(self, name: str) -> type[Component]:
        return self._sources[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)


def component_types() -> Types:
    """List every component type by its name: the house's, installed packages', loaded extensions'.

    Raises
    ------
    DeclarationError
        When two types have one name.
    """
    sources = dict(_shipped())
    for name, kind in _extended.items():
        if name in sources and sources[name]() is not kind:
            raise DeclarationError(
                f"Two component types are called '{name}': in {sources[name]().__module__} and in {kind.__module__}."
            )
        sources[name] = partial(_same, kind)
    return Types(sources)


def forget_extensions() -> None:
    """Drop the types of files loaded before, so that one scenario's types are not another's."""
    _extended.clear()


def load_extension(path: str | Path) -> list[type[Component]]:
    """Run a Python file and register the component types in it.

    Only ever called when the user allowed it.

    Raises
    ------
    DeclarationError
        When the file cannot be run, or holds no component type.
    """
    path = Path(path)
    module = _imported(path) or _run(path)
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


def _imported(path: Path) -> ModuleType | None:
    """Find the module of a file that somebody has imported under a name of his own, as tests do."""
    file = str(path.resolve())
    names = [name for name, module in sys.modules.items() if getattr(module, "__file__", None) == file]
    return next((sys.modules[name] for name in names if not name.startswith(_EXTENSION)), None)


def _run(path: Path) -> ModuleType:
    """Run a file anew."""
    spec = importlib.util.spec_from_file_location(f"{_EXTENSION}{path.stem}", path)
    if spec is None or spec.loader is None:
        raise DeclarationError(f"'{path}' is not a Python file.")
    module = importlib.util.module_from_spec(spec)
    # Whoever reads sentences below parameters finds the file through the list of modules.
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[spec.name]
        raise DeclarationError(f"'{path}' cannot be run: {type(error).__name__}: {error}") from error
    return module


def add_type(kind: type[Component]) -> None:
    """Make a type known to the scenario being read."""
    _extended[kind.type_name()] = kind


@lru_cache(maxsize=1)
def _shipped() -> dict[str, Callable[[], type[Component]]]:
    """Where each type comes from: a file of this folder named as the type, or an installed package."""
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    sources: dict[str, Callable[[], type[Component]]] = {name: partial(_from_file, name) for name in names}
    for point in entry_points(group=ENTRY_POINTS):
        if point.name in sources:
            raise DeclarationError(
                f"Two component types are called '{point.name}': the house's own and that of {point.value}."
            )
        sources[point.name] = point.load
    return sources


@cache
def _from_file(name: str) -> type[Component]:
    """Import the one type of a file."""
    found = _types_in(importlib.import_module(f"{__name__}.{name}"))
    (kind,) = (kind for kind in found if kind.type_name() == name)
    return kind


def _same(kind: type[Component]) -> type[Component]:
    return kind


def _types_in(module: ModuleType) -> list[type[Component]]:
    members = vars(module).values()
    return [
        member
        for member in members
        if isinstance(member, type) and issubclass(member, Component) and member.__module__ == module.__name__
    ]
