"""Stratified tank: a hot-water tank known by its measures."""

from typing import Annotated, Any, ClassVar, Self

import numpy as np
from pydantic import Field, model_validator

from energysim.declare import (
    Component,
    Direction,
    Fee,
    Look,
    Port,
    Power,
    Share,
    Span,
    Surroundings,
    TemperatureSeries,
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

    .. math:: E_t = e^{-\beta \Delta t} E_{t-1} + \Delta t\,(c_t - d_t - \gamma E_N - \delta),\quad
              0 \le E_t \le \nu E_N

    with content :math:`E_N` and losses from the measures, see :class:`energysim.traits.tank.Tank` [1]_, the outdoor
    temperature of each hour, and the usable share :math:`\nu`, as the layer between hot and cold takes room. It is
    charged with heat as hot as it keeps. Where ``hot`` and ``cold`` are left to the network they slide with its supply
    and return, and so does what the tank can hold: it must be emptied in time before the supply falls. An empty tank
    loses too, so some heat is always put in.

    References
    ----------
    .. [1] J. Röder et al., oemof.thermal: stratified thermal storage, 2020.
    """

    look: ClassVar[Look] = Look("#5e3a8c", order=69)
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
    hot: TemperatureSeries | None = None
    """Temperature of the water on top; the network's supply where absent."""
    cold: TemperatureSeries | None = None
    """Temperature of the water below; the network's return where absent."""
    usable: Annotated[float, Unit("1"), Field(gt=0, le=1)] = 0.93
    """Share of the content that can be used."""
    power: Power
    """Largest flow in and out."""
    start: Share | None = None
    """Share of the usable content held before the first hour, and at least again at the end; a ring where absent."""
    wear: Fee = 0.0
    """Cost of each MWh taken out."""

    @model_validator(mode="after")
    def _is_layered(self) -> Self:
        if self.hot is None or self.cold is None:
            return self
        hot, cold = np.broadcast_arrays(self.hot, self.cold)
        if np.any(hot <= cold):
            step = int(np.argmax(hot <= cold))
            raise ValueError(
                f"hot {hot.flat[step]:g} degC must be above cold {cold.flat[step]:g} degC: hot water floats on cold."
            )
        return self

    def tank(self, given: Surroundings) -> Tank:
        """The cylinder at the temperatures of every hour."""
        hot, cold = self._temperatures(given.network("charge"))
        return Tank(self.diameter, self.height, self.transmittance, hot, cold, given.outdoor)

    def _temperatures(self, network: Any) -> tuple[Any, Any]:
        hot = network.supply if self.hot is None else self.hot
        cold = network.returned if self.cold is None else self.cold
        if hot is None or cold is None:
            raise ValueError(
                f"'{self.name}' needs the temperatures of its water. Give it 'hot' and 'cold', or its "
                "network 'supply' and 'return'."
            )
        if np.any(np.asarray(hot) <= np.asarray(cold)):
            raise ValueError(
                f"'{self.name}' keeps water on top that is not hotter than that below in every hour. "
                "Change 'hot' or 'cold'."
            )
        return hot, cold

    def span(self, port: str, given: Surroundings) -> Span | None:
        """It is filled with water as hot as it keeps, and gives that water back."""
        return Span(*self._temperatures(given.network(port)))

    @derived("1")
    def kept(self, given: Surroundings) -> Any:
        """Share of the heat still there at the end of the step."""
        return np.exp(-self.tank(given).loss_of_level * given.hours)

    @derived("MWh")
    def content(self, given: Surroundings) -> Any:
        """Heat that can be used of a full tank."""
        return self.usable * self.tank(given).content

    @derived("MWh")
    def content_at_first(self, given: Surroundings) -> float:
        """The same in the first step."""
        return float(np.ravel(self.content.formula(self, given))[0])

    @derived("MWh")
    def content_at_last(self, given: Surroundings) -> float:
        """The same in the last step."""
        return float(np.ravel(self.content.formula(self, given))[-1])

    @derived("MW")
    def standing(self, given: Surroundings) -> Any:
        """Loss of the tank whatever it holds, at the outdoor temperature of the hour."""
        tank = self.tank(given)
        return tank.loss_of_content * tank.content + tank.loss_of_ends

    @rule
    def carry_over(self, v: Any, t: Any) -> Any:
        """The level is what was kept, plus what flowed in, less what flowed out and what the tank loses."""
        return v.level[t] == v.kept[t] * v.level[t - 1] + v.hours[t] * (v.charge[t] - v.discharge[t] - v.standing[t])

    @rule
    def within_content(self, v: Any, t: Any) -> Any:
        """The tank holds no more than can be used."""
        return v.level[t] <= v.content[t]

    @rule
    def within_power(self, v: Any, t: Any) -> Any:
        """It fills and empties no faster than its power."""
        return [v.charge[t] <= self.power, v.discharge[t] <= self.power]

    @rule(every="horizon")
    def starts_as_given(self, v: Any) -> Any:
        """It starts with the given share of what it can hold, and ends with no less of it."""
        if self.start is None:
            return None
        ends = v.end("level") >= self.start * v.content_at_last[0]
        return [v.start("level") == self.start * v.content_at_first[0], ends]

    @effect("cost")
    def worn(self, v: Any, t: Any) -> Any:
        """Cost of what is taken out."""
        return self.wear * v.discharge[t] if self.wear else None

    @measure("MWh")
    def lost(self, v: Any, t: Any) -> Any:
        """Heat lost over the horizon, beside what is still held at its end."""
        lost = (1.0 - np.asarray(v.kept[t])) * np.asarray(v.level[t - 1]) / np.asarray(v.hours[t])
        return float(np.sum(np.asarray(v.scale[t]) * (lost + np.asarray(v.standing[t]))))

    @measure("1")
    def cycles(self, v: Any, t: Any) -> Any:
        """How often the content was taken out over the horizon."""
        return float((v.scale[t] * v.discharge[t]).sum()) / float(np.max(v.content[t]))
