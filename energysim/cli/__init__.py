"""The commands. Each talks to people and leaves the work to others."""

import os
import sys
import traceback
from collections.abc import Sequence

import typer

from energysim.cli.check import check
from energysim.cli.describe import describe
from energysim.cli.new import new
from energysim.errors import EnergysimError

app = typer.Typer(
    name="energysim",
    help="Simulate a region's energy system and its industrial symbiosis.",
    epilog="Start with  energysim new DIR , then  energysim check DIR/scenario.yaml .",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(check)
app.command()(describe)
app.command()(new)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code.

    Parameters
    ----------
    arguments : sequence of str, optional
        Words after ``energysim``; those of the process where absent.

    Raises
    ------
    SystemExit
        0 done, 1 wrong input, 2 no feasible plan, 3 stopped early with a usable plan, 4 a mistake of ours.
    """
    try:
        code = _run(arguments)
    except EnergysimError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the commands speak by printing
        code = error.exit_code
    except BrokenPipeError:
        # The reader, such as `head`, has seen enough. Python would complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception:  # noqa: BLE001 - the last line of defence
        traceback.print_exc()
        print("This is a mistake in energysim, not in your files.", file=sys.stderr)  # noqa: T201
        code = 4
    raise SystemExit(code)


def _run(arguments: Sequence[str] | None) -> int:
    try:
        app(None if arguments is None else list(arguments))
    except SystemExit as ending:
        # A command that cannot be understood ends with 2 elsewhere; here 2 says that there is no feasible plan.
        return 1 if ending.code == 2 else int(ending.code or 0)
    return 0
