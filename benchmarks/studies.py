"""``python -m benchmarks.studies``: how much of a study is solving, how it scales, and what memory it takes."""

import argparse
import json
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil

from benchmarks.__main__ import RESULTS
from energysim.study.base import Base
from energysim.study.engine import Crew
from energysim.study.factor import Factor
from energysim.study.progress import Progress
from energysim.study.run import Findings, run_study
from energysim.study.store import Store
from energysim.study.study import Study
from energysim.study.version import own_version

TOWN = Path("scenarios/02_one_town.yaml")
WEEK = "time={year: null, start: 2030-01-07, duration: 7 d}"
BUDGETS = {"share in the solver": "more than 0.85", "one worker over two": "close to 2"}
Record = dict[str, Any]


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.studies", description=__doc__)
    parser.add_argument("--runs", type=int, default=200, help="years of the town for efficiency and scaling")
    parser.add_argument("--weeks", type=int, default=1000, help="weeks of the town for memory; 0 leaves them out")
    parser.add_argument("--simulated", type=int, default=10_000, help="simulated years for memory; 0 leaves them out")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2], help="numbers of workers for the years")
    asked = parser.parse_args()
    record: Record = {"cores": psutil.cpu_count(), "load_before": psutil.getloadavg()[0]}
    if asked.runs:
        record["years"] = _years(asked.runs, asked.workers)
    if asked.weeks:
        weeks = _study(Base.of(TOWN, overrides=[WEEK]), asked.weeks)
        record["weeks"] = _memory("weeks of the town", weeks)
    if asked.simulated:
        simulated = Study("benchmark", Base.of(TOWN), "years", samples=asked.simulated, asked=("Total cost",))
        record["simulated"] = _memory("simulated years of the town", simulated)
    path = RESULTS / f"studies-{time.strftime('%Y%m%d-%H%M%S')}.json"
    path.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(f"kept in benchmarks/results/{path.name}")
    return 0


def _years(runs: int, workers: list[int]) -> Record:
    """Do the same years with each number of workers; share of the time in the solver, scaling, equal bits."""
    print(f"{runs} years of the town")
    study = _study(Base.of(TOWN), runs)
    found: Record = {}
    figures = []
    for count in workers:
        findings, seconds, peaks = _timed(study, count)
        solving = float(findings.table.solver_seconds.sum())
        share = solving / (count * seconds)
        found[str(count)] = {"seconds": seconds, "solving": solving, "share": share, "peak_mb": max(peaks)}
        print(
            f"  {count} workers: {seconds:7.1f} s, share in the solver {share:.3f} ({BUDGETS['share in the solver']})"
        )
        own = findings.table.drop(columns=["seconds", "solver_seconds"])
        figures.append(own.to_json(double_precision=15, orient="values"))
        if own.status.ne("done").any():
            raise SystemExit("not every run has a plan")
    found["same_figures"] = len(set(figures)) == 1
    print(f"  the same figures with each number of workers: {found['same_figures']}")
    if {"1", "2"} <= set(found):
        found["one over two"] = found["1"]["seconds"] / found["2"]["seconds"]
        print(f"  one worker over two {found['one over two']:.2f} ({BUDGETS['one worker over two']})")
    return found


def _memory(what: str, study: Study) -> Record:
    """Do many runs; memory of this process and of all workers, in the second and in the last fifth of the time."""
    print(f"{study.samples} {what}, two workers")
    findings, seconds, peaks = _timed(study, 2)
    fifth = max(1, len(peaks) // 5)
    # The first fifth holds the start of the workers; the second is the measure.
    early, late = max(peaks[fifth : 2 * fifth]), max(peaks[-fifth:])
    print(f"  {seconds:.1f} s; {early:.0f} MB early, {late:.0f} MB late: {late / early:.3f}")
    return {"seconds": seconds, "early_mb": early, "late_mb": late, "runs": len(findings.table)}


def _study(base: Base, runs: int) -> Study:
    price = Factor("components.chip_trade.price", "chips", "SEK/MWh", (), 200.0, 600.0)
    demand = Factor("components.homes.annual", "demand", "GWh", (), 280.0, 310.0)
    return Study("benchmark", base, "latin_hypercube", samples=runs, factors=(price, demand), asked=("Total cost",))


def _timed(study: Study, workers: int) -> tuple[Findings, float, list[float]]:
    """Do a study with workers that have warmed up; findings, seconds, memory of all processes by time. [MB]"""
    peaks: list[float] = []
    is_over = threading.Event()
    with tempfile.TemporaryDirectory() as folder, Crew(workers) as crew:
        with Store(Path(folder) / "warm", own_version()) as store:
            # Some runs for each worker load libraries and compiled code.
            run_study(replace(study, samples=2 * workers), crew, store)
        watcher = threading.Thread(target=_watch, args=(peaks, is_over))
        watcher.start()
        with Store(Path(folder) / "out", own_version()) as store:
            began = time.perf_counter()
            findings = run_study(study, crew, store, Progress(study.samples, workers))
            seconds = time.perf_counter() - began
        is_over.set()
        watcher.join()
    return findings, seconds, peaks


def _watch(peaks: list[float], is_over: threading.Event) -> None:
    own = psutil.Process()
    while not is_over.wait(1.0):
        total = 0
        for process in (own, *own.children(recursive=True)):
            try:
                total += process.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        peaks.append(total / 1e6)


if __name__ == "__main__":
    sys.exit(main())
