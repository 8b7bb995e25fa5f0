"""``python -m benchmarks.years``: whole years by the interior method, and by HiGHS cut off at a multiple of it."""

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.climb import Record, solved
from benchmarks.ladder import RUNGS

RESULTS = Path(__file__).parent / "results" / "years.json"


@dataclass(frozen=True)
class Promise:
    """How many times faster than which methods a rung is to be."""

    rung: str
    times: float
    against: tuple[str, ...]


PROMISES = (
    Promise("1_dispatch_year", 1.0, ("simplex",)),
    Promise("5_dispatch_year", 1.0, ("simplex",)),
    Promise("1_investment_year", 12.0, ("simplex", "hipo", "ipx")),
    Promise("2_investment_year", 12.0, ("simplex", "hipo", "ipx")),
    Promise("5_investment_year", 10.0, ("hipo",)),
)
LONGEST = 7200.0
"""Limit of our own method. [s]"""


def main() -> int:
    """Run what is asked for; results of other rungs are kept."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.years", description=__doc__)
    parser.add_argument("--only", choices=[promise.rung for promise in PROMISES], nargs="+", help="some rungs only")
    asked = parser.parse_args()
    kept: dict[str, Record] = json.loads(RESULTS.read_text(encoding="utf8")) if RESULTS.exists() else {}
    missed = 0
    for promise in PROMISES:
        if asked.only and promise.rung not in asked.only:
            continue
        rung = RUNGS[promise.rung]
        ours = solved(rung, "interior", LONGEST)
        print(_line(promise.rung, "interior", ours), flush=True)
        others: dict[str, Record] = {}
        for method in promise.against:
            # Somewhat more than the promise, so that one who is just within it is seen to be.
            others[method] = solved(rung, method, 1.05 * promise.times * ours["seconds"] + 1.0)
            print(_line(promise.rung, method, others[method]), flush=True)
        kept[promise.rung] = {"times": promise.times, "ours": ours, "others": others}
        RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf8")
        missed += not is_kept(kept[promise.rung])
    return 1 if missed else 0


def is_kept(record: Record) -> bool:
    """Whether nobody was done in less than the promised multiple of our time; a method that gave up was not."""
    least = record["times"] * record["ours"]["seconds"]
    done = [run["seconds"] for run in record["others"].values() if run["status"] == "optimal"]
    return record["ours"]["status"] == "optimal" and all(seconds >= least for seconds in done)


def _line(rung: str, method: str, run: Record) -> str:
    gap = f", gap {run['gap']:.1e}" if run.get("gap") else ""
    return f"{rung:18} {method:9} {run['status']:8} {run['seconds']:8.1f} s, cost {run['objective']:.8g}{gap}"


if __name__ == "__main__":
    sys.exit(main())
