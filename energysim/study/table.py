"""The tidy table of a study, and tables of cases that others wrote."""

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from openpyxl.utils.exceptions import InvalidFileException

from energysim.errors import Place, Problem, ScenarioError, suggestion
from energysim.scenario.read import one_value
from energysim.study.factor import Case, Choice, Factor, Shown, quantity
from energysim.study.store import Store
from energysim.study.task import Ending

_HEADING = re.compile(r"\s*(?P<key>[^\[\]]+?)\s*(?:\[(?P<unit>[^\]]*)\])?\s*")
NAME = "case"
"""Heading of a column that names the rows."""


def tabulate(cases: Iterable[Case], keys: Iterable[str], store: Store) -> pd.DataFrame:
    """Lay out the runs of a study, one row each.

    Parameters
    ----------
    cases, keys : iterable
        Runs in the order they were asked for, and the name of each in the store.
    store : Store

    Returns
    -------
    table : DataFrame
        ``run``, from 0; ``role``; ``status``: done, refused, broken or lost; ``reason``; the value of each factor; each
        figure; ``seconds``, ``solver_seconds``, ``key``. ``attrs`` has ``units`` and ``titles`` of the figures.
    """
    rows, units, titles = [], {}, {}
    for number, (case, key) in enumerate(zip(cases, keys, strict=True)):
        outcome = store.get(key)
        row: dict[str, Any] = {"run": number, "role": case.role, "status": outcome.ending.value}
        row.update(reason=outcome.reason, **case.point)
        facts: dict[str, Any] = {}
        if outcome.ending is Ending.DONE:
            row.update(outcome.value.values)
            units.update(outcome.value.units)
            titles.update(outcome.value.titles)
            facts = outcome.value.facts
        row.update(seconds=outcome.seconds, solver_seconds=facts.get("solver_seconds"), key=key)
        rows.append(row)
    table = pd.DataFrame(rows)
    last = ["seconds", "solver_seconds", "key"]
    table = table[[*(name for name in table.columns if name not in last), *last]] if len(table) else table
    table.attrs = {"units": units, "titles": titles}
    return table


def read_cases(path: Path, shown: str, sheet: str | None = None) -> tuple[tuple[Factor, ...], tuple[Case, ...]]:
    """Read a table of cases from CSV or Excel.

    Headings are keys of the scenario, such as ``components.tank.volume`` or ``components.tank.volume [GWh]``; then the
    cells are plain numbers. A column ``case`` names the rows. An empty cell changes nothing, ``null`` takes a key
    out.

    Parameters
    ----------
    path : Path
        File; Excel by its ending.
    shown : str
        How messages name it.
    sheet : str, optional
        Of an Excel file; the first where not said.

    Raises
    ------
    ScenarioError
        When it cannot be read as such a table.
    """
    try:
        lines = _excel(path, shown, sheet) if path.suffix.lower() in (".xlsx", ".xlsm") else _csv(path)
    except FileNotFoundError:
        near = suggestion(path.name, [other.name for other in path.parent.glob("*")]) if path.parent.is_dir() else ""
        raise _error(shown, None, f"There is no file '{path.name}'.", near) from None
    except (OSError, UnicodeDecodeError, InvalidFileException, csv.Error, KeyError, ValueError) as error:
        raise _error(
            shown, None, f"The table cannot be read: {error}.", "Save it as CSV with UTF-8, or as .xlsx."
        ) from None
    if len(lines) < 2:
        raise _error(shown, None, "The table has no rows below its headings.", "Write one case in each row.")
    headings = [_heading(cell, shown) for cell in lines[0][1]]
    _refuse_doubles(headings, shown)
    cases = [_case(headings, cells, line, shown) for line, cells in lines[1:]]
    factors = [
        Factor(key, " ".join(key.split(".")[-2:]).replace("_", " "), unit, _choices(key, cases))
        for key, unit in headings
        if key != NAME
    ]
    return tuple(factors), tuple(cases)


def _csv(path: Path) -> list[tuple[int, list[Any]]]:
    text = path.read_text(encoding="utf-8-sig")
    first = text.partition("\n")[0]
    # Where decimals are written with a comma, Excel parts the columns by semicolons.
    separator = ";" if first.count(";") > first.count(",") else ","
    rows = csv.reader(text.splitlines(), delimiter=separator)
    filled = [(line, row) for line, row in enumerate(rows, start=1) if any(cell.strip() for cell in row)]
    return [(line, [_plain(cell, separator) for cell in row] if line > filled[0][0] else row) for line, row in filled]


def _plain(cell: str, separator: str) -> Any:
    """Read a cell as YAML reads a value, so that 0.5 is a number."""
    text = cell.strip()
    if separator == ";" and re.fullmatch(r"[+-]?\d+,\d+", text):
        text = text.replace(",", ".")
    return one_value(text, f"cell '{text}'") if re.fullmatch(r"[\w+.-]+", text) and text != "null" else text


def _excel(path: Path, shown: str, sheet: str | None) -> list[tuple[int, list[Any]]]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        if sheet is not None and sheet not in book.sheetnames:
            raise _error(shown, None, f"There is no sheet '{sheet}'.", suggestion(sheet, book.sheetnames))
        rows = (book[sheet] if sheet else book.worksheets[0]).iter_rows(values_only=True)
        return [(line, list(row)) for line, row in enumerate(rows, start=1) if any(cell is not None for cell in row)]
    finally:
        book.close()


def _heading(cell: Any, shown: str) -> tuple[str, str]:
    match = _HEADING.fullmatch(str(cell or ""))
    if match is None:
        found = f"The heading '{cell if cell is not None else ''}' is no key."
        raise _error(shown, 1, found, "Write one such as  components.tank.volume  or  components.tank.volume [GWh].")
    return match["key"], (match["unit"] or "").strip()


def _refuse_doubles(headings: Sequence[tuple[str, str]], shown: str) -> None:
    keys = [key for key, _ in headings]
    for key in keys:
        if keys.count(key) > 1:
            raise _error(shown, 1, f"The heading '{key}' stands there twice.", "Remove one of the columns.")


def _case(headings: Sequence[tuple[str, str]], cells: Sequence[Any], line: int, shown: str) -> Case:
    if len(cells) != len(headings):
        found = f"The row has {len(cells)} cells, the headings are {len(headings)}."
        raise _error(shown, line, found, "Text with a comma in it needs quotes.")
    changes: dict[str, Any] = {}
    point: dict[str, Shown] = {}
    for (key, unit), cell in zip(headings, cells, strict=True):
        value = cell.strip() if isinstance(cell, str) else cell
        if value is None or value == "":
            continue
        if key == NAME:
            point[NAME] = str(value)
            continue
        if value == "null":
            changes[key], point[key] = None, "none"
            continue
        part = quantity(value)
        if unit and (part is None or part[1] not in ("", unit)):
            raise _error(shown, line, f"'{value}' under '{key} [{unit}]' is no number in {unit}.", "Write the number.")
        changes[key] = f"{part[0]!r} {unit}" if unit and part is not None else value
        point[key] = part[0] if part is not None and (unit or not part[1]) else str(value)
    return Case(changes, point)


def _choices(key: str, cases: Sequence[Case]) -> tuple[Choice, ...]:
    found = {case.point[key]: case.changes[key] for case in cases if key in case.point}
    return tuple(Choice(shown, {key: value}, str(shown)) for shown, value in found.items())


def _error(shown: str, line: int | None, found: str, way_out: str = "") -> ScenarioError:
    return ScenarioError([Problem(Place(shown, line), "", found, "", way_out)])
