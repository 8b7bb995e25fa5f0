"""Which duals are the only ones."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks import ours
from benchmarks.regional import region
from energysim.components.converter import Converter
from energysim.components.heat_demand import HeatDemand
from energysim.components.heat_store import HeatStore
from energysim.components.source import Source
from energysim.testing import solve
from solvers.degenerate import has_one_dual
from solvers.highs import solve as highs
from solvers.linear import LinearProgram


def merit(load: list[float]) -> list:
    return [
        HeatDemand(name="users", to="heat", load=np.array(load)),
        Source(name="a", to="heat", price=10.0, capacity=10.0),
        Source(name="b", to="heat", price=30.0, capacity=5.0),
        Source(name="c", to="heat", price=80.0, capacity=20.0),
    ]


def test_a_price_at_the_edge_of_a_plant_is_one_of_several() -> None:
    """8 MW: 10; 10 MW is all of a: any price from 10 to 30; 12 MW: 30; 15 MW: from 30 to 80; 20 MW: 80."""
    results = solve(merit([8.0, 10.0, 12.0, 15.0, 20.0]), {"heat": "heat"}, steps=5)

    assert results.price_is_doubtful.sel(node="heat").values == pytest.approx([0, 1, 0, 1, 0])
    price = results.price.sel(node="heat").values
    assert price[[0, 2, 4]] == pytest.approx([10.0, 30.0, 80.0])
    assert 10.0 - 1e-9 <= price[1] <= 30.0 + 1e-9


def test_a_store_ties_the_hours_together() -> None:
    """A full plant's hour gets its price from the hour its heat is kept for: 8 and 12 MW with 10 from a: 10 in both."""
    store = HeatStore(name="tank", network="heat", volume=50.0, power=50.0, start=0.0, standing_loss=0.0)
    results = solve([*merit([7.0, 12.0]), store], {"heat": "heat"}, steps=2)

    assert results.price.sel(node="heat").values == pytest.approx([10.0, 10.0])
    assert results.price_is_doubtful.sel(node="heat").values == pytest.approx([0, 0])


def test_readers_are_told() -> None:
    results = solve(merit([10.0, 12.0]), {"heat": {"carrier": "heat", "label": "Town heat"}}, steps=2)

    assert "Town heat 50 %" in results.attrs["warnings"]


def test_rows_that_depend_on_each_other_cast_no_doubt_on_others() -> None:
    """x <= y, y <= 5 and x <= 5 are all tight: which of these limits is worth what is open, the price is not.

    Pattern alone would doubt all four rows; only the three limits can share one worth in several ways.
    """
    program = LinearProgram(
        cost=np.array([1.0, 0.0, 2.0]),
        lower=np.zeros(3),
        upper=np.full(3, 100.0),
        is_integer=np.zeros(3, bool),
        row_lower=np.array([8.0, -np.inf, -np.inf, -np.inf]),
        row_upper=np.array([8.0, 0.0, 5.0, 5.0]),
        starts=np.array([0, 2, 4, 5, 6], np.int32),
        indices=np.array([0, 2, 0, 1, 1, 0], np.int32),
        values=np.array([1.0, 1.0, 1.0, -1.0, 1.0, 1.0]),
    )

    answer = highs(program)

    assert answer.columns == pytest.approx([5.0, 5.0, 3.0])
    assert has_one_dual(program, answer.columns, answer.row_duals).tolist() == [True, False, False, False]


def test_what_is_not_doubted_costs_the_same_in_both_directions() -> None:
    """A town with sizes to decide: where a price counts as the only one, a little more and a little less of the demand
    change the cost by it alike.
    """
    model = ours.build(ours.load(region(1, 24)))
    program = model.program.assemble()
    answer = highs(program)
    is_unique = has_one_dual(program, answer.columns, answer.row_duals)
    balances = [rows for name, rows in model.program.row_spans() if name.startswith("balance.")]
    for row in [int(row) for rows in balances for row in range(rows.start, rows.stop, 5) if is_unique[row]]:
        sides = []
        for step in (1e-4, -1e-4):
            lower, upper = program.row_lower.copy(), program.row_upper.copy()
            lower[row], upper[row] = lower[row] + step, upper[row] + step
            moved = highs(replace(program, row_lower=lower, row_upper=upper))
            sides.append((moved.objective - answer.objective) / step)
        assert sides == pytest.approx([answer.row_duals[row]] * 2, rel=1e-4, abs=1e-3), row
    assert 0.2 < np.mean([is_unique[row] for rows in balances for row in range(rows.start, rows.stop)]) < 1.0


@pytest.mark.parametrize("method", ["hipo", "interior"])
def test_a_point_from_inside_is_doubted_as_a_corner_is(method: str) -> None:
    """An interior point leaves a trace of flow everywhere; that trace is no reason to trust a price."""
    parts = [*merit([8.0, 10.0, 12.0, 15.0, 20.0]), Source(name="d", to="idle", price=5.0)]
    inputs, outputs = {"in": {"from": "idle", "ratio": 1.0}}, {"out": {"to": "heat", "ratio": 1.0}}
    parts.append(Converter(name="e", inputs=inputs, outputs=outputs, variable_om=200.0))
    results = solve(parts, {"heat": "heat", "idle": "heat"}, steps=5, method=method)

    assert results.price_is_doubtful.sel(node="heat").values == pytest.approx([0, 1, 0, 1, 0])
    assert results.price_is_doubtful.sel(node="idle").values == pytest.approx([1, 1, 1, 1, 1])
