"""The same rules as an ordinary Pyomo model, hour by hour: for other solvers, for inspection, as an oracle."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray

from energysim.declare import Effect, Rule
from energysim.model.columns import Columns
from energysim.model.parts import comparisons, parts, sign_at_node
from energysim.model.view import Constant, Key, View
from energysim.system import System, Time

Floats = NDArray[np.float64]


class Hour:
    """One hour as an index; ``t - 1`` is the hour before it."""

    __slots__ = ("_time", "is_before", "step")

    def __init__(self, time: Time, step: int, is_before: bool = False) -> None:
        self._time, self.step, self.is_before = time, step, is_before

    def __sub__(self, count: int) -> "Hour":
        step, is_before = self.step, self.is_before
        for _ in range(count):
            is_before = is_before or bool(self._time.is_first[step])
            step = int(self._time.previous[step])
        return Hour(self._time, step, is_before)


class _Indexed:
    __slots__ = ("_start", "_values")

    def __init__(self, values: Any, start: Any = None) -> None:
        self._values, self._start = values, start

    def __getitem__(self, t: Hour) -> Any:
        return self._start if t.is_before and self._start is not None else self._values[t.step]


class Expansion:
    """The backend of ordinary Pyomo variables."""

    def __init__(self, system: System, columns: Columns) -> None:
        self._time = system.time
        self.model = pyo.ConcreteModel(name=system.title)
        self.model.hours = pyo.RangeSet(0, system.time.count - 1)
        self._variables: dict[Key, Any] = {}
        self._starts: dict[Key, Any] = {}
        for key, declared in columns.declarations.items():
            domain = pyo.Integers if declared.is_integer else pyo.Reals
            bounds = tuple(end if np.isfinite(end) else None for end in (declared.lower, declared.upper))
            sets = (self.model.hours,) if declared.per == "hour" else ()
            variable = pyo.Var(*sets, domain=domain, bounds=bounds)
            self.model.add_component(".".join(key), variable)
            self._variables[key] = variable
        for key in columns.starts:
            declared = columns.declarations[key]
            self._starts[key] = pyo.Var(bounds=(declared.lower, None))
            self.model.add_component(".".join((*key, "start")), self._starts[key])

    def hourly(self, key: Key) -> Any:
        """A Pyomo variable, indexed by one hour."""
        return _Indexed(self._variables[key], self._starts.get(key))

    def once(self, key: Key) -> Any:
        """A scalar Pyomo variable."""
        return self._variables[key]

    def series(self, values: float | Floats) -> Any:
        """Plain numbers."""
        return _Indexed(values.tolist()) if isinstance(values, np.ndarray) else Constant(values)

    def total(self, formula: Callable[[Any], Any]) -> Any:
        """A sum over all hours."""
        return sum(formula(Hour(self._time, step)) for step in range(self._time.count))

    def start(self, key: Key) -> Any:
        """The start variable, or on a ring the last hour's."""
        return self._starts[key] if key in self._starts else self.end(key)

    def end(self, key: Key) -> Any:
        """The last hour's variable."""
        return self._variables[key][self._time.last]


def expand(system: System, columns: Columns) -> pyo.ConcreteModel:
    """Write every rule, balance and effect of every hour as Pyomo objects.

    Parameters
    ----------
    system : System
        What is modelled.
    columns : Columns
        Its variables.

    Returns
    -------
    model : pyomo ConcreteModel
        With constraints ``rules`` and the objective ``cost``.
    """
    backend = Expansion(system, columns)
    model, time = backend.model, system.time
    views = {component.name: View(backend, system, component) for component in system.components.values()}
    model.rules = pyo.ConstraintList()
    totals: dict[str, Any] = {}
    for component in system.components.values():
        for _, part, view in parts(component, views[component.name]):
            for rule in part.declared(Rule).values():
                for relation in _relations(rule, part, view, time):
                    _add(model.rules, relation)
            for effect in part.declared(Effect).values():
                amount = _amount(effect, part, view, time)
                totals[effect.effect] = totals.get(effect.effect, 0.0) + amount
    cost = _priced(system, totals, model.rules)
    for node in system.nodes:
        for relation in _balances(system, node, views):
            _add(model.rules, relation)
    model.cost = pyo.Objective(expr=cost)
    return model


def _priced(system: System, totals: Mapping[str, Any], rules: pyo.ConstraintList) -> Any:
    """Give the objective: cost, and the price of every other effect; caps become rules."""
    cost = totals.get("cost", 0.0)
    for name, policy in system.policies.items():
        amount = totals.get(name, 0.0)
        if name != "cost":
            cost = cost + policy.price * amount
        if policy.cap is not None:
            for relation in comparisons(amount <= policy.cap):
                _add(rules, relation)
    return cost


def _relations(rule: Rule, part: Any, view: View, time: Time) -> list[Any]:
    if rule.every != "hour":
        return comparisons(rule.formula(part, view))
    steps = (step for step in range(time.count) if not (rule.skips_first and time.is_first[step]))
    return [one for step in steps for one in comparisons(rule.formula(part, view, Hour(time, step)))]


def _amount(effect: Effect, part: Any, view: View, time: Time) -> Any:
    if effect.every != "hour":
        amount = effect.formula(part, view)
        return 0.0 if amount is None else amount * time.year_share
    amounts = [effect.formula(part, view, Hour(time, step)) for step in range(time.count)]
    if amounts[0] is None:
        return 0.0
    return sum(amount * scale for amount, scale in zip(amounts, time.scale.tolist(), strict=True))


def _balances(system: System, node: str, views: Mapping[str, View]) -> list[Any]:
    attachments = list(system.at_node(node))
    if not attachments:
        return []
    share = system.nodes[node].loss_share
    flows = [(sign_at_node(a, share), getattr(views[a.component], a.port_name)) for a in attachments]
    steps = range(system.time.count)
    sums = (sum(sign * flow[Hour(system.time, step)] for sign, flow in flows) for step in steps)
    return [one for total in sums for one in comparisons(total == 0.0)]


def _add(rules: pyo.ConstraintList, relation: Any) -> None:
    rules.add(pyo.Constraint.Infeasible if isinstance(relation, bool | np.bool_) else relation)
