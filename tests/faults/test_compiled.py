"""Compiled loops on disk that cannot be read are compiled anew."""

import subprocess
import sys
from pathlib import Path

import pytest

KERNEL = """
from numba import njit
@njit(cache=True)
def double(number):
    return 2 * number
"""
CALL = "import kernel; from solvers.compiled import sound; print(sound(lambda: kernel.double(21), 'kernel'))"


def called(folder: Path) -> str:
    script = f"import sys; sys.path.insert(0, {str(folder)!r}); {CALL}"
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("ending", ["nbc", "nbi"])
@pytest.mark.parametrize("content", [b"", b"garbage"], ids=["empty", "garbage"])
def test_spoilt_files_are_compiled_anew(tmp_path: Path, ending: str, content: bytes) -> None:
    """Machine code (nbc) and the list of it (nbi)."""
    (tmp_path / "kernel.py").write_text(KERNEL, encoding="utf8")
    first = called(tmp_path)
    files = list(tmp_path.rglob(f"*.{ending}"))
    for file in files:
        file.write_bytes(content)
    again = called(tmp_path)

    assert files
    assert (first, again) == ("42\n", "42\n")
    assert all(file.read_bytes() != content for file in tmp_path.rglob("*.nb?"))


def test_mistakes_of_the_loops_themselves_are_not_hidden() -> None:
    script = "from solvers.compiled import sound; sound(lambda: 1 // 0)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert "ZeroDivisionError" in done.stderr
