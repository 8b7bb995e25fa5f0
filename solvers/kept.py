"""Where compiled loops are kept from one start to the next: apart for each state of the sources.

numba looks at the file of an outer loop only. A change in a file whose functions are written into it would go unseen,
and the next start would run yesterday's loops.
"""

import hashlib
import shutil
import tempfile
from pathlib import Path

from numba import config

ROOT = Path(__file__).parent
PREFIX = "loops-"


def keep_apart() -> Path:
    """Tell numba the folder for the sources as they are; folders of earlier states go.

    Returns
    -------
    folder : Path
        In the package where that can be written, else among the machine's temporary files; below the folder that the
        user gave numba (``NUMBA_CACHE_DIR``), if so.
    """
    given = Path(config.CACHE_DIR) if config.CACHE_DIR else None  # type: ignore[attr-defined]
    if given is not None and given.name.startswith(PREFIX):
        return given
    folder = (given or _writable(ROOT / "__pycache__")) / f"{PREFIX}{_digest()}"
    for other in folder.parent.glob(f"{PREFIX}*"):
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)
    config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
    return folder


def _digest() -> str:
    """Sum up the sources of all loops."""
    total = hashlib.sha256()
    for path in sorted(ROOT.rglob("*.py")):
        total.update(path.relative_to(ROOT).as_posix().encode())
        total.update(path.read_bytes())
    return total.hexdigest()[:16]


def _writable(folder: Path) -> Path:
    try:
        folder.mkdir(exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return Path(tempfile.gettempdir()) / "energysim"
