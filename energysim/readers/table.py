"""Any table with a column of time stamps: the user says which columns, in which unit, by which clock."""

from functools import cache

from energysim.errors import Place, SeriesError, UnitError
from energysim.readers.headings import position, split_unit
from energysim.readers.imported import Asked, Block, Value
from energysim.readers.sheet import Sheet
from energysim.units import CURRENCIES, Converter, Money


def read_table(sheet: Sheet, asked: Asked) -> Block:
    """Find the columns the user names; the first is taken for the time where nothing is said.

    Two rows of headings are joined from top to bottom; the upper one may name a group of columns once. A unit in
    brackets, in either row, counts as the unit of the column.
    """
    at, headings = _headings(sheet, asked)
    time = position(headings, asked.time, sheet.shown) if asked.time else 0
    names = asked.columns or tuple(heading for n, heading in enumerate(headings) if n != time and heading)
    if not names:
        raise SeriesError(f"{sheet.shown}: there is no column beside the time '{headings[time]}'.")
    if len(asked.units) not in (0, 1, len(names)):
        raise SeriesError(
            f"{len(asked.units)} units are given for {len(names)} columns: {', '.join(names)}.",
            "One unit for all of them, or one for each, in their order.",
        )
    values = tuple(_value(sheet, headings, names, n, asked) for n in range(len(names)))
    first = at + asked.heading_rows
    pairs = [(row, line) for row, line in zip(sheet.rows[first:], sheet.lines[first:], strict=True) if any(row)]
    rows, lines = tuple(row for row, _ in pairs), tuple(line for _, line in pairs)
    if sheet.decimal is None:  # in Excel a note may stand beside the table
        _refuse_wider(rows, lines, len(headings), sheet.shown)
    times = tuple(row[time] if time < len(row) else "" for row in rows)
    return Block(rows, lines, times, values, asked.clock or "")


def _refuse_wider(rows: tuple[tuple[str, ...], ...], lines: tuple[int, ...], width: int, shown: str) -> None:
    """Refuse rows with more cells than headings: a comma that parts decimals would end its number unseen."""
    for row, line in zip(rows, lines, strict=True):
        if any(row[width:]):
            raise SeriesError(
                f"The row has {len(row)} cells, and there are {width} headings.",
                "",
                "If commas part the decimals, part the columns by semicolons; else name every column.",
                Place(shown, line),
            )


def _headings(sheet: Sheet, asked: Asked) -> tuple[int, tuple[str, ...]]:
    if asked.headings is not None:
        if asked.headings not in sheet.lines:
            raise SeriesError(f"{sheet.shown}: there is no line {asked.headings}; the last is {sheet.lines[-1]}.")
        at = sheet.lines.index(asked.headings)
    else:
        at = next(n for n, row in enumerate(sheet.rows) if any(row))
    rows = sheet.rows[at : at + asked.heading_rows]
    if len(rows) < asked.heading_rows:
        raise SeriesError(f"{sheet.shown}: there are not {asked.heading_rows} rows of headings.")
    joined: list[str] = []
    for n in range(max(map(len, rows))):
        cells = [row[n] if n < len(row) else "" for row in rows]
        if len(rows) > 1 and not cells[0] and n:
            # A heading over several columns stands above the first of them only.
            before = [row[m] for row in rows[:1] for m in range(min(n, len(row))) if row[m]]
            cells[0] = before[-1] if before else ""
        joined.append(" ".join(cell for cell in cells if cell))
    if not any(any(letter.isalpha() for letter in heading) for heading in joined):
        raise SeriesError(
            f"{sheet.shown}: line {sheet.lines[at]} holds no headings: {', '.join(joined)[:80]}.",
            "The columns of a table have names.",
            "Add a line of headings, or say where it is with  --heading-line .",
        )
    return at, tuple(joined)


def _value(sheet: Sheet, headings: tuple[str, ...], names: tuple[str, ...], n: int, asked: Asked) -> Value:
    at = position(headings, names[n], sheet.shown)
    name, unit, _ = split_unit(headings[at])
    unit = (asked.units[n] if len(asked.units) > 1 else (asked.units[0] if asked.units else "")) or unit
    unit = "degC" if unit == "°C" else unit
    if not unit:
        raise SeriesError(
            f"{sheet.shown}: the unit of '{headings[at]}' is not said.",
            "",
            "Say it with  --unit MW , or choose columns with  --column .",
        )
    try:
        _units().scale(unit, "1" if unit == "%" else unit)
    except UnitError as error:
        raise SeriesError(f"{sheet.shown}: '{headings[at]}': {error.found}", "", "Say it with  --unit .") from None
    return Value(name or headings[at], unit, at)


@cache
def _units() -> Converter:
    return Converter(Money("EUR", 2025, dict.fromkeys(CURRENCIES, 1.0)))
