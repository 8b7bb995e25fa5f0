"""The trial of HiGHS at the start of a run."""

import subprocess
import sys
from pathlib import Path

from solvers import smoke

WITHOUT_EXTRAS = """
import sys
sys.modules["highspy_extras"] = None  # as if the package were not installed
import numpy as np
from dataclasses import replace
from solvers import smoke
from solvers.answer import Options
from solvers.highs import solve
answer = solve(smoke._TRIAL, Options(method="hipo"))
print(smoke.has_hipo(), answer.method, round(answer.objective, 6), answer.remark == smoke.NO_HIPO)
"""


def test_the_highs_of_this_environment_is_right() -> None:
    """A tiny program with optimum -2.8, and -2 in whole numbers; HiPO finds the first by itself."""
    assert smoke.fault() == ""
    assert smoke.has_hipo()


def test_without_the_extras_it_is_said_and_another_method_taken() -> None:
    """HiGHS itself takes simplex without a word; we take IPX and say so."""
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", WITHOUT_EXTRAS], capture_output=True, text=True, check=True, cwd=root)

    assert done.stdout.splitlines()[-1] == "False ipx_crossover -2.8 True", done.stdout
