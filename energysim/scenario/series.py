"""Time series as a scenario writes them: lists, files and generated profiles, to one number per step."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from energysim.errors import SeriesError, brief, disk_words, suggestion
from energysim.moments import YEARS
from energysim.scenario.csv_series import Column, read_column
from energysim.scenario.horizon import Horizon
from energysim.scenario.merge import is_inside
from energysim.scenario.netcdf_series import read_variable
from energysim.scenario.profiles import anomaly_of, climate_of, electricity_price, wind_power
from energysim.scenario.stamped import Filling, Stamped, onto_horizon
from energysim.units import Converter

Floats = NDArray[np.float64]

_KEYS = {
    "values": ("values", "unit"),
    "csv": ("csv", "column", "unit", "time", "clock", "take_year", "fill", "separator", "decimal"),
    "netcdf": ("netcdf", "variable", "unit", "take_year", "fill"),
    "months": ("months", "unit"),
    "profile": ("profile", "area", "year_type", "mean", "seed", "climate"),
}
_ALWAYS = ("scale",)
_ONE_OF_THESE = {"decimal": (".", ","), "fill": ("linear", "previous")}
"""Options that take one of a few words."""


@dataclass(frozen=True)
class SeriesSetting:
    """What a series is read for."""

    horizon: Horizon
    folder: Path
    """Folder of the scenario; files lie in it or below."""
    units: Converter
    seed: int = 0
    allow_outside: bool = False
    inputs: dict[str, str] | None = None
    """Collects the SHA-256 of every file read."""
    anomaly: Floats | None = None
    """Temperature anomalies of an uncertain year, which generated prices follow; see :func:`anomaly_of`. (day,)"""


def read_series(spec: Any, unit: str, setting: SeriesSetting) -> Floats:
    """Read a series.

    Parameters
    ----------
    spec : list or mapping
        A list of quantities, or a mapping with ``values``, ``csv``, ``netcdf`` or ``profile``.
    unit : str
        Unit used inside.
    setting : SeriesSetting
        Horizon, folder and units.

    Returns
    -------
    values : ndarray (step,)
        [``unit``]

    Raises
    ------
    SeriesError, UnitError
        With file, line or time stamp, and a way out.
    """
    if isinstance(spec, Sequence) and not isinstance(spec, str):
        return _listed([setting.units.read(value, unit) for value in spec], setting)
    if not isinstance(spec, Mapping):
        raise SeriesError(f"'{spec}' is no series.", "A list, or a mapping with one of: " + ", ".join(_KEYS) + ".")
    kind = _kind(spec)
    _check_words(spec)
    values = _READERS[kind](spec, unit, setting)
    scale = spec.get("scale", 1.0)
    if isinstance(scale, bool) or not isinstance(scale, int | float) or not np.isfinite(scale):
        raise SeriesError(f"scale '{scale}' is not a number.")
    return values * float(scale)


def _kind(spec: Mapping[str, Any]) -> str:
    kinds = [kind for kind in _KEYS if kind in spec]
    if len(kinds) != 1:
        found = (
            f"A series names {' and '.join(kinds)} at once." if kinds else "It is not said where the series comes from."
        )
        raise SeriesError(found, f"It needs one of: {', '.join(_KEYS)}.", "" if kinds else _meant(spec))
    known = (*_KEYS[kinds[0]], *_ALWAYS)
    unknown = [key for key in spec if key not in known]
    if unknown:
        raise SeriesError(f"'{unknown[0]}' is not understood in a series.", "", suggestion(unknown[0], known))
    return kinds[0]


def _meant(spec: Mapping[str, Any]) -> str:
    """Guess what a series without a source is to come from: a file under another word, or a word written nearly so."""
    for word in spec.values():
        if isinstance(word, str) and word.lower().endswith((".csv", ".nc")):
            return f"Write  {'netcdf' if word.lower().endswith('.nc') else 'csv'}: {word} ."
    return suggestion(next(iter(spec), ""), [key for keys in _KEYS.values() for key in keys])


def _check_words(spec: Mapping[str, Any]) -> None:
    """Refuse options that are none of the few words they may be."""
    mark = spec.get("separator", ";")
    if not isinstance(mark, str) or len(mark) != 1 or mark in '"\r\n':
        raise SeriesError(f"separator '{mark}' is not understood.", "It is one character, such as  ';' .")
    for key, known in _ONE_OF_THESE.items():
        if key in spec and spec[key] not in known:
            way_out = "Write " + "  or ".join(f" {key}: {word if len(word) > 1 else repr(word)} " for word in known)
            raise SeriesError(f"{key} '{spec[key]}' is not understood.", "", way_out)


def _listed(values: list[float], setting: SeriesSetting) -> Floats:
    if len(values) != setting.horizon.count:
        raise SeriesError(
            f"The list has {len(values)} values, the horizon {setting.horizon.count} steps.",
            "One value for each step is needed.",
        )
    return np.array(values)


def _from_values(spec: Mapping[str, Any], unit: str, setting: SeriesSetting) -> Floats:
    values = spec["values"]
    if not isinstance(values, list):
        raise SeriesError("'values' is not a list.", "Write  values: [8, 14, 18].")
    written = spec.get("unit")
    if written is None and unit != "1":
        raise SeriesError(
            "The values have no unit.", "", f"Add  unit: {unit.replace('money', setting.units.money.currency)}."
        )
    numbers = [setting.units.read(value, "1") if isinstance(value, int | float) else _refuse(value) for value in values]
    factor, offset = setting.units.scale(str(written or "1"), unit)
    return _listed([number * factor + offset for number in numbers], setting)


def _refuse(value: Any) -> float:
    raise SeriesError(f"'{value}' is not a number.", "With 'unit' the values are plain numbers.")


def _from_csv(spec: Mapping[str, Any], unit: str, setting: SeriesSetting) -> Floats:
    path, shown = _file(str(spec["csv"]), setting)
    column = Column(
        name=str(spec["column"]) if "column" in spec else None,
        time=str(spec["time"]) if "time" in spec else None,
        clock=str(spec["clock"]) if "clock" in spec else None,
        separator=spec.get("separator"),
        decimal=spec.get("decimal"),
    )
    return _placed(read_column(path, shown, column), spec, unit, setting)


def _from_netcdf(spec: Mapping[str, Any], unit: str, setting: SeriesSetting) -> Floats:
    path, shown = _file(str(spec["netcdf"]), setting)
    stamped, found_unit = read_variable(path, shown, spec.get("variable"))
    given = spec if "unit" in spec or found_unit is None else {**spec, "unit": found_unit}
    return _placed(stamped, given, unit, setting)


def _placed(stamped: Stamped, spec: Mapping[str, Any], unit: str, setting: SeriesSetting) -> Floats:
    written = spec.get("unit")
    if written is None:
        raise SeriesError(
            f"{stamped.file}: the unit of '{stamped.column}' is not said.",
            "",
            f"Add  unit: {unit.replace('money', setting.units.money.currency)}  or what the file holds.",
        )
    factor, offset = setting.units.scale(str(written), unit)
    year = spec.get("take_year")
    if year is not None and (isinstance(year, bool) or not isinstance(year, int) or year not in YEARS):
        raise SeriesError(
            f"take_year '{year}' is not a year.", f"It is a whole number from {YEARS[0]} to {YEARS[-1]}, such as 2023."
        )
    return onto_horizon(stamped, setting.horizon, Filling(spec.get("fill"), year)) * factor + offset


def _from_months(spec: Mapping[str, Any], unit: str, setting: SeriesSetting) -> Floats:
    """Twelve values, from January to December, each for all hours of its month."""
    values = spec["months"]
    if not isinstance(values, list) or len(values) != 12:
        count = f"{len(values)} values" if isinstance(values, list) else f"'{values}'"
        raise SeriesError(f"'months' has {count}.", "It needs twelve, from January to December.")
    if "unit" in spec:
        values = [f"{setting.units.read(value, '1')!r} {spec['unit']}" for value in values]
    read = np.array([setting.units.read(value, unit) for value in values])
    years = setting.horizon.hourly_years()
    return setting.horizon.to_steps(read[years.calendar().month - 1])


def _from_profile(spec: Mapping[str, Any], unit: str, setting: SeriesSetting) -> Floats:
    name = spec["profile"]
    if not isinstance(name, str) or name not in _PROFILES:
        raise SeriesError(f"There is no profile '{name}'.", "", suggestion(str(name), _PROFILES))
    seed = spec.get("seed", setting.seed)
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise SeriesError(f"seed '{seed}' is not a whole number from 0.")
    return setting.horizon.to_steps(_PROFILES[name](spec, unit, setting, seed))


def _price(spec: Mapping[str, Any], unit: str, setting: SeriesSetting, seed: int) -> Floats:
    years = setting.horizon.hourly_years()
    anomaly = setting.anomaly
    if anomaly is None and "climate" in spec:
        # The scenario's own seed, not the price's: the days are those that are cold in its places.
        anomaly = anomaly_of(climate_of(spec["climate"], years, setting.seed), years)
    kind = str(spec.get("year_type", "normal"))
    hourly = electricity_price(str(spec.get("area", "SE1")), kind, years, seed, anomaly)
    factor, _ = setting.units.scale("EUR/MWh", unit)
    hourly = hourly * factor
    if "mean" in spec:
        hourly = hourly * setting.units.read(spec["mean"], unit) / hourly.mean()
    return hourly


def _wind(spec: Mapping[str, Any], unit: str, setting: SeriesSetting, seed: int) -> Floats:
    for key in ("year_type", "climate"):
        if key in spec:
            raise SeriesError(f"'{key}' is not understood for wind.", "It goes with electricity prices.", "Remove it.")
    setting.units.scale("1", unit)  # a share, and nothing else
    mean = setting.units.read(spec["mean"], "1") if "mean" in spec else None
    return wind_power(str(spec.get("area", "SE1")), setting.horizon.hourly_years(), seed, mean)


_PROFILES = {"electricity_price": _price, "wind_power": _wind}
_READERS = {
    "values": _from_values,
    "csv": _from_csv,
    "netcdf": _from_netcdf,
    "months": _from_months,
    "profile": _from_profile,
}


def _file(name: str, setting: SeriesSetting) -> tuple[Path, str]:
    """Find a series file, refuse one outside the folder, and note its hash."""
    path = setting.folder / name
    if not setting.allow_outside and not is_inside(path, setting.folder):
        raise SeriesError(
            f"'{name}' leaves the scenario's folder.",
            "A scenario reads files in its own folder and below.",
            "Copy the file there, or allow it with  --allow-outside.",
        )
    try:
        is_file, is_folder = path.is_file(), path.is_dir()
    except OSError as error:  # a name that no disk can hold
        raise SeriesError(f"'{brief(name)}' cannot be read: {disk_words(error)}.") from None
    if is_folder:
        raise SeriesError(f"'{name}' is a folder.", "A series is read from a file.")
    if not is_file:
        folder = path.parent
        near = suggestion(path.name, [other.name for other in folder.iterdir()]) if folder.is_dir() else ""
        raise SeriesError(f"There is no file '{name}'.", f"It was looked for as {path}.", near)
    if setting.inputs is not None and name not in setting.inputs:
        try:
            with path.open("rb") as stream:
                setting.inputs[name] = hashlib.file_digest(stream, "sha256").hexdigest()
        except PermissionError:
            raise SeriesError(
                f"The file '{name}' may not be read.", "", "Change its permissions, or copy it."
            ) from None
    return path, name


__all__ = ["SeriesSetting", "read_series"]
