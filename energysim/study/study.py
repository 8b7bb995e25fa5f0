"""A study, read and checked: what varies, by which method, and what is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import Field

from energysim.declare import Share
from energysim.scenario.sections import Section
from energysim.study.base import Base, Changes
from energysim.study.factor import Case, Factor, Vary

METHOD_NAMES = (
    "sweep", "tornado", "latin_hypercube", "sobol_sequence", "sobol", "morris", "table", "regret", "outages",
    "switching", "years",
)  # fmt: skip
"""Methods a study may ask for; :mod:`energysim.study.methods` has one file for each family."""


class FutureEntry(Section):
    """One branch of a tree of futures."""

    probability: Share
    """How likely it is among its siblings."""
    changes: Mapping[str, Any] = Field(default_factory=dict)
    """Keys it changes and what they become."""
    then: "Mapping[str, FutureEntry]" = Field(default_factory=dict)
    """What may follow it."""
    source: str = ""
    """Where the probability comes from."""
    confidence: Literal["", "known", "expert", "assumption"] = ""
    """How sure it is."""


class TableEntry(Section):
    """A file with one case in each row; its headings are keys of the scenario, with a unit in brackets where fit."""

    csv: str | None = None
    """File with comma-separated values, beside the study or below."""
    excel: str | None = None
    """Excel file."""
    sheet: str | None = None
    """Sheet of the Excel file; the first where not said."""


class StudyFile(Section):
    """The keys of a study file."""

    study: str
    """Title, such as  study: What decides the heat price."""
    description: str = ""
    """What the study is to find out."""
    scenario: str
    """Scenario file it starts from, relative to the study."""
    variant: str | None = None
    """Variant of the scenario that holds for every run."""
    changes: Mapping[str, Any] = Field(default_factory=dict)
    """Keys changed in every run and what they become."""
    method: Literal[METHOD_NAMES]  # type: ignore[valid-type]
    """How runs are chosen and what is read from them."""
    engine: Literal["optimise", "rolling"] = "optimise"
    """Engine of each run."""
    seed: int = Field(0, ge=0)
    """Of everything drawn."""
    samples: int | None = Field(None, ge=1)
    """Draws; for  sobol  and  morris  of each factor; for  years  their number."""
    vary: Mapping[str, Vary] = Field(default_factory=dict)
    """What varies, by key of the scenario or by a name of its own."""
    stated_ranges: bool = False
    """Whether every figure of the scenario that states a low and a high varies between them, beside  vary."""
    table: TableEntry | None = None
    """File with a case in each row."""
    decisions: Mapping[str, Mapping[str, Any] | None] = Field(default_factory=dict)
    """What can be decided: names, each with the keys it changes."""
    futures: Mapping[str, FutureEntry] = Field(default_factory=dict)
    """What may come: a tree with probabilities."""
    network: str | None = None
    """Heat network whose suppliers stop one by one; all heat networks where not said."""
    watch: str | None = None
    """Figure whose vanishing is looked for, such as built.dairy_heat.connection."""
    tolerance: Any = None
    """How closely the switching value is found."""
    asked: list[str] = Field(default_factory=list)
    """Figures the report is about; total cost and heat prices where not said."""
    series: list[str] = Field(default_factory=list)
    """Arrays kept of every run, such as flow or price."""


@dataclass(frozen=True)
class Future:
    """A leaf of the tree: one way things may come."""

    name: str
    probability: float
    changes: Changes


@dataclass(frozen=True)
class Study:
    """Everything that makes the runs of a study and what is read from them."""

    title: str
    base: Base
    method: str
    description: str = ""
    engine: str = "optimise"
    seed: int = 0
    samples: int = 0
    factors: tuple[Factor, ...] = ()
    rows: tuple[Case, ...] = ()
    """Cases of a table."""
    decisions: Mapping[str, Changes] = field(default_factory=dict)
    futures: tuple[Future, ...] = ()
    network: str = ""
    watch: str = ""
    tolerance: float = 0.0
    """In the unit of the factor that is varied."""
    asked: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    path: str = ""
    text: str = ""
    """The file as it was read."""
    inputs: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of the study file and its tables."""
