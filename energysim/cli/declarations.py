"""What a type declares, in the words and the order in which every page tells it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from energysim.declare import Component, Declared, Derived, Effect, FlowFormula, Measure, Port, Rule

_SECTIONS: tuple[tuple[str, Any], ...] = (
    ("Flows that follow", FlowFormula),
    ("Worked out before", Derived),
    ("Rules", Rule),
    ("Effects", Effect),
    ("Measured", Measure),
)


@dataclass(frozen=True)
class Told:
    """One thing a type declares."""

    name: str
    meaning: str
    key: str = ""
    """Of a port: what a scenario calls it."""


def connections(kind: type[Declared]) -> list[Told]:
    """List the ports of a component type; a trait has none."""
    if not issubclass(kind, Component):
        return []
    found = []
    for name, port in kind.declared(Port).items():
        optional = ", may be left out" if port.is_optional else ""
        told = f"{port.meaning} ({port.carrier or 'any carrier'}, {port.direction.value}{optional})"
        found.append(Told(name, told, port.key))
    return found


def sections(kind: type[Declared]) -> Iterator[tuple[str, list[Told]]]:
    """Walk what else a type declares, by kind of word: title, and what there is; empty ones are left out."""
    for title, word in _SECTIONS:
        found = [
            Told(name, f"{one.meaning} [{one.unit}]" if word is Measure else one.meaning)
            for name, one in dict(kind.declared(word)).items()
        ]
        if found:
            yield title, found
