"""Caps on effects: over the horizon, in each month, in each hour."""

from dataclasses import dataclass, field

import numpy as np

from energysim.errors import DeclarationError
from energysim.model.origin import Origin
from energysim.model.rows import Draft
from energysim.model.templates import Affine, Coefficient
from energysim.system import System, Time


@dataclass
class Total:
    """All of one effect, as formulas."""

    hourly: Affine = field(default_factory=Affine)
    """Amount in each step."""
    rest: Affine = field(default_factory=Affine)
    """Amount over the horizon that belongs to no hour."""

    def add(self, formula: Affine, every: str, time: Time) -> None:
        """Add what a component books; days and months are summed with their shares."""
        if every == "hour":
            self.hourly.add(formula, time.scale)
        elif every in ("year", "end"):
            self.rest.add(formula, time.share_of(every))
        else:
            self.rest.add(_grouped(formula, every, time))


def add_caps(draft: Draft, system: System, totals: dict[str, Total]) -> None:
    """Add the rows of every cap."""
    for name, policy in system.policies.items():
        total, count = totals.get(name, Total()), system.time.count
        if policy.cap is not None:
            draft.add_once(
                Origin("cap", name, "cap"), _summed(total.hourly, 0, count).plus(total.rest), -np.inf, policy.cap
            )
        if policy.monthly_cap is not None:
            firsts = system.time.firsts("month")
            for number, (first, end) in enumerate(zip(firsts, [*firsts[1:], count], strict=True)):
                whole = _summed(total.hourly, int(first), int(end))
                draft.add_once(Origin("cap", name, "monthly_cap", str(number + 1)), whole, -np.inf, policy.monthly_cap)
        if policy.hourly_cap is not None:
            rate = total.hourly.times(1.0 / system.time.scale)
            draft.add_row(Origin("cap", name, "hourly_cap"), rate, -np.inf, policy.hourly_cap)


def _summed(formula: Affine, first: int, end: int) -> Affine:
    """Sum an hourly formula over some steps."""
    whole = Affine(float(np.sum(_cut(formula.constant, first, end))))
    for term, coefficient in formula.terms.items():
        values = _cut(coefficient, first, end)
        if term[0] == "hour" and term[2] == 0:
            whole.add(Affine(0.0, {("span", term[1], first, end - first): values}))
        elif term[0] == "once":
            whole.add(Affine(0.0, {term: float(values.sum())}))
        else:
            raise DeclarationError("A capped effect speaks of the hour t and of sizes only.")
    return whole


def _grouped(formula: Affine, every: str, time: Time) -> Affine:
    """Sum a formula of each day or month over the horizon, its columns one by one."""
    firsts, shares = time.firsts(every), time.group_shares[every]
    whole = Affine(float(np.sum(np.broadcast_to(formula.constant, time.count)[firsts] * shares)))
    for term, coefficient in formula.terms.items():
        amounts = np.broadcast_to(coefficient, time.count)[firsts] * shares
        columns = term[1] + (time.groups[term[2]][firsts] if term[0] == "group" else np.zeros(len(firsts), int))
        for column, amount in zip(columns.tolist(), amounts.tolist(), strict=True):
            whole.add(Affine(0.0, {("once", column): amount}))
    return whole


def _cut(value: Coefficient, first: int, end: int) -> np.ndarray:
    return value[first:end] if isinstance(value, np.ndarray) else np.full(end - first, float(value))
