"""What varies in a study: values of a key, a range, or named cases; and a point in all of them."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from energysim.scenario.sections import Section
from energysim.study.base import VARIANT, Changes

Shown = float | str
"""A number in the factor's unit, or a word."""


@dataclass(frozen=True)
class Choice:
    """One value a factor takes."""

    shown: Shown
    changes: Changes
    label: str = ""
    """For readers, such as ``305 SEK/MWh``."""


@dataclass(frozen=True)
class Case:
    """One run to be: what changes, and where it stands among the others."""

    changes: dict[str, Any]
    point: dict[str, Shown] = field(default_factory=dict)
    """Value of each factor by its name."""
    role: str = "case"
    """What the method wants with it, such as ``base``."""
    year: int | None = None
    """Number of the uncertain year to be simulated; None for a run of the scenario."""

    @property
    def name(self) -> str:
        """For messages."""
        return ", ".join(f"{key} = {value}" for key, value in self.point.items()) or self.role


class Vary(Section):
    """How one thing varies: ``values``, a range ``from`` and ``to``, or named ``cases``."""

    label: str = ""
    """Name shown to readers."""
    values: list[Any] | None = Field(None, min_length=1)
    """Values one by one."""
    start: Any = Field(None, alias="from")
    """Lower end of a range."""
    end: Any = Field(None, alias="to")
    """Upper end of a range."""
    steps: int | None = Field(None, ge=2)
    """Values of a range on a grid, both ends among them; 5 where not said."""
    distribution: Literal["uniform", "log_uniform", "triangular"] = "uniform"
    """How likely the values of a range are, where they are drawn."""
    mode: Any = None
    """Likeliest value of a triangular distribution."""
    cases: Mapping[str, Mapping[str, Any]] | None = None
    """Named changes, each with the keys it changes."""
    source: str = ""
    """Where the range comes from."""
    confidence: Literal["", "known", "expert", "assumption"] = ""
    """How sure it is."""

    @model_validator(mode="after")
    def _is_one_kind(self) -> Self:
        kinds = [self.values is not None, self.start is not None or self.end is not None, self.cases is not None]
        if sum(kinds) != 1:
            raise ValueError(
                "one of  values: [...] ,  {from: ..., to: ...}  and  cases: {...}  is needed, and only one of them."
            )
        is_range = kinds[1]
        if is_range and (self.start is None or self.end is None):
            raise ValueError("a range needs both ends, 'from' and 'to'.")
        if not is_range and (self.steps or self.mode is not None or self.distribution != "uniform"):
            raise ValueError("'steps', 'distribution' and 'mode' belong to a range with 'from' and 'to'.")
        if (self.mode is not None) != (self.distribution == "triangular"):
            raise ValueError("'mode' is the likeliest value of  distribution: triangular ; they go together.")
        return self


_QUANTITY = re.compile(
    r"\s*(?P<number>[+-]?(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d[\d_]*|(?=\.\d))(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r"[ \u00a0\u202f]*(?P<unit>\D.*?)?\s*"
)


def quantity(value: Any) -> tuple[float, str] | None:
    """Part a quantity into number and unit as written; None where it is no number.

    Examples
    --------
    >>> quantity("1 200 SEK/MWh"), quantity(0.5), quantity("5 %"), quantity("crisis")
    ((1200.0, 'SEK/MWh'), (0.5, ''), (5.0, '%'), None)
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value), ""
    match = _QUANTITY.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    return float(re.sub("[ _\u00a0\u202f]", "", match["number"])), match["unit"] or ""


@dataclass(frozen=True)
class Factor:
    """One thing that varies."""

    name: str
    """Key of the scenario, or the name of several cases."""
    label: str
    unit: str = ""
    """As written; empty where values have none or are words."""
    choices: tuple[Choice, ...] = ()
    """Values one by one; empty for a range."""
    low: float = math.nan
    high: float = math.nan
    """Ends of a range."""
    steps: int = 5
    distribution: str = "uniform"
    mode: float = math.nan
    source: str = ""
    confidence: str = ""

    @property
    def is_range(self) -> bool:
        """Whether it takes any value between two ends."""
        return not self.choices

    @property
    def is_number(self) -> bool:
        """Whether its values are numbers of one unit."""
        return self.is_range or all(isinstance(choice.shown, float) for choice in self.choices)

    def grid(self) -> tuple[Choice, ...]:
        """Values on a grid: the list, or a range cut into steps."""
        if self.choices:
            return self.choices
        return tuple(self.at_number(float(x)) for x in np.linspace(self.low, self.high, self.steps))

    def ends(self) -> tuple[Choice, Choice]:
        """First and last value."""
        if self.choices:
            return self.choices[0], self.choices[-1]
        return self.at_number(self.low), self.at_number(self.high)

    def at(self, share: float) -> Choice:
        """Value below which a share of all draws lies; a list takes its values equally often.

        Parameters
        ----------
        share : float
            From 0 to 1.
        """
        if self.choices:
            return self.choices[min(int(share * len(self.choices)), len(self.choices) - 1)]
        span = self.high - self.low
        if self.distribution == "log_uniform":
            return self.at_number(self.low * (self.high / self.low) ** share)
        if self.distribution == "triangular":
            rise = (self.mode - self.low) / span
            if share < rise:
                return self.at_number(self.low + span * math.sqrt(share * rise))
            return self.at_number(self.high - span * math.sqrt((1.0 - share) * (1.0 - rise)))
        return self.at_number(self.low + span * share)

    def at_number(self, number: float) -> Choice:
        """One value of a range."""
        written = f"{number!r} {self.unit}".strip() if self.unit else number
        return Choice(number, {self.name: written}, f"{number:.6g} {self.unit}".strip())


def combined(factors: tuple[Factor, ...], choices: tuple[Choice, ...], role: str = "case") -> Case:
    """Join one value of each factor into a case."""
    changes: dict[str, Any] = {}
    for choice in choices:
        changes.update(choice.changes)
    point = {factor.name: choice.shown for factor, choice in zip(factors, choices, strict=True)}
    return Case(changes, point, role)


def factor_of(name: str, vary: Vary) -> Factor:
    """Turn a checked entry of ``vary`` into a factor.

    Raises
    ------
    ValueError
        With the sentences of a problem, when ends of a range do not fit each other.
    """
    # A key by path is shown by its last two words: which component, and what of it.
    label = vary.label or " ".join(name.split(".")[-2:]).replace("_", " ")
    sourced: dict[str, Any] = {"source": vary.source, "confidence": vary.confidence}
    if vary.cases is not None:
        choices = tuple(Choice(word, dict(changes), word) for word, changes in vary.cases.items())
        return Factor(name, label, choices=choices, **sourced)
    if vary.values is not None:
        return _listed(name, label, vary.values, sourced)
    low, high, unit = _ends(vary.start, vary.end)
    mode = math.nan
    if vary.mode is not None:
        found = quantity(vary.mode)
        if found is None or found[1] != unit or not low <= found[0] <= high:
            raise ValueError(f"'mode' is {vary.mode}. It must lie between the ends and have their unit.")
        mode = found[0]
    if vary.distribution == "log_uniform" and low <= 0.0:
        raise ValueError(f"'from' is {vary.start}. A log_uniform range must begin above zero.")
    return Factor(name, label, unit, (), low, high, vary.steps or 5, vary.distribution, mode, **sourced)


def _listed(name: str, label: str, values: list[Any], sourced: dict[str, Any]) -> Factor:
    parts = [quantity(value) for value in values]
    units = {part[1] for part in parts if part is not None}
    is_number = name != VARIANT and None not in parts and len(units) == 1
    choices = []
    for value, part in zip(values, parts, strict=True):
        text = ("as it is" if name == VARIANT else "none") if value is None else str(value)
        shown: Shown = part[0] if is_number and part is not None else text
        choices.append(Choice(shown, {name: value}, text))
    return Factor(name, label, units.pop() if is_number else "", tuple(choices), **sourced)


def _ends(start: Any, end: Any) -> tuple[float, float, str]:
    low, high = quantity(start), quantity(end)
    for word, given, part in (("from", start, low), ("to", end, high)):
        if part is None:
            raise ValueError(f"'{word}' is {given}, which is no number with a unit. Ranges run between numbers.")
    assert low is not None
    assert high is not None
    if low[1] != high[1]:
        raise ValueError(
            f"'from' is in {low[1] or 'no unit'}, 'to' in {high[1] or 'no unit'}. Write both in the same unit."
        )
    if not low[0] < high[0]:
        raise ValueError(f"'from' is {start}, 'to' is {end}. 'from' must be the smaller one.")
    return low[0], high[0], low[1]
