"""Values with time stamps, brought onto a horizon; what does not fit is told by its time stamp."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from energysim.errors import SeriesError
from energysim.readers.step import commonest_gap, told_change
from energysim.scenario.horizon import Horizon

Floats = NDArray[np.float64]
Stamps = NDArray[np.datetime64]

_MINUTE = np.timedelta64(1, "m")
_OF_CLOCKS = np.timedelta64(180, "m")
"""How far a horizon may reach beyond a file that is filled: a year in local time ends an hour or two before UTC."""


@dataclass(frozen=True)
class Stamped:
    """A column of a file with UTC time stamps, as it was written."""

    file: str
    column: str
    stamps: Stamps
    """UTC, to the minute. (value,)"""
    values: Floats
    """NaN where a cell was empty. (value,)"""
    is_local: bool = False
    """Whether the stamps were local wall time."""


@dataclass(frozen=True)
class Filling:
    """What a scenario allows to be done to a series."""

    fill: Literal["linear", "previous"] | None = None
    take_year: int | None = None
    """Calendar year of the file that is laid onto the horizon's year."""


def onto_horizon(series: Stamped, horizon: Horizon, filling: Filling) -> Floats:
    """Give one value per step.

    Finer series are averaged over a step. Coarser ones, and gaps, need ``fill``.

    Raises
    ------
    SeriesError
        For stamps that repeat, go back or are missing, for a step that changes within the horizon, and for a horizon
        that is not covered.
    """
    _refuse_disorder(series)
    stamps = series.stamps if filling.take_year is None else _moved_to(series, horizon, filling.take_year)
    step = np.timedelta64(round(horizon.step * 60.0), "m")
    spacing = _spacing(series, stamps, horizon)
    grid = min(spacing, step)
    _refuse_change(series, _within(stamps, horizon), grid, spacing, filling)
    wanted = np.arange(horizon.start, horizon.end, grid)
    values = _on_grid(series, stamps, wanted, filling, spacing)
    parts = int(step / grid)
    if step % grid != np.timedelta64(0, "m"):
        raise SeriesError(
            f"{series.file}: '{series.column}' has a value every {spacing / _MINUTE:g} min.",
            f"That does not divide the step of {step / _MINUTE:g} min.",
        )
    return values.reshape(-1, parts).mean(axis=1)


def _refuse_disorder(series: Stamped) -> None:
    if len(series.stamps) == 0:
        raise SeriesError(f"{series.file}: '{series.column}' has no values.")
    gaps = np.diff(series.stamps)
    if (gaps == np.timedelta64(0, "m")).any():
        twice = series.stamps[1:][gaps == np.timedelta64(0, "m")]
        hint = "If the file is in local time, say so with  clock: Europe/Stockholm." if _is_autumn(twice[0]) else ""
        raise SeriesError(
            f"{series.file}: {len(twice)} time stamps stand twice, the first {_text(twice[0])} UTC.",
            "Each hour may have one value.",
            hint or "Remove one of the two rows.",
        )
    if (gaps < np.timedelta64(0, "m")).any():
        first = series.stamps[1:][gaps < np.timedelta64(0, "m")][0]
        raise SeriesError(
            f"{series.file}: the time stamps go back at {_text(first)} UTC.", "They must rise.", "Sort the rows."
        )


def _within(stamps: Stamps, horizon: Horizon) -> Stamps:
    return stamps[(stamps >= horizon.start) & (stamps < horizon.end)]


def _spacing(series: Stamped, stamps: Stamps, horizon: Horizon) -> np.timedelta64:
    """Find the file's step in the hours that are wanted: elsewhere it may have another."""
    within = _within(stamps, horizon)
    return commonest_gap(within if len(within) > 1 else series.stamps)


def _refuse_change(
    series: Stamped, within: Stamps, grid: np.timedelta64, spacing: np.timedelta64, filling: Filling
) -> None:
    """Refuse stamps between those of the grid, whose values would be lost; and a coarser stretch that is not filled."""
    change = told_change(within, spacing, grid, may_be_coarser=filling.fill is not None)
    if change:
        raise SeriesError(
            f"{series.file}: {change}",
            "Within the horizon a series has one step.",
            "Choose a horizon on one side of the change, or give the file one step throughout.",
        )


def _moved_to(series: Stamped, horizon: Horizon, year: int) -> Stamps:
    """Lay one calendar year of the file onto the horizon's year, date by date."""
    target = horizon.years()
    if len(target) != 1:
        raise SeriesError("take_year needs a horizon within one calendar year.", f"This one touches {target}.")
    here, there = np.datetime64(f"{target[0]}-01-01", "m"), np.datetime64(f"{year}-01-01", "m")
    has_leap_day = [_is_leap(target[0]), _is_leap(year)]
    if has_leap_day == [True, False]:
        raise SeriesError(
            f"{series.file}: {year} has no 29 February, {target[0]} has one.",
            "",
            "Take a leap year's series, or model a year of 365 days.",
        )
    moved = series.stamps + (here - there)
    if has_leap_day == [False, True]:
        leap_day = np.datetime64(f"{year}-02-29", "D")
        days = series.stamps.astype("datetime64[D]")
        moved = np.where(days > leap_day, moved - np.timedelta64(1, "D"), moved)
        moved = np.where(days == leap_day, np.datetime64("NaT"), moved)
    return moved


def _on_grid(series: Stamped, stamps: Stamps, wanted: Stamps, filling: Filling, spacing: np.timedelta64) -> Floats:
    kept = ~np.isnat(stamps)
    stamps, given = stamps[kept], series.values[kept]
    values = np.full(len(wanted), np.nan)
    place = np.searchsorted(stamps, wanted)
    hit = (place < len(stamps)) & (stamps[np.minimum(place, len(stamps) - 1)] == wanted)
    values[hit] = given[place[hit]]
    missing = np.isnan(values)
    if not missing.any():
        return values
    is_known = ~np.isnan(given)
    stamps, given = stamps[is_known], given[is_known]
    is_covered = _is_covered(stamps, wanted, spacing)
    if filling.fill is None or not is_covered:
        raise _gap(series, stamps, wanted, missing, spacing, is_covered)
    # All the file knows counts, also what stands before the horizon and after it.
    if filling.fill == "linear":
        minutes = stamps.astype("datetime64[m]").astype(float)
        values[missing] = np.interp(wanted[missing].astype("datetime64[m]").astype(float), minutes, given)
    else:
        last = np.searchsorted(stamps, wanted[missing], side="right") - 1
        values[missing] = given[np.maximum(last, 0)]
    return values


def _is_covered(stamps: Stamps, wanted: Stamps, spacing: np.timedelta64) -> bool:
    """Whether a file reaches over the horizon, so that filling its gaps invents nothing before it or after it.

    A value holds until the next is due; it may also stand in the middle of the time it is for.
    """
    if len(stamps) == 0:
        return False
    reaches_back = wanted[0] >= stamps[0] - max(spacing // 2, _OF_CLOCKS)
    return bool(reaches_back and wanted[-1] < stamps[-1] + max(spacing, _OF_CLOCKS + _MINUTE))


def _gap(
    series: Stamped,
    stamps: Stamps,
    wanted: Stamps,
    missing: NDArray[np.bool_],
    spacing: np.timedelta64,
    is_covered: bool,
) -> SeriesError:
    """Say what is missing, and what it looks like."""
    count, first = int(missing.sum()), wanted[np.argmax(missing)]
    span = f"{_text(stamps[0])} to {_text(stamps[-1])} UTC" if len(stamps) else "nothing"
    has = f"{series.file}: '{series.column}' has {len(series.values)} values from {span}"
    found = f"{has}; {count} of the {len(wanted)} needed are missing, the first {_text(first)} UTC."
    if not is_covered:
        way_out = "Choose a horizon the file covers, or lay one of its years onto it with  take_year: 2023."
    elif not series.is_local and _is_spring(first):
        way_out = (
            "That is the clock change in spring. If the file is in local time, say so with  clock: Europe/Stockholm."
        )
    elif np.diff(wanted[:2]).size and spacing > np.diff(wanted[:2])[0]:
        way_out = "The file is coarser than the steps; allow it with  fill: previous."
    else:
        way_out = "Mend the file, or allow it with  fill: linear  or  fill: previous."
    return SeriesError(found, "", way_out)


def _text(stamp: np.datetime64) -> str:
    return str(stamp.astype("datetime64[m]")).replace("T", " ")


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _is_spring(stamp: np.datetime64) -> bool:
    return _is_last_sunday(stamp, 3)


def _is_autumn(stamp: np.datetime64) -> bool:
    return _is_last_sunday(stamp, 10)


def _is_last_sunday(stamp: np.datetime64, month: int) -> bool:
    day = stamp.astype("datetime64[D]")
    number = int(day.astype("datetime64[M]").astype(int)) % 12 + 1
    is_sunday = (int(day.astype(int)) + 3) % 7 == 6
    return number == month and is_sunday and (day + 7).astype("datetime64[M]") != day.astype("datetime64[M]")
