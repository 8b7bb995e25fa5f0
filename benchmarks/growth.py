"""``python -m benchmarks.growth``: time and memory of the interior method as hours, chains and towns grow."""

import argparse
import json
import resource
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt

from benchmarks.chains import chained
from benchmarks.climb import Record
from benchmarks.ladder import Rung, model_of
from solvers.answer import Options
from solvers.interior import engine

RESULTS = Path(__file__).parent / "results" / "growth.json"
PICTURE = Path(__file__).parent / "results" / "growth.png"
SERIES = {
    "hours": [(1, 1, hours) for hours in (1095, 2190, 4380, 8760, 17520, 35040)],
    "chains": [(1, chains, 1095) for chains in (1, 2, 4, 8)],
    "towns": [(towns, 1, 8760) for towns in (1, 2, 5, 20)],
}
"""Towns, chains and hours of each; one quantity grows at a time."""


def measure(towns: int, chains: int, hours: int) -> Record:
    """Solve one case in this process."""
    program = chained(model_of(Rung("growth", towns, hours, has_design=True)).program, chains)
    arrays = program.assemble()
    engine.first_use()
    answer = engine.solve(program, arrays, Options(proven_gap=1e-6), _tell)
    return {
        "towns": towns, "chains": chains, "hours": hours, "columns": arrays.column_count,
        "status": answer.status.value, "gap": answer.gap, "iterations": answer.iterations, "seconds": answer.seconds,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
    }  # fmt: skip


def _tell(method: str, iteration: int, seconds: float) -> None:
    """Print the advance, for twenty towns take half an hour."""
    print(f"{method}: iteration {iteration}, {seconds:.0f} s", file=sys.stderr, flush=True)


def draw(found: dict[str, list[Record]]) -> None:
    """Draw seconds an iteration, and in all, over each quantity, with growth in proportion and the most memory."""
    mpl.use("agg")
    figure, axes = plt.subplots(1, len(found), figsize=(4.0 * len(found), 3.4), layout="constrained")
    for axis, (name, records) in zip(np.atleast_1d(axes), found.items(), strict=True):
        x = np.array([record[name] for record in records], float)
        for what, label in (("seconds", "in all"), ("step", "an iteration")):
            y = [r["seconds"] / (r["iterations"] if what == "step" else 1) for r in records]
            (line,) = axis.loglog(x, y, "o-", label=label)
            axis.loglog(x, y[0] * x / x[0], ":", color=line.get_color(), label=f"{label}, in proportion")
        axis.set(xlabel=name, ylabel="seconds", title=f"{name}: at most {records[-1]['memory']:.1f} GiB")
        axis.set_xticks(x, [f"{value:g}" for value in x])
        axis.xaxis.set_minor_formatter("")
        axis.set_ylim(top=8.0 * records[-1]["seconds"])  # room for the legend
        axis.legend(fontsize=7, loc="upper left")
    figure.savefig(PICTURE, dpi=110)


def main() -> int:
    """Measure the series asked for, each case in a process of its own."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--only", choices=[*SERIES], nargs="+", default=[*SERIES], help="some series only")
    parser.add_argument("--one", type=int, nargs=3, metavar=("TOWNS", "CHAINS", "HOURS"), help="one case, printed")
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measure(*asked.one)))
        return 0
    found = json.loads(RESULTS.read_text(encoding="utf8")) if RESULTS.exists() else {}
    for name in asked.only:
        found[name] = []
        for case in SERIES[name]:
            command = [sys.executable, "-m", "benchmarks.growth", "--one", *map(str, case)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            found[name].append(json.loads(done.stdout.splitlines()[-1]))
            print(found[name][-1], flush=True)
        RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf8")
    draw(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
