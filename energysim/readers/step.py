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


def is_off_step(gaps: Gaps, step: np.timedelta64) -> NDArray[np.bool_]:
    """Mark gaps that a grid of this step has no place for: shorter ones, and those that are no multiple. (gap,)"""
    return (gaps < step) | (gaps % step != _NONE)


def is_longer_step(gaps: Gaps, step: np.timedelta64) -> NDArray[np.bool_]:
    """Mark stretches of equal gaps, longer than the step, that are too many to be missing rows. (gap,)"""
    edges = np.concatenate([[True], np.diff(gaps) != _NONE, [True]])
    lengths = np.diff(np.flatnonzero(edges))
    return (gaps > step) & (np.repeat(lengths, lengths) >= _MANY)


def told_change(stamps: Stamps, step: np.timedelta64, is_change: NDArray[np.bool_]) -> str:
    """Say where a file changes its step, for messages.

    Parameters
    ----------
    stamps : ndarray (stamp,)
        Rising, in UTC.
    step : timedelta64
        What lies between most of them.
    is_change : ndarray (gap,)
        Gaps that differ; the first is told.
    """
    at = int(np.argmax(is_change))
    gap, text = (stamps[at + 1] - stamps[at]) / _MINUTE, str(stamps[at]).replace("T", " ")
    return f"values come every {step / _MINUTE:g} min, but {gap:g} min apart after {text} UTC."
