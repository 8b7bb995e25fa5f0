"""Every coalition of a scenario's actors against one run of it: how much solving one loaded model again saves.

python -m benchmarks.coalitions                      six actors between Luleå and Boden, the full year
python -m benchmarks.coalitions --days 7             a week, to see that it runs
"""

import argparse
import json
import os
import resource
import time
from pathlib import Path

from energysim.api import run
from energysim.scenario import load
from energysim.study.base import Base
from energysim.symbiosis.coalitions import coalition_costs, crossings, plan_game, sets_closed
from energysim.system import assemble

SCENARIO = Path(__file__).resolve().parents[1] / "scenarios" / "lulea_boden.yaml"
BUDGET = 15.0
"""Largest ratio of all coalitions to one run."""


def measure(days: int | None, workers: int) -> dict[str, float]:
    """Time one run and the values of all coalitions. [s]"""
    changes = [] if days is None else [f"time={{year: null, start: 2030-01-07, duration: {days} d}}"]
    began, spent = time.perf_counter(), processor()
    run(load(SCENARIO, overrides=changes))
    one, one_spent = time.perf_counter() - began, processor() - spent
    began, spent = time.perf_counter(), processor()
    base = Base.of(SCENARIO, overrides=changes)
    found = crossings(assemble(base.scenario()))
    players, coalitions, _ = plan_game(found)
    closed = sets_closed(found, players, coalitions)
    costs, parts = coalition_costs(
        base, closed, (workers, None), lambda done, of: print(f"  {done} of {of}", flush=True)
    )
    everything, all_spent = time.perf_counter() - began, processor() - spent
    return {
        "coalitions": float(1 << len(players)),
        "values": float(len(costs)),
        "parts_solved": float(parts),
        "one_run": one,
        "all_coalitions": everything,
        "ratio": everything / one,
        "one_run_processor": one_spent,
        "all_coalitions_processor": all_spent,
    }


def processor() -> float:
    """Processor time of this process and of the workers that have ended. [s]"""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main() -> None:
    """Measure and print; the exit code says whether the budget is kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, help="length of the horizon; a full year where not said")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    asked = parser.parse_args()
    found = measure(asked.days, asked.workers)
    print(json.dumps({name: round(value, 2) for name, value in found.items()}, indent=1))
    raise SystemExit(0 if found["ratio"] < BUDGET else 1)


if __name__ == "__main__":
    main()
