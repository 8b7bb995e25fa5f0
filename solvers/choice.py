"""Which method for which program: a rule derived from, and checked against, the ladder in the benchmarks."""

from dataclasses import dataclass

from solvers.linear import LinearProgram


@dataclass(frozen=True)
class Shape:
    """What the arrays of a program do not say at a glance."""

    steps: int = 1
    """Steps of the horizon."""
    has_design: bool = False
    """Whether sizes are decided together with stores that link the hours."""


UNKNOWN = Shape()
"""Of a program that comes from elsewhere."""


@dataclass(frozen=True)
class Way:
    """A method."""

    method: str
    """``interior``, or HiGHS's ``simplex``, ``hipo``, ``ipx`` or ``pdlp``."""
    crossover: bool = False
    """Whether an interior point is moved to a corner."""

    @property
    def label(self) -> str:
        """Name in tables."""
        return f"{self.method}_crossover" if self.crossover else self.method


SIMPLEX = Way("simplex")
NARROW = 60
"""Columns in a step up to which a program counts as narrow: a town, not a region."""
MOST_BY_SIMPLEX = {
    # narrow, with sizes to decide
    (True, True): 25_000,
    (True, False): 1_000_000_000,
    (False, True): 4_000,
    (False, False): 50_000,
}
"""Columns up to which dual simplex wins."""


INTERIOR = Way("interior")
LEAST_BY_INTERIOR = {(True, True): 8_000, (True, False): 50_000, (False, True): 8_000, (False, False): 30_000}
"""Columns from which the method on the hours' pattern wins; narrow, with sizes to decide."""


def choose(program: LinearProgram, shape: Shape) -> Way:
    """Pick a method from size and structure: that on the hours' pattern for large continuous programs, else HiGHS.

    Parameters
    ----------
    program : LinearProgram
        What will be solved.
    shape : Shape
        What kind of program it is.

    Returns
    -------
    way : Way
    """
    is_narrow = program.column_count <= NARROW * shape.steps
    is_small = program.column_count < LEAST_BY_INTERIOR[is_narrow, shape.has_design]
    if program.is_integer.any() or is_small or shape.steps == 1:
        return choose_of_highs(program, shape)
    return INTERIOR


def choose_of_highs(program: LinearProgram, shape: Shape) -> Way:
    """Pick a method of HiGHS from size and structure.

    Dual simplex is best for integers, for small programs and for the dispatch of a town; where sizes are decided
    together with stores that link many hours, or many towns are linked, it needs minutes where the interior point
    method needs seconds.

    Parameters
    ----------
    program : LinearProgram
        What will be solved.
    shape : Shape
        What kind of program it is.

    Returns
    -------
    way : Way
    """
    is_narrow = program.column_count <= NARROW * shape.steps
    if program.is_integer.any() or program.column_count <= MOST_BY_SIMPLEX[is_narrow, shape.has_design]:
        return SIMPLEX
    return Way("hipo", crossover=True)
