"""``python -m benchmarks.memory``: most memory of building and solving, over that of HiGHS alone on the same matrix.

Each in a process of its own; HiGHS by the same method, or by dual simplex where ours is the interior method. The arrays
that HiGHS is given alone lie in a file, are part of what it needs, and are held while it solves, as any caller does.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import highspy
import numpy as np

from benchmarks.ladder import RUNGS, model_of, scenario_of_rung
from benchmarks.worker import _peak, _resident
from energysim.model import build
from energysim.model.solve import Options, optimise
from energysim.system import assemble
from solvers.linear import LinearProgram
from solvers.loading import highs_model

RESULTS = Path(__file__).parent / "results" / "memory.json"
PROMISED = 1.3
CASES = (
    ("1_dispatch_month", "simplex"),
    ("5_investment_week", "hipo"),
    ("1_dispatch_year", "simplex"),
    ("1_dispatch_year", "interior"),
)


def main() -> int:
    """Measure the cases asked for; ends with 1 where the promise is broken."""
    asked = _arguments()
    if asked.part:
        part, rung, method, path = asked.part
        print(json.dumps({"bare": _bare, "ours": _ours}[part](rung, method, path)))
        return 0
    found = {}
    for rung, method in CASES:
        if asked.only and rung not in asked.only:
            continue
        alone = "simplex" if method == "interior" else method
        with tempfile.TemporaryDirectory() as folder:
            path = str(Path(folder) / "arrays.npz")
            program = model_of(RUNGS[rung]).program.assemble()
            np.savez(path, **{name: value for name, value in vars(program).items() if isinstance(value, np.ndarray)})
            bare, ours = _in_own_process("bare", rung, alone, path), _in_own_process("ours", rung, method, path)
        ratio = ours["bytes"] / bare["bytes"]
        found[f"{rung} by {method}"] = {"method": method, "bare": bare, "ours": ours, "ratio": ratio}
        print(
            f"{rung} by {method}: HiGHS alone {bare['bytes'] / 1e6:.0f} MB, build, solve and proof "
            f"{ours['bytes'] / 1e6:.0f} MB, {ratio:.2f} times as much (promised: at most {PROMISED})",
            flush=True,
        )
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf8")
    return 1 if any(record["ratio"] > PROMISED for record in found.values()) else 0


def _bare(rung: str, method: str, path: str) -> dict[str, Any]:
    """HiGHS on arrays from a file."""
    before = _resident()
    with np.load(path) as stored:
        program = LinearProgram(**{name: stored[name] for name in stored.files})
    engine = highspy.Highs()
    engine.setOptionValue("output_flag", False)
    engine.setOptionValue("solver", method)
    engine.passModel(highs_model(program, 1.0))
    engine.run()
    return {"bytes": _peak() - before, "objective": engine.getObjectiveValue()}


def _ours(rung: str, method: str, path: str) -> dict[str, Any]:
    """From a description in memory to a proven plan."""
    scenario = scenario_of_rung(RUNGS[rung])
    before = _resident()
    plan = optimise(build(assemble(scenario)), Options(method=method))
    return {"bytes": _peak() - before, "objective": plan.objective}


def _in_own_process(*arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.memory", "--part", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    record: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return record


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument("--only", choices=[rung for rung, _ in CASES], nargs="+", help="some cases only")
    parser.add_argument("--part", nargs=4, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
