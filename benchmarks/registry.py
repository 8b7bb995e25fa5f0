"""Which cases there are, in which phases they are timed, and who builds them."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True)
class RegionalCase:
    """The regional case, built three ways."""

    name: str
    meaning: str
    towns: int
    steps: int
    rounds: int = 3
    """Fresh processes per builder."""
    is_promised: bool = False
    """Whether the house promises its ratios."""


@dataclass(frozen=True)
class ParkCase:
    """Every component type in every town, heat by temperature; measured against a floor of its own."""

    name: str
    meaning: str
    steps: int


@dataclass(frozen=True)
class ScenarioCase:
    """A scenario file, from its text to the measured result."""

    name: str
    meaning: str
    path: str


@dataclass(frozen=True)
class Builder:
    """A way to bring the regional case to arrays."""

    name: str
    meaning: str
    module: str
    """Has ``load(region)``, ``build(loaded)`` and ``assemble(built) -> dict of arrays``."""
    repeats: int
    """Builds per process; the quickest counts."""

    def phase(self, name: str) -> Callable[[Any], Any]:
        """Import the module and take one of its phases."""
        phase: Callable[[Any], Any] = getattr(import_module(self.module), name)
        return phase


REGIONAL = {
    case.name: case
    for case in (
        RegionalCase("smoke", "two towns, two weeks", towns=2, steps=336, rounds=1),
        RegionalCase("town", "one town, a year", towns=1, steps=8760),
        RegionalCase("region", "five towns, a year: about a million columns", towns=5, steps=8760, is_promised=True),
    )
}
PARKS = {
    case.name: case
    for case in (
        ParkCase("small_park", "every type in five towns, two days", steps=48),
        ParkCase("park", "every type in five towns, heat by temperature, a year", steps=8760),
    )
}
SCENARIOS = {
    case.name: case
    for case in (
        ScenarioCase("hours", "three hours, solvable by hand", "scenarios/01_three_hours.yaml"),
        ScenarioCase("lulea", "Luleå through a year", "scenarios/lulea.yaml"),
    )
}
BUILDERS = {
    builder.name: builder
    for builder in (
        Builder("floor", "by hand in NumPy", "benchmarks.floor", repeats=7),
        Builder("ours", "energysim", "benchmarks.ours", repeats=7),
        Builder("park", "energysim, all types", "benchmarks.park", repeats=5),
        Builder("park_floor", "all types by hand", "benchmarks.park_floor", repeats=5),
        Builder("linopy", "linopy", "benchmarks.peer_linopy", repeats=2),
    )
}
REGIONAL_BUILDERS = ("floor", "ours", "linopy")
"""Who builds the regional case."""
BUDGETS = {
    "ours over floor": "at most 2.5",
    "linopy over ours": "at least 15",
    "peak memory over arrays": "at most 1.5",
}
