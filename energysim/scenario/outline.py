"""The sections of a scenario file, in one table: reading, merging, help and the schema for editors all ask it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from energysim.scenario.contracts import Contract
from energysim.scenario.groups import Group
from energysim.scenario.network import Network
from energysim.scenario.sections import Actor, Economy, EffectPolicy, Fuel, Place, SolverOptions
from energysim.scenario.simulation import Security, Simulation
from energysim.scenario.time_section import TimeSection


@dataclass(frozen=True)
class Outlined:
    """What is known about a section before any scenario is read."""

    model: type[BaseModel] | None = None
    """Record it holds; None where it is a plain value, and for components, whose record follows from their type."""
    is_named: bool = False
    """Whether it holds one record for each name."""
    needed: str = ""
    """What it is for, where no scenario does without it."""
    told: str = ""
    """What it is, where it has no record whose docstring says so."""
    schema: Mapping[str, Any] = field(default_factory=dict)
    """JSON schema of a plain value."""


_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}

OUTLINE: Mapping[str, Outlined] = {
    "scenario": Outlined(
        needed="It is the title, such as  scenario: Our town in 2030.",
        told="Title, in any language.",
        schema=_TEXT,
    ),
    "description": Outlined(told="What the scenario is about; shown in the report.", schema=_TEXT),
    "extends": Outlined(
        told="File, or list of files, that this one builds on. Mappings merge, the later wins, null takes out.",
        schema={"anyOf": [_TEXT, _TEXTS]},
    ),
    "extensions": Outlined(
        told="Python files with component types of your own; run only with --allow-extensions.", schema=_TEXTS
    ),
    "time": Outlined(TimeSection, needed="It says which hours are modelled, such as  time: {year: 2030}."),
    "economy": Outlined(
        Economy, needed="It says how money is counted, such as  economy: {currency: SEK, discount_rate: 5 %}."
    ),
    "places": Outlined(Place, is_named=True),
    "actors": Outlined(Actor, is_named=True),
    "fuels": Outlined(Fuel, is_named=True),
    "networks": Outlined(
        Network,
        is_named=True,
        needed="It names what flows between components, such as  networks: {grid: {carrier: electricity}}.",
    ),
    "components": Outlined(
        is_named=True,
        needed="It names the plants, demands and stores.",
        told="Plants, demands and stores by name; the type of each says which keys it has.",
    ),
    "contracts": Outlined(Contract, is_named=True),
    "effects": Outlined(EffectPolicy, is_named=True),
    "groups": Outlined(Group, is_named=True),
    "solver": Outlined(SolverOptions),
    "simulation": Outlined(Simulation),
    "security": Outlined(Security),
    "seed": Outlined(
        told="Whole number that fixes all random weather, prices and outages; 0 where absent.",
        schema={"type": "integer"},
    ),
    "variants": Outlined(
        told="Named changes, chosen with --variant: {cold_year: {places.lulea.climate: lulea_cold}}.",
        schema={"type": "object"},
    ),
}
"""Every top-level key of a scenario."""

NEEDED = {name: section.needed for name, section in OUTLINE.items() if section.needed}
"""Sections without which there is no scenario, and what they are for."""
NAMED = tuple(name for name, section in OUTLINE.items() if section.is_named)
"""Sections that hold one record for each name."""
RECORDS = {name: section.model for name, section in OUTLINE.items() if section.model is not None}
"""Model of each section that has one."""
MAY_BE_LEFT_OUT = tuple(name for name in RECORDS if name not in NEEDED)
"""Sections that a change may begin, as  --set solver.method=ipx  does in a file without the section."""
