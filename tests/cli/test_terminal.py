"""Terminals that cannot write every letter get the nearest ones, and no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ENERGYSIM = [sys.executable, "-c", "from energysim.cli import main; main()"]
NAMED = """\
scenario: Luleå, 5 € × 鉄
time: {start: 2030-01-01, duration: 2 h}
economy: {currency: EUR, discount_rate: 0 %}
networks: {heat: {carrier: heat, name: Värme}}
components:
  homes: {type: heat_demand, to: heat, load: 1000 MW}
  plant: {type: source, to: heat, capacity: 2000 MW, price: 10 EUR/MWh}
"""


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        pytest.param("latin-1", "Luleå, 5 EUR × ?", id="latin-1"),
        pytest.param("ascii", "Lulea, 5 EUR x ?", id="ascii"),
        pytest.param("utf-8", "Luleå, 5 € × 鉄", id="utf-8"),
    ],
)
def test_every_terminal_gets_what_it_can_write(tmp_path: Path, encoding: str, told: str) -> None:
    """Numbers too: their thousands stand apart by a space that Latin-1 has not."""
    (tmp_path / "towns.yaml").write_text(NAMED, encoding="utf8")
    done = subprocess.run(
        [*ENERGYSIM, "run", "towns.yaml", "--out", "out"],
        capture_output=True, check=False, cwd=tmp_path, env={**os.environ, "PYTHONIOENCODING": encoding},
    )  # fmt: skip

    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)
    assert told in done.stderr.decode(encoding)
    assert "20 000 EUR" in done.stdout.decode(encoding).replace("\u202f", " ")


def test_a_name_that_the_locale_cannot_write_is_said(tmp_path: Path) -> None:
    """A file system of bytes in ASCII: the results cannot be named."""
    (tmp_path / "towns.yaml").write_text(NAMED, encoding="utf8")
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(
        [*ENERGYSIM, "run", "towns.yaml", "--out", "värme"],
        capture_output=True, check=False, cwd=tmp_path, env={**os.environ, **plain},
    )  # fmt: skip

    assert done.returncode == 1
    assert b"has letters that this locale (ascii) cannot write. Set  PYTHONUTF8=1" in done.stderr
    assert b"Traceback" not in done.stderr
    assert not [path for path in tmp_path.iterdir() if "partial" in path.name]
