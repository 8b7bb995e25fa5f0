"""Small foreign files, and the real ones where they lie beside the checkout."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from energysim.errors import SeriesError
from energysim.readers.formats import import_files
from energysim.readers.imported import Asked, Imported

REAL = Path(os.environ.get("ENERGYSIM_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))

Reader = Callable[..., Imported]


@pytest.fixture
def reading(tmp_path: Path) -> Reader:
    """Write a text as a file and import it; further words are what the user says."""

    def read(name: str, text: str, encoding: str = "utf8", **asked: object) -> Imported:
        path = tmp_path / "file.csv"
        path.write_bytes(text.encode(encoding))
        return import_files(name, [path], Asked(**asked))  # type: ignore[arg-type]

    return read


@pytest.fixture
def told(reading: Reader, tmp_path: Path) -> Callable[..., str]:
    """The whole message of a file that cannot be imported, without the folder."""

    def tell(name: str, text: str, **asked: object) -> str:
        with pytest.raises(SeriesError) as caught:
            reading(name, text, **asked)
        return str(caught.value).replace(f"{tmp_path.as_posix()}/", "")

    return tell


@pytest.fixture
def real() -> Callable[[str], Path]:
    """A file of real data; the test is skipped where it is absent."""

    def find(name: str) -> Path:
        path = REAL / name
        if not path.is_file():
            pytest.skip(f"the real file {name} is not beside this checkout; ENERGYSIM_DATA names another folder")
        return path

    return find


def utc(text: str) -> np.datetime64:
    return np.datetime64(text, "m")
