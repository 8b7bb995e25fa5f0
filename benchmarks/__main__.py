"""``python -m benchmarks``: the regional case built three ways, in fresh processes by turns; ratios, kept as JSON."""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.registry import (
    BUDGETS,
    BUILDERS,
    PARKS,
    REGIONAL,
    REGIONAL_BUILDERS,
    SCENARIOS,
    ParkCase,
    RegionalCase,
)

RESULTS = Path(__file__).parent / "results"
Record = dict[str, Any]


def main() -> int:
    """Run what was asked for."""
    asked = _arguments()
    names = ["smoke", "small_park", "hours"] if asked.smoke else asked.case
    record: Record = {"machine": _machine(), "cases": {}, "commands": _commands()}
    for name in names:
        if name in REGIONAL:
            record["cases"][name] = _regional(REGIONAL[name], asked.rounds)
        elif name in PARKS:
            record["cases"][name] = _park(PARKS[name], asked.rounds or 3)
        else:
            record["cases"][name] = _scenario(name)
    _keep(record, asked.reference)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    cases = [*REGIONAL, *PARKS, *SCENARIOS]
    parser.add_argument("--case", choices=cases, action="append", help="one case or several; default: region")
    parser.add_argument("--smoke", action="store_true", help="the small cases only, to see that everything runs")
    parser.add_argument("--rounds", type=int, help="fresh processes per builder")
    parser.add_argument("--reference", action="store_true", help="keep the result as results/reference.json")
    asked = parser.parse_args()
    asked.case = asked.case or ["region"]
    return asked


def _regional(case: RegionalCase, rounds: int | None) -> Record:
    print(f"\n{case.name}: {case.meaning}")
    runs = [_in_own_process(name, case.name) for _ in range(rounds or case.rounds) for name in REGIONAL_BUILDERS]
    best = {name: min((run for run in runs if run["builder"] == name), key=_total) for name in REGIONAL_BUILDERS}
    shown = next(iter(best.values()))
    print(f"  {shown['columns']:,} columns, {shown['rows']:,} rows, {shown['entries']:,} entries")
    for name, run in best.items():
        print(f"  {BUILDERS[name].meaning:<16} {_total(run):7.3f} s  ({_details(run)})")
    ratios = {
        "ours over floor": _total(best["ours"]) / _total(best["floor"]),
        "linopy over ours": _total(best["linopy"]) / _total(best["ours"]),
        "peak memory over arrays": best["ours"]["peak_bytes"] / best["ours"]["array_bytes"],
    }
    for name, ratio in ratios.items():
        print(f"  {name:<24} {ratio:5.2f}{_promise(case, name)}")
    return {"best": best, "ratios": ratios}


def _park(case: ParkCase, rounds: int) -> Record:
    """Every type at once: over its own floor, and entry for entry over that of the regional case, which has no heat.

    All three take turns in one run.
    """
    print(f"\n{case.name}: {case.meaning}")
    is_year = case.steps > 1000
    pairs = (("park", case.name), ("park_floor", case.name), ("floor", "region" if is_year else "smoke"))
    runs = [_in_own_process(*pair) for _ in range(rounds) for pair in pairs]
    best = {name: min((run for run in runs if run["builder"] == name), key=_total) for name, _ in pairs}
    ours = best["park"]
    print(f"  {ours['columns']:,} columns, {ours['rows']:,} rows, {ours['entries']:,} entries")
    for name, run in best.items():
        print(f"  {BUILDERS[name].meaning:<22} {_total(run):7.3f} s  ({_details(run)})")
    plain = _total(best["floor"]) / best["floor"]["entries"]
    ratios = {
        "ours over floor": _total(ours) / _total(best["park_floor"]),
        "ours over the region's floor, for each entry": _total(ours) / ours["entries"] / plain,
        "floor over the region's floor, for each entry": _total(best["park_floor"]) / ours["entries"] / plain,
    }
    for name, ratio in ratios.items():
        promise = f"  (promised: {BUDGETS[name]})" if is_year and name in BUDGETS else ""
        print(f"  {name:<46} {ratio:5.2f}{promise}")
    return {"best": best, "ratios": ratios}


def _promise(case: RegionalCase, ratio: str) -> str:
    """Say what is promised of the million columns; a small case is all overhead."""
    return f"  (promised: {BUDGETS[ratio]})" if case.is_promised else ""


def _details(run: Record) -> str:
    phases = ", ".join(f"{phase} {seconds:.3f}" for phase, seconds in run["seconds"].items())
    return f"{phases}; {run['seconds_first']:.3f} at first; {run['peak_bytes'] / 1e6:.0f} MB at the peak"


def _total(run: Record) -> float:
    return float(sum(run["seconds"].values()))


def _in_own_process(builder: str, case: str) -> Record:
    done = _python("-m", "benchmarks.worker", builder, case)
    record: Record = json.loads(done.splitlines()[-1])
    return record


def _scenario(name: str) -> Record:
    """Time every phase of a scenario file, in a process of its own."""
    case = SCENARIOS[name]
    print(f"\n{name}: {case.meaning}")
    record: Record = json.loads(_python("-m", "benchmarks.scenario", case.path).splitlines()[-1])
    print("  " + ", ".join(f"{phase} {seconds:.3f} s" for phase, seconds in record["seconds"].items()))
    return record


def _commands() -> Record:
    """Seconds to the end of the light commands, beside those of an idle Python."""
    print("light commands, quickest of five")
    program = "from energysim.cli import main; main()"
    found = {"idle Python": _quickest("-c", "pass")}
    found["--help"] = _quickest("-c", program, "--help")
    for name in ("01_three_hours", "lulea"):
        found[f"check {name}"] = _quickest("-c", program, "check", f"scenarios/{name}.yaml")
    for name, seconds in found.items():
        print(f"  {name:<24} {seconds:.3f} s")
    return found


def _quickest(*arguments: str) -> float:
    spans = []
    for _ in range(5):
        began = time.perf_counter()
        _python(*arguments)
        spans.append(time.perf_counter() - began)
    return min(spans)


def _python(*arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"python {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def _machine() -> Record:
    packages = {name: version(name) for name in ("numpy", "scipy", "pyomo", "linopy", "energysim-symbiosis")}
    return {"python": platform.python_version(), "system": platform.system(), "cores": os.cpu_count(), **packages}


def _keep(record: Record, is_reference: bool) -> None:
    name = "reference" if is_reference else time.strftime("%Y%m%d-%H%M%S")
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(f"\nkept in benchmarks/results/{path.name}")


if __name__ == "__main__":
    sys.exit(main())
