"""A component and its traits with their views, and what every model adds to their rules: balances and levels."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from energysim.declare import Component, Declared, Direction
from energysim.model.origin import Origin
from energysim.model.view import View
from energysim.system import Node, System
from energysim.system.network import Attachment, Landing

BALANCE = "balance"
"""First word of the names of node balances."""


@dataclass(frozen=True)
class Term:
    """One flow in a node's balance: ``factor * flow[t]``."""

    factor: Any
    """Number or series (step,)."""
    flow: Any
    """Indexed by the hour."""


def parts(component: Component, view: View) -> Iterator[tuple[str, Declared, View]]:
    """Walk a component and its traits, each with the field it stands in, empty for the component, and its view."""
    yield "", component, view
    for field, trait, names in component.traits():
        yield field, trait, view.part(field, trait, names)


def comparisons(returned: Any) -> list[Any]:
    """List what a rule returned: nothing, one comparison or several; those that hold anyway are left out."""
    several = returned if isinstance(returned, list | tuple) else [returned]
    return [one for one in several if one is not None and not (isinstance(one, bool | np.bool_) and one)]


def sign_of(attachment: Attachment, loss_share: float) -> float:
    """Give the factor of a port's flow in its network's balance: what users draw carries the distribution loss."""
    if attachment.port.direction is Direction.OUT:
        return 1.0
    return -1.0 / (1.0 - loss_share) if attachment.port.is_end_use else -1.0


def landed_at(view: View, attachment: Attachment, landing: Landing) -> Term:
    """Give what of a port's flow meets a node: a variable of its own where the plan chooses, else a share."""
    if landing.variable:
        return Term(1.0, view.level_flow(landing.variable))
    return Term(landing.share, getattr(view, attachment.port_name))


def terms_at(system: System, node: Node, views: Mapping[str, View], falling: Any) -> Iterator[Term]:
    """Walk the flows of a node's balance, heat from the level above and to the level below included.

    ``falling`` looks up the variable of heat that falls from a node.
    """
    loss_share = system.networks[node.network].loss_share
    for attachment, landing in system.at_node(node.name):
        landed = landed_at(views[attachment.component], attachment, landing)
        yield Term(sign_of(attachment, loss_share) * landed.factor, landed.flow)
    levels = system.levels_of(node.network)
    if node.level > 0:
        yield Term(1.0, falling(levels[node.level - 1].falling))
    if node.below is not None:
        yield Term(-1.0, falling(node.falling))


def standing_loss(system: System, node: Node) -> Any:
    """Loss at a node that does not depend on the load. [MW] (step,)"""
    return system.networks[node.network].loss * node.weight


def limits(system: System, component: Component, view: View, t: Any) -> Iterator[tuple[Origin, Any]]:
    """Walk the comparisons that keep a component's heat within its temperatures."""
    offers = component.offers()
    for name in component.ports():
        attachment = system.attachment(component.name, name)
        word = offers.get(name)
        if word is not None:
            offered = word.formula(component, view, t)
            for landing in attachment.landings:
                flow = view.level_flow(landing.variable) if landing.variable else getattr(view, name)
                label = f"{landing.variable or name}_within_offer"
                yield Origin("temperatures", component.name, label), flow[t] <= view.numbers(landing.share)[t] * offered
            if not attachment.landings:
                # Where nothing is connected there is nowhere to give it to.
                offered = offered if attachment.network else 0.0
                yield Origin("temperatures", component.name, f"{name}_within_offer"), getattr(view, name)[t] <= offered
        elif not isinstance(attachment.reach, float):
            blocked = view.numbers(1.0 - attachment.reach)[t] * getattr(view, name)[t]
            yield Origin("temperatures", component.name, f"{name}_hot_enough"), blocked <= 0.0


def mixing(system: System, network: str, views: Mapping[str, View]) -> list[Term]:
    """List what is missing to or above the supply temperature of mixed sources; together no more than nothing."""
    found = []
    for attachment in system.in_network(network):
        for landing in attachment.landings:
            if np.any(landing.mixing):
                landed = landed_at(views[attachment.component], attachment, landing)
                found.append(Term(landing.mixing * landed.factor, landed.flow))
    return found
