"""Which energysim this is: runs of two versions never meet in one table."""

import hashlib
import platform
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

import energysim
import solvers


@dataclass(frozen=True)
class Version:
    """What must be equal wherever runs of one study are computed."""

    energysim: str
    code: str
    """Start of the SHA-256 of the source files, as a version number may stand for more than one state of the code."""
    highspy: str
    numpy: str
    python: str

    def __str__(self) -> str:
        parts = (f"energysim {self.energysim} (code {self.code})", f"highspy {self.highspy}", f"numpy {self.numpy}")
        return ", ".join((*parts, f"Python {self.python}"))


@cache
def own_version() -> Version:
    """Say which versions this process runs.

    Examples
    --------
    >>> own_version() == own_version(), len(own_version().code)
    (True, 12)
    """
    return Version(
        energysim=version("energysim-symbiosis"),
        code=_code(),
        highspy=version("highspy"),
        numpy=version("numpy"),
        python=".".join(platform.python_version_tuple()[:2]),
    )


def _code() -> str:
    digest = hashlib.sha256()
    for package in (energysim, solvers):
        folder = Path(str(package.__file__)).parent
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".py", ".yaml"):
                digest.update(path.relative_to(folder.parent).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
