"""A loaded HiGHS model for many programs of one pattern, whose answers do not depend on their order."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import highspy

from solvers import highs
from solvers.answer import Answer, Options, Progress, Status
from solvers.choice import SIMPLEX, UNKNOWN, Shape
from solvers.linear import LinearProgram
from solvers.loading import limit
from solvers.session import DUAL, Session


@dataclass(frozen=True)
class Anchor:
    """The program every other one is solved from."""

    program: LinearProgram
    options: Options
    shape: Shape


class AnchoredSession(Session):
    """Solves each program from the optimal basis of one and the same other program, its anchor.

    A plain session starts where the last program ended; where several plans are equally cheap, which of them is found
    then depends on what was solved before. Here what was solved before is undone: the loaded model goes back to the
    anchor's numbers, everything HiGHS remembers is dropped but the anchor's basis, and only then come the numbers of
    the program. So one process and a hundred find the same plans to the last bit, in whatever order.

    The anchor is solved, cold, when the first program comes that can start from it: one that has its pattern, no
    integers, and that the simplex method suits. Any other is solved cold.

    Parameters
    ----------
    anchor : callable
        Gives the anchor; called once, when needed.
    """

    def __init__(self, anchor: Callable[[], Anchor | None]) -> None:
        super().__init__()
        self._find_anchor = anchor
        self._is_sought = False
        self._anchored: highspy.HighsBasis | None = None

    def solve(
        self,
        program: LinearProgram,
        options: Options | None = None,
        shape: Shape = UNKNOWN,
        progress: Progress | None = None,
    ) -> Answer:
        """Solve a program; parameters and answer as in :func:`solvers.highs.solve`."""
        options = options or Options()
        can_start = self._can_start(program, options, shape)
        # Counted from here: were the anchor's own time part of it, a program would end otherwise for being the first.
        began = time.perf_counter()
        engine, basis = self._engine, self._anchored
        if not can_start or engine is None or basis is None:
            return highs.solve(program, options, shape, progress)
        self._change_to(program)
        engine.clearSolver()
        engine.setBasis(basis)
        # Whatever earlier solves may have set.
        engine.setOptionValue("simplex_strategy", DUAL)
        engine.setOptionValue("presolve", "choose")
        limit(engine, options)
        self._program = program
        answer = highs.run(engine, program, self._scale, SIMPLEX, progress)
        if answer.status in (Status.OPTIMAL, Status.STOPPED):
            return answer
        # A proof that there is no plan, or none to be found, is looked for without the anchor's influence.
        return highs.solve(program, options.since(began), shape, progress)

    def keep_inside(self, answer: Answer) -> None:
        """Forget an answer: a start near the last one would make the next depend on the order."""

    def _can_start(self, program: LinearProgram, options: Options, shape: Shape) -> bool:
        """Whether a program may start from the anchor; solves that first, if it was not."""
        if program.is_integer.any() or highs.way_for(program, options, shape)[0] != SIMPLEX:
            return False
        if not self._is_sought:
            self._is_sought = True
            anchor = self._find_anchor()
            if anchor is not None:
                super().solve(anchor.program, anchor.options, anchor.shape)
                self._anchored = self._basis
        return self._anchored is not None and self._is_alike(program)
