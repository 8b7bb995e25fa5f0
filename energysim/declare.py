"""The words a component type is written in.

A component says what holds in one hour. ``v`` is a view of the component at work and ``t`` an hour:
``v.heat[t]`` is the flow through the port ``heat``, ``v.level[t - 1]`` a variable an hour earlier,
``v.capacity`` a size (a number in one scenario, a decision in the next), ``v.price[t]`` a parameter or a
``@derived`` series, ``v.hours[t]`` the length of the step. Rules are called once with a symbolic hour to build
the model, and once with all solved hours to check and to measure; so they are plain formulas: no ``if`` on
variables, no loop over hours, no ``min`` or ``max``.

Glossary: *component* a plant or device; *port* where it meets a network; *node* a balance of one carrier (one
temperature level of a heat network); *carrier* what flows; *flow* MW through a port, never negative; *level*
what a store holds; *effect* what is paid or emitted; *rule* what holds in every hour; *horizon* all hours.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, ClassVar, Self, TypeVar, get_args

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from energysim.errors import DeclarationError, suggestion
from energysim.own_effects import OwnEffect, own_effects, read_own
from energysim.quantities import Bounds, MayBeSubsidy, Series, Unit
from energysim.words import (
    Array,
    Derived,
    Direction,
    Effect,
    FlowFormula,
    Look,
    Measure,
    Offer,
    Port,
    Potential,
    Rule,
    Span,
    Surroundings,
    Variable,
    derived,
    effect,
    flow,
    measure,
    offer,
    rule,
)

__all__ = [
    "NO_GAS",
    "Array", "Component", "Declared", "Derived", "Difference", "Direction", "Duration", "Effect", "Emission",
    "EmissionSeries", "Energy", "Factor", "FactorSeries", "Fee", "FeeSeries", "FlowFormula", "Length", "Lifetime",
    "Look", "Measure", "Offer", "On", "Port", "Potential", "Power", "PowerSeries", "Price", "PriceSeries", "Rule",
    "Share", "ShareSeries", "Span", "Surroundings", "Temperature", "TemperatureSeries", "Trait", "Upkeep", "Variable",
    "derived", "effect", "flow", "measure", "offer", "refuse_taken", "rule",
]  # fmt: skip


Word = TypeVar("Word")

NO_GAS = ("electricity", "heat")
"""Carriers that are no gas, for ports that take any gas."""

Power = Annotated[float, Unit("MW"), Field(ge=0)]
Energy = Annotated[float, Unit("MWh"), Field(ge=0)]
Share = Annotated[float, Unit("1"), Field(ge=0, le=1)]
Factor = Annotated[float, Unit("1"), Field(ge=0)]
Price = Annotated[float, Unit("money/MWh")]
"""Of something bought or sold; below zero where its owner pays to be rid of it."""
Fee = Annotated[float, Unit("money/MWh"), Field(ge=0)]
"""For wear, pumping, cooling or a way: below zero it would pay to run in circles."""
Upkeep = Annotated[float, Unit("money/MWh"), MayBeSubsidy()]
"""Of running a plant, net of what the state gives for it; below zero a reader is told."""
Duration = Annotated[float, Unit("h"), Field(gt=0)]
Lifetime = Annotated[float, Unit("a"), Field(gt=0)]
Length = Annotated[float, Unit("km"), Field(ge=0)]
Temperature = Annotated[float, Unit("degC"), Field(gt=-273.15)]
Difference = Annotated[float, Unit("K"), Field(ge=0)]
Emission = Annotated[float, Unit("t/MWh")]

PowerSeries = Annotated[float | Array, Series("MW", Bounds(lower=0.0))]
PriceSeries = Annotated[float | Array, Series("money/MWh")]
DEAR = {"EUR": 1e3, "USD": 1e3, "GBP": 1e3, "SEK": 1e4, "NOK": 1e4, "DKK": 1e4}
"""Mean price of energy above which its unit is likelier wrong than the price is right. [money/MWh]"""
FeeSeries = Annotated[float | Array, Series("money/MWh", Bounds(lower=0.0))]
ShareSeries = Annotated[float | Array, Series("1", Bounds(lower=0.0, upper=1.0))]
FactorSeries = Annotated[float | Array, Series("1", Bounds(lower=0.0))]
TemperatureSeries = Annotated[float | Array, Series("degC", Bounds(lower=-273.15))]
EmissionSeries = Annotated[float | Array, Series("t/MWh")]


_WORDS = (Port, Variable, Rule, Effect, FlowFormula, Offer, Derived, Measure, Look)


@cache
def _declared(kind: type, word: type[Word]) -> dict[str, Word]:
    """Collect words once per class; every view asks for them."""
    found: dict[str, Word] = {}
    for base in reversed(kind.__mro__):
        for name, value in vars(base).items():
            if isinstance(value, word):
                found[name] = value
            elif name in found:
                del found[name]
    return found


class Declared(BaseModel):
    """What components and traits have in common: parameters, variables, rules, effects."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        arbitrary_types_allowed=True,
        use_attribute_docstrings=True,
        validate_default=False,
        # A type's schema is built when first used: a scenario uses few of all types.
        defer_build=True,
        ignored_types=_WORDS,
    )

    @classmethod
    def declared(cls, word: type[Word]) -> dict[str, Word]:
        """Collect what the class declares with one word, base classes first, by attribute name."""
        return _declared(cls, word)  # type: ignore[arg-type]

    def variables(self) -> Mapping[str, Variable]:
        """Variables this instance has; a type whose variables depend on its parameters overrides this."""
        return self.declared(Variable)

    def effects_booked(self) -> dict[str, Effect]:
        """Effects by name; a component adds those of its own."""
        return self.declared(Effect)

    def measures(self) -> Mapping[str, Measure]:
        """Figures measured, by name; a type whose figures depend on its parameters overrides this."""
        return self.declared(Measure)

    def flow_formulas(self) -> dict[str, FlowFormula]:
        """Flow formulas by port name; a type whose ports depend on its parameters overrides this."""
        return {formula.port: formula for formula in self.declared(FlowFormula).values()}


class Trait(Declared):
    """Behaviour that many types share, declared once and attached to a component's field.

    A trait's rules speak of ``v.flow`` or ``v.capacity``; the field's :class:`On` says which of the
    component's flows and sizes these are.
    """

    is_size: ClassVar[bool] = False
    """Whether it is a size, given or decided."""

    def fits(self, component: "Component", names: Mapping[str, str]) -> None:
        """Refuse a component whose parameters contradict the trait's, with a ValueError."""
        del component, names

    def rise_at_start(self, v: Any) -> Any:
        """Output that may be reached at once in the step of a start, by the hour; for traits that switch."""
        message = f"{type(self).__name__} does not switch."
        raise DeclarationError(message)

    def fall_at_stop(self, v: Any) -> Any:
        """Output that may be left at once in the step of a stop, by the hour; for traits that switch."""
        message = f"{type(self).__name__} does not switch."
        raise DeclarationError(message)

    def value(self, v: Any) -> Any:
        """What ``v.<field>`` means in the component's own rules."""
        message = f"{type(self).__name__} has no value of its own; use it through its rules."
        raise DeclarationError(message)


@dataclass(frozen=True, init=False)
class On:
    """Names the component's flows and sizes that a trait's rules speak of: ``On(flow="heat")``."""

    names: Mapping[str, str]

    def __init__(self, **names: str) -> None:
        object.__setattr__(self, "names", names)


@cache
def _trait_fields(kind: type["Component"]) -> tuple[tuple[str, Mapping[str, str]], ...]:
    """List the fields that may hold a trait, each with what its rules speak of; every view asks for them."""
    return tuple(
        (field, next((dict(word.names) for word in info.metadata if isinstance(word, On)), {}))
        for field, info in kind.model_fields.items()
        if _may_be_trait(info.annotation)
    )


def _may_be_trait(annotation: Any) -> bool:
    """Whether a field's annotation names a trait, alone or among others; what is open may be one."""
    if annotation is Any or (isinstance(annotation, type) and issubclass(annotation, Trait)):
        return True
    return any(_may_be_trait(inner) for inner in get_args(annotation))


def _size_unit(annotation: Any) -> str | None:
    """Unit of the size that a field's annotation names, alone or among others."""
    if isinstance(annotation, type) and issubclass(annotation, Trait):
        return getattr(annotation, "unit", None) if annotation.is_size else None
    return next((unit for inner in get_args(annotation) if (unit := _size_unit(inner)) is not None), None)


class Component(Declared):
    """A plant or device; every type is a subclass in a file of its own.

    A subclass declares ports, variables, rules and effects as class attributes and its parameters as
    fields, each with a docstring. Its name in snake case is the ``type`` in the scenario.
    """

    look: ClassVar[Look]
    example: ClassVar[str]
    """A scenario entry that works, as YAML."""
    wanted: ClassVar[tuple[str, ...]] = ()
    """Fields that say how much users ask for; a year's demand that misses its forecast scales them."""

    name: str
    """Key under ``components`` in the scenario."""
    label: str = ""
    """Name shown to readers; the key where absent."""
    at: str | None = None
    """Place, where it is not the place of the networks connected."""
    owner: str | None = None
    """Actor who pays and earns."""
    effects: dict[str, OwnEffect] = Field(default_factory=dict)
    """Effects of its own by name, such as nox or land; each is declared under the scenario's ``effects``."""
    connections: Mapping[str, str] = Field(default_factory=dict)
    """Network or fuel at each connected port; in a scenario written with the ports' own keys."""

    @classmethod
    def type_name(cls) -> str:
        """Name of the type in a scenario: the class name in snake case."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()

    @classmethod
    def port_keys(cls) -> dict[str, list[str]]:
        """List the ports behind each YAML key that names a network."""
        keys: dict[str, list[str]] = {}
        for name, port in cls.declared(Port).items():
            keys.setdefault(port.key, []).append(name)
        return keys

    @model_validator(mode="before")
    @classmethod
    def _connect(cls, data: Any) -> Any:
        """Turn the ports' YAML keys into connections."""
        if not isinstance(data, Mapping) or "connections" in data:
            return data
        rest = dict(data)
        connections = {port: rest[key] for key, ports in cls.port_keys().items() if key in rest for port in ports}
        for key in cls.port_keys():
            rest.pop(key, None)
        return {**rest, "connections": connections}

    @classmethod
    def size_units(cls) -> dict[str, str]:
        """Unit of each size the type may have, by field."""
        found = {field: _size_unit(info.annotation) for field, info in cls.model_fields.items()}
        return {field: unit for field, unit in found.items() if unit is not None}

    @field_validator("effects", mode="before")
    @classmethod
    def _read_effects(cls, given: Any, info: ValidationInfo) -> Any:
        if not isinstance(given, Mapping):
            return given
        return {name: read_own(str(name), own, cls.size_units(), info) for name, own in given.items()}

    @model_validator(mode="after")
    def _counts_what_it_has(self) -> Self:
        for name, own in self.effects.items():
            for word, known in (
                (own.flow, self.ports()),
                (own.size, type(self).model_fields),
                (own.built, type(self).model_fields),
            ):
                if word is not None and word not in known:
                    raise ValueError(
                        f"the effect '{name}' counts '{word}', which this type has not. {suggestion(word, known)}"
                    )
            sizes = [field for field in type(self).model_fields if getattr(getattr(self, field), "is_size", False)]
            for word in (own.size, own.built):
                if word is not None and word not in sizes:
                    raise ValueError(
                        f"the effect '{name}' counts '{word}', which is no size here. "
                        + (f"It has: {', '.join(sizes)}." if sizes else "It has none.")
                    )
            if own.starts and not any("started" in trait.variables() for _, trait, _ in self.traits()):
                raise ValueError(
                    f"the effect '{name}' counts starts. Give the component 'switching' with a 'start_cost'."
                )
        return self

    def effects_booked(self) -> dict[str, Effect]:
        """The type's effects and its own."""
        return {**super().effects_booked(), **dict(own_effects(self.effects))}

    @model_validator(mode="after")
    def _suits_its_traits(self) -> Self:
        for _, trait, names in self.traits():
            trait.fits(self, names)
        return self

    @property
    def title(self) -> str:
        """Name for readers."""
        return self.label or self.name

    def ports(self) -> dict[str, Port]:
        """Ports by name; a type with ports that depend on its parameters overrides this."""
        return self.declared(Port)

    def offers(self) -> dict[str, Offer]:
        """Offers by port name; a type whose ports depend on its parameters overrides this."""
        return {offered.port: offered for offered in self.declared(Offer).values()}

    def span(self, port: str, given: Surroundings) -> Span | None:
        """Temperatures at which a heat port meets its network; asked only where the network has temperatures.

        None stands for the network's own: heat is given at supply temperature, and taken from supply to return.
        """
        del port, given
        return None

    def potentials(self, given: Surroundings) -> list[Potential]:
        """What it could give that is left over, or take, at most; for screening. Plants that may be run count not."""
        del given
        return []

    def warnings(self, given: Surroundings) -> list[str]:
        """What a reader should know though it is not wrong, each a sentence."""
        del given
        return []

    def doubts(self, currency: str) -> list[str]:
        """What is allowed and seldom meant: running that is paid for, and energy dearer than any, each a sentence."""
        found = []
        for field, info in type(self).model_fields.items():
            value = getattr(self, field)
            if any(isinstance(word, MayBeSubsidy) for word in info.metadata) and value < 0.0:
                found.append(
                    f"its '{field}' is {value:g}, so running it is paid for. If no subsidy is meant, take the minus "
                    "out."
                )
            if Series("money/MWh") in info.metadata and np.mean(value) > DEAR.get(currency, np.inf):
                found.append(
                    f"its '{field}' is {np.mean(value):,.0f} {currency}/MWh, dearer than energy has ever been for a "
                    "year. A price per kWh is a thousand times that per MWh: check the unit."
                )
        return found

    def traits(self) -> Iterator[tuple[str, Trait, Mapping[str, str]]]:
        """Walk the attached traits: field, trait, and the names its rules speak of."""
        for field, names in _trait_fields(type(self)):
            trait = getattr(self, field)
            if isinstance(trait, Trait):
                yield field, trait, names

    def replaced(self, **changes: Any) -> Self:
        """Copy with other parameters, checked again."""
        current = {field: getattr(self, field) for field in type(self).model_fields}
        return type(self).model_validate({**current, **changes})


_VIEW_WORDS = frozenset(
    [
        "component", "day_share", "discount_rate", "end", "fall_at_stop", "hours", "level_flow", "month_share",
        "numbers", "part", "presence", "rise_at_start", "running", "scale", "size_on", "sizing", "start", "starting",
        "total", "weight", "year_share",
    ]
)  # fmt: skip
"""Words with a meaning of their own in every rule."""


def refuse_taken(kind: type[Component], names: Iterable[str]) -> None:
    """Refuse flows whose name already means something in the rules of a type."""
    for name in sorted(names):
        if "." in name or "@" in name:
            raise ValueError(f"a flow cannot be called '{name}': '.' and '@' part names of ours. Rename the flow.")
        if name.startswith("_") or name in _VIEW_WORDS or name in kind.model_fields or hasattr(kind, name):
            raise ValueError(f"a flow cannot be called '{name}', a word with a meaning of its own. Rename the flow.")
