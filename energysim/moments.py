"""Moments and clocks as people write them, in a scenario as on the command line."""

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

YEARS = range(1900, 2201)
"""Years that a moment may lie in; others are surely a mistake, and zones know nothing of them."""

_MOMENT = re.compile(r"(\d{4})(-\d\d-\d\d)(?:[T ](\d\d(?::\d\d)?)(?::00)?)?Z?", re.ASCII)


def moment(text: str) -> np.datetime64:
    """Read a date, or a date with its hour, in UTC.

    Raises
    ------
    ValueError
        For anything else; says how it is written.

    Examples
    --------
    >>> moment("2030-01-31 06:00"), moment("2030-01-31")
    (np.datetime64('2030-01-31T06:00'), np.datetime64('2030-01-31T00:00'))
    """
    # NumPy knows more words, such as today; a scenario should mean the same tomorrow.
    found = _MOMENT.fullmatch(text.strip())
    try:
        if found and int(found[1]) in YEARS:
            return np.datetime64(f"{found[1]}{found[2]}T{found[3] or '00'}", "m")
    except ValueError:
        pass  # a 30 February
    raise ValueError(f"'{text}' is no date. Write it as 2030-01-31 or 2030-01-31T06:00, in UTC.")


def zone(name: str) -> ZoneInfo:
    """Look up a time zone.

    Raises
    ------
    ValueError
        For a name that is none.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"'{name}' is no time zone. Write one such as Europe/Stockholm or UTC.") from None
