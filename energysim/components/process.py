"""Industrial process: a recipe of what a tonne of product takes and gives."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from energysim.declare import (
    Component,
    Direction,
    Fee,
    FlowFormula,
    Look,
    Offer,
    On,
    Port,
    Potential,
    Power,
    Share,
    Span,
    Surroundings,
    Trait,
    Variable,
    effect,
    measure,
    refuse_taken,
    rule,
)
from energysim.quantities import Bounds, Series, Unit
from energysim.traits import Availability, Ramps, RateOnOff, RateSizing
from energysim.traits.combustion import burning
from energysim.traits.cooled import CooledStream

PerTonne = Annotated[float, Unit("MWh/t"), Field(ge=0)]
RateSeries = Annotated[float | np.ndarray, Series("t/h", Bounds(lower=0.0))]


class _End(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, populate_by_name=True)

    energy: PerTonne | None = None
    """Energy for each tonne of product."""
    mass: Annotated[float, Unit("1"), Field(ge=0)] | None = None
    """Tonnes for each tonne of product, on a network counted in tonnes."""
    standing: Power = 0.0
    """Flow while the process is on, whatever it produces."""

    @model_validator(mode="after")
    def _has_one_measure(self) -> Self:
        if (self.energy is None) == (self.mass is None):
            raise ValueError("give either 'energy', such as 0.6 MWh/t, or 'mass', tonnes for each tonne of product.")
        return self

    @property
    def unit(self) -> str:
        """What its network must be counted in."""
        return "MWh" if self.mass is None else "t"

    @property
    def ratio(self) -> float:
        """Flow for each tonne of product."""
        return float(self.energy if self.energy is not None else self.mass or 0.0)


class Input(_End):
    """Something the process takes."""

    source: str = Field("", alias="from")
    """Network or fuel it is taken from."""
    burnt: Share = 1.0
    """Of a fuel, the share of its carbon dioxide that is booked here; the rest goes on with what is made, such as a gas
    burnt elsewhere."""


class Output(_End):
    """Something the process gives."""

    target: str = Field("", alias="to")
    """Network or fuel it is given to."""


class Residual(CooledStream):
    """A stream the process has to cool."""

    heat: PerTonne
    """Heat it gives for each tonne of product when cooled all the way."""


class Process(Component):
    r"""Make a product by a recipe; residual heat and gases follow the production.

    With production :math:`x_t` in tonnes an hour every flow is :math:`f_{i,t} = r_i x_t + c_i u_t`, and every residual
    stream offers :math:`q_j x_t` between its temperatures, of which the network takes what it can use. Production is
    a given series, a yearly amount spread freely within the capacity, or free, and may be switched on and off [1]_.
    A recipe cannot give more energy than it takes, unless ``reaction_heat`` says where it comes from, such as the
    oxidation of magnetite or the carbon of the ore burden.

    References
    ----------
    .. [1] M. Fischedick et al., Techno-economic evaluation of innovative steel production technologies, Journal of
       Cleaner Production 84, 2014 (mass and energy balances per tonne).
    """

    look: ClassVar[Look] = Look("#6c757d", order=18)
    example: ClassVar[str] = (
        "furnace: {type: process, capacity: 300 t/h, annual: 2 Mt, heat: town_heat, "
        "inputs: {power: {from: grid, energy: 0.64 MWh/t}}, "
        "residuals: {off_gas: {from: 200 degC, to: 60 degC, heat: 0.15 MWh/t}}}"
    )

    production = Variable("t/h", "Product made.")

    inputs: dict[str, Input] = Field(default_factory=dict)
    """What it takes, by name."""
    outputs: dict[str, Output] = Field(default_factory=dict)
    """What it gives, by name."""
    residuals: dict[str, Residual] = Field(default_factory=dict)
    """Streams it has to cool, by name; they can heat the network ``heat``."""
    capacity: RateSizing
    """Largest production."""
    fixed: RateSeries | None = None
    """The production itself, where it cannot be chosen."""
    annual: Annotated[float, Unit("t"), Field(ge=0)] | None = None
    """Product to be made in a year, spread freely within the capacity."""
    reaction_heat: PerTonne = 0.0
    """Heat of reaction or energy of materials that no input carries, for each tonne of product."""
    process_co2: Annotated[float, Unit("1"), Field(ge=0)] = 0.0
    """Tonnes of carbon dioxide from the process itself for each tonne of product, fuels apart."""
    availability: Availability = Availability()
    """Share of the capacity that can run."""
    switching: Annotated[RateOnOff | None, On(flow="production", capacity="capacity", availability="availability")] = (
        None
    )
    """Minimum load, least times on and off, start costs."""
    ramps: Annotated[Ramps | None, On(flow="production", capacity="capacity")] = None
    """How fast the production may change."""
    margin: Annotated[float, Unit("money/t")] = 0.0
    """Earned for each tonne beside what markets in the scenario pay; negative for a cost."""
    cooling_cost: Fee = 0.0
    """What cooling away a MWh of residual heat that is not used costs."""
    set_of_figures: str = ""
    """Where the recipe's figures come from; figures of two sets are never mixed in one recipe."""

    @model_validator(mode="before")
    @classmethod
    def _connect_ends(cls, data: Any) -> Any:
        """Read the connections off the inputs and outputs; residual streams share the network ``heat``."""
        if not isinstance(data, Mapping) or "connections" in data:
            return data
        rest, connections = dict(data), {}
        for section, key in (("inputs", "from"), ("outputs", "to")):
            ends = data.get(section)
            for name, end in ends.items() if isinstance(ends, Mapping) else ():
                if isinstance(end, Mapping) and isinstance(end.get(key), str):
                    connections[name] = end[key]
        network = rest.pop("heat", None)
        residuals = data.get("residuals")
        if network is not None and not residuals:
            raise ValueError(
                f"it names '{network}' under  heat:  , but has no residual heat to give. Give 'residuals', or take it "
                "out."
            )
        if network is not None and isinstance(residuals, Mapping):
            connections |= dict.fromkeys(map(str, residuals), str(network))
        return {**rest, "connections": connections}

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        names = [*self.inputs, *self.outputs, *self.residuals]
        if not names:
            raise ValueError("it has no flows. Name at least one input, output or residual stream.")
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"'{twice[0]}' names two flows. Give every flow a name of its own.")
        refuse_taken(type(self), names)
        if self.fixed is not None and self.annual is not None:
            raise ValueError("'fixed' and 'annual' both say how much is made. Keep one of them.")
        if any(end.standing for end in (*self.inputs.values(), *self.outputs.values())) and self.switching is None:
            raise ValueError("'standing' flows while the process is on. Give it 'switching'.")
        return self

    @model_validator(mode="after")
    def _creates_no_energy(self) -> Self:
        taken = sum(end.energy or 0.0 for end in self.inputs.values()) + self.reaction_heat
        given = sum(end.energy or 0.0 for end in self.outputs.values())
        given += sum(stream.heat for stream in self.residuals.values())
        if given > taken * (1.0 + 1e-9) + 1e-9:
            raise ValueError(
                f"the recipe gives {given:.4g} MWh/t and takes {taken:.4g} MWh/t: it creates energy. Correct it, or "
                "name the heat of reaction as 'reaction_heat'."
            )
        return self

    @model_validator(mode="after")
    def _can_make_it(self) -> Self:
        most = self.capacity.limit
        if self.fixed is not None and most is not None and float(np.max(self.fixed)) > most:
            raise ValueError(f"fixed reaches {float(np.max(self.fixed)):g} t/h, the capacity is {most:g} t/h.")
        if self.annual is not None and most is not None and self.annual > most * 8784.0:
            raise ValueError(
                f"{self.annual:g} t a year need {self.annual / 8760.0:.4g} t/h at all hours; the capacity is "
                f"{most:g} t/h."
            )
        return self

    @classmethod
    def port_keys(cls) -> dict[str, list[str]]:
        """Residual streams share one key."""
        return {"heat": []}

    def traits(self) -> Iterator[tuple[str, Trait, Mapping[str, str]]]:
        """Every fuel taken is booked."""
        yield from super().traits()
        yield from burning({name: end.burnt for name, end in self.inputs.items()})

    def ports(self) -> dict[str, Port]:
        """One port for each flow and stream."""
        found = {
            name: Port(Direction.IN, None, "from", f"Input '{name}'.", unit=end.unit)
            for name, end in self.inputs.items()
        }
        found |= {
            name: Port(Direction.OUT, None, "to", f"Output '{name}'.", unit=end.unit)
            for name, end in self.outputs.items()
        }
        heat = {
            name: Port(Direction.OUT, "heat", "heat", f"Heat of '{name}'.", is_optional=True) for name in self.residuals
        }
        return found | heat

    def flow_formulas(self) -> dict[str, FlowFormula]:
        """Every flow follows the production."""
        ends: dict[str, _End] = {**self.inputs, **self.outputs}
        return {
            name: FlowFormula(name, f"'{name}' follows the production.", _follows(end)) for name, end in ends.items()
        }

    def offers(self) -> dict[str, Offer]:
        """Residual streams follow the production; the network takes what it can use."""
        return {name: Offer(name, f"Heat of '{name}'.", _residual(stream)) for name, stream in self.residuals.items()}

    def span(self, port: str, given: Surroundings) -> Span | None:
        """A stream's temperatures less the approach."""
        return self.residuals[port].span(given.network(port).approach) if port in self.residuals else None

    def potentials(self, given: Surroundings) -> list[Potential]:
        """Residual streams and other flows at the production given, else at full production."""
        del given
        made = np.asarray(self.availability.share, float) * self.capacity.most
        if self.fixed is not None:
            made = np.asarray(self.fixed, float)
        elif self.annual is not None:
            made = np.minimum(made, self.annual / 8760.0)
        heat = [
            Potential(name, True, stream.heat * made, stream.inlet, stream.outlet, stream.approach)
            for name, stream in self.residuals.items()
        ]
        taken = [Potential(name, False, end.ratio * made + end.standing) for name, end in self.inputs.items()]
        given_out = [Potential(name, True, end.ratio * made + end.standing) for name, end in self.outputs.items()]
        return [*heat, *taken, *given_out]

    @rule
    def within_capacity(self, v: Any, t: Any) -> Any:
        """The production stays within what can run."""
        return v.production[t] <= v.availability[t] * v.capacity

    @rule
    def as_given(self, v: Any, t: Any) -> Any:
        """The production is the given series."""
        return None if self.fixed is None else v.production[t] == v.fixed[t]

    @rule(every="horizon")
    def makes_the_year_s_product(self, v: Any) -> Any:
        """The yearly amount is made."""
        if self.annual is None:
            return None
        return v.total(lambda t: v.scale[t] * v.production[t]) == self.annual * v.year_share

    @effect("co2")
    def from_process(self, v: Any, t: Any) -> Any:
        """Carbon dioxide of the process itself."""
        return self.process_co2 * v.production[t] if self.process_co2 else None

    @effect("cost")
    def earned(self, v: Any, t: Any) -> Any:
        """Margin on the product, as a negative cost."""
        return -self.margin * v.production[t] if self.margin else None

    @effect("cost")
    def own_cooling(self, v: Any, t: Any) -> Any:
        """Cost of cooling away the residual heat that is not used."""
        if not self.cooling_cost or not self.residuals:
            return None
        used = [getattr(v, name)[t] for name in self.residuals]
        offered = sum(stream.heat for stream in self.residuals.values()) * v.production[t]
        return self.cooling_cost * (offered - sum(used[1:], used[0]))

    @measure("MWh")
    def unused(self, v: Any, t: Any) -> Any:
        """Heat of the residual streams that was not used, whatever its temperature."""
        if not self.residuals:
            return None
        offered = sum(stream.heat for stream in self.residuals.values()) * np.asarray(v.production[t])
        given = sum(np.asarray(getattr(v, name)[t]) for name in self.residuals)
        return float(np.sum(np.asarray(v.scale[t]) * (offered - given)))

    @measure("t")
    def made(self, v: Any, t: Any) -> Any:
        """Product of the horizon."""
        return float((v.scale[t] * v.production[t]).sum())


def _follows(end: _End) -> Any:
    def formula(part: Process, v: Any, t: Any) -> Any:
        del part
        flow = end.ratio * v.production[t]
        return flow + end.standing * v.running[t] if end.standing else flow

    return formula


def _residual(stream: Residual) -> Any:
    def formula(part: Process, v: Any, t: Any) -> Any:
        del part
        return stream.heat * v.production[t]

    return formula
