"""The engine: order, failures, and figures that do not depend on who computed them, or after what."""

import math
import time

import pytest
import xarray as xr
from distributed import get_worker

from energysim.errors import OutputError
from energysim.study.base import Base
from energysim.study.case import Record, Wanted, case_task
from energysim.study.engine import Ending, Outcome, Task, run_tasks

PRICE = "components.chip_trade.price"
CASES = [
    {PRICE: "150 SEK/MWh"},
    {PRICE: "700 SEK/MWh", "components.tank.volume": "0 MWh"},
    {"variant": "no_dairy"},
    {"components.homes.annual": "310 GWh", "components.spot.tax": "20 SEK/MWh"},
    {"components.chip_boiler.capacity": "30 MW"},
    {"components.electric_boiler.capacity": "0 MW"},
]


@pytest.fixture(scope="module")
def town(root) -> Base:
    week = "time={year: null, start: 2030-01-07, duration: 7 d}"
    return Base.of(root / "scenarios" / "02_one_town.yaml", overrides=[week])


def _figures(outcomes: list[Outcome]) -> list[dict[str, float]]:
    return [outcome.value.values for outcome in outcomes]


def _same_bits(one: Record, other: Record) -> bool:
    """NaN is the same as NaN here, and 0.0 is not the same as -0.0."""
    return repr(one.values) == repr(other.values)


def test_outcomes_come_in_the_order_of_the_tasks() -> None:
    outcomes = run_tasks([Task(math.sqrt, (float(number),)) for number in range(50)], workers=2)

    assert [outcome.value for outcome in outcomes] == [math.sqrt(number) for number in range(50)]


def _profile_kept() -> int:
    """Count the call trees that the worker of this process keeps."""
    worker = get_worker()
    return len(worker.profile_history) + len(worker.profile_recent.get("children", {}))


def test_a_worker_keeps_nothing_of_the_tasks_it_did() -> None:
    """Call trees of each second, which Dask keeps by itself, let a thousand weeks grow by a fifth of their memory."""
    naps = [Task(time.sleep, (0.5,)) for _ in range(5)]
    *_, told = run_tasks([*naps, Task(_profile_kept)], workers=1)

    assert told.value == 0


def test_a_failing_task_stops_no_other_and_says_why() -> None:
    outcomes = run_tasks([Task(math.sqrt, (-1.0,)), Task(math.sqrt, (4.0,))], workers=0)

    assert [outcome.ending for outcome in outcomes] == [Ending.BROKEN, Ending.DONE]
    assert "ValueError: math domain error" in outcomes[0].reason


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_any_number_of_workers_in_any_order_finds_the_same_bits(town: Base, workers: int) -> None:
    """A week of the town has many plans that cost the same; a solver started from the last plan finds others."""
    alone = run_tasks([case_task(town, case) for case in CASES], workers=0)
    together = run_tasks([case_task(town, case) for case in reversed(CASES)], workers=workers)

    assert all(outcome.ending is Ending.DONE for outcome in alone)
    assert all(_same_bits(one.value, other.value) for one, other in zip(alone, reversed(together), strict=True))


def test_the_same_series_too(town: Base) -> None:
    """Not only sums are equal: so is every hour, whatever was solved before."""
    wanted = Wanted(series=("flow", "price", "level"))
    one = run_tasks([case_task(town, CASES[0], wanted=wanted)], workers=0)
    run_tasks([case_task(town, case) for case in CASES[1:]], workers=0)
    other = run_tasks([case_task(town, CASES[0], wanted=wanted)], workers=0)

    xr.testing.assert_identical(one[0].value.series, other[0].value.series)


def test_a_case_without_a_plan_names_files_as_the_user_knows_them(town: Base) -> None:
    outcome = run_tasks([case_task(town, {"components.shortage": None, "components.homes.annual": "9 TWh"})], 0)[0]

    assert outcome.ending is Ending.REFUSED
    assert "heat" in outcome.reason
    assert "/tmp" not in outcome.reason


def test_a_case_is_known_by_what_it_runs_not_by_how_it_is_written(town: Base) -> None:
    same = town.case_key({PRICE: "150 SEK/MWh", "seed": 0})

    assert same == town.case_key({"seed": 0, PRICE: "150 SEK/MWh"})
    assert same != town.case_key({PRICE: "151 SEK/MWh", "seed": 0})
    assert town.case_key({}) != town.case_key({"variant": "no_dairy"})


def test_a_scheduler_that_is_not_there_is_told_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("energysim.study.crew.PATIENCE", 1.0)

    with pytest.raises(OutputError, match=r"No Dask scheduler answers at tcp://127.0.0.1:9 .* dask scheduler"):
        run_tasks([Task(math.sqrt, (4.0,))], scheduler="tcp://127.0.0.1:9")
