"""From the rows of a foreign file to series in UTC; what is missing or left out is told, nothing is filled."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from energysim.errors import Place, SeriesError
from energysim.readers.cells import Cell, decimal_mark, is_nothing, numbers
from energysim.readers.clock import is_skipped, to_utc
from energysim.readers.sheet import Sheet
from energysim.readers.stamps import Dates, moments
from energysim.readers.step import commonest_gap, told_change

Floats = NDArray[np.float64]
Stamps = NDArray[np.datetime64]

_MINUTE = np.timedelta64(1, "m")


@dataclass(frozen=True)
class Asked:
    """What the user says about a file beyond its format."""

    clock: str | None = None
    decimal: str | None = None
    dates: Dates | None = None
    page: str | None = None
    """Sheet of an Excel file."""
    time: str | None = None
    """Heading of the time stamps."""
    columns: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    """One unit for all columns, or one for each."""
    headings: int | None = None
    """Line of the (first) headings."""
    heading_rows: int = 1
    since: np.datetime64 | None = None
    """First moment wanted, in UTC."""
    until: np.datetime64 | None = None
    """End of what is wanted, in UTC; not itself among it."""


class NothingThereError(SeriesError):
    """The file is sound, and holds nothing of the time that is wanted."""


@dataclass(frozen=True)
class Value:
    """A column of values."""

    name: str
    unit: str
    at: int
    """Position in the row."""


@dataclass(frozen=True)
class Block:
    """The part of a sheet that holds values, as a format found it."""

    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    times: tuple[str, ...]
    """Time stamp of each row as written. (row,)"""
    values: tuple[Value, ...]
    clock: str
    """What stamps without an offset show; empty where the file cannot tell and the user has not."""
    dates: Dates | None = None
    remarks: tuple[str, ...] = ()
    rounds_down: bool = False
    """Whether stamps within an hour mean that hour."""
    known: tuple[str, ...] = ()
    """Headings the format has values under, for the message where the file has none of them."""


@dataclass(frozen=True)
class Imported:
    """Series with regular stamps in UTC; NaN where the file has nothing."""

    shown: str
    names: tuple[str, ...]
    units: tuple[str, ...]
    stamps: Stamps
    """UTC, to the minute, regular. (stamp,)"""
    values: Floats
    """(stamp, column)"""
    remarks: tuple[str, ...] = field(default=())

    @property
    def step(self) -> np.timedelta64:
        """Time from one stamp to the next; an hour where there is only one."""
        return np.timedelta64(60, "m") if len(self.stamps) < 2 else self.stamps[1] - self.stamps[0]

    def gaps(self, column: int) -> list[tuple[np.datetime64, int]]:
        """Stretches without a value: first stamp and length in steps."""
        missing = np.isnan(self.values[:, column])
        edges = np.diff(np.concatenate([[0], missing.astype(np.int8), [0]]))
        starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
        return [(self.stamps[start], int(end - start)) for start, end in zip(starts, ends, strict=True)]


def imported(sheet: Sheet, block: Block, asked: Asked) -> Imported:
    """Turn the block of a sheet into series.

    Parameters
    ----------
    sheet : Sheet
        For its name and what it tells about decimals.
    block : Block
        Rows, columns and clock.
    asked : Asked
        Clock, decimal mark and order of dates where the user says them.

    Raises
    ------
    SeriesError
        With file and line for what is no number or no stamp; for stamps that stand twice, for a step that changes, and
        where no column is known.
    """
    if not block.values:
        raise SeriesError(
            f"{sheet.shown}: none of its columns is known.",
            f"Known here: {', '.join(block.known)}." if block.known else "",
            "Export the file again, or read it with  energysim import table .",
        )
    if not block.rows:
        raise SeriesError(f"{sheet.shown}: there are headings, and no rows below them.")
    cells = [
        [
            Cell(row[value.at] if value.at < len(row) else "", line)
            for row, line in zip(block.rows, block.lines, strict=True)
        ]
        for value in block.values
    ]
    mark = asked.decimal or sheet.decimal or decimal_mark((cell for column in cells for cell in column), sheet.shown)
    table = np.column_stack(
        [numbers(column, mark, sheet.shown, value.name) for column, value in zip(cells, block.values, strict=True)]
    )
    stamps, table, lines, told = _in_utc(sheet, block, asked, table)
    remarks = (*sheet.remarks, *block.remarks, *told, *_marks_of_nothing(cells))
    read = Imported(sheet.shown, *_titled(block.values), stamps, table, remarks)
    return laid(read, asked, lines)


def laid(read: Imported, asked: Asked, lines: NDArray[np.int64] | None = None) -> Imported:
    """Lay values in any order onto a regular grid within the time that is wanted; what is absent stays missing.

    Parameters
    ----------
    read : Imported
        Stamps in UTC, each once, and what they hold.
    asked : Asked
        From when until when.
    lines : ndarray (stamp,), optional
        Line of each stamp, for messages.

    Raises
    ------
    NothingThereError
        When nothing lies within the time that is wanted.
    SeriesError
        For stamps that stand twice, and for a step that changes.
    """
    is_wanted = _is_within(read.stamps, asked)
    if not is_wanted.any():
        raise NothingThereError(
            f"{read.shown}: nothing lies within the time asked for. It holds {_text(read.stamps.min())} to "
            f"{_text(read.stamps.max())} UTC.",
            "",
            "Say another time with  --from  and  --to .",
        )
    lines = None if lines is None else lines[is_wanted]
    stamps, table = _regular(read.stamps[is_wanted], read.values[is_wanted], lines, read.shown)
    stamps, table, cut = _without_empty_ends(stamps, table, read.shown)
    filled = np.flatnonzero(~np.isnan(table).all(axis=0)).tolist()
    empty = [name for n, name in enumerate(read.names) if n not in filled]
    left_out = [f"{len(empty)} columns hold nothing and were left out: {', '.join(empty)}."] if empty else []
    names, units = tuple(read.names[n] for n in filled), tuple(read.units[n] for n in filled)
    return Imported(read.shown, names, units, stamps, table[:, filled], (*read.remarks, *left_out, *cut))


def with_absent_ends(series: Imported, asked: Asked) -> Imported:
    """Tell in a remark which part of the time asked for has no row at all."""
    first, end = series.stamps[0], series.stamps[-1] + series.step
    told = []
    if asked.since is not None and asked.since + series.step <= first:
        told.append(f"Nothing is there from {_text(asked.since)} to {_text(first)} UTC.")
    if asked.until is not None and end < asked.until:
        told.append(f"Nothing is there from {_text(end)} to {_text(asked.until)} UTC.")
    return replace(series, remarks=(*series.remarks, *told))


def joined(parts: Sequence[Imported]) -> Imported:
    """Put files that follow each other in time into one; the hours between them are missing, and told as such.

    Raises
    ------
    SeriesError
        When columns, units or steps differ, or when two files say different things about an hour.
    """
    first = parts[0]
    for part in parts[1:]:
        if (part.names, part.units) != (first.names, first.units):
            raise SeriesError(
                f"{part.shown} has {_titles(part)}, {first.shown} has {_titles(first)}.",
                "Files that are joined have the same columns and units.",
                "Import them one by one.",
            )
        if part.step != first.step and len(part.stamps) > 1:
            raise SeriesError(
                f"{part.shown} has a value every {part.step / _MINUTE:g} min, "
                f"{first.shown} every {first.step / _MINUTE:g} min.",
                "Files that are joined have the same step.",
                "Import them one by one.",
            )
    stamps, table = np.concatenate([p.stamps for p in parts]), np.concatenate([p.values for p in parts])
    order = np.argsort(stamps, kind="stable")
    stamps, table = stamps[order], table[order]
    twice = np.flatnonzero(np.diff(stamps) == np.timedelta64(0, "m"))
    differs = [at for at in twice if not np.array_equal(table[at], table[at + 1], equal_nan=True)]
    if differs:
        raise SeriesError(
            f"Two files say different things about {_text(stamps[differs[0]])} UTC, and {len(differs) - 1} hours more.",
            "Each hour may have one value.",
            "Leave one of the files out.",
        )
    kept = np.ones(len(stamps), bool)
    kept[twice + 1] = False
    remarks = [f"{part.shown}: {remark}" for part in parts for remark in part.remarks]
    if len(twice):
        remarks.append(f"{len(twice)} hours stand in two files with the same values.")
    shown = f"{len(parts)} files"
    stamps, table = _regular(stamps[kept], table[kept], None, shown)
    return replace(first, shown=shown, stamps=stamps, values=table, remarks=tuple(remarks))


def _titled(values: Sequence[Value]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(value.name for value in values), tuple(value.unit for value in values)


def _is_within(stamps: Stamps, asked: Asked) -> NDArray[np.bool_]:
    since = stamps.min() if asked.since is None else asked.since
    until = stamps.max() + _MINUTE if asked.until is None else asked.until
    return (stamps >= since) & (stamps < until)


def _in_utc(
    sheet: Sheet, block: Block, asked: Asked, table: Floats
) -> tuple[Stamps, Floats, NDArray[np.int64], list[str]]:
    said = moments(
        [Cell(text, line) for text, line in zip(block.times, block.lines, strict=True)],
        sheet.shown,
        asked.dates or block.dates,
        asked.clock or block.clock,
    )
    stamps, offsets, lines = said.stamps, said.offsets, np.array(block.lines)
    told = []
    if len(stamps) > 1 and (np.diff(stamps) <= np.timedelta64(0, "m")).all():
        stamps, offsets, table, lines = stamps[::-1], offsets[::-1], table[::-1], lines[::-1]
        told.append("The rows ran from the latest to the earliest and were turned round.")
    has_offset = ~np.isnan(offsets)
    clock = asked.clock or block.clock
    if not has_offset.all() and clock.upper() != "UTC":
        skipped = ~has_offset & is_skipped(stamps, clock) & np.isnan(table).all(axis=1)
        if skipped.any():
            told.append(
                f"{_text(stamps[skipped][0])} does not exist in {clock}; its empty row was left out"
                + (f", and {int(skipped.sum()) - 1} like it." if skipped.sum() > 1 else ".")
            )
        kept = ~skipped
        stamps, offsets, table, lines = stamps[kept], offsets[kept], table[kept], lines[kept]
        has_offset = has_offset[kept]
    utc = stamps.copy()
    utc[has_offset] -= offsets[has_offset].astype("timedelta64[m]")
    if not has_offset.all() and clock.upper() != "UTC":
        utc[~has_offset] = to_utc(stamps[~has_offset], clock, sheet.shown)
    if block.rounds_down:
        hours = utc.astype("datetime64[h]").astype("datetime64[m]")
        if (hours != utc).any():
            told.append("Stamps some minutes past the hour were laid onto the hour.")
        utc = hours
    return utc, table, lines, told


def _marks_of_nothing(cells: list[list[Cell]]) -> list[str]:
    marks = Counter(cell.text for column in cells for cell in column if cell.text and is_nothing(cell.text))
    return [f"{count} cells say '{mark}'; they count as missing." for mark, count in sorted(marks.items())]


def _regular(stamps: Stamps, table: Floats, lines: NDArray[np.int64] | None, shown: str) -> tuple[Stamps, Floats]:
    """Lay rows onto a regular grid; a stamp that is absent gets NaN."""
    order = np.argsort(stamps, kind="stable")
    stamps, table = stamps[order], table[order]
    gaps = np.diff(stamps)
    if (gaps == np.timedelta64(0, "m")).any():
        at = int(np.argmax(gaps == np.timedelta64(0, "m"))) + 1
        where = None if lines is None else Place(shown, int(lines[order][at]))
        raise SeriesError(
            f"{_text(stamps[at])} UTC stands twice.",
            "Each hour may have one value.",
            "Remove a row, or say the clock of the file with  --clock .",
            where,
        )
    if len(gaps) == 0:
        return stamps, table
    step = commonest_gap(stamps)
    change = told_change(stamps, step)
    if change:
        raise SeriesError(
            f"{shown}: {change}",
            "A series has one step.",
            "Import the parts one by one, with  --from  and  --to .",
        )
    grid = np.arange(stamps[0], stamps[-1] + step, step)
    laid = np.full((len(grid), table.shape[1]), np.nan)
    laid[((stamps - stamps[0]) // step).astype(np.int64)] = table
    return grid, laid


def _without_empty_ends(stamps: Stamps, table: Floats, shown: str) -> tuple[Stamps, Floats, list[str]]:
    filled = np.flatnonzero(~np.isnan(table).all(axis=1))
    if len(filled) == 0:
        raise SeriesError(f"{shown}: no cell holds a value.")
    first, last = int(filled[0]), int(filled[-1])
    told = []
    if first:
        told.append(f"{first} steps before {_text(stamps[first])} UTC hold nothing and were left out.")
    if last < len(stamps) - 1:
        told.append(f"{len(stamps) - 1 - last} steps after {_text(stamps[last])} UTC hold nothing and were left out.")
    return stamps[first : last + 1], table[first : last + 1], told


def _titles(part: Imported) -> str:
    return ", ".join(f"{name} [{unit}]" for name, unit in zip(part.names, part.units, strict=True))


def _text(stamp: np.datetime64) -> str:
    return str(stamp).replace("T", " ")
