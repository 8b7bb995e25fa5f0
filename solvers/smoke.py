"""Is the HiGHS of this machine the one we know? Tiny programs with known answers, tried once in a process."""

from dataclasses import replace
from functools import cache

import highspy
import numpy as np

from solvers.answer import Options
from solvers.choice import SIMPLEX, Way
from solvers.linear import LinearProgram
from solvers.loading import loaded

NO_HIPO = (
    "The interior point method HiPO does not work here, so the slower IPX was used. Install highspy-extras in the very "
    "version of highspy; make setup does."
)
_TRIAL = LinearProgram(
    cost=np.array([-1.0, -1.0]),
    lower=np.zeros(2),
    upper=np.full(2, np.inf),
    is_integer=np.zeros(2, bool),
    row_lower=np.full(2, -np.inf),
    row_upper=np.array([4.0, 6.0]),
    starts=np.array([0, 2, 4], np.int32),
    indices=np.array([0, 1, 0, 1], np.int32),
    values=np.array([1.0, 2.0, 3.0, 1.0]),
)
"""Max x + y, x + 2 y <= 4, 3 x + y <= 6: 2.8 at (1.6, 1.2); 2 in whole numbers."""


@cache
def fault() -> str:
    """Say what is wrong with HiGHS's answers to a continuous program and one in whole numbers; nothing if right."""
    whole = replace(_TRIAL, is_integer=np.ones(2, bool))
    for program, right, kind in ((_TRIAL, -2.8, "a small program"), (whole, -2.0, "one in whole numbers")):
        engine = loaded(program, 1.0, Options(), SIMPLEX)
        engine.run()
        found = engine.getObjectiveValue()
        if engine.getModelStatus() != highspy.HighsModelStatus.kOptimal or abs(found - right) > 1e-9:
            return (
                f"HiGHS {highspy.Highs().version()} does not work here: {kind} has its optimum at {right:g}, and it "  # type: ignore[no-untyped-call]
                f"says {found:g}. Install the version that energysim is tested with; make setup does."
            )
    return ""


@cache
def has_hipo() -> bool:
    """Whether HiPO is there and right; without its package, or with another version, HiGHS takes simplex silently."""
    engine = loaded(_TRIAL, 1.0, Options(), Way("hipo", crossover=False))
    engine.setOptionValue("presolve", "off")
    engine.run()
    point = engine.getSolution().col_value
    is_used = engine.getInfo().ipm_iteration_count > 0
    return is_used and len(point) == 2 and bool(np.allclose(point, [1.6, 1.2], atol=1e-5))
