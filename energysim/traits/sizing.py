"""Sizing: a size is a number in one scenario and an investment decision in the next."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator

from energysim.declare import Energy, Lifetime, Power, Share, Trait, Variable, effect, rule
from energysim.quantities import Unit


def annuity(rate: float, lifetime: float) -> float:
    r"""Give the yearly payment for one unit of money invested.

    Parameters
    ----------
    rate : float
        Discount rate, zero allowed. [1/a]
    lifetime : float
        Years until replacement, more than zero. [a]

    Returns
    -------
    factor : float
        :math:`i / (1 - (1 + i)^{-n})`, and :math:`1/n` when :math:`i = 0` [1]_. [1/a]

    References
    ----------
    .. [1] L. Blank and A. Tarquin, Engineering Economy, 8th ed., McGraw-Hill, 2018, ch. 2.

    Examples
    --------
    >>> round(annuity(0.05, 25), 10)
    0.0709524573
    """
    if rate == 0.0:
        return 1.0 / lifetime
    return rate / (1.0 - (1.0 + rate) ** -lifetime)


class Sizing(Trait):
    """A size: what exists, and what may be built on top at a yearly cost.

    A plain quantity is an existing size. With ``investment`` the optimiser builds between ``min`` and ``max``
    (both meant for the total size); the investment is paid as an annuity over ``lifetime``, and fixed operation
    and maintenance on the total size [1]_.

    References
    ----------
    .. [1] L. Blank and A. Tarquin, Engineering Economy, 8th ed., McGraw-Hill, 2018, ch. 2 and 6.
    """

    unit: ClassVar[str]

    built = Variable("1", "Size built on top of what exists.", per="horizon")

    existing: Any = 0.0
    """Size that stands already, its investment paid."""
    min: Any = 0.0
    """Smallest total size."""
    max: Any = None
    """Largest total size; unlimited where absent."""
    investment: Any = None
    """Price of one unit of size; makes the size a decision."""
    fixed_om: Any = 0.0
    """Yearly operation and maintenance per unit of size."""
    fixed_om_share: Share = 0.0
    """The same as a share of the investment, each year."""
    lifetime: Lifetime | None = None
    """Years until replacement; needed with an investment."""
    discount_rate: Share | None = None
    """Yearly rate, where it is not the scenario's."""

    @model_validator(mode="before")
    @classmethod
    def _plain_size(cls, data: Any) -> Any:
        if data is None or isinstance(data, Mapping | Sizing):
            return data
        return {"existing": data}

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if self.max is not None and self.min > self.max:
            raise ValueError(
                f"min {self.min:g} {self.unit} is above max {self.max:g} {self.unit}. Raise max or lower min."
            )
        if self.max is not None and self.existing > self.max:
            raise ValueError(f"existing {self.existing:g} {self.unit} is above max {self.max:g} {self.unit}.")
        if self.is_decision and self.investment is None:
            raise ValueError("a size to be decided needs 'investment' (0 is allowed) and 'lifetime'.")
        if self.is_decision and self.lifetime is None:
            raise ValueError("'lifetime' is missing: an investment is paid over its lifetime, such as 25 a.")
        return self

    @property
    def is_decision(self) -> bool:
        """Whether the optimiser decides the size."""
        return self.investment is not None or self.max is not None or self.min > 0.0

    def value(self, v: Any) -> Any:
        """Total size: a number, or what exists plus what is built."""
        return self.existing + v.built if self.is_decision else self.existing

    def variables(self) -> Mapping[str, Variable]:
        """What is built, where that is a decision."""
        return super().variables() if self.is_decision else {}

    @rule(every="horizon")
    def no_smaller(self, v: Any) -> Any:
        """The total size is at least the smallest allowed."""
        return v.built >= self.min - self.existing if self.is_decision and self.min > self.existing else None

    @rule(every="horizon")
    def no_larger(self, v: Any) -> Any:
        """The total size is at most the largest allowed."""
        return v.built <= self.max - self.existing if self.is_decision and self.max is not None else None

    @effect("cost", every="year")
    def capital(self, v: Any) -> Any:
        """Annuity of the size built."""
        if not self.is_decision or self.lifetime is None:
            return None
        rate = v.discount_rate if self.discount_rate is None else self.discount_rate
        return self.investment * annuity(rate, self.lifetime) * v.built

    @effect("cost", every="year")
    def upkeep(self, v: Any) -> Any:
        """Fixed operation and maintenance of the total size."""
        rate = self.fixed_om + self.fixed_om_share * (self.investment or 0.0)
        return rate * self.value(v) if rate else None


class PowerSizing(Sizing):
    """A size in MW."""

    unit: ClassVar[str] = "MW"

    existing: Power = 0.0
    """Power that stands already, its investment paid."""
    min: Power = 0.0
    """Smallest total power."""
    max: Power | None = None
    """Largest total power; unlimited where absent."""
    investment: Annotated[float, Unit("money/MW"), Field(ge=0)] | None = None
    """Price of one MW; makes the power a decision."""
    fixed_om: Annotated[float, Unit("money/MW/a"), Field(ge=0)] = 0.0
    """Yearly operation and maintenance per MW."""


class EnergySizing(Sizing):
    """A size in MWh."""

    unit: ClassVar[str] = "MWh"

    existing: Energy = 0.0
    """Energy content that stands already, its investment paid."""
    min: Energy = 0.0
    """Smallest total energy content."""
    max: Energy | None = None
    """Largest total energy content; unlimited where absent."""
    investment: Annotated[float, Unit("money/MWh"), Field(ge=0)] | None = None
    """Price of one MWh; makes the energy content a decision."""
    fixed_om: Annotated[float, Unit("money/MWh/a"), Field(ge=0)] = 0.0
    """Yearly operation and maintenance per MWh."""
