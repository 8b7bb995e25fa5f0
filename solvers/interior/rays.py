"""Signs that a program has no plan, or no cheapest one, read off an iteration that runs away.

They are read off the scaled program without what presolve took out; that there is no plan is then proven on the program
as it was given, see :func:`solvers.bound.contradicts`.
"""

import numpy as np
from numpy.typing import NDArray

from solvers.answer import Status
from solvers.interior.method import InteriorPoint, State
from solvers.interior.vectors import Point

Floats = NDArray[np.float64]

EVERY = 5
"""Iterations between two looks."""
LARGE_DUAL, LARGE_VALUE = 1e2, 1e8
"""Size of row duals, and of columns, from which they may be on the way to infinity."""


def verdict(method: InteriorPoint, point: Point, state: State) -> Status | None:
    """Tell whether the multipliers or the columns say that there is no plan, or no cheapest one; else None."""
    if state.iteration % EVERY:
        return None
    if state.primal > 1e-6 and _leaves_no_plan(method, point):
        return Status.INFEASIBLE
    return Status.UNBOUNDED if _earns_without_limit(method, point, state) else None


def _leaves_no_plan(method: InteriorPoint, point: Point) -> bool:
    """Tell whether row duals look like a proof: no point within the bounds gives the rows' sum its value (Farkas)."""
    size = float(np.abs(point.dual).max(initial=0.0))
    if size < LARGE_DUAL:
        return False
    ray = point.dual / size
    pull = np.concatenate([-method.equations.price(ray), ray])
    ends = np.where(pull > 0.0, *method.box)
    is_open = ~np.isfinite(ends)
    if np.any(np.abs(pull[is_open]) > 1e-9):
        return False
    terms = pull * np.where(is_open, 0.0, ends)
    return bool(terms.sum() > 1e-7 * np.abs(terms).sum() + 1e-9)


def _earns_without_limit(method: InteriorPoint, point: Point, state: State) -> bool:
    """Tell whether the columns grow along a direction that keeps every row and bound and earns."""
    size = float(np.abs(point.v).max(initial=0.0))
    if size < LARGE_VALUE or state.primal_objective > 0.0:
        return False
    ray, (low, high) = point.v / size, method.box
    goes_out = (np.isfinite(low) & (ray < -1e-7)) | (np.isfinite(high) & (ray > 1e-7))
    missed = np.abs(method.equations.multiply(ray[: method.columns]) - ray[method.columns :])
    earns = float(method.cost @ ray) < -1e-7 * float(np.abs(method.cost).max(initial=0.0))
    return earns and float(missed[~method.absent].max(initial=0.0)) < 1e-6 and not goes_out.any()
