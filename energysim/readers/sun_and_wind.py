"""Hourly sun and wind from PVGIS and renewables.ninja."""

from energysim.readers.headings import row_of_headings, split_unit
from energysim.readers.imported import Asked, Block, Value
from energysim.readers.sheet import Sheet

_PVGIS = {
    "P": "W", "G(i)": "W/m2", "Gb(i)": "W/m2", "Gd(i)": "W/m2", "Gr(i)": "W/m2", "G(h)": "W/m2", "Gb(n)": "W/m2",
    "Gd(h)": "W/m2", "IR(h)": "W/m2", "T2m": "degC", "WS10m": "m/s", "RH": "%",
}  # fmt: skip
_NINJA = {
    "wind_speed": "m/s", "temperature": "degC", "irradiance_direct": "kW/m2", "irradiance_diffuse": "kW/m2",
}  # fmt: skip
_NINJA_POWER = ("electricity", "output")


def read_pvgis(sheet: Sheet, asked: Asked) -> Block:
    """Find the hourly table of a PVGIS file; its head and its legend below are left out. Stamps are UTC.

    The satellite passes some minutes past the hour; values are laid onto the hour.
    """
    at = row_of_headings(
        sheet, lambda row: row[:1] in (("time",), ("time(UTC)",)), "time, and columns such as P or T2m"
    )
    headings = sheet.rows[at]
    values = tuple(Value(name, _PVGIS[name], n) for n, name in enumerate(headings) if name in _PVGIS)
    pairs = []
    for row, line in zip(sheet.rows[at + 1 :], sheet.lines[at + 1 :], strict=True):
        # The legend follows an empty line and starts with a name, not with a digit.
        if not any(row) or not row[0][:1].isdigit():
            break
        pairs.append((row, line))
    remarks = tuple(" ".join(cell for cell in row if cell) for row in sheet.rows[:at] if any(row))
    times = tuple(row[0] for row, _ in pairs)
    rows, lines = tuple(row for row, _ in pairs), tuple(line for _, line in pairs)
    return Block(rows, lines, times, values, "UTC", None, remarks, rounds_down=True, known=tuple(_PVGIS))


def read_ninja(sheet: Sheet, asked: Asked) -> Block:
    """Find the hourly table of a renewables.ninja file below its lines with #. The column ``time`` is UTC.

    Electricity is in kW where a line says so, else a share of the capacity.
    """
    at = row_of_headings(sheet, lambda row: row[:1] == ("time",), "time, and electricity")
    head = [", ".join(cell for cell in row if cell).lstrip("# ") for row in sheet.rows[:at] if any(row)]
    in_kw = any("electricity" in line and "kw" in line.lower() for line in head)
    units = {**_NINJA, **dict.fromkeys(_NINJA_POWER, "kW" if in_kw else "1")}
    values = tuple(
        Value(name, units[split_unit(name)[0]], n)
        for n, name in enumerate(sheet.rows[at])
        if split_unit(name)[0] in units
    )
    pairs = [(row, line) for row, line in zip(sheet.rows[at + 1 :], sheet.lines[at + 1 :], strict=True) if any(row)]
    times = tuple(row[0] for row, _ in pairs)
    remarks = tuple(line[:200] for line in head)
    rows, lines = tuple(row for row, _ in pairs), tuple(line for _, line in pairs)
    return Block(rows, lines, times, values, "UTC", None, remarks, known=tuple(units))
