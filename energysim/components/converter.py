"""Converter: any number of inputs and outputs in linear relation."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from energysim.declare import (
    Component,
    Direction,
    FactorSeries,
    FlowFormula,
    Look,
    On,
    Port,
    Share,
    Span,
    Surroundings,
    TemperatureSeries,
    Trait,
    Upkeep,
    Variable,
    effect,
    measure,
    refuse_taken,
    rule,
)
from energysim.quantities import Unit
from energysim.traits import Availability, OnOff, PartLoad, PowerSizing, Ramps
from energysim.traits.combustion import burning


class _End(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, arbitrary_types_allowed=True)

    ratio: FactorSeries | None = None
    """Flow for each unit of activity; a flow without ratio is free within the relations."""
    temperature: TemperatureSeries | None = None
    """Temperature of heat given or needed; the network's own where absent."""


class Input(_End):
    """Something the converter takes."""

    source: str = Field("", alias="from")
    """Network or fuel it is taken from."""
    burnt: Share = 1.0
    """Of a fuel, the share of its carbon dioxide that is booked here; the rest goes on with what is made, such as a gas
    burnt elsewhere."""


class Output(_End):
    """Something the converter gives."""

    target: str = Field("", alias="to")
    """Network it is given to."""


class Relation(BaseModel):
    """A linear relation between flows: ``sum of factor * flow`` compared with a number."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    factors: Mapping[str, float]
    """Factor of each flow by name."""
    at_least: Annotated[float, Unit("MW")] | None = None
    """The sum is at least this."""
    at_most: Annotated[float, Unit("MW")] | None = None
    """The sum is at most this."""
    equals: Annotated[float, Unit("MW")] | None = None
    """The sum is exactly this."""

    @model_validator(mode="after")
    def _has_one_comparison(self) -> Self:
        if sum(end is not None for end in (self.at_least, self.at_most, self.equals)) != 1:
            raise ValueError("a relation needs exactly one of 'at_least', 'at_most' and 'equals'.")
        return self


class Converter(Component):
    r"""Turn inputs into outputs.

    Every flow with a ratio follows the activity :math:`x_t`: :math:`f_{i,t} = r_{i,t}\, x_t`; flows without ratio are
    free within linear ``relations``. The activity stays within the capacity: :math:`x_t \le a_t K` [1]_.

    References
    ----------
    .. [1] S. Hilpert et al., The Open Energy Modelling Framework (oemof), Energy Strategy Reviews 22, 2018; component
       Converter.
    """

    look: ClassVar[Look] = Look("#556b8d", order=28)
    example: ClassVar[str] = (
        "electrolyser: {type: converter, capacity: 100 MW, inputs: {power: {from: grid, ratio: 1}}, "
        "outputs: {hydrogen: {to: hydrogen, ratio: 0.622}, warmth: {to: town_heat, ratio: 0.223}}}"
    )

    activity = Variable("MW", "How hard it runs; every flow with a ratio follows it.")

    inputs: dict[str, Input] = Field(default_factory=dict)
    """What it takes, by name."""
    outputs: dict[str, Output] = Field(default_factory=dict)
    """What it gives, by name."""
    relations: tuple[Relation, ...] = ()
    """Linear relations between its flows."""
    capacity: PowerSizing | None = None
    """Largest activity; unlimited where absent."""
    availability: Availability = Availability()
    """Share of the capacity that can run."""
    switching: Annotated[OnOff | None, On(flow="activity", capacity="capacity", availability="availability")] = None
    """Minimum load, least times on and off, start costs."""
    ramps: Annotated[Ramps | None, On(flow="activity", capacity="capacity")] = None
    """How fast the activity may change."""
    part_load: PartLoad | None = None
    """What the one input without ratio draws at each load, where the efficiency changes with it."""
    variable_om: Upkeep = 0.0
    """Operation and maintenance for each MWh of activity."""

    @model_validator(mode="before")
    @classmethod
    def _connect_ends(cls, data: Any) -> Any:
        """Read the connections off the inputs and outputs."""
        if not isinstance(data, Mapping):
            return data
        connections = dict(data.get("connections", {}))
        for section, key in (("inputs", "from"), ("outputs", "to")):
            ends = data.get(section)
            for name, end in ends.items() if isinstance(ends, Mapping) else ():
                if isinstance(end, Mapping) and isinstance(end.get(key), str):
                    connections.setdefault(name, end[key])
        return {**data, "connections": connections}

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if not self.outputs and not self.inputs:
            raise ValueError("it has neither 'inputs' nor 'outputs'. Name at least one flow.")
        twice = sorted(set(self.inputs) & set(self.outputs))
        if twice:
            raise ValueError(f"'{twice[0]}' is an input and an output. Give the two flows different names.")
        known = {*self.inputs, *self.outputs}
        refuse_taken(type(self), known)
        for relation in self.relations:
            unknown = sorted(set(relation.factors) - known)
            if unknown:
                raise ValueError(
                    f"a relation speaks of '{unknown[0]}', which is no flow here. Known: {', '.join(sorted(known))}."
                )
        if self.ramps is not None and self.capacity is None:
            raise ValueError("'ramps' are shares of the capacity. Give a 'capacity'.")
        self.availability.refuse_without(self.capacity)
        return self

    @model_validator(mode="after")
    def _is_held(self) -> Self:
        """Refuse flows and limits that nothing holds: a free output would be energy out of nothing."""
        ends = {**self.inputs, **self.outputs}
        related = {name for relation in self.relations for name, factor in relation.factors.items() if factor}
        if self.part_load is not None:
            if sum(end.ratio is None for end in self.inputs.values()) != 1 or self.capacity is None:
                raise ValueError(
                    "'part_load' needs a 'capacity' and exactly one input without ratio, whose draw it gives."
                )
            related.add(self._curved())
        loose = sorted(name for name, end in ends.items() if end.ratio is None and name not in related)
        if loose:
            raise ValueError(
                f"'{loose[0]}' has neither a ratio nor a relation, so nothing ties it to the other flows. "
                "Give it a 'ratio', such as 1, or name it in 'relations'."
            )
        if (self.capacity is not None or self.variable_om) and not self.flow_formulas():
            raise ValueError(
                "'capacity' and 'variable_om' speak of the activity, but no flow follows it. "
                "Give at least one flow a 'ratio'."
            )
        return self

    def traits(self) -> Iterator[tuple[str, Trait, Mapping[str, str]]]:
        """The part load ties the one input without ratio to the activity; every fuel taken is booked."""
        for field, trait, names in super().traits():
            if field == "part_load":
                names = {"input": self._curved(), "output": "activity", "capacity": "capacity"}
            yield field, trait, names
        yield from burning({name: end.burnt for name, end in self.inputs.items()})

    def _curved(self) -> str:
        """Input that follows the part load."""
        return next((name for name, end in self.inputs.items() if end.ratio is None), "")

    def ports(self) -> dict[str, Port]:
        """One port for each input and output."""
        taken = {name: Port(Direction.IN, None, "from", f"Input '{name}'.") for name in self.inputs}
        given = {name: Port(Direction.OUT, None, "to", f"Output '{name}'.") for name in self.outputs}
        return taken | given

    def span(self, port: str, given: Surroundings) -> Span | None:
        """The temperature of an end: less the approach where heat is given, more where it is needed."""
        end = {**self.inputs, **self.outputs}[port]
        if end.temperature is None:
            return None
        sign = -1.0 if port in self.outputs else 1.0
        hot = np.asarray(end.temperature, float) + sign * given.network(port).approach
        return Span(hot, hot)

    def warnings(self, given: Surroundings) -> list[str]:
        """More energy out than in, where all flows are energy and follow the activity."""
        ends = {**self.inputs, **self.outputs}
        counted = [given.network(name).unit for name in ends if given.is_connected(name)]
        if not self.inputs or any(end.ratio is None for end in ends.values()) or set(counted) != {"MWh"}:
            return []
        sides: tuple[Mapping[str, _End], ...] = (self.inputs, self.outputs)
        taken, made = (
            sum(float(np.max(0.0 if end.ratio is None else end.ratio)) for end in side.values()) for side in sides
        )
        if made <= 1.2 * taken + 1e-9:
            return []
        return [
            f"it gives {made:.4g} MWh for {taken:.4g} MWh taken. If the rest comes from outside, such as ambient heat, "
            "all is well; else correct the ratios."
        ]

    def flow_formulas(self) -> dict[str, FlowFormula]:
        """Flows with a ratio follow the activity."""
        ends = {**self.inputs, **self.outputs}
        return {name: _follows(name, end.ratio) for name, end in ends.items() if end.ratio is not None}

    def variables(self) -> Mapping[str, Variable]:
        """Without any ratio and capacity there is no activity."""
        return {} if self.capacity is None and not self.flow_formulas() else super().variables()

    @rule
    def within_capacity(self, v: Any, t: Any) -> Any:
        """The activity stays within what can run."""
        return None if self.capacity is None else v.activity[t] <= v.availability[t] * v.capacity

    @rule
    def keeps_relations(self, v: Any, t: Any) -> Any:
        """The flows keep their linear relations."""
        return [_compared(relation, v, t) for relation in self.relations]

    @effect("cost")
    def operation(self, v: Any, t: Any) -> Any:
        """Upkeep that grows with the activity."""
        return self.variable_om * v.activity[t] if self.variable_om else None

    @measure("h")
    def full_load_hours(self, v: Any, t: Any) -> Any:
        """Activity over capacity."""
        if self.capacity is None or float(v.capacity) <= 0.0:
            return None
        return float((v.hours[t] * v.weight[t] * v.activity[t]).sum()) / float(v.capacity)


def _compared(relation: Relation, v: Any, t: Any) -> Any:
    total = sum(factor * getattr(v, name)[t] for name, factor in relation.factors.items())
    if relation.equals is not None:
        return total == relation.equals
    return total >= relation.at_least if relation.at_least is not None else total <= relation.at_most


def _follows(name: str, ratio: Any) -> FlowFormula:
    def formula(part: Converter, v: Any, t: Any) -> Any:
        return v.numbers(ratio)[t] * v.activity[t]

    return FlowFormula(name, f"'{name}' follows the activity.", formula)
