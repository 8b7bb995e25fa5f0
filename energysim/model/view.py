"""The view ``v`` in which rules see their component: one class, three backends.

A backend says what a variable, a series and a sum over the horizon are: Pyomo templates (to build the model
once), solved arrays (to check and measure), or ordinary Pyomo objects (to expand the model hour by hour).
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from energysim.declare import Component, Declared, Derived, FlowFormula, Trait, Variable
from energysim.errors import DeclarationError, suggestion
from energysim.system import System

Key = tuple[str, str]
"""Component and dotted name of a variable."""


class Backend(Protocol):
    """What a view is made of."""

    def hourly(self, key: Key) -> Any:
        """A variable to be indexed by the hour."""

    def once(self, key: Key) -> Any:
        """A variable that exists once."""

    def grouped(self, key: Key, per: str) -> Any:
        """A variable of each day or month, to be indexed by an hour in it."""

    def series(self, values: float | NDArray[np.float64]) -> Any:
        """Numbers to be indexed by the hour."""

    def total(self, formula: Callable[[Any], Any]) -> Any:
        """The sum of a formula over all hours."""

    def start(self, key: Key) -> Any:
        """The value of an hourly variable before the first hour."""

    def end(self, key: Key) -> Any:
        """The value of an hourly variable in the last hour."""


class Constant:
    """A number, or a formula of sizes, that may be indexed by any hour."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __getitem__(self, t: Any) -> Any:
        return self.value


class _Flow:
    """A flow given by a formula, indexed by the hour like a variable."""

    __slots__ = ("formula", "part", "view")

    def __init__(self, formula: FlowFormula, part: Component, view: "View") -> None:
        self.formula, self.part, self.view = formula, part, view

    def __getitem__(self, t: Any) -> Any:
        return self.formula.formula(self.part, self.view, t)


class _Sum:
    """A flow given by a variable for each temperature level, indexed by the hour like a variable."""

    __slots__ = ("flows",)

    def __init__(self, flows: list[Any]) -> None:
        self.flows = flows

    def __getitem__(self, t: Any) -> Any:
        return sum((flow[t] for flow in self.flows[1:]), self.flows[0][t])


class View:
    """What rules see: ``v.heat[t]``, ``v.capacity``, ``v.hours[t]``; see :mod:`energysim.declare`."""

    def __init__(
        self,
        backend: Backend,
        system: System,
        component: Component,
        part: Declared | None = None,
        prefix: str = "",
        names: Mapping[str, str] | None = None,
    ) -> None:
        self._backend = backend
        self._system = system
        self._component = component
        self._part = component if part is None else part
        self._prefix = prefix
        self._names = names or {}
        self._variables = self._part.variables()
        self._derived = self._part.declared(Derived)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = self._find(name)
        self.__dict__[name] = value
        return value

    @property
    def discount_rate(self) -> float:
        """The scenario's yearly discount rate. [1/a]"""
        return self._system.discount_rate

    @property
    def year_share(self) -> float:
        """Share of yearly amounts that the horizon carries."""
        return self._system.time.year_share

    @property
    def component(self) -> Component:
        """The component seen."""
        return self._component

    def numbers(self, values: float | NDArray[np.float64]) -> Any:
        """Make numbers indexable by the hour, constant or series alike."""
        return self._backend.series(values)

    @property
    def running(self) -> Any:
        """Whether the component is on, where it can be switched: number of units, indexed by the hour."""
        for field, trait, names in self._component.traits():
            if "on" in trait.variables():
                return self.part(field, trait, names).on
        raise DeclarationError(f"'{self._component.name}' cannot be switched on and off.")

    @property
    def starting(self) -> Any:
        """Units started in the step, indexed by the hour."""
        for field, trait, names in self._component.traits():
            if "started" in trait.variables():
                return self.part(field, trait, names).started
        raise DeclarationError(f"the starts of '{self._component.name}' are not counted.")

    @property
    def rise_at_start(self) -> Any:
        """Rise allowed on top of a ramp in the step of a start, indexed by the hour. [MW]"""
        return self._jump(lambda trait, view: trait.rise_at_start(view))

    @property
    def fall_at_stop(self) -> Any:
        """Fall allowed on top of a ramp in the step of a stop, indexed by the hour. [MW]"""
        return self._jump(lambda trait, view: trait.fall_at_stop(view))

    def _jump(self, of: Callable[[Any, "View"], Any]) -> Any:
        """Ask the trait that switches; what does not switch never jumps."""
        for field, trait, names in self._component.traits():
            if "on" in trait.variables():
                return of(trait, self.part(field, trait, names))
        return Constant(0.0)

    @property
    def size_on(self) -> Any:
        """Size of what is on, indexed by the hour; the whole capacity of a component that is always on."""
        for field, trait, names in self._component.traits():
            if "committed" in trait.variables():
                return self.part(field, trait, names).committed
        return Constant(self.capacity)

    def presence(self, field: str) -> Any:
        """Whether a size stands at all: 1, 0, or the variable that decides it."""
        for name, trait, names in self._component.traits():
            if name == field:
                return trait.presence(self.part(name, trait, names))  # type: ignore[attr-defined]
        raise DeclarationError(f"'{field}' is no size of {type(self._component).__name__}.")

    def sizing(self, name: str) -> Any:
        """The size itself, with its limits, behind a name such as ``capacity``."""
        return getattr(self._component, self._names.get(name, name))

    def total(self, formula: Callable[[Any], Any]) -> Any:
        """Sum a formula over all hours."""
        return self._backend.total(formula)

    def start(self, variable: str) -> Any:
        """Value of an hourly variable before the first hour."""
        return self._backend.start(self._key(variable))

    def end(self, variable: str) -> Any:
        """Value of an hourly variable in the last hour."""
        return self._backend.end(self._key(variable))

    def level_flow(self, variable: str) -> Any:
        """Part of a flow at one temperature level."""
        return self._backend.hourly((self._component.name, variable))

    def part(self, field: str, trait: Trait, names: Mapping[str, str]) -> "View":
        """The same component seen by one of its traits."""
        owner = View(self._backend, self._system, self._component)
        view = View(self._backend, self._system, self._component, trait, f"{field}.", names)
        view.__dict__["_owner"] = owner
        return view

    def _key(self, variable: str) -> Key:
        return self._component.name, self._prefix + variable

    def _find(self, name: str) -> Any:
        if name in self._names:
            return getattr(self._owner, self._names[name])
        if name in self._variables:
            per = self._variables[name].per
            if per == "hour":
                return self._backend.hourly(self._key(name))
            return (
                self._backend.once(self._key(name)) if per == "horizon" else self._backend.grouped(self._key(name), per)
            )
        if name in self._derived:
            return self._backend.series(self._system.derived[self._key(name)])
        if self._part is self._component and name in self._component.ports():
            return self._port(name)
        if name in type(self._part).model_fields:
            return self._field(name)
        if name in ("hours", "weight", "scale"):
            return self._backend.series(_plain(getattr(self._system.time, name)))
        if name in ("day_share", "month_share"):
            return self._backend.series(_plain(self._system.time.share_in(name.removesuffix("_share"))))
        raise DeclarationError(f"{type(self._part).__name__} has no '{name}'. {self._known(name)}")

    def _port(self, name: str) -> Any:
        formula = self._component.flow_formulas().get(name)
        if formula is None:
            attachment = self._system.attachment(self._component.name, name)
            if attachment.is_split:
                return _Sum([self.level_flow(landing.variable) for landing in attachment.landings])
            return self._backend.hourly((self._component.name, name))
        return _Flow(formula, self._component, self)

    def _field(self, name: str) -> Any:
        value = getattr(self._part, name)
        if isinstance(value, Trait):
            names = next(names for field, _, names in self._part.traits() if field == name)  # type: ignore[attr-defined]
            return value.value(self.part(name, value, names))
        if isinstance(value, bool) or not isinstance(value, int | float | np.ndarray):
            message = f"'{name}' of {type(self._part).__name__} is not a number or series; write self.{name}."
            raise DeclarationError(message)
        return self._backend.series(value)

    def _known(self, name: str) -> str:
        ports = self._component.ports() if self._part is self._component else {}
        fields = [field for field in type(self._part).model_fields if field not in Component.model_fields]
        return suggestion(
            name, [*ports, *self._variables, *self._derived, *fields, "hours", "weight", "scale", *self._names]
        )


def _plain(values: NDArray[np.float64]) -> float | NDArray[np.float64]:
    """Write equal values as one number."""
    return float(values[0]) if (values == values[0]).all() else values


def variables_of(system: System, component: Component) -> dict[str, tuple[Declared, Variable]]:
    """List every variable of a component and its traits by dotted name, ports without a formula included.

    A port whose temperatures the plan chooses has a variable for each level instead.

    Returns
    -------
    variables : dict
        Dotted name to the part that declares it and the declaration.
    """
    found: dict[str, tuple[Declared, Variable]] = {}
    formulas = component.flow_formulas()
    for name, port in component.ports().items():
        if name not in formulas:
            attachment = system.attachment(component.name, name)
            parts = [landing.variable for landing in attachment.landings] if attachment.is_split else [name]
            network = system.networks.get(attachment.network)
            unit = "MW" if network is None else network.flow_unit
            found |= {part: (component, Variable(unit, port.meaning)) for part in parts}
    for name, variable in component.variables().items():
        found[name] = component, variable
    for field, trait, _ in component.traits():
        for name, variable in trait.variables().items():
            found[f"{field}.{name}"] = trait, variable
    return found
