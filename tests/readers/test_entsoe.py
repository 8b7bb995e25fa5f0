"""ENTSO-E files, old and new, with their odd days."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from energysim.readers.formats import import_files
from energysim.readers.imported import Asked, Imported
from tests.readers.conftest import Reader, utc

OLD = '"MTU (CET/CEST)","Day-ahead Price [EUR/MWh]","Currency","BZN|SE1"\n'
NEW = '"MTU (CET/CEST)","Area","Sequence","Day-ahead Price (EUR/MWh)","Intraday Price (EUR/MWh)"\n'


def hour(day: str, start: int, price: str) -> str:
    return f'"{day} {start:02d}:00 - {day} {(start + 1) % 24:02d}:00","{price}","EUR"\n'


def test_spring_has_an_empty_row_for_an_hour_that_is_none(reading: Reader) -> None:
    """01:00 is 00:00 UTC and 03:00 is 01:00 UTC: nothing is missing between them."""
    rows = [hour("26.03.2023", n, price) for n, price in ((1, "10.5"), (2, ""), (3, "12.5"))]
    series = reading("entsoe", OLD + "".join(rows))

    assert series.names == ("Day-ahead Price SE1",)
    assert series.units == ("EUR/MWh",)
    assert series.stamps.tolist() == [utc("2023-03-26T00:00").item(), utc("2023-03-26T01:00").item()]
    assert series.values[:, 0].tolist() == [10.5, 12.5]
    assert series.remarks == ("2023-03-26 02:00 does not exist in Europe/Brussels; its empty row was left out.",)


def test_a_price_in_the_hour_that_is_none_is_refused(told: Callable[..., str]) -> None:
    message = told("entsoe", OLD + hour("26.03.2023", 1, "10.5") + hour("26.03.2023", 2, "11.5"))

    assert message.startswith("file.csv: 2023-03-26 02:00 does not exist in Europe/Brussels: the clock jumps over it")


def test_autumn_has_an_hour_twice(reading: Reader) -> None:
    """29 October 2023 02:00 stands for 00:00 UTC first and for 01:00 UTC then."""
    rows = [hour("29.10.2023", n, str(price)) for n, price in ((1, 1.5), (2, 2.5), (2, 3.5), (3, 4.5))]
    series = reading("entsoe", OLD + "".join(rows))

    assert series.stamps[0] == utc("2023-10-28T23:00")
    assert series.values[:, 0].tolist() == [1.5, 2.5, 3.5, 4.5]


def test_a_missing_autumn_hour_is_a_gap_and_not_filled(reading: Reader) -> None:
    rows = [hour("29.10.2023", n, str(price)) for n, price in ((1, 1.5), (2, 2.5), (3, 4.5))]
    series = reading("entsoe", OLD + "".join(rows))

    assert np.isnan(series.values[2, 0])
    assert series.gaps(0) == [(utc("2023-10-29T01:00"), 1)]


def test_not_yet_published_hours_are_told(reading: Reader) -> None:
    rows = [hour("01.01.2024", n, price) for n, price in ((0, "29.5"), (1, "n/e"), (2, "28.5"), (3, "n/e"), (4, "n/e"))]
    series = reading("entsoe", OLD + "".join(rows))

    assert series.gaps(0) == [(utc("2024-01-01T00:00"), 1)]
    assert series.remarks == (
        "3 cells say 'n/e'; they count as missing.",
        "2 steps after 2024-01-01 01:00 UTC hold nothing and were left out.",
    )


def test_mixed_currencies_are_refused(told: Callable[..., str]) -> None:
    text = OLD + hour("01.01.2023", 0, "2.5") + hour("01.01.2023", 1, "30.5").replace("EUR", "SEK")

    assert told("entsoe", text) == (
        "file.csv:3: The currency is SEK, the heading says EUR. A column has one unit. "
        "Export the file again in one currency."
    )


def test_columns_are_found_by_heading_wherever_they_stand(reading: Reader) -> None:
    text = '"Day-ahead Price [EUR/MWh]","MTU (UTC)","BZN|SE1"\n"2.5","01.01.2023 00:00 - 01.01.2023 01:00",""\n'
    series = reading("entsoe", text)

    assert (series.stamps[0], series.values[0, 0]) == (utc("2023-01-01T00:00"), 2.5)


def test_areas_listed_below_each_other_become_columns(reading: Reader) -> None:
    """The new layout: slashes, seconds, areas in rows, an intraday column that is empty; the autumn hour twice."""
    rows = [
        f'"26/10/2025 {start}:00 (CE{mark}T) - 26/10/2025 {start}:30","BZN|{area}","Without Sequence","{price}",""\n'
        for area, prices in (("SE1", (1.5, 2.5, 3.5)), ("SE2", (4.5, 5.5, 6.5)))
        for (start, mark), price in zip((("01:00", "S"), ("02:00", "S"), ("02:00", "")), prices, strict=True)
    ]
    series = reading("entsoe", NEW + "".join(rows))

    assert series.names == (
        "Day-ahead Price SE1 Without Sequence",
        "Day-ahead Price SE2 Without Sequence",
    )
    assert series.values.tolist() == [[1.5, 4.5], [2.5, 5.5], [3.5, 6.5]]
    assert series.stamps[-1] == utc("2025-10-26T01:00")
    assert "2 columns hold nothing and were left out" in series.remarks[0]


def test_a_change_from_hours_to_quarters_is_told_by_its_moment(told: Callable[..., str]) -> None:
    stamps = [f"30/09/2025 {hour:02d}:00" for hour in range(10, 24)]
    stamps += [f"01/10/2025 {hour:02d}:{m}" for hour in range(4) for m in ("00", "15", "30", "45")]
    rows = [f'"{stamp}:00 - x","BZN|SE1","Without Sequence","2.5",""\n' for stamp in stamps]

    assert told("entsoe", NEW + "".join(rows)) == (
        "file.csv: values come every 15 min, but 60 min apart after 2025-09-30 08:00 UTC. A series has one step. "
        "Import the parts one by one, with  --from  and  --to ."
    )


def test_load_and_its_forecast(reading: Reader) -> None:
    text = (
        '"Time (UTC)","Day-ahead Total Load Forecast [MW] - BZN|SE1","Actual Total Load [MW] - BZN|SE1"\n'
        '"01.01.2023 00:00 - 01.01.2023 01:00","1210","1195"\n"01.01.2023 01:00 - 01.01.2023 02:00","1200","-"\n'
    )
    series = reading("entsoe", text)

    assert series.names == ("Day-ahead Total Load Forecast SE1", "Actual Total Load SE1")
    assert series.units == ("MW", "MW")
    assert series.gaps(1) == [(utc("2023-01-01T01:00"), 1)]


def test_generation_by_type_says_its_clock_behind_the_stamps(reading: Reader) -> None:
    text = (
        '"Area","MTU","Biomass  - Actual Aggregated [MW]","Hydro Water Reservoir  - Actual Aggregated [MW]"\n'
        '"BZN|SE1","01.01.2023 00:00 - 01.01.2023 01:00 (UTC)","n/e","2210"\n'
        '"BZN|SE1","01.01.2023 01:00 - 01.01.2023 02:00 (UTC)","n/e","2305"\n'
    )
    series = reading("entsoe", text)

    assert series.stamps[0] == utc("2023-01-01T00:00")
    assert series.values.tolist() == [[2210.0], [2305.0]]
    assert series.names == ("Hydro Water Reservoir - Actual Aggregated SE1",)


def test_years_are_joined_and_must_agree(tmp_path: Path) -> None:
    """A file of a local year starts an hour before the UTC year; the next file brings its last hour."""

    def file(name: str, *rows: str) -> Path:
        (tmp_path / name).write_text(OLD + "".join(rows), encoding="utf8")
        return tmp_path / name

    def both(*paths: Path) -> Imported:
        return import_files("entsoe", paths, Asked())

    first = file("a.csv", hour("31.12.2022", 22, "1.5"), hour("31.12.2022", 23, "2.5"))
    second = file("b.csv", hour("31.12.2022", 23, "2.5"), *(hour("01.01.2023", n, "4.5") for n in (1, 2, 3)))
    series = both(second, first)

    assert series.values[:, 0].tolist()[:2] == [1.5, 2.5]
    assert series.gaps(0) == [(utc("2022-12-31T23:00"), 1)]
    assert "1 hours stand in two files with the same values." in series.remarks


def test_a_file_of_another_kind_says_what_is_needed(told: Callable[..., str]) -> None:
    assert told("entsoe", "date;load\n2023-01-01;5\n") == (
        "file.csv: no row has the headings of this format. Needed: a column MTU or Time; the first row is: date, load. "
        "Any other table is read by  energysim import table ."
    )
