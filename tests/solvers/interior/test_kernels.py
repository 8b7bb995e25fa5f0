"""The loops over hours and over entries, each beside a twin in plain NumPy that knows nothing of hours."""

import numpy as np
import pytest

from solvers.interior import barrier, factor, layout
from solvers.interior.equations import DELTA, Right, Step, StepEquations
from solvers.interior.grid import grid_of
from solvers.interior.layout import layout_of
from solvers.interior.method import FEW_LOOKS, MOST_LOOKS, InteriorPoint
from solvers.interior.presolve import NoPlanError, presolve
from solvers.interior.scaling import scales_of
from solvers.interior.team import Team
from solvers.interior.vectors import Aims, Box, Tangents, points
from solvers.program import Entry, GlobalColumns, GlobalEntry, HourColumns, HourlyProgram, HourRows
from tests.solvers.interior.chains import program
from tests.solvers.random_hours import NOTHING

CASES = [(0, 1, 12, 1), (1, 2, 15, 2), (2, 3, 9, 3), (3, 1, 45, 1)]
"""Seed, chains, steps of each, lag; all but the first are cut in stretches of ten steps or so."""


@pytest.fixture(params=CASES, ids=str)
def equations(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> StepEquations:
    monkeypatch.setattr(layout, "SHORTEST", 10)
    seed, chains, length, lag = request.param
    grid = grid_of(program(seed, chains, length, lag))
    presolve(grid)
    return StepEquations(layout_of(grid, scales_of(grid)), Team(1))


def dense(equations: StepEquations) -> np.ndarray:
    """The matrix, column by column."""
    count = len(equations.layout.lower)
    return np.column_stack([equations.multiply(unit) for unit in np.eye(count)])


def test_products_are_each_other_s_transpose(equations: StepEquations) -> None:
    """For any point and duals, duals times rows is point times priced columns."""
    draw = np.random.default_rng(1)
    x, y = draw.normal(size=len(equations.layout.lower)), draw.normal(size=len(equations.layout.row_lower))
    y[~equations.layout.has_row] = 0.0

    assert y @ equations.multiply(x) == pytest.approx(x @ equations.price(y), rel=1e-12)


def test_border_places_are_in_the_order_in_which_hours_see_them(equations: StepEquations) -> None:
    """Each step counts the places that entries up to it name, and these are the first ones."""
    laid, tables = equations.layout, equations.system.tables
    summed = int(tables.summed.max(initial=-1)) + 1
    for (first, end), local, opened in zip(equations.spans, equations.local, laid.opened, strict=True):
        seen: set[int] = set()
        for step in range(first, end):
            slots = slice(tables.slot_start[step * laid.height], tables.slot_start[(step + 1) * laid.height])
            sums = slice(tables.sum_start[step * summed], tables.sum_start[(step + 1) * summed])
            seen |= set(local[np.concatenate([tables.slot_place[slots], tables.sum_place[sums]])].tolist()) - {-1}

            assert seen == set(range(opened[step - first]))


@pytest.mark.parametrize("case", CASES[:3], ids=str)
def test_the_matrix_is_that_of_the_program(case: tuple[int, int, int, int]) -> None:
    """Scaled back and put in order, each row of the layout is a row of the assembled program or hands a lag on."""
    seed, chains, length, lag = case
    asked = program(seed, chains, length, lag)
    grid = grid_of(asked)
    scales = scales_of(grid)
    laid = layout_of(grid, scales)
    matrix = dense(StepEquations(laid, Team(1)))
    arrays = asked.assemble()
    wanted = np.zeros((arrays.row_count, arrays.column_count))
    rows = np.repeat(np.arange(arrays.row_count), np.diff(arrays.starts))
    np.add.at(wanted, (rows, arrays.indices), arrays.values)
    x = np.random.default_rng(2).normal(size=arrays.column_count)
    blocks, steps = len(asked.columns), asked.steps
    hourly = np.zeros((steps, laid.width))
    hourly[:, :blocks] = x[: blocks * steps].reshape(blocks, steps).T
    for _ in range(lag):  # registers hold what was handed on
        point = np.concatenate([(hourly / scales.column).ravel(), x[blocks * steps :] / scales.once])
        found = (matrix @ point)[: steps * laid.height].reshape(steps, laid.height) / scales.row[laid.rows]
        for place, row in enumerate(laid.rows):
            if row >= len(asked.rows):
                hourly[:, blocks + row - len(asked.rows)] -= np.where(grid.has_row[:, row], found[:, place], 0.0)
    point = np.concatenate([(hourly / scales.column).ravel(), x[blocks * steps :] / scales.once])
    product = matrix @ point
    found = np.zeros((steps, len(scales.row)))
    found[:, laid.rows] = product[: steps * laid.height].reshape(steps, laid.height) / scales.row[laid.rows]
    once = product[steps * laid.height :] / scales.total
    blocks_found = [found[:, n] if r.steps is None else found[r.steps, n] for n, r in enumerate(asked.rows)]

    assert np.concatenate([*blocks_found, once]) == pytest.approx(wanted @ x, rel=1e-9, abs=1e-9)


def test_step_equations_against_a_dense_solve(equations: StepEquations) -> None:
    """Hours, stretches and border give what one dense factorisation of the whole gives."""
    laid, draw = equations.layout, np.random.default_rng(3)
    columns, rows = len(laid.lower), len(laid.row_lower)
    h, hs = draw.uniform(0.1, 10.0, columns), draw.uniform(0.1, 10.0, rows)
    held, has_slack = equations.is_held, equations.has_slack
    right = Right(
        np.where(held, 0.0, draw.normal(size=columns)),
        np.where(has_slack, draw.normal(size=rows), 0.0),
        np.where(laid.has_row, draw.normal(size=rows), 0.0),
    )
    move = Step(np.zeros(columns), np.zeros(rows), np.zeros(rows))
    equations.factor(h, hs)
    equations.solve(right, move)
    matrix = dense(equations) * ~held
    # Rows of slacks: ds = (gs + dl) / hs with the duals' usual sign turned; equations have DELTA in its place.
    d = np.where(has_slack, 1.0 / hs, np.where(laid.has_row, DELTA, 1.0))
    matrix[~laid.has_row] = 0.0
    whole = np.block([[np.diag(np.where(held, 1.0, h)), -matrix.T], [matrix, np.diag(d)]])
    found = np.linalg.solve(whole, np.concatenate([right.g, right.r + d * right.gs]))
    slacks = np.where(has_slack, (right.gs - found[columns:]) / hs, 0.0)

    assert move.columns == pytest.approx(np.where(held, 0.0, found[:columns]), rel=1e-7, abs=1e-8)
    assert move.duals == pytest.approx(found[columns:], rel=1e-7, abs=1e-8)
    assert move.slacks == pytest.approx(slacks, rel=1e-7, abs=1e-8)


@pytest.mark.parametrize("raised", [1.0, 100.0])
def test_a_pivot_of_rounding_is_raised(raised: float) -> None:
    """Two equal rows: nothing is left of the second, whose pivot is put where it is told; others stay as they are."""
    block = np.array([[4.0, 0.0, 0.0], [4.0, 4.0, 0.0], [2.0, 3.0, 9.0]])
    factor.factor_block(block, 1e-13 * block.diagonal(), raised, np.zeros(3))
    least = np.sqrt(raised * 4e-13)

    assert block.diagonal() == pytest.approx([2.0, least, np.sqrt(raised * 9e-13)])
    assert block[2, :2] == pytest.approx([1.0, 1.0 / least])


class Drawn:
    """A point, a direction and a correction, bounds of every kind."""

    def __init__(self, seed: int, count: int = 60) -> None:
        draw = np.random.default_rng(seed)
        self.box = Box(
            np.where(draw.random(count) < 0.3, -np.inf, draw.uniform(-2.0, 0.0, count)),
            np.where(draw.random(count) < 0.3, np.inf, draw.uniform(1.0, 3.0, count)),
        )
        self.box.low[:5] = self.box.high[:5] = 0.7
        self.has_low, self.has_high = np.isfinite(self.box.low), np.isfinite(self.box.high)
        self.live = self.box.low != self.box.high
        self.point, self.move, self.extra = (points(count, 3) for _ in range(3))
        self.point.v[:] = np.where(self.live, draw.uniform(0.1, 0.9, count), 0.7)
        self.low_pair, self.high_pair = self.has_low & self.live, self.has_high & self.live
        for step in (self.point, self.move, self.extra):
            size = draw.uniform(0.1, 2.0, (2, count)) if step is self.point else draw.normal(size=(2, count))
            step.zl[:], step.zu[:] = np.where(self.low_pair, size[0], 0.0), np.where(self.high_pair, size[1], 0.0)
        for step in (self.move, self.extra):
            step.v[:] = np.where(self.live, draw.normal(size=count), 0.0)
        self.span, self.count = (0, count), count
        self.below = np.where(self.has_low & self.live, self.point.v - self.box.low, 1.0)
        self.above = np.where(self.has_high & self.live, self.box.high - self.point.v, 1.0)
        self.at = Tangents(*(draw.uniform(0.1, 2.0, count) for _ in Tangents._fields))

    def aims(self) -> Aims:
        return Aims(self.at, np.zeros(self.count), np.zeros(self.count), np.zeros(self.count))


@pytest.mark.parametrize(("sizes", "looks"), [(34, MOST_LOOKS), (35, FEW_LOOKS)])
def test_few_looks_where_a_factorisation_is_dear(sizes: int, looks: int) -> None:
    """One row, two columns and n sizes an hour: n n/2 products for the border, 4 to solve: n n/8, 150 from 35 on."""
    hours = HourColumns(0.0, 9.0, 1.0)
    ones = np.ones(sizes)
    row = HourRows(5.0, 5.0, (Entry(0, 1.0), Entry(1, 1.0)), tuple(GlobalEntry(n, 1.0) for n in range(sizes)))
    once = GlobalColumns(0.0 * ones, 9.0 * ones, ones, np.zeros(sizes, bool))
    grid = grid_of(HourlyProgram(3, np.array([2, 0, 1]), (hours, hours), once, (row,), ()))
    equations = StepEquations(layout_of(grid, scales_of(grid)), Team(1))

    assert equations.dearness() == pytest.approx(sizes * sizes / 8.0)
    assert InteriorPoint(equations).most_looks == looks


@pytest.mark.parametrize("seed", range(3))
def test_diagonal(seed: int) -> None:
    """Multipliers over distances, and a proximal term that follows the size."""
    case, h = Drawn(seed), np.zeros(60)
    barrier.weigh(case.span, case.point, case.box, case.at, (1e-3, 1e-2), h)
    is_free = ~case.has_low & ~case.has_high
    wanted = np.where(is_free, 1e-2, 1e-3) / np.minimum(1.0 + case.point.v**2, barrier.LARGE)
    wanted += np.where(case.low_pair, case.at.zl / case.at.below, 0.0)
    wanted += np.where(case.high_pair, case.at.zu / case.at.above, 0.0)

    assert h == pytest.approx(np.where(case.live, wanted, 0.0))


@pytest.mark.parametrize("seed", range(3))
def test_right_hand_sides(seed: int) -> None:
    """What each linearised product is short of the target, less what a known step adds by itself; then the columns."""
    case, aims = Drawn(seed), Drawn(seed).aims()
    rd = np.random.default_rng(seed).normal(size=60)
    barrier.aim(case.span, case.point, case.box, rd, 0.3, aims)
    barrier.bend(case.span, case.point, case.box, case.move, aims)
    at = case.at
    low = 0.3 - (at.below * at.zl + at.zl * (case.below - at.below) + at.below * (case.point.zl - at.zl))
    low -= case.move.v * case.move.zl
    high = 0.3 - (at.above * at.zu + at.zu * (case.above - at.above) + at.above * (case.point.zu - at.zu))
    high += case.move.v * case.move.zu
    g = -rd + np.where(case.low_pair, low / at.below, 0.0) - np.where(case.high_pair, high / at.above, 0.0)

    assert aims.low[case.low_pair] == pytest.approx(low[case.low_pair])
    assert aims.high[case.high_pair] == pytest.approx(high[case.high_pair])
    assert aims.g == pytest.approx(np.where(case.live, g, 0.0))


@pytest.mark.parametrize("seed", range(3))
def test_products_are_linearised_at_the_point_first(seed: int) -> None:
    """Distances to bounds and multipliers, as they are."""
    case = Drawn(seed)
    barrier.touch(case.span, case.point, case.box, case.at)

    assert case.at.below[case.low_pair] == pytest.approx(case.below[case.low_pair])
    assert case.at.above[case.high_pair] == pytest.approx(case.above[case.high_pair])
    assert case.at.zl[case.low_pair] == pytest.approx(case.point.zl[case.low_pair])
    assert case.at.zu[case.high_pair] == pytest.approx(case.point.zu[case.high_pair])


@pytest.mark.parametrize(
    ("move", "z_move", "tangent"),
    [
        (-0.5, 0.5, (1.0, 1.0)),  # a full step fits
        (-2.0, 3.0, (0.1, 4.0)),  # the distance ends: the multiplier is believed, 0.2 / 4 is less than a tenth
        (-2.0, 0.2, (1.0 / 6.0, 1.2)),  # where 1.2 meets the target
        (-30.0, 50.0, (0.1, 10.0)),  # ten times is the most
        (4.0, -1.5, (5.0, 0.1)),  # the multiplier ends
        (-0.2, -1.5, (1.0, 0.2)),  # so it does with no growth to be believed
    ],
)
def test_looks_ahead(move: float, z_move: float, tangent: tuple[float, float]) -> None:
    """A pair at (1, 1) with a target of 0.2, at a lower and at an upper bound; worked out by hand."""
    for side in (1.0, -1.0):
        box = Box(np.array([0.0 if side > 0.0 else -np.inf]), np.array([np.inf if side > 0.0 else 0.0]))
        point, step = points(1, 0), points(1, 0)
        at = Tangents(*(np.ones(1) for _ in Tangents._fields))
        point.v[:], step.v[:] = side, side * move
        (point.zl if side > 0.0 else point.zu)[:], (step.zl if side > 0.0 else step.zu)[:] = 1.0, z_move
        found = barrier.look_ahead((0, 1), point, box, step, at, 0.2)
        told = (at.below, at.zl) if side > 0.0 else (at.above, at.zu)

        assert (told[0][0], told[1][0]) == pytest.approx(tangent)
        assert found == (tangent != (1.0, 1.0))


@pytest.mark.parametrize("seed", range(5))
def test_longest_steps(seed: int) -> None:
    """The plain search, and that over shares of a correction, find the first pair that reaches its bound."""
    case = Drawn(seed)

    def longest(share: float) -> tuple[float, float]:
        step = case.move.v + share * case.extra.v
        with np.errstate(divide="ignore", invalid="ignore"):
            primal = [np.where(case.low_pair & (step < 0), -case.below / step, barrier.MOST)]
            primal += [np.where(case.high_pair & (step > 0), case.above / step, barrier.MOST)]
            dual = []
            for z, dz, ez in zip(case.point[1:3], case.move[1:3], case.extra[1:3], strict=True):
                change = dz + share * ez
                dual.append(np.where(change < 0, -z / change, barrier.MOST))
        return min(part.min() for part in primal), min(part.min() for part in dual)

    shares = barrier.reach(case.span, case.point, case.box, case.move, case.extra)

    assert barrier.reach_plain(case.span, case.point, case.box, case.move) == pytest.approx(longest(0.0))
    assert shares == pytest.approx(np.array([longest(float(share)) for share in barrier.WEIGHTS]))


@pytest.mark.parametrize("seed", range(3))
def test_steps_stay_inside(seed: int) -> None:
    """Nine tenths of the longest step keep everything off its bounds and every multiplier above zero."""
    case = Drawn(seed)
    lengths = tuple(0.9 * barrier.reach_plain(case.span, case.point, case.box, case.move))
    foreseen = barrier.foresee(case.span, case.point, case.box, case.move, lengths)
    barrier.advance(case.span, case.point, case.box, case.move, lengths)
    v, zl, zu, _ = case.point
    low, high = case.low_pair, case.high_pair
    products = (v - case.box.low)[low] @ zl[low] + (case.box.high - v)[high] @ zu[high]

    assert np.all(v[case.low_pair] > case.box.low[case.low_pair])
    assert np.all(v[case.high_pair] < case.box.high[case.high_pair])
    assert np.all(zl[case.low_pair] > 0.0)
    assert np.all(zu[case.high_pair] > 0.0)
    assert np.all(v[~case.live] == 0.7)
    assert foreseen == pytest.approx(products)


@pytest.mark.parametrize("seed", range(3))
def test_corrections_bring_products_into_a_box(seed: int) -> None:
    """Products of the longer step below the box are raised to it, those above lowered, by no more than its top."""
    case, aims = Drawn(seed), Drawn(seed).aims()
    barrier.centre(case.span, case.point, case.box, case.move, (0.8, 0.6, 0.05, 0.5), aims)
    product = (case.below + 0.8 * case.move.v) * (case.point.zl + 0.6 * case.move.zl)
    wanted = np.where(product < 0.05, 0.05 - product, np.where(product > 0.5, np.maximum(0.5 - product, -0.5), 0.0))

    assert aims.low[case.low_pair] == pytest.approx(wanted[case.low_pair])


def test_multipliers_follow_the_columns() -> None:
    """After a step of length one the linear part of each product is what was aimed at."""
    case = Drawn(1)
    aims = case.aims()
    barrier.touch(case.span, case.point, case.box, case.at)
    barrier.aim(case.span, case.point, case.box, np.zeros(60), 0.3, aims)
    barrier.follow(case.span, case.box, aims, case.move)
    low = case.point.zl * case.move.v + case.below * case.move.zl + case.below * case.point.zl
    high = -case.point.zu * case.move.v + case.above * case.move.zu + case.above * case.point.zu

    assert low[case.low_pair] == pytest.approx(np.full(case.low_pair.sum(), 0.3))
    assert high[case.high_pair] == pytest.approx(np.full(case.high_pair.sum(), 0.3))


def test_measures_of_a_point() -> None:
    """Both objectives, the sum of products, and what the dual equations miss, against NumPy."""
    case, draw = Drawn(2), np.random.default_rng(4)
    cost, priced, rd = draw.normal(size=60), draw.normal(size=60), np.zeros(60)
    worst, primal, dual, total, count = barrier.measure(case.span, case.point, case.box, cost, priced, rd)
    reduced = cost - priced
    missed = np.where(case.live, reduced - case.point.zl + case.point.zu, 0.0)
    low, high = np.where(case.low_pair, case.box.low, 0.0), np.where(case.high_pair, case.box.high, 0.0)

    assert rd == pytest.approx(missed)
    assert worst == pytest.approx(np.abs(missed).max())
    assert primal == pytest.approx(cost @ case.point.v)
    fixed = (reduced * case.point.v)[~case.live].sum()
    assert dual == pytest.approx(low @ case.point.zl - high @ case.point.zu + fixed)
    assert total == pytest.approx(
        np.where(case.low_pair, case.below * case.point.zl, 0.0).sum()
        + np.where(case.high_pair, case.above * case.point.zu, 0.0).sum()
    )
    assert count == case.low_pair.sum() + case.high_pair.sum()


def test_a_start_inside() -> None:
    """The first point keeps room from every bound that has a neighbour to keep it from."""
    grid = grid_of(program(0))
    presolve(grid)
    with Team(1) as team:
        method = InteriorPoint(StepEquations(layout_of(grid, scales_of(grid)), team))
        point = method.start()
    live = method.box.low < method.box.high

    assert np.all(point.v[live] > method.box.low[live])
    assert np.all(point.v[live] < method.box.high[live])


def test_a_row_whose_column_was_just_fixed_is_still_checked() -> None:
    """x[t] = x[t-1] / 2 + 1 from 2 on stays 2: a third of 2 is a plan, one of 5 is none."""
    lower, upper = np.array([-np.inf, 1.0, 1.0]), np.array([np.inf, 1.0, 1.0])
    carry = HourRows(lower, upper, (Entry(0, 1.0), Entry(0, -0.5, np.array([-1, 0, 1]))))
    for last, has_plan in ((2.0, True), (5.0, False)):
        held = HourColumns(np.array([2.0, 0.0, last]), np.array([2.0, 9.0, last]), 1.0)
        asked = HourlyProgram(3, np.array([-1, 0, 1]), (held,), NOTHING, (carry,), ())
        grid = grid_of(asked)
        if has_plan:
            presolve(grid)
            assert grid.lower[1, 0] == grid.upper[1, 0] == 2.0
        else:
            with pytest.raises(NoPlanError):
                presolve(grid)
