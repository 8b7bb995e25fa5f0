"""Threads that share the stretches of hours; who does what never changes the result."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self, TypeVar

from threadpoolctl import threadpool_limits

Part = TypeVar("Part")
Made = TypeVar("Made")


class Team:
    """Runs compiled loops, which hold no lock, side by side.

    Parameters
    ----------
    threads : int
        How many work at once.
    """

    def __init__(self, threads: int) -> None:
        self.threads = max(1, threads)
        self._pool: ThreadPoolExecutor | None = None
        self._limits: Any = None

    def __enter__(self) -> Self:
        self._pool = ThreadPoolExecutor(self.threads) if self.threads > 1 else None
        # Each thread calls BLAS by itself; BLAS must not start threads of its own.
        self._limits = threadpool_limits(1, user_api="blas")
        return self

    def __exit__(self, *exception: object) -> None:
        if self._pool is not None:
            self._pool.shutdown()
        self._limits.restore_original_limits()

    def each(self, work: Callable[[Part], Made], parts: Sequence[Part]) -> list[Made]:
        """Do the work for each part; results in the order of the parts."""
        if self._pool is None:
            return [work(part) for part in parts]
        return list(self._pool.map(work, parts))
