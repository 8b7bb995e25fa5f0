"""The workers of a study: processes of this machine, or an existing Dask cluster."""

import contextlib
import logging
import signal
import tempfile
import time
from typing import Any, Self

import dask
from dask.system import CPU_COUNT
from distributed import Client, LocalCluster
from distributed.system import MEMORY_LIMIT

from energysim.errors import OutputError
from energysim.study.task import OtherVersionError
from energysim.study.version import own_version

PATIENCE = 30.0
"""Longest wait for a scheduler, and for its first worker. [s]"""
_CLOSING = 20
"""Longest wait for workers to end. [s]"""
MEMORY_SHARE = 0.9
"""Share of the machine's memory that the local workers have together."""
_SETTINGS = {
    "distributed.scheduler.allowed-failures": 2,  # a run that kills three workers is a failed run
    "distributed.scheduler.worker-saturation": 1.0,
    "distributed.scheduler.worker-ttl": None,  # a solver may keep its process busy for long
    "distributed.admin.tick.limit": "1h",
    "distributed.worker.profile.enabled": False,  # keeps a second's call tree for an hour: memory would grow so long
    "distributed.worker.memory.target": False,  # results are fetched at once; nothing is worth spilling
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
}


class Crew:
    """Workers, from the first to the last task; use as a context manager.

    Parameters
    ----------
    workers : int, optional
        Processes on this machine; as many as there are cores where not said. With 0 there are none and all is done in
        the calling process, one task after another.
    scheduler : str, optional
        Address of a Dask cluster, such as ``tcp://10.0.0.5:8786``, to be used instead.

    Raises
    ------
    OutputError
        When the scheduler does not answer or has no workers.
    OtherVersionError
        When workers run another version.
    """

    def __init__(self, workers: int | None = None, scheduler: str | None = None) -> None:
        if workers is not None and workers < 0:
            raise OutputError(f"{workers} workers cannot work. Use  --workers 2 , or leave it out to use all cores.")
        self.workers = CPU_COUNT if workers is None else workers
        self.scheduler = scheduler
        self.patience = PATIENCE
        self.client: Client | None = None
        self._cluster: LocalCluster | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._settings: Any = None

    def __enter__(self) -> Self:
        if self.scheduler is None and self.workers == 0:
            return self
        self._settings = dask.config.set(_SETTINGS)
        self._settings.__enter__()
        try:
            self._start()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self._close()

    @property
    def hands(self) -> int:
        """Tasks that can run at the same time."""
        if self.client is None:
            return 1
        return max(1, sum(self.client.nthreads().values()))

    def reconnect(self) -> None:
        """Find the scheduler again after it was lost."""
        if self.client is not None:
            self.client.close(timeout=1)
        self.client = None
        self._connect()

    def _start(self) -> None:
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        if self.scheduler is None:
            self._folder = tempfile.TemporaryDirectory(prefix="energysim-", ignore_cleanup_errors=True)
            try:
                self._cluster = LocalCluster(
                    n_workers=self.workers,
                    threads_per_worker=1,  # solvers and extensions need not be safe side by side in one process
                    dashboard_address="127.0.0.1:0",  # on any free port, and for this machine only
                    memory_limit=int(MEMORY_SHARE * MEMORY_LIMIT / self.workers),
                    local_directory=self._folder.name,
                    preload="energysim.study.crew",
                    silence_logs=logging.CRITICAL,
                )
            except (RuntimeError, OSError) as error:
                # They speak over the loopback interface, which a sealed container may lack; or the machine is too busy.
                raise OutputError(
                    f"No workers can be started on this machine ({_short(error)}). Try again, or do all in this "
                    "process with  --workers 0."
                ) from None
        self._connect()

    def _connect(self) -> None:
        target = self._cluster if self.scheduler is None else self.scheduler
        until = time.monotonic() + self.patience
        try:
            self.client = Client(target, timeout=self.patience, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise OutputError(
                f"No Dask scheduler answers at {self.scheduler} ({_short(error)}). Start one there with  dask "
                "scheduler  and workers with  dask worker ADDRESS , or leave out  --scheduler  to use this machine."
            ) from None
        while not self.client.nthreads():
            if time.monotonic() > until:
                raise OutputError(
                    f"The scheduler at {self.scheduler} has no workers. Start some with  dask worker {self.scheduler}"
                )
            time.sleep(0.1)
        self._check_versions()

    def _check_versions(self) -> None:
        assert self.client is not None
        ours = own_version()
        for theirs in self.client.run(own_version, on_error="return").values():
            if isinstance(theirs, Exception):
                raise OtherVersionError(ours, f"none that answers ({_short(theirs)})")
            if theirs != ours:
                raise OtherVersionError(ours, theirs)

    def _close(self) -> None:
        for resource in (self.client, self._cluster):
            if resource is not None:
                # Workers that do not answer end with this process; what was computed is never lost to how it ends.
                with contextlib.suppress(TimeoutError, OSError):
                    resource.close(timeout=_CLOSING)
        self.client = self._cluster = None
        if self._folder is not None:
            self._folder.cleanup()
        if self._settings is not None:
            self._settings.__exit__(None, None, None)
            self._settings = None


def dask_setup(worker: object) -> None:
    """Let a local worker outlive Ctrl-C, which a terminal sends to all; called by Dask when the worker starts."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _short(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
