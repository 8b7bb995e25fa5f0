"""The same rules as an ordinary Pyomo model, hour by hour: for other solvers, for inspection, as an oracle."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray

from energysim.declare import Effect, Rule
from energysim.model.columns import Columns
from energysim.model.delivered import delivered
from energysim.model.forbidden import forbidden
from energysim.model.groups import group_rules
from energysim.model.parts import comparisons, limits, mixing, parts, standing_loss, terms_at
from energysim.model.view import Constant, Key, View
from energysim.system import Node, System, Time

Floats = NDArray[np.float64]


class Hour:
    """One hour as an index; ``t - 1`` is the hour before it."""

    __slots__ = ("_asked", "_time", "is_before", "looked_before", "step")

    def __init__(self, time: Time, step: int) -> None:
        self._time, self.step = time, step
        self.is_before = self.looked_before = False
        self._asked = self

    def __sub__(self, count: int) -> "Hour":
        (step,), (is_before,) = self._time.back(np.array([self.step]), count)
        earlier = Hour(self._time, int(step))
        earlier.is_before, earlier._asked = self.is_before or bool(is_before), self._asked
        self._asked.looked_before |= earlier.is_before
        return earlier


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
            sets = () if declared.per == "horizon" else (self._indices(declared.per),)
            variable = pyo.Var(*sets, domain=domain, bounds=bounds)
            self.model.add_component(".".join(key), variable)
            self._variables[key] = variable
        for key in columns.starts:
            declared = columns.declarations[key]
            self._starts[key] = pyo.Var(bounds=(declared.lower, None))
            self.model.add_component(".".join((*key, "start")), self._starts[key])

    def _indices(self, per: str) -> Any:
        return self.model.hours if per == "hour" else list(range(len(self._time.firsts(per))))

    def grouped(self, key: Key, per: str) -> Any:
        """A Pyomo variable of each day or month, indexed by an hour in it."""
        variable = self._variables[key]
        return _Indexed([variable[group] for group in self._time.groups[per].tolist()])

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
    amounts: dict[str, Amounts] = {}
    for component in system.components.values():
        for _, part, view in parts(component, views[component.name]):
            for rule in part.declared(Rule).values():
                for relation in _relations(rule, part, view, time):
                    _add(model.rules, relation)
            for effect in part.effects_booked().values():
                _count(amounts.setdefault(system.effect_of(effect), Amounts()), effect, part, view, time)
    for relation in _shared(system, views, backend.hourly):
        _add(model.rules, relation)
    cost = _priced(system, amounts, model.rules)
    for node in system.nodes.values():
        for relation in _balances(system, node, views, backend):
            _add(model.rules, relation)
    model.cost = pyo.Objective(expr=cost)
    return model


@dataclass
class Amounts:
    """All of one effect."""

    steps: dict[int, Any] = field(default_factory=dict)
    """Amount in each step that has any."""
    rest: Any = 0.0
    """Amount that belongs to no hour."""

    @property
    def whole(self) -> Any:
        """Everything over the horizon."""
        return sum(self.steps.values()) + self.rest


def _priced(system: System, amounts: Mapping[str, Amounts], rules: pyo.ConstraintList) -> Any:
    """Give the objective; caps become rules."""
    objective = 0.0
    for name, amount in amounts.items():
        objective = objective + system.worth(name) * amount.whole
    for name, policy in system.policies.items():
        amount = amounts.get(name, Amounts())
        limited = [(amount.whole, policy.cap)]
        if policy.monthly_cap is not None:
            months = system.time.groups["month"].tolist()
            sums = {month: sum(x for step, x in amount.steps.items() if months[step] == month) for month in set(months)}
            limited += [(total, policy.monthly_cap) for total in sums.values()]
        if policy.hourly_cap is not None:
            limited += [(x, policy.hourly_cap * float(system.time.scale[step])) for step, x in amount.steps.items()]
        for total, cap in limited:
            for relation in comparisons(total <= cap) if cap is not None else ():
                _add(rules, relation)
    return objective


def _shared(system: System, views: Mapping[str, View], hourly: Any) -> Iterator[Any]:
    """Walk what the model adds to the components' own rules: temperatures, mixing, matches, deliveries, groups."""
    hours = [Hour(system.time, step) for step in range(system.time.count)]
    for hour in hours:
        for component in system.components.values():
            for _, relation in limits(system, component, views[component.name], hour):
                yield from comparisons(relation)
        for network in system.networks:
            terms = mixing(system, network, views)
            if terms:
                yield from comparisons(sum(_at(term.factor, hour) * term.flow[hour] for term in terms) <= 0.0)
            for walk in (forbidden, delivered):
                for _, relation in walk(system, network, views, hourly, hour):
                    yield from comparisons(relation)
    for rule in group_rules(system, views):
        for hour in hours if rule.each_hour else hours[:1]:
            yield from comparisons(rule.formula(hour))


def _relations(rule: Rule, part: Any, view: View, time: Time) -> list[Any]:
    if rule.every != "hour":
        return comparisons(rule.formula(part, view))
    found = []
    for hour in (Hour(time, step) for step in range(time.count)):
        returned = rule.formula(part, view, hour)
        if not (rule.skips_first and hour.looked_before):
            found += comparisons(returned)
    return found


def _count(amounts: Amounts, effect: Effect, part: Any, view: View, time: Time) -> None:
    if effect.is_once:
        amount = effect.formula(part, view)
        amounts.rest = amounts.rest + (0.0 if amount is None else amount * time.share_of(effect.every))
        return
    is_hourly = effect.every == "hour"
    steps = range(time.count) if is_hourly else time.firsts(effect.every).tolist()
    shares = time.scale if is_hourly else time.group_shares[effect.every]
    for step, share in zip(steps, shares.tolist(), strict=True):
        amount = effect.formula(part, view, Hour(time, step))
        if amount is None:
            return
        if is_hourly:
            amounts.steps[step] = amounts.steps.get(step, 0.0) + amount * share
        else:
            amounts.rest = amounts.rest + amount * share


def _balances(system: System, node: Node, views: Mapping[str, View], backend: Expansion) -> list[Any]:
    terms, loss = list(terms_at(system, node, views, backend.hourly)), standing_loss(system, node)
    if not terms and not np.any(loss):
        return []
    hours = (Hour(system.time, step) for step in range(system.time.count))
    sums = (sum(_at(term.factor, hour) * term.flow[hour] for term in terms) - _at(loss, hour) for hour in hours)
    return [one for total in sums for one in comparisons(total == 0.0)]


def _at(values: Any, hour: Hour) -> float:
    return float(values[hour.step]) if isinstance(values, np.ndarray) else float(values)


def _add(rules: pyo.ConstraintList, relation: Any) -> None:
    rules.add(pyo.Constraint.Infeasible if isinstance(relation, bool | np.bool_) else relation)
