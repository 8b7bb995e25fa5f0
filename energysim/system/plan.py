"""A solved plan by name: what the model hands to the results."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Booking:
    """One item of cost or of another effect, over the horizon."""

    component: str
    item: str
    effect: str
    unit: str
    every: str
    """``hour``, ``day``, ``month``, ``year`` or ``end``."""
    meaning: str
    amount: float
    paid_as: str = "resource"
    """``resource``, ``tariff``, ``tax``, or ``allowance`` for the price of an emission."""


@dataclass(frozen=True)
class Finding:
    """The worst place of one check."""

    subject: str
    """What was checked, in words."""
    size: float
    """Violation in the subject's own unit."""
    relative: float
    """Violation over the size of the terms compared."""
    step: int | None = None
    """Step where it is worst."""


@dataclass(frozen=True)
class Proof:
    """A certificate computed from the plan by the rules themselves, not from the solver's word."""

    rule: Finding
    """Largest violation of a rule."""
    balance: Finding
    """Largest imbalance of a node."""
    bound: Finding
    """Largest violation of a variable's range."""
    cost: float
    """Objective by the effect formulas. [money]"""
    cost_mismatch: float
    """Relative difference between that and the solver's objective."""
    gap: float | None
    """Relative gap between cost and the certified lower bound; None where integers leave no duals."""
    supposed: int = 0
    """Columns without any limit that this bound takes at ten times their value in the plan; 0 where it is proven."""
    tolerance: float = 1e-6
    claims_optimum: bool = True
    """Whether the plan is meant to be the cheapest; one made hour by hour is not."""

    @property
    def is_feasible(self) -> bool:
        """Whether the plan keeps every rule, balance and range, whatever it costs."""
        return all(one.relative <= self.tolerance for one in (self.rule, self.balance, self.bound))

    @property
    def holds(self) -> bool:
        """Whether every check keeps the tolerance, the gap a hundred times that."""
        gap = 0.0 if self.gap is None or not self.claims_optimum else self.gap
        return self.is_feasible and self.cost_mismatch <= self.tolerance and gap <= 100 * self.tolerance


@dataclass(frozen=True)
class Plan:
    """Solved values by name."""

    hourly: Mapping[tuple[str, str], Floats]
    """Hourly variables by component and dotted name. (step,)"""
    once: Mapping[tuple[str, str], float]
    """Variables that exist once."""
    flows: Mapping[tuple[str, str], Floats]
    """Flow through every port. [MW] (step,)"""
    sizes: Mapping[tuple[str, str], tuple[float, float, str]]
    """Existing and total size with unit, by component and field."""
    losses: Mapping[str, Floats]
    """Distribution loss by network. [MW] (step,)"""
    prices: Mapping[str, Floats]
    """Marginal price by node and by network, empty without duals. [money/MWh] (step,)"""
    doubtful: Mapping[str, NDArray[np.bool_]]
    """Where another price would be as right, by the same names. (step,)"""
    level_flows: Mapping[tuple[str, str], Mapping[str, Floats]]
    """Flow through a port at each level of its network, where there are several. [MW] (step,)"""
    level_offers: Mapping[tuple[str, str], Mapping[str, Floats]]
    """What a port could give at most at each of these levels, where the plan chooses how much it takes. [MW] (step,)"""
    bookings: tuple[Booking, ...]
    measures: Mapping[tuple[str, str], tuple[float, str, str]]
    """Measured figures: value, unit, meaning, by component and name."""
    objective: float
    proof: Proof
    columns: Floats
    """All solved values in the order of the assembled program. (column,)"""
    row_duals: Floats
    """Change of the objective per unit of each row's bound; zeros without duals. (row,)"""
    solver: Mapping[str, object] = field(default_factory=dict)
    """How it was solved: method, seconds, iterations, sizes."""
    warnings: tuple[str, ...] = ()
    """What a reader should know of the numbers."""
