"""Answers of services kept on disk, each with a note beside it that tells where it came from; never a key."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from platformdirs import user_cache_path
from requests import RequestException

from energysim.errors import OutputError, disk_words
from energysim.readers.store import sha256, write_aside

FOLDER = "ENERGYSIM_CACHE"
"""Environment variable that names another folder."""


@dataclass(frozen=True)
class Note:
    """Where a kept answer came from."""

    address: str
    """What was asked, without any key."""
    asked: str
    """When, in UTC."""
    sha256: str
    tag: str = ""
    """Mark of the version, as the service gave it (ETag)."""
    changed: str = ""
    """When the service last changed it (Last-Modified)."""

    def told(self) -> dict[str, str]:
        """What belongs into the origin of a series."""
        return {"address": self.address, "asked": self.asked, "sha256": self.sha256}


@dataclass(frozen=True)
class Answer:
    """A whole answer on disk."""

    file: Path
    note: Note
    is_new: bool = False
    """Whether the service sent it just now."""


class Cache:
    """A folder of answers, the user's own cache where nothing is said.

    Parameters
    ----------
    folder : str or Path, optional
        Folder to use; else the environment variable ``ENERGYSIM_CACHE``; else the user's cache folder.
    """

    def __init__(self, folder: str | Path | None = None) -> None:
        said = folder or os.environ.get(FOLDER)
        self.folder = Path(said) if said else user_cache_path("energysim-symbiosis")

    def path(self, name: str) -> Path:
        """Where an answer of that name lies or will lie; makes the folder."""
        target = self.folder / name
        with self.writing():
            target.parent.mkdir(parents=True, exist_ok=True)
        return target

    def find(self, name: str, address: str) -> Answer | None:
        """Give an answer kept before; None where there is none, or where it is no longer what was kept."""
        file = self.folder / name
        try:
            note = Note(**json.loads(_beside(file).read_text(encoding="utf8")))
            is_sound = note.address == address and note.sha256 == sha256(file)
        except (OSError, ValueError, TypeError):
            return None
        return Answer(file, note) if is_sound else None

    def keep(self, part: Path, name: str, said: dict[str, str]) -> Answer:
        """Rename a whole answer into place and write its note.

        Parameters
        ----------
        part : Path
            The answer as it came.
        name : str
            What it is kept as.
        said : dict
            ``address``, and ``tag`` and ``changed`` where the service gave them.
        """
        file = self.path(name)
        note = Note(asked=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", sha256=sha256(part), **said)
        with self.writing():
            # The note of an older answer never stands beside the new one: its hash would not fit, and it is not found.
            part.replace(file)
            write_aside(_beside(file), json.dumps(asdict(note), indent=2) + "\n")
        return Answer(file, note, True)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Say in the user's words that the folder cannot be written."""
        try:
            yield
        except RequestException:
            raise  # an error of the network, though Python counts it among those of files
        except OSError as error:
            raise OutputError(
                f"The cache folder '{self.folder}' cannot be written: {disk_words(error)}. "
                f"Choose another with  --cache FOLDER , or in the environment variable {FOLDER}."
            ) from None


def _beside(file: Path) -> Path:
    return file.with_name(file.name + ".origin.json")
