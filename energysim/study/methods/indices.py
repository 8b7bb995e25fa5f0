"""Sobol and Morris: which factors matter, by indices from SALib."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from SALib.analyze import morris as morris_analysis
from SALib.analyze import sobol as sobol_analysis
from SALib.sample import morris as morris_sample
from SALib.sample import sobol as sobol_sample

from energysim.study.methods.draws import distribution, drawn, power_of_two
from energysim.study.methods.method import Finding, Rounds, cases_of

if TYPE_CHECKING:
    from energysim.study.study import Study

LEVELS = 4
"""Levels of the grid that Morris's trajectories walk."""
_RESAMPLES = 200


class Sobol:
    """Share of the variance of a figure that each factor is to blame for: alone, and with all others [1]_, [2]_.

    References
    ----------
    .. [1] A. Saltelli et al., Variance based sensitivity analysis of model output. Design and estimator for the total
       sensitivity index, Computer Physics Communications 181 (2010) 259-270.
    .. [2] J. Herman, W. Usher, SALib: an open-source Python library for sensitivity analysis, Journal of Open Source
       Software 2 (2017) 97.
    """

    name: ClassVar[str] = "sobol"
    needs: ClassVar[frozenset[str]] = frozenset({"vary", "samples"})
    takes: ClassVar[frozenset[str]] = frozenset()
    asks: ClassVar[tuple[str, ...]] = ()

    def findings(self, study: "Study") -> Iterator[Finding]:
        """The sample size must be a power of two, and more than one thing must vary."""
        yield from power_of_two(study)
        yield from _several(study)

    def count(self, study: "Study") -> int:
        """``samples`` times the factors and two."""
        return study.samples * (len(study.factors) + 2)

    def rounds(self, study: "Study") -> Rounds:
        """All draws at once."""
        shares = sobol_sample.sample(_problem(study), study.samples, calc_second_order=False, seed=study.seed)
        yield drawn(study, shares)

    def conclude(self, study: "Study", table: pd.DataFrame, asked: tuple[str, ...]) -> dict[str, pd.DataFrame]:
        """Give first-order and total indices, each with half the width of its 95 % interval."""
        cases = cases_of(table)

        def analyse(values: NDArray[np.float64], shares: NDArray[np.float64]) -> Any:
            return sobol_analysis.analyze(
                _problem(study), values, calc_second_order=False, num_resamples=_RESAMPLES, seed=study.seed
            )

        names = {"S1": "alone", "S1_conf": "alone_within", "ST": "total", "ST_conf": "total_within"}
        indices = _indices(study, cases, asked, (len(study.factors) + 2, analyse, names))
        return {"indices": indices, "distribution": distribution(cases, asked)}


class Morris:
    """Mean size and spread of what one step of each factor does, along random trajectories [1]_, [2]_.

    References
    ----------
    .. [1] M. D. Morris, Factorial sampling plans for preliminary computational experiments, Technometrics 33 (1991)
       161-174.
    .. [2] F. Campolongo, J. Cariboni, A. Saltelli, An effective screening design for sensitivity analysis of large
       models, Environmental Modelling & Software 22 (2007) 1509-1518.
    """

    name: ClassVar[str] = "morris"
    needs: ClassVar[frozenset[str]] = frozenset({"vary", "samples"})
    takes: ClassVar[frozenset[str]] = frozenset()
    asks: ClassVar[tuple[str, ...]] = ()

    def findings(self, study: "Study") -> Iterator[Finding]:
        """More than one thing must vary."""
        yield from _several(study)

    def count(self, study: "Study") -> int:
        """``samples`` trajectories of as many steps as there are factors, and one."""
        return study.samples * (len(study.factors) + 1)

    def rounds(self, study: "Study") -> Rounds:
        """All trajectories at once."""
        yield drawn(study, self._shares(study))

    def conclude(self, study: "Study", table: pd.DataFrame, asked: tuple[str, ...]) -> dict[str, pd.DataFrame]:
        """Give mean absolute effect, mean effect and spread, in the figure's unit over the factor's whole range."""

        def analyse(values: NDArray[np.float64], shares: NDArray[np.float64]) -> Any:
            return morris_analysis.analyze(
                _problem(study), shares, values, num_resamples=_RESAMPLES, num_levels=LEVELS, seed=study.seed
            )

        names = {"mu_star": "size", "mu_star_conf": "size_within", "mu": "mean", "sigma": "spread"}
        blocks = (len(study.factors) + 1, analyse, names)
        return {"effects": _indices(study, cases_of(table), asked, blocks, self._shares(study))}

    @staticmethod
    def _shares(study: "Study") -> NDArray[np.float64]:
        shares: NDArray[np.float64] = morris_sample.sample(
            _problem(study), study.samples, num_levels=LEVELS, seed=study.seed
        )
        return shares


Analysis = Callable[[NDArray[np.float64], NDArray[np.float64]], Any]


def _indices(
    study: "Study",
    cases: pd.DataFrame,
    asked: tuple[str, ...],
    blocks: tuple[int, Analysis, dict[str, str]],
    shares: NDArray[np.float64] | None = None,
) -> pd.DataFrame:
    """Compute indices of each figure; a block of draws that belong together and of which one failed is left out."""
    length, analyse, names = blocks
    rows = []
    for figure in asked:
        if figure not in cases:
            continue
        values = cases[figure].to_numpy(float).reshape(-1, length)
        whole = ~np.isnan(values).any(axis=1)
        if whole.sum() < 2 or np.ptp(values[whole]) == 0.0:
            continue
        own = np.zeros(0) if shares is None else shares.reshape(-1, length, shares.shape[1])[whole]
        found = analyse(values[whole].ravel(), own.reshape(-1, own.shape[-1]) if shares is not None else own)
        rows += [
            {"figure": figure, "factor": factor.label, "draws": int(whole.sum())}
            | {ours: float(found[theirs][number]) for theirs, ours in names.items()}
            for number, factor in enumerate(study.factors)
        ]
    return pd.DataFrame(rows, columns=["figure", "factor", "draws", *names.values()])


def _problem(study: "Study") -> dict[str, Any]:
    names = [factor.name for factor in study.factors]
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def _several(study: "Study") -> Iterator[Finding]:
    if len(study.factors) < 2:
        yield ("vary",), "One thing varies.", "Indices compare several.", "Add another, or use  method: sweep."
