"""``energysim screen``: from the declared streams to tables and a page, in seconds."""

import math
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from energysim.api import versions
from energysim.cli.given import Given
from energysim.errors import Problem, ScenarioError, UnitError
from energysim.report.look import NOTHING, number
from energysim.report.screening import best_fit, screening_headline, write_screening
from energysim.results import RunFolder
from energysim.scenario.scenario import Scenario
from energysim.symbiosis.screening import Screening, screen
from energysim.units import Converter, Money

_MOST_ROWS = 12


def screen_scenario(given: Given, worth: str | None) -> int:
    """Screen one scenario and write its folder; gives the exit code.

    Parameters
    ----------
    given : Given
    worth : str or None
        Worth of heat that need not be made.
    """
    scenario, target = given.scenario(), given.folder("-screen")
    found = screen(scenario, None if worth is None else _worth(worth, scenario))
    if not found.flows:
        typer.echo(
            f"{given.file}: no component has heat left over or asks for any. Residual heat is declared with  "
            "type: residual_heat  and its streams; see  energysim describe residual_heat.",
            err=True,
        )
        return 1
    with RunFolder(target, replaces=given.force) as folder:
        write_screening(found, folder.path)
        folder.write_json("run.json", given.facts("screen") | {"versions": versions()})
    _show(found, target)
    return 0


def _worth(text: str, scenario: Scenario) -> float:
    """Read the worth of heat in the scenario's money."""
    economy = scenario.economy
    units = Converter(Money(economy.currency, economy.price_year, economy.exchange, economy.inflation))
    try:
        worth = units.read(text, "money/MWh")
    except UnitError as error:
        raise ScenarioError([Problem(None, "--worth", error.found, error.needed, error.way_out)]) from None
    if not (math.isfinite(worth) and worth > 0.0):
        raise ScenarioError([Problem(None, "--worth", f"'{text}' is not more than zero.")])
    return float(worth)


def _show(found: Screening, target: Path) -> None:
    console = Console()
    console.print(found.title, style="bold", markup=False, highlight=False)
    for label, text in screening_headline(found):
        console.print(f"  {label:<22} {text}", highlight=False, markup=False, soft_wrap=True)
    table = Table("Source", "Sink", "Fit", "GWh/a", "km", "Breaks even at, km", box=None, pad_edge=False)
    for row in found.pairs.head(_MOST_ROWS).itertuples():
        energy, fit = best_fit(row)
        distance = "?" if math.isnan(row.distance) else number(row.distance)
        table.add_row(
            escape(row.source),
            escape(row.sink),
            escape(fit),
            number(energy / 1000.0),
            distance,
            number(row.break_even) if energy else NOTHING,
        )
    if len(found.pairs):
        console.print(table)
    for remark in found.remarks:
        console.print(remark, highlight=False, markup=False, soft_wrap=True)
    console.print(f"Page and tables: {target / 'report.html'}", highlight=False, markup=False, soft_wrap=True)
