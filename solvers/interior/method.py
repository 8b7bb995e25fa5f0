"""The interior point method: predictor, corrector, centrality corrections, on the structured step equations [1]_.

References
----------
.. [1] S. Mehrotra, On the implementation of a primal-dual interior point method, SIAM J. Optim. 2, 1992; J. Gondzio,
   Interior point methods 25 years later, Eur. J. Oper. Res. 218, 2012.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.answer import Status
from solvers.interior import barrier
from solvers.interior.equations import Step, StepEquations

Floats = NDArray[np.float64]

RHO, FREE = 1e-8, 1e-6
"""Added to the diagonal of columns with bounds, and in place of it for those without."""
TO_BOUND = 0.9
"""Share of the longest step that is taken."""
ROOM = 0.1
"""Distance from the bounds at the start."""
MOST_CORRECTIONS = 3
BOX=(.1,10.)
ASP=(1.5,.3)
SIGMA = lambda after, mu, s: max(after / mu, 1e-6) ** 3
ROUGH = 1e-10
"""Violation of a row by a direction from which it is refined."""
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


@dataclass
class Point:
    """Columns and slacks, multipliers of their bounds, row duals."""

    v: Floats
    zl: Floats
    zu: Floats
    dual: Floats


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
        self.low = np.concatenate([layout.lower, layout.row_lower])
        self.high = np.concatenate([layout.upper, layout.row_upper])
        # Rows that are not there have no slack.
        absent = self.columns + np.flatnonzero(~layout.has_row)
        self.low[absent] = self.high[absent] = 0.0
        self.cost = np.concatenate([layout.cost, np.zeros(len(layout.row_lower))])
        count = len(self.low)
        edges = np.linspace(0, count, PIECES + 1).astype(int).tolist()
        self.pieces = list(zip(edges[:-1], edges[1:], strict=True))
        names = ("rd", "h", "g", "cl", "cu", "dv", "dzl", "dzu", "ev", "ezl", "ezu", "none")
        self.rd, self.h, self.g, self.cl, self.cu, *rest = (np.zeros(count) for _ in names)
        self.dv, self.dzl, self.dzu, self.ev, self.ezl, self.ezu, self.none = rest

    def start(self) -> Point:
        """Begin near the least-squares point, some room inside the bounds."""
        count, held = len(self.low), self.low == self.high
        v = np.clip(0.0, self.low, self.high)
        h = np.ones(count)
        self.equations.factor(h[: self.columns], h[self.columns :])
        missing = v[self.columns :] - self.equations.multiply(v[: self.columns])
        missing[~self.equations.layout.has_row] = 0.0
        zero = np.zeros(count - self.columns)
        step = Step(self.dv[: self.columns], self.dv[self.columns :], np.empty(len(zero)))
        self.equations.solve(np.zeros(self.columns), zero, missing, step)
        v = np.where(held, self.low, v + self.dv)
        self.equations.solve(-self.cost[: self.columns], zero, zero, step)
        dual = step.duals
        reduced = self.cost - self._priced(dual)
        point = Point(v.copy(), np.zeros(count), np.zeros(count), dual)
        self._each(barrier.place_inside, v, self.low, self.high, reduced, ROOM, point.v, point.zl, point.zu)
        return point

    def measure(self, point: Point, iteration: int) -> State:
        """Work out residuals and objectives; the residuals stay for the next step."""
        priced = self._priced(point.dual)
        parts = self._each(
            barrier.measure, point.v, self.cost, priced, self.low, self.high, point.zl, point.zu, self.rd
        )
        sums = np.array(parts)
        self.rp = point.v[self.columns :] - self.equations.multiply(point.v[: self.columns])
        self.rp[~self.equations.layout.has_row] = 0.0
        worst, (primal, dual, total, count) = sums[:, 0].max(), sums[:, 1:].sum(axis=0)
        self.count = count
        violated = float(np.abs(self.rp).max(initial=0.0))
        return State(iteration, violated, float(worst), float(primal), float(dual), float(total / max(count, 1.0)))

    def verdict(self, point: Point, state: State) -> Status | None:
        """Tell whether the multipliers or the columns prove that there is no plan, or no cheapest one; else None.

        Multipliers of rows prove that there is no plan where no point within the bounds gives the rows' sum of what
        they must be: its least value is above zero (Farkas). Columns prove that there is no cheapest plan where they
        grow along a direction that keeps every row and bound and earns.
        """
        if state.iteration % 5 or state.primal <= 1e-6:
            return self._without_limit(point, state)
        size = float(np.abs(point.dual).max(initial=0.0))
        if size < 1e2:
            return None
        ray = point.dual / size
        pull = np.concatenate([-self.equations.price(ray), ray])
        ends = np.where(pull > 0.0, self.low, self.high)
        is_open = ~np.isfinite(ends)
        if np.any(np.abs(pull[is_open]) > 1e-9):
            return None
        terms = pull * np.where(is_open, 0.0, ends)
        return Status.INFEASIBLE if terms.sum() > 1e-7 * np.abs(terms).sum() + 1e-9 else None

    def _without_limit(self, point: Point, state: State) -> Status | None:
        size = float(np.abs(point.v).max(initial=0.0))
        if state.iteration % 5 or size < 1e8 or state.primal_objective > 0.0:
            return None
        ray = point.v / size
        goes_out = (np.isfinite(self.low) & (ray < -1e-7)) | (np.isfinite(self.high) & (ray > 1e-7))
        missed = np.abs(self.equations.multiply(ray[: self.columns]) - ray[self.columns :])
        missed = missed[self.equations.layout.has_row].max(initial=0.0)
        earns = float(self.cost @ ray) < -1e-7 * float(np.abs(self.cost).max(initial=0.0))
        return Status.UNBOUNDED if earns and missed < 1e-6 and not goes_out.any() else None

    def step(self, point: Point, state: State) -> tuple[float, float]:
        """Take one step; gives its lengths, of columns and of multipliers."""
        self._each(barrier.weigh, point.v, self.low, self.high, point.zl, point.zu, RHO, FREE, self.h)
        self.equations.factor(self.h[: self.columns], self.h[self.columns :])
        mu, box = state.mean_product, (self.low, self.high)
        self._each(
            barrier.aim, point.v, *box, point.zl, point.zu, self.rd, self.none, self.none, self.none, 0.0,
            self.cl, self.cu, self.g,
        )  # fmt: skip
        self._solve(point, self.rp, self.dv, self.dzl, self.dzu)
        primal, dual = self._reach(point)
        steps = (min(1.0, primal), min(1.0, dual))
        after = sum(
            self._each(barrier.foresee, point.v, *box, point.zl, point.zu, self.dv, self.dzl, self.dzu, *steps)
        ) / max(self.count, 1.0)
        target = max(min(1.0, SIGMA(after, mu, steps)) * mu, self.least_product(state))
        self._each(
            barrier.aim, point.v, *box, point.zl, point.zu, self.rd, self.dv, self.dzl, self.dzu, target,
            self.cl, self.cu, self.g,
        )  # fmt: skip
        move = self._solve(point, self.rp, self.dv, self.dzl, self.dzu)
        self._corrected(point, target, move)
        self._refine(point, move)
        primal, dual = self._reach(point)
        steps = (min(1.0, TO_BOUND * primal), min(1.0, TO_BOUND * dual))
        self._each(barrier.advance, point.v, *box, point.zl, point.zu, self.dv, self.dzl, self.dzu, *steps)
        point.dual += steps[1] * move
        return steps

    def least_product(self, state: State) -> float:
        """Give the product below which nothing is won: the gap asked would long be reached, numbers only get worse."""
        return 0.05 * self.gap * (1e-9 + abs(state.primal_objective)) / max(self.count, 1.0)

    def _corrected(self, point: Point, target: float, move: Floats) -> tuple[float, float]:
        """Add centrality corrections to the direction while they lengthen the step; gives the longest steps."""
        primal, dual = self._reach(point)
        box, nothing = (self.low, self.high), np.zeros(len(self.low) - self.columns)
        for _ in range(MOST_CORRECTIONS):
            if min(primal, dual) * TO_BOUND >= 1.0:
                break
            wanted = (min(1.0, ASP[0] * primal + ASP[1]), min(1.0, ASP[0] * dual + ASP[1]))
            self._each(
                barrier.centre, point.v, *box, point.zl, point.zu, self.dv, self.dzl, self.dzu, wanted,
                (BOX[0] * target, BOX[1] * target), self.cl, self.cu, self.g,
            )  # fmt: skip
            extra = self._solve(point, nothing, self.ev, self.ezl, self.ezu)
            longest = np.minimum.reduce(
                self._each(
                    barrier.reach, point.v, *box, point.zl, point.zu, self.dv, self.dzl, self.dzu,
                    self.ev, self.ezl, self.ezu,
                )
            )  # fmt: skip
            first, second = int(longest[:, 0].argmax()), int(longest[:, 1].argmax())
            gain = (longest[first, 0] - primal, longest[second, 1] - dual)
            if max(gain) <= 0.0:
                break
            shares = tuple(
                float(barrier.WEIGHTS[k]) if g > 0.0 else 0.0 for k, g in zip((first, second), gain, strict=True)
            )
            self._each(barrier.add_share, *shares, self.dv, self.dzl, self.dzu, self.ev, self.ezl, self.ezu)
            move += shares[1] * extra
            primal, dual = primal + max(gain[0], 0.0), dual + max(gain[1], 0.0)
            if min(1.0, gain[0]) + min(1.0, gain[1]) < 0.1 * 0.1:
                break
        return primal, dual

    def _refine(self, point: Point, move: Floats) -> None:
        """Correct a direction that misses its rows by rounding: late columns are free, and small errors of duals move them far."""
        columns = self.columns
        missed = self.rp - self.equations.multiply(self.dv[:columns]) + self.dv[columns:]
        missed[~self.equations.layout.has_row] = 0.0
        if np.abs(missed).max(initial=0.0) <= ROUGH:
            return
        self.g[:], self.cl[:], self.cu[:] = 0.0, 0.0, 0.0
        move += self._solve(point, missed, self.ev, self.ezl, self.ezu)
        self._each(barrier.add_share, 1.0, 1.0, self.dv, self.dzl, self.dzu, self.ev, self.ezl, self.ezu)

    def _solve(self, point: Point, rp: Floats, dv: Floats, dzl: Floats, dzu: Floats) -> Floats:
        """Solve for the right-hand sides at hand; gives the step of the row duals."""
        columns = self.columns
        move = np.empty(len(rp))
        self.equations.solve(self.g[:columns], self.g[columns:], rp, Step(dv[:columns], dv[columns:], move))
        self._each(barrier.follow, point.v, self.low, self.high, point.zl, point.zu, dv, self.cl, self.cu, dzl, dzu)
        return move

    def _reach(self, point: Point) -> tuple[float, float]:
        parts = self._each(
            barrier.reach_plain, point.v, self.low, self.high, point.zl, point.zu, self.dv, self.dzl, self.dzu
        )
        primal, dual = np.minimum.reduce(parts)
        return float(primal), float(dual)

    def _priced(self, dual: Floats) -> Floats:
        return np.concatenate([self.equations.price(dual), -dual])

    def _each(self, kernel: Callable[..., object], *arguments: object) -> list[object]:
        return self.equations.team.each(lambda span: kernel(span, *arguments), self.pieces)
