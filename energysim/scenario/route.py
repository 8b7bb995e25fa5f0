"""Routes: the network through which one component reaches another."""

from collections.abc import Mapping
from dataclasses import dataclass

from energysim.declare import Component, Direction
from energysim.errors import suggestion


class NoRouteError(ValueError):
    """Two flows that meet nowhere; ``key`` is the word at fault, ``way_out`` what may be meant."""

    def __init__(self, key: str, found: str, way_out: str = "") -> None:
        super().__init__(f"{found} {way_out}".strip())
        self.key, self.found, self.way_out = key, found, way_out


@dataclass(frozen=True)
class Route:
    """A flow that runs through a network from one component to another."""

    network: str
    supplier: tuple[str, str]
    """Component and port that gives."""
    user: tuple[str, str]
    """Component and port that takes."""


def route(components: Mapping[str, Component], supplier: str, user: str, keys: tuple[str, str]) -> Route:
    """Find the one pair of ports by which a supplier reaches a user through a network.

    Parameters
    ----------
    components : mapping of name to Component
    supplier, user : str
        Component, or ``component.port``.
    keys : (str, str)
        What the scenario calls the two, for the message.

    Raises
    ------
    NoRouteError
        When a word names no flow, when the two meet in no network, or in several.
    """
    given = _networks(components, supplier, Direction.OUT, keys[0])
    taken = _networks(components, user, Direction.IN, keys[1])
    pairs = [(p, q) for p, network in given.items() for q, other in taken.items() if network == other]
    giver, taker = supplier.partition(".")[0], user.partition(".")[0]
    if not pairs:
        where = " and ".join(sorted({f"'{network}'" for network in given.values()}))
        elsewhere = " and ".join(sorted({f"'{network}'" for network in taken.values()}))
        found = f"'{giver}' and '{taker}' meet in no network: one gives to {where}, the other takes from {elsewhere}."
        raise NoRouteError(keys[1], found, "Name two that meet in one network.")
    if len(pairs) > 1:
        ways = ", ".join(f"{giver}.{p} to {taker}.{q}" for p, q in pairs)
        raise NoRouteError(keys[1], f"'{giver}' reaches '{taker}' in {len(pairs)} ways: {ways}.", "Name both flows.")
    (port, other), *_ = pairs
    return Route(given[port], (giver, port), (taker, other))


def _networks(components: Mapping[str, Component], word: str, way: Direction, key: str) -> dict[str, str]:
    """Network of each port that may be meant."""
    name, _, port = word.partition(".")
    component = components.get(name)
    if component is None:
        raise NoRouteError(key, f"There is no component '{name}'.", suggestion(name, components))
    fitting = [one for one, declared in component.ports().items() if declared.direction is way]
    if port and port not in fitting:
        does = "gives" if way is Direction.OUT else "takes"
        raise NoRouteError(key, f"'{name}' {does} nothing by a flow '{port}'.", suggestion(port, fitting))
    met = {one: component.connections[one] for one in fitting if one in component.connections and port in ("", one)}
    if not met:
        does = "gives nothing to" if way is Direction.OUT else "takes nothing from"
        raise NoRouteError(key, f"'{name}' {does} a network.", "Name another component.")
    return met
