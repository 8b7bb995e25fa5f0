"""What every method of a study offers the runner."""

from collections.abc import Generator, Iterable, Iterator
from typing import TYPE_CHECKING, ClassVar, Protocol

import pandas as pd

from energysim.study.factor import Case

if TYPE_CHECKING:
    from energysim.study.study import Study

Rounds = Generator[Iterable[Case], pd.DataFrame, None]
"""Cases of a round go out, the table of all runs so far comes back."""
BASE = Case({}, {}, "base")
"""The unchanged scenario; the runner adds it to every study, before the first round."""
Finding = tuple[tuple[str, ...], str, str, str]
"""Path in the study file, what was found, what is needed, way out."""


class Method(Protocol):
    """A way to choose runs and to read them."""

    name: ClassVar[str]
    needs: ClassVar[frozenset[str]]
    """Keys of the study file it cannot do without."""
    takes: ClassVar[frozenset[str]]
    """Further keys it understands."""
    asks: ClassVar[tuple[str, ...]]
    """Figures it is about where the study asks for none; cost and heat prices where empty."""

    def findings(self, study: "Study") -> Iterator[Finding]:
        """Say what is wrong with a study of this method."""
        ...

    def count(self, study: "Study") -> int:
        """Say how many runs it will ask for, at most, beside the base."""
        ...

    def rounds(self, study: "Study") -> Rounds:
        """Choose the runs; what is chosen may depend on the rounds before, never on who computes them."""
        ...

    def conclude(self, study: "Study", table: pd.DataFrame, asked: tuple[str, ...]) -> dict[str, pd.DataFrame]:
        """Read the finished table.

        Parameters
        ----------
        study : Study
        table : DataFrame
            One row for each run: ``role, status``, a column for each factor, one for each figure.
        asked : tuple of str
            Figures the report is about.

        Returns
        -------
        conclusions : dict of str to DataFrame
            By name; see :mod:`energysim.study.run`.
        """
        ...


def cases_of(table: pd.DataFrame, role: str = "case") -> pd.DataFrame:
    """Rows of one role, in the order they were asked for."""
    return table[table.role == role]


def base_of(table: pd.DataFrame, figure: str) -> float:
    """Figure of the unchanged scenario; NaN where that has no plan."""
    own = table[table.role == "base"]
    return float(own[figure].iloc[0]) if len(own) and figure in own else float("nan")
