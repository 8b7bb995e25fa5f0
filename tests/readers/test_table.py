"""Any other table: what the user says, and what must be said."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from energysim.readers.formats import import_files
from energysim.readers.imported import Asked
from tests.readers.conftest import Reader, utc

PLAIN = "time,load [MW]\n2023-01-01 00:00,5\n2023-01-01 01:00,6\n"


def _hours(*stamps: str) -> str:
    return "time,load [MW]\n" + "".join(f"{stamp},{n}\n" for n, stamp in enumerate(stamps))


@pytest.mark.parametrize(
    ("stamps", "line"),
    [
        (("2023-01-01 00:00", "2023-01-01 01:00"), 2),
        (("2023-01-01", "2023-01-02"), 2),
        (("2023-01-01 00:00Z", "2023-01-01 01:00"), 3),
        (("2023-01-01 00:00-01:00", "2023-01-01 01:00-02:00"), 2),
    ],
)
def test_the_clock_must_be_said(told: Callable[..., str], stamps: tuple[str, ...], line: int) -> None:
    """Of every stamp: the dash of a date or of a range is no offset, and one row says nothing of the next."""
    assert told("table", _hours(*stamps)) == (
        f"file.csv:{line}: '{stamps[line - 2]}' has no offset, so it is not known what clock it shows. "
        "Say  --clock UTC , or a zone such as  --clock Europe/Stockholm."
    )


@pytest.mark.parametrize(
    "shape",
    [
        "2023-01-01 {0:02d}:00-{1:02d}:00",
        "2023-01-01 {0:02d}:00 -{1:02d}:00",
        "2023-01-01 {0:02d}:00–{1:02d}:00",
        "2023-01-01 {0:02d}:00:00-{1:02d}:00:00",
        "01.01.2023 {0:02d}:00-{1:02d}:00",
    ],
)
def test_ranges_without_blanks(reading: Reader, shape: str) -> None:
    """Read as offsets, 00:00-01:00 and 01:00-02:00 would be 01:00 and 03:00 UTC."""
    series = reading("table", _hours(*(shape.format(hour, hour + 1) for hour in range(24))), clock="UTC")

    assert series.stamps.tolist() == [utc(f"2023-01-01T{hour:02d}:00").item() for hour in range(24)]


def test_a_range_over_the_hour_that_summer_time_skips(reading: Reader) -> None:
    stamps = ["00:00-01:00", "01:00-03:00", "03:00-04:00", "04:00-05:00"]
    series = reading("table", _hours(*(f"2023-03-26 {stamp}" for stamp in stamps)), clock="Europe/Stockholm")

    assert series.stamps[0] == utc("2023-03-25T23:00")
    assert series.values[:, 0].tolist() == [0.0, 1.0, 2.0, 3.0]


def test_offsets_behind_utc_stay_offsets(reading: Reader) -> None:
    """New York in November: the hour from 1 to 2 comes twice."""
    stamps = ["00:00-04:00", "01:00-04:00", "01:00-05:00", "02:00-05:00"]
    series = reading("table", _hours(*(f"2023-11-05 {stamp}" for stamp in stamps)))

    assert series.stamps.tolist() == [utc(f"2023-11-05T{hour:02d}:00").item() for hour in (4, 5, 6, 7)]


@pytest.mark.parametrize(
    "stamps",
    [("2023-01-01 00:00-01:00",), ("2023-01-01 00:00-01:00", "2023-01-02 00:00-01:00")],
)
def test_what_could_be_a_range_or_an_offset_is_refused(told: Callable[..., str], stamps: tuple[str, ...]) -> None:
    assert told("table", _hours(*stamps), clock="UTC") == (
        "file.csv:2: '2023-01-01 00:00-01:00' could be a range of time or a moment with its offset from UTC. "
        "Write  00:00 - 01:00  for a range,  00:00-0100  for an offset."
    )


def test_swapped_columns_two_heading_rows_and_decimal_commas(reading: Reader) -> None:
    """The time stands last, groups are named once above their columns, units stand in the second row."""
    text = "\ufeffHeat;;Power;\nload [MW];return [°C];bought [MW];time\n1.250,5;45,25;0,5;01.01.2023 00:00\n"
    series = reading("table", text + "1.251,5;45,5;0,75;01.01.2023 01:00\n", clock="UTC", time="time", heading_rows=2)

    assert series.names == ("Heat load", "Heat return", "Power bought")
    assert series.units == ("MW", "degC", "MW")
    assert series.values.tolist() == [[1250.5, 45.25, 0.5], [1251.5, 45.5, 0.75]]


def test_lines_above_the_headings(reading: Reader) -> None:
    series = reading("table", "Export from the control system\n\n" + PLAIN, clock="UTC", headings=3)

    assert series.values[:, 0].tolist() == [5.0, 6.0]


def test_dates_that_could_be_meant_both_ways(reading: Reader, told: Callable[..., str]) -> None:
    text = "time,load [MW]\n01/02/2023 00:00,5\n01/02/2023 01:00,6\n"

    assert told("table", text, clock="UTC") == (
        "file.csv:2: '01/02/2023 00:00' could be meant day first or month first. "
        "Say which with  --dates day_first  or  --dates month_first"
    )
    assert reading("table", text, clock="UTC", dates="day_first").stamps[0] == utc("2023-02-01T00:00")
    assert reading("table", text, clock="UTC", dates="month_first").stamps[0] == utc("2023-01-02T00:00")


def test_rows_from_the_latest_to_the_earliest(reading: Reader) -> None:
    """Turned round before the clock is applied, or the doubled autumn hour would come out swapped."""
    hours = ["03:00", "02:00", "02:00", "01:00"]
    text = "time,load [MW]\n" + "".join(f"2023-10-29 {hour},{n}\n" for n, hour in enumerate(hours))
    series = reading("table", text, clock="Europe/Stockholm")

    assert series.values[:, 0].tolist() == [3.0, 2.0, 1.0, 0.0]
    assert series.remarks == ("The rows ran from the latest to the earliest and were turned round.",)


def test_units_must_be_known(told: Callable[..., str]) -> None:
    assert told("table", PLAIN.replace("MW", "MWW"), clock="UTC") == (
        "file.csv: 'load [MWW]': The unit 'MWW' is not known. Say it with  --unit ."
    )
    assert told("table", PLAIN.replace(" [MW]", ""), clock="UTC") == (
        "file.csv: the unit of 'load' is not said. Say it with  --unit MW , or choose columns with  --column ."
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (PLAIN + "2023-01-01 01:00,7\n", "file.csv:4: 2023-01-01 01:00 UTC stands twice."),
        (PLAIN + "2023-02-30 01:00,7\n", "file.csv:4: '2023-02-30 01:00' is no moment of any calendar."),
        (PLAIN + "yesterday,7\n", "file.csv:4: 'yesterday' is no time stamp."),
        (PLAIN + "2023-01-01 02:00,7 MW\n", "file.csv:4: '7 MW' in the column 'load' is not a number."),
        ("time,load [MW]\n", "file.csv: there are headings, and no rows below them."),
        ("time,load [MW]\n2023-01-01 00:00,\n", "file.csv: no cell holds a value."),
        ("2023-01-01,5\n2023-01-02,6\n", "file.csv: line 1 holds no headings: 2023-01-01, 5."),
        ("\n\n", "file.csv: the file is empty."),
        ("time,load [MW],load [MW]\n2023-01-01 00:00,5,6\n", "file.csv: 2 columns are called 'load [MW]'."),
        (PLAIN + "2023-01-01 02:00,7,5\n", "file.csv:4: The row has 3 cells, and there are 2 headings. If commas"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(told: Callable[..., str], text: str, message: str) -> None:
    assert told("table", text, clock="UTC").startswith(message)


def test_excel_moments_that_miss_the_hour_by_rounding(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "notes"
    sheet = book.create_sheet("hours")
    for row in (
        ["time", "load [MW]"],
        [datetime(2023, 1, 1, 0, 0), 1.234],
        [datetime(2023, 1, 1, 0, 59, 59, 999000), 2.345],
        [datetime(2023, 1, 1, 2, 0), 3],
    ):
        sheet.append(row)
    book.save(tmp_path / "plant.xlsx")
    series = import_files("table", [tmp_path / "plant.xlsx"], Asked(clock="UTC", page="hours"))

    assert series.values[:, 0].tolist() == [1.234, 2.345, 3.0]
    assert series.step == np.timedelta64(60, "m")


def test_an_option_that_means_nothing_is_refused(told: Callable[..., str]) -> None:
    assert told("entsoe", PLAIN, units=("MW",)) == (
        "--unit means nothing to the format entsoe: the file says that itself."
    )
