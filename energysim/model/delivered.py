"""Deliveries: what of a supplier's flow counts as a user's, though both meet in a network with others."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from energysim.declare import Variable
from energysim.model.origin import Origin
from energysim.model.parts import landed_at
from energysim.model.view import Key, View
from energysim.system import Node, System
from energysim.system.network import CountedDelivery

Port = tuple[str, str]
"""Component and name of a port."""


def counted(system: System, node: Node) -> Iterator[tuple[Key, Variable]]:
    """Walk the variables that follow deliveries at a node: what counts as taken there, and what falls on."""
    for delivery in system.networks[node.network].deliveries:
        whose = f"delivery {delivery.component}"
        if _lands(system, node, delivery.user):
            yield _used(node, delivery), Variable("MW", f"What {whose} takes at {node.title}.")
        if node.below is not None:
            yield _passing(node, delivery), Variable("MW", f"Heat of {whose} that falls to the level below.")


def delivered(
    system: System, network: str, views: Mapping[str, View], hourly: Any, t: Any
) -> Iterator[tuple[Origin, Any]]:
    """Walk the comparisons that say what deliveries may count; see the type ``delivery``.

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
    """
    deliveries = system.networks[network].deliveries
    suppliers, users = [one.supplier for one in deliveries], [one.user for one in deliveries]
    above: list[Any] = [0.0] * len(deliveries)
    used: list[Any] = [0.0] * len(deliveries)
    for node in system.levels_of(network) if deliveries else ():
        level = f"level{node.level + 1}"
        taken = [hourly(_used(node, one))[t] if _lands(system, node, one.user) else 0.0 for one in deliveries]
        falling = [hourly(_passing(node, one))[t] if node.below is not None else 0.0 for one in deliveries]
        given = [take + down - top for take, down, top in zip(taken, falling, above, strict=True)]
        for one, amount in zip(deliveries, given, strict=True):
            if not _is_nothing(amount):
                yield Origin("delivery", one.component, "given", level), amount >= 0.0
        at_ports = (*zip(suppliers, deliveries, given, strict=True), *zip(users, deliveries, taken, strict=True))
        for first, port, amount in _by_port(at_ports):
            origin = Origin("delivery", first, f"within_{'_'.join(port)}", level)
            yield origin, amount <= _flow(system, node, port, views, t)
        if node.below is not None:
            origin = Origin("delivery", deliveries[0].component, "falls_with_the_rest", level)
            yield origin, sum(falling) <= hourly(node.falling)[t]
        above, used = falling, [so_far + take for so_far, take in zip(used, taken, strict=True)]
    for one, amount in zip(deliveries, used, strict=True):
        yield Origin("delivery", one.component, "delivered"), views[one.component].moved[t] == amount


def _by_port(counted_at: Iterable[tuple[Port, CountedDelivery, Any]]) -> Iterator[tuple[str, Port, Any]]:
    """Sum what is counted at each port over the deliveries that share it, with the first of these."""
    sums: dict[Port, tuple[str, Any]] = {}
    for port, delivery, amount in counted_at:
        if not _is_nothing(amount):
            first, so_far = sums.get(port, (delivery.component, 0.0))
            sums[port] = first, so_far + amount
    return ((first, port, amount) for port, (first, amount) in sums.items())


def _is_nothing(amount: Any) -> bool:
    return isinstance(amount, float) and amount == 0.0


def _lands(system: System, node: Node, port: Port) -> bool:
    return any((one.component, one.port_name) == port for one, _ in system.at_node(node.name))


def _flow(system: System, node: Node, port: Port, views: Mapping[str, View], t: Any) -> Any:
    """What flows through a port at a node, as its own meter counts it."""
    flow: Any = 0.0
    for attachment, landing in system.at_node(node.name):
        if (attachment.component, attachment.port_name) == port:
            view = views[attachment.component]
            landed = landed_at(view, attachment, landing)
            flow = flow + view.numbers(landed.factor)[t] * landed.flow[t]
    return flow


def _used(node: Node, delivery: CountedDelivery) -> Key:
    return f"network {node.network}", f"{delivery.component} used@{node.level}"


def _passing(node: Node, delivery: CountedDelivery) -> Key:
    return f"network {node.network}", f"{delivery.component} passing@{node.level}"
