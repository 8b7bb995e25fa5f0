"""From a point inside to a corner, where every price is that of a plant: a guessed basis, and simplex from there.

HiGHS's own crossover does not take points from outside (it ends with error 105). So the basis is guessed from the
point: what is farther from its bounds than its reduced cost is from zero, both on their own scale, is basic [1]_.
HiGHS repairs a guess that is no basis.

References
----------
.. [1] R. A. Tapia, Y. Zhang, An optimal-basis identification technique for interior-point linear programming
   algorithms, Linear Algebra Appl. 152, 1991.
"""

import time
from dataclasses import replace

import highspy
import numpy as np
from numpy.typing import NDArray

from solvers.answer import Answer, Options, Progress, Status
from solvers.choice import SIMPLEX
from solvers.highs import run
from solvers.linear import LinearProgram
from solvers.loading import cost_scale, loaded

Floats = NDArray[np.float64]

LOWER, BASIC, UPPER = range(3)
_STATUS = (highspy.HighsBasisStatus.kLower, highspy.HighsBasisStatus.kBasic, highspy.HighsBasisStatus.kUpper)
SMALL = 1e-6
"""Value or reduced cost that does not count when sizes are compared."""
NOT_REACHED = "The prices are those of a point inside: the corner was not reached."


def to_corner(program: LinearProgram, inside: Answer, options: Options, progress: Progress | None = None) -> Answer:
    """Move an optimal point to a corner.

    Parameters
    ----------
    program : LinearProgram
        Continuous.
    inside : Answer
        Optimal, to a gap.
    options : Options
        Limits; the time already taken counts.
    progress : callable, optional
        Told about the advance.

    Returns
    -------
    answer : Answer
        A basic solution; the point as it was, with a remark, where there was not enough time.
    """
    began, scale = time.perf_counter(), cost_scale(program.cost)
    left = replace(options, time_limit=max(0.0, options.time_limit - inside.seconds))
    engine = loaded(program, scale, left, SIMPLEX)
    engine.setBasis(_guess(program, inside))
    answer = run(engine, program, scale, SIMPLEX, progress)
    if answer.status is not Status.OPTIMAL:
        return replace(inside, remark=NOT_REACHED)
    seconds = inside.seconds + time.perf_counter() - began
    return replace(answer, method=f"{inside.method}_corner", seconds=seconds)


def _guess(program: LinearProgram, inside: Answer) -> highspy.HighsBasis:
    values = program.row_values(inside.columns)
    size = _middle(inside.columns) / _middle(inside.column_duals)
    columns = _places(inside.columns, program.lower, program.upper, inside.column_duals * size)
    rows = _places(values, program.row_lower, program.row_upper, inside.row_duals * size)
    rows[program.row_lower == program.row_upper] = LOWER
    basis = highspy.HighsBasis()
    basis.col_status = [_STATUS[place] for place in columns.tolist()]
    basis.row_status = [_STATUS[place] for place in rows.tolist()]
    basis.valid = basis.alien = True
    return basis


def _middle(values: Floats) -> float:
    sizes = np.abs(values[np.abs(values) > SMALL])
    return float(np.median(sizes)) if sizes.size else 1.0


def _places(values: Floats, lower: Floats, upper: Floats, pulls: Floats) -> NDArray[np.int64]:
    """Tell what is basic, and at which bound the rest is. (entry,)"""
    below, above = values - lower, upper - values
    nearest = np.where(below <= above, LOWER, UPPER)
    return np.where(np.minimum(below, above) > np.abs(pulls), BASIC, nearest)
