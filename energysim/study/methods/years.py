"""Uncertain years: one design, run hour by hour through many years that might come."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import pandas as pd

from energysim.study.factor import Case
from energysim.study.methods.draws import distribution
from energysim.study.methods.method import Finding, Rounds, cases_of

if TYPE_CHECKING:
    from energysim.study.study import Study


class Years:
    """Years drawn from the scenario's uncertainty and run by the hour-by-hour engine with the sizes of the plan.

    Year ``n`` of a seed is the same in every study, so that more years add to those there are, and designs can be
    compared year by year.
    """

    name: ClassVar[str] = "years"
    needs: ClassVar[frozenset[str]] = frozenset({"samples"})
    takes: ClassVar[frozenset[str]] = frozenset()
    asks: ClassVar[tuple[str, ...]] = ("Total cost", "Unserved energy")

    def findings(self, study: "Study") -> Iterator[Finding]:
        """Any number of years will do."""
        yield from ()

    def count(self, study: "Study") -> int:
        """One run for each year."""
        return study.samples

    def rounds(self, study: "Study") -> Rounds:
        """All years at once."""
        yield (Case({}, {"year": float(number)}, year=number) for number in range(1, study.samples + 1))

    def conclude(self, study: "Study", table: pd.DataFrame, asked: tuple[str, ...]) -> dict[str, pd.DataFrame]:
        """Give the distribution of each figure asked for over the years."""
        return {"distribution": distribution(cases_of(table), asked)}
