"""Groups: limits over several components together."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Annotated, Self

from pydantic import Field, model_validator

from energysim.declare import Component, Energy, Power, Share
from energysim.errors import suggestion
from energysim.scenario.sections import Section


class Group(Section):
    r"""Components that share a limit.

    The sum of the flows named is limited: in any hour, over the horizon, or as a share of another group,
    :math:`\sum_i E_i \ge s \sum_j E_j`. Plants that can be switched on and off may also be kept from running together.
    """

    name: str
    """Key under ``groups``."""
    label: str = ""
    """Name shown to readers."""
    members: Annotated[tuple[str, ...], Field(min_length=1)]
    """Flows that count, as  component.port , such as  bio_boiler.fuel ; a component alone for one that switches."""
    at_most: Energy | None = None
    """Most energy over the horizon, such as a year's supply of a fuel."""
    at_least: Energy | None = None
    """Least energy over the horizon."""
    hourly_at_most: Power | None = None
    """Most in any hour."""
    share_of: tuple[str, ...] = ()
    """Flows of which this group's are a share, such as all that feed a network."""
    least_share: Share | None = None
    """Least share of these, over the horizon."""
    most_share: Share | None = None
    """Largest share of these, over the horizon."""
    running_together: Annotated[int, Field(ge=0)] | None = None
    """How many of the members may be on in the same hour."""

    @model_validator(mode="after")
    def _limits_something(self) -> Self:
        limits = (self.at_most, self.at_least, self.hourly_at_most, self.least_share, self.most_share)
        if self.running_together is None and all(limit is None for limit in limits):
            raise ValueError(
                "it limits nothing. Give it 'at_most', 'at_least', 'hourly_at_most', 'least_share', 'most_share' or "
                "'running_together'."
            )
        if self.running_together is not None and any(limit is not None for limit in limits):
            raise ValueError(
                "'running_together' counts components, the other limits add up flows. Write two groups, one for each."
            )
        if (self.least_share is not None or self.most_share is not None) != bool(self.share_of):
            raise ValueError("'least_share' and 'most_share' go with 'share_of', the flows they are a share of.")
        return self

    def wrong(self, components: Mapping[str, Component]) -> Iterator[tuple[str, str, str]]:
        """Walk what names nothing: key, what was found, a way out."""
        for key, words in (("members", self.members), ("share_of", self.share_of)):
            for word in words:
                name, _, port = word.partition(".")
                component = components.get(name)
                if component is None:
                    yield key, f"There is no component '{name}'.", suggestion(name, components)
                elif self.running_together is not None:
                    yield from ((key, *told) for told in _cannot_be_on(word, component))
                elif port not in component.ports():
                    found = f"'{name}' has no flow '{port}'." if port else f"'{name}' is a component, not a flow."
                    yield key, found, suggestion(port, component.ports())
            for word, count in Counter(words).items():
                if count > 1:
                    yield key, f"'{word}' stands here {count} times.", "Name it once."


def _cannot_be_on(word: str, component: Component) -> Iterator[tuple[str, str]]:
    """Walk why a member cannot be counted among those that run: what was found, a way out."""
    name, dot, _ = word.partition(".")
    if dot:
        yield f"'{word}' is a flow; components run.", f"Write  {name} ."
    elif not any("on" in trait.variables() for _, trait, _ in component.traits()):
        yield f"'{name}' cannot be switched on and off.", "Give it 'switching', or leave it out."
