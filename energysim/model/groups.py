"""Limits over groups of components, written once for every backend."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from energysim.model.origin import Origin
from energysim.model.view import View
from energysim.scenario.groups import Group
from energysim.system import System


@dataclass(frozen=True)
class GroupRule:
    """One limit of a group."""

    origin: Origin
    each_hour: bool
    formula: Callable[[Any], Any]
    """Gives the comparison, of the hour it is called with or over the horizon."""


def group_rules(system: System, views: Mapping[str, View]) -> Iterator[GroupRule]:
    """Walk the limits of all groups."""
    for name, group in system.groups.items():
        if group.running_together is not None:
            yield GroupRule(Origin("group", name, "running_together"), True, partial(_together, group, views))
        if group.hourly_at_most is not None:
            yield GroupRule(Origin("group", name, "hourly_at_most"), True, partial(_in_an_hour, group, views))
        for word in ("at_most", "at_least", "least_share", "most_share"):
            limit = getattr(group, word)
            if limit is not None:
                formula = partial(_over_the_horizon, group, views, word, limit)
                yield GroupRule(Origin("group", name, word), False, formula)


def _together(group: Group, views: Mapping[str, View], t: Any) -> Any:
    return sum(views[member].running[t] for member in group.members) <= group.running_together


def _in_an_hour(group: Group, views: Mapping[str, View], t: Any) -> Any:
    return sum(_flow(views, member)[t] for member in group.members) <= group.hourly_at_most


def _over_the_horizon(group: Group, views: Mapping[str, View], word: str, limit: float, t: Any) -> Any:
    del t
    amount = _energy(views, group.members)
    if word == "at_most":
        return amount <= limit
    if word == "at_least":
        return amount >= limit
    whole = _energy(views, group.share_of)
    return amount >= limit * whole if word == "least_share" else amount <= limit * whole


def _energy(views: Mapping[str, View], members: tuple[str, ...]) -> Any:
    view = views[members[0].split(".")[0]]
    return view.total(lambda t: sum(view.scale[t] * _flow(views, member)[t] for member in members))


def _flow(views: Mapping[str, View], member: str) -> Any:
    component, _, port = member.partition(".")
    return getattr(views[component], port)
