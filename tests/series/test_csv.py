"""Series from files: what is read, and the whole message for each way a file can be wrong."""

import gzip
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from energysim.errors import SeriesError, UnitError
from energysim.scenario.horizon import Horizon
from energysim.scenario.series import SeriesSetting, read_series
from energysim.units import Converter, Money

DAY = Horizon(np.datetime64("2030-01-01T00:00", "m"), 1.0, 24)
SPRING = Horizon(np.datetime64("2030-03-30T23:00", "m"), 1.0, 23)
AUTUMN = Horizon(np.datetime64("2030-10-26T22:00", "m"), 1.0, 25)
YEAR = Horizon(np.datetime64("2030-01-01T00:00", "m"), 1.0, 8760)
SPEC = {"csv": "p.csv", "column": "price", "unit": "EUR/MWh", "clock": "UTC"}


def rows(start: str, count: int, step: str = "h", separator: str = ",") -> list[str]:
    stamps = np.datetime64(start, "m") + np.arange(count) * np.timedelta64(1, step)
    return [f"{str(stamp).replace('T', ' ')}{separator}{number}" for number, stamp in enumerate(stamps)]


def quarters(start: str, count: int) -> list[str]:
    stamps = np.datetime64(start, "m") + np.arange(count) * np.timedelta64(15, "m")
    return [f"{str(stamp).replace('T', ' ')},{number}" for number, stamp in enumerate(stamps)]


def read(
    folder: Path, lines: list[str], horizon: Horizon = DAY, header: str = "time,price", **changes: object
) -> np.ndarray:
    (folder / "p.csv").write_text("\n".join([header, *lines]) + "\n", encoding="utf8")
    spec = {key: value for key, value in {**SPEC, **changes}.items() if value is not None}
    return read_series(spec, "money/MWh", setting(folder, horizon))


def setting(folder: Path, horizon: Horizon = DAY) -> SeriesSetting:
    return SeriesSetting(horizon, folder, Converter(Money("SEK", 2025, {"EUR": 10.0})), inputs={})


def message(folder: Path, lines: list[str], *positional: Horizon, **changes: object) -> str:
    with pytest.raises((SeriesError, UnitError)) as caught:
        read(folder, lines, *positional, **changes)
    return str(caught.value)


def test_values_in_the_scenarios_currency(tmp_path: Path) -> None:
    assert read(tmp_path, rows("2030-01-01", 24)).tolist() == [10.0 * hour for hour in range(24)]


def test_a_file_longer_than_the_horizon_is_cut(tmp_path: Path) -> None:
    assert read(tmp_path, rows("2029-12-31", 72))[0] == 240.0


def test_finer_values_are_averaged(tmp_path: Path) -> None:
    lines = [f"{np.datetime64('2030-01-01T00:00', 'm') + 15 * k},{k % 4}".replace("T", " ") for k in range(96)]

    assert read(tmp_path, lines).tolist() == [15.0] * 24


def test_semicolons_and_decimal_commas(tmp_path: Path) -> None:
    lines = [line.replace(",", ";") + ",5" for line in rows("2030-01-01", 24)]

    assert read(tmp_path, lines, header="time;price")[1] == 15.0


def test_a_byte_order_mark_is_no_part_of_the_header(tmp_path: Path) -> None:
    assert len(read(tmp_path, rows("2030-01-01", 24), header="\ufefftime,price")) == 24


def test_stamps_with_offsets_need_no_clock(tmp_path: Path) -> None:
    lines = [line.replace(",", "+01:00,") for line in rows("2030-01-01T01:00", 24)]

    assert read(tmp_path, lines, clock=None).tolist() == [10.0 * hour for hour in range(24)]


def test_a_local_clock_in_spring(tmp_path: Path) -> None:
    """30 March 2030 has 23 hours: 00, 01, 03 ... 23 local, without a gap in UTC."""
    lines = [line for line in rows("2030-03-31T00:00", 24) if " 02:" not in line]

    assert read(tmp_path, lines, SPRING, clock="Europe/Stockholm").tolist()[:4] == [0.0, 10.0, 30.0, 40.0]


def test_a_local_clock_in_autumn(tmp_path: Path) -> None:
    """27 October 2030 has 25 hours; the first of the two rows of 02:00 is summer time."""
    lines = rows("2030-10-27T00:00", 24)
    doubled = [*lines[:3], lines[2].replace(",2", ",99"), *lines[3:]]

    assert read(tmp_path, doubled, AUTUMN, clock="Europe/Stockholm").tolist()[:5] == [0.0, 10.0, 20.0, 990.0, 30.0]


def test_another_year_is_laid_onto_the_horizon(tmp_path: Path) -> None:
    assert read(tmp_path, rows("2023-01-01", 8760), YEAR, take_year=2023)[8759] == 87590.0


def test_a_leap_year_loses_its_leap_day(tmp_path: Path) -> None:
    values = read(tmp_path, rows("2024-01-01", 8784), YEAR, take_year=2024)

    assert values[59 * 24] == 10.0 * 60 * 24


def test_gaps_are_filled_only_on_request(tmp_path: Path) -> None:
    lines = [line for line in rows("2030-01-01", 24) if " 05:" not in line and " 06:" not in line]

    assert read(tmp_path, lines, fill="linear")[4:8].tolist() == [40.0, 50.0, 60.0, 70.0]
    assert read(tmp_path, lines, fill="previous")[4:8].tolist() == [40.0, 40.0, 40.0, 70.0]
    assert message(tmp_path, lines) == (
        "p.csv: 'price' has 22 values from 2030-01-01 00:00 to 2030-01-01 23:00 UTC; 2 of the 24 needed are missing, "
        "the first 2030-01-01 05:00 UTC. Mend the file, or allow it with  fill: linear  or  fill: previous."
    )


def test_8759_values(tmp_path: Path) -> None:
    assert message(tmp_path, rows("2030-01-01", 8759), YEAR) == (
        "p.csv: 'price' has 8759 values from 2030-01-01 00:00 to 2030-12-31 22:00 UTC; 1 of the 8760 needed are "
        "missing, the first 2030-12-31 23:00 UTC. Mend the file, or allow it with  fill: linear  or  fill: previous."
    )


def test_8761_values(tmp_path: Path) -> None:
    """One hour stands twice somewhere in the year."""
    lines = rows("2030-01-01", 8760)
    lines.insert(4000, lines[4000])

    assert message(tmp_path, lines, YEAR) == (
        "p.csv: 1 time stamps stand twice, the first 2030-06-16 16:00 UTC. Each hour may have one value. "
        "Remove one of the two rows."
    )


def test_a_list_of_8761_values(tmp_path: Path) -> None:
    with pytest.raises(SeriesError) as caught:
        read_series({"values": [1.0] * 8761, "unit": "SEK/MWh"}, "money/MWh", setting(tmp_path, YEAR))

    assert str(caught.value) == "The list has 8761 values, the horizon 8760 steps. One value for each step is needed."


def test_the_spring_hour_missing_in_utc(tmp_path: Path) -> None:
    lines = [line for line in rows("2030-03-31T00:00", 24) if " 02:" not in line]
    horizon = Horizon(np.datetime64("2030-03-31T00:00", "m"), 1.0, 24)

    assert message(tmp_path, lines, horizon).endswith(
        "the first 2030-03-31 02:00 UTC. That is the clock change in spring. If the file is in local time, say so "
        "with  clock: Europe/Stockholm."
    )


def test_the_autumn_hour_twice_in_utc(tmp_path: Path) -> None:
    lines = rows("2030-10-27T00:00", 24)
    horizon = Horizon(np.datetime64("2030-10-27T00:00", "m"), 1.0, 24)

    assert message(tmp_path, [*lines[:3], lines[2], *lines[3:]], horizon) == (
        "p.csv: 1 time stamps stand twice, the first 2030-10-27 02:00 UTC. Each hour may have one value. "
        "If the file is in local time, say so with  clock: Europe/Stockholm."
    )


def test_an_hour_that_does_not_exist_locally(tmp_path: Path) -> None:
    assert message(tmp_path, rows("2030-03-31T00:00", 24), SPRING, clock="Europe/Stockholm") == (
        "p.csv: 2030-03-31 02:00 does not exist in Europe/Stockholm: the clock jumps over it in spring. If the file "
        "is in UTC or in normal time all year, say so with  clock: UTC  or  clock: Etc/GMT-1."
    )


def test_text_in_a_cell(tmp_path: Path) -> None:
    lines = rows("2030-01-01", 24)
    lines[6] = "2030-01-01 06:00,n/a"

    assert message(tmp_path, lines) == (
        "p.csv:8: 'n/a' in the column 'price' is not a number. Mend the cell, or leave it empty and say how to fill."
    )


def test_a_decimal_comma_in_a_file_with_points(tmp_path: Path) -> None:
    lines = rows("2030-01-01", 24)
    lines[6] = '2030-01-01 06:00,"6,5"'

    assert message(tmp_path, lines) == (
        "p.csv:8: '6,5' in the column 'price' is not a number. Say  decimal: ','  if commas part the decimals."
    )


def with_commas(cell: str) -> list[str]:
    lines = [line.replace(",", ";") + ",5" for line in rows("2030-01-01", 24)]
    lines[6] = f"2030-01-01 06:00;{cell}"
    return lines


def test_points_part_thousands_before_a_decimal_comma(tmp_path: Path) -> None:
    assert read(tmp_path, with_commas("1.234,5"), header="time;price")[6] == 12345.0
    assert read(tmp_path, with_commas("1.234.567"), header="time;price")[6] == 12345670.0


@pytest.mark.parametrize("decimal", [None, ","])
def test_one_or_a_thousand_in_a_file_with_decimal_commas(tmp_path: Path, decimal: str | None) -> None:
    assert message(tmp_path, with_commas("1.234"), header="time;price", decimal=decimal) == (
        "p.csv:8: '1.234' in the column 'price' has a point, and the decimals of this file are parted by commas. "
        "It could be about one or a thousand times as much. Mend the cell, or say  decimal: '.' ."
    )


@pytest.mark.parametrize("cell", ["1.5", "0.123", "1.2.3,4"])
def test_a_point_among_decimal_commas(tmp_path: Path, cell: str) -> None:
    assert message(tmp_path, with_commas(cell), header="time;price") == (
        f"p.csv:8: '{cell}' in the column 'price' has a point, and the decimals of this file are parted by commas. "
        "Mend the cell, or say  decimal: '.' ."
    )


def test_points_that_come_late_in_a_file_with_semicolons(tmp_path: Path) -> None:
    """Nothing but whole numbers for two hundred hours does not make a file one of decimal commas."""
    lines = [line.replace(",", ";") for line in rows("2030-01-01", 8760)]
    lines[500] = lines[500].partition(";")[0] + ";1.234"

    assert read(tmp_path, lines, YEAR, header="time;price")[500] == pytest.approx(12.34)


@pytest.mark.parametrize(
    ("option", "found"),
    [
        ({"decimal": "comma"}, "decimal 'comma' is not understood. Write  decimal: '.'   or  decimal: ',' "),
        ({"fill": "lineer"}, "fill 'lineer' is not understood. Write  fill: linear   or  fill: previous "),
        ({"separator": 5}, "separator '5' is not understood. It is one character, such as  ';' ."),
        ({"separator": ", "}, "separator ', ' is not understood. It is one character, such as  ';' ."),
        ({"scale": float("nan")}, "scale 'nan' is not a number."),
        *(
            (
                {"take_year": year},
                f"take_year '{year}' is not a year. It is a whole number from 1900 to 2200, such as 2023.",
            )
            for year in (True, -5, 23, "2023")
        ),
    ],
)
def test_options_of_another_kind(tmp_path: Path, option: dict[str, object], found: str) -> None:
    assert message(tmp_path, rows("2030-01-01", 24), **option) == found


@pytest.mark.parametrize("profile", [["wind_power"], {"a": "b"}, 3])
def test_a_profile_that_is_no_name(tmp_path: Path, profile: object) -> None:
    with pytest.raises(SeriesError, match=r"There is no profile '.*'\."):
        read_series({"profile": profile}, "money/MWh", setting(tmp_path))


def test_a_climate_of_prices_that_is_no_name(tmp_path: Path) -> None:
    spec = {"profile": "electricity_price", "climate": {"climate": ["lulea"]}}
    with pytest.raises(SeriesError, match=r"There is no climate '\['lulea'\]'\."):
        read_series(spec, "money/MWh", setting(tmp_path))


@pytest.mark.parametrize("clock", [None, "UTC", "Europe/Stockholm"])
def test_a_file_of_headings_only(tmp_path: Path, clock: str | None) -> None:
    assert message(tmp_path, [], clock=clock) == "p.csv: 'price' has no values. There is nothing below the first line."


@pytest.mark.parametrize("stamp", ["20300-01-01", "0001-01-01 00:00", "9999-12-31 23:00"])
@pytest.mark.parametrize("clock", ["UTC", "Europe/Stockholm"])
def test_a_year_of_no_scenario(tmp_path: Path, stamp: str, clock: str) -> None:
    lines = rows("2030-01-01", 24)
    lines[2] = f"{stamp},2"

    assert message(tmp_path, lines, clock=clock) == (
        f"p.csv:4: '{stamp}' lies in no year of a scenario. Time stamps lie in the years 1900 to 2200."
    )


def test_a_wrong_column(tmp_path: Path) -> None:
    assert message(tmp_path, rows("2030-01-01", 24), column="prise") == (
        "p.csv: there is no column 'prise' (column). Did you mean 'price'?"
    )


def test_no_unit(tmp_path: Path) -> None:
    assert message(tmp_path, rows("2030-01-01", 24), unit=None) == (
        "p.csv: the unit of 'price' is not said. Add  unit: SEK/MWh  or what the file holds."
    )


def test_a_unit_of_another_dimension(tmp_path: Path) -> None:
    assert message(tmp_path, rows("2030-01-01", 24), unit="MW") == (
        "MW is a power. A quantity in SEK/MWh is needed here, such as 35 SEK/MWh."
    )


def test_no_clock(tmp_path: Path) -> None:
    assert message(tmp_path, rows("2030-01-01", 24), clock=None) == (
        "p.csv: the time stamps have no offset, so it is not known what clock they show. "
        "Say  clock: UTC , or a zone such as  clock: Europe/Stockholm."
    )


def test_a_stamp_that_is_none(tmp_path: Path) -> None:
    lines = rows("2030-01-01", 24)
    lines[2] = "tomorrow,2"

    assert message(tmp_path, lines) == (
        "p.csv:4: 'tomorrow' is no time stamp. Time stamps are written 2030-01-31 06:00, with or without an offset."
    )


@pytest.mark.parametrize("stamp", ["today", "2030-01", "NaT", "2030-02-30", "2030-01-01 24:00"])
def test_words_and_months_are_no_stamps(tmp_path: Path, stamp: str) -> None:
    """NumPy reads the first two, as this day and as 1 January: the file would mean another thing tomorrow."""
    lines = rows("2030-01-01", 24)
    lines[2] = f"{stamp},2"

    assert message(tmp_path, lines).startswith(f"p.csv:4: '{stamp}' is no time stamp. ")


def test_stamps_with_and_without_offsets_in_one_file(tmp_path: Path) -> None:
    """Either a row with an offset after rows without, or the other way round."""
    plain = rows("2030-01-01", 24)
    told = [line.replace(",", "+01:00,") for line in plain]

    assert message(tmp_path, [*plain[:2], *told[2:]]) == (
        "p.csv:4: '2030-01-01 02:00+01:00' has an offset, and the rows before it have none. One file is written one "
        "way."
    )
    assert message(tmp_path, [*told[:2], *plain[2:]]) == (
        "p.csv:4: '2030-01-01 02:00' has no offset, and the rows before it have one. One file is written one way."
    )


def test_rows_out_of_order(tmp_path: Path) -> None:
    lines = rows("2030-01-01", 24)

    assert message(tmp_path, [*lines[12:], *lines[:12]]) == (
        "p.csv: the time stamps go back at 2030-01-01 00:00 UTC. They must rise. Sort the rows."
    )


def test_a_horizon_the_file_does_not_cover(tmp_path: Path) -> None:
    assert message(tmp_path, rows("2023-01-01", 8760), YEAR).endswith(
        "Choose a horizon the file covers, or lay one of its years onto it with  take_year: 2023."
    )


@pytest.mark.parametrize("fill", ["linear", "previous"])
@pytest.mark.parametrize(("start", "count"), [("2030-01-01 04:00", 20), ("2029-12-31 00:00", 44)])
def test_filling_invents_nothing_before_or_after_the_file(tmp_path: Path, fill: str, start: str, count: int) -> None:
    """Four hours are missing at one end of the day: more than a clock explains."""
    found = message(tmp_path, rows(start, count), fill=fill)

    assert "; 4 of the 24 needed are missing" in found
    assert found.endswith("Choose a horizon the file covers, or lay one of its years onto it with  take_year: 2023.")


def test_a_year_in_local_time_is_filled_at_its_end(tmp_path: Path) -> None:
    """A Swedish year ends at 22:00 UTC; its last hour has to come from the one before."""
    values = read(tmp_path, rows("2030-01-01", 8760), YEAR, clock="Etc/GMT-1", fill="previous")

    assert values[8758:].tolist() == [87590.0, 87590.0]


def test_empty_cells_at_the_end_are_no_values_to_fill_from(tmp_path: Path) -> None:
    lines = [
        line if number < 12 else line.partition(",")[0] + "," for number, line in enumerate(rows("2030-01-01", 24))
    ]

    assert "; 12 of the 24 needed are missing" in message(tmp_path, lines, fill="previous")


@pytest.mark.parametrize("fill", [None, "linear", "previous"])
def test_a_step_that_changes_within_the_horizon(tmp_path: Path, fill: str | None) -> None:
    """Hours until 18:00, then quarters, as Swedish prices in October 2025; three quarters of each hour were lost."""
    lines = [*rows("2030-01-01", 18), *quarters("2030-01-01T18:00", 16), *rows("2030-01-01T22:00", 2)]

    assert message(tmp_path, lines, fill=fill) == (
        "p.csv: values come every 60 min, but 15 min apart after 2030-01-01 18:00 UTC. Within the horizon a series has "
        "one step. Choose a horizon on one side of the change, or give the file one step throughout."
    )


def test_a_step_that_grows_within_the_horizon(tmp_path: Path) -> None:
    """Hours later on are gaps between quarters; held until the next, they mean what the file says."""
    lines = [*quarters("2030-01-01T00:00", 40), *rows("2030-01-01T10:00", 14)]

    assert message(tmp_path, lines).startswith(
        "p.csv: values come every 15 min, but 60 min apart after 2030-01-01 10:00 UTC."
    )
    assert read(tmp_path, lines, fill="previous")[9:12].tolist() == [375.0, 0.0, 10.0]


def test_a_step_that_changes_outside_the_horizon(tmp_path: Path) -> None:
    """The horizon lies in the quarters, which are fewer; each hour is the mean of its four."""
    lines = [*rows("2029-12-01", 31 * 24), *quarters("2030-01-01T00:00", 96)]

    assert read(tmp_path, lines)[:2].tolist() == [15.0, 55.0]


def test_a_value_for_each_month_holds_until_the_next(tmp_path: Path) -> None:
    """Months differ in length, which is no change of step as long as no value is lost."""
    lines = [f"2030-{month:02d}-01 00:00,{month}" for month in range(1, 13)]

    assert read(tmp_path, lines, YEAR, fill="previous")[[743, 744, 8759]].tolist() == [10.0, 20.0, 120.0]


def test_a_file_outside_the_folder(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "p.csv").write_text("time,price\n", encoding="utf8")
    with pytest.raises(SeriesError) as caught:
        read_series({**SPEC, "csv": "../p.csv"}, "money/MWh", setting(inner))

    assert str(caught.value) == (
        "'../p.csv' leaves the scenario's folder. A scenario reads files in its own folder and below. "
        "Copy the file there, or allow it with  --allow-outside."
    )


def test_a_key_that_is_not_understood(tmp_path: Path) -> None:
    assert message(tmp_path, rows("2030-01-01", 24), colum="x") == (
        "'colum' is not understood in a series. Did you mean 'column'?"
    )


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "prices.csv").write_text("", encoding="utf8")
    with pytest.raises(SeriesError, match=r"There is no file 'price\.csv'\..* Did you mean 'prices\.csv'\?"):
        read_series({**SPEC, "csv": "price.csv"}, "money/MWh", setting(tmp_path))


def test_each_file_read_is_remembered_by_its_hash(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("\n".join(["time,price", *rows("2030-01-01", 24)]), encoding="utf8")
    where = setting(tmp_path)
    read_series(SPEC, "money/MWh", where)

    assert where.inputs is not None
    assert len(where.inputs["p.csv"]) == 64


def test_netcdf(tmp_path: Path) -> None:

    stamps = np.datetime64("2030-01-01", "ns") + np.arange(24) * np.timedelta64(1, "h")
    data = xr.Dataset({"wind": ("time", np.linspace(0.0, 1.0, 24), {"units": "1"})}, {"time": stamps})
    data.to_netcdf(tmp_path / "w.nc", engine="netcdf4")

    assert read_series({"netcdf": "w.nc"}, "1", setting(tmp_path))[23] == 1.0
    with pytest.raises(SeriesError, match=r"there is no variable 'wnd'\. Did you mean 'wind'\?"):
        read_series({"netcdf": "w.nc", "variable": "wnd"}, "1", setting(tmp_path))
    with pytest.raises(SeriesError, match=r"^'clock' is not understood in a series\."):
        read_series({"netcdf": "w.nc", "clock": "Europe/Stockholm"}, "1", setting(tmp_path))


def test_a_real_price_series(tmp_path: Path, shared_data: Path) -> None:
    """SE1 in 2023, hourly in UTC: mean 39.97 EUR/MWh as published."""

    source = shared_data / "derived" / "se1_day_ahead_utc_2016_2024-10-04.csv.gz"
    (tmp_path / "se1.csv").write_bytes(gzip.decompress(source.read_bytes()))
    spec = {"csv": "se1.csv", "column": "price_eur_mwh", "unit": "EUR/MWh", "clock": "UTC", "take_year": 2023}
    values = read_series(spec, "money/MWh", setting(tmp_path, YEAR))

    assert values.mean() / 10.0 == pytest.approx(39.97, abs=0.02)


@pytest.mark.parametrize(
    ("fill", "first"),
    [("previous", [10.0, 10.0, 40.0, 40.0, 40.0, 70.0]), ("linear", [20.0, 30.0, 40.0, 50.0, 60.0, 70.0])],
)
def test_filling_looks_before_the_horizon(tmp_path: Path, fill: str, first: list[float]) -> None:
    """A value every three hours from midnight, wanted from one o'clock: what holds then was told before."""
    lines = [f"2030-01-01 {3 * k:02d}:00,{10 + 30 * k}" for k in range(4)]
    horizon = Horizon(np.datetime64("2030-01-01T01:00", "m"), 1.0, 6)

    assert read(tmp_path, lines, horizon, unit="SEK/MWh", fill=fill).tolist() == pytest.approx(first)
