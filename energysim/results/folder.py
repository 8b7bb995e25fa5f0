"""The run folder: written aside, renamed into place, never half a result."""

import contextlib
import errno
import glob
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import xarray as xr
from filelock import FileLock, Timeout

from energysim.errors import OutputError, disk_words

RESULTS = "results.nc"
_PARTIAL = ".partial-"
_REPLACED = ".replaced-"
_FULL_BELOW = 1 << 20
"""A disk with less room counts as full. [byte]"""


class RunFolder:
    """Write a run's files in a hidden folder beside the target and rename it when all is done.

    Use as a context manager; ``folder.path`` is where to write. A run that fails or is killed leaves the target
    as it was; what a killed run left aside is removed by the next one. One process at a time writes a target.

    Parameters
    ----------
    target : path
        The run folder to be.
    replaces : bool
        Whether an existing run may be replaced.

    Raises
    ------
    OutputError
        When the target exists and may not be replaced, is no run folder, is being written by another process, or cannot
        be written.
    """

    def __init__(self, target: str | Path, replaces: bool = False) -> None:
        self.target = Path(target)
        self._replaces = replaces
        self.path = self.target
        if not self.target.name:
            raise OutputError(
                f"'{target}' cannot be a run folder, as nothing else may stand in one. Name a new one, such as  --out "
                f"{self.target / 'results'} ."
            )
        self._lock = FileLock(self.target.with_name(f".{self.target.name}.lock"))

    def __enter__(self) -> Self:
        self._refuse_bad_target()
        try:
            self._begin()
        except BaseException as error:
            self._let_go()
            if isinstance(error, OSError):
                raise self._unwritten(error) from None
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._put_in_place()
                return
            shutil.rmtree(self.path, ignore_errors=True)
            if isinstance(error, OSError):
                raise self._unwritten(error) from None
        finally:
            self._let_go()

    def fill(self, write: Callable[[Self], None]) -> None:
        """Have a function write all files, as many as it likes.

        What took hours to compute is not lost to a disk: where this one fails, the files are written once more, into
        the machine's folder for temporary files.

        Parameters
        ----------
        write : callable
            Takes a run folder that is open.

        Raises
        ------
        OutputError
            When the disk fails; says where the files are instead.
        """
        try:
            write(self)
        except OSError as error:
            spare = type(self)(Path(tempfile.mkdtemp(prefix="energysim-")) / self.target.name)
            try:
                with spare:
                    write(spare)
            except (OSError, OutputError):
                shutil.rmtree(spare.target.parent, ignore_errors=True)
                raise self._unwritten(error) from None
            raise OutputError(
                f"The run folder '{self.target}' cannot be written: {disk_words(error)}. The run is kept in "
                f"'{spare.target}' instead; move it to where there is room."
            ) from None

    def write_json(self, name: str, content: Any) -> None:
        """Write a JSON file into the folder."""
        text = json.dumps(content, indent=2, ensure_ascii=False, default=str)
        (self.path / name).write_text(text + "\n", encoding="utf8")

    def _begin(self) -> None:
        self.target.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise OutputError(
                f"Another process is at work on '{self.target}'. Wait for it, or choose another folder with  --out DIR."
            ) from None
        self._tidy()
        self._refuse_existing()
        self.path = Path(tempfile.mkdtemp(prefix=f".{self.target.name}{_PARTIAL}", dir=self.target.parent))
        self.path.chmod(0o755)

    def _put_in_place(self) -> None:
        """Rename the written folder to the target; where that cannot be, to a free name beside it."""
        old = None
        try:
            if self.target.exists():
                self._refuse_existing()  # something may have come meanwhile
                old = self.target.rename(self.target.with_name(f".{self.target.name}{_REPLACED}{os.getpid()}"))
            self.path.rename(self.target)
        except (OSError, OutputError) as problem:
            if old is not None and not self.target.exists():
                old.rename(self.target)
            why = disk_words(problem) if isinstance(problem, OSError) else "it came into being meanwhile"
            raise OutputError(
                f"The run folder '{self.target}' cannot be put in place: {why}. The run is kept in '{self._aside()}'."
            ) from None
        self.path = self.target
        if old is not None:
            shutil.rmtree(old, ignore_errors=True)

    def _aside(self) -> Path:
        """Rename the written folder to a free name beside the target; gives where it is."""
        number = 2
        while (free := self.target.with_name(f"{self.target.name}-{number}")).exists():
            number += 1
        try:
            self.path = self.path.rename(free)
        except OSError:
            return self.path
        return free

    def _let_go(self) -> None:
        """Let others write the target; only who holds the lock may remove its file."""
        if self._lock.is_locked:
            with contextlib.suppress(OSError):  # systems that keep open files leave it; it is empty
                Path(self._lock.lock_file).unlink()
            self._lock.release()

    def _refuse_bad_target(self) -> None:
        if self.target.exists() and not self.target.is_dir():
            raise OutputError(f"'{self.target}' is a file, not a folder. Choose another with  --out DIR.")

    def _refuse_existing(self) -> None:
        if not self.target.exists() or not any(self.target.iterdir()):
            return
        if not self._replaces:
            raise OutputError(
                f"The run folder '{self.target}' exists. Choose another with  --out DIR , or replace it with  --force."
            )
        if not (self.target / "run.json").exists():
            raise OutputError(
                f"'{self.target}' is not a run folder: it has no run.json. It is left as it is, also with --force. "
                "Choose another with  --out DIR."
            )

    def _tidy(self) -> None:
        """Remove what killed runs left aside, and put back a run that was being replaced."""
        for old in self.target.parent.glob(f".{glob.escape(self.target.name)}{_REPLACED}*"):
            if not self.target.exists() and any(old.iterdir()):
                old.rename(self.target)
            else:
                shutil.rmtree(old, ignore_errors=True)
        for left in self.target.parent.glob(f".{glob.escape(self.target.name)}{_PARTIAL}*"):
            shutil.rmtree(left, ignore_errors=True)

    def _unwritten(self, error: OSError) -> OutputError:
        return OutputError(
            f"The run folder '{self.target}' cannot be written: {disk_words(error)}. Choose another with  --out DIR."
        )


def save_results(results: xr.Dataset, path: str | Path) -> None:
    """Write the dataset as NetCDF; reading it back loses nothing.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    encoding = {name: {"zlib": True, "complevel": 1} for name, array in results.items() if array.dtype.kind == "f"}
    try:
        results.to_netcdf(path, engine="netcdf4", encoding=encoding)
    except RuntimeError as error:
        # All that the NetCDF library says of a disk without room is that something went wrong.
        is_full = shutil.disk_usage(Path(path).parent).free < _FULL_BELOW
        reason = os.strerror(errno.ENOSPC) if is_full else str(error)
        raise OSError(errno.ENOSPC if is_full else errno.EIO, reason, str(path)) from None


def load_results(path: str | Path) -> xr.Dataset:
    """Read the dataset of a run, from its folder or its file."""
    path = Path(path)
    file = path / RESULTS if path.is_dir() else path
    if not file.exists():
        raise OutputError(f"'{path}' holds no {RESULTS}. Name the folder of a finished run.")
    with xr.open_dataset(file, engine="netcdf4") as opened:
        return opened.load()
