"""System to HourlyProgram: every rule called once, every balance summed once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo

from energysim.declare import Declared, Rule
from energysim.errors import DeclarationError
from energysim.model.caps import Total, add_caps
from energysim.model.columns import Columns, lay_out
from energysim.model.delivered import delivered
from energysim.model.expand import expand
from energysim.model.forbidden import forbidden
from energysim.model.groups import group_rules
from energysim.model.origin import Origin
from energysim.model.parts import comparisons, limits, mixing, parts, standing_loss, terms_at
from energysim.model.rows import Draft
from energysim.model.templates import Affine, Templates
from energysim.model.view import Key, View
from energysim.system import Node, System
from solvers.choice import Shape
from solvers.program import HourlyProgram


@dataclass(frozen=True)
class Model:
    """A system as a program: what :mod:`energysim.model.solve` solves and explains."""

    system: System
    columns: Columns
    program: HourlyProgram
    templates: Templates
    origins: Mapping[str, Origin]
    """Of the blocks of rows and the rows that exist once, by their names."""
    closed: frozenset[Key] = frozenset()
    """Flows kept at zero, by component and port; see :func:`energysim.model.close.close`."""

    def to_pyomo(self) -> pyo.ConcreteModel:
        """Expand the same rules into an ordinary Pyomo model, one constraint an hour.

        Slow and large on purpose: for inspection, for any Pyomo solver, and as the oracle in tests.
        """
        return expand(self.system, self.columns)

    def origin_spans(self) -> Iterator[tuple[Origin, slice]]:
        """Walk the rows as ``program.row_spans()`` does; what was added to the model's own is left out."""
        return ((self.origins[name], rows) for name, rows in self.program.row_spans() if name in self.origins)

    @property
    def shape(self) -> Shape:
        """What the choice of a method wants to know."""
        has_sizes = any(name.endswith("built") for _, name in self.columns.once)
        has_memory = any(entry.step is not None for rows in self.program.rows for entry in rows.entries)
        return Shape(self.program.steps, has_sizes and has_memory)


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
    templates = Templates(system.time.previous, columns.hourly, columns.once, columns.grouped, columns.starts)
    draft = Draft(columns, system.time, tightens)
    totals: dict[str, Total] = {}
    views = {component.name: View(templates, system, component) for component in system.components.values()}
    for component in system.components.values():
        for field, part, view in parts(component, views[component.name]):
            _add_rules(draft, templates, component.name, field, part, view)
            _add_effects(draft, templates, system, part, view, totals)
        for origin, relation in limits(system, component, views[component.name], templates.t):
            _add_relation(draft, templates, origin, relation)
    for node in system.nodes.values():
        _add_balance(draft, templates, system, node, views)
    for network in system.networks:
        _add_mixing(draft, templates, system, network, views)
        for walk in (forbidden, delivered):
            for origin, relation in walk(system, network, views, templates.hourly, templates.t):
                _add_relation(draft, templates, origin, relation)
    for rule in group_rules(system, views):
        _add_relation(draft, templates, rule.origin, rule.formula(templates.t), rule.each_hour)
    add_caps(draft, system, totals)
    origins = {origin.name: origin for origin in (*draft.row_origins, *draft.global_row_origins)}
    return Model(system, columns, draft.program(), templates, origins)


def _add_rules(draft: Draft, templates: Templates, component: str, field: str, part: Declared, view: View) -> None:
    for word in part.declared(Rule).values():
        origin = Origin("rule", component, word.name, field)
        each_hour = word.every == "hour"
        returned = word.formula(part, view, templates.t) if each_hour else word.formula(part, view)
        _add_relation(draft, templates, origin, returned, each_hour, word.skips_first)


def _add_relation(
    draft: Draft, templates: Templates, origin: Origin, returned: Any, each_hour: bool = True, skips_first: bool = False
) -> None:
    """Add what a rule returned, as rows or bounds of every hour or as rows over the horizon."""
    for relation in comparisons(returned):
        formula, lower, upper = _difference(templates, relation, origin)
        if each_hour:
            draft.add_rule(origin, formula, lower, upper, skips_first)
        else:
            draft.add_once(origin, formula, lower, upper)


def _difference(templates: Templates, relation: Any, origin: Origin) -> tuple[Affine, float, float]:
    if isinstance(relation, bool | np.bool_):
        return Affine(1.0), -np.inf, 0.0
    try:
        return templates.difference(relation)
    except DeclarationError as error:
        raise DeclarationError(f"{origin.name}: {error}") from None


def _add_effects(
    draft: Draft, templates: Templates, system: System, part: Declared, view: View, totals: dict[str, Total]
) -> None:
    for word in part.effects_booked().values():
        amount = word.formula(part, view) if word.is_once else word.formula(part, view, templates.t)
        if amount is None:
            continue
        name = system.effect_of(word)
        formula, worth = templates.affine(amount), system.worth(name)
        if worth:
            if word.every == "hour":
                draft.add_cost(formula, _plain(system.time.scale) * worth, system.time.count)
            elif word.is_once:
                draft.add_cost(formula, system.time.share_of(word.every) * worth, 1)
            else:
                draft.add_group_cost(formula, system.time.group_shares[word.every] * worth, word.every)
        if name in system.policies:
            total = totals.setdefault(name, Total())
            total.add(formula, word.every, system.time)


def _add_balance(draft: Draft, templates: Templates, system: System, node: Node, views: dict[str, View]) -> None:
    """What is given to a node is taken from it, in every hour."""
    balance = Affine(-1.0 * standing_loss(system, node))
    for term in terms_at(system, node, views, templates.hourly):
        balance.add(templates.affine(term.flow[templates.t]), term.factor)
    if balance.terms or np.any(balance.constant):
        draft.add_row(Origin("balance", node.name), balance, 0.0, 0.0)


def _add_mixing(draft: Draft, templates: Templates, system: System, network: str, views: dict[str, View]) -> None:
    """Where sources are mixed, the hot ones make up for the cold ones."""
    missing = Affine()
    for term in mixing(system, network, views):
        missing.add(templates.affine(term.flow[templates.t]), term.factor)
    if missing.terms or np.any(missing.constant > 0.0):
        draft.add_row(Origin("mixing", network), missing, -np.inf, 0.0)


def _plain(values: Any) -> Any:
    return float(values[0]) if (values == values[0]).all() else values
