"""Every format that can be imported, by the name the command takes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from energysim.errors import SeriesError, suggestion
from energysim.readers.entsoe import read_entsoe
from energysim.readers.imported import Asked, Block, Imported, NothingThereError, imported, joined, with_absent_ends
from energysim.readers.nord_pool import read_nord_pool
from energysim.readers.sheet import Sheet, read_sheet
from energysim.readers.smhi import read_smhi
from energysim.readers.sun_and_wind import read_ninja, read_pvgis
from energysim.readers.table import read_table


@dataclass(frozen=True)
class Format:
    """How one kind of file is read."""

    read: Callable[[Sheet, Asked], Block]
    meaning: str
    takes: frozenset[str] = frozenset({"decimal", "clock", "dates", "page"})
    """Fields of :class:`Asked` that mean something here, beside the time that is wanted."""


FORMATS = {
    "entsoe": Format(read_entsoe, "ENTSO-E Transparency Platform: prices, load, generation by type"),
    "nord_pool": Format(read_nord_pool, "Nord Pool: yearly sheets saved as CSV or Excel, exports of the data portal"),
    "smhi": Format(read_smhi, "SMHI open data: a station and a parameter", frozenset({"decimal", "page"})),
    "pvgis": Format(read_pvgis, "PVGIS: hourly series of radiation and of modules", frozenset({"decimal"})),
    "renewables_ninja": Format(read_ninja, "renewables.ninja: hourly wind and sun", frozenset({"decimal"})),
    "table": Format(
        read_table,
        "any CSV or Excel table with a column of time stamps",
        frozenset(field.name for field in fields(Asked)),
    ),
}
_OPTIONS = {"page": "--sheet", "columns": "--column", "units": "--unit", "headings": "--heading-line"}


def import_files(name: str, files: Sequence[str | Path], asked: Asked) -> Imported:
    """Read files of one format, and join them when there are several.

    Parameters
    ----------
    name : str
        One of ``FORMATS``.
    files : sequence of path
        In any order; what stands in two of them must agree.
    asked : Asked
        What the user says beyond the format.

    Returns
    -------
    series : Imported

    Raises
    ------
    SeriesError
        For an unknown format, an option that means nothing to it, and all that is wrong in the files.
    """
    if name not in FORMATS:
        raise SeriesError(f"There is no format '{name}'.", "", suggestion(name, FORMATS))
    kind = FORMATS[name]
    said = [field.name for field in fields(Asked) if getattr(asked, field.name) != field.default]
    for option in said:
        if option not in kind.takes | {"since", "until"}:
            written = _OPTIONS.get(option, f"--{option.replace('_', '-')}")
            raise SeriesError(f"{written} means nothing to the format {name}: the file says that itself.")
    parts, outside = [], []
    for file in files:
        sheet = read_sheet(Path(file), asked.page)
        try:
            parts.append(imported(sheet, kind.read(sheet, asked), asked))
        except NothingThereError as error:
            outside.append(error)
    if not parts:
        raise outside[0]
    series = parts[0] if len(parts) == 1 else joined(parts)
    series = replace(series, remarks=(*series.remarks, *(error.found for error in outside)))
    return with_absent_ends(series, asked)
