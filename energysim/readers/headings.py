"""Where the headings of a sheet stand, and what unit a heading names."""

import re
from collections.abc import Callable

from energysim.errors import SeriesError, suggestion
from energysim.readers.sheet import Sheet

_UNIT = re.compile(r"^(?P<name>.*?)\s*[\[(](?P<unit>[^\])]*)[\])]\s*(?:-\s*(?P<area>.*))?$")


def row_of_headings(sheet: Sheet, is_headings: Callable[[tuple[str, ...]], bool], needed: str) -> int:
    """Find the row of the headings.

    Raises
    ------
    SeriesError
        When no row is one; says what was looked for.
    """
    for at, row in enumerate(sheet.rows):
        if is_headings(row):
            return at
    first = next((row for row in sheet.rows if any(row)), ())
    raise SeriesError(
        f"{sheet.shown}: no row has the headings of this format.",
        f"Needed: {needed}; the first row is: {', '.join(cell for cell in first if cell)[:120]}.",
        "Any other table is read by  energysim import table .",
    )


def split_unit(heading: str) -> tuple[str, str, str]:
    """Part a heading into name, unit and what stands behind.

    Examples
    --------
    >>> split_unit("Actual Total Load [MW] - BZN|SE1")
    ('Actual Total Load', 'MW', 'BZN|SE1')
    >>> split_unit("price")
    ('price', '', '')
    """
    match = _UNIT.match(" ".join(heading.split()))
    if match is None:
        return heading, "", ""
    return match["name"], match["unit"].strip(), match["area"] or ""


def position(headings: tuple[str, ...], name: str, shown: str) -> int:
    """Find a column by its heading, or by its name without unit.

    Raises
    ------
    SeriesError
        When there is none, or more than one.
    """
    places = [at for at, heading in enumerate(headings) if heading == name]
    places = places or [at for at, heading in enumerate(headings) if split_unit(heading)[0] == name]
    # Under a group heading the name alone is enough.
    places = places or [at for at, heading in enumerate(headings) if heading.endswith(f" {name}")]
    if len(places) == 1:
        return places[0]
    if places:
        raise SeriesError(f"{shown}: {len(places)} columns are called '{name}'.", "", "Give them different headings.")
    raise SeriesError(f"{shown}: there is no column '{name}'.", "", suggestion(name, [h for h in headings if h]))
