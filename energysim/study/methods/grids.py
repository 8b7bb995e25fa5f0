"""Sweep, tornado and table: cases that are written down, not drawn."""

import itertools
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import pandas as pd

from energysim.study.factor import Case, combined
from energysim.study.methods.method import Finding, Rounds, base_of, cases_of
from energysim.study.methods.switching import switches

if TYPE_CHECKING:
    from energysim.study.study import Study


class Sweep:
    """Every value of every factor with every other: a full grid."""

    name: ClassVar[str] = "sweep"
    needs: ClassVar[frozenset[str]] = frozenset({"vary"})
    takes: ClassVar[frozenset[str]] = frozenset()
    asks: ClassVar[tuple[str, ...]] = ()

    def findings(self, study: "Study") -> Iterator[Finding]:
        """Nothing beyond what every study is checked for."""
        yield from ()

    def count(self, study: "Study") -> int:
        """Points of the grid."""
        return math.prod(len(factor.grid()) for factor in study.factors)

    def rounds(self, study: "Study") -> Rounds:
        """All points at once; the last factor changes quickest."""
        grids = (factor.grid() for factor in study.factors)
        yield (combined(study.factors, choices) for choices in itertools.product(*grids))

    def conclude(self, study: "Study", table: pd.DataFrame, asked: tuple[str, ...]) -> dict[str, pd.DataFrame]:
        """Find between which values of each factor something is no longer built."""
        return {"switching": switches(study, cases_of(table))}


class Tornado:
    """Each factor at its low and its high end, all others as in the scenario."""

    name: ClassVar[str] = "tornado"
    needs: ClassVar[frozenset[str]] = frozenset({"vary"})
    takes: ClassVar[frozenset[str]] = frozenset()
    asks: ClassVar[tuple[str, ...]] = ()

    def findings(self, study: "Study") -> Iterator[Finding]:
        """A factor with a single value has no ends."""
        for factor in study.factors:
            if not factor.is_range and len(factor.choices) < 2:
                yield ("vary", factor.name), "There is one value.", "A tornado needs a low and a high one.", ""

    def count(self, study: "Study") -> int:
        """Two for each factor."""
        return 2 * len(study.factors)

    def rounds(self, study: "Study") -> Rounds:
        """Both ends of each factor."""
        yield [
            Case(dict(choice.changes), {factor.name: choice.shown}, role)
            for factor in study.factors
            for role, choice in zip(("low", "high"), factor.ends(), strict=True)
        ]

    def conclude(self, study: "Study", table: pd.DataFrame, asked: tuple[str, ...]) -> dict[str, pd.DataFrame]:
        """Give what each end does to each figure asked for, the largest swing first.

        A value that is missing because a run failed stays missing; its factor comes last.
        """
        rows = []
        for figure, factor in itertools.product(asked, study.factors):
            own = table[table[factor.name].notna()] if factor.name in table else table.iloc[:0]
            found = {role: own[own.role == role] for role in ("low", "high")}
            low, high = (float(f[figure].iloc[0]) if len(f) and figure in f else math.nan for f in found.values())
            ends = factor.ends()
            rows.append(
                {
                    "figure": figure,
                    "factor": factor.label,
                    "low": ends[0].label,
                    "high": ends[1].label,
                    "at_low": low,
                    "at_high": high,
                    "base": base_of(table, figure),
                    "swing": abs(high - low),
                }
            )
        columns = ["figure", "factor", "low", "high", "at_low", "at_high", "base", "swing"]
        tornado = pd.DataFrame(rows, columns=columns)
        order = tornado.swing.fillna(-1.0)
        place = tornado.figure.map({figure: number for number, figure in enumerate(asked)})
        tornado = tornado.assign(_place=place, _order=-order).sort_values(["_place", "_order"], kind="stable")
        return {"tornado": tornado.drop(columns=["_place", "_order"]).reset_index(drop=True)}


class Table:
    """The cases of a CSV or Excel file, row by row."""

    name: ClassVar[str] = "table"
    needs: ClassVar[frozenset[str]] = frozenset({"table"})
    takes: ClassVar[frozenset[str]] = frozenset()
    asks: ClassVar[tuple[str, ...]] = ()

    def findings(self, study: "Study") -> Iterator[Finding]:
        """The file is checked where it is read."""
        yield from ()

    def count(self, study: "Study") -> int:
        """Rows of the file."""
        return len(study.rows)

    def rounds(self, study: "Study") -> Rounds:
        """All rows at once."""
        yield study.rows

    def conclude(self, study: "Study", table: pd.DataFrame, asked: tuple[str, ...]) -> dict[str, pd.DataFrame]:
        """The table speaks for itself."""
        return {}
