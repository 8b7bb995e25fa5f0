"""Latin hypercube and Sobol sequence: draws that fill the space of all factors evenly."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import qmc

from energysim.study.factor import Case, combined
from energysim.study.methods.method import Finding, Rounds, cases_of

if TYPE_CHECKING:
    from energysim.study.study import Study

LEVELS = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)
"""Shares of all draws whose figures are told."""


def drawn(study: "Study", shares: NDArray[np.float64]) -> Iterator[Case]:
    """Turn points of the unit cube into cases.

    Parameters
    ----------
    study : Study
    shares : ndarray (draw, factor)
        Each between 0 and 1.
    """
    for row in shares.tolist():
        choices = tuple(factor.at(share) for factor, share in zip(study.factors, row, strict=True))
        yield combined(study.factors, choices)


def power_of_two(study: "Study") -> Iterator[Finding]:
    """Refuse a sample size that breaks the balance of a Sobol sequence."""
    count = study.samples
    if count & (count - 1):
        low = 1 << (count.bit_length() - 1)
        needed = "A Sobol sequence is balanced only at powers of two."
        yield ("samples",), f"'samples' is {count}.", needed, f"Write  samples: {low}  or  samples: {2 * low}."


class LatinHypercube:
    """Each factor's range in as many equally likely parts as there are draws, one draw in each [1]_.

    References
    ----------
    .. [1] M. D. McKay, R. J. Beckman, W. J. Conover, A comparison of three methods for selecting values of input
       variables in the analysis of output from a computer code, Technometrics 21 (1979) 239-245.
    """

    name: ClassVar[str] = "latin_hypercube"
    needs: ClassVar[frozenset[str]] = frozenset({"vary", "samples"})
    takes: ClassVar[frozenset[str]] = frozenset()
    asks: ClassVar[tuple[str, ...]] = ()

    def findings(self, study: "Study") -> Iterator[Finding]:
        """Any number of draws will do."""
        yield from ()

    def count(self, study: "Study") -> int:
        """One run for each draw."""
        return study.samples

    def rounds(self, study: "Study") -> Rounds:
        """All draws at once."""
        sampler = qmc.LatinHypercube(len(study.factors), rng=np.random.default_rng(study.seed))
        yield drawn(study, sampler.random(study.samples))

    def conclude(self, study: "Study", table: pd.DataFrame, asked: tuple[str, ...]) -> dict[str, pd.DataFrame]:
        """Give the distribution of each figure asked for."""
        return {"distribution": distribution(cases_of(table), asked)}


class SobolSequence(LatinHypercube):
    """A scrambled Sobol sequence: draws that fill the space more evenly than chance [1]_.

    References
    ----------
    .. [1] A. B. Owen, Randomly permuted (t,m,s)-nets and (t,s)-sequences, in: Monte Carlo and Quasi-Monte Carlo
       Methods, Springer, 1995.
    """

    name: ClassVar[str] = "sobol_sequence"

    def findings(self, study: "Study") -> Iterator[Finding]:
        """Only powers of two keep it balanced."""
        yield from power_of_two(study)

    def rounds(self, study: "Study") -> Rounds:
        """All draws at once."""
        sampler = qmc.Sobol(len(study.factors), rng=np.random.default_rng(study.seed))
        yield drawn(study, sampler.random_base2(study.samples.bit_length() - 1))


def distribution(cases: pd.DataFrame, asked: tuple[str, ...]) -> pd.DataFrame:
    """Give mean, spread and quantiles of figures over draws that are equally likely.

    Returns
    -------
    distribution : DataFrame
        Rows are figures; ``count, mean, deviation, least, most`` and one column for each of ``LEVELS``.
    """
    rows = []
    for figure in asked:
        values = cases[figure].dropna().to_numpy(float) if figure in cases else np.zeros(0)
        if not len(values):
            continue
        levels = {f"{level:g}": float(np.quantile(values, level)) for level in LEVELS}
        spread = float(values.std(ddof=1)) if len(values) > 1 else 0.0
        rows.append(
            {"figure": figure, "count": len(values), "mean": float(values.mean()), "deviation": spread}
            | {"least": float(values.min()), **levels, "most": float(values.max())}
        )
    return pd.DataFrame(rows)
