"""Importing is silent, and a command loads only what it needs."""

import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"pyomo", "numba", "highspy", "matplotlib", "plotly", "xarray", "pandas", "scipy.sparse", "scipy.linalg"}
PACKAGES = sorted(
    module.name for module in pkgutil.walk_packages([str(ROOT / "energysim")], "energysim.") if module.ispkg
)

_IMPORT_ALL = """
import importlib, logging, pkgutil, sys
import energysim, solvers
for package in (energysim, solvers):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(module.name)
assert not logging.getLogger().handlers, "a library leaves logging to the program"
"""
_RUN_COMMAND = """
import json, sys
from energysim.cli import main
try:
    main()
except SystemExit as ending:
    code = ending.code
else:
    code = 0
print()
print(json.dumps([code, sorted(sys.modules)]))
"""


def _python(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=300, check=False)


def test_importing_every_module_prints_nothing_and_configures_no_logging() -> None:
    done = _python(_IMPORT_ALL)

    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert done.stderr == ""


@pytest.mark.parametrize("arguments", [["--help"], ["check", "scenarios/lulea.yaml"]], ids=" ".join)
def test_a_light_command_loads_nothing_heavy(arguments: list[str]) -> None:
    done = _python(_RUN_COMMAND, *arguments)
    said, _, ending = done.stdout.rstrip().rpartition("\n")
    code, loaded = json.loads(ending)

    assert code in (0, None), said + done.stderr
    assert not HEAVY.intersection(loaded)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_can_be_imported_first(package: str) -> None:
    """A cycle of imports shows only when one enters it at the wrong end."""
    done = _python(f"import {package}")

    assert done.returncode == 0, done.stderr
