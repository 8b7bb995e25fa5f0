"""Which columns a system has: hourly blocks, columns that exist once, start levels."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from energysim.declare import Variable
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
    starts: Mapping[Key, int]
    """Global column with the value before the first hour, where the horizon is no ring."""
    declarations: Mapping[Key, Variable]

    @property
    def start_of_block(self) -> dict[int, int]:
        """Start column by block."""
        return {self.hourly[key]: column for key, column in self.starts.items()}

    @property
    def global_count(self) -> int:
        """Number of global columns."""
        return len(self.once) + len(self.starts)

    @property
    def global_names(self) -> tuple[str, ...]:
        """Names of the global columns, in order."""
        starts = (f"{component}.{name}.start" for component, name in self.starts)
        return (*(".".join(key) for key in self.once), *starts)


def lay_out(system: System) -> Columns:
    """Number the columns in the order of the components and of their declarations."""
    hourly: dict[Key, int] = {}
    once: dict[Key, int] = {}
    open_ended: list[Key] = []
    declarations: dict[Key, Variable] = {}
    for component in system.components.values():
        for name, (part, variable) in variables_of(component).items():
            key = (component.name, name)
            declarations[key] = variable
            target = hourly if variable.per == "hour" else once
            target[key] = len(target)
            if variable.initial is not None and getattr(part, variable.initial) is not None:
                open_ended.append(key)
    starts = {key: len(once) + number for number, key in enumerate(open_ended)}
    return Columns(hourly, once, starts, declarations)
