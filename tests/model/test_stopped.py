"""A search that is stopped keeps the best plan, with its gap; one without a plan says so. Exit code 3 either way."""

import json
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from energysim.api import run
from energysim.components.sink import Sink
from energysim.components.source import Source
from energysim.errors import EnergysimError, InfeasibleError, SolverError, StoppedError, UnboundedError
from energysim.model.solve import without_plan
from energysim.scenario import load
from energysim.scenario.sections import SolverOptions
from energysim.testing import model_of, scenario_of
from solvers.answer import Status
from solvers.highs import solve

TOWN = """\
scenario: A town with boilers that switch
time: {start: 2030-01-01, duration: 21 d}
economy: {discount_rate: 5 %, currency: SEK, exchange: {EUR: 11.2 SEK}}
places: {here: {climate: lulea}}
fuels: {chips: {}, oil: {co2: 0.3 t/MWh}}
networks:
  town: {name: Town heat, at: here, supply: 90 degC, return: 45 degC}
  grid: {carrier: electricity}
components:
  users: {type: heat_demand, to: town, annual: 300 GWh}
  chip_trade: {type: fuel_supply, to: chips, price: 300 SEK/MWh}
  oil_trade: {type: fuel_supply, to: oil, price: 900 SEK/MWh}
  market: {type: electricity_market, to: grid, price: {profile: electricity_price, area: SE1, year_type: normal}}
  a: {type: boiler, fuel: chips, to: town, capacity: 31 MW,
      switching: {minimum_load: 45 %, min_up: 20 h, min_down: 15 h, start_cost: 9000 SEK}}
  b: {type: boiler, fuel: chips, to: town, capacity: 23 MW,
      switching: {minimum_load: 55 %, min_up: 17 h, min_down: 11 h, start_cost: 7000 SEK}}
  c: {type: boiler, fuel: oil, to: town, capacity: 43 MW, switching: {minimum_load: 35 %, min_up: 5 h, min_down: 4 h,
      start_cost: 4000 SEK}}
  d: {type: electric_boiler, power: grid, to: town, capacity: 17 MW, switching: {minimum_load: 25 %, min_up: 3 h,
      min_down: 3 h, start_cost: 900 SEK}}
  tank: {type: heat_store, network: town, volume: 300 MWh, power: 30 MW}
solver: {gap: 1e-9, time_limit: LIMIT}
"""


def written(folder: Path, limit: str) -> Path:
    path = folder / "town.yaml"
    path.write_text(TOWN.replace("LIMIT", limit))
    return path


@pytest.mark.slow
def test_a_stopped_search_keeps_the_best_plan_with_prices_and_gap(tmp_path: Path) -> None:
    """Stopped as soon as the solver tells of a plan, however fast or slow the machine is."""
    told: list[str] = []

    def stop(stage: str, text: str) -> None:
        if stage == "solve" and "% left" in text and not told:
            told.append(text)
            signal.raise_signal(signal.SIGINT)

    results = run(load(written(tmp_path, "500 s")), tell=stop)
    solver, proof = json.loads(results.attrs["solver"]), json.loads(results.attrs["certificate"])

    assert solver["status"] == "stopped"
    assert 1e-9 < solver["gap"] < 0.2
    assert max(proof[key]["relative"] for key in ("rule", "balance", "range")) <= 1e-6
    assert float(results.price.sel(node="town").max()) > 100.0


def test_no_time_at_all_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoppedError, match=r"before it had a usable plan. .* solver: \{time_limit"):
        run(load(written(tmp_path, "0.001 s")))


@pytest.mark.parametrize("engine", ["optimise", "rolling"])
def test_no_time_for_any_engine(tmp_path: Path, engine: str) -> None:
    """A rolling plan and one by typical days end as the full solve does, not as if there were no plan."""
    running = [f"components.{name}.switching.running_before=true" for name in "abcd"]
    with pytest.raises(StoppedError, match="time_limit"):
        run(load(written(tmp_path, "0.001 s"), overrides=running), engine=engine)


@pytest.mark.parametrize(
    ("status", "error", "said"),
    [
        (Status.INFEASIBLE, InfeasibleError, "no way on"),
        (Status.UNBOUNDED, UnboundedError, "earn without limit"),
        (Status.STOPPED, StoppedError, "no time"),
        (Status.FAILED, SolverError, "No solver came to an end"),
    ],
)
def test_each_status_has_its_own_error(status: Status, error: type[EnergysimError], said: str) -> None:
    """A solver that fails, or that finds no limit, is not told as a scenario without a plan."""
    model = model_of(scenario_of([Source(name="mill", to="heat", price=1.0)], {"heat": "heat"}, steps=2))
    program = model.program.assemble()
    answer = replace(solve(program), status=status)

    told = without_plan(model, program, answer, lambda: InfeasibleError("no way on"), "no time")

    assert type(told) is error
    assert said in str(told)


@pytest.mark.parametrize(("engine", "solver"), [("rolling", {}), ("optimise", {"typical_days": 2})])
def test_earning_without_limit_in_any_engine(engine: str, solver: dict[str, int]) -> None:
    size = {"investment": 2.0, "lifetime": 1.0, "discount_rate": 0.0, "max": 20.0}
    parts = [
        Source(name="cheap", to="heat", price=1.0, capacity=size if solver else None),
        Source(name="cheaper", to="heat", price=0.5),
        Sink(name="dear", **{"from": "heat"}, price=2.0),
    ]
    scenario = scenario_of(parts, {"heat": "heat"}, steps=96)
    with pytest.raises(UnboundedError, match=r"'dear' together with .*cheaper"):
        run(replace(scenario, solver=SolverOptions(**solver)), engine=engine)


@pytest.mark.slow
def test_a_rolling_plan_shares_its_time_out(tmp_path: Path) -> None:
    """Each window has its share; stopped searches leave plans to go on with, and the whole counts as stopped."""
    running = [f"components.{name}.switching.running_before=true" for name in "abcd"]
    began = time.perf_counter()
    running += ["solver.look_ahead=48 h", "time.duration=6 d"]
    results = run(load(written(tmp_path, "20 s"), overrides=running), engine="rolling")

    assert json.loads(results.attrs["solver"])["status"] in ("stopped", "optimal")
    assert float(results.price.sel(node="town").max()) > 100.0
    assert time.perf_counter() - began < 60.0


def test_no_time_to_find_sizes(tmp_path: Path) -> None:
    sized = "components.tank.volume={max: 500 MWh, investment: 3 EUR/kWh, lifetime: 30 a}"
    changes = [sized, "solver.typical_days=3"]
    with pytest.raises(StoppedError, match="The search for sizes was stopped"):
        run(load(written(tmp_path, "0.001 s"), overrides=changes))


STOPS_ITSELF = """
import signal
from energysim.cli import main
from energysim.cli.progress import Progress
usual, stopped = Progress.tell, []
def tell(self, stage, text):
    usual(self, stage, text)
    if "% left" in text and not stopped:
        stopped.append(text)
        signal.raise_signal(signal.SIGNAL)
Progress.tell = tell
main()
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_ctrl_c_writes_the_run_folder(tmp_path: Path, name: str) -> None:
    """The signal comes once there is a plan; the folder holds it and the exit code is 3. A batch queue's acts alike."""
    path = written(tmp_path, "500 s")
    done = subprocess.run(
        [sys.executable, "-c", STOPS_ITSELF.replace("SIGNAL", name), "run", str(path), "--out", str(tmp_path / "out")],
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 3, done.stderr
    facts = json.loads((tmp_path / "out" / "run.json").read_text())
    assert facts["solver"]["status"] == "stopped"
    assert "stopped early" in (tmp_path / "out" / "report.html").read_text()
