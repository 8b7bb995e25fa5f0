"""The checked scenario: everything a run needs, frozen, each value knowing where it came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from ruamel.yaml import YAML

from energysim.declare import Component
from energysim.scenario.annotations import Assumption
from energysim.scenario.contracts import Contract
from energysim.scenario.groups import Group
from energysim.scenario.horizon import Horizon
from energysim.scenario.network import Network
from energysim.scenario.read import Origin
from energysim.scenario.sections import Actor, Economy, EffectPolicy, Fuel, Place, SolverOptions
from energysim.scenario.simulation import Security, Simulation

__all__ = ["Assumption", "Origin", "Place", "Scenario"]


@dataclass(frozen=True)
class Scenario:
    """A region, its plants and what is asked of them."""

    title: str
    horizon: Horizon
    economy: Economy
    components: Mapping[str, Component]
    networks: Mapping[str, Network]
    path: str = ""
    """File as the user typed it."""
    description: str = ""
    variant: str | None = None
    places: Mapping[str, Place] = field(default_factory=dict)
    actors: Mapping[str, Actor] = field(default_factory=dict)
    fuels: Mapping[str, Fuel] = field(default_factory=dict)
    contracts: Mapping[str, Contract] = field(default_factory=dict)
    effects: Mapping[str, EffectPolicy] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    solver: SolverOptions = field(default_factory=SolverOptions)
    simulation: Simulation = field(default_factory=Simulation)
    security: Security | None = None
    seed: int = 0
    origins: Mapping[str, Origin] = field(default_factory=dict)
    """Dotted path to where it was written."""
    assumptions: tuple[Assumption, ...] = ()
    resolved: Mapping[str, Any] = field(default_factory=dict)
    """Merged plain tree that loads again to the same scenario."""
    inputs: Mapping[str, str] = field(default_factory=dict)
    """Every file read, relative to the scenario's folder, with its SHA-256."""

    def to_yaml(self) -> str:
        """Write the resolved scenario as YAML."""
        stream = StringIO()
        writer = YAML()
        writer.width = 120
        writer.dump(dict(self.resolved), stream)
        return stream.getvalue()
