"""Small studies, their processes, and what is in their stores."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ENERGYSIM = [sys.executable, "-c", "from energysim.cli import main; main()"]

TOWN = """
scenario: Heat for three hours
time: {start: 2030-01-01, duration: 3 h}
economy: {currency: EUR, discount_rate: 5 %}
networks: {heat: {carrier: heat, name: Town heat}}
fuels: {chips: {}, oil: {}}
components:
  homes: {type: heat_demand, to: heat, load: 10 MW}
  chip_boiler: {type: boiler, fuel: chips, to: heat, capacity: 8 MW, efficiency: 80 %}
  oil_boiler: {type: boiler, fuel: oil, to: heat, capacity: 20 MW, efficiency: 100 %}
  chip_trade: {type: fuel_supply, to: chips, price: 16 EUR/MWh}
  oil_trade: {type: fuel_supply, to: oil, price: 50 EUR/MWh}
variants:
  no_chips: {components.chip_boiler.capacity: 0 MW}
"""
"""Three hours of 10 MW: 8 MW of chips at 16 / 0.8 = 20 EUR/MWh and 2 MW of oil at 50 cost 3 (160 + 100) = 780 EUR."""

WEEK_SWEEP = """
study: Prices of chips over a week
scenario: {scenario}
method: sweep
changes: {{time: {{year: null, start: 2030-01-07, duration: 7 d}}}}
vary:
  components.chip_trade.price: {{from: 100 SEK/MWh, to: 700 SEK/MWh, steps: {steps}}}
"""


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Folder with a scenario of three hours whose cost is known by hand."""
    (tmp_path / "town.yaml").write_text(TOWN, encoding="utf8")
    return tmp_path


@pytest.fixture
def study_file(town: Path) -> Callable[[str], Path]:
    """Write a study on the three hours."""

    def write(text: str) -> Path:
        path = town / "study.yaml"
        path.write_text(f"study: A study\nscenario: town.yaml\n{text}", encoding="utf8")
        return path

    return write


@pytest.fixture
def week(tmp_path: Path) -> Callable[[int], Path]:
    """Write a sweep of real weeks, some tenths of a second each."""

    def write(steps: int) -> Path:
        path = tmp_path / "week.yaml"
        # The scenario is named by the way from the study to it.
        (tmp_path / "02_one_town.yaml").write_text(
            (ROOT / "scenarios" / "02_one_town.yaml").read_text(encoding="utf8"), encoding="utf8"
        )
        path.write_text(WEEK_SWEEP.format(scenario="02_one_town.yaml", steps=steps), encoding="utf8")
        return path

    return write


def energysim(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run([*ENERGYSIM, *map(str, arguments)], capture_output=True, text=True, cwd=cwd, check=False)


def begin(*arguments: str | Path, cwd: Path) -> subprocess.Popen[str]:
    """Start a command in a process group of its own, as a terminal does."""
    return subprocess.Popen(
        [*ENERGYSIM, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=cwd,
        start_new_session=True,
    )


def kept(folder: Path) -> dict[str, int]:
    """Runs in the store of a study, each with the time it was written."""
    runs = folder / "results.zarr" / "runs"
    found = runs.glob("*/zarr.json") if runs.is_dir() else ()
    return {path.parent.name: path.stat().st_mtime_ns for path in found}


def wait_for(condition: Callable[[], bool], process: subprocess.Popen[str] | None = None, seconds: float = 240) -> None:
    """Wait until something holds; fails when a process ends before."""
    until = time.monotonic() + seconds
    while not condition():
        if process is not None and process.poll() is not None:
            raise AssertionError(f"it ended too early:\n{process.communicate()[0]}")
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.05)


class Cluster:
    """A Dask scheduler and its workers as processes of their own on this machine."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.address, self.port = folder, f"tcp://127.0.0.1:{port}", port
        self.processes: list[subprocess.Popen[bytes]] = []

    def start_scheduler(self) -> subprocess.Popen[bytes]:
        """Start a scheduler, on the same port each time."""
        return self._start("scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard")

    def start_worker(self, environment: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start a worker with one thread; one with an environment of its own sees no installed energysim before it."""
        options = ("--nthreads", "1", "--no-dashboard", "--no-nanny", "--local-directory", str(self.folder))
        return self._start("worker", self.address, *options, environment=environment)

    def stop(self) -> None:
        """End what was started."""
        for process in self.processes:
            process.kill()
            process.wait()

    def _start(self, *arguments: str, environment: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", *arguments]
        log = (self.folder / "dask.log").open("ab")
        # Python looks into the folder it is started in first, and ours says which version is installed.
        where = ROOT if environment is None else self.folder
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment, cwd=where)
        self.processes.append(process)
        return process


@pytest.fixture
def cluster(tmp_path: Path, unused_port: int) -> Iterator[Cluster]:
    """A cluster that is not yet started, and is gone afterwards."""
    folder = tmp_path / "cluster"
    folder.mkdir()
    made = Cluster(folder, unused_port)
    yield made
    made.stop()


@pytest.fixture
def unused_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
