"""One call for every solve: the method by the rule, and another one where it gives up."""

import time
from dataclasses import replace

from solvers import highs
from solvers.answer import Answer, Options, Progress, Status
from solvers.choice import INTERIOR, SIMPLEX, UNKNOWN, Shape, Way, choose, choose_of_highs
from solvers.corner import to_corner
from solvers.interior import engine as interior
from solvers.linear import LinearProgram
from solvers.program import HourlyProgram
from solvers.session import Session


def solve_hourly(
    program: HourlyProgram,
    arrays: LinearProgram,
    options: Options | None = None,
    shape: Shape = UNKNOWN,
    progress: Progress | None = None,
    session: Session | None = None,
) -> Answer:
    """Solve a program by the method that suits it, or that is asked for.

    Parameters
    ----------
    program : HourlyProgram
    arrays : LinearProgram
        The same, assembled.
    options : Options, optional
        Method and limits; the time is that of all attempts together.
    shape : Shape
        What kind of program it is.
    progress : callable, optional
        Told about the advance.
    session : Session, optional
        Keeps HiGHS loaded from one solve to the next.

    Returns
    -------
    answer : Answer
        Its ``remark`` says why the method is not the one asked for.
    """
    options, remark, began = options or Options(), "", time.perf_counter()
    way = choose(arrays, shape) if session is None else _way_of_many(arrays, shape)
    if options.method == INTERIOR.method or (options.method == "auto" and way == INTERIOR):
        try:
            answer = interior.solve(program, arrays, options, progress, None if session is None else session.inside)
        except interior.RefusedError as refusal:
            remark = f"The method on the hours' pattern does not take {refusal}"
        else:
            if session is not None:
                session.keep_inside(answer)
            if answer.status is Status.OPTIMAL and options.crossover:
                return to_corner(arrays, answer, options, progress)
            if answer.status is not Status.FAILED:
                return answer
            remark = "The method on the hours' pattern came to no end"
    ask = highs.solve if session is None else session.solve
    answer = ask(arrays, options.since(began), shape, progress)
    if answer.status is Status.FAILED and options.method in ("auto", INTERIOR.method):
        other = "hipo" if answer.method == "simplex" and not arrays.is_integer.any() else "simplex"
        answer = highs.solve(arrays, replace(options.since(began), method=other), shape, progress)
    return replace(answer, remark=" ".join(text for text in (remark, answer.remark) if text))


def _way_of_many(arrays: LinearProgram, shape: Shape) -> Way:
    """Of many solves the later ones count: where simplex will do for the first, they start from its corner."""
    of_highs = choose_of_highs(arrays, shape)
    return of_highs if of_highs == SIMPLEX else choose(arrays, shape)
