"""Time stamps as other people write them, to minutes since 1970."""

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from energysim.errors import Place, SeriesError
from energysim.readers.cells import Cell
from energysim.readers.clock import YEARS

Dates = Literal["day_first", "month_first"]

_ISO = re.compile(
    r"(?P<year>\d{4})[-/.](?P<month>\d\d?)[-/.](?P<day>\d\d?)"
    r"(?:[T ]+(?P<hour>\d\d?):(?P<minute>\d\d)(?::\d\d(?:\.\d+)?)?)?"
    r"\s*(?P<offset>Z|[+-]\d\d:?\d\d)?"
)
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)[:T](?P<hour>\d\d)(?P<minute>\d\d)(?P<offset>Z)?")
_DAYS = re.compile(
    r"(?P<one>\d\d?)(?P<mark>[-/.])(?P<two>\d\d?)[-/.](?P<year>\d{4})"
    r"(?:[T ]+(?P<hour>\d\d?):(?P<minute>\d\d)(?::\d\d)?)?(?P<offset>)"
)
_SUMMER = {"CET": 60, "CEST": 120, "UTC": 0}
_MARK = re.compile(r"\s*\((CET|CEST|UTC)\)")


@dataclass(frozen=True)
class Moments:
    """What the stamps of a file say."""

    stamps: NDArray[np.datetime64]
    """As shown by the file's clock, to the minute. (row,)"""
    offsets: NDArray[np.float64]
    """Minutes ahead of UTC where a stamp says so itself, NaN where not. (row,)"""


def moments(cells: list[Cell], shown: str, dates: Dates | None) -> Moments:
    """Read time stamps; of a range such as ``01.01.2023 00:00 - 01:00`` the start counts.

    Parameters
    ----------
    cells : list of Cell
        Stamps with their lines.
    shown : str
        How messages name the file.
    dates : ``day_first``, ``month_first`` or None
        How ``01/02/2023`` is meant; found out where absent.

    Raises
    ------
    SeriesError
        For what is no stamp, and for dates that could be meant both ways.
    """
    matches = [_matched(cell, shown) for cell in cells]
    order = dates or _order([match for match, _ in matches], cells, shown)
    stamps, offsets = [], []
    for cell, (match, mark) in zip(cells, matches, strict=True):
        stamps.append(_stamp(match, order, cell, shown))
        offsets.append(_offset(match, mark))
    return Moments(np.array(stamps, "datetime64[m]"), np.array(offsets, float))


def _matched(cell: Cell, shown: str) -> tuple[re.Match[str], str]:
    start = re.split(r"\s+[-–]\s+", cell.text, maxsplit=1)[0]
    mark = _MARK.search(start)
    text = _MARK.sub("", start).strip()
    for pattern in (_ISO, _DAYS, _COMPACT):
        if match := pattern.fullmatch(text):
            return match, mark[1] if mark else ""
    raise SeriesError(
        f"'{cell.text}' is no time stamp.",
        "Stamps look like 2030-01-31 06:00, 31.01.2030 06:00 or 20300131:0600.",
        where=Place(shown, cell.line),
    )


def _order(matches: list[re.Match[str]], cells: list[Cell], shown: str) -> Dates:
    """Find whether the day or the month comes first; dots always part day, month, year."""
    pairs = [(int(m["one"]), int(m["two"])) for m in matches if m.re is _DAYS and m["mark"] != "."]
    if not pairs or any(one > 12 for one, _ in pairs):
        return "day_first"
    if any(two > 12 for _, two in pairs):
        return "month_first"
    raise SeriesError(
        f"'{cells[0].text}' could be meant day first or month first.",
        "",
        "Say which with  --dates day_first  or  --dates month_first",
        Place(shown, cells[0].line),
    )


def _stamp(match: re.Match[str], order: Dates, cell: Cell, shown: str) -> np.datetime64:
    if match.re is _DAYS:
        is_day_first = order == "day_first" or match["mark"] == "."
        day, month = (match["one"], match["two"]) if is_day_first else (match["two"], match["one"])
    else:
        day, month = match["day"], match["month"]
    hour, minute = int(match["hour"] or 0), int(match["minute"] or 0)
    date: np.datetime64
    try:
        date = np.datetime64(f"{match['year']}-{int(month):02d}-{int(day):02d}", "m")
    except ValueError:
        date = np.datetime64("NaT", "m")
    if int(match["year"]) not in YEARS:
        needed = f"Time stamps lie in the years {YEARS[0]} to {YEARS[-1]}."
        raise SeriesError(f"'{cell.text}' lies in no year of a scenario.", needed, where=Place(shown, cell.line))
    if np.isnat(date) or hour > 24 or minute > 59 or (hour == 24 and minute):
        hint = "The day seems to come first: say  --dates day_first ." if order == "month_first" else ""
        raise SeriesError(f"'{cell.text}' is no moment of any calendar.", "", hint, Place(shown, cell.line))
    return date + np.timedelta64(60 * hour + minute, "m")


def _offset(match: re.Match[str], mark: str) -> float:
    if mark:
        return float(_SUMMER[mark])
    written = match["offset"]
    if not written:
        return np.nan
    if written == "Z":
        return 0.0
    sign = -1.0 if written[0] == "-" else 1.0
    digits = written[1:].replace(":", "")
    return sign * (60.0 * int(digits[:2]) + int(digits[2:]))
