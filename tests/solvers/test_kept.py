"""Compiled loops are kept, and never those of other sources."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from solvers import kept

ASK = "import solvers.interior.engine as e; from numba import config; print(config.CACHE_DIR); print(e.first_use())"


def started(**environment: str) -> tuple[Path, float]:
    """Folder and seconds of a first use in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", ASK], capture_output=True, text=True, check=True, env={**os.environ, **environment}
    )
    folder, seconds = done.stdout.split("\n")[:2]
    return Path(folder), float(seconds)


@pytest.mark.slow
def test_the_second_start_compiles_nothing(tmp_path: Path) -> None:
    """The first start of a machine fills the folder, the second adds no file to it."""
    folder, _ = started(NUMBA_CACHE_DIR=str(tmp_path))
    files = sorted(path.name for path in folder.rglob("*.nbc"))
    again, _ = started(NUMBA_CACHE_DIR=str(tmp_path))

    assert folder.parent == tmp_path
    assert files
    assert again == folder
    assert sorted(path.name for path in folder.rglob("*.nbc")) == files


def test_other_sources_other_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change in any file is another folder, and what was kept for the old one goes."""
    (tmp_path / "loops.py").write_text("one", encoding="utf8")
    monkeypatch.setattr(kept, "ROOT", tmp_path)
    monkeypatch.setattr(kept.config, "CACHE_DIR", "")
    first = kept.keep_apart()
    first.mkdir(parents=True)
    (tmp_path / "loops.py").write_text("two", encoding="utf8")
    monkeypatch.setattr(kept.config, "CACHE_DIR", "")
    second = kept.keep_apart()

    assert second != first
    assert second.parent == first.parent == tmp_path / "__pycache__"
    assert not first.exists()
