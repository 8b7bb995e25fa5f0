"""Nord Pool, SMHI, PVGIS and renewables.ninja files with their quirks."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from energysim.readers.formats import import_files
from energysim.readers.imported import Asked
from tests.readers.conftest import Reader, utc

ELSPOT = (
    "Elspot Prices in EUR/MWh;;;\nData was last updated 01-04-2023;;;\n;Hours;SYS;SE1\n"
    "26-03-2023;00\u00a0-\u00a001;1.234,56;36,55\n26-03-2023;01 - 02;133,20;35,10\n26-03-2023;02 - 03;;\n"
    "26-03-2023;03 - 04;130,00;34,00\n"
)
SMHI = (
    "Stationsnamn;Stationsnummer;Stationsnät;Mäthöjd (meter över marken)\n"
    "Luleå-Kallax Flygplats;162860;SMHIs stationsnät;2.0\n\nParameternamn;Beskrivning;Enhet\n"
    "Lufttemperatur;momentanvärde, 1 gång/tim;celsius\n\nTidsperiod (fr.o.m);Tidsperiod (t.o.m);Höjd\n"
    "1944-09-01 00:00:00;2023-10-07 00:00:00;19.4\n\n"
    "Datum;Tid (UTC);Lufttemperatur;Kvalitet;;Tidsutsnitt:\n"
    "2023-01-01;00:00:00;-12.5;G;;Kvalitetskontrollerade historiska data\n"
    "2023-01-01;01:00:00;-13.0;Y;;\n2023-01-01;03:00:00;-14.0;G;;\n"
)


def test_a_yearly_sheet_of_nord_pool(reading: Reader) -> None:
    """Two lines above the headings, decimal commas with thousands, the day in a column without name."""
    series = reading("nord_pool", ELSPOT)

    assert series.names == ("SYS", "SE1")
    assert series.units == ("EUR/MWh", "EUR/MWh")
    assert series.stamps.tolist() == [utc(f"2023-03-2{d}").item() for d in ("5T23:00", "6T00:00", "6T01:00")]
    assert series.values.tolist() == [[1234.56, 36.55], [133.2, 35.1], [130.0, 34.0]]


def test_a_yearly_sheet_without_its_title_has_no_unit(told: Callable[..., str]) -> None:
    message = told("nord_pool", ELSPOT.replace("Elspot Prices in EUR/MWh", "Prices"))

    assert message == (
        "file.csv: no line above the headings says the unit. Needed: a title such as  Elspot Prices in EUR/MWh. "
        "Put the title back, or read the file with  energysim import table ."
    )


def test_prices_in_two_currencies_keep_their_units(reading: Reader) -> None:
    text = (
        "Delivery Start (CET);Delivery End (CET);SE1 Price (EUR);SE1 Price (SEK)\n"
        "01.07.2024 00:00:00;01.07.2024 01:00:00;10.5;118.25\n01.07.2024 01:00:00;01.07.2024 02:00:00;11.5;129.5\n"
    )
    series = reading("nord_pool", text)

    assert series.stamps[0] == utc("2024-06-30T22:00")
    assert series.units == ("EUR/MWh", "SEK/MWh")


def test_an_excel_export_with_two_rows_of_headings(tmp_path: Path) -> None:
    """Areas stand above their columns, once; Excel's own numbers leave no doubt about decimals."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["", "", "SE1", "", "SE2", ""],
        ["Delivery Start (CET)", "Delivery End (CET)", "Price (EUR)", "Volume (MWh)", "Price (EUR)", "Volume (MWh)"],
        ["01.01.2024 00:00:00", "01.01.2024 01:00:00", 1.234, 900, 5.678, 800],
        ["01.01.2024 01:00:00", "01.01.2024 02:00:00", 2.345, 901, 6.789, 801],
    ):
        sheet.append(row)
    book.save(tmp_path / "auction.xlsx")
    series = import_files("nord_pool", [tmp_path / "auction.xlsx"], Asked())

    assert series.names == ("SE1 Price", "SE1 Volume", "SE2 Price", "SE2 Volume")
    assert series.values.tolist() == [[1.234, 900.0, 5.678, 800.0], [2.345, 901.0, 6.789, 801.0]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_station_file_of_smhi_in_any_encoding(reading: Reader, encoding: str) -> None:
    """02:00 is missing and stays so; the doubtful value is kept and counted."""
    series = reading("smhi", SMHI, encoding)

    assert (series.names, series.units) == (("Lufttemperatur",), ("degC",))
    assert series.values[[0, 1, 3], 0].tolist() == [-12.5, -13.0, -14.0]
    assert series.gaps(0) == [(utc("2023-01-01T02:00"), 1)]
    assert series.remarks == (
        "Station: Luleå-Kallax Flygplats 162860.",
        "1 values have the quality code Y: suspected, or only roughly checked.",
    )


def test_old_windows_letters_are_read_and_told(reading: Reader) -> None:
    series = reading("smhi", SMHI, "cp1252")

    assert series.remarks[0] == "The file is not UTF-8; its letters were read as Windows-1252."
    assert "Station: Luleå-Kallax Flygplats 162860." in series.remarks


def test_daily_means_of_smhi_stand_at_the_day_they_are_for(reading: Reader) -> None:
    head, _, _ = SMHI.partition("Datum;")
    rows = "".join(f"2023-01-0{d} 00:00:01;2023-01-0{d + 1} 00:00:00;2023-01-0{d};-{d}.5;G;;\n" for d in (1, 2))
    text = f"{head}Från Datum Tid (UTC);Till Datum Tid (UTC);Representativt dygn;Lufttemperatur;Kvalitet;;x\n{rows}"
    series = reading("smhi", text)

    assert series.step == np.timedelta64(1, "D")
    assert series.values[:, 0].tolist() == [-1.5, -2.5]


def test_smhi_without_its_head_has_no_unit(told: Callable[..., str]) -> None:
    assert told("smhi", SMHI[SMHI.index("Datum;") :]).startswith("file.csv: the head does not say the unit.")


def test_pvgis_between_head_and_legend(reading: Reader) -> None:
    """Tabs in the head, stamps eleven minutes past the hour, a legend below."""
    text = (
        "Latitude (decimal degrees):\t65.584\r\nElevation (m):\t12\r\n\r\ntime,P,G(i),T2m,Int\r\n"
        "20200615:1011,512.3,801.25,14.3,0.0\r\n20200615:1111,530.9,822.5,15.1,0.0\r\n\r\n"
        "P: PV system power (W)\r\nPVGIS (c) European Union, 2001-2024\r\n"
    )
    series = reading("pvgis", text)

    assert (series.names, series.units) == (("P", "G(i)", "T2m"), ("W", "W/m2", "degC"))
    assert series.stamps.tolist() == [utc("2020-06-15T10:00").item(), utc("2020-06-15T11:00").item()]
    assert series.values[1].tolist() == [530.9, 822.5, 15.1]
    assert "Stamps some minutes past the hour were laid onto the hour." in series.remarks


def test_renewables_ninja_takes_utc_and_not_the_local_column(reading: Reader) -> None:
    text = (
        "# Renewables.ninja Wind (Point API) - 65.2, 20.9 - Version: 1.4\n"
        '# Units: time in UTC, "electricity" in kW\n#\n'
        "time,local_time,electricity,wind_speed\n2019-01-01 00:00,2019-01-01 01:00,2250.5,9.25\n"
        "2019-01-01 01:00,2019-01-01 02:00,2300.0,9.5\n"
    )
    series = reading("renewables_ninja", text)

    assert (series.names, series.units) == (("electricity", "wind_speed"), ("kW", "m/s"))
    assert series.stamps[0] == utc("2019-01-01T00:00")


@pytest.mark.parametrize(
    ("form", "text", "known"),
    [
        ("pvgis", "time,Int\r\n20200615:1011,0.0\r\n", "P, G(i), Gb(i), Gd(i), Gr(i), G(h), Gb(n), Gd(h), IR(h), T2m"),
        ("renewables_ninja", "time,local_time\n2019-01-01 00:00,2019-01-01 01:00\n", "wind_speed, temperature"),
    ],
)
def test_a_file_without_a_known_column(told: Callable[..., str], form: str, text: str, known: str) -> None:
    said = told(form, text)

    assert said.startswith(f"file.csv: none of its columns is known. Known here: {known}, ")
    assert said.endswith("Export the file again, or read it with  energysim import table .")
