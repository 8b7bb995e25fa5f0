"""Progress of a long command: a line that changes and a bar on a terminal, plain lines in a pipe."""

import time

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn
from rich.progress import Progress as Bars
from rich.text import Text

OFTEN = 10.0
"""Seconds between two lines of the same stage in a pipe."""


class Progress:
    """What a command is at; use as a context manager."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._live = console.status("starting") if console.is_terminal else None
        self._bars: Bars | None = None
        self._bar = TaskID(0)
        self._began = time.perf_counter()
        self._spoke = 0.0
        self._stage = ""

    def __enter__(self) -> "Progress":
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._end_bar()
        if self._live is not None:
            self._live.stop()

    @property
    def has_bar(self) -> bool:
        """Whether a bar is shown."""
        return self._bars is not None

    def say(self, text: str) -> None:
        """Print a line, with the time since the start."""
        past = time.perf_counter() - self._began
        self.console.print(f"{past:6.1f} s  {text}", highlight=False, soft_wrap=True, markup=False)

    def tell(self, stage: str, text: str) -> None:
        """Show a stage; the solver speaks often, so in a pipe only every ten seconds of it is printed."""
        now = time.perf_counter() - self._began
        is_news = stage != self._stage or now - self._spoke >= OFTEN
        self._stage = stage
        self._end_bar()
        if self._live is not None:
            self._live.update(Text(f"{stage}: {text}"))
        if is_news and (self._live is None or stage != "solve"):
            self._spoke = now
            self.say(f"{stage:8} {text}")

    def count(self, what: str, done: int, whole: int, more: str = "") -> None:
        """Show how many of many are done: a bar on a terminal, a line now and then in a pipe.

        Parameters
        ----------
        what : str
            What is counted, such as ``years``.
        done, whole : int
        more : str
            What else there is to say, such as the time left.
        """
        now = time.perf_counter() - self._began
        if self._live is not None:
            bars = self._bars or self._begin_bar(what, whole)
            bars.update(self._bar, completed=done, total=whole, more=more)
        elif now - self._spoke >= OFTEN or done == whole:
            self._spoke = now
            self.say(f"{done:,} of {whole:,} {what}{more}")

    def _begin_bar(self, what: str, whole: int) -> Bars:
        if self._live is not None:
            self._live.stop()
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[more]}")
        self._bars = Bars(*columns, console=self.console, transient=True)
        self._bar = self._bars.add_task(what, total=whole, more="")
        self._bars.start()
        return self._bars

    def _end_bar(self) -> None:
        if self._bars is not None:
            self._bars.stop()
            self._bars = None
            if self._live is not None:
                self._live.start()


class Pace:
    """Expects the end from the pace so far."""

    def __init__(self) -> None:
        self._began: float | None = None
        self._first = 0

    def left(self, done: int, whole: int) -> str:
        """Say how long the rest takes, once that can be said."""
        now = time.perf_counter()
        if self._began is None or done <= self._first:
            self._began, self._first = now, done
            return ""
        seconds = (now - self._began) / (done - self._first) * (whole - done)
        return f", {span(seconds)} left" if done < whole else ""


def span(seconds: float) -> str:
    """Write a span of time as one says it.

    Examples
    --------
    >>> span(42.0), span(600.0), span(7500.0)
    ('42 s', '10 min', '2 h 05 min')
    """
    if seconds < 90.0:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60.0)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02d} min"
