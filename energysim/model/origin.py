"""What a block of rows says, and whose it is."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["rule", "temperatures", "balance", "mixing", "forbidden", "delivery", "group", "cap"]

_OWNED = {"forbidden": "network", "mixing": "network", "group": "group", "cap": "effect"}
"""What the owner of a block is, where it is no component."""


@dataclass(frozen=True)
class Origin:
    """Where a block of rows comes from."""

    kind: Kind
    owner: str
    """Component, node, network, group or effect."""
    word: str = ""
    """Rule of a component or its trait, port, limit of a group, or cap."""
    part: str = ""
    """Field of the trait a rule belongs to, or month of a cap."""

    @property
    def name(self) -> str:
        """Name of the rows."""
        if self.kind in ("balance", "mixing"):
            return f"{self.kind}.{self.owner}"
        if self.kind == "cap":
            return ".".join(word for word in (self.word, self.owner, self.part) if word)
        owner = f"{self.kind} {self.owner}" if self.kind == "group" else self.owner
        owner = f"network {self.owner}" if self.kind == "forbidden" else owner
        return ".".join(word for word in (owner, self.part, self.word) if word)

    @property
    def key(self) -> str:
        """Whose it is, as messages find its line: a component, ``group name``, ``effect name`` or ``network name``."""
        return f"{_OWNED[self.kind]} {self.owner}" if self.kind in _OWNED else self.owner

    @property
    def is_component(self) -> bool:
        """Whether a component says it."""
        return self.kind in ("rule", "temperatures", "delivery")
