"""Hostile figures in the example of a type: what no plant has, in every place where a figure may stand."""

import re
from collections.abc import Iterator
from typing import Annotated, Any, get_args

from energysim.declare import Component
from energysim.quantities import Series, Unit
from energysim.scenario.read import parse_tree

FIGURES = ("0", "1e-9", "-1", "1e9", "1e30", "nan", "inf")
"""What stands for each number in turn: nothing, next to nothing, less than nothing, too much, and no number."""
EXTREME = ("1e-9", "1e9")
"""Of these, what is a number and may be meant, but is far from what any plant has."""
_QUANTITY = re.compile(r"^([-+]?\d[\d.]*(?:e[-+]?\d+)?)\s*(\S.*)?$", re.IGNORECASE)

Entry = dict[str, Any]


def hostile_entries(kind: type[Component]) -> Iterator[tuple[str, str, Entry]]:
    """Walk the places of a type's example with each figure in turn: place, figure, entries of the scenario."""
    entries = parse_tree(kind.example, "example").data
    own = next(name for name, entry in entries.items() if entry.get("type") == kind.type_name())
    places = dict(_figures(entries[own]))
    for name, field in kind.model_fields.items():
        symbol = next((word.symbol for word in _words(Annotated[field.annotation, None, *field.metadata])), None)
        if symbol is not None and (name,) not in places and name not in entries[own]:
            places[name,] = "" if symbol == "1" else symbol.replace("money", "EUR")
    for path, unit in places.items():
        for figure in FIGURES:
            value = f"{figure} {unit}" if unit else float(figure)
            yield ".".join(map(str, path)), figure, {**entries, own: _replaced(entries[own], path, value)}


def _figures(given: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Walk the numbers of an entry, each with its unit."""
    if isinstance(given, dict):
        for key, value in given.items():
            yield from _figures(value, (*path, key))
    elif isinstance(given, list):
        for number, value in enumerate(given):
            yield from _figures(value, (*path, number))
    elif isinstance(given, int | float) and not isinstance(given, bool):
        yield path, ""
    elif isinstance(given, str) and (found := _QUANTITY.match(given)):
        yield path, found.group(2) or ""


def _words(annotation: Any) -> Iterator[Unit | Series]:
    """Walk the units that an annotation names."""
    for inner in get_args(annotation):
        if isinstance(inner, Unit | Series):
            yield inner
        else:
            yield from _words(inner)


def _replaced(given: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    if isinstance(given, list):
        return [_replaced(one, path[1:], value) if n == path[0] else one for n, one in enumerate(given)]
    return {**given, path[0]: _replaced(given.get(path[0]), path[1:], value)}
