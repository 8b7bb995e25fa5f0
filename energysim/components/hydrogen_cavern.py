"""Hydrogen cavern: gas under pressure in rock."""

from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator

from energysim.declare import (
    NO_GAS,
    Component,
    Direction,
    Look,
    Port,
    Share,
    Temperature,
    Variable,
    effect,
    flow,
    measure,
    rule,
)
from energysim.quantities import Unit
from energysim.traits import PowerSizing, SpaceSizing, annuity
from energysim.traits.hydrogen import LHV, compression_work, cushion_gas, working_gas

Pressure = Annotated[float, Unit("bar"), Field(gt=0)]


class HydrogenCavern(Component):
    r"""Keep hydrogen in a lined rock or salt cavern between two pressures.

    Working gas :math:`E = V\,(\rho(\bar p) - \rho(\underline p))\,h_u` with the density after Lemmon [1]_; the
    cushion :math:`V \rho(\underline p)` stays and is paid for once. Charging takes the power of compression from the
    supply pressure to the highest, in cooled stages (see :mod:`energysim.traits.hydrogen`).

    .. math:: B_t = B_{t-1} + \Delta t\,(c_t - d_t),\quad 0 \le B_t \le E

    References
    ----------
    .. [1] E. W. Lemmon, M. L. Huber, J. W. Leachman, Journal of Research of NIST 113, 2008.
    .. [2] HYBRIT, pilot of lined rock cavern storage in Svartöberget, final report, 2024 (100 m3, 250 bar).
    """

    look: ClassVar[Look] = Look("#468faf", order=76)
    example: ClassVar[str] = (
        "cavern: {type: hydrogen_cavern, network: hydrogen, power: grid, space: 100 000 m3, lowest: 20 bar, "
        "highest: 200 bar, rate: 300 MW}"
    )

    charge = Port(Direction.IN, None, "network", "Hydrogen put in.", refuses=NO_GAS)
    discharge = Port(Direction.OUT, None, "network", "Hydrogen taken out.", refuses=NO_GAS)
    compression = Port(Direction.IN, "electricity", "power", "Power of the compressors.", is_optional=True)

    stored = Variable("MWh", "Working gas held at the end of the step, by lower heating value.", initial="start")

    space: SpaceSizing
    """Volume of the cavern."""
    lowest: Pressure = 20.0
    """Pressure that must stay."""
    highest: Pressure
    """Pressure of the full cavern."""
    rock: Temperature = 20.0
    """Temperature of the gas."""
    supplied_at: Pressure = 30.0
    """Pressure at which hydrogen comes."""
    rate: PowerSizing
    """Largest flow in and out, by lower heating value."""
    start: Share | None = None
    """Share of the working gas held before the first hour, and at least again at the end; a ring where absent."""
    cushion_price: Annotated[float, Unit("money/MWh"), Field(ge=0)] = 0.0
    """Price of the cushion gas, paid over the lifetime of the cavern that is built."""

    @model_validator(mode="after")
    def _has_a_range(self) -> Self:
        if self.highest <= self.lowest:
            raise ValueError(f"highest {self.highest:g} bar must be above lowest {self.lowest:g} bar.")
        if self.highest > 700.0:
            raise ValueError(f"highest {self.highest:g} bar is beyond what the density formula holds for, 700 bar.")
        if not self.space.is_decision and self.space.existing == 0.0:
            raise ValueError("space 0 m3 holds nothing. Give the cavern a volume, or let its size be decided.")
        if self.cushion_price and not self.space.is_decision:
            raise ValueError(
                "'cushion_price' is paid for a cavern to be built; the gas of one that stands is there. Give 'space' "
                "an 'investment', or leave the price out."
            )
        return self

    @property
    def held_by_a_metre(self) -> float:
        """Working gas of a full cubic metre. [MWh/m3]"""
        return working_gas(1.0, self.lowest, self.highest, self.rock)

    @property
    def work(self) -> float:
        """Power of compression over hydrogen put in."""
        if self.highest <= self.supplied_at:
            return 0.0
        return compression_work(self.supplied_at, self.highest, temperature=self.rock) / LHV

    @flow("compression")
    def compressed(self, v: Any, t: Any) -> Any:
        """The compressors work on what is put in."""
        return self.work * v.charge[t]

    @rule
    def carry_over(self, v: Any, t: Any) -> Any:
        """What is held is what was, plus what was put in, less what was taken out."""
        return v.stored[t] == v.stored[t - 1] + v.hours[t] * (v.charge[t] - v.discharge[t])

    @rule
    def within_pressure(self, v: Any, t: Any) -> Any:
        """The pressure stays below its highest."""
        return v.stored[t] <= self.held_by_a_metre * v.space

    @rule
    def within_rate(self, v: Any, t: Any) -> Any:
        """It fills and empties no faster than its wells allow."""
        return [v.charge[t] <= v.rate, v.discharge[t] <= v.rate]

    @rule(every="horizon")
    def starts_as_given(self, v: Any) -> Any:
        """It starts with the given share, and ends with no less."""
        if self.start is None:
            return None
        full = self.held_by_a_metre * v.space
        return [v.start("stored") == self.start * full, v.end("stored") >= v.start("stored")]

    @effect("cost", every="year")
    def cushion(self, v: Any) -> Any:
        """Annuity of the cushion gas of what is built."""
        if not self.cushion_price:
            return None
        rate = v.discount_rate if self.space.discount_rate is None else self.space.discount_rate
        price = self.cushion_price * cushion_gas(1.0, self.lowest, self.rock)
        return price * annuity(rate, self.space.lifetime or 1.0) * (v.space - self.space.existing)

    @measure("MWh")
    def working_content(self, v: Any, t: Any) -> float:
        """Working gas of the full cavern."""
        return self.held_by_a_metre * float(v.space)
