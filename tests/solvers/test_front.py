"""One call for every solve: what all attempts together may take."""

import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from solvers import front
from solvers.answer import AFTERWARDS, Answer, Options, Status
from solvers.choice import Shape
from solvers.highs import solve
from solvers.pricing import NO_TIME, with_prices
from solvers.program import Entry, GlobalColumns, HourColumns, HourlyProgram, HourRows

ONE = HourlyProgram(
    2,
    np.array([1, 0]),
    (HourColumns(0.0, 9.0, 1.0, is_integer=True),),
    GlobalColumns(*(np.empty(0) for _ in range(3)), np.empty(0, bool)),
    (HourRows(2.5, np.inf, (Entry(0, 1.0),)),),
    (),
)


def failed(method: str) -> Answer:
    nothing = np.zeros(2)
    return Answer(Status.FAILED, method, np.nan, nothing, nothing, nothing, np.inf, 0, 0.0)


def test_attempts_share_one_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where one method gives up after a while, the next one gets what is left, not as much again."""
    given: list[float] = []

    def gives_up(*asked: Any) -> Answer:
        options = next(one for one in asked if isinstance(one, Options))
        given.append(options.time_limit)
        time.sleep(0.1)
        return failed(options.method)

    monkeypatch.setattr(front.interior, "solve", gives_up)
    monkeypatch.setattr(front.highs, "solve", gives_up)

    front.solve_hourly(ONE, ONE.assemble(), Options(method="interior", time_limit=60.0))

    assert given[0] == 60.0
    assert 59.0 < given[1] <= 59.9
    assert 58.0 < given[2] <= 59.8


def test_what_follows_a_search_gets_a_tenth_at_least() -> None:
    """A search that took all its time still has prices, in a little more."""
    spent, fresh = time.perf_counter() - 100.0, time.perf_counter()
    options = Options(time_limit=60.0)

    assert options.since(spent).time_limit == 0.0
    assert options.afterwards(spent).time_limit == AFTERWARDS * 60.0
    assert options.since(fresh).time_limit == pytest.approx(60.0, abs=1.0)
    assert Options().afterwards(spent).time_limit == np.inf


def test_no_time_for_prices_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan stays, with a remark in place of prices."""
    arrays = ONE.assemble()
    plan = solve(arrays)
    stopped = replace(failed("simplex"), status=Status.STOPPED)
    monkeypatch.setattr("solvers.pricing.solve", lambda *_: stopped)

    answer = with_prices(arrays, plan, Options(), Shape(2))

    assert answer.columns.tolist() == [3.0, 3.0]
    assert not answer.has_duals
    assert answer.remark == NO_TIME
