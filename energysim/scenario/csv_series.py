"""One column of a CSV file with its time stamps brought to UTC."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from energysim.errors import Place, SeriesError, brief, suggestion
from energysim.moments import YEARS
from energysim.readers.cells import ONE_OR_THOUSAND
from energysim.readers.clock import is_strange_year, to_utc
from energysim.scenario.stamped import Stamped

Stamps = NDArray[np.datetime64]
_SEPARATORS = (";", "\t", ",", "|")
_LONGEST_LINE = 1 << 20
_BLOCK = 100_000
"""Rows held as text at the same time."""
_STAMP = re.compile(r"\d{4,6}-\d\d-\d\d(?:[T ]\d\d(?::\d\d(?::\d\d(?:\.\d+)?)?)?)?", re.ASCII)
"""A stamp without an offset; of strange years another message tells."""
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d*|\.\d{3})")
"""Points that part thousands: before a comma, or more than one."""


@dataclass(frozen=True)
class Column:
    """Which column is meant and how the file is written."""

    name: str | None
    """Column of values; the second where absent and there are two."""
    time: str | None = None
    """Column of time stamps; the first where absent."""
    clock: str | None = None
    """``UTC`` or a zone such as Europe/Stockholm, for stamps without an offset."""
    separator: str | None = None
    decimal: str | None = None


def read_column(path: Path, shown: str, column: Column) -> Stamped:
    """Read a column of a CSV file.

    Parameters
    ----------
    path : Path
        File, UTF-8 with or without byte order mark.
    shown : str
        How messages name it.
    column : Column
        What to read.

    Returns
    -------
    series : Stamped
        Stamps in UTC, NaN for empty cells.

    Raises
    ------
    SeriesError
        With file and line for every cell that is not what it should be.
    """
    header, separator = _header(path, shown, column)
    time_at = _position(header, column.time, 0, shown, "time")
    if column.name is None and len(header) != 2:
        raise SeriesError(f"{shown}: it is not said which column is meant.", "", suggestion("", header))
    value_at = _position(header, column.name, 1, shown, "column")
    decimal, has_offsets = column.decimal, None
    values, stamps = [np.zeros(0)], [np.zeros(0, "datetime64[m]")]
    for texts, cells, lines in _blocks(path, shown, separator, (time_at, value_at), len(header)):
        if has_offsets is None:
            has_offsets = _has_offset(texts[0])
            decimal = decimal or ("," if separator == ";" and any("," in cell for cell in cells) else ".")
        values.append(_numbers(cells, lines, decimal or ".", shown, header[value_at]))
        stamps.append((_with_offsets if has_offsets else _without_offsets)(texts, lines, shown))
        _refuse_strange_years(stamps[-1], texts, lines, shown)
    if has_offsets is None:
        raise SeriesError(f"{shown}: '{header[value_at]}' has no values.", "There is nothing below the first line.")
    utc, is_local = _utc(np.concatenate(stamps), has_offsets, column.clock, shown)
    return Stamped(shown, header[value_at], utc, np.concatenate(values), is_local)


def _header(path: Path, shown: str, column: Column) -> tuple[list[str], str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            first = stream.readline(_LONGEST_LINE)
    except UnicodeDecodeError:
        raise SeriesError(f"{shown}: the file is not UTF-8.", "", "Save it with the encoding UTF-8.") from None
    except PermissionError:
        raise SeriesError(f"{shown}: the file may not be read.", "", "Change its permissions, or copy it.") from None
    if not first.strip():
        raise SeriesError(f"{shown}: the file is empty, or its first line is.", "The first line names the columns.")
    separator = column.separator or max(_SEPARATORS, key=first.count)
    names = [name.strip() for name in next(csv.reader([first], delimiter=separator))]
    if any(_has_offset(name) or _STAMP.fullmatch(name) for name in names):
        found = f"The first line, '{brief(first.strip())}', holds a time stamp."
        raise SeriesError(found, "It names the columns.", "Add a line such as  time,value .", Place(shown, 1))
    return names, separator


def _position(header: list[str], name: str | None, otherwise: int, shown: str, key: str) -> int:
    if name is None:
        if otherwise >= len(header):
            raise SeriesError(f"{shown}: there is only one column.", "Time stamps and values are needed.")
        return otherwise
    if name not in header:
        raise SeriesError(f"{shown}: there is no column '{name}' ({key}).", "", suggestion(name, header))
    if header.count(name) > 1:
        found = f"{header.count(name)} columns are called '{name}'."
        raise SeriesError(found, "It is not known which is meant.", "Rename all but one.", Place(shown, 1))
    return header.index(name)


def _blocks(
    path: Path, shown: str, separator: str, places: tuple[int, int], width: int
) -> Iterator[tuple[list[str], list[str], list[int]]]:
    """Read two columns as text, with the line of each row; some rows at a time, as text takes ten times their room."""
    texts: list[str] = []
    cells: list[str] = []
    lines: list[int] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, delimiter=separator)
            next(reader)
            for row in reader:
                if not any(cell.strip() for cell in row):
                    continue
                if len(row) <= max(places) or any(row[width:]):
                    raise _ragged(len(row), width, separator, Place(shown, reader.line_num))
                texts.append(row[places[0]].strip())
                cells.append(row[places[1]].strip())
                lines.append(reader.line_num)
                if len(lines) == _BLOCK:
                    yield texts, cells, lines
                    texts, cells, lines = [], [], []
    except UnicodeDecodeError:
        raise SeriesError(f"{shown}: the file is not UTF-8.", "", "Save it with the encoding UTF-8.") from None
    except csv.Error as error:
        raise SeriesError(f"The row cannot be read: {error}.", where=Place(shown, reader.line_num)) from None
    if lines:
        yield texts, cells, lines


def _ragged(cells: int, width: int, separator: str, where: Place) -> SeriesError:
    """Say that a row is no row of the table: a decimal comma among commas would end its number."""
    hint = "If commas part the decimals, part the columns by semicolons." if cells > width and separator == "," else ""
    return SeriesError(f"The row has {cells} cells, the header {width}.", "", hint or "Mend the row.", where)


def _numbers(cells: list[str], lines: list[int], decimal: str, shown: str, name: str) -> NDArray[np.float64]:
    if decimal == ",":
        cells = _with_points(cells, lines, shown, name)
    try:
        values = np.array([cell or "nan" for cell in cells], dtype=float)
    except ValueError:
        values = None
    if values is None or np.isinf(values).any() or any("_" in cell for cell in cells):
        for cell, line in zip(cells, lines, strict=True):
            if cell and not _is_number(cell):
                hint = (
                    "Say  decimal: ','  if commas part the decimals."
                    if "," in cell
                    else "Mend the cell, or leave it empty and say how to fill."
                )
                raise SeriesError(f"'{cell}' in the column '{name}' is not a number.", "", hint, Place(shown, line))
    assert values is not None
    return values


def _with_points(cells: list[str], lines: list[int], shown: str, name: str) -> list[str]:
    """Turn decimal commas to points; a point may only part thousands, where nothing else can be meant."""
    for cell, line in zip(cells, lines, strict=True):
        if "." in cell and not _THOUSANDS.fullmatch(cell):
            found = f"'{cell}' in the column '{name}' has a point, and the decimals of this file are parted by commas."
            is_unclear = ONE_OR_THOUSAND.fullmatch(cell) is not None
            needed = "It could be about one or a thousand times as much." if is_unclear else ""
            raise SeriesError(found, needed, "Mend the cell, or say  decimal: '.' .", Place(shown, line))
    return [cell.replace(".", "").replace(",", ".") for cell in cells]


def _is_number(cell: str) -> bool:
    try:
        return bool(np.isfinite(float(cell))) and "_" not in cell  # Python's digits may be parted by it
    except ValueError:
        return False


def _utc(stamps: Stamps, has_offsets: bool, clock: str | None, shown: str) -> tuple[Stamps, bool]:
    """Bring stamps to UTC: by their own offsets, or by the clock the scenario names."""
    if has_offsets:
        return stamps, False
    if clock is None:
        raise SeriesError(
            f"{shown}: the time stamps have no offset, so it is not known what clock they show.",
            "",
            "Say  clock: UTC , or a zone such as  clock: Europe/Stockholm.",
        )
    if clock.upper() == "UTC":
        return stamps, False
    return to_utc(stamps, clock, shown), True


def _without_offsets(texts: list[str], lines: list[int], shown: str) -> Stamps:
    # NumPy knows more than stamps: words such as today, months, and offsets, which it takes without a word.
    if not all(map(_STAMP.fullmatch, texts)):
        raise _bad_stamp(texts, lines, shown, False)
    try:
        return np.array([text.replace(" ", "T") for text in texts], dtype="datetime64[m]")
    except ValueError:
        raise _bad_stamp(texts, lines, shown, False) from None


def _with_offsets(texts: list[str], lines: list[int], shown: str) -> Stamps:
    try:
        moments = [datetime.fromisoformat(text) for text in texts]
        naive = [(moment - moment.utcoffset()).replace(tzinfo=None) for moment in moments]  # type: ignore[operator]
    except (ValueError, TypeError, OverflowError):
        raise _bad_stamp(texts, lines, shown, True) from None
    return np.array(naive, dtype="datetime64[m]")


def _refuse_strange_years(stamps: Stamps, texts: list[str], lines: list[int], shown: str) -> None:
    is_strange = is_strange_year(stamps)
    if is_strange.any():
        at = int(np.argmax(is_strange))
        needed = f"Time stamps lie in the years {YEARS[0]} to {YEARS[-1]}."
        raise SeriesError(f"'{texts[at]}' lies in no year of a scenario.", needed, where=Place(shown, lines[at]))


def _has_offset(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _bad_stamp(texts: list[str], lines: list[int], shown: str, has_offsets: bool) -> SeriesError:
    """Say which stamp cannot be read, and why."""
    for text, line in zip(texts, lines, strict=True):
        if _has_offset(text) and not has_offsets:
            found = f"'{text}' has an offset, and the rows before it have none."
            return SeriesError(found, "One file is written one way.", where=Place(shown, line))
        if has_offsets and not _has_offset(text) and _STAMP.fullmatch(text):
            found = f"'{text}' has no offset, and the rows before it have one."
            return SeriesError(found, "One file is written one way.", where=Place(shown, line))
        if not _is_moment(text, has_offsets):
            needed = "Time stamps are written 2030-01-31 06:00, with or without an offset."
            return SeriesError(f"'{text}' is no time stamp.", needed, where=Place(shown, line))
    return SeriesError(f"{shown}: the time stamps cannot be read.")


def _is_moment(text: str, has_offsets: bool) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return has_offsets or _STAMP.fullmatch(text) is not None
