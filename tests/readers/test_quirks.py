"""Every quirk that files are known for, in every layout in which it can occur; nothing is filled in any of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from energysim.errors import SeriesError
from energysim.readers.formats import FORMATS, import_files
from energysim.readers.imported import Asked, Imported

Row = Callable[[np.datetime64, str], list[str]]
SPRING, AUTUMN = np.datetime64("2023-03-26T00:00"), np.datetime64("2023-10-29T00:00")
HOUR = np.timedelta64(60, "m")


def shown(stamp: np.datetime64, how: str) -> str:
    """A stamp as people write it: ``dmy`` with a mark between, ``iso``, ``compact``."""
    year, month, day = str(stamp)[:10].split("-")
    clock = str(stamp)[11:16]
    return {
        "dots": f"{day}.{month}.{year} {clock}",
        "slashes": f"{day}/{month}/{year} {clock}:00",
        "dashes": f"{day}-{month}-{year}",
        "iso": f"{year}-{month}-{day} {clock}",
        "compact": f"{year}{month}{day}:{clock[:2]}11",
    }[how]


@dataclass(frozen=True)
class Layout:
    """How one kind of file looks."""

    form: str
    headings: tuple[str, ...]
    row: Row
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    is_local: bool = True
    """Whether its stamps show a wall clock with summer time."""
    separator: str = ","
    is_movable: bool = True
    """Whether its columns may stand in any order."""
    said: dict[str, Any] = field(default_factory=dict)
    column: int = 0
    """Which of the series is the one that is looked at."""

    def text(self, stamps: list[np.datetime64], cells: list[str], **change: Any) -> str:
        """A file with these stamps and cells; turned round, with another separator, where asked for."""
        mark = change.get("separator", self.separator)
        turn = -1 if change.get("is_turned") else 1
        rows = [self.headings, *(self.row(stamp, cell) for stamp, cell in zip(stamps, cells, strict=True))]
        lines = [mark.join(f'"{cell}"' if mark in cell else cell for cell in list(row)[::turn]) for row in rows]
        return "\n".join([*self.above, *lines, *self.below]) + "\n"


def span(how: str) -> Callable[[np.datetime64], str]:
    return lambda stamp: f"{shown(stamp, how)} - {shown(stamp + HOUR, how)}"


def beside(cell: str, text: str) -> str:
    """What another column holds; nothing in an hour that has nothing."""
    return text if cell else ""


LAYOUTS = {
    "ENTSO-E prices, old": Layout(
        "entsoe", ("MTU (CET/CEST)", "Day-ahead Price [EUR/MWh]", "Currency", "BZN|SE1"),
        lambda stamp, cell: [span("dots")(stamp), cell, "EUR", ""],
    ),
    "ENTSO-E prices, new": Layout(
        "entsoe", ("MTU (CET/CEST)", "Area", "Sequence", "Day-ahead Price (EUR/MWh)"),
        lambda stamp, cell: [span("slashes")(stamp), "BZN|SE1", "Without Sequence", cell],
    ),
    "ENTSO-E load": Layout(
        "entsoe",
        ("Time (CET/CEST)", "Day-ahead Total Load Forecast [MW] - BZN|SE1", "Actual Total Load [MW] - BZN|SE1"),
        lambda stamp, cell: [span("dots")(stamp), beside(cell, "1200"), cell], column=1,
    ),
    "ENTSO-E generation": Layout(
        "entsoe", ("Area", "MTU", "Biomass - Actual Aggregated [MW]", "Solar - Actual Aggregated [MW]"),
        lambda stamp, cell: ["BZN|SE1", f"{span('dots')(stamp)} (CET/CEST)", cell, beside(cell, "0")],
    ),
    "Nord Pool, year": Layout(
        "nord_pool", ("", "Hours", "SYS", "SE1"),
        lambda stamp, cell: [
            shown(stamp, "dashes"), f"{str(stamp)[11:13]} - {str(stamp + HOUR)[11:13]}", beside(cell, "20"), cell,
        ],
        above=("Elspot Prices in EUR/MWh;;;", "Data was last updated 01-04-2023;;;"), separator=";",
        is_movable=False, column=1,
    ),
    "Nord Pool, portal": Layout(
        "nord_pool", ("Delivery Start (CET)", "Delivery End (CET)", "SE1 Price (EUR)"),
        lambda stamp, cell: [shown(stamp, "dots") + ":00", shown(stamp + HOUR, "dots") + ":00", cell], separator=";",
    ),
    "SMHI": Layout(
        "smhi", ("Datum", "Tid (UTC)", "Vindhastighet", "Kvalitet", "", "Tidsutsnitt:"),
        lambda stamp, cell: [str(stamp)[:10], f"{str(stamp)[11:16]}:00", cell, "G", "", ""],
        above=("Parameternamn;Beskrivning;Enhet", "Vindhastighet;medelvärde 10 min, 1 gång/tim;meter per sekund", ""),
        is_local=False, separator=";", is_movable=False,
    ),
    "PVGIS": Layout(
        "pvgis", ("time", "G(i)", "T2m", "WS10m"),
        lambda stamp, cell: [shown(stamp, "compact"), cell, "0.5", "0.25"],
        above=("Latitude (decimal degrees):\t65.584", ""), below=("", "G(i): Global irradiance (W/m2)"),
        is_local=False, is_movable=False,
    ),
    "renewables.ninja": Layout(
        "renewables_ninja", ("time", "local_time", "electricity", "wind_speed"),
        lambda stamp, cell: [shown(stamp, "iso"), shown(stamp + HOUR, "iso"), cell, "0.5"],
        above=('# Units: time in UTC, "electricity" in kW',), is_local=False, is_movable=False,
    ),
    "table": Layout(
        "table", ("when", "load [MW]", "return [°C]"),
        lambda stamp, cell: [shown(stamp, "iso"), cell, beside(cell, "45")],
        said={"clock": "Europe/Stockholm", "time": "when"},
    ),
    "table of sun hours": Layout(
        "table", ("when", "load [MW]"), lambda stamp, cell: [f"{shown(stamp, 'iso')}+01:00", cell], is_local=False,
        said={"time": "when"},
    ),
}  # fmt: skip
every_layout = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Imported]:
    def reading(layout: Layout, text: str, encoding: str = "utf8", **more: Any) -> Imported:
        (tmp_path / "file.csv").write_text(text, encoding=encoding)
        return import_files(layout.form, [tmp_path / "file.csv"], Asked(**{**layout.said, **more}))

    return reading


def hours(start: np.datetime64, count: int) -> list[np.datetime64]:
    return [start + n * HOUR for n in range(count)]


def values(series: Imported, layout: Layout) -> list[float]:
    return series.values[:, layout.column].tolist()


def test_every_format_has_a_layout() -> None:
    assert {layout.form for layout in LAYOUTS.values()} == set(FORMATS)


@every_layout
@pytest.mark.parametrize("hole", ["empty", "absent"])
def test_the_hour_that_spring_jumps_over(layout: Layout, hole: str, read: Callable[..., Imported]) -> None:
    """Wall clocks go from 01:00 to 03:00, with an empty row between or none; in UTC it is an hour like any other."""
    stamps, cells = hours(SPRING, 5), ["1.5", "2.5", "3.5", "4.5", "5.5"]
    if layout.is_local:
        cells[2] = ""
    if layout.is_local and hole == "absent":
        del stamps[2], cells[2]
    series = read(layout, layout.text(stamps, cells))

    assert values(series, layout) == [float(cell) for cell in cells if cell]
    assert series.gaps(layout.column) == []
    assert (np.diff(series.stamps) == HOUR).all()


@every_layout
def test_the_hour_that_autumn_has_twice(layout: Layout, read: Callable[..., Imported]) -> None:
    stamps, cells = hours(AUTUMN, 4), ["1.5", "2.5", "3.5", "4.5"]
    if layout.is_local:
        stamps.insert(3, stamps[2])
        cells.append("5.5")
    series = read(layout, layout.text(stamps, cells))

    assert values(series, layout) == [float(cell) for cell in cells]
    assert (np.diff(series.stamps) == HOUR).all()


@every_layout
def test_an_hour_is_absent_and_stays_missing(layout: Layout, read: Callable[..., Imported]) -> None:
    stamps = hours(np.datetime64("2023-01-09T00:00"), 5)
    series = read(layout, layout.text(stamps[:2] + stamps[3:], ["1.5", "2.5", "4.5", "5.5"]))

    assert np.isnan(values(series, layout)[2])
    assert series.gaps(layout.column) == [(series.stamps[2], 1)]


@every_layout
@pytest.mark.parametrize("mark", ["n/e", "-", "N/A", ""])
def test_a_mark_for_nothing_is_missing_and_counted(layout: Layout, mark: str, read: Callable[..., Imported]) -> None:
    series = read(layout, layout.text(hours(np.datetime64("2023-01-09T00:00"), 4), ["1.5", mark, "3.5", "4.5"]))

    assert np.isnan(values(series, layout)[1])
    assert not mark or f"1 cells say '{mark}'; they count as missing." in series.remarks


@every_layout
@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["1,5", "0,25", "-3,75"], [1.5, 0.25, -3.75]),
        (["1 234,5", "12\u00a0345,25", "0,5"], [1234.5, 12345.25, 0.5]),
        (["1.234,5", "2.345", "0,5"], [1234.5, 2345.0, 0.5]),
        (["−1,5", "1,5", "2,5"], [-1.5, 1.5, 2.5]),
    ],
    ids=["comma", "blanks", "dots", "minus"],
)
def test_saved_again_by_a_swedish_spreadsheet(
    layout: Layout, cells: list[str], numbers: list[float], read: Callable[..., Imported]
) -> None:
    """Decimal commas, thousands apart, semicolons, a mark of byte order: in all cells of the file alike."""
    text = layout.text(hours(np.datetime64("2023-01-09T00:00"), 3), cells, separator=";")
    series = read(layout, text.replace("0.5", "0,5").replace("0.25", "0,25"), "utf-8-sig")

    assert values(series, layout) == numbers


@every_layout
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_mark_of_byte_order(layout: Layout, encoding: str, read: Callable[..., Imported]) -> None:
    text = layout.text(hours(np.datetime64("2023-01-09T00:00"), 3), ["1.5", "2.5", "3.5"])

    assert values(read(layout, text, encoding), layout) == [1.5, 2.5, 3.5]


@every_layout
def test_columns_in_another_order(layout: Layout, read: Callable[..., Imported]) -> None:
    """Found by their headings; where the layout says nothing by which to find them it is refused, never guessed."""
    stamps, cells = hours(np.datetime64("2023-01-09T00:00"), 3), ["1.5", "2.5", "3.5"]
    turned = layout.text(stamps, cells, is_turned=True)
    if not layout.is_movable:
        with pytest.raises(SeriesError):
            read(layout, turned)
        return
    series, straight = read(layout, turned), read(layout, layout.text(stamps, cells))

    assert sorted(zip(series.names, series.values.T.tolist(), strict=True)) == sorted(
        zip(straight.names, straight.values.T.tolist(), strict=True)
    )
    assert series.stamps.tolist() == straight.stamps.tolist()


UNITS = {
    "ENTSO-E prices, old": ["EUR/MWh"],
    "ENTSO-E load": ["MW", "MW"],
    "Nord Pool, year": ["EUR/MWh", "EUR/MWh"],
    "SMHI": ["m/s"],
    "PVGIS": ["W/m2", "degC", "m/s"],
    "renewables.ninja": ["kW", "m/s"],
    "table": ["MW", "degC"],
}


@pytest.mark.parametrize("name", UNITS)
def test_each_column_keeps_its_unit(name: str, read: Callable[..., Imported]) -> None:
    layout = LAYOUTS[name]
    series = read(layout, layout.text(hours(np.datetime64("2023-01-09T00:00"), 2), ["1.5", "2.5"]))

    assert list(series.units) == UNITS[name]


@pytest.mark.parametrize(("name", "cell", "told"), [
    ("ENTSO-E load", "2.5 GW", "'2.5 GW' in the column 'Actual Total Load SE1' is not a number"),
    ("SMHI", "2.5 km/h", "'2.5 km/h' in the column 'Vindhastighet' is not a number"),
    ("table", "2500 kW", "'2500 kW' in the column 'load' is not a number"),
])  # fmt: skip
def test_a_unit_inside_a_column_is_refused(name: str, cell: str, told: str, read: Callable[..., Imported]) -> None:
    """A thousand times too much would pass unseen if the number were taken out of such a cell."""
    layout = LAYOUTS[name]

    with pytest.raises(SeriesError, match=told):
        read(layout, layout.text(hours(np.datetime64("2023-01-09T00:00"), 2), ["1.5", cell]))


def test_a_spreadsheet_with_two_rows_of_headings_and_numbers_as_text(tmp_path: Path) -> None:
    """Cells typed with a comma are text in Excel, the autumn hour stands twice, a cell says n/e."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["", "Heat", "", "Power"],
        ["when", "load [MW]", "return [°C]", "bought [MW]"],
        ["2023-10-29 01:00", "1 250,5", "45,25", "0,5"],
        ["2023-10-29 02:00", "1 251,5", "45,5", "n/e"],
        ["2023-10-29 02:00", "1 252,5", "45,75", "0,75"],
        ["2023-10-29 03:00", "1 253,5", "46,25", "1,5"],
    ):
        sheet.append(row)
    book.save(tmp_path / "plant.xlsx")
    series = import_files("table", [tmp_path / "plant.xlsx"], Asked(clock="Europe/Stockholm", heading_rows=2))

    assert series.names == ("Heat load", "Heat return", "Power bought")
    assert series.units == ("MW", "degC", "MW")
    assert series.values[:, 0].tolist() == [1250.5, 1251.5, 1252.5, 1253.5]
    assert series.gaps(2) == [(np.datetime64("2023-10-29T00:00"), 1)]
    assert "1 cells say 'n/e'; they count as missing." in series.remarks


def test_an_old_excel_file_is_refused_with_a_way_out(tmp_path: Path) -> None:
    """Nord Pool's yearly .xls are pages in disguise; saved again they are read."""
    (tmp_path / "elspot.xls").write_text("<html><table></table></html>", encoding="utf8")

    with pytest.raises(SeriesError, match=r"files of this kind are not read\. Save it as \.xlsx or \.csv\."):
        import_files("nord_pool", [tmp_path / "elspot.xls"], Asked())
