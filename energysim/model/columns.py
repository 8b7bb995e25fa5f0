"""Which columns a system has: hourly blocks, columns that exist once or once a day or month, start levels."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from energysim.declare import Variable
from energysim.model.delivered import counted
from energysim.model.forbidden import followed
from energysim.model.view import Key, variables_of
from energysim.system import System

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Columns:
    """Position of every variable."""

    hourly: Mapping[Key, int]
    """Block of each hourly variable."""
    once: Mapping[Key, int]
    """Global column of each variable that exists once."""
    grouped: Mapping[Key, int]
    """First global column of each variable of a day or month."""
    starts: Mapping[Key, int]
    """Global column with the value before the first hour, where the horizon is no ring."""
    declarations: Mapping[Key, Variable]
    globals: tuple[tuple[str, Variable], ...]
    """Name and declaration of each global column, in order."""

    @property
    def start_of_block(self) -> dict[int, int]:
        """Start column by block."""
        return {self.hourly[key]: column for key, column in self.starts.items()}


def lay_out(system: System) -> Columns:
    """Number the columns in the order of the components and of their declarations."""
    hourly: dict[Key, int] = {}
    rest: dict[str, list[Key]] = {"once": [], "grouped": [], "starts": []}
    declarations: dict[Key, Variable] = {}
    for component in system.components.values():
        for name, (part, variable) in variables_of(system, component).items():
            key = (component.name, name)
            declarations[key] = variable
            if variable.per == "hour":
                hourly[key] = len(hourly)
            else:
                rest["once" if variable.per == "horizon" else "grouped"].append(key)
            if variable.initial is not None and getattr(part, variable.initial) is not None:
                rest["starts"].append(key)
    for node in system.nodes.values():
        if node.below is not None:
            hourly[node.falling] = len(hourly)
            declarations[node.falling] = Variable("MW", f"Heat that falls from {node.title} to the level below.")
        for key, variable in (*followed(system, node), *counted(system, node)):
            hourly[key] = len(hourly)
            declarations[key] = variable
    numbered: list[tuple[str, Variable]] = []
    positions: dict[str, dict[Key, int]] = {}
    for kind, keys in rest.items():
        positions[kind] = {}
        for key in keys:
            positions[kind][key] = len(numbered)
            names, variable = _global_names(system, kind, key, declarations[key])
            numbered += [(name, variable) for name in names]
    return Columns(hourly, **positions, declarations=declarations, globals=tuple(numbered))


def _global_names(system: System, kind: str, key: Key, variable: Variable) -> tuple[list[str], Variable]:
    name = ".".join(key)
    if kind == "starts":
        return [f"{name}.start"], Variable(variable.unit, variable.meaning, variable.lower, variable.upper)
    if kind == "once":
        return [name], variable
    count = len(system.time.firsts(variable.per))
    return [f"{name}.{variable.per}{number + 1}" for number in range(count)], variable
