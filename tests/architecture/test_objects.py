"""The number of Python objects does not grow with the number of hours: counted, not timed."""

import gc
import sys
from collections.abc import Callable
from functools import partial

from benchmarks import ours
from benchmarks.regional import region
from energysim.scenario.scenario import Scenario

SLACK = 100
"""Cached numbers, strings and the like. A thing per hour would be thousands."""


def _build(scenario: Scenario) -> object:
    model = ours.build(scenario)
    return model, ours.assemble(model)


def _objects_kept(work: Callable[[], object]) -> int:
    """Count the objects that what ``work`` returns keeps alive."""
    gc.collect()
    before = sys.getallocatedblocks()
    kept = work()
    gc.collect()
    count = sys.getallocatedblocks() - before
    del kept
    return count


def _calls_made(work: Callable[[], object]) -> int:
    """Count the calls of functions written in Python."""
    count = 0

    def heard(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(heard)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def test_a_year_keeps_as_many_objects_as_a_week() -> None:
    ours.warm_up()
    week, year = (_objects_kept(partial(_build, ours.load(region(1, steps)))) for steps in (168, 8760))

    assert week > 1000, "the count sees the model"
    assert abs(year - week) < SLACK


def test_a_year_takes_as_many_calls_as_a_week() -> None:
    """Work per hour that leaves nothing behind escapes the count of objects."""
    ours.warm_up()
    week, year = (_calls_made(partial(_build, ours.load(region(1, steps)))) for steps in (168, 8760))

    assert week > 1000, "the count sees the work"
    assert abs(year - week) < SLACK


def test_the_counts_would_notice_a_thing_per_hour() -> None:
    hours = 168
    model = ours.build(ours.load(region(1, hours)))
    things = hours * len(model.program.columns)

    assert _objects_kept(model.to_pyomo) > things
    assert _calls_made(model.to_pyomo) > things
