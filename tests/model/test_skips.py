"""Rules that look back further than one hour: which hours they leave out, in all three readings of a rule."""

from typing import Any

import numpy as np
import pytest

from energysim.components.sink import Sink
from energysim.components.source import Source
from energysim.declare import rule
from energysim.model import Model
from energysim.model.prove import check_rules, views_of
from energysim.model.solve import optimise
from energysim.model.values import values_of
from energysim.testing import assert_same_optimum, model_of, scenario_of


class Slow(Source):
    """A source that takes two hours to get going."""

    @rule(skips_first=True)
    def rises_slowly(self, v: Any, t: Any) -> Any:
        """In two hours it rises by one at most."""
        return v.given[t] - v.given[t - 2] <= 1.0


DEMAND = np.array([5.0, 9.0, 6.0, 7.0, 5.0])


def slow() -> Model:
    parts = [
        Slow(name="slow", to="heat", price=1.0),
        Source(name="dear", to="heat", price=9.0),
        Sink(name="homes", **{"from": "heat"}, fixed=DEMAND),
    ]
    return model_of(scenario_of(parts, {"heat": "heat"}, steps=5))


def test_rows_begin_where_the_rule_looks_at_an_hour_there_is() -> None:
    model = slow()
    (number,) = [k for k, name in enumerate(model.program.names.rows) if name.endswith("rises_slowly")]
    steps = model.program.rows[number].steps

    assert steps is not None
    assert steps.tolist() == [2, 3, 4]


def test_the_plan_is_the_cheapest_by_hand() -> None:
    """Nothing holds the first two hours, not even the last of the ring; 6, 7 and 5 rise by one at most."""
    assert optimise(slow()).objective == pytest.approx(DEMAND.sum())


def test_the_expansion_leaves_out_the_same_hours() -> None:
    parts = [
        Slow(name="slow", to="heat", price=1.0),
        Source(name="dear", to="heat", price=9.0),
        Sink(name="homes", **{"from": "heat"}, fixed=DEMAND * np.array([1.0, 1.0, 2.0, 1.0, 1.0])),
    ]
    assert_same_optimum(scenario_of(parts, {"heat": "heat"}, steps=5))


@pytest.mark.parametrize(("hour", "breaks"), [(0, False), (1, False), (2, True), (3, True), (4, True)])
def test_the_certificate_looks_at_the_same_hours(hour: int, breaks: bool) -> None:
    """A leap of three breaks the rule in its hour only where there is an hour to rise from."""
    model = slow()
    columns = np.zeros(model.program.column_count)
    block = model.columns.hourly["slow", "given"]
    columns[5 * block + hour] = 3.0
    # What is served stays what is asked for, so that no other rule is broken.
    homes = model.columns.hourly["homes", "taken"]
    columns[5 * homes : 5 * homes + 5] = DEMAND
    values = values_of(model, columns)

    found = check_rules(model, values, views_of(model, values))

    assert (found.relative > 1e-6) == breaks
    assert found.step == (hour if breaks else None)
