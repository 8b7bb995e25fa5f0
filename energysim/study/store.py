"""The store of a study: every run kept as soon as it is there, whole or not at all."""

import json
import math
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import xarray as xr
import zarr
from filelock import FileLock, Timeout

from energysim.errors import OutputError, StoppedError, disk_words, is_full
from energysim.study.case import Record
from energysim.study.task import Ending, Outcome
from energysim.study.version import Version

STORE = "results.zarr"
FACTS = "study.json"
_RUNS, _ASIDE, _LOCK = "runs", ".partial", ".lock"


class Store:
    """A Zarr group with one group for each run, named by the hash of its scenario.

    A run's group has the figures in its attributes and the series asked for as arrays. It is written aside and renamed
    into place, so that a kill at any moment leaves no half run. One study at a time writes; use as a context manager.

    Parameters
    ----------
    folder : path
        Study folder.
    version : Version
        Of this process; a store begun by another is refused.
    mode : str
        ``new`` for a folder that does not exist yet, ``resume`` to go on with one, ``replace`` to begin it again.

    Raises
    ------
    OutputError
        When the folder is not as the mode needs it, cannot be written, or belongs to another version or process.
    """

    def __init__(self, folder: str | Path, version: Version, mode: str = "new") -> None:
        self.folder, self.version, self.mode = Path(folder), version, mode
        self.path = self.folder / STORE
        self._lock = FileLock(self.folder / _LOCK)

    def __enter__(self) -> Self:
        self.judge()
        try:
            if self.mode == "replace" and self.folder.exists():
                self._empty()
            self.folder.mkdir(parents=True, exist_ok=True)
            self._take_lock()
            if not self.path.exists():
                root = zarr.open_group(self.path, mode="w")
                root.attrs["version"] = str(self.version)
                root.create_group(_RUNS)
            shutil.rmtree(self.path / _ASIDE, ignore_errors=True)
            self._drop_lost()
        except OSError as error:
            raise self._not_written(error) from None
        return self

    def __exit__(self, *exception: object) -> None:
        self._lock.release()

    def __contains__(self, key: str) -> bool:
        return self._run(key).exists()

    def runs(self) -> Iterator[str]:
        """Walk the names of the runs that are there."""
        for path in (self.path / _RUNS).iterdir():
            if path.is_dir():
                yield path.name

    def put(self, key: str, outcome: Outcome) -> None:
        """Keep the outcome of a run.

        Raises
        ------
        StoppedError
            When the disk is full; what was kept before stays.
        """
        aside = self.path / _ASIDE / f"{key}-{uuid.uuid4().hex}"
        record = outcome.value if isinstance(outcome.value, Record) else None
        try:
            group = zarr.open_group(aside, mode="w")
            group.attrs.put(_attributes(outcome, record))
            if record is not None and record.series is not None:
                _with_text(record.series, "U", object).to_zarr(aside / "series", mode="w", consolidated=False)
            aside.rename(self._run(key))
        except OSError as error:
            shutil.rmtree(aside, ignore_errors=True)
            raise self._not_written(error) from None

    def get(self, key: str) -> Outcome:
        """Give the outcome of a run, without its series."""
        kept = json.loads((self._run(key) / "zarr.json").read_text(encoding="utf8"))["attributes"]
        record = None
        if kept["ending"] == Ending.DONE.value:
            values = {name: math.nan if value is None else value for name, value in kept["values"].items()}
            record = Record(values, kept["units"], kept["titles"], kept["facts"])
        return Outcome(0, kept["name"], Ending(kept["ending"]), record, kept["reason"], kept["seconds"])

    def series(self, key: str) -> xr.Dataset:
        """Give the series kept of a run."""
        with xr.open_zarr(self._run(key) / "series", consolidated=False) as opened:
            return _with_text(opened.load(), "T", str)

    def _drop_lost(self) -> None:
        """Forget runs that the machine lost, so that they are tried again."""
        for key in [key for key in self.runs() if self.get(key).ending is Ending.LOST]:
            shutil.rmtree(self._run(key))

    def _run(self, key: str) -> Path:
        return self.path / _RUNS / key

    def judge(self) -> None:
        """Say whether the folder is as the mode needs it; writes nothing.

        Raises
        ------
        OutputError
            When it is not.
        """
        exists = self.folder.exists() and (not self.folder.is_dir() or any(self.folder.iterdir()))
        if exists and not self.folder.is_dir():
            raise OutputError(f"'{self.folder}' is a file, not a folder. Choose another with  --out DIR.")
        is_study = (self.path / "zarr.json").exists()
        if self.mode == "new" and exists:
            way = "Go on with it by  --resume , replace it by  --force , or choose" if is_study else "Choose"
            raise OutputError(f"The study folder '{self.folder}' exists. {way} another with  --out DIR.")
        if self.mode == "replace" and exists and not is_study:
            raise OutputError(
                f"'{self.folder}' is no study folder: it has no {STORE}. It is left as it is, also with --force. "
                "Choose another with  --out DIR."
            )
        if self.mode != "resume":
            return
        if not is_study:
            raise OutputError(f"There is nothing to resume in '{self.folder}'. Leave out  --resume  to begin.")
        begun = zarr.open_group(self.path, mode="r").attrs.get("version")
        if begun != str(self.version):
            raise OutputError(
                f"The study in '{self.folder}' was begun by another version, and numbers of two versions are not mixed."
                f"\n  begun by: {begun}\n  here:     {self.version}\n"
                "Install that version, or begin again with  --force  or another  --out DIR."
            )

    def _empty(self) -> None:
        """Remove a study; what is not of it stays."""
        self._take_lock()
        for path in self.folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name != _LOCK:
                path.unlink()

    def _take_lock(self) -> None:
        """Keep other processes out; the lock falls with this process, however that ends."""
        if self._lock.is_locked:
            return
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise OutputError(
                f"Another process is at work on '{self.folder}'. Wait for it, or choose another folder with  --out DIR."
            ) from None

    def _not_written(self, error: OSError) -> Exception:
        if is_full(error):
            return StoppedError(
                f"The disk of '{self.folder}' is full. All runs finished before are kept; make room and go on with  "
                "--resume."
            )
        return OutputError(
            f"The study folder '{self.folder}' cannot be written: {disk_words(error)}. Choose another with  --out DIR."
        )


def write_whole(path: Path, text: str) -> None:
    """Write a text file so that it is there whole or as it was."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        aside.write_text(text, encoding="utf8")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _attributes(outcome: Outcome, record: Record | None) -> dict[str, Any]:
    kept: dict[str, Any] = {
        "name": outcome.name,
        "ending": outcome.ending.value,
        "reason": outcome.reason,
        "seconds": outcome.seconds,
    }
    if record is not None:
        # JSON has no NaN; a figure that does not exist is null. Other floats survive to the last bit.
        kept["values"] = {name: None if math.isnan(value) else value for name, value in record.values.items()}
        kept.update(units=record.units, titles=record.titles, facts=record.facts)
    return kept


def _with_text(series: xr.Dataset, kind: str, wanted: type) -> xr.Dataset:
    """Bring coordinates that hold text from one kind to another: Zarr has a format of its own for text."""
    text = {name: array.astype(wanted) for name, array in series.coords.items() if array.dtype.kind == kind}
    return series.assign_coords(text)
