"""On and off: a plant that runs above a minimum load or not at all."""

import math
from collections.abc import Callable, Mapping
from typing import Annotated, Any, ClassVar, Self

import numpy as np
from pydantic import Field, model_validator

from energysim.declare import Component, Duration, Power, Share, Surroundings, Trait, Variable, derived, effect, rule
from energysim.quantities import Unit
from energysim.traits.sizing import PowerSizing, Rate, RateSizing, Sizing

Money = Annotated[float, Unit("money"), Field(ge=0)]
MoneyPerHour = Annotated[float, Unit("money/h"), Field(ge=0)]


class OnOff(Trait):
    r"""Run between a minimum load and the size, or stand still.

    With :math:`u_t` the units on, :math:`s_t` those started and :math:`d_t` those stopped in a step, and
    :math:`c_t` the size of what is on,

    .. math:: m\,c_t \le x_t \le a_t c_t,\quad u_t - u_{t-1} = s_t - d_t,\quad
              \sum_{k < U} s_{t-k} \le u_t,\quad \sum_{k < D} d_{t-k} \le N - u_t

    where :math:`U` and :math:`D` are the least times on and off in steps [1]_. One unit of known size :math:`K` has
    :math:`c_t = K u_t`; a size that is decided is linked exactly, :math:`c_t \le \bar K u_t`, :math:`c_t \le K`,
    :math:`c_t \ge K - \bar K (1 - u_t)` [2]_; units of equal size have :math:`c_t = k u_t` with whole numbers.

    References
    ----------
    .. [1] D. Rajan, S. Takriti, Minimum up/down polytopes of the unit commitment problem with start-up costs, IBM
       Research Report RC23628, 2005.
    .. [2] G. P. McCormick, Computability of global solutions to factorable nonconvex programs, Mathematical
       Programming 10, 1976.
    """

    size_of_units: ClassVar[type[Sizing]] = PowerSizing
    """Kind of size that ``unit`` is one of."""

    on = Variable("1", "Units that are on.", is_integer=True, initial="running_before")
    committed = Variable("MW", "Size of the units that are on.")
    started = Variable("1", "Units started in the step.", initial="running_before")
    stopped = Variable("1", "Units stopped in the step.", initial="running_before")
    count = Variable("1", "Number of units.", per="horizon", is_integer=True)

    minimum_load: Share = 0.0
    """Least output of what is on, as a share of its size."""
    min_up: Duration | None = None
    """Least time on after a start."""
    min_down: Duration | None = None
    """Least time off after a stop."""
    start_cost: Money = 0.0
    """Cost of each start of a unit."""
    stop_cost: Money = 0.0
    """Cost of each stop of a unit."""
    running_cost: MoneyPerHour = 0.0
    """Cost of each hour a unit is on, whatever its load."""
    start_ramp: Share = 1.0
    """Largest output in the step of the start, as a share of the size."""
    stop_ramp: Share = 1.0
    """Largest output in the last step before a stop, as a share of the size."""
    unit: Power | None = None
    """Size of one of several equal units; a decided size is then a whole number of them."""
    running_before: bool | None = None
    """Whether it runs before the first hour; where absent the horizon is a ring."""
    time_before: Duration | None = None
    """How long it has been on, or off, before the first hour; so long that it is free to change where absent."""
    most_starts: Annotated[int, Field(ge=0)] | None = None
    """Most starts over the horizon."""

    @model_validator(mode="after")
    def _can_start(self) -> Self:
        for word in ("start_ramp", "stop_ramp"):
            if getattr(self, word) < self.minimum_load:
                raise ValueError(
                    f"{word} {getattr(self, word):g} is below minimum_load {self.minimum_load:g}: it could never "
                    f"{word.split('_')[0]}. Raise {word} or lower minimum_load."
                )
        if self.time_before is not None and self.running_before is None:
            raise ValueError("'time_before' is how long it has been as 'running_before' says. Give that too.")
        least = "min_up" if self.running_before else "min_down"
        if self.time_before is not None and getattr(self, least) is None:
            raise ValueError(
                f"'time_before' says how much of the least time is over, and there is no '{least}'. Give that too, or "
                "leave 'time_before' out."
            )
        if self.unit == 0.0:
            raise ValueError("'unit' is 0. Give the size of one unit, or leave it out.")
        return self

    def fits(self, component: Component, names: Mapping[str, str]) -> None:
        """Refuse a size that cannot be linked to whole units."""
        size = getattr(component, names["capacity"])
        if not isinstance(size, Sizing):
            raise ValueError("switching on and off needs a 'capacity'.")
        if self.unit is not None and size.unit != self.size_of_units.unit:
            counted = "a number of plants" if size.unit == "1" else f"in {size.unit}"
            raise ValueError(f"'unit' is a size in {self.size_of_units.unit}, the capacity is {counted}. Leave it out.")
        if self.unit is not None and not size.is_decision:
            units = size.existing / self.unit
            if abs(units - round(units)) > 1e-9 or round(units) < 1:
                raise ValueError(
                    f"a capacity of {size.existing:g} {size.unit} is no whole number of units of {self.unit:g} "
                    f"{size.unit}. "
                    "Change the capacity or the unit."
                )
        if self.unit is None and size.is_decision and size.max is None:
            raise ValueError(
                "the size of a plant that switches on and off needs an upper end to be linked to. "
                "Give its capacity a 'max', or build it of whole units with 'unit'."
            )
        if self.unit is None and size.is_decision and (self.start_ramp < 1.0 or self.stop_ramp < 1.0):
            raise ValueError("'start_ramp' and 'stop_ramp' need a known size, or whole units with 'unit'.")

    def variables(self) -> Mapping[str, Variable]:
        """Starts and stops only where something depends on them, a number of units only where there are several."""
        found = dict(super().variables())
        if self.unit is None:
            del found["count"]
            found["on"] = Variable("1", "Whether it is on.", upper=1.0, is_integer=True, initial="running_before")
        if not self.counts_starts:
            del found["started"], found["stopped"]
        return found

    @property
    def counts_starts(self) -> bool:
        """Whether starts and stops matter."""
        costs = self.start_cost > 0.0 or self.stop_cost > 0.0 or self.most_starts is not None
        times = self.min_up is not None or self.min_down is not None
        # Of several units only counted starts tell how many may jump to their minimum load, whatever the ramp.
        jumps = self.unit is not None and self.minimum_load > 0.0
        return costs or times or jumps or self.start_ramp < 1.0 or self.stop_ramp < 1.0

    @derived("1")
    def steps_up(self, given: Surroundings) -> float:
        """Least time on, in steps."""
        return _steps("min_up", self.min_up, given)

    @derived("1")
    def steps_down(self, given: Surroundings) -> float:
        """Least time off, in steps."""
        return _steps("min_down", self.min_down, given)

    @derived("1")
    def is_held(self, given: Surroundings) -> Any:
        """Whether what it was before the first hour still holds it there, as its least time is not over; 1 or 0."""
        least = self.min_up if self.running_before else self.min_down
        if self.time_before is None or least is None:
            return 0.0
        begins = np.cumsum(given.hours) - given.hours
        return (begins < least - self.time_before - 1e-9).astype(float)

    @derived("1")
    def has_before(self, given: Surroundings) -> Any:
        """Whether the output a step earlier is known: not before the first hour, unless the horizon is a ring."""
        return 1.0 if self.running_before is None else np.r_[0.0, np.ones(len(given.hours) - 1)]

    @rule
    def commits_its_size(self, v: Any, t: Any) -> Any:
        """What is committed is the size of what is on."""
        if self.unit is not None:
            return [v.committed[t] == self.unit * v.on[t], v.on[t] <= v.count]
        size = v.sizing("capacity")
        if not size.is_decision:
            return v.committed[t] == size.existing * v.on[t]
        return [
            v.committed[t] <= size.max * v.on[t],
            v.committed[t] <= v.capacity,
            v.committed[t] >= v.capacity - size.max * (1.0 - v.on[t]),
        ]

    @rule(every="horizon")
    def counts_units(self, v: Any) -> Any:
        """The size is a whole number of units."""
        return None if self.unit is None else v.capacity == self.unit * v.count

    @rule
    def above_minimum(self, v: Any, t: Any) -> Any:
        """What is on gives at least its minimum load."""
        return v.flow[t] >= self.minimum_load * v.committed[t] if self.minimum_load else None

    @rule
    def below_size(self, v: Any, t: Any) -> Any:
        """What is off gives nothing, what is on no more than its available size."""
        return v.flow[t] <= v.availability[t] * v.committed[t]

    @rule
    def switches(self, v: Any, t: Any) -> Any:
        """Starts and stops change what is on."""
        return v.on[t] - v.on[t - 1] == v.started[t] - v.stopped[t] if self.counts_starts else None

    @rule
    def stays_on(self, v: Any, t: Any) -> Any:
        """Units started within the least time on are still on."""
        if not self.counts_starts:
            return None
        recent = [v.started[t - back] if back else v.started[t] for back in range(int(v.steps_up[t]))]
        return sum(recent[1:], recent[0]) <= v.on[t]

    @rule
    def stays_off(self, v: Any, t: Any) -> Any:
        """Units stopped within the least time off are still off."""
        if not self.counts_starts:
            return None
        recent = [v.stopped[t - back] if back else v.stopped[t] for back in range(int(v.steps_down[t]))]
        units = 1.0 if self.unit is None else v.count
        return sum(recent[1:], recent[0]) <= units - v.on[t]

    @rule
    def stays_as_before(self, v: Any, t: Any) -> Any:
        """Until its least time is over, it stays as it was before the first hour."""
        if self.time_before is None:
            return None
        units = 1.0 if self.unit is None else v.count
        return v.is_held[t] * (units - v.on[t] if self.running_before else v.on[t]) <= 0.0

    @rule
    def starts_slowly(self, v: Any, t: Any) -> Any:
        """In the step of its start a unit gives no more than the start ramp allows."""
        if self.start_ramp == 1.0:
            return None
        return v.flow[t] <= v.committed[t] - (1.0 - self.start_ramp) * self._size(v) * v.started[t]

    @rule
    def stops_slowly(self, v: Any, t: Any) -> Any:
        """In the last step before its stop a unit gives no more than the stop ramp allows."""
        if self.stop_ramp == 1.0:
            return None
        most = v.committed[t - 1] - (1.0 - self.stop_ramp) * self._size(v) * v.stopped[t]
        return v.has_before[t] * (v.flow[t - 1] - most) <= 0.0

    @rule(every="horizon")
    def begins_as_given(self, v: Any) -> Any:
        """Before the first hour it is as given, and nothing has just been started or stopped."""
        if self.running_before is None:
            return None
        units = 1.0 if self.unit is None else v.count
        begun = v.start("on") == units if self.running_before else v.start("on") == 0.0
        rest = [v.start("started") == 0.0, v.start("stopped") == 0.0] if self.counts_starts else []
        return [begun, *rest]

    @rule(every="horizon")
    def starts_seldom(self, v: Any) -> Any:
        """No more starts than allowed."""
        return None if self.most_starts is None else v.total(lambda t: v.started[t]) <= self.most_starts

    @effect("cost")
    def starting(self, v: Any, t: Any) -> Any:
        """Cost of starts and stops."""
        if not self.start_cost and not self.stop_cost:
            return None
        return (self.start_cost * v.started[t] + self.stop_cost * v.stopped[t]) / v.hours[t]

    @effect("cost")
    def running(self, v: Any, t: Any) -> Any:
        """Cost of being on."""
        return self.running_cost * v.on[t] if self.running_cost else None

    def rise_at_start(self, v: Any) -> Any:
        """Output that starting units may reach at once, whatever the ramp; by the hour. [MW]"""
        if self.counts_starts:
            return _ByHour(lambda t: self.start_ramp * self._reach(v) * v.started[t])
        # A plant of one unit that was off may rise; only one with a minimum load has to jump.
        return _ByHour(lambda t: self._reach(v) * (1.0 - v.on[t - 1]) if self.minimum_load else 0.0)

    def fall_at_stop(self, v: Any) -> Any:
        """Output that stopping units may leave at once, whatever the ramp; by the hour. [MW]"""
        if self.counts_starts:
            return _ByHour(lambda t: self.stop_ramp * self._reach(v) * v.stopped[t])
        return _ByHour(lambda t: self._reach(v) * (1.0 - v.on[t]) if self.minimum_load else 0.0)

    def _reach(self, v: Any) -> float:
        """Largest output of a unit."""
        size = v.sizing("capacity")
        return float(size.most) if self.unit is None and size.is_decision else self._size(v)

    def _size(self, v: Any) -> float:
        return self.unit if self.unit is not None else float(v.sizing("capacity").existing)


class RateOnOff(OnOff):
    """The same for a plant whose size is a rate: its units are counted in tonnes per hour."""

    size_of_units: ClassVar[type[Sizing]] = RateSizing

    committed = Variable("t/h", "Size of the units that are on.")

    unit: Rate | None = None  # type: ignore[assignment]
    """Size of one of several equal units; a decided size is then a whole number of them."""


class _ByHour:
    """A formula indexed by the hour like a variable."""

    __slots__ = ("formula",)

    def __init__(self, formula: Callable[[Any], Any]) -> None:
        self.formula = formula

    def __getitem__(self, t: Any) -> Any:
        return self.formula(t)


def _steps(word: str, duration: float | None, given: Surroundings) -> float:
    """Bring a duration to whole steps, one at least."""
    step, count = float(given.hours[0]), len(given.hours)
    if duration is None:
        return 1.0
    steps = max(1, math.ceil(duration / step - 1e-9))
    if steps >= count:
        raise ValueError(
            f"{word} {duration:g} h is as long as the horizon of {count * step:g} h. "
            "Shorten it or lengthen the horizon."
        )
    return float(steps)
