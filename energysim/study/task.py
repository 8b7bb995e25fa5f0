"""A piece of work for a worker, and how it ended."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from energysim.errors import EnergysimError, NoPlanError, StoppedError
from energysim.study.version import Version, own_version


@dataclass(frozen=True)
class Task:
    """A pure function and its arguments: the same wherever and whenever it is called."""

    function: Callable[..., Any]
    """Importable by name on the worker."""
    arguments: tuple[Any, ...] = ()
    """Whatever can be pickled."""
    name: str = ""
    """For messages."""


class Ending(Enum):
    """How a task ended."""

    DONE = "done"
    """With a value."""
    REFUSED = "refused"
    """With an error of its own, such as a scenario without a plan: it would end the same way again."""
    BROKEN = "broken"
    """By a mistake of the program: it says nothing of plans, and would end the same way again."""
    LOST = "lost"
    """By the machine, such as a worker out of memory: worth another try."""


@dataclass(frozen=True)
class Outcome:
    """What came of a task."""

    number: int
    """Place of the task among those handed in, from 0."""
    name: str
    ending: Ending
    value: Any = None
    """What the function gave, when done."""
    reason: str = ""
    """Why there is no value, in words."""
    seconds: float = 0.0
    """Time on the worker."""
    has_no_plan: bool = False
    """Whether it was refused as nothing meets every demand."""


class OtherVersionError(EnergysimError):
    """A worker runs another version; its numbers must not meet ours."""

    exit_code = 1

    def __init__(self, ours: Version, theirs: Version | str) -> None:
        # All that makes it is given on, so that it survives the way from a worker.
        super().__init__(ours, theirs)
        self.ours, self.theirs = ours, theirs

    def __str__(self) -> str:
        return (
            f"A worker runs another version, and numbers of two versions are not mixed.\n  here:   {self.ours}\n"
            f"  worker: {self.theirs}\nInstall the same version on both sides and start the workers again."
        )


def perform(task: Task, number: int, ours: Version) -> Outcome:
    """Do a task where this is called; an error of its own is an outcome, not an exception.

    Raises
    ------
    OtherVersionError
        When this process runs other code than the one that asks.
    """
    if own_version() != ours:
        raise OtherVersionError(ours, own_version())
    began = time.perf_counter()
    try:
        value = task.function(*task.arguments)
    except StoppedError as error:
        return Outcome(number, task.name, Ending.LOST, None, str(error), time.perf_counter() - began)
    except EnergysimError as error:
        seconds, has_no_plan = time.perf_counter() - began, isinstance(error, NoPlanError)
        return Outcome(number, task.name, Ending.REFUSED, None, str(error), seconds, has_no_plan)
    except MemoryError:
        reason = "The worker had not enough memory for this run."
        return Outcome(number, task.name, Ending.LOST, None, reason, time.perf_counter() - began)
    except Exception as error:  # one broken run must not stop the others
        reason = f"This is a mistake in energysim or in an extension: {type(error).__name__}: {error}"
        return Outcome(number, task.name, Ending.BROKEN, None, reason, time.perf_counter() - began)
    return Outcome(number, task.name, Ending.DONE, value, "", time.perf_counter() - began)
