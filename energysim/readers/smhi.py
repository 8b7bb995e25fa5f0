"""Station files of SMHI's open data: one parameter of one station, hourly, daily or monthly."""

from collections import Counter

from energysim.errors import SeriesError
from energysim.readers.headings import row_of_headings
from energysim.readers.imported import Asked, Block, Value
from energysim.readers.sheet import Sheet

_UNITS = {
    "celsius": "degC", "grader celsius": "degC", "degree celsius": "degC", "meter per sekund": "m/s", "m/s": "m/s",
    "metre per second": "m/s", "watt per kvadratmeter": "W/m2", "watt per square metre": "W/m2", "w/m2": "W/m2",
    "procent": "%", "percent": "%", "hektopascal": "hPa", "hectopascal": "hPa", "millimeter": "mm", "millimetre": "mm",
    "grader": "deg", "degree": "deg", "sekund": "s", "second": "s",
}  # fmt: skip
_DAYS = ("Representativt dygn", "Representativ månad")


def read_smhi(sheet: Sheet, asked: Asked) -> Block:
    """Find stamps, values and quality codes below the head of an SMHI file. Stamps are UTC.

    A value that SMHI marks Y (suspected, or only roughly checked) is kept, and counted in a remark.
    """
    at = row_of_headings(sheet, _is_headings, "Datum and Tid (UTC), or Representativt dygn")
    headings = sheet.rows[at]
    unit = _unit(sheet, at)
    pairs = [(row, line) for row, line in zip(sheet.rows[at + 1 :], sheet.lines[at + 1 :], strict=True) if any(row)]
    codes = [n for n, heading in enumerate(headings) if heading == "Kvalitet"]
    names = [n - 1 for n in codes]
    if not names:
        raise SeriesError(f"{sheet.shown}: there is no column Kvalitet.", "", "Download the file again.")
    day = next((headings.index(name) for name in _DAYS if name in headings), None)
    pairs = _near(pairs, day or 0, asked)
    rows = tuple(row for row, _ in pairs)
    times = tuple(_time(row, day) for row in rows)
    station = _station(sheet, at)
    doubtful = Counter(row[code] for row in rows for code in codes if code < len(row))["Y"]
    remarks = [f"Station: {station}."] if station else []
    if doubtful:
        remarks.append(f"{doubtful} values have the quality code Y: suspected, or only roughly checked.")
    values = tuple(
        Value(headings[n] if len(names) == 1 else f"{headings[n]} {k}", unit, n) for k, n in enumerate(names, 1)
    )
    return Block(rows, tuple(line for _, line in pairs), times, values, "UTC", "day_first", tuple(remarks))


def _is_headings(row: tuple[str, ...]) -> bool:
    return row[:2] == ("Datum", "Tid (UTC)") or any(name in row for name in _DAYS)


def _near(pairs: list[tuple[tuple[str, ...], int]], at: int, asked: Asked) -> list[tuple[tuple[str, ...], int]]:
    """Rows of the days that are wanted, all where none is: nobody waits for the numbers of eighty other years."""
    since = "" if asked.since is None else str(asked.since.astype("datetime64[D]"))
    until = "9" if asked.until is None else str(asked.until.astype("datetime64[D]"))
    near = [pair for pair in pairs if at < len(pair[0]) and since <= pair[0][at] <= until]
    return near or pairs


def _time(row: tuple[str, ...], day: int | None) -> str:
    if day is not None:
        return row[day] if day < len(row) else ""
    return " ".join(row[:2])


def _unit(sheet: Sheet, below: int) -> str:
    """Unit out of the block Parameternamn; Beskrivning; Enhet."""
    for at, row in enumerate(sheet.rows[:below]):
        if "Enhet" in row and at + 1 < below:
            place = row.index("Enhet")
            written = sheet.rows[at + 1][place] if place < len(sheet.rows[at + 1]) else ""
            return _UNITS.get(written.lower(), written)
    raise SeriesError(
        f"{sheet.shown}: the head does not say the unit.",
        "Needed: the lines with Parameternamn, Beskrivning and Enhet.",
        "Download the file again, with its head.",
    )


def _station(sheet: Sheet, below: int) -> str:
    for at, row in enumerate(sheet.rows[:below]):
        if row[:1] == ("Stationsnamn",) and at + 1 < below:
            return " ".join(sheet.rows[at + 1][:2])
    return ""
