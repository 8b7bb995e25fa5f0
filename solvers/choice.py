"""Which method for which program: a rule derived from, and checked against, the ladder in the benchmarks."""

from dataclasses import dataclass

from solvers.linear import LinearProgram


@dataclass(frozen=True)
class Way:
    """A method of HiGHS."""

    method: str
    """``simplex``, ``hipo``, ``ipx`` or ``pdlp``."""
    crossover: bool = False
    """Whether an interior point is moved to a corner."""

    @property
    def label(self) -> str:
        """Name in tables."""
        return f"{self.method}_crossover" if self.crossover else self.method


SIMPLEX = Way("simplex")
FEW_COLUMNS = 4_000
"""Columns up to which dual simplex wins even where storage meets investment."""
MANY_COLUMNS = 300_000
"""Columns from which an interior point wins even where all sizes are given."""


def choose(program: LinearProgram, has_design: bool) -> Way:
    """Pick a method from size and structure.

    Dual simplex is best for integers, for small programs and for dispatch; where sizes are decided together with
    stores that link many hours it needs minutes where the interior point method needs seconds.

    Parameters
    ----------
    program : LinearProgram
        What will be solved.
    has_design : bool
        Whether sizes are decided together with stores that link the hours.

    Returns
    -------
    way : Way
    """
    if program.is_integer.any():
        return SIMPLEX
    most = FEW_COLUMNS if has_design else MANY_COLUMNS
    return SIMPLEX if program.column_count <= most else Way("hipo", crossover=True)
