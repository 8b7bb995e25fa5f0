"""Local wall clocks and UTC: the two odd days of the year, in one place."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from energysim.errors import SeriesError
from energysim.moments import YEARS, zone

Stamps = NDArray[np.datetime64]
Offsets = NDArray[np.timedelta64]

_DAY = np.timedelta64(1, "D")


def to_utc(stamps: Stamps, clock: str, shown: str) -> Stamps:
    """Bring local wall time to UTC; in the doubled autumn hour the first of two rows is summer time.

    Parameters
    ----------
    stamps : ndarray (stamp,)
        What the clock showed, in the order of the file.
    clock : str
        Zone, such as Europe/Stockholm.
    shown : str
        How messages name the file.

    Returns
    -------
    utc : ndarray (stamp,)

    Raises
    ------
    SeriesError
        For a zone that is none, and for an hour that the clock jumps over in spring.
    """
    before, after = _offsets_around(stamps, clock)
    is_impossible = before < after
    if is_impossible.any():
        first = str(stamps[np.argmax(is_impossible)]).replace("T", " ")
        raise SeriesError(
            f"{shown}: {first} does not exist in {clock}: the clock jumps over it in spring.",
            "",
            "If the file is in UTC or in normal time all year, say so with  clock: UTC  or  clock: Etc/GMT-1.",
        )
    is_doubled = before != after
    first_seen = np.zeros(len(stamps), bool)
    doubled = np.flatnonzero(is_doubled)
    _, first_of_each = np.unique(stamps[doubled], return_index=True)
    first_seen[doubled[first_of_each]] = True
    return stamps - np.where(~is_doubled | first_seen, before, after)


def is_strange_year(stamps: Stamps) -> NDArray[np.bool_]:
    """Tell which stamps lie in no year of a scenario, such as 20300-01-01. (stamp,)"""
    years = stamps.astype("datetime64[Y]").astype(np.int64) + 1970
    return (years < YEARS[0]) | (years > YEARS[-1])


def is_skipped(stamps: Stamps, clock: str) -> NDArray[np.bool_]:
    """Tell which stamps the clock jumps over in spring. (stamp,)"""
    before, after = _offsets_around(stamps, clock)
    return before < after


def _offsets_around(stamps: Stamps, clock: str) -> tuple[Offsets, Offsets]:
    """Offsets that hold on either side of each stamp; they differ only around a change of the clock."""
    try:
        where = zone(clock)
    except ValueError as error:
        raise SeriesError(f"clock {error}") from None
    changes, offsets = offsets_of_zone(stamps.min() - _DAY, stamps.max() + _DAY, where)
    # A stamp may belong to either side of a change; take the offset that maps back onto itself, the earlier first.
    before = offsets[np.maximum(np.searchsorted(changes, stamps - offsets.max(), side="right") - 1, 0)]
    after = offsets[np.maximum(np.searchsorted(changes, stamps - offsets.min(), side="right") - 1, 0)]
    return before, after


@lru_cache(maxsize=64)
def offsets_of_zone(
    start: np.datetime64, end: np.datetime64, zone: ZoneInfo
) -> tuple[NDArray[np.datetime64], NDArray[np.timedelta64]]:
    """Find when a zone's clocks change; asks the zone every ten days, not every hour.

    Returns
    -------
    moments : ndarray (change,)
        UTC from which each offset holds, the first at ``start``.
    offsets : ndarray (change,)
        Local wall time less UTC.
    """
    first = datetime.fromisoformat(str(start.astype("datetime64[m]"))).replace(tzinfo=UTC)
    last = datetime.fromisoformat(str(end.astype("datetime64[m]"))).replace(tzinfo=UTC)
    moment, kept = first, [(first, _offset(first, zone))]
    while moment < last:
        ahead = moment + timedelta(days=10)
        if _offset(ahead, zone) != kept[-1][1]:
            ahead = _change_between(moment, ahead, zone)
            kept.append((ahead, _offset(ahead, zone)))
        moment = ahead
    moments = np.array([moment.replace(tzinfo=None) for moment, _ in kept], "datetime64[m]")
    return moments, np.array([offset for _, offset in kept], "timedelta64[m]")


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Find by halving when the offset changes; clocks change on a quarter of an hour."""
    quarter = timedelta(minutes=15)
    low, high = 0, (after - before) // quarter
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(before + middle * quarter, zone) == _offset(before, zone):
            low = middle
        else:
            high = middle
    return before + high * quarter


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()
