"""``python -m benchmarks.climb``: every method on every rung of the ladder, and the rule beside the best.

The table goes into ``benchmarks/README.md``. ``--rules`` solves nothing: it asks the rule of today what it would choose
on the rungs whose results are kept.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.ladder import HOURS, RUNGS, Rung, model_of
from solvers.choice import choose

RESULTS = Path(__file__).parent / "results" / "ladder.json"
PAGE = Path(__file__).parent / "README.md"
BEGINS, ENDS = "<!-- ladder -->", "<!-- end of ladder -->"
PROMISED = 1.5
"""Most that the rule may be slower than the best method."""
NOISE = 0.3
"""Differences that nobody notices. [s]"""
PATIENCE, LEAST_PATIENCE = 2.0, 20.0
"""Times the rule's time, and seconds, after which a method is cut off: slower ones decide nothing."""
Record = dict[str, Any]


def main() -> int:
    """Climb the rungs asked for; results of other rungs are kept."""
    asked = _arguments()
    kept: dict[str, Record] = json.loads(RESULTS.read_text(encoding="utf8")) if RESULTS.exists() else {}
    for rung in () if asked.rules else RUNGS.values():
        if any(rung.name.endswith(span) for span in asked.span) and (not asked.only or rung.name in asked.only):
            kept[rung.name] = _climbed(rung, asked.limit)
            RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf8")
            print(_row(rung.name, kept[rung.name]), flush=True)
    if asked.rules:
        kept = {name: _judged(RUNGS[name], record) for name, record in kept.items()}
        RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf8")
    kept = {name: kept[name] for name in RUNGS if name in kept}
    print("\n" + table(kept))
    _write(table(kept))
    return 1 if any(ratio > PROMISED for ratio in ratios(kept).values()) else 0


def _climbed(rung: Rung, limit: float) -> Record:
    """Solve a rung by what the rule takes, then by every other method, cut off at a multiple of that time."""
    model = model_of(rung)
    chosen = choose(model.program.assemble(), model.shape).label
    del model
    first = solved(rung, chosen, limit)
    patience = min(limit, max(LEAST_PATIENCE, PATIENCE * float(first["seconds"])))
    others = {method: solved(rung, method, patience) for method in rung.methods if method != chosen}
    found = {chosen: first} | others
    return {"limit": patience, "runs": {method: found[method] for method in rung.methods}}


def _judged(rung: Rung, record: Record) -> Record:
    """Ask the rule of today what it chooses on a rung."""
    model = model_of(rung)
    chosen = choose(model.program.assemble(), model.shape).label
    return record | {"runs": {method: run | {"chosen": chosen} for method, run in record["runs"].items()}}


def _write(text: str) -> None:
    """Put the table between its marks in the page."""
    page = PAGE.read_text(encoding="utf8")
    before, _, rest = page.partition(BEGINS)
    after = rest.partition(ENDS)[2]
    PAGE.write_text(f"{before}{BEGINS}\n{text}\n{ENDS}{after}", encoding="utf8")


def ratios(kept: dict[str, Record]) -> dict[str, float]:
    """Give the rule's time over that of the best method, for each rung."""
    found = {}
    for name, record in kept.items():
        runs = record["runs"]
        best = min(_seconds(run, record["limit"]) for run in runs.values())
        chosen = next(iter(runs.values()))["chosen"]
        # Results from before a method was there know nothing of it.
        taken = _seconds(runs[chosen], record["limit"]) if chosen in runs else np.nan
        found[name] = 1.0 if taken - best < NOISE else taken / best
    return found


def table(kept: dict[str, Record]) -> str:
    """Write all rungs as a table."""
    methods = list(dict.fromkeys(method for record in kept.values() for method in record["runs"]))
    head = f"| rung | columns | {' | '.join(methods)} | rule | rule over best |"
    lines = [head, "|" + "---|" * (len(methods) + 4)]
    found = ratios(kept)
    for name, record in kept.items():
        runs = record["runs"]
        first = next(iter(runs.values()))
        cells = [_cell(runs.get(method), record["limit"]) for method in methods]
        shown = f"{first['columns']:,}" + (f" ({first['integers']:,} whole)" if first["integers"] else "")
        lines.append(f"| {name} | {shown} | {' | '.join(cells)} | {first['chosen']} | {found[name]:.2f} |")
    return "\n".join(lines)


def _seconds(run: Record, limit: float) -> float:
    return float(run["seconds"]) if run["status"] == "optimal" else 10.0 * limit


def _cell(run: Record | None, limit: float) -> str:
    if run is None:
        return ""
    return f"{run['seconds']:.2f} s" if run["status"] == "optimal" else f"over {limit:.0f} s"


def _row(name: str, record: Record) -> str:
    cells = ", ".join(f"{method} {_cell(run, record['limit'])}" for method, run in record["runs"].items())
    return f"{name}: {cells}"


def solved(rung: Rung, method: str, limit: float) -> Record:
    """Solve in a process of its own; the limit is given some grace, as crossover hears late."""
    command = [sys.executable, "-m", "benchmarks.ladder", rung.name, method, str(limit)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=1.5 * limit + 60.0)
    except subprocess.TimeoutExpired:
        return _cut(rung, method, limit)
    record: Record = json.loads(done.stdout.splitlines()[-1])
    return record


def _cut(rung: Rung, method: str, limit: float) -> Record:
    """Note a run that did not even hear its limit; what is known of the case comes from a run of no length."""
    command = [sys.executable, "-m", "benchmarks.ladder", rung.name, "simplex", "0.0"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    record: Record = json.loads(done.stdout.splitlines()[-1])
    return record | {"method": method, "status": "stopped", "seconds": limit}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.climb", description=__doc__)
    parser.add_argument("--span", choices=[*HOURS], nargs="+", default=[*HOURS], help="lengths of the rungs")
    parser.add_argument("--only", choices=[*RUNGS], nargs="+", help="some rungs only")
    parser.add_argument("--rules", action="store_true", help="solve nothing; hold the rule against the results kept")
    parser.add_argument("--limit", type=float, default=300.0, help="most seconds for a method on a rung")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
