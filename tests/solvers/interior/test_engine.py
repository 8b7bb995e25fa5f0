"""The method on the hours' pattern, from program to proven answer, held against HiGHS."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.ladder import Rung, model_of
from solvers import highs
from solvers.anchored import AnchoredSession
from solvers.answer import Options, Status
from solvers.bound import row_violation
from solvers.corner import NOT_REACHED, to_corner
from solvers.front import solve_hourly
from solvers.interior import engine
from solvers.program import Entry, GlobalColumns, GlobalEntry, HourColumns, HourlyProgram, HourRows
from solvers.session import Session
from tests.solvers.interior.chains import before, program
from tests.solvers.random_region import region

WANTED = Options(proven_gap=1e-6)


def agree(asked: HourlyProgram, options: Options = WANTED) -> None:
    """Same optimum as HiGHS to the gap, a bound that is one, rows that hold."""
    arrays = asked.assemble()
    answer = engine.solve(asked, arrays, options)
    reference = highs.solve(arrays, Options(method="simplex"))
    scale = max(1.0, abs(reference.objective))

    assert (answer.status, reference.status) == (Status.OPTIMAL, Status.OPTIMAL)
    assert answer.gap <= options.proven_gap
    assert abs(answer.objective - reference.objective) <= 1.01 * options.proven_gap * scale
    bound = answer.objective - answer.gap * max(1.0, abs(answer.objective))
    assert bound <= reference.objective + 1e-9 * scale
    assert row_violation(arrays, np.r_[asked.row_starts, asked.row_count], answer.columns) <= 2e-7
    assert np.all((answer.columns >= arrays.lower) & (answer.columns <= arrays.upper))


def shape_of(seed: int) -> tuple[int, int, bool]:
    """Towns, hours, and whether sizes are decided, of a random region."""
    draw = np.random.default_rng(seed)
    towns = int(draw.integers(1, 9))
    hours = 168 if towns > 4 else int(draw.choice([168, 168, 336, 672, 1000]))
    return towns, hours, bool(draw.integers(0, 2))


@pytest.mark.parametrize("seed", [11, 23, 27, 30, 36, 38, 49])
def test_random_regions_of_all_types(seed: int) -> None:
    """Regions drawn from every component type: the optimum is that of HiGHS."""
    agree(region(seed, *shape_of(seed)).program)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 160))
def test_sixty_random_regions(seed: int) -> None:
    """One to eight towns, a week to six weeks."""
    agree_where_highs_ends(region(seed, *shape_of(seed)).program)


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "has_design"), [(seed, seed % 2 == 0) for seed in range(200, 208)])
def test_random_years(seed: int, has_design: bool) -> None:
    """A town or two over all 8 760 hours."""
    agree_where_highs_ends(region(seed, 1 + seed % 3 // 2, 8760, has_design).program)


def agree_where_highs_ends(asked: HourlyProgram) -> None:
    """The optimum is proven, and that of HiGHS where simplex finds one within a minute; whole numbers are refused."""
    arrays = asked.assemble()
    if arrays.is_integer.any():
        with pytest.raises(engine.RefusedError, match="whole numbers"):
            engine.solve(asked, arrays, WANTED)
        return
    answer = engine.solve(asked, arrays, WANTED)

    assert answer.status is Status.OPTIMAL
    assert answer.gap <= WANTED.proven_gap
    reference = highs.solve(arrays, Options(method="simplex", time_limit=60.0))
    if reference.status is Status.OPTIMAL:
        scale = max(1.0, abs(reference.objective))
        assert abs(answer.objective - reference.objective) <= 1.01e-6 * scale
        assert answer.objective - answer.gap * max(1.0, abs(answer.objective)) <= reference.objective + 1e-9 * scale
    assert row_violation(arrays, np.r_[asked.row_starts, asked.row_count], answer.columns) <= 2e-7


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("is_ring", [True, False])
def test_chains_lags_and_groups_of_hours(seed: int, is_ring: bool) -> None:
    """One to three chains, lags of one to five steps, steps of unequal length, budgets over a chain each."""
    agree(program(seed, chains=1 + seed % 3, length=30 + 40 * (seed % 2), lag=1 + seed % 5, is_ring=is_ring))


def test_a_horizon_cut_in_stretches() -> None:
    """2 000 steps are cut in five; the answer does not show where."""
    agree(program(7, chains=1, length=2000))


def test_a_gap_of_a_hundred_millionth() -> None:
    """A finer gap is reached where it is asked for."""
    agree(program(3), Options(proven_gap=1e-8))


def test_it_needs_few_iterations() -> None:
    """An interior point method that needs a hundred iterations for eighty hours has lost its way."""
    asked = program(1)

    assert engine.solve(asked, asked.assemble(), WANTED).iterations <= 30


def test_a_horizon_of_stores_needs_few_iterations_more() -> None:
    """Each period between a full and an empty store finds its price by itself: without looks ahead 78 iterations."""
    asked = model_of(Rung("half a year", 1, 4380, has_design=True)).program
    answer = engine.solve(asked, asked.assemble(), WANTED)

    assert answer.status is Status.OPTIMAL
    assert answer.iterations <= 45


def test_threads_do_not_change_the_answer() -> None:
    """One thread and two give the same to 1e-9, and a second run the same bits."""
    asked = program(5, chains=1, length=1700)
    arrays = asked.assemble()
    one, two, again = (engine.solve(asked, arrays, Options(threads=n)) for n in (1, 2, 2))

    assert abs(one.objective - two.objective) <= 1e-9 * abs(one.objective)
    assert np.abs(one.columns - two.columns).max() <= 1e-9 * np.abs(one.columns).max()
    assert np.array_equal(two.columns, again.columns)
    assert np.array_equal(two.row_duals, again.row_duals)


def test_prices_in_the_model_s_signs() -> None:
    """T-9.1: marginal prices of four hours are 10, 10, 30 and 80, those of the units at the margin."""
    demand = np.array([8.0, 8.0, 14.0, 18.0])
    units = tuple(HourColumns(0.0, size, price) for size, price in ((10.0, 10.0), (5.0, 30.0), (20.0, 80.0)))
    rows = (HourRows(demand, demand, tuple(Entry(number, 1.0) for number in range(3))),)
    nothing = GlobalColumns(np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0, bool))
    asked = HourlyProgram(4, np.array([3, 0, 1, 2]), units, nothing, rows, ())
    answer = engine.solve(asked, asked.assemble(), Options(proven_gap=1e-9))

    assert answer.objective == pytest.approx(870.0, rel=1e-8)
    assert answer.row_duals == pytest.approx([10.0, 10.0, 30.0, 80.0], rel=1e-5)


def test_prices_of_rows_that_became_bounds() -> None:
    """Capacity rows of single columns leave before the start; their prices come back: 20 a MW in each hour short."""
    demand = np.full(6, 9.0)
    columns = (HourColumns(0.0, 100.0, 10.0), HourColumns(0.0, 100.0, 30.0))
    rows = (
        HourRows(demand, demand, (Entry(0, 1.0), Entry(1, 1.0))),
        HourRows(-np.inf, 5.0, (Entry(0, 1.0),)),
    )
    nothing = GlobalColumns(np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0, bool))
    asked = HourlyProgram(6, np.r_[5, np.arange(5)], columns, nothing, rows, ())
    answer = engine.solve(asked, asked.assemble(), WANTED)

    assert answer.row_duals[:6] == pytest.approx(np.full(6, 30.0), rel=1e-4)
    assert answer.row_duals[6:] == pytest.approx(np.full(6, -20.0), rel=1e-4)


def test_no_plan_is_proven() -> None:
    """A load that no plant can serve over a day, though each hour alone could be served from the store."""
    asked = program(2, chains=1, length=60)
    tight = list(asked.rows)
    tight[0] = replace(tight[0], lower=tight[0].lower + 40.0, upper=tight[0].upper + 40.0)
    columns = list(asked.columns)
    columns[1] = replace(columns[1], upper=1.0)
    without = replace(asked, rows=tuple(tight), columns=tuple(columns))
    arrays = without.assemble()

    assert engine.solve(without, arrays, WANTED).status is not Status.OPTIMAL
    assert solve_hourly(without, arrays, Options(method="interior")).status is Status.INFEASIBLE


def test_a_contradiction_over_time_is_proven_infeasible() -> None:
    """A store that must give more than was ever put in: no row fails alone, the sum of all does (Farkas)."""
    steps = 50
    columns = (HourColumns(0.0, 1.0, 1.0), HourColumns(0.0, 5.0, 0.0), HourColumns(0.0, 80.0, 0.0))
    past = before(1, steps, 1, is_ring=True)
    rows = (
        HourRows(0.0, 0.0, (Entry(2, 1.0), Entry(2, -1.0, past), Entry(0, -1.0), Entry(1, 1.0))),
        HourRows(1.2, np.inf, (Entry(1, 1.0),), (GlobalEntry(0, -0.01),)),
    )
    once = GlobalColumns(np.zeros(1), np.ones(1), np.ones(1), np.zeros(1, bool))
    asked = HourlyProgram(steps, past, columns, once, rows, ())

    assert engine.solve(asked, asked.assemble(), WANTED).status is Status.INFEASIBLE


def test_earning_without_limit_is_proven() -> None:
    """A plant that sells without limit: there is no cheapest plan."""
    asked = program(2, chains=1, length=60)
    columns = list(asked.columns)
    columns[6] = replace(columns[6], cost=-1.0)
    rows = asked.rows[:4]
    endless = replace(asked, columns=tuple(columns), rows=rows, global_rows=asked.global_rows[:1])
    columns[1] = replace(columns[1], upper=np.inf, cost=-2.0)
    endless = replace(endless, columns=tuple(columns), global_rows=())
    answer = engine.solve(endless, endless.assemble(), WANTED)

    assert answer.status is Status.UNBOUNDED


def test_whole_numbers_are_refused_by_name() -> None:
    """What the method does not take is said before the start."""
    asked = program(0)
    columns = (replace(asked.columns[0], is_integer=True), *asked.columns[1:])
    whole = replace(asked, columns=columns)

    with pytest.raises(engine.RefusedError, match="whole numbers"):
        engine.solve(whole, whole.assemble())


def test_very_long_lags_are_refused_by_name() -> None:
    """Each step of a lag costs a column and a row in every hour."""
    asked = program(0, chains=1, length=200, lag=90)

    with pytest.raises(engine.RefusedError, match="look back 90 steps"):
        engine.solve(asked, asked.assemble())


def test_a_time_limit_leaves_a_certified_point() -> None:
    """Stopped at once, the answer still says how far from the best it is at most."""
    asked = program(4, chains=1, length=1000)
    arrays = asked.assemble()
    answer = engine.solve(asked, arrays, Options(time_limit=0.0))
    reference = highs.solve(arrays)

    assert answer.status is Status.STOPPED
    assert answer.objective - answer.gap * max(1.0, abs(answer.objective)) <= reference.objective * (1.0 + 1e-9)


def test_progress_is_told() -> None:
    """Every iteration says how far it is."""
    engine.first_use()
    heard: list[int] = []
    asked = program(4)
    answer = engine.solve(asked, asked.assemble(), WANTED, lambda _method, iteration, _seconds: heard.append(iteration))

    assert heard == list(range(answer.iterations + 1))


def test_a_start_near_the_last_answer_is_shorter() -> None:
    """Prices five per cent up: from the last answer it takes fewer iterations to the same optimum."""
    asked = program(8, chains=1, length=1000, lag=1)
    dear = [replace(column, cost=np.asarray(column.cost) * 1.05) for column in asked.columns[:3]]
    dearer = replace(asked, columns=(*dear, *asked.columns[3:]))
    session = Session()
    options = Options(method="interior")
    solve_hourly(asked, asked.assemble(), options, session=session)
    again = solve_hourly(dearer, dearer.assemble(), options, session=session)
    afresh = solve_hourly(dearer, dearer.assemble(), options)

    assert again.iterations < afresh.iterations
    assert again.objective == pytest.approx(afresh.objective, rel=2e-6)


def test_an_anchored_session_forgets() -> None:
    """Where answers may not depend on the order, nothing starts near the last one."""
    session = AnchoredSession(lambda: None)
    asked = program(8)
    solve_hourly(asked, asked.assemble(), Options(method="interior"), session=session)

    assert session.inside is None


def test_a_corner_on_request() -> None:
    """With crossover the answer is basic: as many entries off their bounds as rows at most, and the cost is exact."""
    asked = program(9)
    arrays = asked.assemble()
    answer = solve_hourly(asked, arrays, Options(method="interior", crossover=True))
    off = (answer.columns > arrays.lower + 1e-9) & (answer.columns < arrays.upper - 1e-9)
    values = arrays.row_values(answer.columns)
    loose = (values > arrays.row_lower + 1e-7) & (values < arrays.row_upper - 1e-7)

    assert answer.method == "interior_corner"
    assert off.sum() + loose.sum() <= arrays.row_count
    assert answer.objective == pytest.approx(highs.solve(arrays).objective, rel=1e-9)


def test_a_corner_not_reached_leaves_the_point() -> None:
    """Without time for the corner the certified point stays, and says so."""
    asked = program(9, chains=1, length=600)
    arrays = asked.assemble()
    inside = engine.solve(asked, arrays, WANTED)
    answer = to_corner(arrays, inside, Options(time_limit=inside.seconds))

    assert answer.remark == NOT_REACHED
    assert np.array_equal(answer.columns, inside.columns)


@pytest.mark.parametrize(
    ("told", "is_refused"),
    [("MemFree: 1 kB\nMemAvailable: 99999999 kB\n", False), ("MemFree: 99999999 kB\nMemAvailable: 1 kB\n", True)],
)
def test_free_memory_counts_what_the_system_would_give_back(
    told: str, is_refused: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine whose memory is full of files it has read lately has room all the same."""
    (tmp_path / "meminfo").write_text(told)
    monkeypatch.setattr(engine, "MEMORY", tmp_path / "meminfo")
    asked = program(9, chains=1, length=48)
    if is_refused:
        with pytest.raises(engine.RefusedError, match=r"of memory, where 0\.0 are free"):
            engine.solve(asked, asked.assemble(), WANTED)
    else:
        assert engine.solve(asked, asked.assemble(), WANTED).status is Status.OPTIMAL


def test_the_first_use_is_told_once() -> None:
    """What compiling took is known, and is not paid twice in a process."""
    assert engine.first_use() == engine.first_use()
    assert engine.first_use() > 0.0
