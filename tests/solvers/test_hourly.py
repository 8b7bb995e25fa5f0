"""The engine that walks the hours against HiGHS and against hand-solved hours, on arrays."""

import numpy as np
import pytest

from solvers.answer import Status
from solvers.highs import solve
from solvers.hourly.engine import INFEASIBLE, OPTIMAL, UNBOUNDED, Layout, RefusedError, StoreWorth, lay_out
from solvers.program import (
    Entry,
    GlobalColumns,
    GlobalEntry,
    GlobalRow,
    HourColumns,
    HourlyProgram,
    HourRows,
    SumEntry,
)
from tests.solvers.random_hours import NOTHING, random_hours

DEMAND = np.array([8.0, 8.0, 14.0, 18.0])
BEFORE = np.array([-1, 0, 1, 2])


def walk(program: HourlyProgram, **more: object) -> tuple[Layout, np.ndarray]:
    """Lay out and walk; the values as the assembled program numbers them."""
    layout = lay_out(program, np.array(program.globals.lower), **more)
    walked = layout.walk(np.zeros(len(program.columns)))

    assert walked.ending == OPTIMAL
    return layout, np.concatenate([walked.values.ravel(), walked.reached])


@pytest.mark.parametrize("first", range(0, 1200, 100))
def test_every_hour_has_the_optimum_of_highs(first: int) -> None:
    """1 200 random programs end as HiGHS says, and optimal ones cost the same to 1e-9 and keep every row."""
    for seed in range(first, first + 100):
        program = random_hours(seed)
        walked = lay_out(program, np.zeros(0)).walk(np.zeros(len(program.columns)))
        arrays = program.assemble()
        answer = solve(arrays)
        if walked.ending != OPTIMAL:
            assert walked.ending in (INFEASIBLE, UNBOUNDED), seed
            assert answer.status in (Status.INFEASIBLE, Status.UNBOUNDED), seed
            continue
        x = walked.values.ravel()
        rows = arrays.row_values(x)

        assert answer.status is Status.OPTIMAL, seed
        assert float(arrays.cost @ x) == pytest.approx(answer.objective, rel=1e-9, abs=1e-9), seed
        assert np.all(rows >= arrays.row_lower - 1e-8), seed
        assert np.all(rows <= arrays.row_upper + 1e-8), seed
        assert np.all(x >= arrays.lower - 1e-8), seed
        assert np.all(x <= arrays.upper + 1e-8), seed


def units(*more: HourColumns) -> tuple[HourColumns, ...]:
    """10 MW at 10, 5 MW at 30, 20 MW at 80, and more columns."""
    return (HourColumns(0.0, 10.0, 10.0), HourColumns(0.0, 5.0, 30.0), HourColumns(0.0, 20.0, 80.0), *more)


def test_plain_merit_order_is_noticed() -> None:
    """T-9.1 on arrays: cost 870 and prices 10, 10, 30, 80; the only row of the hour needs no simplex pivot."""
    row = HourRows(DEMAND, DEMAND, (Entry(0, 1.0), Entry(1, 1.0), Entry(2, 1.0)))
    program = HourlyProgram(4, BEFORE, units(), NOTHING, (row,), ())
    layout = lay_out(program, np.zeros(0))
    walked = layout.walk(np.zeros(3))

    assert float(program.assemble().cost @ walked.values.ravel()) == 870.0
    assert walked.prices[0].tolist() == [10.0, 10.0, 30.0, 80.0]
    assert layout.blocks.tolist() == [1]
    assert walked.pivots == 0


def stored(worth: np.ndarray) -> tuple[HourlyProgram, StoreWorth]:
    """The same with 4 MWh and 4 MW of store, empty before the first hour."""
    store = (HourColumns(0.0, 4.0, 0.0), HourColumns(0.0, 4.0, 0.0), HourColumns(0.0, 4.0, 0.0))
    balance = HourRows(DEMAND, DEMAND, (Entry(0, 1.0), Entry(1, 1.0), Entry(2, 1.0), Entry(3, -1.0), Entry(4, 1.0)))
    carry = HourRows(0.0, 0.0, (Entry(5, 1.0), Entry(5, -1.0, BEFORE), Entry(3, -1.0), Entry(4, 1.0)))
    program = HourlyProgram(4, BEFORE, units(*store), NOTHING, (balance, carry), ())
    return program, StoreWorth(np.zeros((4, 0)), worth[:, None], worth[:, None])


@pytest.mark.parametrize(
    ("worth", "cost"),
    [([0.0] * 4, 870.0), ([10.5] * 4, 790.0), ([20.0, 20.0, 40.0, 0.0], 640.0), ([79.0, 79.0, 79.0, 0.0], 680.0)],
)
def test_store_follows_the_worth_of_what_it_holds(worth: list[float], cost: float) -> None:
    """T-9.2 on arrays: worth nothing the store stays empty; just above the cheapest unit it fills there and is spent
    on the first dearer hour (790); worth 20 while it fills and 40 later it waits for 80 (640, the optimum); worth 79
    it fills too dearly in the first hour (680)."""
    program, value = stored(np.array(worth))
    _, x = walk(program, worths={5: value})

    assert float(program.assemble().cost @ x) == pytest.approx(cost, abs=1e-9)


def test_peak_so_far_is_a_state() -> None:
    """A fee of 100 on the peak of each pair of hours: the dear unit is taken until the peak so far is used up."""
    need = np.array([5.0, 4.0, 3.0, 6.0])
    columns = (HourColumns(0.0, 20.0, 1.0), HourColumns(0.0, 20.0, 50.0))
    peaks = GlobalColumns(np.zeros(2), np.full(2, np.inf), np.array([100.0, 20.0]), np.zeros(2, bool))
    rows = (
        HourRows(need, need, (Entry(0, 1.0), Entry(1, 1.0))),
        HourRows(-np.inf, 0.0, (Entry(0, 1.0),), (GlobalEntry(np.array([0, 0, 1, 1]), -1.0),)),
    )
    program = HourlyProgram(4, BEFORE, columns, peaks, rows, ())
    _, x = walk(program)

    assert x[:4].tolist() == [0.0, 0.0, 3.0, 6.0]
    assert x[8:].tolist() == [0.0, 6.0]


def test_budget_is_spent_and_then_closed() -> None:
    """A cheap source may give 12 MWh in all: it serves until that is used, then the dear one has to."""
    need = np.array([5.0, 5.0, 5.0, 5.0])
    columns = (HourColumns(0.0, 20.0, 1.0), HourColumns(0.0, 20.0, 50.0))
    row = HourRows(need, need, (Entry(0, 1.0), Entry(1, 1.0)))
    budget = GlobalRow(-np.inf, 12.0, (SumEntry(0, 1.0),))
    program = HourlyProgram(4, BEFORE, columns, NOTHING, (row,), (budget,))
    _, x = walk(program)

    assert x[:4].tolist() == [5.0, 5.0, 2.0, 0.0]


def test_least_amount_over_the_horizon_is_refused() -> None:
    """A row that asks for at least 12 MWh over all hours cannot be promised hour by hour."""
    budget = GlobalRow(12.0, np.inf, (SumEntry(0, 1.0),))
    program = HourlyProgram(4, BEFORE, units(), NOTHING, (), (budget,))
    with pytest.raises(RefusedError, match="least amount"):
        lay_out(program, np.zeros(0))


@pytest.mark.parametrize(
    ("least", "most", "ending"), [(0.0, 1.0, OPTIMAL), (0.0, 0.6, INFEASIBLE), (0.3, 0.6, INFEASIBLE)]
)
def test_a_whole_number_stays_within_its_own_bounds(least: float, most: float, ending: int) -> None:
    """5 MW of a unit of 10 MW that is on or off: on where it may be, and no plan where 'on' is at most 0.6."""
    demand = HourRows(5.0, 5.0, (Entry(0, 1.0),))
    within = HourRows(-np.inf, 0.0, (Entry(0, 1.0), Entry(1, -10.0)))
    columns = (HourColumns(0.0, 10.0, 1.0), HourColumns(least, most, 1.0, is_integer=True))
    program = HourlyProgram(4, BEFORE, columns, NOTHING, (demand, within), ())
    walked = lay_out(program, np.zeros(0)).walk(np.zeros(2))

    assert walked.ending == ending
    assert ending != OPTIMAL or walked.values[1].tolist() == [1.0] * 4


def test_parts_that_share_nothing_are_walked_apart() -> None:
    """Two towns without a link are two parts of one row each."""
    rows = tuple(HourRows(DEMAND, DEMAND, (Entry(3 * town, 1.0), Entry(3 * town + 1, 1.0), Entry(3 * town + 2, 1.0)))
                 for town in range(2))  # fmt: skip
    program = HourlyProgram(4, BEFORE, units() + units(), NOTHING, rows, ())
    layout, x = walk(program)

    assert layout.blocks.tolist() == [1, 1]
    assert float(program.assemble().cost @ x) == pytest.approx(1740.0)


def test_what_belongs_to_an_hour_lies_together() -> None:
    """The walk reads hour after hour; tables laid out column by column would cost a miss of the cache per number."""
    program, value = stored(np.array([10.5] * 4))
    layout, _ = walk(program, worths={5: value})

    assert [name for name, table in layout.hours._asdict().items() if not table.flags.c_contiguous] == []


def test_unit_with_least_load_is_on_or_off() -> None:
    """A unit of 10 MW at 10 with a least load of 6 MW and a running cost of 15: at 4 MW it stays off, at 8 MW on."""
    need = np.array([4.0, 8.0])
    columns = (HourColumns(0.0, 10.0, 10.0), HourColumns(0.0, 1.0, 15.0, True), HourColumns(0.0, 20.0, 30.0))
    rows = (
        HourRows(need, need, (Entry(0, 1.0), Entry(2, 1.0))),
        HourRows(-np.inf, 0.0, (Entry(0, 1.0), Entry(1, -10.0))),
        HourRows(0.0, np.inf, (Entry(0, 1.0), Entry(1, -6.0))),
    )
    program = HourlyProgram(2, np.array([-1, 0]), columns, NOTHING, rows, ())
    _, x = walk(program)

    assert x.tolist() == [0.0, 8.0, 0.0, 1.0, 4.0, 0.0]


def test_a_column_of_one_row_is_the_rows_own_variable() -> None:
    """Demands of 8 and 14 MW in town, 5 MW outside; a boiler of 10 MW at 30 stands in the town's row only, so the walk
    takes it out, with 2 MW of it for each MW of fuel. A link of 6 MW brings up to 6 MW at 20 from outside, where 9 MW
    are to be had. First hour: 6 from outside and 2 of the boiler (1 MW of fuel), price 15 a MWh of heat; second: 6 and
    8 (4 MW of fuel). An own variable with the wrong sign or cost would give another price or another cost than 370."""
    need, outside = np.array([8.0, 14.0]), np.array([5.0, 5.0])
    columns = (HourColumns(0.0, 5.0, 30.0), HourColumns(0.0, 6.0, 0.0), HourColumns(0.0, 11.0, 10.0))
    rows = (
        HourRows(need, need, (Entry(0, 2.0), Entry(1, 1.0))),
        HourRows(outside, outside, (Entry(1, -1.0), Entry(2, 1.0))),
    )
    program = HourlyProgram(2, np.array([-1, 0]), columns, NOTHING, rows, ())
    layout, x = walk(program)
    walked = layout.walk(np.zeros(3))

    assert layout.shape.own_column.tolist() == [0, 2]
    assert x.tolist() == [1.0, 4.0, 6.0, 6.0, 11.0, 11.0]
    assert float(program.assemble().cost @ x) == pytest.approx(5 * 30.0 + 22 * 10.0)
    assert walked.prices[0].tolist() == pytest.approx([15.0, 15.0])
    assert walked.prices[1].tolist() == pytest.approx([10.0, 10.0])


def test_lists_are_raised_in_their_order() -> None:
    """Two units of 10 MW, the dear one first in the list: at 8 MW it runs alone, at 14 MW the cheap one joins and runs
    full. With the list turned round the cheap one runs alone."""
    need = np.array([8.0, 14.0])
    columns = (
        HourColumns(0.0, 10.0, 10.0), HourColumns(0.0, 1.0, 0.0, True),
        HourColumns(0.0, 10.0, 50.0), HourColumns(0.0, 1.0, 0.0, True), HourColumns(0.0, 20.0, 900.0),
    )  # fmt: skip
    rows = (
        HourRows(need, need, (Entry(0, 1.0), Entry(2, 1.0), Entry(4, 1.0))),
        HourRows(-np.inf, 0.0, (Entry(0, 1.0), Entry(1, -10.0))),
        HourRows(-np.inf, 0.0, (Entry(2, 1.0), Entry(3, -10.0))),
    )
    program = HourlyProgram(2, np.array([-1, 0]), columns, NOTHING, rows, ())
    _, dear_first = walk(program, lists=[[(3, 2), (1, 1)]])
    _, cheap_first = walk(program, lists=[[(1, 1), (3, 2)]])

    assert dear_first.reshape(5, 2).tolist() == [[0.0, 10.0], [0.0, 1.0], [8.0, 4.0], [1.0, 1.0], [0.0, 0.0]]
    assert cheap_first.reshape(5, 2).tolist() == [[8.0, 10.0], [1.0, 1.0], [0.0, 4.0], [0.0, 1.0], [0.0, 0.0]]
