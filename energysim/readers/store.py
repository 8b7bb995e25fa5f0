"""Imported series on disk: a CSV a scenario can name, and beside it where it came from."""

import csv
import hashlib
import io
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from energysim.errors import OutputError, disk_words
from energysim.readers.imported import Imported

_MOST_GAPS = 1000


@dataclass(frozen=True)
class Origin:
    """Where a series came from."""

    form: str
    """Format of the files, or service that was asked."""
    files: Sequence[str | Path]
    """What was read."""
    asked: Sequence[dict[str, str]] = ()
    """Answers of a service: address without key, time, hash."""
    licence: str = ""
    """On what terms the service gives its data."""


def refuse_target(out: Path, files: Sequence[str | Path], replaces: bool) -> Path:
    """Refuse to write where something stands, or over what is read.

    Returns
    -------
    beside : Path
        The file that will tell the origin.

    Raises
    ------
    OutputError
        When one of both exists and may not be replaced, or is one of the files read.
    """
    beside = out.with_name(out.stem + ".origin.json")
    if any(out.resolve() == Path(file).resolve() for file in files):
        raise OutputError(f"'{out}' is the file that is read. Choose another with  --out FILE.")
    for target in (out, beside):
        if target.exists() and not replaces:
            raise OutputError(f"'{target}' exists. Choose another with  --out FILE , or replace it with  --force.")
    return beside


def write_series(series: Imported, out: Path, origin: Origin, replaces: bool = False) -> Path:
    """Write series and origin, aside first and then renamed into place.

    Parameters
    ----------
    series : Imported
        Missing values become empty cells: the scenario says whether and how they are filled.
    out : Path
        CSV to be.
    origin : Origin
        What was read, and from whom.
    replaces : bool
        Whether an existing file may be replaced.

    Returns
    -------
    beside : Path
        The file that tells the origin.

    Raises
    ------
    OutputError
        When the file exists and may not be replaced, is one of those read, or cannot be written.
    """
    beside = refuse_target(out, origin.files, replaces)
    content = {
        "format": origin.form,
        **({"licence": origin.licence, "asked": list(origin.asked)} if origin.asked else {}),
        "files": [{"file": Path(file).name, "sha256": sha256(Path(file))} for file in origin.files],
        "first": f"{series.stamps[0]}Z",
        "last": f"{series.stamps[-1]}Z",
        "step": f"{series.step / np.timedelta64(1, 'm'):g} min",
        "columns": [_column(series, n) for n in range(len(series.names))],
        "remarks": list(series.remarks),
    }
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_aside(out, _as_csv(series))
        write_aside(beside, json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    except OSError as error:
        raise OutputError(f"'{out}' cannot be written: {disk_words(error)}. Choose another with  --out FILE.") from None
    return beside


def _column(series: Imported, n: int) -> dict[str, object]:
    gaps = series.gaps(n)
    return {
        "column": series.names[n],
        "unit": series.units[n],
        "missing": int(np.isnan(series.values[:, n]).sum()),
        "gaps": [f"{start}Z, {length} steps" for start, length in gaps[:_MOST_GAPS]],
    }


def _as_csv(series: Imported) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["time", *series.names])
    texts = np.datetime_as_string(series.stamps, unit="m")
    for stamp, row in zip(texts, series.values.tolist(), strict=True):
        writer.writerow([f"{stamp}Z", *("" if np.isnan(value) else repr(value) for value in row)])
    return stream.getvalue()


def write_aside(target: Path, text: str) -> None:
    """Write a whole file or none: aside first, then renamed into place."""
    aside = target.with_name(f".{target.name}.partial-{os.getpid()}")
    try:
        aside.write_text(text, encoding="utf8")
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)


def sha256(path: Path) -> str:
    """Give the SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
