"""The step of a row of time stamps, and where it changes."""

import numpy as np
from numpy.typing import NDArray

Stamps = NDArray[np.datetime64]
Gaps = NDArray[np.timedelta64]

_MINUTE = np.timedelta64(1, "m")
_NONE = np.timedelta64(0, "m")
_MANY = 12
"""Equal gaps in a row that make a step of their own."""


def commonest_gap(stamps: Stamps) -> np.timedelta64:
    """Find the time that most often lies between two stamps; an hour where there is only one."""
    if len(stamps) < 2:
        return np.timedelta64(60, "m")
    gaps, counts = np.unique(np.diff(stamps), return_counts=True)
    return np.timedelta64(gaps[np.argmax(counts)], "m")


def told_change(
    stamps: Stamps, step: np.timedelta64, grid: np.timedelta64 | None = None, may_be_coarser: bool = False
) -> str:
    """Say where a file changes its step; nothing where it keeps it.

    Shorter and odd gaps between stamps are such changes, and so are a dozen equal longer ones in a row, as when prices
    went from 60 to 15 minutes in October 2025; single longer ones are missing rows.

    Parameters
    ----------
    stamps : ndarray (stamp,)
        Rising, in UTC.
    step : timedelta64
        What lies between most of them.
    grid : timedelta64, optional
        Step of the grid they are laid on, where it is finer.
    may_be_coarser : bool
        Whether stretches of longer gaps are allowed, as what lies between is filled.

    Returns
    -------
    sentence : str
    """
    gaps = np.diff(stamps)
    if not len(gaps):
        return ""
    grid = step if grid is None else grid
    is_change = (gaps < grid) | (gaps % grid != _NONE)
    if not is_change.any() and not may_be_coarser:
        is_change = _is_longer_step(gaps, step)
    if not is_change.any():
        return ""
    at = int(np.argmax(is_change))
    text = str(stamps[at]).replace("T", " ")
    return f"values come every {step / _MINUTE:g} min, but {gaps[at] / _MINUTE:g} min apart after {text} UTC."


def _is_longer_step(gaps: Gaps, step: np.timedelta64) -> NDArray[np.bool_]:
    """Mark stretches of equal gaps, longer than the step, that are too many to be missing rows. (gap,)"""
    edges = np.concatenate([[True], np.diff(gaps) != _NONE, [True]])
    lengths = np.diff(np.flatnonzero(edges))
    return (gaps > step) & (np.repeat(lengths, lengths) >= _MANY)
