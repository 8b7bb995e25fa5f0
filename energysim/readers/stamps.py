"""Time stamps as other people write them, to minutes since 1970."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from energysim.errors import Place, SeriesError
from energysim.moments import YEARS
from energysim.readers.cells import Cell

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
_TIGHT = re.compile(
    r"(?P<start>.*?(?P<from>\d\d?:\d\d)(?::\d\d(?:\.\d+)?)?)\s*[-–]\s*(?P<to>\d\d?:\d\d)(?::\d\d(?:\.\d+)?)?"
)
"""A range without blanks, which may as well be a moment with its offset."""
_DAY = 1440
_SUMMER = {"CET": 60, "CEST": 120, "UTC": 0}
_MARK = re.compile(r"\s*\((CET|CEST|UTC)\)")


@dataclass(frozen=True)
class Moments:
    """What the stamps of a file say."""

    stamps: NDArray[np.datetime64]
    """As shown by the file's clock, to the minute. (row,)"""
    offsets: NDArray[np.float64]
    """Minutes ahead of UTC where a stamp says so itself, NaN where not. (row,)"""


def moments(cells: list[Cell], shown: str, dates: Dates | None, clock: str) -> Moments:
    """Read time stamps; of a range such as ``01.01.2023 00:00 - 01:00`` the start counts.

    Without blanks, ``00:00-01:00`` is a range where all rows together show it, else a moment with its offset.

    Parameters
    ----------
    cells : list of Cell
        Stamps with their lines.
    shown : str
        How messages name the file.
    dates : ``day_first``, ``month_first`` or None
        How ``01/02/2023`` is meant; found out where absent.
    clock : str
        What stamps without an offset show; empty where nobody has said it.

    Raises
    ------
    SeriesError
        For what is no stamp, for dates and ranges that could be meant both ways, and for a clock that is not known.
    """
    are_ranges = _are_ranges(cells, shown)
    matches = [_matched(cell, shown, are_ranges) for cell in cells]
    order = dates or _order([match for match, _ in matches], cells, shown)
    stamps, offsets = [], []
    for cell, (match, mark) in zip(cells, matches, strict=True):
        stamps.append(_stamp(match, order, cell, shown))
        offsets.append(_offset(match, mark))
        if not clock and np.isnan(offsets[-1]):
            # A clock that is guessed wrong moves everything by an hour or more.
            raise SeriesError(
                f"'{cell.text}' has no offset, so it is not known what clock it shows.",
                "",
                "Say  --clock UTC , or a zone such as  --clock Europe/Stockholm.",
                Place(shown, cell.line),
            )
    return Moments(np.array(stamps, "datetime64[m]"), np.array(offsets, float))


def _are_ranges(cells: list[Cell], shown: str) -> bool:
    """Whether ``00:00-01:00`` says from when until when: ranges are equally long, offsets stay as they are."""
    pairs = [(cell, m) for cell in cells if (m := _TIGHT.fullmatch(cell.text)) and _ISO.fullmatch(cell.text)]
    if not pairs:
        return False
    ends = {m["to"] for _, m in pairs}
    lengths = Counter((_minutes(m["to"]) - _minutes(m["from"])) % _DAY for _, m in pairs)
    length, count = lengths.most_common(1)[0]
    if len(ends) > 1 and (len(lengths) == 1 or (len(ends) > 2 and count > len(pairs) / 2)):
        return True
    # A zone has one offset, or two with summer time; both come back row after row.
    is_offset = len(ends) < len(pairs) if len(ends) == 2 else len(ends) == 1 and (len(lengths) > 1 or length > 60)
    if is_offset:
        return False
    cell, found = pairs[0]
    raise SeriesError(
        f"'{cell.text}' could be a range of time or a moment with its offset from UTC.",
        "",
        f"Write  {found['from']} - {found['to']}  for a range,  {found['from']}-{found['to'].replace(':', '')}  "
        "for an offset.",
        Place(shown, cell.line),
    )


def _minutes(clock: str) -> int:
    hour, _, minute = clock.partition(":")
    return 60 * int(hour) + int(minute)


def _matched(cell: Cell, shown: str, are_ranges: bool) -> tuple[re.Match[str], str]:
    start = re.split(r"\s+[-–]\s+", cell.text, maxsplit=1)[0]
    mark = _MARK.search(start)
    text = _MARK.sub("", start).strip()
    if (tight := _TIGHT.fullmatch(text)) and (are_ranges or not _ISO.fullmatch(text)):
        text = tight["start"]
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
