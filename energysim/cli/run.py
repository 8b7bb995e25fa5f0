"""``energysim run``: from a scenario file to a run folder, with progress and a verdict."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import typer
import xarray as xr
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from energysim import api
from energysim.cli.given import Given
from energysim.cli.progress import Pace, Progress
from energysim.errors import CertificateError, OutputError, StoppedError
from energysim.report import headline, warnings, write_report
from energysim.results import RunFolder
from energysim.scenario import Scenario
from energysim.scenario.reading import LARGEST_SEED
from energysim.simulation import kept_beside
from energysim.study.settled import settled
from energysim.symbiosis.screening import screen


def run_scenario(given: Given, engine: str, years: tuple[int, int | None] = (0, None)) -> int:
    """Run one scenario and write its folder; gives the exit code.

    Parameters
    ----------
    given : Given
    engine : str
        ``optimise``, ``rolling`` or ``simulate``.
    years : tuple
        Number of uncertain years and their seed, for the engine ``simulate``.
    """
    way = _engine(engine, years)
    scenario, target = given.scenario(), given.folder()
    console = Console(stderr=True)
    failure: CertificateError | None = None
    with RunFolder(target, replaces=given.force) as folder, Progress(console) as progress:
        progress.tell(
            "load", f"{scenario.title}: {len(scenario.components)} components, {scenario.horizon.count:,} steps"
        )
        try:
            if isinstance(way, api.Asked):
                way = _side_by_side(way, scenario, given, progress)
            results = api.run(scenario, engine=way, tell=progress.tell)
        except CertificateError as error:
            failure, results = error, error.results
        except KeyboardInterrupt:
            raise StoppedError(_stopped(target)) from None
        except StoppedError as stop:
            raise StoppedError(_stopped(target) if kept_beside(target).exists() else str(stop)) from None
        if failure is None and engine == "optimise":
            # Where it is stopped here, the plan is there all the same; its contracts say how they were settled.
            with suppress(StoppedError):
                results = settled(results, scenario, progress.tell)
        progress.tell("report", "drawing")
        folder.fill(lambda where: _write(results, scenario, where))
    _show(results, target)
    if failure is not None:
        typer.echo(f"{failure} The run folder was written all the same; do not rely on it.", err=True)
        return failure.exit_code
    return 3 if json.loads(results.attrs["solver"])["status"] == "stopped" else 0


def _write(results: xr.Dataset, scenario: Scenario, folder: RunFolder) -> None:
    api.save(results, folder)
    write_report(results, folder.path, screen(scenario))


def _side_by_side(way: api.Asked, scenario: Scenario, given: Given, progress: Progress) -> api.Asked:
    """Let years run on all cores, be kept as they end, and be counted."""
    if not way.years:
        return way
    from energysim.study.base import Base  # noqa: PLC0415 - Dask takes a second to be imported
    from energysim.study.years import side_by_side  # noqa: PLC0415 - the same

    run = side_by_side(Base.of(scenario, given.file, **given.reading))
    return replace(way, keep=kept_beside(given.folder()), run=run, hear=_counted(progress))


def _counted(progress: Progress) -> Callable[[int, int], None]:
    """Show how many years are done, and when all will be."""
    pace = Pace()
    return lambda done, whole: progress.count("years", done, whole, pace.left(done, whole))


def _stopped(target: Path) -> str:
    """Say what a run that was stopped leaves behind."""
    kept = kept_beside(target)
    if not kept.exists():
        return "Stopped. Nothing was written."
    return f"Stopped. The years that were done are kept in {kept}; the same command goes on from there."


def _engine(engine: str, years: tuple[int, int | None]) -> str | api.Asked:
    """Check the words of the command line."""
    api.refuse_unknown_engine(engine)
    count, seed = years
    if count and engine != "simulate":
        raise OutputError("--years  are run hour by hour. Add  --engine simulate.")
    if count < 0 or (seed is not None and not 0 <= seed <= LARGEST_SEED):
        raise OutputError(f"--years  and  --seed  are whole numbers from 0, the seed up to {LARGEST_SEED}.")
    return api.Asked(count, seed) if engine == "simulate" else engine


def _show(results: xr.Dataset, target: Path) -> None:
    table = Table(show_header=False, box=None, pad_edge=False)
    for label, text in headline(results):
        table.add_row(escape(label), escape(text))
    console = Console()
    console.print(table)
    for text in warnings(results):
        console.print(f"Note: {text}", soft_wrap=True, highlight=False, markup=False)
    console.print(f"Report: {target / 'report.html'}", soft_wrap=True, highlight=False, markup=False)
