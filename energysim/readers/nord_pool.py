"""Files of Nord Pool: the yearly sheets until 2022 (``Elspot Prices in EUR/MWh``) and exports of its data portal."""

import re
from dataclasses import dataclass

from energysim.errors import SeriesError
from energysim.readers.headings import row_of_headings, split_unit
from energysim.readers.imported import Asked, Block, Value
from energysim.readers.sheet import Sheet

_TITLE_UNIT = re.compile(r"\bin\s+(?P<unit>[A-Z]{3}/MWh|MWh)\b")
_HOURS = re.compile(r"^(?P<first>\d\d)\s*[-–]\s*\d\d$")
_START = re.compile(r"^Delivery Start( \((?P<clock>[^)]*)\))?$")
_CURRENCIES = ("EUR", "SEK", "NOK", "DKK")
_CLOCKS = {"UTC": "UTC", "CET": "Europe/Stockholm", "CET/CEST": "Europe/Stockholm", None: "Europe/Stockholm"}


@dataclass(frozen=True)
class _Layout:
    """Headings and clock of either kind of file."""

    at: int
    headings: tuple[str, ...]
    time: int
    clock: str
    unit: str = ""


def read_nord_pool(sheet: Sheet, asked: Asked) -> Block:
    """Find hours and areas of a Nord Pool file.

    What the portal calls CET is the wall clock, with summer time. In yearly sheets, prices in MWh/h are powers.
    """
    is_yearly = any("Hours" in row for row in sheet.rows[:10])
    layout = _yearly(sheet) if is_yearly else _portal(sheet)
    values = tuple(_values(layout, sheet.shown))
    first = layout.at + 1
    pairs = [(row, line) for row, line in zip(sheet.rows[first:], sheet.lines[first:], strict=True) if any(row)]
    rows = tuple(row for row, _ in pairs)
    times = tuple(_time(row, layout.time, is_yearly) for row in rows)
    return Block(rows, tuple(line for _, line in pairs), times, values, layout.clock, "day_first")


def _yearly(sheet: Sheet) -> _Layout:
    at = row_of_headings(sheet, lambda row: "Hours" in row, "a column Hours")
    title = next((match for row in sheet.rows[:at] for cell in row if (match := _TITLE_UNIT.search(cell))), None)
    if title is None:
        raise SeriesError(
            f"{sheet.shown}: no line above the headings says the unit.",
            "Needed: a title such as  Elspot Prices in EUR/MWh.",
            "Put the title back, or read the file with  energysim import table .",
        )
    unit = "MW" if title["unit"] == "MWh" else title["unit"]
    return _Layout(at, sheet.rows[at], sheet.rows[at].index("Hours"), "Europe/Stockholm", unit)


def _portal(sheet: Sheet) -> _Layout:
    at = row_of_headings(sheet, lambda row: any(map(_START.match, row)), "a column Delivery Start, or Hours")
    time = next(n for n, cell in enumerate(sheet.rows[at]) if _START.match(cell))
    match = _START.match(sheet.rows[at][time])
    clock = match["clock"] if match else None
    if clock not in _CLOCKS:
        raise SeriesError(f"{sheet.shown}: the clock '{clock}' is not known.", "", "Export the file in UTC or CET.")
    above = sheet.rows[at - 1] if at and len(sheet.rows[at - 1]) >= len(sheet.rows[at]) - 1 else ()
    headings, area = [], ""
    for n, name in enumerate(sheet.rows[at]):
        # With two rows of headings the upper one names the area, once above all of its columns.
        area = above[n] if n < len(above) and above[n] else area
        headings.append(name if not area or area in name else f"{area} {name}")
    return _Layout(at, tuple(headings), time, str(_CLOCKS[clock]))


def _values(layout: _Layout, shown: str) -> list[Value]:
    found = []
    for at, heading in enumerate(layout.headings):
        name, unit, _ = split_unit(heading)
        if at == layout.time or not name or "Delivery" in name:
            continue
        if unit in _CURRENCIES:
            found.append(Value(name, f"{unit}/MWh", at))
        elif unit in ("MW", "MWh", "Average MWh", "MWh/h"):
            found.append(Value(name, "MW", at))
        elif unit and "/MWh" in unit:
            found.append(Value(name, unit, at))
        elif layout.unit and at > layout.time:
            found.append(Value(name, layout.unit, at))
    if not found:
        raise SeriesError(
            f"{shown}: no heading names a currency or MW.", "", "Read the file with  energysim import table ."
        )
    return found


def _time(row: tuple[str, ...], at: int, is_yearly: bool) -> str:
    """Stamp of a row: the day stands before the hours in yearly sheets."""
    cell = row[at] if at < len(row) else ""
    hours = _HOURS.match(cell)
    if not is_yearly or hours is None or at == 0:
        return cell
    day = row[at - 1].split(" ")[0].replace("-", ".") if re.match(r"\d\d-", row[at - 1]) else row[at - 1].split(" ")[0]
    return f"{day} {hours['first']}:00"
