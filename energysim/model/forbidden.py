"""Forbidden matches: whose heat may not reach whom, though both meet in one network."""

from collections.abc import Iterator, Mapping
from typing import Any

from energysim.declare import Direction, Variable
from energysim.model.origin import Origin
from energysim.model.parts import landed_at, sign_of, standing_loss
from energysim.model.view import Key, View
from energysim.system import Node, System
from energysim.system.network import Network

Users = frozenset[int]
"""Users by the matches that keep heat from them; nobody keeps heat from the others, nor from what is lost."""


def followed(system: System, node: Node) -> Iterator[tuple[Key, Variable]]:
    """Walk the variables that follow the heat of forbidden matches at a node: what falls on, and what users take."""
    network = system.networks[node.network]
    groups = _all_users(network) if network.forbidden else []
    for number, match in enumerate(network.forbidden):
        whose = ", ".join(sorted(match.suppliers))
        if node.below is not None:
            yield _passing(node, number), Variable("MW", f"Heat of {whose} that falls to the level below.")
        for users in groups:
            if number not in users:
                yield _used(node, number, users), Variable("MW", f"Heat of {whose} used at {node.title}.")


def forbidden(
    system: System, network: str, views: Mapping[str, View], hourly: Any, t: Any
) -> Iterator[tuple[Origin, Any]]:
    r"""Walk the comparisons that keep heat from those who may not take it.

    Heat of suppliers :math:`i` that some users may not take falls down the levels :math:`k` on its own, as in the
    expanded transshipment [1]_: with :math:`g` what they give, :math:`R` what falls on and :math:`Q` what those
    users :math:`j` take who may, :math:`R_{i,k-1} + g_{ik} = \sum_j Q_{ijk} + R_{ik}`. Nobody takes more of it than
    all he takes there, :math:`\sum_i Q_{ijk} \le d_{jk}`, and no more falls than falls in all; the rest is heat that
    anybody may take.

    Parameters
    ----------
    system : System
    network : str
    views : mapping of component to View
    hourly : callable
        Looks up an hourly variable by its key.
    t : hour

    Yields
    ------
    origin : Origin
    comparison

    References
    ----------
    .. [1] S. A. Papoulias, I. E. Grossmann, A structural optimization approach in process synthesis II: heat recovery
       networks, Computers & Chemical Engineering 7, 1983.
    """
    matches = system.networks[network].forbidden
    groups, count = _all_users(system.networks[network]) if matches else [], len(matches)
    above: list[Any] = [0.0] * count
    for node in system.levels_of(network) if count else ():
        level, falls_on = f"forbidden@{node.level + 1}", node.below is not None
        falling = [hourly(_passing(node, number))[t] if falls_on else 0.0 for number in range(count)]
        for number in range(count):
            used = sum(hourly(_used(node, number, group))[t] for group in groups if number not in group)
            yield (
                Origin("forbidden", network, f"of{number + 1}", level),
                above[number] + _given(system, node, number, views, t) == used + falling[number],
            )
        for group in groups:
            used = sum(hourly(_used(node, number, group))[t] for number in range(count) if number not in group)
            if len(group) < count:
                origin = Origin("forbidden", network, f"users{_word(group)}", level)
                yield origin, used <= _taken(system, node, group, views, t)
        if falls_on:
            yield Origin("forbidden", network, "falls_with_the_rest", level), sum(falling) <= hourly(node.falling)[t]
        above = falling


def _passing(node: Node, number: int) -> Key:
    return f"network {node.network}", f"passing{number + 1}@{node.level}"


def _used(node: Node, number: int, users: Users) -> Key:
    return f"network {node.network}", f"used{number + 1}by{_word(users)}@{node.level}"


def _word(users: Users) -> str:
    return "_".join(str(number + 1) for number in sorted(users)) or "0"


def _users(network: Network, component: str) -> Users:
    return frozenset(number for number, match in enumerate(network.forbidden) if component in match.users)


def _all_users(network: Network) -> list[Users]:
    named = sorted({user for match in network.forbidden for user in match.users})
    return list(dict.fromkeys([frozenset(), *(_users(network, user) for user in named)]))


def _given(system: System, node: Node, number: int, views: Mapping[str, View], t: Any) -> Any:
    """What the suppliers of a match give to a level."""
    suppliers = system.networks[node.network].forbidden[number].suppliers
    flows = _flows(system, node, Direction.OUT, views, t)
    return sum((flow for component, flow in flows if component in suppliers), 0.0)


def _taken(system: System, node: Node, users: Users, views: Mapping[str, View], t: Any) -> Any:
    """What some users take from a level; the loss is taken by those from whom nothing is kept."""
    network = system.networks[node.network]
    flows = _flows(system, node, Direction.IN, views, t)
    taken = sum((flow for component, flow in flows if _users(network, component) == users), 0.0)
    return taken if users else taken + next(iter(views.values())).numbers(standing_loss(system, node))[t]


def _flows(system: System, node: Node, way: Direction, views: Mapping[str, View], t: Any) -> Iterator[tuple[str, Any]]:
    loss_share = system.networks[node.network].loss_share
    for attachment, landing in system.at_node(node.name):
        if attachment.port.direction is way:
            view = views[attachment.component]
            landed = landed_at(view, attachment, landing)
            factor = abs(sign_of(attachment, loss_share)) * landed.factor
            yield attachment.component, view.numbers(factor)[t] * landed.flow[t]
