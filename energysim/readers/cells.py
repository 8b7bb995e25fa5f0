"""Numbers as people write them: decimal commas, thousands separators, marks for nothing."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from energysim.errors import Place, SeriesError

NOTHING = frozenset({"", "n/e", "n/a", "na", "nan", "-", "–", "..", "null", "none"})
"""Cells that say there is no value, in lower case."""

_SPACES = str.maketrans({" ": "", "\u00a0": "", "\u202f": "", "'": "", "’": "", "−": "-"})
ONE_OR_THOUSAND = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")
"""Numbers whose mark may part decimals or thousands."""


@dataclass(frozen=True)
class Cell:
    """A cell with its line, for messages."""

    text: str
    line: int
    """Line of the file, or row of the sheet, counted from 1."""


def is_nothing(text: str) -> bool:
    """Whether a cell says that there is no value.

    Examples
    --------
    >>> is_nothing(" n/e "), is_nothing("0")
    (True, False)
    """
    return text.strip().lower() in NOTHING


def decimal_mark(cells: Iterable[Cell], shown: str) -> str:
    """Find which mark parts the decimals, from what only one reading explains.

    Parameters
    ----------
    cells : iterable of Cell
        All cells of the file that hold values: a file is written one way.
    shown : str
        How messages name it.

    Returns
    -------
    mark : ``,`` or ``.``

    Raises
    ------
    SeriesError
        When both marks part decimals somewhere, or when ``1,234`` could be one or a thousand and nothing else tells.
    """
    seen: dict[str, Cell] = {}
    unclear: Cell | None = None
    for cell in cells:
        text = cell.text.translate(_SPACES)
        if is_nothing(text) or not ("," in text or "." in text):
            continue
        if ONE_OR_THOUSAND.fullmatch(text):
            unclear = unclear or cell
        else:
            seen.setdefault(_mark_of(text), cell)
    if len(seen) > 1:
        comma, dot = seen[","], seen["."]
        raise SeriesError(
            f"'{dot.text}' (line {dot.line}) and '{comma.text}' (line {comma.line}) part their decimals differently.",
            "One file is written one way.",
            "Say which is right with  --decimal .  or  --decimal ,  and mend the other cells.",
            Place(shown, max(comma.line, dot.line)),
        )
    if not seen and unclear is not None:
        raise SeriesError(
            f"'{unclear.text}' could be about one or a thousand times as much, and no other cell tells.",
            "",
            "Say what parts the decimals with  --decimal .  or  --decimal ,",
            Place(shown, unclear.line),
        )
    return next(iter(seen), ".")


def _mark_of(text: str) -> str:
    """Tell what parts the decimals of one number: the last of two kinds; a mark that repeats parts thousands."""
    commas, dots = text.count(","), text.count(".")
    if commas and dots:
        return "," if text.rfind(",") > text.rfind(".") else "."
    if commas + dots > 1:
        return "." if commas else ","
    return "," if commas else "."


def numbers(cells: Sequence[Cell], decimal: str, shown: str, name: str) -> NDArray[np.float64]:
    """Turn one column into numbers, NaN where there is none.

    Examples
    --------
    >>> numbers([Cell("1 234,5", 2), Cell("n/e", 3)], ",", "a.csv", "load")
    array([1234.5,    nan])
    """
    return np.array([_number(cell, decimal, shown, name) for cell in cells], dtype=float)


def _number(cell: Cell, decimal: str, shown: str, name: str) -> float:
    if is_nothing(cell.text):
        return np.nan
    text = cell.text.translate(_SPACES)
    group = "." if decimal == "," else ","
    whole, found, part = text.partition(decimal)
    is_grouped = re.fullmatch(rf"[+-]?\d{{1,3}}({re.escape(group)}\d{{3}})*", whole) is not None
    plain = (whole.replace(group, "") if is_grouped else whole) + ("." + part if found else "")
    try:
        value = float(plain) if "_" not in plain else np.inf
    except ValueError:
        value = np.inf
    if not np.isfinite(value):
        hint = f"The decimals of this file are parted by '{decimal}'; another mark is said with  --decimal ."
        raise SeriesError(
            f"'{cell.text}' in the column '{name}' is not a number.",
            hint if group in text else "",
            "Mend the cell, or leave it empty.",
            Place(shown, cell.line),
        )
    return value
