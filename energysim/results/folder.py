"""The run folder: written aside, renamed into place, never half a result."""

import json
import os
import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import xarray as xr

from energysim.errors import OutputError

RESULTS = "results.nc"
_PARTIAL = ".partial-"
_REPLACED = ".replaced-"


class RunFolder:
    """Write a run's files in a hidden folder beside the target and rename it when all is done.

    Use as a context manager; ``folder.path`` is where to write. A run that fails or is killed leaves the target
    as it was; what a killed run left aside is removed by the next one.

    Parameters
    ----------
    target : path
        The run folder to be.
    replaces : bool
        Whether an existing run may be replaced.

    Raises
    ------
    OutputError
        When the target exists and may not be replaced, is no run folder, or cannot be written.
    """

    def __init__(self, target: str | Path, replaces: bool = False) -> None:
        self.target = Path(target)
        self._replaces = replaces
        self.path = self.target

    def __enter__(self) -> Self:
        self._refuse_bad_target()
        try:
            self.target.parent.mkdir(parents=True, exist_ok=True)
            self._tidy()
            self._refuse_existing()
            aside = tempfile.mkdtemp(prefix=f".{self.target.name}{_PARTIAL}{os.getpid()}-", dir=self.target.parent)
        except OSError as error:
            raise OutputError(
                f"The run folder '{self.target}' cannot be written: {error.strerror}. Choose another with  --out DIR."
            ) from None
        self.path = Path(aside)
        self.path.chmod(0o755)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            shutil.rmtree(self.path, ignore_errors=True)
            return
        try:
            old = None
            if self.target.exists():
                old = self.target.with_name(f".{self.target.name}{_REPLACED}{os.getpid()}")
                self.target.rename(old)
            self.path.rename(self.target)
        except OSError as problem:
            shutil.rmtree(self.path, ignore_errors=True)
            raise OutputError(f"The run folder '{self.target}' cannot be put in place: {problem.strerror}.") from None
        self.path = self.target
        if old is not None:
            shutil.rmtree(old, ignore_errors=True)

    def write_json(self, name: str, content: Any) -> None:
        """Write a JSON file into the folder."""
        text = json.dumps(content, indent=2, ensure_ascii=False, default=str)
        (self.path / name).write_text(text + "\n", encoding="utf8")

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
        for old in self.target.parent.glob(f".{self.target.name}{_REPLACED}*"):
            if not self.target.exists():
                old.rename(self.target)
            elif not _is_running(old.name.rpartition("-")[2]):
                shutil.rmtree(old, ignore_errors=True)
        for left in self.target.parent.glob(f".{self.target.name}{_PARTIAL}*"):
            if not _is_running(left.name.split(_PARTIAL)[1].split("-")[0]):
                shutil.rmtree(left, ignore_errors=True)


def save_results(results: xr.Dataset, path: str | Path) -> None:
    """Write the dataset as NetCDF; reading it back loses nothing."""
    encoding = {name: {"zlib": True, "complevel": 1} for name, array in results.items() if array.dtype.kind == "f"}
    results.to_netcdf(path, engine="netcdf4", encoding=encoding)


def load_results(path: str | Path) -> xr.Dataset:
    """Read the dataset of a run, from its folder or its file."""
    path = Path(path)
    file = path / RESULTS if path.is_dir() else path
    if not file.exists():
        raise OutputError(f"'{path}' holds no {RESULTS}. Name the folder of a finished run.")
    with xr.open_dataset(file, engine="netcdf4") as opened:
        return opened.load()


def _is_running(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True
