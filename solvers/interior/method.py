"""The interior point method: predictor, corrector, looks ahead, centrality corrections, on the step equations [1]_.

Over a year with stores a few of hundreds of thousands of pairs of distance and multiplier stop a step: each period
between a full and an empty store finds its price by itself, and the pair that is about to change sides has to change
many times over. When steps get short, such products are linearised where they are headed instead of where they are, and
the direction is worked out anew.

References
----------
.. [1] S. Mehrotra, On the implementation of a primal-dual interior point method, SIAM J. Optim. 2, 1992; J. Gondzio,
   Interior point methods 25 years later, Eur. J. Oper. Res. 218, 2012; M. Colombo, J. Gondzio, Further
   development of multiple centrality correctors for interior point methods, Comput. Optim. Appl. 41, 2008.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.interior import barrier
from solvers.interior.equations import Right, Step, StepEquations
from solvers.interior.vectors import Aims, Box, Point, Tangents, points

Floats = NDArray[np.float64]

PROXIMAL = (1e-8, 1e-6)
"""Added to the diagonal of columns with bounds, and in place of it for those without."""
TO_BOUND = 0.9
"""Share of the longest step that is taken."""
ROOM = 1.0
"""Distance from the bounds at the start."""
NEAR = 0.03
"""The same, where a point of a like program is known."""
SLOW = 0.2
"""Longest step below which later steps look ahead."""
SHORT, ENOUGH = 0.3, 0.5
"""Longest step without a look from which they do so no more, and with looks from which it is taken."""
MOST_LOOKS, FEW_LOOKS = 6, 2
"""Times a direction is worked out anew; and where a factorisation is dear."""
DEAR = 150.0
"""Products of a factorisation, for each of a solve, from which it is; five towns with sizes have 76, twenty 356."""
SHARE = 0.1
"""Of the mean product, what a step that looks ahead aims at; others foresee it."""
MOST_CORRECTIONS, FEW_CORRECTIONS = 3, 1
"""Without looks, and after them."""
LEAST_SHARE = 0.2
"""Share of the gap asked for that is left when no less is aimed at."""
WISH = (1.5, 0.3)
"""A correction aims at a step so many times as long, and so much longer."""
SPREAD = (0.1, 10.0)
"""Least and largest product, of the target, that a correction leaves alone."""
ROUGH = 1e-10
"""Violation of a row by a direction from which it is refined."""
MOST_REFINEMENTS = 3
PIECES = 16
"""Parts that loops over all entries are cut into; sums are added in their order."""


@dataclass(frozen=True)
class State:
    """Where an iteration stands; sizes are of the scaled program."""

    iteration: int
    primal: float
    """Largest violation of a row."""
    dual: float
    """Largest violation of a dual equation."""
    primal_objective: float
    dual_objective: float
    mean_product: float

    @property
    def gap(self) -> float:
        """Relative distance of the objectives."""
        return abs(self.primal_objective - self.dual_objective) / (1e-9 + abs(self.primal_objective))


class InteriorPoint:
    """Iterates on the step equations.

    Parameters
    ----------
    equations : StepEquations
    gap : float
        Relative gap asked for.
    """

    def __init__(self, equations: StepEquations, gap: float = 1e-6) -> None:
        self.gap = gap
        layout = equations.layout
        self.equations = equations
        self.columns = len(layout.lower)
        self.box = Box(
            np.concatenate([layout.lower, layout.row_lower]), np.concatenate([layout.upper, layout.row_upper])
        )
        # Rows that are not there have no slack.
        self.absent = ~layout.has_row
        for bound in self.box:
            bound[self.columns :][self.absent] = 0.0
        rows = len(layout.row_lower)
        self.cost = np.concatenate([layout.cost, np.zeros(rows)])
        count = len(self.cost)
        edges = np.linspace(0, count, PIECES + 1).astype(int).tolist()
        self.pieces = list(pairwise(edges))
        self.move, self.extra = points(count, rows), points(count, rows)
        tangents = Tangents(*(np.ones(count) for _ in Tangents._fields))
        self.aims = Aims(tangents, np.zeros(count), np.zeros(count), np.zeros(count))
        self.rd, self.h, self.rp, self.nothing = np.zeros(count), np.zeros(count), np.zeros(rows), np.zeros(rows)
        self.count = 1.0
        self.is_slow = False
        self.most_looks = MOST_LOOKS if equations.dearness() < DEAR else FEW_LOOKS

    def start(self) -> Point:
        """Begin near the least-squares point, some room inside the bounds."""
        held, columns = self.box.low == self.box.high, self.columns
        v = np.clip(0.0, *self.box)
        h = np.ones(len(v))
        self.equations.factor(h[:columns], h[columns:])
        step, no_column = self._step(self.move), np.zeros(columns)
        self.equations.solve(Right(no_column, self.nothing, self._missed(v)), step)
        v = np.where(held, self.box.low, v + self.move.v)
        self.equations.solve(Right(-self.cost[:columns], self.nothing, self.nothing), step)
        return self._placed(v, self.move.dual, ROOM)

    def start_near(self, v: Floats, dual: Floats) -> Point:
        """Begin near the answer of a like program: its bounds and costs may be others, its pattern is the same."""
        full = np.concatenate([v, self.equations.multiply(v)])
        return self._placed(np.clip(full, *self.box), dual, NEAR)

    def _placed(self, v: Floats, dual: Floats, room: float) -> Point:
        point = points(len(v), len(dual))
        point.dual[:] = dual
        self._each(barrier.place_inside, v, self.box, self.cost - self._priced(dual), room, point)
        return point

    def measure(self, point: Point, iteration: int) -> State:
        """Work out residuals and objectives; the residuals stay for the next step."""
        sums = np.array(self._each(barrier.measure, point, self.box, self.cost, self._priced(point.dual), self.rd))
        self.rp = self._missed(point.v)
        worst, (primal, dual, total, count) = sums[:, 0].max(), sums[:, 1:].sum(axis=0)
        self.count = max(float(count), 1.0)
        violated = float(np.abs(self.rp).max(initial=0.0))
        return State(iteration, violated, float(worst), float(primal), float(dual), float(total / self.count))

    def step(self, point: Point, state: State) -> tuple[float, float]:
        """Take one step; gives its lengths, of columns and of multipliers."""
        least = self.least_product(state)
        self._each(barrier.touch, point, self.box, self.aims.at)
        if state.gap <= self.gap:
            # What is left is to meet the rows; smaller products would only make numbers worse.
            self._head_for(point, state.mean_product)
            self._correct(point, state.mean_product, MOST_CORRECTIONS)
        elif self.is_slow:
            self._look(point, max(SHARE * state.mean_product, least))
        else:
            self._predict(point, state.mean_product, least)
        self._refine()
        primal, dual = (min(1.0, TO_BOUND * longest) for longest in self._reach(point))
        self._each(barrier.advance, point, self.box, self.move, (primal, dual))
        point.dual[:] += dual * self.move.dual
        return primal, dual

    def _predict(self, point: Point, mean: float, least: float) -> None:
        """Find a direction by predictor, corrector, and corrections; the predictor tells what to aim at."""
        self._head_for(point, 0.0)
        lengths = tuple(min(1.0, longest) for longest in self._reach(point))
        after = sum(self._each(barrier.foresee, point, self.box, self.move, lengths)) / self.count
        target = max(min(1.0, max(after / mean, 1e-6) ** 3) * mean, least)
        self._each(barrier.aim, point, self.box, self.rd, target, self.aims)
        self._each(barrier.bend, point, self.box, self.move, self.aims)
        self._solve(self.rp, self.move)
        self._correct(point, target, MOST_CORRECTIONS)
        self.is_slow = min(self._reach(point)) < SLOW

    def _look(self, point: Point, target: float) -> None:
        """Find a direction with products linearised where the last one led, until it leads far enough."""
        self._head_for(point, target)
        self.is_slow = min(self._reach(point)) < SHORT
        for _ in range(self.most_looks):
            if min(self._reach(point)) >= ENOUGH:
                break
            if not sum(self._each(barrier.look_ahead, point, self.box, self.move, self.aims.at, target)):
                break
            self._head_for(point, target)
        self._correct(point, target, FEW_CORRECTIONS)

    def _head_for(self, point: Point, target: float) -> None:
        """Find the direction in which linearised products reach a target."""
        self._each(barrier.weigh, point, self.box, self.aims.at, PROXIMAL, self.h)
        self.equations.factor(self.h[: self.columns], self.h[self.columns :])
        self._each(barrier.aim, point, self.box, self.rd, target, self.aims)
        self._solve(self.rp, self.move)

    def least_product(self, state: State) -> float:
        """Give the product below which nothing is won: the gap asked would be reached, numbers only get worse."""
        return LEAST_SHARE * self.gap * (1e-9 + abs(state.primal_objective)) / self.count

    def _correct(self, point: Point, target: float, most: int) -> None:
        """Add centrality corrections to the direction while they lengthen the step."""
        primal, dual = self._reach(point)
        for _ in range(most):
            if min(primal, dual) * TO_BOUND >= 1.0:
                break
            wish = (min(1.0, WISH[0] * longest + WISH[1]) for longest in (primal, dual))
            wanted = (*wish, SPREAD[0] * target, SPREAD[1] * target)
            self._each(barrier.centre, point, self.box, self.move, wanted, self.aims)
            self._solve(self.nothing, self.extra)
            reached = self._each(barrier.reach, point, self.box, self.move, self.extra)
            longest = np.minimum.reduce(reached)
            best = longest.argmax(axis=0)
            gain = longest.max(axis=0) - (primal, dual)
            if gain.max() <= 0.0:
                break
            shares = tuple(np.where(gain > 0.0, barrier.WEIGHTS[best], 0.0).tolist())
            self._add(shares)
            primal, dual = primal + max(float(gain[0]), 0.0), dual + max(float(gain[1]), 0.0)
            if np.minimum(1.0, gain).sum() < 0.01:
                break

    def _refine(self) -> None:
        """Correct a direction that misses its rows by rounding: columns off their bounds magnify the duals' errors."""
        before = np.inf
        for _ in range(MOST_REFINEMENTS):
            missed = self.rp + self._missed(self.move.v)
            worst = float(np.abs(missed).max(initial=0.0))
            if worst <= ROUGH or worst > 0.1 * before:
                return
            for part in self.aims[1:]:
                part[:] = 0.0
            self._solve(missed, self.extra)
            self._add((1.0, 1.0))
            before = worst

    def _add(self, shares: tuple[float, ...]) -> None:
        self._each(barrier.add_share, shares, self.move, self.extra)
        self.move.dual[:] += shares[1] * self.extra.dual

    def _solve(self, missed: Floats, move: Point) -> None:
        """Solve for the right-hand sides at hand."""
        g = self.aims.g
        self.equations.solve(Right(g[: self.columns], g[self.columns :], missed), self._step(move))
        self._each(barrier.follow, self.box, self.aims, move)

    def _step(self, move: Point) -> Step:
        return Step(move.v[: self.columns], move.v[self.columns :], move.dual)

    def _missed(self, v: Floats) -> Floats:
        """Measure by how much rows differ from their slacks. (row,)"""
        missed = v[self.columns :] - self.equations.multiply(v[: self.columns])
        missed[self.absent] = 0.0
        return missed

    def _reach(self, point: Point) -> tuple[float, float]:
        parts = self._each(barrier.reach_plain, point, self.box, self.move)
        primal, dual = np.minimum.reduce(parts)
        return float(primal), float(dual)

    def _priced(self, dual: Floats) -> Floats:
        return np.concatenate([self.equations.price(dual), -dual])

    def _each(self, kernel: Callable[..., object], *arguments: object) -> list[Any]:
        return self.equations.team.each(lambda span: kernel(span, *arguments), self.pieces)
