"""Rows of text out of a file: CSV in any common encoding and separator, packed or not, or an Excel sheet."""

import csv
import gzip
import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from energysim.errors import SeriesError, suggestion

_SEPARATORS = (";", "\t", ",", "|")
_EXCEL = {".xlsx", ".xlsm"}
_OLD_EXCEL = {".xls", ".ods"}
LARGEST = 100_000_000
"""Text read at once: as cells it takes forty times its room in memory. [byte]"""


@dataclass(frozen=True)
class Sheet:
    """What stands in a file, cell by cell."""

    shown: str
    """How messages name it."""
    rows: tuple[tuple[str, ...], ...]
    """Cells without surrounding blanks; rows without any cell are kept, empty."""
    lines: tuple[int, ...]
    """Line of each row, counted from 1. (row,)"""
    decimal: str | None = None
    """What parts decimals where the file itself leaves no doubt, as Excel does."""
    remarks: tuple[str, ...] = ()


def read_sheet(path: Path, page: str | None = None) -> Sheet:
    """Read a file as rows of text.

    Parameters
    ----------
    path : Path
        CSV, also packed as ``.gz``, or Excel ``.xlsx``.
    page : str, optional
        Sheet of an Excel file; the first where absent.

    Raises
    ------
    SeriesError
        For a file that is absent, empty, of a kind that is not read, or without the sheet asked for.
    """
    shown = path.as_posix()
    if not path.is_file():
        folder = path.parent
        near = suggestion(path.name, [other.name for other in folder.iterdir()]) if folder.is_dir() else ""
        raise SeriesError(f"There is no file '{shown}'.", "", near)
    if path.suffix.lower() in _OLD_EXCEL:
        raise SeriesError(f"{shown}: files of this kind are not read.", "", "Save it as .xlsx or .csv.")
    _refuse_large(path.stat().st_size, shown)
    if path.suffix.lower() in _EXCEL:
        return _from_excel(path, shown, page)
    if page is not None:
        raise SeriesError(f"{shown}: only Excel files have sheets.", "", "Leave out  --sheet.")
    text, remarks = _decoded(path, shown)
    rows, lines = _parted(text, shown)
    return Sheet(shown, rows, lines, None, remarks)


def _refuse_large(size: int, shown: str) -> None:
    if size > LARGEST:
        raise SeriesError(
            f"{shown}: the file has more than {LARGEST // 1_000_000} MB of text, which would need more than "
            f"{LARGEST * 40 // 1_000_000_000} GB of memory.",
            "",
            "Cut it into parts, each with its headings, and name them all; they are read one after the other and "
            "joined. A scenario reads a column of a CSV of any size:  {csv: ..., column: ..., unit: ..., clock: ...}.",
        )


def _decoded(path: Path, shown: str) -> tuple[str, tuple[str, ...]]:
    """Decode UTF-8 or UTF-16; what is neither is taken as Windows' Latin, and that is told."""
    try:
        if path.suffix.lower() == ".gz":
            with gzip.open(path) as stream:
                data = stream.read(LARGEST + 1)  # a small file may unfold to more than there is room for
            _refuse_large(len(data), shown)
        else:
            data = path.read_bytes()
    except (OSError, EOFError) as error:
        raise SeriesError(f"{shown}: the file cannot be read: {error}.") from None
    if data[:2] == b"PK":
        raise SeriesError(f"{shown}: this is a packed file or an Excel file, not text.", "", "Name Excel files .xlsx.")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace"), ()
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace"), (
            "The file is not UTF-8; its letters were read as Windows-1252.",
        )


def _parted(text: str, shown: str) -> tuple[tuple[tuple[str, ...], ...], tuple[int, ...]]:
    sample = text.splitlines()[:400]
    if not any(line.strip() for line in sample):
        raise SeriesError(f"{shown}: the file is empty.")
    separator = max(_SEPARATORS, key=lambda mark: _columns(sample, mark))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows, lines, first = [], [], 1
    for row in reader:
        rows.append(tuple(cell.strip() for cell in row))
        lines.append(first)
        first = reader.line_num + 1
    return tuple(rows), tuple(lines)


def _columns(lines: list[str], separator: str) -> tuple[int, int]:
    """How many tenths of the rows agree on their number of cells; of two that do, the rarer mark in numbers wins."""
    widths = [len(row) for row in csv.reader(lines, delimiter=separator) if len(row) > 1]
    if not widths:
        return 0, 0
    usual = max(set(widths), key=widths.count)
    return widths.count(usual) * 10 // len(lines), -_SEPARATORS.index(separator)


def _from_excel(path: Path, shown: str, page: str | None) -> Sheet:
    # openpyxl takes a fifth of a second to import; only Excel files pay for it.
    import openpyxl  # noqa: PLC0415

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise SeriesError(f"{shown}: this cannot be read as Excel: {error}.") from None
    if page is not None and page not in book.sheetnames:
        raise SeriesError(f"{shown}: there is no sheet '{page}'.", "", suggestion(page, book.sheetnames))
    sheet = book[page or book.sheetnames[0]]
    rows = tuple(tuple(_as_text(value) for value in row) for row in sheet.iter_rows(values_only=True))
    if not any(any(row) for row in rows):
        raise SeriesError(f"{shown}: the sheet '{sheet.title}' is empty.", "", suggestion("", book.sheetnames))
    remarks = () if page or len(book.sheetnames) == 1 else (f"Read from the first sheet, '{sheet.title}'.",)
    has_text_numbers = any(
        isinstance(value, str) and value[:1].isdigit() and "," in value
        for row in sheet.iter_rows(values_only=True)
        for value in row
    )
    return Sheet(shown, rows, tuple(range(1, len(rows) + 1)), None if has_text_numbers else ".", remarks)


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        # Excel keeps moments as parts of a day; a millisecond before the hour is rounding.
        return _rounded(value).isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()


def _rounded(moment: datetime) -> datetime:
    from_midnight = round((moment - datetime.combine(moment.date(), datetime.min.time())).total_seconds() / 60.0)
    base = datetime.combine(moment.date(), datetime.min.time())
    return base.fromordinal(base.toordinal() + from_midnight // 1440).replace(
        hour=from_midnight % 1440 // 60, minute=from_midnight % 60
    )
