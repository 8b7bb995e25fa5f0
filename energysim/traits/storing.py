"""Storing: what every store has in common, whatever it holds."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

import numpy as np
from pydantic import Field, model_validator

from energysim.declare import (
    Component,
    Duration,
    Fee,
    Price,
    Share,
    ShareSeries,
    Surroundings,
    Variable,
    derived,
    effect,
    measure,
    rule,
)
from energysim.quantities import Unit
from energysim.traits.sizing import EnergySizing, PowerSizing

Efficiency = Annotated[float, Unit("1"), Field(gt=0, le=1)]


class Storing(Component):
    r"""Hold energy from one hour to another.

    .. math:: E_t = (1 - \sigma)^{\Delta t} E_{t-1} + \Delta t\,(\eta_c P_{c,t} - P_{d,t} / \eta_d),\quad
              0 \le E_t \le V

    with level :math:`E`, hourly standing loss :math:`\sigma`, efficiencies :math:`\eta_c, \eta_d` and volume
    :math:`V` [1]_; ``lowest`` and ``highest`` narrow the range hour by hour. The loss compounds: after 24 h at 1 % an
    hour :math:`0.99^{24} = 0.7857` is left. Without ``start`` the horizon is a ring: the hour before the first is the
    last. With it the end is no lower than the start, unless ``end`` says how full it must be or ``end_value`` what a
    MWh left is worth, :math:`-\lambda E_T` on the cost.

    References
    ----------
    .. [1] S. Hilpert et al., The Open Energy Modelling Framework (oemof), Energy Strategy Reviews 22, 2018.
    """

    level = Variable("MWh", "Energy held at the end of the step.", initial="start")
    charging = Variable("1", "Whether it is charged.", upper=1.0, is_integer=True)

    volume: EnergySizing
    """Energy a full store holds."""
    power: PowerSizing | None = None
    """Largest flow in and out."""
    discharge_power: PowerSizing | None = None
    """Largest flow out, where it is not the same as in."""
    hours_to_fill: Duration | None = None
    """Hours an empty store needs to fill at full power; the power then follows the volume."""
    charge_efficiency: Efficiency = 1.0
    """Share of what flows in that is held."""
    discharge_efficiency: Efficiency = 1.0
    """Share of what is taken from the level that flows out."""
    standing_loss: Share = 0.0
    """Share of the level lost in an hour."""
    start: Share | None = None
    """Share of the volume held before the first hour, and at least again at the end; a ring where absent."""
    end: Share | None = None
    """Least share of the volume held at the end, where it is not that of the start."""
    end_value: Price = 0.0
    """Worth of each MWh held at the end, for a store with a start; it may then end lower than it began."""
    lowest: ShareSeries = 0.0
    """Least share of the volume held at the end of each step."""
    highest: ShareSeries = 1.0
    """Largest share of the volume held at the end of each step."""
    exclusive: bool = False
    """Whether it must not be charged and discharged in the same step; a binary in every step."""
    wear: Fee = 0.0
    """Upkeep for each MWh taken out."""

    @model_validator(mode="after")
    def _has_one_power(self) -> Self:
        if self.power is not None and self.hours_to_fill is not None:
            raise ValueError("'power' and 'hours_to_fill' both limit the flow. Keep one of them.")
        if self.discharge_power is not None and self.power is None:
            raise ValueError("'discharge_power' stands beside 'power', the largest flow in. Give both.")
        return self

    @model_validator(mode="after")
    def _has_room(self) -> Self:
        lowest, highest = np.broadcast_arrays(self.lowest, self.highest)
        if np.any(lowest > highest):
            step = int(np.argmax(lowest > highest))
            raise ValueError(
                f"lowest {lowest.flat[step]:g} is above highest {highest.flat[step]:g}: no level fits between. "
                "Lower the one or raise the other."
            )
        if self.end_value and self.start is None:
            raise ValueError(
                "'end_value' speaks of what is left at the end, but without 'start' the horizon is a ring. "
                "Give a 'start', such as 50 %."
            )
        return self

    @model_validator(mode="after")
    def _has_a_largest_power(self) -> Self:
        if self.exclusive and None in (self._largest_power(), self._largest_power(discharging=True)):
            raise ValueError(
                "'exclusive' needs a largest power: give 'power' or 'hours_to_fill', and a 'max' where it is decided."
            )
        return self

    def variables(self) -> Mapping[str, Variable]:
        """A binary only where charging and discharging exclude each other."""
        found = dict(super().variables())
        if not self.exclusive:
            del found["charging"]
        return found

    @derived("1")
    def kept(self, given: Surroundings) -> Any:
        """Share of the level still there at the end of the step."""
        return (1.0 - self.standing_loss) ** given.hours

    @rule
    def carry_over(self, v: Any, t: Any) -> Any:
        """The level is what was kept, plus what flowed in, less what flowed out."""
        gained = self.charge_efficiency * v.charge[t] - v.discharge[t] / self.discharge_efficiency
        return v.level[t] == v.kept[t] * v.level[t - 1] + v.hours[t] * gained

    @rule
    def within_volume(self, v: Any, t: Any) -> Any:
        """The store holds no more than its volume, or the part of it allowed."""
        if np.all(np.asarray(self.highest) == 1.0):
            return v.level[t] <= v.volume
        return v.level[t] <= v.highest[t] * v.volume

    @rule
    def above_lowest(self, v: Any, t: Any) -> Any:
        """The store holds at least the part of its volume that has to stay."""
        return v.level[t] >= v.lowest[t] * v.volume if np.any(self.lowest) else None

    @rule
    def charge_within_power(self, v: Any, t: Any) -> Any:
        """It fills no faster than its power."""
        limit = self._limit(v)
        return None if limit is None else v.charge[t] <= limit

    @rule
    def discharge_within_power(self, v: Any, t: Any) -> Any:
        """It empties no faster than its power."""
        limit = self._limit(v) if self.discharge_power is None else v.discharge_power
        return None if limit is None else v.discharge[t] <= limit

    @rule
    def charges_or_discharges(self, v: Any, t: Any) -> Any:
        """It is either charged or discharged."""
        if not self.exclusive:
            return None
        most, out = self._largest_power(), self._largest_power(discharging=True)
        return [v.charge[t] <= most * v.charging[t], v.discharge[t] <= out * (1.0 - v.charging[t])]

    @rule(every="horizon")
    def starts_as_given(self, v: Any) -> Any:
        """The level before the first hour is the given share of the volume."""
        return None if self.start is None else v.start("level") == self.start * v.volume

    @rule(every="horizon")
    def ends_no_lower(self, v: Any) -> Any:
        """The level at the end is no lower than at the start, or than asked for."""
        if self.end is not None:
            return v.end("level") >= self.end * v.volume if self.end else None
        return None if self.start is None or self.end_value else v.end("level") >= v.start("level")

    @effect("cost", every="end")
    def left_at_the_end(self, v: Any) -> Any:
        """Worth of what is left at the end, as a negative cost."""
        return -self.end_value * v.end("level") if self.end_value else None

    @effect("cost")
    def worn(self, v: Any, t: Any) -> Any:
        """Upkeep of what is taken out."""
        return self.wear * v.discharge[t] if self.wear else None

    @measure("1")
    def cycles(self, v: Any, t: Any) -> Any:
        """How often the volume was taken out over the horizon."""
        volume = float(v.volume)
        return float((v.hours[t] * v.weight[t] * v.discharge[t]).sum()) / volume if volume > 0 else 0.0

    @measure("h")
    def hours_both_ways(self, v: Any, t: Any) -> Any:
        """Hours of charging and discharging at once: a plan that burns energy, as negative prices may pay for."""
        both = (np.asarray(v.charge[t]) > 1e-6) & (np.asarray(v.discharge[t]) > 1e-6)
        hours = float(np.sum(np.asarray(v.scale[t]) * both))
        return hours or None

    def _largest_power(self, *, discharging: bool = False) -> float | None:
        """Largest power it can ever have, None where there is no end to it."""
        if discharging and self.discharge_power is not None:
            return self.discharge_power.limit
        size = self.power if self.power is not None else None if self.hours_to_fill is None else self.volume
        if size is None:
            return None
        if size.limit is None or self.power is not None:
            return size.limit
        return size.limit / float(self.hours_to_fill or 1.0)

    def _limit(self, v: Any) -> Any:
        if self.power is not None:
            return v.power
        return None if self.hours_to_fill is None else v.volume * (1.0 / self.hours_to_fill)
