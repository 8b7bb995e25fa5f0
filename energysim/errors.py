"""What can go wrong, in the user's words: where, what was found, what is needed, a way out."""

import errno
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any


@dataclass(frozen=True, order=True)
class Place:
    """A spot in a file the user can open."""

    file: str
    """Path as the user would type it."""
    line: int | None = None
    """Line counted from 1, or None when the whole file is meant."""

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Problem:
    """One finding: what was found, what is needed, one way out."""

    where: Place | None
    """File and line, when the finding has one."""
    subject: str
    """The key or thing concerned, dotted from the top, such as ``components.boiler.capacity``."""
    found: str
    """What stands there, as a sentence."""
    needed: str = ""
    """What would be right, as a sentence."""
    way_out: str = ""
    """One change that mends it, as a sentence."""

    def __str__(self) -> str:
        sentences = " ".join(part for part in (self.found, self.needed, self.way_out) if part)
        text = f"{self.subject}: {sentences}" if self.subject else sentences
        return text if self.where is None else f"{self.where}: {text}"


class EnergysimError(Exception):
    """Root of all errors energysim raises on purpose."""

    exit_code = 4


class ScenarioError(EnergysimError):
    """The input is wrong; carries every problem found, not just the first."""

    exit_code = 1

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=_reading_order))
        super().__init__("\n".join(map(str, self.problems)))


class SeriesError(EnergysimError):
    """A time series cannot be used; the scenario adds where it was asked for."""

    exit_code = 1

    def __init__(self, found: str, needed: str = "", way_out: str = "", where: Place | None = None) -> None:
        self.found, self.needed, self.way_out, self.where = found, needed, way_out, where
        super().__init__(str(Problem(where, "", found, needed, way_out)))


class DownloadError(EnergysimError):
    """A service does not give what it is asked for; nothing was written but what had come so far."""

    exit_code = 1

    def __init__(self, found: str, needed: str = "", way_out: str = "") -> None:
        self.found, self.needed, self.way_out = found, needed, way_out
        super().__init__(str(Problem(None, "", found, needed, way_out)))


class UnitError(EnergysimError):
    """A quantity has a wrong or missing unit; the scenario adds where it stands."""

    exit_code = 1

    def __init__(self, found: str, needed: str = "", way_out: str = "") -> None:
        self.found, self.needed, self.way_out = found, needed, way_out
        super().__init__(str(Problem(None, "", found, needed, way_out)))


class DeclarationError(EnergysimError):
    """A component type is written wrongly; meant for the type's author."""

    exit_code = 1


class NoPlanError(EnergysimError):
    """No plan meets every demand, or a plan could earn without limit."""

    exit_code = 2


class InfeasibleError(NoPlanError):
    """No plan meets every demand; says at which node, when and by how much."""


class UnboundedError(NoPlanError):
    """A plan could earn without limit; names the component that would."""


class StoppedError(EnergysimError):
    """The solve was stopped before the end."""

    exit_code = 3


class SolverError(EnergysimError):
    """The solver ended in a way that is neither an answer nor a proof that there is none."""


class CertificateError(EnergysimError):
    """A solution does not keep the rules it was computed from."""

    results: Any = None
    """The failed run's dataset, to be looked at."""


class OutputError(EnergysimError):
    """The run folder cannot be written."""

    exit_code = 1


def disk_words(error: OSError) -> str:
    """Say why a file cannot be read or written, as part of a sentence.

    Examples
    --------
    >>> disk_words(OSError(28, "No space left on device")), disk_words(OSError(30, "Read-only file system"))
    ('the disk is full', 'Read-only file system')
    """
    if is_full(error):
        return "the disk is full"
    return error.strerror or str(error) or type(error).__name__


def is_full(error: OSError) -> bool:
    """Whether there is no room on a disk, or none left for this user."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


LONGEST = 60
"""Letters of what was found that a message repeats."""


def brief(value: object) -> str:
    """Quote a value in a message; of a long one the beginning is enough to find it.

    Examples
    --------
    >>> brief("20 MW"), brief("9" * 400 + " MW")
    ('20 MW', '999999999999999999999999999999999999999999999999999999999999...')
    """
    try:
        text = str(value)
    except ValueError:  # Python writes no whole number of many thousand digits
        text = "a number of thousands of digits"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


MOST_NAMED = 60
"""Known words that a message lists: a region of many components is not read out."""


def suggestion(word: str, known: Iterable[str]) -> str:
    """Offer the nearest known word, or list what there is.

    Parameters
    ----------
    word : str
        What the user wrote.
    known : iterable of str
        What would have been understood.

    Returns
    -------
    sentence : str
        ``Did you mean 'capacity'?`` for a near miss, else the known words.

    Examples
    --------
    >>> suggestion("capcity", ["capacity", "fuel"])
    "Did you mean 'capacity'?"
    >>> suggestion("xyz", ["fuel", "capacity"])
    'Known here: capacity, fuel.'
    """
    words = sorted(set(known))
    near = get_close_matches(str(word), words, n=1, cutoff=0.6)
    if near:
        return f"Did you mean '{near[0]}'?"
    if not words:
        return "Nothing is known here."
    more = f" and {len(words) - MOST_NAMED} more" if len(words) > MOST_NAMED + 1 else ""
    return f"Known here: {', '.join(words[:MOST_NAMED] if more else words)}{more}."


def _reading_order(problem: Problem) -> tuple[str, int, str]:
    if problem.where is None:
        return ("", 0, problem.subject)
    return (problem.where.file, problem.where.line or 0, problem.subject)
