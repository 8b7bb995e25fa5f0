"""Sizing: a size is a number in one scenario and an investment decision in the next."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Self

import numpy as np
from pydantic import Field, ValidationInfo, model_validator

from energysim.declare import Energy, Lifetime, Power, Share, Trait, Variable, effect, rule
from energysim.quantities import Unit

Money = Annotated[float, Unit("money"), Field(ge=0)]
Mass = Annotated[float, Unit("t"), Field(ge=0)]
Rate = Annotated[float, Unit("t/h"), Field(ge=0)]
Space = Annotated[float, Unit("m3"), Field(ge=0)]
Number = Annotated[float, Unit("1"), Field(ge=0)]


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
    r"""A size: what exists, and what may be built on top at a yearly cost.

    A plain quantity is an existing size. With ``investment`` the optimiser builds between ``min`` and ``max``
    (both meant for the total size); the investment is paid as an annuity over ``lifetime``, and fixed operation
    and maintenance on the total size [1]_. With ``fixed_investment`` or ``smallest`` building is a yes or no,
    :math:`b \le \bar b\,y,\ b \ge \underline b\,y`, so that the first MW pays for trench and crane; with ``module`` a
    whole number is built; with ``sizes`` one of a list, such as pipe diameters: :math:`b = \sum_d s_d y_d,\
    \sum_d y_d \le 1` [2]_.

    References
    ----------
    .. [1] L. Blank and A. Tarquin, Engineering Economy, 8th ed., McGraw-Hill, 2018, ch. 2 and 6.
    .. [2] H. P. Williams, Model Building in Mathematical Programming, 5th ed., Wiley, 2013, ch. 9.
    """

    unit: ClassVar[str]
    is_size: ClassVar[bool] = True

    built = Variable("1", "Size built on top of what exists.", per="horizon")
    chosen = Variable("1", "Whether anything is built.", upper=1.0, per="horizon", is_integer=True)
    modules = Variable("1", "Number of modules built.", per="horizon", is_integer=True)

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
    """The same as a share of the price of what is built, each year; what exists counts at the price of a unit."""
    fixed_investment: Money | None = None
    """Price of building at all, whatever the size; makes building a yes or no."""
    smallest: Any = None
    """Smallest size worth building, if any is built."""
    module: Any = None
    """Size of one module; what is built is a whole number of them."""
    sizes: Any = ()
    """Sizes on offer, each with its price: one of them is built or none."""
    lifetime: Lifetime | None = None
    """Years until replacement; needed with an investment."""
    discount_rate: Share | None = None
    """Yearly rate, where it is not the scenario's."""

    @model_validator(mode="before")
    @classmethod
    def _plain_size(cls, data: Any, info: ValidationInfo) -> Any:
        if data == {} and info.context is not None:
            raise ValueError("it says nothing. Give a size, or what may be built with 'max', 'investment', 'lifetime'.")
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
            raise ValueError(
                f"existing {self.existing:g} {self.unit} is above max {self.max:g} {self.unit}. "
                "Raise max, which counts what exists too."
            )
        if self.sizes and (self.investment is not None or self.module or self.is_yes_or_no):
            raise ValueError("'sizes' carry their own prices: leave out investment, fixed_investment and module.")
        if self.is_yes_or_no and self.max is None:
            raise ValueError(
                "'fixed_investment' and 'smallest' need a 'max': a yes or no is linked to the largest size."
            )
        if self.is_decision and self.investment is None and not self.sizes:
            raise ValueError("a size to be decided needs 'investment' (0 is allowed) and 'lifetime'.")
        if self.fixed_om_share and self.investment is None and not self.sizes:
            raise ValueError(
                "'fixed_om_share' is a share of the investment, and there is none. Give 'investment', or 'fixed_om'."
            )
        if self.is_decision and self.lifetime is None:
            raise ValueError("'lifetime' is missing: an investment is paid over its lifetime, such as 25 a.")
        return self

    @property
    def is_decision(self) -> bool:
        """Whether the optimiser decides the size."""
        wanted = self.investment is not None or self.max is not None or self.min > 0.0
        return wanted or bool(self.sizes) or self.fixed_investment is not None

    @property
    def most(self) -> float:
        """Largest size it can have; infinite where nothing limits it."""
        if not self.is_decision:
            return float(self.existing)
        offered = [float(size) for size, _ in self.sizes]
        if offered:
            return float(self.existing) + max(offered)
        return float(np.inf if self.max is None else self.max)

    @property
    def limit(self) -> float | None:
        """The same, None where nothing limits it."""
        return self.most if np.isfinite(self.most) else None

    def value(self, v: Any) -> Any:
        """Total size: a number, or what exists plus what is built."""
        return self.existing + v.built if self.is_decision else self.existing

    def variables(self) -> Mapping[str, Variable]:
        """What is built, where that is a decision, and the whole numbers that this takes."""
        if not self.is_decision:
            return {}
        every = super().variables()
        found = {"built": every["built"]}
        if self.is_yes_or_no:
            found["chosen"] = every["chosen"]
        if self.module:
            found["modules"] = every["modules"]
        for number, (size, _) in enumerate(self.sizes):
            meaning = f"Whether {size:g} {self.unit} is built."
            found[f"option{number}"] = Variable("1", meaning, upper=1.0, per="horizon", is_integer=True)
        return found

    @property
    def is_yes_or_no(self) -> bool:
        """Whether building at all is a decision of its own."""
        return self.is_decision and (self.fixed_investment is not None or bool(self.smallest))

    def presence(self, v: Any) -> Any:
        """Whether anything stands: 1, 0, or the variable that decides it."""
        if self.is_decision and not self.existing:
            if self.sizes:
                return sum(getattr(v, f"option{number}") for number in range(len(self.sizes)))
            return v.chosen if self.is_yes_or_no else 1.0
        return 1.0 if self.existing else 0.0

    @rule(every="horizon")
    def no_smaller(self, v: Any) -> Any:
        """The total size is at least the smallest allowed."""
        return v.built >= self.min - self.existing if self.is_decision and self.min > self.existing else None

    @rule(every="horizon")
    def no_larger(self, v: Any) -> Any:
        """The total size is at most the largest allowed."""
        return v.built <= self.max - self.existing if self.is_decision and self.max is not None else None

    @rule(every="horizon")
    def builds_if_chosen(self, v: Any) -> Any:
        """Nothing is built without the decision to build, and then at least the smallest size."""
        if not self.is_yes_or_no:
            return None
        return [v.built <= (self.max - self.existing) * v.chosen, v.built >= (self.smallest or 0.0) * v.chosen]

    @rule(every="horizon")
    def builds_whole_modules(self, v: Any) -> Any:
        """What is built is a whole number of modules."""
        return v.built == self.module * v.modules if self.module and self.is_decision else None

    @rule(every="horizon")
    def builds_one_of_the_sizes(self, v: Any) -> Any:
        """One of the sizes on offer is built, or none."""
        if not self.sizes:
            return None
        options = [getattr(v, f"option{number}") for number in range(len(self.sizes))]
        built = sum(size * option for (size, _), option in zip(self.sizes, options, strict=True))
        return [v.built == built, sum(options[1:], options[0]) <= 1.0]

    @effect("cost", every="year")
    def capital(self, v: Any) -> Any:
        """Annuity of what is built."""
        if not self.is_decision or self.lifetime is None:
            return None
        rate = v.discount_rate if self.discount_rate is None else self.discount_rate
        return annuity(rate, self.lifetime) * self._price(v)

    @effect("cost", every="year")
    def upkeep(self, v: Any) -> Any:
        """Fixed operation and maintenance of the total size."""
        terms = [self.fixed_om * self.value(v)] if self.fixed_om else []
        if self.fixed_om_share:
            # What exists costs as much upkeep as if it were bought at the price of a unit.
            terms.append(self.fixed_om_share * ((self.investment or 0.0) * self.existing + self._price(v)))
        return sum(terms[1:], terms[0]) if terms else None

    def _price(self, v: Any) -> Any:
        """Price of what is built, by the unit, for building at all, and of the size chosen. [money]"""
        price = (self.investment or 0.0) * v.built
        if self.fixed_investment is not None:
            price = price + self.fixed_investment * v.chosen
        for number, (_, cost) in enumerate(self.sizes):
            price = price + cost * getattr(v, f"option{number}")
        return price


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
    smallest: Power | None = None
    """Smallest power worth building, if any is built."""
    module: Power | None = None
    """Power of one module; what is built is a whole number of them."""
    sizes: tuple[tuple[Power, Money], ...] = ()
    """Powers on offer, each with its price: one of them is built or none."""


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
    smallest: Energy | None = None
    """Smallest energy content worth building, if any is built."""
    module: Energy | None = None
    """Energy content of one module; what is built is a whole number of them."""
    sizes: tuple[tuple[Energy, Money], ...] = ()
    """Energy contents on offer, each with its price: one of them is built or none."""


class MassSizing(Sizing):
    """A size in tonnes."""

    unit: ClassVar[str] = "t"

    existing: Mass = 0.0
    """Mass that can be held already, its investment paid."""
    min: Mass = 0.0
    """Smallest total mass."""
    max: Mass | None = None
    """Largest total mass; unlimited where absent."""
    investment: Annotated[float, Unit("money/t"), Field(ge=0)] | None = None
    """Price of holding one tonne; makes the mass a decision."""
    fixed_om: Annotated[float, Unit("money/t/a"), Field(ge=0)] = 0.0
    """Yearly operation and maintenance per tonne."""
    smallest: Mass | None = None
    """Smallest mass worth building for, if any is built."""
    module: Mass | None = None
    """Mass of one module; what is built is a whole number of them."""
    sizes: tuple[tuple[Mass, Money], ...] = ()
    """Masses on offer, each with its price: one of them is built or none."""


class RateSizing(Sizing):
    """A size in tonnes per hour."""

    unit: ClassVar[str] = "t/h"

    existing: Rate = 0.0
    """Production rate that stands already, its investment paid."""
    min: Rate = 0.0
    """Smallest total rate."""
    max: Rate | None = None
    """Largest total rate; unlimited where absent."""
    investment: Annotated[float, Unit("money/(t/h)"), Field(ge=0)] | None = None
    """Price of one tonne per hour; makes the rate a decision."""
    fixed_om: Annotated[float, Unit("money/(t/h)/a"), Field(ge=0)] = 0.0
    """Yearly operation and maintenance per tonne per hour."""
    smallest: Rate | None = None
    """Smallest rate worth building, if any is built."""
    module: Rate | None = None
    """Rate of one module; what is built is a whole number of them."""
    sizes: tuple[tuple[Rate, Money], ...] = ()
    """Rates on offer, each with its price: one of them is built or none."""


class SpaceSizing(Sizing):
    """A size in cubic metres."""

    unit: ClassVar[str] = "m3"

    existing: Space = 0.0
    """Space that stands already, its investment paid."""
    min: Space = 0.0
    """Smallest total space."""
    max: Space | None = None
    """Largest total space; unlimited where absent."""
    investment: Annotated[float, Unit("money/m3"), Field(ge=0)] | None = None
    """Price of one cubic metre; makes the space a decision."""
    fixed_om: Annotated[float, Unit("money/m3/a"), Field(ge=0)] = 0.0
    """Yearly operation and maintenance per cubic metre."""
    smallest: Space | None = None
    """Smallest space worth building, if any is built."""
    module: Space | None = None
    """Space of one module; what is built is a whole number of them."""
    sizes: tuple[tuple[Space, Money], ...] = ()
    """Spaces on offer, each with its price: one of them is built or none."""


class CountSizing(Sizing):
    """A number of equal plants."""

    unit: ClassVar[str] = "1"

    existing: Number = 0.0
    """Plants that stand already, their investment paid."""
    min: Number = 0.0
    """Least plants in all."""
    max: Number | None = None
    """Most plants in all; unlimited where absent."""
    investment: Money | None = None
    """Price of one plant; makes their number a decision."""
    fixed_om: Annotated[float, Unit("money/a"), Field(ge=0)] = 0.0
    """Yearly operation and maintenance per plant."""
    smallest: Number | None = None
    """Least plants worth building, if any is built; parts of a plant are smaller plants of its kind."""
    module: Number | None = None
    """1 where only whole plants are built."""
    sizes: tuple[tuple[Number, Money], ...] = ()
    """Numbers of plants on offer, each with its price: one of them is built or none."""
