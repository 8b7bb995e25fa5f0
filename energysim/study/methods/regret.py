"""Regret: what each decision costs more than the best one, in every future that may come."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from energysim.study.case import COST_OF
from energysim.study.factor import Case
from energysim.study.methods.method import Finding, Rounds, cases_of

if TYPE_CHECKING:
    from energysim.study.study import Study


class Regret:
    """Every decision in every future; the regret is what it costs more than the best decision there [1]_.

    References
    ----------
    .. [1] L. J. Savage, The theory of statistical decision, Journal of the American Statistical Association 46 (1951)
       55-67.
    """

    name: ClassVar[str] = "regret"
    needs: ClassVar[frozenset[str]] = frozenset({"decisions", "futures"})
    takes: ClassVar[frozenset[str]] = frozenset()
    asks: ClassVar[tuple[str, ...]] = ()

    def findings(self, study: "Study") -> Iterator[Finding]:
        """One decision leaves nothing to regret."""
        if len(study.decisions) < 2:
            yield ("decisions",), "There is one decision.", "Regret compares two or more.", ""

    def count(self, study: "Study") -> int:
        """Decisions times futures."""
        return len(study.decisions) * len(study.futures)

    def rounds(self, study: "Study") -> Rounds:
        """All pairs at once."""
        yield [
            Case({**future.changes, **changes}, {"decision": name, "future": future.name})
            for name, changes in study.decisions.items()
            for future in study.futures
        ]

    def conclude(self, study: "Study", table: pd.DataFrame, asked: tuple[str, ...]) -> dict[str, pd.DataFrame]:
        """Give cost and regret of each decision in each future, and what each decision is worth by four rules.

        Where costs of actors are asked for (``cost.OWNER``), the regret of each stands beside, after what they pay each
        other by contract or at the marginal price: a decision may be best for one and worst for another. A decision
        without a plan in some future has an infinite regret there.
        """
        cases = cases_of(table)
        names = [future.name for future in study.futures]
        chances = np.array([future.probability for future in study.futures])
        cost, regret = _regret(study, cases, asked[0])
        worth = pd.DataFrame(
            {
                "decision": cost.index,
                "expected_cost": _expected(cost, chances),
                "worst_cost": cost.max(axis=1).to_numpy(),
                "expected_regret": _expected(regret, chances),
                "largest_regret": regret.max(axis=1).to_numpy(),
            }
        )
        for rule in ("expected_cost", "worst_cost", "expected_regret", "largest_regret"):
            worth[f"is_best_by_{rule}"] = worth[rule] == worth[rule].min()
        long = cost.rename_axis(index="decision", columns="future").stack().rename("cost").reset_index()
        long["regret"] = regret.stack().to_numpy()
        long["probability"] = long.future.map(dict(zip(names, chances, strict=True)))
        found = {"regret": long, "decisions": worth}
        actors = [_of_actor(study, cases, one, chances) for one in asked if one.startswith(COST_OF)]
        if actors:
            found["regret_by_actor"] = pd.concat(actors, ignore_index=True)
        return found


def _regret(study: "Study", cases: pd.DataFrame, figure: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give a figure by decision and future, and how far each lies above the best decision there."""
    cost = cases.pivot_table(index="decision", columns="future", values=figure, dropna=False, aggfunc="first")
    cost = cost.reindex(index=list(study.decisions), columns=[future.name for future in study.futures])
    cost = cost.astype(float).fillna(np.inf)
    best = cost.to_numpy().min(axis=0)
    # Where no decision has a plan, none is to be regretted.
    has_plan = np.isfinite(best)
    lost = np.where(has_plan, cost.to_numpy() - np.where(has_plan, best, 0.0), 0.0)
    return cost, pd.DataFrame(lost, index=cost.index, columns=cost.columns)


def _of_actor(study: "Study", cases: pd.DataFrame, figure: str, chances: np.ndarray) -> pd.DataFrame:
    """Regret of each decision in the cost of one actor, against the decision that is best for this actor."""
    cost, regret = _regret(study, cases, figure)
    # Futures that differ in what does not touch this actor are as bad as each other; the first of them is named.
    worst = regret.ge(0.999 * regret.max(axis=1), axis=0).idxmax(axis=1)
    return pd.DataFrame(
        {
            "figure": figure,
            "decision": cost.index,
            "expected_cost": _expected(cost, chances),
            "expected_regret": _expected(regret, chances),
            "largest_regret": regret.max(axis=1).to_numpy(),
            "regretted_most_in": worst.to_numpy(),
        }
    )


def _expected(values: pd.DataFrame, chances: np.ndarray) -> np.ndarray:
    """Mean over the futures; what cannot happen does not count, not even where it has no plan."""
    likely = chances > 0.0
    return values.to_numpy()[:, likely] @ chances[likely]
