"""Stratified tank: a hot-water tank known by its measures."""

from typing import Annotated, Any, ClassVar, Self

import numpy as np
from pydantic import Field, model_validator

from energysim.declare import (
    Component,
    Direction,
    Look,
    Port,
    Power,
    Price,
    Share,
    Span,
    Surroundings,
    Temperature,
    Variable,
    derived,
    effect,
    measure,
    rule,
)
from energysim.quantities import Unit
from energysim.traits.tank import Tank

Metre = Annotated[float, Unit("m"), Field(gt=0)]


class StratifiedTank(Component):
    r"""Keep hot water over cold in a standing cylinder.

    .. math:: E_t = E_{t-1} + \Delta t\,(c_t - d_t - \beta E_{t-1} - \gamma E_N - \delta),\quad
              0 \le E_t \le \nu E_N

    with content :math:`E_N` and losses from the measures, see :class:`energysim.traits.tank.Tank` [1]_, the outdoor
    temperature of each hour, and the usable share :math:`\nu`, as the layer between hot and cold takes room. It is
    charged with heat as hot as it keeps. An empty tank loses too, so some heat is always put in.

    References
    ----------
    .. [1] J. Röder et al., oemof.thermal: stratified thermal storage, 2020.
    """

    look: ClassVar[Look] = Look("#9e4a34", order=69)
    example: ClassVar[str] = (
        "accumulator: {type: stratified_tank, network: town_heat, diameter: 30 m, height: 44 m, hot: 80 degC, "
        "cold: 45 degC, power: 60 MW, at: here}"
    )

    charge = Port(Direction.IN, "heat", "network", "Heat taken from the network.")
    discharge = Port(Direction.OUT, "heat", "network", "Heat given to the network.")

    level = Variable("MWh", "Heat held at the end of the step.", initial="start")

    diameter: Metre
    """Inner diameter."""
    height: Metre
    """Height of the water."""
    transmittance: Annotated[float, Unit("W/m2/K"), Field(gt=0)] = 0.25
    """Heat the wall loses for each square metre and kelvin."""
    hot: Temperature
    """Temperature of the water on top."""
    cold: Temperature
    """Temperature of the water below."""
    usable: Annotated[float, Unit("1"), Field(gt=0, le=1)] = 0.93
    """Share of the content that can be used."""
    power: Power
    """Largest flow in and out."""
    start: Share | None = None
    """Share of the usable content held before the first hour, and at least again at the end; a ring where absent."""
    wear: Price = 0.0
    """Cost of each MWh taken out."""

    @model_validator(mode="after")
    def _is_layered(self) -> Self:
        if self.hot <= self.cold:
            raise ValueError(f"hot {self.hot:g} degC must be above cold {self.cold:g} degC: hot water floats on cold.")
        return self

    @property
    def tank(self) -> Tank:
        """The cylinder, at an outdoor temperature of 0 degC."""
        return Tank(self.diameter, self.height, self.transmittance, self.hot, self.cold)

    @property
    def content(self) -> float:
        """Heat that can be used of a full tank. [MWh]"""
        return self.usable * self.tank.content

    def span(self, port: str, given: Surroundings) -> Span | None:
        """It is filled with water as hot as it keeps, and gives that water back."""
        del port, given
        return Span(self.hot, self.cold)

    @derived("1")
    def kept(self, given: Surroundings) -> Any:
        """Share of the heat still there at the end of the step."""
        return np.exp(-self.tank.loss_of_level * given.hours)

    @derived("MW")
    def standing(self, given: Surroundings) -> Any:
        """Loss of the tank whatever it holds, at the outdoor temperature of the hour."""
        tank, outdoor = self.tank, given.outdoor
        of_content = tank.loss_of_level * (self.cold - outdoor) / (self.hot - self.cold) * tank.content
        area = np.pi * self.diameter**2 / 4.0
        return of_content + self.transmittance * area * (self.hot + self.cold - 2.0 * outdoor) * 1e-6

    @rule
    def carry_over(self, v: Any, t: Any) -> Any:
        """The level is what was kept, plus what flowed in, less what flowed out and what the tank loses."""
        return v.level[t] == v.kept[t] * v.level[t - 1] + v.hours[t] * (v.charge[t] - v.discharge[t] - v.standing[t])

    @rule
    def within_content(self, v: Any, t: Any) -> Any:
        """The tank holds no more than can be used."""
        return v.level[t] <= self.content

    @rule
    def within_power(self, v: Any, t: Any) -> Any:
        """It fills and empties no faster than its power."""
        return [v.charge[t] <= self.power, v.discharge[t] <= self.power]

    @rule(every="horizon")
    def starts_as_given(self, v: Any) -> Any:
        """It starts with the given share, and ends with no less."""
        if self.start is None:
            return None
        return [v.start("level") == self.start * self.content, v.end("level") >= v.start("level")]

    @effect("cost")
    def worn(self, v: Any, t: Any) -> Any:
        """Cost of what is taken out."""
        return self.wear * v.discharge[t] if self.wear else None

    @measure("MWh")
    def lost(self, v: Any, t: Any) -> Any:
        """Heat lost over the horizon."""
        lost = np.asarray(v.charge[t]) - np.asarray(v.discharge[t])
        return float(np.sum(np.asarray(v.scale[t]) * lost))

    @measure("1")
    def cycles(self, v: Any, t: Any) -> Any:
        """How often the content was taken out over the horizon."""
        return float((v.scale[t] * v.discharge[t]).sum()) / self.content
