"""One variable of a NetCDF file."""

from pathlib import Path
from typing import Any

from energysim.errors import SeriesError, disk_words, suggestion
from energysim.scenario.stamped import Stamped


def read_variable(path: Path, shown: str, name: Any) -> tuple[Stamped, str | None]:
    """Read a variable with its time axis, UTC.

    Parameters
    ----------
    path : Path
        File.
    shown : str
        How messages name it.
    name : str or None
        Variable; may be left out when the file has one.

    Returns
    -------
    series : Stamped
        Values and stamps.
    unit : str or None
        The variable's own ``units``.
    """
    # xarray takes half a second to import; only scenarios with such files pay for it.
    import xarray as xr  # noqa: PLC0415

    try:
        with xr.open_dataset(path, engine="netcdf4") as opened:
            data = opened.load()
    except (OSError, ValueError) as error:
        reason = disk_words(error) if isinstance(error, OSError) else str(error).splitlines()[0]
        found = f"{shown}: this cannot be read as NetCDF: {reason}."
        raise SeriesError(found, "", "Write it again as NetCDF, or as CSV with  csv:  .") from None
    names = [str(variable) for variable in data.data_vars]
    if name is None and len(names) == 1:
        name = names[0]
    if name not in names:
        found = (
            f"{shown}: there is no variable '{name}'." if name else f"{shown}: it is not said which variable is meant."
        )
        raise SeriesError(found, "", suggestion(str(name or ""), names))
    array = data[name].squeeze()
    if array.ndim != 1 or "datetime" not in str(array[array.dims[0]].dtype):
        raise SeriesError(
            f"{shown}: '{name}' is not a series over time: its dimensions are {', '.join(map(str, data[name].dims))}."
        )
    stamps = array[array.dims[0]].values.astype("datetime64[m]")
    return Stamped(shown, str(name), stamps, array.values.astype(float)), array.attrs.get("units")
