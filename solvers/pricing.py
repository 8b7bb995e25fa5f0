"""Prices of a plan in whole numbers: the same program with these held is continuous and has duals."""

from dataclasses import replace

import numpy as np

from solvers.answer import Answer, Options, Status
from solvers.choice import Shape
from solvers.highs import solve
from solvers.linear import LinearProgram

NO_TIME = "There was no time left for the prices of the plan."


def with_prices(program: LinearProgram, answer: Answer, options: Options, shape: Shape) -> Answer:
    """Give a plan with integers prices: solve again with the integers held.

    Parameters
    ----------
    program : LinearProgram
        What was solved.
    answer : Answer
        A plan; one without integers comes back as it is.
    options : Options
        Of the solve.
    shape : Shape
        What kind of program it is.

    Returns
    -------
    answer : Answer
        With row duals, and no dearer; as given where the plan does not hold up when solved again, and with a remark
        where there was not enough time for that.
    """
    has_plan = answer.status in (Status.OPTIMAL, Status.STOPPED) and np.isfinite(answer.gap)
    if not program.is_integer.any() or not has_plan:
        return answer
    held = np.round(answer.columns)
    fixed = replace(
        program,
        lower=np.where(program.is_integer, held, program.lower),
        upper=np.where(program.is_integer, held, program.upper),
        is_integer=np.zeros_like(program.is_integer),
    )
    priced = solve(fixed, options, shape)
    if priced.status is Status.STOPPED:
        return replace(answer, remark=" ".join(text for text in (answer.remark, NO_TIME) if text))
    if priced.status is not Status.OPTIMAL or priced.objective > answer.objective + 1e-6 * abs(answer.objective):
        return answer
    columns = np.where(program.is_integer, held, priced.columns)
    return replace(
        answer, columns=columns, objective=priced.objective, row_duals=priced.row_duals, has_duals=priced.has_duals
    )
