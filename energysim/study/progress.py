"""How far a study is, and when it will be done."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from energysim.study.task import Ending, Outcome


@dataclass(frozen=True)
class State:
    """Where a study stands."""

    done: int
    """Runs that are there, those of an earlier start among them."""
    total: int
    failed: int
    """Runs without a plan, of those done now."""
    left: float | None
    """Seconds to the expected end; None while nothing can be said."""


class Progress:
    """Counts runs and expects the end from the pace so far.

    Parameters
    ----------
    total : int
        Runs the study asks for.
    hands : int
        Runs at the same time.
    hear : callable, optional
        Called with the state after each run.
    """

    def __init__(self, total: int, hands: int, hear: Callable[[State], None] | None = None) -> None:
        self.total, self.hands, self.hear = total, hands, hear
        self.there = self.done = self.failed = 0
        self._began = time.monotonic()

    def skip(self) -> None:
        """Count a run that is there already."""
        self.there += 1

    def tell(self, outcome: Outcome) -> None:
        """Count a run that has ended."""
        self.done += 1
        self.failed += outcome.ending is not Ending.DONE
        if self.hear is not None:
            self.hear(self.state)

    @property
    def state(self) -> State:
        """Where the study stands."""
        count = self.there + self.done
        # The first runs load libraries and compile; no pace is read off them.
        left = (
            (time.monotonic() - self._began) / self.done * max(0, self.total - count)
            if self.done > self.hands
            else None
        )
        return State(count, max(self.total, count), self.failed, left)
