"""Forbidden matches of a network: suppliers sorted by the users that may not take their heat."""

from collections.abc import Mapping, Sequence

from energysim.declare import Component, Direction
from energysim.scenario.network import Forbidden
from energysim.system.network import Match


def matches(given: Sequence[Forbidden], components: Mapping[str, Component], network: str) -> tuple[Match, ...]:
    """Sort the suppliers of a network by who is kept from their heat.

    A component that takes from the network and gives to it, such as a store, may hold heat of anybody whose heat it
    may take; what it gives is kept from everybody these are kept from.

    Parameters
    ----------
    given : sequence of Forbidden
    components : mapping of name to Component
    network : str

    Returns
    -------
    matches : tuple of Match
        No supplier is in two of them; suppliers that anybody may take from are in none.
    """
    if not given:
        return ()
    kept: dict[str, frozenset[str]] = {}
    for one in given:
        for supplier in one.suppliers:
            kept[supplier] = kept.get(supplier, frozenset()) | frozenset(one.users)
    passing_on = [name for name, component in components.items() if _takes_and_gives(component, network)]
    settled = False
    while not settled:
        settled = True
        for store in passing_on:
            own = kept.get(store, frozenset())
            held = own.union(*(users for users in kept.values() if store not in users)) - {store}
            if held != own:
                kept[store], settled = held, False
    together: dict[frozenset[str], set[str]] = {}
    for supplier, users in kept.items():
        together.setdefault(users, set()).add(supplier)
    return tuple(Match(frozenset(suppliers), users) for users, suppliers in together.items())


def _takes_and_gives(component: Component, network: str) -> bool:
    ways = {port.direction for name, port in component.ports().items() if component.connections.get(name) == network}
    return ways >= {Direction.IN, Direction.OUT}
