"""``make doctor``: is this machine fit to run energysim? Prints what it finds; ends with 1 when a solver is wrong."""

import locale
import os
import platform
import shutil
import sys
from importlib.metadata import PackageNotFoundError, version

import numpy as np

from solvers.answer import Options, Status
from solvers.highs import solve
from solvers.linear import LinearProgram

PACKAGES = (
    "energysim-symbiosis", "numpy", "scipy", "pyomo", "highspy", "highspy-extras", "xarray", "netCDF4", "pydantic",
    "pint", "ruamel.yaml", "matplotlib", "plotly", "pyscipopt", "linopy",
)  # fmt: skip
OPTIMUM = -36.0
"""Of the small program below: x = 2, y = 6, which are whole numbers, so the integer program has it too."""


def main() -> int:
    """Print the findings and say whether every solver method gave the right answer."""
    print(f"Python       {platform.python_version()} on {platform.platform()}")
    for package in PACKAGES:
        print(f"{package:<20} {_version(package)}")
    print(f"\ncores        {os.cpu_count()}, usable here {_usable_cores()}")
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        print(f"{name:<20} {os.environ.get(name, 'not set')}")
    print(f"locale       {'.'.join(part or '-' for part in locale.getlocale())}, output {sys.stdout.encoding}")
    print(f"free disk    {shutil.disk_usage('.').free / 1e9:.1f} GB\n")
    checks = [("simplex", False), ("ipx", False), ("hipo", False), ("simplex", True)]
    passed = [_solves(method, is_integer) for method, is_integer in checks]
    return 0 if all([*passed, _extras_match()]) else 1


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _extras_match() -> bool:
    """HiPO loads only beside highspy of the very same version."""
    matches = _version("highspy") == _version("highspy-extras")
    print(f"highspy-extras       {'of the same version' if matches else 'WRONG: not of the version of highspy'}")
    return matches


def _usable_cores() -> int | str:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else "unknown"


def _solves(method: str, is_integer: bool) -> bool:
    """Solve ``max 3 x + 5 y`` with ``x <= 4``, ``2 y <= 12``, ``3 x + 2 y <= 18``."""
    program = LinearProgram(
        cost=np.array([-3.0, -5.0]),
        lower=np.zeros(2),
        upper=np.array([4.0, np.inf]),
        is_integer=np.full(2, is_integer),
        row_lower=np.full(2, -np.inf),
        row_upper=np.array([12.0, 18.0]),
        starts=np.array([0, 1, 3], np.int32),
        indices=np.array([1, 0, 1], np.int32),
        values=np.array([2.0, 3.0, 2.0]),
    )
    answer = solve(program, Options(method=method))
    is_right = answer.status is Status.OPTIMAL and abs(answer.objective - OPTIMUM) < 1e-6 and not answer.remark
    kind = "whole numbers" if is_integer else method
    wrong = f"WRONG: {answer.status.value}, {answer.objective}. {answer.remark}"
    print(f"solver {kind:<14} {'right' if is_right else wrong}")
    return is_right


if __name__ == "__main__":
    sys.exit(main())
