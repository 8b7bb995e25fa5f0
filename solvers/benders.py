"""Better sizes from the prices of a fixed design: cuts, a bound that is proven, and a gap that shrinks."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from solvers.answer import Answer, Options, Status
from solvers.bound import lower_bound
from solvers.choice import Shape
from solvers.conflict import with_slack
from solvers.highs import solve
from solvers.interrupt import Interrupt
from solvers.linear import LinearProgram

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

INWARD = 0.5
"""Weight of the best design known in the next one tried; the rest is the master's."""
NARROWER = 0.99
"""Share of the gap before to which a design has to bring it for the next one to lie inward; else the master's is next,
whose line cuts it off."""
PENALTY = 20.0
"""Price of what a design is short of, or has too much of, against the dearest hour."""
SIZE_PENALTY = 3.0
"""And against the dearest unit of size, as one more may be wanted for a single hour."""
RAISED = 10.0
"""By how much that price rises where the cheapest design still buys: then it is not dearer than every other way. Lines
found before hold on, as what costs more does not cost less."""

Told = Callable[[int, float, float], None]
"""Called with the designs tried, the least cost and the bound."""


@dataclass(frozen=True)
class Refined:
    """The best design found."""

    answer: Answer
    """The full program with that design; columns and row duals of the program given."""
    bound: float
    """No design costs less."""
    supposed: int
    """Columns without any limit that the bound takes at ten times their value; 0 where it is proven."""
    tried: int
    ended: Status
    """Optimal where the gap was reached, stopped where the time or the user ended the search; else how the program
    with the last design ended, which a search cannot go on from."""


@dataclass(frozen=True)
class _Cut:
    """Cost of a design and how it changes with each size: no design costs less than this line."""

    design: Floats
    cost: float
    slope: Floats
    supposed: int


class Decomposition:
    r"""Sizes in a small program, everything else in a large one that is solved again and again [1]_.

    With sizes :math:`x` held the large program costs :math:`C(x)`; by its duals :math:`C(x') \ge C(x) + g(x' - x)` with
    the reduced costs :math:`g` of the sizes. The small program minimises the highest of these lines, which bounds the
    optimum; the next design lies between its answer and the best so far [2]_, or is its answer where that brought
    nothing. What a design cannot supply is bought
    dearly, and what it has no room for is got rid of as dearly, so that a design has a cost unless it breaks a rule.

    Parameters
    ----------
    program : LinearProgram
        Continuous.
    sizes : ndarray (size,)
        Columns of the sizes.
    elastic : ndarray (row,)
        Rows that may fail at a price: the balances.
    shape : Shape
        What kind of program it is with its sizes held.

    References
    ----------
    .. [1] J. F. Benders, Partitioning procedures for solving mixed-variables programming problems, Numer. Math. 4,
       1962.
    .. [2] W. Ben-Ameur, J. Neto, Acceleration of cutting-plane and column generation algorithms, Networks 49, 2007.
    """

    def __init__(self, program: LinearProgram, sizes: Ints, elastic: Ints, shape: Shape) -> None:
        self.program, self.sizes, self._shape = program, sizes, shape
        hour = float(np.abs(np.delete(program.cost, sizes)).max(initial=1.0))
        price = max(PENALTY * hour, SIZE_PENALTY * float(np.abs(program.cost[sizes]).max(initial=0.0)))
        costs = np.concatenate([program.cost, np.full(2 * len(elastic), price)])
        self._loose = replace(with_slack(program, elastic), cost=costs, offset=program.offset)
        self._cuts: list[_Cut] = []
        self._only_sizes = _rows_of(program, sizes)
        self._lacks = False
        """Whether the last design buys what it cannot supply."""
        self.best: Answer | None = None
        self.best_cost = np.inf

    def refine(
        self, design: Floats, gap: float, time_limit: float = np.inf, told: Told | None = None
    ) -> Refined | None:
        """Try designs until the gap between cost and bound is small.

        Parameters
        ----------
        design : ndarray (size,)
            Where to begin.
        gap : float
            Relative gap at which to stop.
        time_limit : float
            The same, in seconds.
        told : callable, optional
            Hears about every design.

        Returns
        -------
        refined : Refined or None
            None where no design tried could do without purchases.
        """
        ends = time.perf_counter() + time_limit
        bound, ended, gap_before = -np.inf, Status.STOPPED, np.inf
        with Interrupt() as interrupt:
            while not (interrupt.is_asked or time.perf_counter() > ends):
                status = self._cost(design, ends)
                if status is not Status.OPTIMAL:
                    ended = status
                    break
                master = self._master()
                bound = max(bound, master.objective)
                if told is not None:
                    told(len(self._cuts), self.best_cost, bound)
                if self.best is not None and self.best_cost - bound <= gap * abs(self.best_cost):
                    ended = Status.OPTIMAL
                    break
                if self._lacks and self._cuts[-1].cost - bound <= gap * abs(bound):
                    self._raise_price()
                design = master.columns[: len(self.sizes)]
                # A line of a design between the two need not pass above the master's own, which then comes back.
                if self.best is not None and self.best_cost - bound < NARROWER * gap_before:
                    design = INWARD * self.best.columns[self.sizes] + (1.0 - INWARD) * design
                gap_before = self.best_cost - bound
        supposed = max((cut.supposed for cut in self._cuts), default=0)
        return None if self.best is None else Refined(self.best, bound, supposed, len(self._cuts), ended)

    def _cost(self, design: Floats, ends: float) -> Status:
        """Solve with sizes held; keep the line and, if it is the cheapest that lacks nothing, the answer."""
        lower, upper = self._loose.lower.copy(), self._loose.upper.copy()
        lower[self.sizes] = upper[self.sizes] = design
        # Afresh: with other sizes too much changes for the last basis to help, and presolve takes the sizes out.
        held = replace(self._loose, lower=lower, upper=upper)
        answer = solve(held, Options(time_limit=max(0.0, ends - time.perf_counter())), self._shape)
        if answer.status is not Status.OPTIMAL:
            return answer.status
        count = self.program.column_count
        # Of the sizes' whole range, as the line holds for all of them: what follows from those held does not.
        bound = lower_bound(self._loose, answer.columns, answer.row_duals)
        slope = bound.reduced[self.sizes]
        counted = np.where(slope > 0.0, self._loose.lower[self.sizes], self._loose.upper[self.sizes])
        cost = bound.value + float(slope @ (design - counted))
        self._cuts.append(_Cut(design.copy(), min(answer.objective, cost), slope, bound.supposed))
        self._lacks = float(answer.columns[count:].sum(initial=0.0)) > 1e-6
        if not self._lacks and answer.objective < self.best_cost:
            self.best_cost = answer.objective
            self.best = replace(answer, columns=answer.columns[:count], column_duals=answer.column_duals[:count])
        return answer.status

    def _raise_price(self) -> None:
        """Make what a design cannot supply dearer."""
        costs = self._loose.cost.copy()
        costs[self.program.column_count :] *= RAISED
        self._loose = replace(self._loose, cost=costs)

    def _master(self) -> Answer:
        """Minimise the highest line over all sizes allowed; the last column is the cost."""
        count, program = len(self.sizes), self.program
        slopes = np.array([cut.slope for cut in self._cuts])
        right = np.array([cut.cost - cut.slope @ cut.design for cut in self._cuts])
        lines = np.hstack([-slopes, np.ones((len(slopes), 1))])
        rows = np.vstack([lines, np.hstack([self._only_sizes[0], np.zeros((len(self._only_sizes[0]), 1))])])
        kept = rows != 0.0
        starts = np.concatenate([[0], np.cumsum(kept.sum(axis=1))]).astype(np.int32)
        return solve(
            LinearProgram(
                cost=np.concatenate([np.zeros(count), [1.0]]),
                lower=np.concatenate([program.lower[self.sizes], [-np.inf]]),
                upper=np.concatenate([program.upper[self.sizes], [np.inf]]),
                is_integer=np.zeros(count + 1, bool),
                row_lower=np.concatenate([right, self._only_sizes[1]]),
                row_upper=np.concatenate([np.full(len(right), np.inf), self._only_sizes[2]]),
                starts=starts,
                indices=np.nonzero(kept)[1].astype(np.int32),
                values=rows[kept],
            ),
            Options(method="simplex"),
        )


def _rows_of(program: LinearProgram, sizes: Ints) -> tuple[Floats, Floats, Floats]:
    """Gather the rows that speak of sizes only. (row, size), (row,), (row,)"""
    position = np.full(program.column_count, -1)
    position[sizes] = np.arange(len(sizes))
    others = np.repeat(np.arange(program.row_count), np.diff(program.starts))[position[program.indices] < 0]
    is_own = np.diff(program.starts) > 0
    is_own[others] = False
    rows = np.flatnonzero(is_own)
    table = np.zeros((len(rows), len(sizes)))
    for number, row in enumerate(rows.tolist()):
        span = slice(program.starts[row], program.starts[row + 1])
        table[number, position[program.indices[span]]] = program.values[span]
    return table, program.row_lower[rows], program.row_upper[rows]
