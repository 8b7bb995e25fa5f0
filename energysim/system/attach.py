"""Ports to nodes: what meets at which temperature level of which network."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from energysim.declare import Component, Direction, Port, Span
from energysim.system.levels import SAME, Levels, Shares, Stretch, lay_levels
from energysim.system.network import Attachment, Landing, Network, Node

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Meeting:
    """A connected port before its network is cut into levels."""

    component: Component
    name: str
    port: Port
    span: Span | None
    """Where its component says it meets the network; None for the network's own temperatures."""

    @property
    def gives(self) -> bool:
        """Whether heat enters the network here."""
        return self.port.direction is Direction.OUT

    @property
    def is_chosen(self) -> bool:
        """Whether the plan chooses how much of each temperature it takes."""
        return self.name in self.component.offers()


@dataclass(frozen=True)
class _Part:
    """A weighted stretch of a port: where sources are pooled, a port may have a part in the pool and a rest."""

    weight: float | Floats
    stretch: Stretch
    mixing: float | Floats


@dataclass(frozen=True)
class Attached:
    """A network cut into levels, its ports in place."""

    nodes: tuple[Node, ...]
    """One per level, the hottest first; one in all where temperatures play no part."""
    attachments: tuple[Attachment, ...]
    """One per port, in the order given."""
    warnings: tuple[str, ...] = ()
    """Heat that finds no use at its temperature."""


def attach(network: Network, meetings: list[Meeting], count: int) -> Attached:
    """Cut a network into the levels its ports need and land every port on them.

    Parameters
    ----------
    network : Network
        With or without temperatures.
    meetings : list of Meeting
        Its ports.
    count : int
        Number of steps.

    Returns
    -------
    attached : Attached
        Nodes and attachments.

    Raises
    ------
    ValueError
        When a port has to give heat that is colder than all that is taken.
    """
    if not network.has_temperatures or not meetings:
        return _single(network, meetings)
    parts = [list(_parts(network, meeting, count)) for meeting in meetings]
    users = _users(network, count)
    has_users = any(not m.gives and m.span is None for m in meetings) or np.any(network.loss)
    flat = [part.stretch for own in parts for part in own] + ([users] if has_users else [])
    if not any(not stretch.gives for stretch in flat):
        return _single(network, meetings)
    levels = lay_levels(flat)
    nodes = _nodes(network, levels, levels.shares[-1] if has_users else None)
    shares = iter(levels.shares)
    attachments = []
    for meeting, own in zip(meetings, parts, strict=True):
        landed = [(part, next(shares)) for part in own]
        attachments.append(_landed(network, nodes, meeting, landed))
    idle = [a for a in attachments if a.is_idle]
    warnings = tuple(
        f"{a.component}: '{a.port_name}' is colder than all that '{network.name}' takes, so none of it is used. "
        "A heat pump with  from: " + network.name + "  could lift it."
        for a in idle
    )
    warnings += tuple(_unreached(network, meetings, parts))
    return Attached(tuple(nodes), tuple(attachments), warnings)


def _unreached(network: Network, meetings: list[Meeting], parts: list[list[_Part]]) -> Iterator[str]:
    """Walk the ports that ask for heat hotter than all that others give, in every step."""
    if all(m.gives or m.span is None for m in meetings):
        return
    hot = [reduce(np.maximum, (part.stretch.hot for part in own)) for own in parts]
    for meeting, asked in zip(meetings, hot, strict=True):
        others = [
            given for m, given in zip(meetings, hot, strict=True) if m.gives and m.component is not meeting.component
        ]
        if meeting.gives or meeting.span is None or not others or not np.isfinite(asked).all():
            continue
        hottest = reduce(np.maximum, others)
        if (asked > hottest + SAME).all():
            yield (
                f"{meeting.component.name}: '{meeting.name}' asks for heat of {np.min(asked):.4g} degC, and "
                f"the hottest that others give to '{network.name}' has {np.max(hottest):.4g} degC. "
                "A plant may say the 'temperature' it gives."
            )


def _single(network: Network, meetings: list[Meeting]) -> Attached:
    node = Node(network.name, network.name, network.carrier, network.title)
    return Attached((node,), tuple(_whole(meeting, network.name) for meeting in meetings))


def _whole(meeting: Meeting, node: str) -> Attachment:
    return Attachment(meeting.component.name, meeting.name, meeting.port, node, (Landing(node, 1.0),))


def _users(network: Network, count: int) -> Stretch:
    """What the network's users take: water heated from return to supply, or all of it at supply where that is asked."""
    assert network.supply is not None
    assert network.returned is not None
    cold = network.returned if network.coupling == "series" else network.supply
    return Stretch(_series(network.supply, count), _series(cold, count), gives=False)


def _parts(network: Network, meeting: Meeting, count: int) -> Iterator[_Part]:
    """Walk the stretches of a port under the network's coupling."""
    assert network.supply is not None
    assert network.returned is not None
    supply, returned = _series(network.supply, count), _series(network.returned, count)
    span = meeting.span
    if span is None:
        span = Span(supply, supply) if meeting.gives else Span(supply, returned)
    hot, cold = _series(span.hot, count), _series(span.cold, count)
    if network.coupling == "series":
        yield _Part(1.0, Stretch(hot, cold, meeting.gives), 0.0)
    elif not meeting.gives:
        yield _Part(1.0, Stretch(hot, hot, False), 0.0)
    else:
        yield from _pooled(network, hot, cold, supply, returned)


def _pooled(network: Network, hot: Floats, cold: Floats, supply: Floats, returned: Floats) -> Iterator[_Part]:
    """Split a source into what heats the network's water and what is left below its return.

    Where full temperature is required only sources as hot as the supply heat it; where sources are mixed all above
    the return do, and the mixture has to reach the supply.
    """
    is_mixed = network.coupling == "parallel"
    heats = hot > returned + SAME if is_mixed else hot >= supply - SAME
    width = hot - cold
    above = np.where(
        width > SAME, np.clip((hot - np.maximum(cold, returned)) / np.where(width > SAME, width, 1.0), 0, 1), 1.0
    )
    pooled = np.where(heats, above, 0.0)
    missing = (supply - hot) / np.where(heats, np.maximum(hot - returned, SAME), 1.0)
    mixing = np.where(heats, missing, 0.0) if is_mixed else np.zeros_like(hot)
    yield _Part(pooled, Stretch(supply, supply, True), mixing)
    if (pooled < 1.0 - SAME).any():
        rest = np.where(heats, np.maximum(np.minimum(hot, returned), cold), hot)
        yield _Part(1.0 - pooled, Stretch(rest, cold, True), 0.0)


def _nodes(network: Network, levels: Levels, weights: Shares | None) -> list[Node]:
    if levels.count == 1:
        top, bottom = levels.top[0], levels.bottom[0]
        return [Node(network.name, network.name, network.carrier, network.title, 0, top, bottom)]
    names = [f"{network.name}@{level + 1}" for level in range(levels.count)]
    title = network.title or network.name
    found = []
    for level, name in enumerate(names):
        top, bottom = levels.top[level], levels.bottom[level]
        between = f"{np.mean(bottom):.0f} to {np.mean(top):.0f} degC"
        weight = float(level == 0) if weights is None else _plain(weights.get(level, 0.0))
        below = names[level + 1] if level + 1 < levels.count else None
        found.append(
            Node(name, network.name, network.carrier, f"{title}, {between}", level, top, bottom, weight, below)
        )
    return found


def _landed(network: Network, nodes: list[Node], meeting: Meeting, landed: list[tuple[_Part, Shares]]) -> Attachment:
    """Place a port on the levels where it has a share."""
    share, mixing = (landed[0][1], {}) if network.coupling == "series" else _weighed(landed)
    used = sorted(share)
    if not used and meeting.is_chosen:
        nothing = (Landing(nodes[-1].name, 0.0, meeting.name),)
        return Attachment(meeting.component.name, meeting.name, meeting.port, network.name, nothing)
    if not used:
        hot = float(np.max([np.where(part.weight > 0.0, part.stretch.hot, -np.inf) for part, _ in landed]))
        raise ValueError(
            f"'{meeting.component.name}' gives heat at {hot:.4g} degC at most to '{network.name}', where nothing takes "
            "heat that cold. Lift it with a heat pump, or lower the temperatures of the network."
        )
    splits = len(used) > 1
    landings = tuple(
        Landing(
            nodes[level].name,
            _plain(share[level]),
            (f"{meeting.name}@{nodes[level].level + 1}" if splits else meeting.name) if meeting.is_chosen else "",
            _plain(mixing.get(level, 0.0)),
        )
        for level in used
    )
    if not meeting.gives or meeting.is_chosen:
        return Attachment(meeting.component.name, meeting.name, meeting.port, network.name, landings)
    whole: Floats = np.sum([share[level] for level in used], axis=0)
    if ((whole > SAME) & (whole < 1.0 - SAME)).any():
        raise ValueError(
            f"'{meeting.component.name}' must give heat to '{network.name}' part of which is colder than all that is "
            "taken there. Add a heat_rejection with a temperature, or let the plan choose how much it takes."
        )
    reach = _plain((whole > SAME).astype(float))
    return Attachment(meeting.component.name, meeting.name, meeting.port, network.name, landings, reach)


def _series(values: float | Floats, count: int) -> Floats:
    return np.broadcast_to(np.asarray(values, float), count)


def _weighed(landed: list[tuple[_Part, Shares]]) -> tuple[Shares, Shares]:
    """Add up the parts of a port: its share of each level, and what is missing there to the supply."""
    share: dict[int, Floats] = {}
    mixing: dict[int, Floats] = {}
    for part, shares in landed:
        for level, values in shares.items():
            weighed = np.asarray(part.weight * values, float)
            missing = np.asarray(part.mixing * ((values > 0.0) & (part.weight > 0.0)), float)
            share[level] = share.get(level, 0.0) + weighed
            mixing[level] = mixing.get(level, 0.0) + missing
    return {level: values for level, values in share.items() if values.any()}, mixing


def _plain(values: float | Floats) -> float | Floats:
    if not isinstance(values, np.ndarray) or (values[0] == values[-1] and (values == values[0]).all()):
        return float(np.ravel(values)[0])
    return values


def group(
    components: Mapping[str, Component], networks: Mapping[str, Network]
) -> dict[str, list[tuple[Component, str, Port]]]:
    """List the connected ports by network."""
    found: dict[str, list[tuple[Component, str, Port]]] = {name: [] for name in networks}
    for component in components.values():
        for name, port in component.ports().items():
            network = component.connections.get(name)
            if network in found:
                found[network].append((component, name, port))
    return found
