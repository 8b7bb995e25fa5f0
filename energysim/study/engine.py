"""The engine of all many-run methods: pure tasks in, outcomes out, on the cores at hand or on a Dask cluster.

For a list of tasks of moderate size::

    from energysim.study.engine import Task, run_tasks
    from energysim.study.case import Base, case_task

    base = Base.of("scenarios/02_one_town.yaml", overrides=["time.year=null", ...])
    tasks = [case_task(base, {"components.chip_boiler.capacity": "0 MW"}), case_task(base, {})]
    for outcome in run_tasks(tasks, workers=2):          # in the order of the tasks, whatever order they ended in
        print(outcome.ending, outcome.value.values["Total cost"] if outcome.value else outcome.reason)

``Task(function, arguments)`` takes any importable function; ``case_task`` makes the task of one changed scenario.
``workers=0`` does everything in the calling process, without Dask; the numbers are the same. A task that fails has an
outcome with its reason and stops no other. :func:`stream` does the same for any number of tasks and keeps none.

What a task gives must not depend on which tasks its worker did before: that is what makes results equal for one worker
and for a hundred. Cases that differ only in numbers reuse a loaded solver model, and keep to this; see
:mod:`energysim.study.case`.
"""

import queue
import uuid
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from distributed import Future, KilledWorker

from energysim.errors import OutputError, StoppedError
from energysim.study.crew import Crew
from energysim.study.task import Ending, OtherVersionError, Outcome, Task, perform
from energysim.study.version import own_version
from solvers.interrupt import Interrupt

__all__ = ["Crew", "Ending", "OtherVersionError", "Outcome", "Task", "run_tasks", "stream"]

SHORT = 0.3
"""A task shorter than this keeps more of its kind waiting beside it, so that the way to the worker is not felt. [s]"""
WAITING, WAITING_SHORT = 2, 16
"""Tasks on their way for each one that runs; the rest stays with us, so that memory does not grow with the study."""
_POLL = 1.0
"""Seconds between looks at the scheduler while nothing ends."""


def run_tasks(tasks: Iterable[Task], workers: int | None = None, scheduler: str | None = None) -> list[Outcome]:
    """Do tasks and give their outcomes in the order of the tasks.

    Parameters
    ----------
    tasks : iterable of Task
    workers : int, optional
        Processes on this machine; as many as cores where not said, none and all in this process with 0.
    scheduler : str, optional
        Address of a Dask cluster to use instead.

    Returns
    -------
    outcomes : list of Outcome
        One for each task.

    Raises
    ------
    StoppedError
        After Ctrl-C, when the running tasks have ended.
    OutputError
        When a scheduler does not answer.
    OtherVersionError
        When workers run another version.
    """
    with Crew(workers, scheduler) as crew:
        return sorted(stream(tasks, crew), key=lambda outcome: outcome.number)


def stream(tasks: Iterable[Task], crew: Crew) -> Iterator[Outcome]:
    """Do tasks and give each outcome as soon as it is there; neither tasks nor outcomes are kept.

    Ctrl-C starts no more tasks, lets the running ones end and gives their outcomes; a second one leaves at once.

    Parameters
    ----------
    tasks : iterable of Task
        Taken one by one as there is room.
    crew : Crew
        Entered.

    Yields
    ------
    outcome : Outcome

    Raises
    ------
    StoppedError
        At the end, after Ctrl-C.
    """
    with Interrupt() as interrupt:
        numbered = enumerate(tasks)
        if crew.client is None:
            for number, task in numbered:
                yield perform(task, number, own_version())
                if interrupt.is_asked:
                    break
        else:
            yield from _Flight(crew, interrupt).outcomes(numbered)
        if interrupt.is_asked:
            raise StoppedError("Stopped as asked; the runs that had begun were finished.")


class _Flight:
    """The tasks on their way to and on the workers."""

    def __init__(self, crew: Crew, interrupt: Interrupt) -> None:
        self.crew, self.interrupt = crew, interrupt
        self.flying: dict[str, tuple[Future, int, Task]] = {}
        self.ended: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.is_short = False
        self.is_ending = False

    def outcomes(self, numbered: Iterator[tuple[int, Task]]) -> Iterator[Outcome]:
        """Keep the workers busy and give what ends."""
        try:
            while True:
                if not self.interrupt.is_asked:
                    width = self.crew.hands * (WAITING_SHORT if self.is_short else WAITING)
                    for number, task in islice(numbered, max(0, width - len(self.flying))):
                        self._submit(number, task)
                elif not self.is_ending:
                    self.is_ending = True
                    self._call_back()
                if not self.flying:
                    return
                outcome = self._next()
                if outcome is not None:
                    self.is_short = outcome.seconds < SHORT
                    yield outcome
        finally:
            self._cancel(self.flying)

    def _submit(self, number: int, task: Task) -> None:
        client = self.crew.client
        assert client is not None
        key = f"run-{number}-{uuid.uuid4().hex}"
        future = client.submit(perform, task, number, own_version(), key=key, pure=False)
        self.flying[key] = (future, number, task)
        future.add_done_callback(lambda ended: self.ended.put(ended.key))

    def _next(self) -> Outcome | None:
        """Wait for an end; None when there was none, or the scheduler had to be found again."""
        try:
            key = self.ended.get(timeout=_POLL)
        except queue.Empty:
            key = ""
        if key and key not in self.flying:
            return None
        if not key or self.flying[key][0].status in ("cancelled", "lost"):
            if self._is_scheduler_lost():
                self._find_again()
            return None
        future, number, task = self.flying.pop(key)
        return _outcome(future, number, task)

    def _is_scheduler_lost(self) -> bool:
        client = self.crew.client
        gone = any(future.status in ("cancelled", "lost") for future, _, _ in self.flying.values())
        return gone or client is None or client.status != "running"

    def _find_again(self) -> None:
        """Reach the scheduler anew and hand it what was on its way; finished outcomes were given long before."""
        again = [(number, task) for _, number, task in self.flying.values()]
        self.flying.clear()
        try:
            self.crew.reconnect()
        except OutputError as error:
            raise StoppedError(f"The scheduler was lost. {error}") from None
        for number, task in again:
            self._submit(number, task)

    def _call_back(self) -> None:
        """Take back what waits and has not begun."""
        client = self.crew.client
        assert client is not None
        begun: set[str] = set()
        for keys in client.run(_executing).values():
            begun.update(keys)
        waiting = {key: entry for key, entry in self.flying.items() if key not in begun and not entry[0].done()}
        for key in waiting:
            del self.flying[key]
        self._cancel(waiting)

    def _cancel(self, entries: dict[str, tuple[Future, int, Task]]) -> None:
        client = self.crew.client
        if entries and client is not None and client.status == "running":
            client.cancel([future for future, _, _ in entries.values()], force=True)


def _executing(dask_worker: Any) -> list[str]:
    """Keys a worker is at; run on the worker by Dask."""
    return [str(state.key) for state in dask_worker.state.executing]


def _outcome(future: Future, number: int, task: Task) -> Outcome:
    if future.status == "finished":
        outcome: Outcome = future.result()
        return outcome
    error = future.exception()
    if isinstance(error, OtherVersionError):
        raise error
    if isinstance(error, KilledWorker):
        reason = "Three workers died of this run, one after another: out of memory, or ended from outside."
        return Outcome(number, task.name, Ending.LOST, None, reason)
    return Outcome(number, task.name, Ending.LOST, None, f"The run got lost: {type(error).__name__}: {error}")
