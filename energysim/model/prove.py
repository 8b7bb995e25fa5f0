"""The certificate: does the plan keep every rule, balance and range, and is it as good as claimed?"""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from energysim.declare import Effect, Measure, Rule
from energysim.model.build import Model
from energysim.model.parts import comparisons, parts, sign_at_node
from energysim.model.values import Gap, Values
from energysim.model.view import Key, View
from energysim.system import Booking, Proof, System
from energysim.system.plan import Finding
from solvers.highs import Answer
from solvers.linear import LinearProgram

Floats = NDArray[np.float64]
_FINE = Finding("nothing to check", 0.0, 0.0)


def views_of(model: Model, values: Values) -> dict[str, View]:
    """One view per component over solved values."""
    return {name: View(values, model.system, component) for name, component in model.system.components.items()}


def check_rules(model: Model, values: Values, views: dict[str, View]) -> Finding:
    """Find the rule that fails most, relative to the size of its terms."""
    worst = _FINE
    time = model.system.time
    for component in model.system.components.values():
        for prefix, part, view in parts(component, views[component.name]):
            for word in part.declared(Rule).values():
                returned = word.formula(part, view, values.t) if word.every == "hour" else word.formula(part, view)
                kept = ~time.is_first if word.skips_first else None
                for gap in comparisons(returned):
                    broken = gap if isinstance(gap, Gap) else Gap(np.ones(1), np.ones(1))
                    worst = _worse(worst, f"{prefix}.{word.name}", broken, kept)
    return worst


def check_balances(model: Model, values: Values, views: dict[str, View]) -> Finding:
    """Find the node whose balance fails most, relative to what flows through it."""
    worst = _FINE
    for name, node in model.system.nodes.items():
        total, through = np.zeros(model.system.time.count), np.zeros(model.system.time.count)
        for attachment in model.system.at_node(name):
            flow = np.asarray(getattr(views[attachment.component], attachment.port_name)[values.t], float)
            total = total + flow * sign_at_node(attachment, node.loss_share)
            through = through + np.abs(flow)
        worst = _worse(worst, f"balance of {node.title or name}", Gap(np.abs(total), through), None)
    return worst


def check_ranges(model: Model, hourly: Mapping[Key, Floats], once: Mapping[Key, float]) -> Finding:
    """Find the variable that leaves its declared range most."""
    worst = _FINE
    for key, variable in model.columns.declarations.items():
        values = np.asarray(hourly[key] if variable.per == "hour" else once[key], float)
        outside = np.maximum(variable.lower - values, values - variable.upper)
        if variable.is_integer:
            outside = np.maximum(outside, np.abs(values - np.round(values)))
        worst = _worse(worst, f"range of {'.'.join(key)}", Gap(np.maximum(outside, 0.0), np.abs(values)), None)
    return worst


def book(model: Model, values: Values, views: dict[str, View]) -> tuple[Booking, ...]:
    """Evaluate every effect over the horizon."""
    time = model.system.time
    bookings: list[Booking] = []
    for component in model.system.components.values():
        for _, part, view in parts(component, views[component.name]):
            for word in part.declared(Effect).values():
                amount = word.formula(part, view, values.t) if word.every == "hour" else word.formula(part, view)
                if amount is None:
                    continue
                if word.every == "hour":
                    total = float(np.sum(np.broadcast_to(np.asarray(amount, float), time.count) * time.scale))
                else:
                    total = float(amount) * time.year_share
                bookings.extend(_booked(model.system, component.name, word, total))
    return tuple(bookings)


def _booked(system: System, component: str, word: Effect, amount: float) -> Iterator[Booking]:
    """Book an amount, and what it costs where the effect has a price."""
    unit = system.effect_unit(word.effect)
    yield Booking(component, word.name, word.effect, unit, word.every, word.meaning, amount)
    policy = system.policies.get(word.effect)
    if policy is not None and policy.price and word.effect != "cost":
        meaning = f"{word.effect} at {policy.price:g} {system.currency}/{policy.unit}."
        price = amount * policy.price
        yield Booking(component, f"{word.effect}_price", "cost", system.currency, word.every, meaning, price)


def take_measures(model: Model, values: Values, views: dict[str, View]) -> dict[Key, tuple[float, str, str]]:
    """Evaluate the figures that components declare."""
    found = {}
    for component in model.system.components.values():
        for _, part, view in parts(component, views[component.name]):
            for word in part.declared(Measure).values():
                figure = word.formula(part, view, values.t)
                if figure is not None:
                    found[component.name, word.name] = (float(figure), word.unit, word.meaning)
    return found


def lower_bound(program: LinearProgram, answer: Answer) -> float:
    """Bound the optimum from below with the row duals, in arithmetic of our own.

    For any multipliers ``y`` of the right sign the optimum is at least the sum of row bounds times ``y`` plus
    column bounds times reduced costs (weak duality). A reduced cost that points at an infinite bound is cut
    off when it is no more than rounding; else the bound is minus infinity.
    """
    y = answer.row_duals.copy()
    y[(y > 0.0) & ~np.isfinite(program.row_lower)] = 0.0
    y[(y < 0.0) & ~np.isfinite(program.row_upper)] = 0.0
    reduced = program.cost - program.column_values(y)
    rows = np.where(y > 0.0, program.row_lower, program.row_upper)
    bound = float(np.sum(np.where(y != 0.0, y * np.where(y != 0.0, rows, 0.0), 0.0)))
    ends = np.where(reduced > 0.0, program.lower, program.upper)
    is_open = ~np.isfinite(ends)
    noise = 1e-9 * (1.0 + np.abs(program.cost) + np.abs(program.cost - reduced))
    if np.any(is_open & (np.abs(reduced) > 1e3 * noise)):
        # A column without limit: use the size it has in the plan, enlarged, as HiGHS itself accepts the dual.
        ends = np.where(is_open, np.sign(-reduced) * 10.0 * (1.0 + np.abs(answer.columns)), ends)
    else:
        ends = np.where(is_open, 0.0, ends)
    return bound + float(np.sum(reduced * ends)) + program.offset


def prove(model: Model, program: LinearProgram, answer: Answer, values: Values, bookings: tuple[Booking, ...]) -> Proof:
    """Compute the certificate of a plan."""
    views = views_of(model, values)
    cost = sum(booking.amount for booking in bookings if booking.effect == "cost")
    scale = max(1.0, sum(abs(booking.amount) for booking in bookings if booking.effect == "cost"))
    gap = None
    if not program.is_integer.any() and np.any(answer.row_duals):
        gap = max(0.0, cost - lower_bound(program, answer)) / scale
    return Proof(
        rule=check_rules(model, values, views),
        balance=check_balances(model, values, views),
        bound=check_ranges(model, values.solved, values.solved_once),
        cost=cost,
        cost_mismatch=abs(cost - answer.objective) / scale,
        gap=gap,
    )


def _worse(worst: Finding, subject: str, gap: Gap, kept: NDArray[np.bool_] | None) -> Finding:
    """Keep the larger of two violations, measured against the largest term the check ever sees."""
    violation = np.atleast_1d(gap.violation)
    if kept is not None:
        violation = np.where(np.broadcast_to(kept, violation.shape), violation, 0.0)
    scale = max(1.0, float(np.max(gap.scale, initial=0.0)))
    step = int(np.argmax(violation)) if violation.size else 0
    size = float(violation[step]) if violation.size else 0.0
    if size / scale <= worst.relative:
        return worst
    return Finding(subject, size, size / scale, step if violation.size > 1 else None)
