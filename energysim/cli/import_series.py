"""``energysim import``: other people's files to a CSV that scenarios can name."""

from collections.abc import Sequence
from pathlib import Path
from typing import cast, get_args

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from energysim.cli.show import plain
from energysim.errors import SeriesError, suggestion
from energysim.moments import moment
from energysim.readers.formats import import_files
from energysim.readers.imported import Asked, Imported
from energysim.readers.stamps import Dates
from energysim.readers.store import Origin, write_series

_MOST_GAPS = 5


def asked_of(clock: str | None, decimal: str | None, dates: str | None, page: str | None, time: str | None) -> Asked:
    """Check what was said about clock, decimals, dates, sheet and time."""
    if decimal not in (None, ".", ","):
        raise SeriesError(f"--decimal '{decimal}' is not understood.", "It is '.' or ','.")
    if dates not in (None, *get_args(Dates)):
        raise SeriesError(f"--dates '{dates}' is not understood.", "", suggestion(str(dates), get_args(Dates)))
    return Asked(clock=clock, decimal=decimal, dates=cast("Dates | None", dates), page=page, time=time)


def asked_moment(text: str | None, option: str) -> np.datetime64 | None:
    """Read what an option says of a moment, where it is given."""
    if text is None:
        return None
    try:
        return moment(text)
    except ValueError as error:
        raise SeriesError(f"{option} {error}") from None


def import_series(name: str, files: Sequence[str], asked: Asked, out: str | None, force: bool) -> int:
    """Import files, write the series, and say what was found and what is missing; gives the exit code."""
    series = import_files(name, files, asked)
    target = Path(out) if out else Path(f"{Path(files[0]).name.partition('.')[0]}_utc.csv")
    beside = write_series(series, target, Origin(name, files), force)
    show_series(series, target, beside)
    return 0


def show_series(series: Imported, target: Path, beside: Path) -> None:
    """Print what a series holds, what is missing, and how a scenario names it."""
    minutes = series.step / np.timedelta64(1, "m")
    typer.echo(f"{len(series.stamps):,} values from {_text(series.stamps[0])} UTC, every {minutes:g} min")
    table = Table("column", "unit", "mean", "least", "most", "missing", box=None, pad_edge=False)
    for n, (name, unit) in enumerate(zip(series.names, series.units, strict=True)):
        column = series.values[:, n]
        figures = [f"{f(column):.4g}" for f in (np.nanmean, np.nanmin, np.nanmax)]
        table.add_row(name, unit, *figures, str(int(np.isnan(column).sum())))
    Console(soft_wrap=True, highlight=False, markup=False).print(table)
    for remark in series.remarks:
        typer.echo(remark)
    has_gaps = False
    for n, name in enumerate(series.names):
        gaps = series.gaps(n)
        has_gaps |= bool(gaps)
        for start, length in gaps[:_MOST_GAPS]:
            typer.echo(f"{name}: missing from {_text(start)} UTC, {length} steps")
        if len(gaps) > _MOST_GAPS:
            typer.echo(f"{name}: and {len(gaps) - _MOST_GAPS} more gaps, all in {beside}")
    if has_gaps:
        typer.echo("Nothing was filled: a scenario that needs these hours says  fill: linear  or  fill: previous.")
    name, unit = plain(series.names[0]), plain(series.units[0])
    typer.echo(f"Written: {target}, with its origin in {beside}. In a scenario:")
    typer.echo(f"  {{csv: {plain(target.as_posix())}, column: {name}, unit: {unit}}}")


def _text(stamp: np.datetime64) -> str:
    return str(stamp).replace("T", " ")
