"""A loaded HiGHS model for many programs of one pattern, whose answers do not depend on their order."""

from collections.abc import Callable
from dataclasses import dataclass

import highspy

from solvers import highs
from solvers.answer import Answer, Options, Progress, Status
from solvers.choice import SIMPLEX, UNKNOWN, Shape
from solvers.linear import LinearProgram
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
        self._basis = highspy.HighsBasis()

    def solve(
        self,
        program: LinearProgram,
        options: Options | None = None,
        shape: Shape = UNKNOWN,
        progress: Progress | None = None,
    ) -> Answer:
        """Solve a program; parameters and answer as in :func:`solvers.highs.solve`."""
        options = options or Options()
        if program.is_integer.any() or highs.way_for(program, options, shape) != SIMPLEX or not self._reach_anchor():
            return highs.solve(program, options, shape, progress)
        if not self._is_alike(program):
            return highs.solve(program, options, shape, progress)
        engine = self._engine
        assert engine is not None
        self._change_to(program)
        engine.clearSolver()
        engine.setBasis(self._basis)
        # Whatever earlier solves may have set.
        engine.setOptionValue("simplex_strategy", DUAL)
        engine.setOptionValue("presolve", "choose")
        engine.setOptionValue("time_limit", float(options.time_limit))
        self._program = program
        answer = highs.run(engine, program, self._scale, SIMPLEX, progress)
        if answer.status in (Status.OPTIMAL, Status.STOPPED):
            return answer
        # A proof that there is no plan, or none to be found, is looked for without the anchor's influence.
        return highs.solve(program, options, shape, progress)

    def _reach_anchor(self) -> bool:
        """Solve the anchor once, and keep its basis; False where it has none."""
        if not self._is_sought:
            self._is_sought = True
            anchor = self._find_anchor()
            if anchor is not None:
                super().solve(anchor.program, anchor.options, anchor.shape)
                if self._has_basis and self._engine is not None:
                    self._basis = self._engine.getBasis()
        return self._has_basis
