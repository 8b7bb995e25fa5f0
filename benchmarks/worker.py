"""One builder on one case, in a process of its own: ``python -m benchmarks.worker ours region`` prints JSON."""

import gc
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.regional import region
from benchmarks.registry import BUILDERS, PARKS, REGIONAL, Builder


def main(builder_name: str, case_name: str) -> None:
    """Build the case several times; report the quickest, and the memory of the first."""
    builder = BUILDERS[builder_name]
    if case_name in PARKS:
        described = builder.phase("load")(PARKS[case_name].steps)
    else:
        case = REGIONAL[case_name]
        described = builder.phase("load")(region(case.towns, case.steps))
    builder.phase("warm_up")()
    before = _resident()
    rounds = []
    facts: dict[str, Any] = {}
    for number in range(builder.repeats):
        seconds, arrays = _timed(builder, described)
        rounds.append(seconds)
        if number == 0:
            facts = {"peak_bytes": max(0, _peak() - before), **_sizes(arrays)}
        del arrays
    quickest = min(rounds, key=lambda seconds: sum(seconds.values()))
    seconds_first = sum(rounds[0].values())
    print(json.dumps({"builder": builder_name, "seconds": quickest, "seconds_first": seconds_first, **facts}))


def _timed(builder: Builder, described: Any) -> tuple[dict[str, float], dict[str, Any]]:
    """Build once, with the garbage of the build before gone."""
    build, assemble = builder.phase("build"), builder.phase("assemble")
    gc.collect()
    began = time.perf_counter()
    built = build(described)
    halfway = time.perf_counter()
    arrays = assemble(built)
    ended = time.perf_counter()
    return {"build": halfway - began, "assemble": ended - halfway}, arrays


def _sizes(arrays: dict[str, Any]) -> dict[str, int]:
    return {
        "columns": len(arrays["cost"]),
        "rows": len(arrays["row_lower"]),
        "entries": len(arrays["values"]),
        "array_bytes": sum(array.nbytes for array in arrays.values()),
    }


def _resident() -> int:
    """Memory held now. [byte]"""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()


def _peak() -> int:
    """Most memory held so far. [byte]"""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
