"""Files of the ENTSO-E Transparency Platform: prices, load, generation by type, as its pages offer them.

Layouts of the old pages (until 2024, ``Day-ahead Price [EUR/MWh]`` with the area in a heading) and of the new ones
(``Day-ahead Price (EUR/MWh)`` with columns Area and Sequence).
"""

import re
from collections import Counter
from dataclasses import replace

from energysim.errors import Place, SeriesError
from energysim.readers.headings import row_of_headings, split_unit
from energysim.readers.imported import Asked, Block, Value
from energysim.readers.sheet import Sheet

_TIME = re.compile(r"^(MTU|Time)\b(.*\((?P<clock>[^)]*)\))?", re.IGNORECASE)
_CLOCKS = {"UTC": "UTC", "": "Europe/Brussels", "CET/CEST": "Europe/Brussels", "CET": "Etc/GMT-1"}
_UNITS = {"MW": "MW", "MWh": "MWh", "EUR/MWh": "EUR/MWh", "SEK/MWh": "SEK/MWh", "NOK/MWh": "NOK/MWh"}
_KEYS = ("Area", "Sequence", "Production Type")
_CLOCK_BEHIND = re.compile(r"\((?P<clock>[A-Z/]+)\)\s*$")


def read_entsoe(sheet: Sheet, asked: Asked) -> Block:
    """Find times, areas and values of an ENTSO-E file by their headings.

    Every column with a power, energy or price in its heading is taken. Where the file lists several areas or
    sequences below each other, each becomes columns of its own.
    """
    at = row_of_headings(sheet, lambda row: any(_TIME.match(cell) for cell in row), "a column MTU or Time")
    headings = sheet.rows[at]
    time = next(n for n, heading in enumerate(headings) if _TIME.match(heading))
    shown_clock = _clock(headings[time], next((row[time] for row in sheet.rows[at + 1 :] if len(row) > time), ""))
    if shown_clock not in _CLOCKS and asked.clock is None:
        raise SeriesError(
            f"{sheet.shown}: the clock '{shown_clock}' of the column '{headings[time]}' is not known.",
            "",
            "Say it with  --clock Europe/Stockholm , or export the file in UTC.",
        )
    values = tuple(_values(headings))
    if not values:
        raise SeriesError(
            f"{sheet.shown}: no heading names a unit.", f"Known here: {', '.join(_UNITS)}.", "Export the file again."
        )
    pairs = [(row, line) for row, line in zip(sheet.rows[at + 1 :], sheet.lines[at + 1 :], strict=True) if any(row)]
    _refuse_short_rows(pairs, time, sheet.shown)
    _refuse_other_currency(headings, pairs, values, sheet.shown)
    block = Block(
        rows=tuple(row for row, _ in pairs),
        lines=tuple(line for _, line in pairs),
        times=tuple(row[time] for row, _ in pairs),
        values=values,
        clock=_CLOCKS.get(shown_clock, "UTC"),
        dates="day_first",
    )
    return _side_by_side(block, headings)


def _clock(heading: str, first: str) -> str:
    """Clock as the heading names it, or behind the first stamp, where older files of generation have it."""
    match = _TIME.match(heading)
    if match is not None and match["clock"]:
        return match["clock"]
    behind = _CLOCK_BEHIND.search(first)
    return behind["clock"] if behind else ""


def _values(headings: tuple[str, ...]) -> list[Value]:
    area = next((heading for heading in headings if heading.startswith("BZN|")), "")
    found = []
    for at, heading in enumerate(headings):
        name, unit, behind = split_unit(heading)
        if unit in _UNITS:
            place = (behind or area).removeprefix("BZN|")
            found.append(Value(f"{name} {place}".strip(), _UNITS[unit], at))
    return found


def _refuse_short_rows(pairs: list[tuple[tuple[str, ...], int]], time: int, shown: str) -> None:
    for row, line in pairs:
        if len(row) <= time:
            raise SeriesError(f"The row has {len(row)} cells and no time.", where=Place(shown, line))


def _refuse_other_currency(
    headings: tuple[str, ...], pairs: list[tuple[tuple[str, ...], int]], values: tuple[Value, ...], shown: str
) -> None:
    """The column Currency of the old layout must say what the heading of the price says."""
    if "Currency" not in headings:
        return
    at = headings.index("Currency")
    wanted = {value.unit.partition("/")[0] for value in values if "/" in value.unit}
    for row, line in pairs:
        currency = row[at] if at < len(row) else ""
        if currency and wanted and currency not in wanted:
            raise SeriesError(
                f"The currency is {currency}, the heading says {' and '.join(sorted(wanted))}.",
                "A column has one unit.",
                "Export the file again in one currency.",
                Place(shown, line),
            )


def _side_by_side(block: Block, headings: tuple[str, ...]) -> Block:
    """Areas and sequences listed below each other become columns; a column for one of them keeps its name."""
    keys = [headings.index(key) for key in _KEYS if key in headings]
    groups = list(dict.fromkeys(tuple(row[key] for key in keys if key < len(row)) for row in block.rows))
    if len(groups) < 2:
        name = groups[0][0].removeprefix("BZN|") if groups and groups[0] and not _has_place(block, headings) else ""
        named = tuple(Value(f"{v.name} {name}".strip(), v.unit, v.at) for v in block.values)
        return replace(block, values=named)
    width = len(headings)
    wide: dict[tuple[str, int], tuple[list[str], int]] = {}
    places, seen = {group: n for n, group in enumerate(groups)}, Counter[tuple[str, int]]()
    for row, line, time in zip(block.rows, block.lines, block.times, strict=True):
        place = places[tuple(row[key] for key in keys if key < len(row))]
        # The doubled autumn hour stands twice in each group: counting keeps its two rows apart.
        cells, _ = wide.setdefault((time, seen[time, place]), ([""] * (width * len(groups)), line))
        seen[time, place] += 1
        cells[place * width : place * width + len(row[:width])] = row[:width]
    values = tuple(
        Value(" ".join([value.name, *(part.removeprefix("BZN|") for part in group)]), value.unit, n * width + value.at)
        for n, group in enumerate(groups)
        for value in block.values
    )
    return replace(
        block,
        rows=tuple(tuple(cells) for cells, _ in wide.values()),
        lines=tuple(line for _, line in wide.values()),
        times=tuple(time for time, _ in wide),
        values=values,
    )


def _has_place(block: Block, headings: tuple[str, ...]) -> bool:
    return any(split_unit(headings[value.at])[2] for value in block.values)
