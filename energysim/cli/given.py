"""What a command was given: a scenario, as which variant, with which changes, and where its answer goes."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from energysim.scenario import load
from energysim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Given:
    """A scenario as the command line names it."""

    file: str
    variant: str | None = None
    changes: tuple[str, ...] = ()
    """Of ``--set``."""
    allow_extensions: bool = False
    allow_outside: bool = False
    out: str | None = None
    """Folder of the answer, where the user names one."""
    force: bool = False
    """Whether a folder that exists may be replaced."""

    @property
    def reading(self) -> dict[str, Any]:
        """Keywords of :func:`energysim.scenario.load`."""
        return {
            "variant": self.variant,
            "overrides": self.changes,
            "allow_extensions": self.allow_extensions,
            "allow_outside": self.allow_outside,
        }

    def scenario(self) -> Scenario:
        """Load the scenario; raises ``ScenarioError`` with all that is wrong in it."""
        return load(self.file, **self.reading)

    def facts(self, command: str) -> dict[str, Any]:
        """Say what a folder holds and how it came about; a folder without is nobody's to replace."""
        return {
            "command": command,
            "file": self.file,
            "variant": self.variant or "",
            "changes": list(self.changes),
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
        }

    def folder(self, suffix: str = "") -> Path:
        """Give the folder of the answer: the one named, else one beside the others, after the file and variant."""
        if self.out:
            return Path(self.out)
        variant = f"-{self.variant}" if self.variant else ""
        return Path("runs") / f"{Path(self.file).stem}{variant}{suffix}"
