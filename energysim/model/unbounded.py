"""Which component earns without limit, where a plan has no best."""

from dataclasses import replace

import numpy as np

from energysim.errors import UnboundedError
from energysim.model.build import Model
from solvers.answer import Options, Status
from solvers.highs import solve
from solvers.linear import LinearProgram

BOX, WIDER = 1e7, 10.0
"""Stands for infinity when looking for what earns without limit; times the largest bound where that is more."""
_NOBODY = "A plan could earn without limit."


def explain_unbounded(model: Model, program: LinearProgram, options: Options | None = None) -> UnboundedError:
    """Box every open column, solve within the time of the options, and name who runs into the box while earning."""
    has_lower, has_upper = np.isfinite(program.lower), np.isfinite(program.upper)
    bounds = np.concatenate([program.lower[has_lower], program.upper[has_upper]])
    box = max(BOX, WIDER * float(np.abs(bounds).max(initial=0.0)))
    boxed = replace(
        program,
        lower=np.where(has_lower, program.lower, -box),
        upper=np.where(has_upper, program.upper, box),
        is_integer=np.zeros_like(program.is_integer),
    )
    answer = solve(boxed, replace(options or Options(), method="simplex"))
    if answer.status is not Status.OPTIMAL:
        return UnboundedError(_NOBODY)
    at_box = (answer.columns >= 0.999 * box) & ~has_upper | (answer.columns <= -0.999 * box) & ~has_lower
    earned: dict[str, float] = {}
    for name, columns in model.program.column_spans():
        amount = float(np.sum(answer.columns[columns] * program.cost[columns]))
        if at_box[columns].any():
            component = name.split(".")[0]
            earned[component] = earned.get(component, 0.0) + amount
    if not earned:
        return UnboundedError(_NOBODY)
    component = min(earned, key=lambda name: earned[name])
    where = model.system.where.get(component)
    others = sorted(set(earned) - {component})
    together = f" together with {', '.join(others)}" if others else ""
    return UnboundedError(
        f"A plan could earn without limit: '{component}'{f' ({where})' if where else ''}{together} grows for ever. "
        "Something is bought or built for less than it earns, and nothing limits it. "
        "Give it a limit such as a capacity or a max, or correct the prices."
    )
