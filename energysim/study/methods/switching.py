"""Switching values: from where on something no longer pays."""

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from energysim.study.factor import combined
from energysim.study.methods.method import Finding, Rounds, cases_of

if TYPE_CHECKING:
    from energysim.study.study import Study

LEAST = 1e-4
"""Share of its largest value below which a size counts as nothing."""
SECTIONS = 4
"""Points tried in each bracket and round: a fixed number, so that the points do not depend on the workers."""
CLOSE = 0.005
"""Share of the range to which a switching value is found where no tolerance is given."""
_COLUMNS = ["figure", "factor", "others", "kept_at", "gone_at", "unit", "is_above"]


def switches(study: "Study", cases: pd.DataFrame, watched: tuple[str, ...] = ()) -> pd.DataFrame:
    """Find the values of each number that varies between which a size appears or vanishes, all else equal.

    Parameters
    ----------
    study : Study
    cases : DataFrame
        Runs.
    watched : tuple of str
        Figures to look at; everything that may be built where none is named.

    Returns
    -------
    switches : DataFrame
        ``figure``; ``factor``, with its ``unit``; ``others``, what the other factors are; ``kept_at``, the last value
        at which it is there, and ``gone_at``, the first at which it is not; ``is_above``, whether the second is the
        larger one.
    """
    watched = watched or tuple(name for name in cases.columns if str(name).startswith("built."))
    done = cases[cases.status == "done"]
    rows = []
    for factor in (factor for factor in study.factors if factor.is_number and factor.name in done):
        others = [other.name for other in study.factors if other is not factor]
        groups = done.groupby(others, dropna=False, sort=False) if others else [((), done)]
        for values, own in groups:
            line = own.drop_duplicates(factor.name).sort_values(factor.name)
            named = ", ".join(f"{name} = {value}" for name, value in zip(others, values, strict=True))
            rows += [
                [figure, factor.name, named, kept, gone, factor.unit, gone > kept]
                for figure in watched
                for kept, gone in _changes(line[factor.name].to_numpy(float), line[figure].to_numpy(float))
            ]
    return pd.DataFrame(rows, columns=_COLUMNS)


def _changes(values: np.ndarray, figures: np.ndarray) -> Iterator[tuple[float, float]]:
    """Walk the neighbours of which one has something and the other nothing: where it is there, where it is gone."""
    is_there = figures > LEAST * max(np.nanmax(figures, initial=0.0), 1e-9)
    for one, other in itertools.pairwise(range(len(values))):
        if np.isnan(figures[[one, other]]).any() or is_there[one] == is_there[other]:
            continue
        kept, gone = (one, other) if is_there[one] else (other, one)
        yield float(values[kept]), float(values[gone])


class Switching:
    """The value of one range at which a figure appears or vanishes, found as closely as asked for.

    The range is first cut into a grid; then each stretch at whose ends the figure differs is cut again, until it is
    shorter than the tolerance.
    """

    name: ClassVar[str] = "switching"
    needs: ClassVar[frozenset[str]] = frozenset({"vary", "watch"})
    takes: ClassVar[frozenset[str]] = frozenset({"tolerance"})
    asks: ClassVar[tuple[str, ...]] = ()

    def findings(self, study: "Study") -> Iterator[Finding]:
        """One range is cut, no more."""
        if len(study.factors) != 1 or not study.factors[0].is_range:
            needed = "A switching value is looked for along one range."
            yield ("vary",), f"{len(study.factors)} things vary.", needed, "Keep one entry, with 'from' and 'to'."

    def count(self, study: "Study") -> int:
        """The grid, and the rounds of one bracket."""
        factor = study.factors[0]
        stretch, rounds = (factor.high - factor.low) / (factor.steps - 1), 0
        while stretch > self._close(study):
            stretch, rounds = stretch / (SECTIONS + 1), rounds + 1
        return factor.steps + SECTIONS * rounds

    def rounds(self, study: "Study") -> Rounds:
        """A grid, then points inside every bracket that is still too wide."""
        factor = study.factors[0]
        table = yield [combined(study.factors, (choice,)) for choice in factor.grid()]
        while wide := self._wide(study, table):
            values = [value for kept, gone in wide for value in np.linspace(kept, gone, SECTIONS + 2)[1:-1]]
            table = yield [combined(study.factors, (factor.at_number(float(value)),)) for value in values]

    def conclude(self, study: "Study", table: pd.DataFrame, asked: tuple[str, ...]) -> dict[str, pd.DataFrame]:
        """Give every place where the watched figure appears or vanishes."""
        return {"switching": self._found(study, table)}

    def _wide(self, study: "Study", table: pd.DataFrame) -> list[tuple[float, float]]:
        found = self._found(study, table)
        pairs = zip(found.kept_at, found.gone_at, strict=True)
        return [(kept, gone) for kept, gone in pairs if abs(gone - kept) > self._close(study)]

    def _found(self, study: "Study", table: pd.DataFrame) -> pd.DataFrame:
        cases = cases_of(table)
        return switches(study, cases, (study.watch,)) if study.watch in cases else switches(study, cases.iloc[:0])

    @staticmethod
    def _close(study: "Study") -> float:
        factor = study.factors[0]
        return study.tolerance or CLOSE * (factor.high - factor.low)
