"""What a command was given: a scenario, as which variant, with which changes, and where its answer goes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Annotated, Any

import typer

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


Variant = Annotated[str | None, typer.Option("--variant", help="Named variant of the scenario.")]
Changes = Annotated[list[str] | None, typer.Option("--set", help="A change such as components.tank.volume='2 GWh'.")]
Extensions = Annotated[bool, typer.Option("--allow-extensions", help="Run the Python files the scenario names.")]
Outside = Annotated[bool, typer.Option("--allow-outside", help="Read files outside the scenario's folder.")]


def takes_scenario(suffix: str = "") -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options by which every command names its scenario and the folder of its answer.

    The command takes a :class:`Given` as ``given`` in their place.
    """
    folder = f"Folder of the answer; runs/<name of the file>{suffix} by default."
    shared = {
        "file": _option(Annotated[str, typer.Argument(help="Scenario file.")], Parameter.empty),
        "variant": _option(Variant, None),
        "changes": _option(Changes, None),
        "out": _option(Annotated[str | None, typer.Option("--out", help=folder)], None),
        "force": _option(Annotated[bool, typer.Option("--force", help="Replace an existing folder.")], False),
        "allow_extensions": _option(Extensions, False),
        "allow_outside": _option(Outside, False),
    }

    def with_options(command: Callable[..., None]) -> Callable[..., None]:
        own = [word for name, word in signature(command, eval_str=True).parameters.items() if name != "given"]

        def asked(**words: Any) -> None:
            told = {name: words.pop(name) for name in shared}
            command(Given(**told | {"changes": tuple(told["changes"] or ())}), **words)

        whole = [*(option.replace(name=name) for name, option in shared.items()), *own]
        asked.__name__, asked.__doc__ = command.__name__, command.__doc__
        asked.__signature__ = Signature(whole)  # type: ignore[attr-defined]
        asked.__annotations__ = {word.name: word.annotation for word in whole}
        return asked

    return with_options


def _option(annotation: Any, default: Any) -> Parameter:
    """Declare an option as a function's signature would."""
    return Parameter("_", Parameter.POSITIONAL_OR_KEYWORD, default=default, annotation=annotation)
