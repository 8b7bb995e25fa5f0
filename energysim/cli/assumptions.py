"""``energysim check --assumptions``: which figures a user should replace first, and why those."""

import csv
import math
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from energysim.errors import Problem, ScenarioError, suggestion
from energysim.scenario import Scenario
from energysim.scenario.annotations import Assumption

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
    """How wide the stated range is, in multiples of the figure; -1 where none is stated or units differ.

    Examples
    --------
    >>> relative_range(Assumption("a", "100 MW", low="80 MW", high="140 MW"))
    0.6
    """
    parts = [_NUMBER.match(text) for text in (item.low, item.high, item.text)]
    units = {text[match.end() :].strip() for text, match in zip((item.low, item.high), parts, strict=False) if match}
    if any(match is None for match in parts) or len(units) != 1:
        return -1.0
    low, high, value = (float(re.sub(r"\s", "", match[1])) for match in parts if match is not None)
    return abs(high - low) / abs(value) if value else math.inf


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
