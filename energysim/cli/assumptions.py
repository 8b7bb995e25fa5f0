"""``energysim check --assumptions``: which figures a user should replace first, and why those."""

import csv
import math
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from energysim.errors import Problem, ScenarioError, UnitError, suggestion
from energysim.scenario import Scenario
from energysim.scenario.annotations import Assumption
from energysim.units import CURRENCIES, Converter, Money

_ORDER = {"assumption": 0, "": 1, "expert": 2, "known": 3}
_NUMBER = re.compile(r"^\s*([+-]?[\d\s]*\d(?:\.\d+)?(?:[eE][+-]?\d+)?)")
_WIDTH_OF_A_PIPE = 200


def show_assumptions(scenario: Scenario, influence: Mapping[str, float]) -> None:
    """List the figures that have a source or confidence, those to replace first at the top.

    Where a study has found what a figure does, the largest effect comes first. The others follow by confidence, the
    least sure first, and among these by how wide their stated range is; figures without a range close each group.
    """
    table = Table(box=None, pad_edge=False)
    for heading in ("figure", "value", "confidence"):
        table.add_column(heading, no_wrap=True)
    if influence:
        table.add_column("moves the cost by", justify="right", no_wrap=True)
    for heading in ("range", "source"):
        table.add_column(heading, overflow="fold")
    for item in ranked(scenario.assumptions, influence):
        span = f"{item.low} to {item.high}" if item.low or item.high else ""
        effect = [f"{influence[item.path]:,.0f}" if item.path in influence else "not varied"] if influence else []
        table.add_row(item.path, item.text, item.confidence or "not said", *effect, span, item.source or "not said")
    console = Console()
    Console(width=None if console.is_terminal else _WIDTH_OF_A_PIPE, highlight=False, markup=False).print(table)
    if not influence:
        typer.echo(
            "Ranked by confidence and stated range. What each figure does to the cost is found by a study with  "
            "method: tornado  and  stated_ranges: true ; then  --influence runs/<study> ."
        )


def ranked(items: Iterable[Assumption], influence: Mapping[str, float]) -> list[Assumption]:
    """Bring figures into the order in which they should be replaced."""
    return sorted(
        items,
        key=lambda item: (
            -influence.get(item.path, -1.0),
            _ORDER.get(item.confidence, 1),
            -relative_range(item),
            item.path,
        ),
    )


def relative_range(item: Assumption) -> float:
    """How wide the stated range is, in multiples of the figure; -1 where none is stated or it is of another kind.

    Examples
    --------
    >>> relative_range(Assumption("a", "100 MW", low="80 MW", high="0.14 GW"))
    0.6
    """
    parts = [(_NUMBER.match(text), text) for text in (item.low, item.high, item.text)]
    found = [(float(re.sub(r"\s", "", m[1])), text[m.end() :].strip()) for m, text in parts if m is not None]
    if len(found) < len(parts):
        return -1.0
    (low, low_unit), (high, high_unit), (value, unit) = found
    try:
        width = _in_unit(high, high_unit, unit) - _in_unit(low, low_unit, unit)
    except UnitError:
        return -1.0
    return abs(width / value) if value else math.inf


def _in_unit(number: float, written: str, unit: str) -> float:
    """Bring an end of a range to the unit of its figure; without an exchange rate no two currencies compare."""
    if written == unit:
        return number
    currency = next((code for code in CURRENCIES if code in unit), "EUR")
    factor, offset = _units(currency).scale(written or "1", unit.replace("%", "percent") or "1")
    return number * factor + offset


@cache
def _units(currency: str) -> Converter:
    return Converter(Money(currency))


def influence_of(folder: str) -> dict[str, float]:
    """Read from a finished tornado how far each figure moves the cost between its ends. [money]

    Raises
    ------
    ScenarioError
        When the folder holds no such study.
    """
    path = Path(folder) / "runs.csv"
    if not path.is_file():
        studies = sorted(other.parent.name for other in Path(folder).parent.glob("*/runs.csv"))
        near = suggestion(Path(folder).name, studies) if studies else "Run  energysim study  first."
        raise ScenarioError([Problem(None, "--influence", f"'{folder}' holds no finished study.", "", near)])
    with path.open(encoding="utf8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    if not rows or not {"role", "Total cost"} <= set(rows[0]) or not any(row["role"] == "low" for row in rows):
        raise ScenarioError(
            [
                Problem(
                    None,
                    "--influence",
                    f"'{folder}' is no tornado over the total cost.",
                    "Needed: the folder of a study with  method: tornado .",
                )
            ]
        )
    found: dict[str, float] = {}
    for name in rows[0]:
        ends = {row["role"]: row["Total cost"] for row in rows if row[name] and row["role"] in ("low", "high")}
        if "." in name and len(ends) == 2 and all(ends.values()):
            found[name] = abs(float(ends["high"]) - float(ends["low"]))
    return found
