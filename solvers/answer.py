"""What is asked of a solver, and what comes back."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

AFTERWARDS = 0.1
"""Share of a run's time limit that what follows a stopped search may take beyond it."""


class Status(Enum):
    """How a solve ended."""

    OPTIMAL = "optimal"
    """The answer is proven best within the tolerance."""
    INFEASIBLE = "infeasible"
    """No point keeps all rows and bounds."""
    UNBOUNDED = "unbounded"
    """The objective has no lower limit."""
    STOPPED = "stopped"
    """A limit or the user ended the search; the answer, if any, is usable."""
    FAILED = "failed"
    """The solver gave neither an answer nor a proof."""


@dataclass(frozen=True)
class Options:
    """What a caller may ask of a solver."""

    method: str = "auto"
    """``auto``; ``interior``, the method on the hours' pattern; or HiGHS's ``simplex``, ``ipx``, ``hipo``, ``pdlp``."""
    crossover: bool | None = None
    """Whether an interior point is moved to a corner, where the prices are those of single plants; by the rule if
    not said."""
    gap: float = 1e-4
    """Relative gap at which a search over integers may end."""
    proven_gap: float = 1e-6
    """Relative gap to the proven bound at which the method ``interior`` may end."""
    time_limit: float = np.inf
    """[s]"""
    threads: int = 0
    """0 lets HiGHS choose."""

    def since(self, began: float) -> "Options":
        """Give the next solve of a run that began then the time that is left. [s, of ``time.perf_counter``]"""
        return replace(self, time_limit=max(0.0, self.time_limit - (time.perf_counter() - began)))

    def afterwards(self, began: float) -> "Options":
        """Give what follows a search, prices or the reason of a failure, what is left, or else a little more."""
        left = self.since(began).time_limit
        return replace(self, time_limit=max(left, AFTERWARDS * self.time_limit))


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: Status
    method: str
    """Method that gave the answer."""
    objective: float
    columns: Floats
    """(column,)"""
    row_duals: Floats
    """(row,) change of the objective per unit of the row's bound"""
    column_duals: Floats
    """(column,)"""
    gap: float
    """Relative gap left by a search over integers, or proven by the method ``interior``; else 0, and infinite where
    a search was stopped that knows none."""
    iterations: int
    seconds: float
    remark: str = ""
    """Why the method is not the one asked for, or chosen, if so."""
    has_duals: bool = True
    """Whether the duals mean something; without, as of a search over integers, they are zeros."""


Progress = Callable[[str, int, float], None]
"""Called now and then with method, iterations and seconds."""
