"""Every phase of one scenario file: ``python -m benchmarks.scenario scenarios/lulea.yaml`` prints JSON."""

import json
import sys
import time

from energysim.api import load, run


def main(path: str) -> None:
    """Load and run a scenario; the run keeps the seconds of its own phases."""
    began = time.perf_counter()
    scenario = load(path)
    loaded = time.perf_counter()
    results = run(scenario)
    ended = time.perf_counter()
    inner = json.loads(results.attrs["timings"])
    seconds = {"load": loaded - began, "build": inner["build"], "solve": inner["solve"]}
    seconds["measure"] = ended - loaded - inner["build"] - inner["solve"]
    print(json.dumps({"seconds": seconds, "objective": results.attrs["objective"]}))


if __name__ == "__main__":
    main(*sys.argv[1:])
