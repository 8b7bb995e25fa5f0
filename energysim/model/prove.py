"""The certificate: does the plan keep every rule, balance and range, and is it as good as claimed?"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from energysim.declare import Effect, Rule
from energysim.model.build import Model
from energysim.model.delivered import delivered
from energysim.model.forbidden import forbidden
from energysim.model.groups import group_rules
from energysim.model.origin import Origin
from energysim.model.parts import comparisons, limits, mixing, parts, standing_loss, terms_at
from energysim.model.values import Gap, Hours, Measured, Values
from energysim.model.view import Key, View
from energysim.system import Booking, Proof, System
from energysim.system.plan import Finding
from solvers.answer import Answer
from solvers.bound import lower_bound
from solvers.linear import LinearProgram

Floats = NDArray[np.float64]
_FINE = Finding("nothing to check", 0.0, 0.0)


@dataclass(frozen=True)
class Books:
    """Every effect of a plan."""

    items: tuple[Booking, ...]
    """Amounts over the horizon."""
    rates: Mapping[str, Floats]
    """What each effect amounts to hour by hour, as far as it belongs to hours. [unit/h] (step,)"""


def views_of(model: Model, values: Values) -> dict[str, View]:
    """One view per component over solved values."""
    return {name: View(values, model.system, component) for name, component in model.system.components.items()}


def check_rules(model: Model, values: Values, views: dict[str, View]) -> Finding:
    """Find the rule that fails most, relative to the size of its terms."""
    worst = _FINE
    time = model.system.time
    for origin, returned in _shared(model, values, views):
        for gap in comparisons(returned):
            worst = _worse(worst, origin.name, _as_gap(gap), None)
    for component in model.system.components.values():
        for field, part, view in parts(component, views[component.name]):
            for word in part.declared(Rule).values():
                t = Hours(time)
                returned = word.formula(part, view, t) if word.every == "hour" else word.formula(part, view)
                kept = ~t.looked_before if word.skips_first else None
                origin = Origin("rule", component.name, word.name, field)
                for gap in comparisons(returned):
                    worst = _worse(worst, origin.name, _as_gap(gap), kept)
    return worst


def _shared(model: Model, values: Values, views: dict[str, View]) -> Iterator[tuple[Origin, Any]]:
    """Walk the comparisons beside the components' own rules: temperatures, mixing, matches, deliveries, groups."""
    system = model.system
    for component in system.components.values():
        yield from limits(system, component, views[component.name], values.t)
    for network in system.networks:
        terms = mixing(system, network, views)
        if terms:
            missing = np.sum([term.factor * np.asarray(term.flow[values.t], float) for term in terms], axis=0)
            yield Origin("mixing", network), missing.view(Measured) <= 0.0
        yield from forbidden(system, network, views, values.hourly, values.t)
        yield from delivered(system, network, views, values.hourly, values.t)
    for rule in group_rules(system, views):
        yield rule.origin, rule.formula(values.t)


def _as_gap(gap: Any) -> Gap:
    """Take a comparison of numbers that fails for a gap of one."""
    return gap if isinstance(gap, Gap) else Gap(np.ones(1), np.ones(1))


def check_balances(model: Model, values: Values, views: dict[str, View]) -> Finding:
    """Find the node whose balance fails most, relative to what flows through it."""
    worst = _FINE
    for node in model.system.nodes.values():
        total = np.zeros(model.system.time.count) - standing_loss(model.system, node)
        through = np.abs(total)
        for term in terms_at(model.system, node, views, values.hourly):
            flow = np.asarray(term.flow[values.t], float) * term.factor
            total, through = total + flow, through + np.abs(flow)
        worst = _worse(worst, f"balance of {node.title or node.name}", Gap(np.abs(total), through), None)
    return worst


def check_caps(model: Model, books: Books) -> Finding:
    """Find the cap on an effect that is exceeded most."""
    worst, time = _FINE, model.system.time
    for name, policy in model.system.policies.items():
        rate = books.rates.get(name, np.zeros(time.count))
        whole = np.array([sum(b.amount for b in books.items if b.effect == name)])
        monthly = np.bincount(time.groups["month"], rate * time.scale) if policy.monthly_cap is not None else whole
        amounts = ((whole, policy.cap), (monthly, policy.monthly_cap), (rate, policy.hourly_cap))
        for amount, cap in amounts:
            if cap is not None:
                worst = _worse(worst, f"cap on {name}", Gap(np.maximum(amount - cap, 0.0), np.abs(amount)), None)
    return worst


def check_ranges(model: Model, values_of: Values) -> Finding:
    """Find the variable that leaves its declared range most."""
    worst = _FINE
    for key, variable in model.columns.declarations.items():
        if variable.per in ("day", "month"):
            values = values_of.solved_grouped[key]
        else:
            values = np.asarray(values_of.solved[key] if variable.per == "hour" else values_of.solved_once[key], float)
        outside = np.maximum(variable.lower - values, values - variable.upper)
        if variable.is_integer:
            outside = np.maximum(outside, np.abs(values - np.round(values)))
        worst = _worse(worst, f"range of {'.'.join(key)}", Gap(np.maximum(outside, 0.0), np.abs(values)), None)
    return worst


def book(model: Model, values: Values, views: dict[str, View]) -> Books:
    """Evaluate every effect over the horizon."""
    time = model.system.time
    bookings: list[Booking] = []
    rates: dict[str, Floats] = {}
    for component in model.system.components.values():
        for _, part, view in parts(component, views[component.name]):
            for word in part.effects_booked().values():
                amount = word.formula(part, view) if word.is_once else word.formula(part, view, values.t)
                if amount is None:
                    continue
                if word.every == "hour":
                    rate = np.broadcast_to(np.asarray(amount, float), time.count)
                    effect = model.system.effect_of(word)
                    rates[effect] = rates.get(effect, 0.0) + rate
                    total = float(np.sum(rate * time.scale))
                elif word.is_once:
                    total = float(amount) * time.share_of(word.every)
                else:
                    each = np.broadcast_to(np.asarray(amount, float), time.count)[time.firsts(word.every)]
                    total = float(np.sum(each * time.group_shares[word.every]))
                bookings.extend(_booked(model.system, component.name, word, total))
    return Books(tuple(bookings), rates)


def _booked(system: System, component: str, word: Effect, amount: float) -> Iterator[Booking]:
    """Book an amount, and what it costs where the effect has a price."""
    effect = system.effect_of(word)
    unit = system.effect_unit(effect)
    yield Booking(component, word.name, effect, unit, word.every, word.meaning, amount, word.paid_as)
    policy = system.policies.get(word.effect)
    if policy is not None and policy.price and word.effect != "cost":
        meaning = f"{word.effect} at {policy.price:g} {system.currency}/{policy.unit}."
        price = amount * policy.price
        yield Booking(
            component, f"{word.effect}_price", "cost", system.currency, word.every, meaning, price, "allowance"
        )


def take_measures(model: Model, values: Values, views: dict[str, View]) -> dict[Key, tuple[float, str, str]]:
    """Evaluate the figures that components declare."""
    found = {}
    for component in model.system.components.values():
        for _, part, view in parts(component, views[component.name]):
            for word in part.measures().values():
                figure = word.formula(part, view, values.t)
                if figure is not None:
                    found[component.name, word.name] = (float(figure), word.unit, word.meaning)
    return found


def prove(
    model: Model,
    program: LinearProgram,
    answer: Answer,
    values: Values,
    books: Books,
) -> Proof:
    """Compute the certificate of a plan."""
    views, system = views_of(model, values), model.system
    cost, scale = cost_and_scale(system, books.items)
    gap, supposed = None, 0
    if not program.is_integer.any() and answer.has_duals:
        # A bound above the cost is as wrong as one far below: the plan then breaks what the bound is made of.
        bound = lower_bound(program, answer.columns, answer.row_duals)
        gap, supposed = abs(cost - bound.value) / scale, bound.supposed
    worst = max(check_rules(model, values, views), check_caps(model, books), key=lambda finding: finding.relative)
    return Proof(
        rule=worst,
        balance=check_balances(model, values, views),
        bound=check_ranges(model, values),
        cost=cost,
        cost_mismatch=abs(cost - answer.objective) / scale,
        gap=gap,
        supposed=supposed,
    )


def cost_and_scale(system: System, bookings: Iterable[Booking]) -> tuple[float, float]:
    """Add up what the objective counts, and the sizes of it, against which a gap is measured. [money]"""
    if system.has_own_objective:
        weighed = [b.amount * system.worth(b.effect) for b in bookings]
    else:
        weighed = [b.amount for b in bookings if b.effect in ("cost", "preference")]
    return sum(weighed), max(1.0, sum(abs(amount) for amount in weighed))


def _worse(worst: Finding, subject: str, gap: Gap, kept: NDArray[np.bool_] | None) -> Finding:
    """Keep the larger of two violations, measured against the largest term the check ever sees.

    What is no number violates without end.
    """
    violation, scales = np.broadcast_arrays(np.atleast_1d(gap.violation), np.atleast_1d(gap.scale))
    violation = np.where(np.isnan(violation) | np.isnan(scales), np.inf, violation)
    if kept is not None:
        violation = np.where(np.broadcast_to(kept, violation.shape), violation, 0.0)
    scale = max(1.0, float(np.max(scales, where=np.isfinite(scales), initial=0.0)))
    step = int(np.argmax(violation)) if violation.size else 0
    size = float(violation[step]) if violation.size else 0.0
    if size / scale <= worst.relative:
        return worst
    return Finding(subject, size, size / scale, step if violation.size > 1 else None)
