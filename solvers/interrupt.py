"""Ctrl-C or SIGTERM in a long solve: the first asks it to end with the best found so far, a second acts as usual."""

import signal
import threading
from typing import Any, Self


class Interrupt:
    """Notes the first Ctrl-C (SIGINT) or SIGTERM in place of acting on it: inside compiled loops it would be lost."""

    def __init__(self) -> None:
        self.is_asked = False
        self._usual: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self._usual = {kind: signal.signal(kind, self._note) for kind in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *exception: object) -> None:
        self._act_as_usual()

    def _note(self, number: int, frame: object) -> None:
        self.is_asked = True
        self._act_as_usual()

    def _act_as_usual(self) -> None:
        for kind, usual in self._usual.items():
            signal.signal(kind, usual)
