"""``energysim run``: from a scenario file to a run folder, with progress and a verdict."""

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import typer
import xarray as xr
from rich.console import Console
from rich.table import Table

from energysim import api
from energysim.errors import CertificateError, OutputError, suggestion
from energysim.report import headline, warnings, write_report
from energysim.results import RunFolder
from energysim.scenario import load
from energysim.simulation import kept_beside


def run_scenario(
    file: str,
    variant: str | None,
    changes: Iterable[str],
    output: tuple[str | None, bool, str],
    permissions: Mapping[str, bool],
    years: tuple[int, int | None] = (0, None),
) -> int:
    """Run one scenario and write its folder; gives the exit code.

    Parameters
    ----------
    file : str
        Scenario file.
    variant : str or None
        Named variant.
    changes : iterable of str
        ``--set`` changes.
    output : tuple
        Run folder or None, whether it may be replaced, engine.
    permissions : mapping
        ``allow_extensions`` and ``allow_outside``.
    years : tuple
        Number of uncertain years and their seed, for the engine ``simulate``.
    """
    out, force, engine = output
    way = _engine(engine, years)
    scenario = load(
        file,
        variant=variant,
        overrides=changes,
        allow_extensions=permissions["allow_extensions"],
        allow_outside=permissions["allow_outside"],
    )
    target = Path(out) if out else Path("runs") / (Path(file).stem + (f"-{variant}" if variant else ""))
    console = Console(stderr=True)
    failure: CertificateError | None = None
    with RunFolder(target, replaces=force) as folder, _Progress(console) as progress:
        progress.tell(
            "load", f"{scenario.title}: {len(scenario.components)} components, {scenario.horizon.count:,} steps"
        )
        try:
            if isinstance(way, api.Asked):
                way = replace(way, keep=kept_beside(target))
            results = api.run(scenario, engine=way, tell=progress.tell)
        except CertificateError as error:
            failure, results = error, error.results
        progress.tell("report", "drawing")
        api.save(results, folder)
        write_report(results, folder.path)
    _show(results, target)
    if failure is not None:
        typer.echo(f"{failure} The run folder was written all the same; do not rely on it.", err=True)
        return failure.exit_code
    return 3 if json.loads(results.attrs["solver"])["status"] == "stopped" else 0


def _engine(engine: str, years: tuple[int, int | None]) -> str | api.Asked:
    """Check the words of the command line."""
    if engine not in ("optimise", "rolling", "simulate"):
        raise OutputError(f"There is no engine '{engine}'. {suggestion(engine, ('optimise', 'rolling', 'simulate'))}")
    count, seed = years
    if count and engine != "simulate":
        raise OutputError("--years  are run hour by hour. Add  --engine simulate.")
    if count < 0 or (seed is not None and seed < 0):
        raise OutputError("--years  and  --seed  are whole numbers from 0.")
    return api.Asked(count, seed) if engine == "simulate" else engine


class _Progress:
    """One line that changes on a terminal, plain lines in a pipe."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._live = console.status("starting") if console.is_terminal else None
        self._began = time.perf_counter()
        self._spoke = 0.0
        self._stage = ""

    def __enter__(self) -> "_Progress":
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, *exception: object) -> None:
        if self._live is not None:
            self._live.stop()

    def tell(self, stage: str, text: str) -> None:
        """Show a stage; the solver speaks often, so in a pipe only every ten seconds of it is printed."""
        now = time.perf_counter() - self._began
        is_news = stage != self._stage or now - self._spoke >= 10.0
        self._stage = stage
        if self._live is not None:
            self._live.update(f"{stage}: {text}")
        if is_news and (self._live is None or stage != "solve"):
            self._spoke = now
            self.console.print(f"{now:6.1f} s  {stage:8} {text}", highlight=False, soft_wrap=True)


def _show(results: xr.Dataset, target: Path) -> None:
    table = Table(show_header=False, box=None, pad_edge=False)
    for label, text in headline(results):
        table.add_row(label, text)
    console = Console()
    console.print(table)
    for text in warnings(results):
        console.print(f"Note: {text}", soft_wrap=True, highlight=False, markup=False)
    console.print(f"Report: {target / 'report.html'}", soft_wrap=True, highlight=False)
