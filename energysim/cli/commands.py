"""The commands ``energysim run``, ``study``, ``check``, ``import`` and the rest: arguments in, exit codes out."""

import contextlib
import signal
import sys
import traceback
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from energysim.cli.describe import describe_anything
from energysim.cli.given import Changes, Extensions, Given, Outside, Variant, takes_scenario
from energysim.cli.new import write_start
from energysim.cli.show import show_problems
from energysim.cli.terminal import write_what_can_be_written
from energysim.errors import EnergysimError, ScenarioError, disk_words

app = typer.Typer(
    name="energysim",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

_WRONG_USAGE, _INTERRUPTED = 2, 130
"""What the command line itself ends with."""
_TOO_LARGE = (
    "There is not enough memory. Use fewer  --workers , longer steps (time: {step: 3 h}), typical days "
    "(solver: {typical_days: 48}), or a machine with more."
)


def _show_version(is_asked: bool) -> None:
    if is_asked:
        from energysim.study.version import own_version  # noqa: PLC0415

        typer.echo(own_version())
        raise typer.Exit


@app.callback()
def root(
    _: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Say which energysim this is.")
    ] = False,
) -> None:
    """Simulate a region's energy system and its industrial symbiosis."""


Since = Annotated[str | None, typer.Option("--from", help="First moment wanted, in UTC, such as 2023-01-01.")]
Until = Annotated[str | None, typer.Option("--to", help="End of what is wanted, in UTC; not itself among it.")]


@app.command()
@takes_scenario()
def run(
    given: Given,
    engine: Annotated[
        str, typer.Option("--engine", help="optimise; rolling: look ahead some days; simulate: hour by hour.")
    ] = "optimise",
    years: Annotated[int, typer.Option("--years", help="Uncertain years, with  --engine simulate.")] = 0,
    seed: Annotated[int | None, typer.Option("--seed", help="Of these years; the scenario's where absent.")] = None,
) -> None:
    """Solve a scenario, verify it, write a folder with a report."""
    # Solver, plotting and result libraries are loaded only by the one command that needs them.
    from energysim.cli.run import run_scenario  # noqa: PLC0415

    raise typer.Exit(run_scenario(given, engine, (years, seed)))


@app.command()
@takes_scenario("-screen")
def screen(
    given: Given,
    worth: Annotated[
        str | None, typer.Option("--worth", help="Worth of heat that need not be made, such as '300 SEK/MWh'.")
    ] = None,
) -> None:
    """Say who could heat whom by the declared streams; solve nothing."""
    from energysim.cli.screen import screen_scenario  # noqa: PLC0415

    raise typer.Exit(screen_scenario(given, worth))


@app.command()
@takes_scenario("-cooperation")
def cooperate(
    given: Given,
    workers: Annotated[
        int | None, typer.Option("--workers", min=0, help="Processes; as many as cores where not said, 0 for this one.")
    ] = None,
    scheduler: Annotated[str | None, typer.Option("--scheduler", help="Address of a Dask cluster to use.")] = None,
    orders: Annotated[
        int, typer.Option("--orders", min=4, help="Orders of arrival drawn where there are more than eight actors.")
    ] = 200,
) -> None:
    """Ask what sharing is worth to each actor.

    Every coalition, fair shares, price ranges, who could leave.
    """
    from energysim.cli.cooperate import cooperate_scenario  # noqa: PLC0415
    from energysim.symbiosis.cooperation import Effort  # noqa: PLC0415

    raise typer.Exit(cooperate_scenario(given, Effort(workers, scheduler, orders)))


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(help="Scenario or study files.")],
    variant: Variant = None,
    changes: Changes = None,
    resolved: Annotated[bool, typer.Option("--resolved", help="Print the merged scenario with its origins.")] = False,
    assumptions: Annotated[
        bool, typer.Option("--assumptions", help="List figures, those to replace first at the top.")
    ] = False,
    influence: Annotated[
        str | None, typer.Option("--influence", help="Folder of a tornado, to rank these figures by what they do.")
    ] = None,
    allow_extensions: Extensions = False,
    allow_outside: Outside = False,
) -> None:
    """Check scenario and study files without solving anything.

    A scenario is checked with each of its variants, unless one is named.
    """
    from energysim.cli.check import Show, is_sound  # noqa: PLC0415

    show = Show(resolved, assumptions, influence)
    given = Given("", variant, tuple(changes or ()), allow_extensions, allow_outside)
    sound = [is_sound(replace(given, file=file), show) for file in files]
    raise typer.Exit(0 if all(sound) else 1)


@app.command()
def study(
    file: Annotated[str, typer.Argument(help="Study file.")],
    workers: Annotated[int | None, typer.Option("--workers", help="Processes on this machine; all cores.")] = None,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", help="Dask cluster to use instead, such as tcp://10.0.0.5:8786.")
    ] = None,
    out: Annotated[str | None, typer.Option("--out", help="Study folder; runs/<name of the file> by default.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with what an earlier start has left.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing study folder.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before a very large study.")] = False,
    allow_extensions: Extensions = False,
    allow_outside: Outside = False,
) -> None:
    """Do the many runs of a study and write its report.

    On all cores, or on a cluster.
    """
    from energysim.cli.study import Asked, do_study  # noqa: PLC0415

    permissions = {"allow_extensions": allow_extensions, "allow_outside": allow_outside}
    raise typer.Exit(do_study(file, Asked(workers, scheduler, out, resume, force, yes), permissions))


@app.command("import")
def import_(
    form: Annotated[str, typer.Argument(metavar="FORMAT", help="entsoe, nord_pool, smhi, pvgis, ..., or table.")],
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="CSV, .csv.gz or .xlsx; several are joined.")],
    out: Annotated[str | None, typer.Option("--out", help="CSV to write; <file>_utc.csv by default.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
    clock: Annotated[str | None, typer.Option("--clock", help="UTC or a zone, for stamps without an offset.")] = None,
    decimal: Annotated[str | None, typer.Option("--decimal", help="What parts decimals: '.' or ','.")] = None,
    dates: Annotated[str | None, typer.Option("--dates", help="day_first or month_first, for 01/02/2030.")] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", help="Sheet of an Excel file; the first.")] = None,
    time: Annotated[str | None, typer.Option("--time", help="Heading of the stamps, in a table; the first.")] = None,
    columns: Annotated[list[str] | None, typer.Option("--column", help="Column of a table; all of them.")] = None,
    units: Annotated[list[str] | None, typer.Option("--unit", help="Unit of each column, or of all.")] = None,
    heading_line: Annotated[int | None, typer.Option("--heading-line", help="Line of a table's headings.")] = None,
    heading_rows: Annotated[int, typer.Option("--heading-rows", min=1, max=3, help="Rows of headings.")] = 1,
    since: Since = None,
    until: Until = None,
) -> None:
    """Bring other people's files into series with stamps in UTC.

    Nothing is filled.
    """
    from energysim.cli.import_series import asked_moment, asked_of, import_series  # noqa: PLC0415

    said = asked_of(clock, decimal, dates, sheet, time)
    asked = replace(
        said, columns=tuple(columns or ()), units=tuple(units or ()), headings=heading_line, heading_rows=heading_rows
    )
    asked = replace(asked, since=asked_moment(since, "--from"), until=asked_moment(until, "--to"))
    raise typer.Exit(import_series(form, files, asked, out, force))


@app.command()
def download(
    service: Annotated[str, typer.Argument(metavar="SERVICE", help="smhi, or entsoe with a key of your own.")],
    place: Annotated[str, typer.Argument(help="Number of a station of SMHI, or an area such as SE1.")],
    quantity: Annotated[str, typer.Argument(help="temperature, wind_speed, ...; or prices, load, generation.")],
    since: Since = None,
    until: Until = None,
    out: Annotated[str | None, typer.Option("--out", help="CSV to write; named after the question by default.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
    cache: Annotated[
        str | None, typer.Option("--cache", help="Folder for answers; ENERGYSIM_CACHE, else the user's cache.")
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Use only what was fetched before.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Ask again for what was fetched before.")] = False,
    address: Annotated[str | None, typer.Option("--address", help="Another address of the service.")] = None,
) -> None:
    """Fetch series of weather and power.

    To a CSV with stamps in UTC and its origin; nothing is filled.

    ENTSO-E's key is read from the environment variable ENTSOE_API_KEY and written nowhere.
    """
    from energysim.cli.download import Wish  # noqa: PLC0415
    from energysim.cli.download import download as fetch  # noqa: PLC0415
    from energysim.readers.services.web import Manner  # noqa: PLC0415

    wish = Wish(service, place, quantity, since, until, out, force, address)
    raise typer.Exit(fetch(wish, Manner(is_offline=offline, is_fresh=fresh), cache))


@app.command()
def describe(
    what: Annotated[str | None, typer.Argument(help="A component type or a section of the scenario.")] = None,
    json_schema: Annotated[bool, typer.Option("--json-schema", help="Print a JSON schema for editors.")] = False,
    extensions: Annotated[
        list[str] | None, typer.Option("--extension", help="Python file with types of your own; it is run.")
    ] = None,
    mathematics: Annotated[bool, typer.Option("--mathematics", help="Print all equations as Markdown.")] = False,
) -> None:
    """Explain component types and scenario sections."""
    if mathematics:
        from energysim.cli.mathematics import page  # noqa: PLC0415 - reads the rooms of all equations

        typer.echo(page(), nl=False)
        raise typer.Exit
    raise typer.Exit(describe_anything(what, json_schema, extensions or ()))


@app.command()
def new(folder: Annotated[str, typer.Argument(help="Folder to start in.")]) -> None:
    """Write a small commented scenario to start from."""
    raise typer.Exit(write_start(Path(folder)))


def _as_ctrl_c(number: int, frame: object) -> None:
    """End as after Ctrl-C when the system asks, as batch queues and services do before they kill."""
    raise KeyboardInterrupt


def _say_last(text: str) -> None:
    """Say the last word, where there is still somebody to hear it."""
    with contextlib.suppress(OSError):
        typer.echo(text, err=True)


def _of_the_machine(error: OSError | UnicodeEncodeError | MemoryError) -> tuple[str, int]:
    """Say what the machine has not: room, rights, letters, memory; and the exit code."""
    if isinstance(error, MemoryError):
        return _TOO_LARGE, 4
    if isinstance(error, UnicodeEncodeError):
        return (
            f"The name {error.object!a} has letters that this locale ({error.encoding}) cannot write. "
            "Set  PYTHONUTF8=1  or a UTF-8 locale, or choose a plainer name."
        ), 1
    whose = f"'{error.filename}' cannot be used" if error.filename else "The output cannot be written"
    return f"{whose}: {disk_words(error)}.", 1


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; every ending has an exit code and, if it is bad, a sentence."""
    signal.signal(signal.SIGTERM, _as_ctrl_c)
    write_what_can_be_written()
    try:
        app(args=None if arguments is None else list(arguments))
    except SystemExit as ending:
        # The command line itself ends wrong usage with 2, which here means that there is no plan, and Ctrl-C with 130.
        if ending.code == _INTERRUPTED:
            _say_last("Stopped. Nothing was written.")
            sys.exit(3)
        sys.exit(1 if ending.code == _WRONG_USAGE else ending.code)
    except ScenarioError as error:
        show_problems("", error)
        sys.exit(error.exit_code)
    except EnergysimError as error:
        typer.echo(str(error), err=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        typer.echo("Stopped. Nothing was written.", err=True)
        sys.exit(3)
    except BrokenPipeError:
        sys.exit(0)
    except (OSError, UnicodeEncodeError, MemoryError) as error:
        text, code = _of_the_machine(error)
        _say_last(text)
        sys.exit(code)
    except Exception:
        traceback.print_exc()
        typer.echo("This is a mistake in energysim, not in your input. The lines above say where.", err=True)
        sys.exit(4)
