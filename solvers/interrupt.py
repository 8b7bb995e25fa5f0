"""Ctrl-C during a long solve: the first one asks it to end with the best found so far, a second one acts as usual."""

import signal
import threading
from typing import Any, Self


class Interrupt:
    """Notes the first Ctrl-C in place of raising it, as inside compiled loops it would be lost."""

    def __init__(self) -> None:
        self.is_asked = False
        self._usual: Any = None

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self._usual = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(self, *exception: object) -> None:
        if self._usual is not None:
            signal.signal(signal.SIGINT, self._usual)

    def _note(self, number: int, frame: object) -> None:
        self.is_asked = True
        signal.signal(signal.SIGINT, self._usual)
