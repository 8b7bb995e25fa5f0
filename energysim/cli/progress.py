"""Progress of a long command."""

import time

from rich.console import Console


class Progress:
    """One line that changes on a terminal, plain lines in a pipe."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._live = console.status("starting") if console.is_terminal else None
        self._began = time.perf_counter()
        self._spoke = 0.0
        self._stage = ""

    def __enter__(self) -> "Progress":
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, *exception: object) -> None:
        if self._live is not None:
            self._live.stop()

    def tell(self, stage: str, text: str) -> None:
        """Show a stage; the solver speaks often, so in a pipe only every ten seconds of it is printed."""
        now = time.perf_counter() - self._began
        is_news = stage != self._stage or now - self._spoke >= 10.0
        self._stage = stage
        if self._live is not None:
            self._live.update(f"{stage}: {text}")
        if is_news and (self._live is None or stage != "solve"):
            self._spoke = now
            self.console.print(f"{now:6.1f} s  {stage:8} {text}", highlight=False, soft_wrap=True)
