"""The words of :mod:`energysim.declare`: ports, variables, rules, effects, and what a component may ask about."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Found = TypeVar("Found")


class Direction(Enum):
    """Which way a port's flow goes, seen from the component."""

    IN = "in"
    """The component takes from the node."""
    OUT = "out"
    """The component gives to the node."""


@dataclass(frozen=True)
class Port:
    """Where a component meets a network; its flow is never negative."""

    direction: Direction
    carrier: str | None
    """Carrier the node must have; ``fuel`` for any fuel, None for any carrier."""
    key: str
    """YAML key that names the network or fuel, such as ``to``."""
    meaning: str
    """One sentence on what flows."""
    is_optional: bool = False
    """Whether it may stay unconnected; its flow then comes from or goes to the surroundings, free."""
    unit: str | None = None
    """What the network must be counted in, ``MWh`` or ``t``; None where the carrier says it or any will do."""
    refuses: tuple[str, ...] = ()
    """Carriers that make no sense here, where any other will do."""
    is_end_use: bool = False
    """Whether the flow reaches its users through the distribution network and so carries its losses."""


@dataclass(frozen=True)
class Variable:
    """A quantity the optimiser or the simulation decides."""

    unit: str
    meaning: str
    lower: float = 0.0
    upper: float = np.inf
    per: str = "hour"
    """``hour`` for one value a step, ``day`` or ``month`` for one in each, ``horizon`` for one value in all."""
    initial: str | None = None
    """Field that gives the value before the first hour; where that field is None the horizon is a ring."""
    is_integer: bool = False


@dataclass(frozen=True)
class Rule:
    """A fact that holds, in every hour or once over the horizon."""

    name: str
    meaning: str
    formula: Callable[..., Any]
    every: str
    """``hour`` or ``horizon``."""
    skips_first: bool
    """Whether hours are left out from which the rule looks back beyond the beginning, in whatever it looks at."""


@dataclass(frozen=True)
class Effect:
    """What running or owning a component costs or emits."""

    name: str
    meaning: str
    formula: Callable[..., Any]
    effect: str
    """``cost``, ``co2`` or any other name."""
    every: str
    """``hour`` for a rate per hour, ``day`` or ``month`` for an amount in each, ``year`` for a yearly amount, ``end``
    for an amount counted once."""

    @property
    def is_once(self) -> bool:
        """Whether it is one amount over the horizon."""
        return self.every in ("year", "end")

    paid_as: str = "resource"
    """``resource`` for what is used up, ``tariff`` for what a grid is paid, ``tax`` for what the state takes or gives
    and society keeps."""


@dataclass(frozen=True)
class FlowFormula:
    """A port's flow as a formula of other variables, instead of a variable of its own."""

    port: str
    meaning: str
    formula: Callable[..., Any]


@dataclass(frozen=True)
class Offer:
    """How much an output could give at most, of which the plan takes what it likes, hottest or coldest part."""

    port: str
    meaning: str
    formula: Callable[..., Any]


@dataclass(frozen=True)
class Span:
    """Temperatures of the network's own water between which a port gives or takes heat.

    The two ends may be equal: heat at one temperature, as from steam. Minus infinity takes whatever is coldest.
    """

    hot: float | Array
    """[degC] (step,)"""
    cold: float | Array
    """[degC] (step,)"""


@dataclass(frozen=True)
class Potential:
    """What a component could give or take at most by a port, known before any plan; screening asks for it."""

    port: str
    gives: bool
    amount: float | Array
    """[MW] or [t/h] (step,)"""
    inlet: float | None = None
    """Temperature at which its own heat comes; None for the network's own, or for what is no heat. [degC]"""
    outlet: float | None = None
    """Temperature at which it goes. [degC]"""
    approach: float | None = None
    """Temperature difference its exchanger needs; the network's where None. [K]"""


@dataclass(frozen=True)
class Derived:
    """A series worked out before the model is built."""

    name: str
    meaning: str
    unit: str
    formula: Callable[..., Any]


@dataclass(frozen=True)
class Measure:
    """A figure measured on solved hours."""

    name: str
    meaning: str
    unit: str
    formula: Callable[..., Any]


@dataclass(frozen=True)
class Look:
    """How a type appears in every picture."""

    colour: str
    """Hex colour, such as ``#b5543a``."""
    order: int = 50
    """Place in stacked plots: low numbers lie at the bottom."""


class Surroundings(Protocol):
    """What a component may ask about the world when its series are derived."""

    @property
    def hours(self) -> Array:
        """Length of each step. [h] (step,)"""

    @property
    def stamps(self) -> Any:
        """Start of each step, UTC. (step,)"""

    @property
    def location(self) -> tuple[float, float]:
        """Latitude and longitude of the component's place. [degrees]"""

    @property
    def has_weather(self) -> bool:
        """Whether the outdoor temperature is known."""

    @property
    def outdoor(self) -> Array:
        """Outdoor temperature at the component's place. [degC] (step,)"""

    @property
    def outdoor_year(self) -> Array:
        """The same hour by hour over the whole calendar years. [degC] (hour of the years,)"""

    @property
    def usual_year(self) -> Array:
        """The same of the place's normal year, for which yearly amounts are told. [degC] (hour of the years,)"""

    @property
    def calendar(self) -> Any:
        """``local_hour``, ``weekday``, ``month``, ``day_of_year`` of each step. (step,)"""

    @property
    def year_calendar(self) -> Any:
        """The same for each hour of the whole calendar years. (hour of the years,)"""

    @property
    def years(self) -> int:
        """Number of calendar years touched."""

    def to_steps(self, hourly: Array) -> Array:
        """Bring hours of the whole calendar years to the steps. (step,)"""

    def network(self, port: str) -> Any:
        """What lies at a port: ``carrier``, ``co2`` [t/MWh], ``supply``, ``returned`` [degC] (step,), ``approach``."""

    def is_connected(self, port: str) -> bool:
        """Whether a port is connected."""

    def shared(self, key: Hashable, work: Callable[[], Found]) -> Found:
        """Work something out once for all at this place who ask with the same key."""


def rule(formula: Callable[..., Any] | None = None, /, *, every: str = "hour", skips_first: bool = False) -> Any:
    """Declare a fact that holds: ``(self, v, t)`` in every hour, ``(self, v)`` with ``every="horizon"``.

    The formula returns one comparison, or None where the fact does not apply to this component. With ``skips_first``
    nothing is said of the first hour where it speaks of ``t - 1``, of the first two where of ``t - 2``.
    """

    def declare(formula: Callable[..., Any]) -> Rule:
        return Rule(formula.__name__, _sentence(formula), formula, every, skips_first)

    return declare if formula is None else declare(formula)


def effect(name: str, /, *, every: str = "hour", paid_as: str = "resource") -> Callable[[Callable[..., Any]], Effect]:
    """Declare what is paid or emitted.

    The formula gives a rate per hour ``(self, v, t)``; with ``every="day"`` or ``"month"`` an amount
    ``(self, v, t)`` for the day or month of ``t``; with ``every="year"`` an amount ``(self, v)`` of
    which the horizon carries its share; with ``every="end"`` one that counts in full, such as what is left at the end.
    """

    def declare(formula: Callable[..., Any]) -> Effect:
        return Effect(formula.__name__, _sentence(formula), formula, name, every, paid_as)

    return declare


def flow(port: str, /) -> Callable[[Callable[..., Any]], FlowFormula]:
    """Declare a port's flow as a formula ``(self, v, t)`` of other variables. [MW]"""

    def declare(formula: Callable[..., Any]) -> FlowFormula:
        return FlowFormula(port, _sentence(formula), formula)

    return declare


def offer(port: str, /) -> Callable[[Callable[..., Any]], Offer]:
    """Declare what an output could give ``(self, v, t)``; the plan takes what it likes of each temperature. [MW]"""

    def declare(formula: Callable[..., Any]) -> Offer:
        return Offer(port, _sentence(formula), formula)

    return declare


def derived(unit: str, /) -> Callable[[Callable[..., Any]], Derived]:
    """Declare a series ``(self, given)`` worked out from parameters and surroundings, before any model is built."""

    def declare(formula: Callable[..., Any]) -> Derived:
        return Derived(formula.__name__, _sentence(formula), unit, formula)

    return declare


def measure(unit: str, /) -> Callable[[Callable[..., Any]], Measure]:
    """Declare a figure ``(self, v, t)`` measured on the solved hours; here sums and maxima are welcome."""

    def declare(formula: Callable[..., Any]) -> Measure:
        return Measure(formula.__name__, _sentence(formula), unit, formula)

    return declare


def _sentence(formula: Callable[..., Any]) -> str:
    return (formula.__doc__ or "").strip().split("\n\n")[0].replace("\n", " ").strip()
