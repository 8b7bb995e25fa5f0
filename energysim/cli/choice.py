"""How scenario files are to be read: the options that several commands share."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from energysim.scenario import Scenario, load


@dataclass(frozen=True)
class Choice:
    """Variant, changes and permissions chosen on the command line."""

    variant: str | None = None
    overrides: tuple[str, ...] = ()
    allow_extensions: bool = False
    allow_outside: bool = False

    def load(self, file: str) -> Scenario:
        """Read a scenario file as chosen."""
        return load(
            file,
            variant=self.variant,
            overrides=self.overrides,
            allow_extensions=self.allow_extensions,
            allow_outside=self.allow_outside,
        )


def takes_choice(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the shared options; it receives them together as ``choice``."""

    @functools.wraps(command)
    def with_options(**given: Any) -> None:
        command(choice=_choice(**{name: given.pop(name) for name in _SHARED}), **given)

    own = [p for p in inspect.signature(command, eval_str=True).parameters.values() if p.name != "choice"]
    shared = inspect.signature(_choice, eval_str=True).parameters.values()
    parameters = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in (*own, *shared)]
    with_options.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    with_options.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return with_options


def _choice(
    variant: Annotated[str | None, typer.Option("--variant", metavar="NAME", help="Variant of the file to use.")] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Change one value, such as components.tank.volume='2 GWh'."),
    ] = None,
    allow_extensions: Annotated[
        bool, typer.Option("--allow-extensions", help="Run the Python files named under 'extensions'.")
    ] = False,
    allow_outside: Annotated[
        bool, typer.Option("--allow-outside", help="Read files outside the scenario's folder.")
    ] = False,
) -> Choice:
    return Choice(variant, tuple(changes or ()), allow_extensions, allow_outside)


_SHARED = tuple(inspect.signature(_choice).parameters)
