"""A component and its traits with their views, and how ports enter balances."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from energysim.declare import Component, Declared, Direction
from energysim.model.view import View
from energysim.system.network import Attachment

BALANCE = "balance"
"""First word of the names of node balances."""


def parts(component: Component, view: View) -> Iterator[tuple[str, Declared, View]]:
    """Walk a component and its traits, each with the prefix of its rules' names and its view."""
    yield component.name, component, view
    for field, trait, names in component.traits():
        yield f"{component.name}.{field}", trait, view.part(field, trait, names)


def comparisons(returned: Any) -> list[Any]:
    """List what a rule returned: nothing, one comparison or several; those that hold anyway are left out."""
    several = returned if isinstance(returned, list | tuple) else [returned]
    return [one for one in several if one is not None and not (isinstance(one, bool | np.bool_) and one)]


def sign_at_node(attachment: Attachment, loss_share: float) -> float:
    """Give the factor of a port's flow in its node's balance: what users draw carries the distribution loss."""
    if attachment.port.direction is Direction.OUT:
        return 1.0
    return -1.0 / (1.0 - loss_share) if attachment.port.is_end_use else -1.0
