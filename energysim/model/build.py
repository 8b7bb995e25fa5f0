"""System to HourlyProgram: every rule called once, every balance summed once."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo

from energysim.declare import Declared, Effect, Rule
from energysim.errors import DeclarationError
from energysim.model.columns import Columns, lay_out
from energysim.model.expand import expand
from energysim.model.parts import BALANCE, comparisons, parts, sign_at_node
from energysim.model.rows import Draft
from energysim.model.templates import Affine, Templates
from energysim.model.view import View
from energysim.system import System
from solvers.program import HourlyProgram


@dataclass(frozen=True)
class Model:
    """A system as a program: what :mod:`energysim.model.solve` solves and explains."""

    system: System
    columns: Columns
    program: HourlyProgram
    templates: Templates

    def to_pyomo(self) -> pyo.ConcreteModel:
        """Expand the same rules into an ordinary Pyomo model, one constraint an hour.

        Slow and large on purpose: for inspection, for any Pyomo solver, and as the oracle in tests.
        """
        return expand(self.system, self.columns)

    @property
    def has_design(self) -> bool:
        """Whether sizes are decided."""
        return any(name.endswith("built") for _, name in self.columns.once)

    @property
    def has_memory(self) -> bool:
        """Whether hours are linked, as by a store."""
        return any(entry.step is not None for rows in self.program.rows for entry in rows.entries)


def build(system: System, tightens: bool = True) -> Model:
    """Call every rule once and write the program.

    Parameters
    ----------
    system : System
        What is modelled.
    tightens : bool
        Turn rows on a single column into bounds; off where every rule must stay a row of its own.

    Returns
    -------
    model : Model
        Arrays in ``model.program``, ready to assemble.

    Raises
    ------
    DeclarationError
        When a component's rule is not linear or speaks of something unknown.
    """
    columns = lay_out(system)
    templates = Templates(system.time.previous, columns.hourly, columns.once, columns.starts)
    draft = Draft(columns, system.time, tightens)
    totals: dict[str, Affine] = {}
    views = {component.name: View(templates, system, component) for component in system.components.values()}
    for component in system.components.values():
        for prefix, part, view in parts(component, views[component.name]):
            _add_rules(draft, templates, prefix, part, view)
            _add_effects(draft, templates, system, part, view, totals)
    for node in system.nodes:
        _add_balance(draft, templates, system, node, views)
    _add_policies(draft, system, totals)
    return Model(system, columns, draft.program(), templates)


def _add_rules(draft: Draft, templates: Templates, prefix: str, part: Declared, view: View) -> None:
    for word in part.declared(Rule).values():
        name = f"{prefix}.{word.name}"
        each_hour = word.every == "hour"
        returned = word.formula(part, view, templates.t) if each_hour else word.formula(part, view)
        for relation in comparisons(returned):
            formula, lower, upper = _difference(templates, relation, name)
            if each_hour:
                draft.add_rule(name, formula, lower, upper, word.skips_first)
            else:
                draft.add_once(name, formula, lower, upper)


def _difference(templates: Templates, relation: Any, name: str) -> tuple[Affine, float, float]:
    if isinstance(relation, bool | np.bool_):
        return Affine(1.0), -np.inf, 0.0
    try:
        return templates.difference(relation)
    except DeclarationError as error:
        raise DeclarationError(f"{name}: {error}") from None


def _add_effects(
    draft: Draft, templates: Templates, system: System, part: Declared, view: View, totals: dict[str, Affine]
) -> None:
    for word in part.declared(Effect).values():
        each_hour = word.every == "hour"
        amount = word.formula(part, view, templates.t) if each_hour else word.formula(part, view)
        if amount is None:
            continue
        formula = templates.affine(amount)
        factor = _plain(system.time.scale) if each_hour else system.time.year_share
        count = system.time.count if each_hour else 1
        price = 1.0 if word.effect == "cost" else _price(system, word.effect)
        if price:
            draft.add_cost(formula, factor * price, count)
        if word.effect in system.policies and system.policies[word.effect].cap is not None:
            whole = _summed(formula.times(factor), count)
            totals[word.effect] = totals.get(word.effect, Affine()).plus(whole)


def _summed(formula: Affine, count: int) -> Affine:
    """Sum an hourly formula over the horizon."""
    whole = Affine(float(np.sum(np.broadcast_to(formula.constant, count))))
    for term, coefficient in formula.terms.items():
        summed = term
        if term[0] == "hour":
            summed = ("sum", term[1])
        elif count > 1:
            coefficient = float(np.sum(np.broadcast_to(coefficient, count)))
        whole = whole.plus(Affine(0.0, {summed: coefficient}))
    return whole


def _add_balance(draft: Draft, templates: Templates, system: System, node: str, views: dict[str, View]) -> None:
    """What is given to a node is taken from it, in every hour."""
    balance = Affine()
    has_ports = False
    for attachment in system.at_node(node):
        has_ports = True
        flow = templates.affine(getattr(views[attachment.component], attachment.port_name)[templates.t])
        balance = balance.plus(flow, sign_at_node(attachment, system.nodes[node].loss_share))
    if has_ports:
        draft.add_row(f"{BALANCE}.{node}", balance, 0.0, 0.0)


def _add_policies(draft: Draft, system: System, totals: dict[str, Affine]) -> None:
    for name, policy in system.policies.items():
        if policy.cap is not None:
            draft.add_once(f"cap.{name}", totals.get(name, Affine()), -np.inf, policy.cap)


def _price(system: System, effect: str) -> float:
    return system.policies[effect].price if effect in system.policies else 0.0


def _plain(values: Any) -> Any:
    return float(values[0]) if (values == values[0]).all() else values
