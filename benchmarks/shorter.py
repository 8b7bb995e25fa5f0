"""``python -m benchmarks.shorter``: sizes from typical days, and plans made as in operation, against the full year.

A year like Luleå's, after SCIENCE T-8.3 and T-9.3: 447 GWh of heat with a peak of 141 MW, 60 MW of residual heat that
stops for a week in winter and three in summer, wood, an electric boiler, oil, and a pit or a tank. The
series are drawn here (seed 42), so figures of the source, printed beside ours, show the trend and not the decimals.
"""

import argparse
import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from energysim.api import run
from energysim.components.electric_boiler import ElectricBoiler
from energysim.components.electricity_market import ElectricityMarket
from energysim.components.heat_demand import HeatDemand
from energysim.components.heat_store import HeatStore
from energysim.components.source import Source
from energysim.declare import Component
from energysim.model import build
from energysim.scenario.scenario import Scenario
from energysim.scenario.sections import SolverOptions
from energysim.system import assemble
from energysim.testing import scenario_of
from solvers.coarse import end_values

RESULTS = Path(__file__).parent / "results" / "shorter.json"
HOURS = 8760
PIT = {"investment": 90.0, "lifetime": 1.0, "discount_rate": 0.0, "max": 50_000.0}
"""Costs 90 a year for each MWh."""
TYPICAL = {
    # days: error of the estimate, of the size, and cost above the optimum once run through the year, of T-8.3 [%]
    4: (13.5, -43.0, 1.79),
    8: (-2.6, -21.0, 0.35),
    12: (-1.7, -20.0, 0.33),
    24: (8.7, -31.0, 0.86),
    48: (3.9, -3.8, 0.01),
    96: (3.9, -3.4, 0.01),
}
ROLLING = {
    # look ahead, advance, end value: share of the store's worth that is captured, of T-9.3 [%]
    "48 h ahead, nothing for the end": (48.0, 0.0, 53.6),
    "48 h ahead, monthly mean worth of daily steps": (48.0, "months", 79.8),
    "48 h ahead, worth by hour and level": (48.0, None, None),
    "168 h ahead, worth by hour and level": (168.0, None, 97.2),
}


def year(store: HeatStore | None, **solver: Any) -> Scenario:
    """Describe the year with a store, or without."""
    random, hours = np.random.default_rng(42), np.arange(HOURS)
    season = np.cos(2.0 * np.pi * (hours - 24 * 20) / HOURS)
    weather = np.convolve(random.normal(0.0, 1.0, HOURS + 71), np.ones(72) / 72**0.5, mode="valid")
    shape = np.maximum(0.0, 1.0 + 0.85 * season - 0.22 * weather) + 0.08 * np.sin(2.0 * np.pi * (hours - 9) / 24) + 0.25
    load = np.minimum(np.maximum(shape, 0.12), np.quantile(shape, 0.9999))
    load = _stretched(load, 447e3 / HOURS, 141.0)
    power = 40.0 + 18.0 * season + 3.0 * np.sin(2.0 * np.pi * (hours - 8) / 12) + 2.0 * random.normal(0.0, 1.0, HOURS)
    runs = np.ones(HOURS)
    runs[24 * 35 : 24 * 42] = 0.0
    runs[24 * 180 : 24 * 201] = 0.0
    parts: list[Component] = [
        HeatDemand(name="users", to="heat", load=load),
        Source(name="mill", to="heat", price=1.0, capacity=60.0, availability=runs),
        ElectricityMarket(name="market", to="grid", price=np.maximum(power, 1.0), grid_fee=10.0),
        ElectricBoiler(name="electric_boiler", power="grid", to="heat", capacity=20.0, efficiency=1.0),
        Source(name="wood", to="heat", price=28.0, capacity=45.0),
        Source(name="oil", to="heat", price=95.0),
    ]
    parts += [] if store is None else [store]
    scenario = scenario_of(parts, {"heat": "heat", "grid": "electricity"}, steps=HOURS)
    return replace(scenario, solver=SolverOptions(**solver))


def _stretched(load: np.ndarray, mean: float, peak: float) -> np.ndarray:
    """Bring a load to a mean and a peak by a power and a factor."""
    low, high = 0.2, 5.0
    for _ in range(60):
        exponent = 0.5 * (low + high)
        shaped = (load / load.max()) ** exponent
        low, high = (exponent, high) if shaped.mean() * peak > mean else (low, exponent)
    return peak * shaped


def main() -> int:
    """Run what was asked for and print ours beside the source's."""
    asked = _arguments()
    found = {"typical": _typical(asked.days), "rolling": _rolling()} if not asked.rolling else {"rolling": _rolling()}
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf8")
    return 0


def _typical(days: list[int]) -> dict[str, Any]:
    pit = HeatStore(name="pit", network="heat", volume=PIT, hours_to_fill=200.0, standing_loss=1e-4)
    full, seconds = _timed(year(pit))
    size = float(full["capacity"].sum())
    print(f"full year: cost {full.attrs['objective']:,.0f}, pit {size:,.0f} MWh, {seconds:.1f} s")
    found = {"full": {"cost": full.attrs["objective"], "size": size, "seconds": seconds}}
    for count in days:
        results, seconds = _timed(year(pit, typical_days=count))
        ours = json.loads(results.attrs["solver"])
        record = {
            "estimate": 100.0 * (ours["estimate"] / full.attrs["objective"] - 1.0),
            "size": 100.0 * (float(results["capacity"].sum()) / size - 1.0),
            "recosted": 100.0 * (results.attrs["objective"] / full.attrs["objective"] - 1.0),
            "seconds": seconds,
        }
        if record["recosted"] < -1e-4:
            raise SystemExit(f"{count} days: a plan of the full year below its optimum.")
        found[str(count)] = record
        told = "estimate {:+.1f} %, size {:+.0f} %, run through the year {:+.2f} %"
        print(
            f"{count:4} typical days: {told.format(record['estimate'], record['size'], record['recosted'])}, "
            f"{seconds:.1f} s   (T-8.3: {told.format(*TYPICAL[count])})",
            flush=True,
        )
    return found


def _rolling() -> dict[str, Any]:
    tank = HeatStore(name="tank", network="heat", volume=1500.0, power=120.0, standing_loss=1e-4)
    none, best = (float(run(year(store)).attrs["objective"]) for store in (None, tank))
    print(f"a tank of 1500 MWh saves {none - best:,.0f} of {none:,.0f}")
    found: dict[str, Any] = {"none": none, "best": best}
    for name, (ahead, asked, source) in ROLLING.items():
        end_value = _monthly_worth(tank) if asked == "months" else asked
        began = time.perf_counter()
        rolled = run(year(tank, look_ahead=ahead, advance=24.0, end_value=end_value), engine="rolling")
        seconds = time.perf_counter() - began
        share = 100.0 * (none - rolled.attrs["objective"]) / (none - best)
        found[name] = {"captured": share, "seconds": seconds}
        told = "no such row" if source is None else f"{source:.1f} %"
        print(f"{name}: {share:.1f} % of it captured, {seconds:.1f} s   (T-9.3: {told})", flush=True)
    return found


def _monthly_worth(tank: HeatStore) -> list[float]:
    """Average the duals of an estimate with daily steps over each month. [money/MWh]"""
    model = build(assemble(year(tank)))
    values, _ = end_values(model.program, 24)
    worth = values[model.columns.hourly["tank", "level"]]
    months = model.system.time.stamps.astype("datetime64[M]").astype(int) % 12
    return [float(worth[months == month].mean()) for month in range(12)]


def _timed(scenario: Scenario) -> tuple[xr.Dataset, float]:
    began = time.perf_counter()
    results = run(scenario)
    return results, time.perf_counter() - began


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.shorter", description=__doc__)
    parser.add_argument("--days", type=int, choices=[*TYPICAL], nargs="+", default=[*TYPICAL], help="typical days")
    parser.add_argument("--rolling", action="store_true", help="the rolling plans only")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
