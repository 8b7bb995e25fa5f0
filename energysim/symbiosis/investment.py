"""The table a bank asks for: cash flow by year, net present value, internal rate, payback, and what moves them."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from energysim.results.built import Built

Floats = NDArray[np.float64]

SMALL = 1e-6


@dataclass(frozen=True)
class Case:
    """What an actor would put in and get back each year."""

    built: tuple[Built, ...]
    """With sharing; a negative price for what need not be built then."""
    yearly: float
    """Gained each year before capital is paid. [money/a]"""
    rate: float
    """Discount rate. [1/a]"""
    years: int
    """Length of the view. [a]"""

    @property
    def invested(self) -> float:
        """Paid at the start. [money]"""
        return sum(one.price for one in self.built)


@dataclass(frozen=True)
class Verdict:
    """What the case comes to."""

    npv: float
    """Net present value. [money]"""
    irr: float
    """Internal rate of return; NaN where nothing is invested or no single rate exists. [1/a]"""
    payback: float
    """Years until the money is back, without interest; infinite for never. [a]"""
    discounted_payback: float
    """The same with interest. [a]"""


def case_of(
    actor: str, with_it: tuple[Sequence[Built], float], without: tuple[Sequence[Built], float], rate: float
) -> Case:
    """Compare an actor's books with and without sharing.

    Parameters
    ----------
    actor : str
    with_it, without : (sequence of Built, float)
        What all build, and what the actor pays in a year before capital. [money/a]
    rate : float
        [1/a]
    """
    more = [one for one in with_it[0] if one.owner == actor]
    less = [replace(one, price=-one.price) for one in without[0] if one.owner == actor]
    netted: dict[tuple[str, float], float] = {}
    for one in (*more, *less):
        netted[one.component, one.lifetime] = netted.get((one.component, one.lifetime), 0.0) + one.price
    built = tuple(Built(actor, c, price, life) for (c, life), price in netted.items() if abs(price) > 1.0)
    years = math.ceil(max((one.lifetime for one in built), default=20.0))
    return Case(built, without[1] - with_it[1], rate, years)


def cash_flow(case: Case) -> pd.DataFrame:
    """Lay out the years: what is paid at the start, renewed, and left over at the end.

    Equipment is renewed at the end of its life for the same real price; what has life left at the end of the view is
    worth the same share of its price [1]_.

    Returns
    -------
    years : DataFrame
        ``year, invested, gained, cash, discounted, cumulated``. [money]

    References
    ----------
    .. [1] L. Blank and A. Tarquin, Engineering Economy, 8th ed., McGraw-Hill, 2018, ch. 5.
    """
    invested = np.zeros(case.years + 1)
    for one in case.built:
        begin = 0.0
        while begin < case.years - SMALL:
            invested[round(begin)] += one.price
            begin += one.lifetime
        invested[case.years] -= one.price * (begin - case.years) / one.lifetime
    gained = np.r_[0.0, np.full(case.years, case.yearly)]
    cash = gained - invested
    discounted = cash / (1.0 + case.rate) ** np.arange(case.years + 1)
    return pd.DataFrame(
        {
            "year": np.arange(case.years + 1),
            "invested": invested,
            "gained": gained,
            "cash": cash,
            "discounted": discounted,
            "cumulated": np.cumsum(discounted),
        }
    )


def verdict_of(case: Case) -> Verdict:
    """Judge a case."""
    table = cash_flow(case)
    cash = table.cash.to_numpy()
    return Verdict(
        float(table.discounted.sum()), irr(cash), _crossing(np.cumsum(cash)), _crossing(table.cumulated.to_numpy())
    )


def irr(cash: Floats) -> float:
    r"""Find the rate at which a series of payments is worth nothing, :math:`\sum_t c_t / (1 + i)^t = 0`.

    Parameters
    ----------
    cash : ndarray (year,)
        [money]

    Returns
    -------
    rate : float
        NaN where the sign never changes, or changes more than once. [1/a]

    Examples
    --------
    >>> round(irr(np.array([-100.0, 60.0, 60.0])), 6)
    0.130662
    """
    signs = np.sign(cash[np.abs(cash) > SMALL])
    if np.count_nonzero(np.diff(signs)) != 1 or signs[0] > 0:
        return math.nan
    low, high = -0.99, 1.0
    worth = _worth_at(cash)
    while worth(high) > 0.0 and high < 1e6:
        high *= 2.0
    for _ in range(200):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if worth(middle) > 0.0 else (low, middle)
    return 0.5 * (low + high)


def sensitivity(case: Case) -> pd.DataFrame:
    """Move the main assumptions one at a time.

    Returns
    -------
    table : DataFrame
        ``assumption, low, high`` as texts, and the net present values ``npv_low, npv_high`` [money].
    """

    def priced(factor: float) -> Case:
        return replace(case, built=tuple(replace(one, price=one.price * factor) for one in case.built))

    def lasting(factor: float) -> Case:
        return replace(case, built=tuple(replace(one, lifetime=one.lifetime * factor) for one in case.built))

    rows: list[tuple[str, str, str, Case, Case]] = [
        ("Investment", "30 % less", "70 % more", priced(0.7), priced(1.7)),
        ("Yearly gain", "20 % less", "20 % more", _gaining(case, 0.8), _gaining(case, 1.2)),
        (
            "Discount rate",
            f"{100 * max(case.rate - 0.02, 0.0):.0f} %",
            f"{100 * (case.rate + 0.02):.0f} %",
            replace(case, rate=max(case.rate - 0.02, 0.0)),
            replace(case, rate=case.rate + 0.02),
        ),
        ("Lifetime", "a quarter shorter", "a quarter longer", lasting(0.75), lasting(1.25)),
    ]
    return pd.DataFrame(
        [(name, low, high, verdict_of(one).npv, verdict_of(other).npv) for name, low, high, one, other in rows],
        columns=["assumption", "low", "high", "npv_low", "npv_high"],
    )


def _gaining(case: Case, factor: float) -> Case:
    return replace(case, yearly=case.yearly * factor)


def _worth_at(cash: Floats) -> Callable[[float], float]:
    years = np.arange(len(cash))
    return lambda rate: float(np.sum(cash / (1.0 + rate) ** years))


def _crossing(cumulated: Floats) -> float:
    """Years until a cumulated cash flow stays at or above zero, read off the line between the years."""
    below = np.flatnonzero(cumulated < -SMALL)
    if not len(below):
        return 0.0
    last = int(below[-1])
    if last == len(cumulated) - 1:
        return math.inf
    return last + float(-cumulated[last] / (cumulated[last + 1] - cumulated[last]))
