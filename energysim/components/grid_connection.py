"""Grid connection: what a Swedish customer pays the grid for, hour, month and year."""

from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from energysim.declare import (
    Array,
    Component,
    Direction,
    Look,
    Port,
    Price,
    PriceSeries,
    Surroundings,
    Variable,
    derived,
    effect,
    flow,
    measure,
    rule,
)
from energysim.quantities import Unit
from energysim.traits import Availability, PowerSizing

PowerFee = Annotated[float, Unit("money/MW/month"), Field(ge=0)]
Month = Annotated[int, Field(ge=1, le=12)]
Hour = Annotated[int, Field(ge=0, le=24)]


class Window(BaseModel):
    """Hours in which the grid is loaded most."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    months: tuple[Month, ...] = (11, 12, 1, 2, 3)
    """Months by number."""
    weekdays: tuple[Annotated[int, Field(ge=1, le=7)], ...] = (1, 2, 3, 4, 5)
    """Days by number, 1 for Monday."""
    hours: tuple[Hour, Hour] = (6, 22)
    """First hour and the hour it ends, local time."""

    def holds(self, calendar: Any) -> Array:
        """Whether each step lies in the window, 1 or 0. (step,)"""
        first, end = self.hours
        hour = calendar.local_hour
        in_day = (hour >= first) & (hour < end) if first < end else (hour >= first) | (hour < end)
        days = np.isin(calendar.weekday + 1, self.weekdays)
        return (in_day & days & np.isin(calendar.month, self.months)).astype(float)


class GridConnection(Component):
    r"""Draw power from an outer network and pay the grid for the energy and for the peaks.

    In each month :math:`m` the peak :math:`\hat p_m \ge p_t`, in the high-load window :math:`\hat h_m \ge p_t`, and
    the overuse :math:`o_m \ge p_t - S` above the subscribed power :math:`S`; the cost is
    :math:`\sum_m (c_p \hat p_m + c_h \hat h_m + c_o o_m + c_f) + c_S S` and a fee and tax on each MWh. Where the mean
    of the :math:`k` highest hours or days counts, :math:`k\,\eta_m + \sum_i (p_i - \eta_m)^+` is :math:`k` times that
    mean at its least over :math:`\eta_m` [1]_ [2]_; where a month has fewer of them in the horizon all count. Of a
    month's fees a horizon carries the share of the month it covers. Power fed in earns ``feed_in``.

    References
    ----------
    .. [1] Energimarknadsinspektionen, EIFS 2022:1, power-based grid tariffs.
    .. [2] W. Ogryczak, A. Tamir, Minimizing the sum of the k largest functions in linear time, Information Processing
       Letters 85, 2003.
    """

    look: ClassVar[Look] = Look("#4a6fa5", order=31)
    example: ClassVar[str] = (
        "connection: {type: grid_connection, from: region_grid, to: plant_grid, capacity: 60 MW, "
        "peak_fee: 1900 EUR/MW/month, high_load_fee: 5900 EUR/MW/month, energy_fee: 3.5 EUR/MWh, tax: 3 EUR/MWh}"
    )

    outer = Port(Direction.IN, "electricity", "from", "Power drawn from the outer network.")
    drawn = Port(Direction.OUT, "electricity", "to", "Power given to the customer's network.")
    fed_in = Port(Direction.IN, "electricity", "to", "Power the customer feeds in.")
    exported = Port(Direction.OUT, "electricity", "from", "Power given to the outer network.")

    peak = Variable("MW", "Peak of the month that is paid for.", per="month")
    high_peak = Variable("MW", "Peak of the month in the high-load window.", per="month")
    overuse = Variable("MW", "Power above the subscription, of the month.", per="month")
    threshold = Variable("MW", "Level the highest values of the month exceed.", per="month")
    day_above = Variable("MW", "How far the day's peak exceeds the threshold.", per="day")
    hour_above = Variable("MW", "How far the hour exceeds the threshold.")
    drawing = Variable("1", "Whether power is drawn, not fed in.", upper=1.0, is_integer=True)

    capacity: PowerSizing | None = None
    """Largest power drawn; unlimited where absent."""
    feed_in_limit: PowerSizing | None = None
    """Largest power fed in; unlimited where absent."""
    energy_fee: PriceSeries = 0.0
    """Fee on each MWh drawn."""
    tax: Price = 0.0
    """Energy tax on each MWh drawn; in a scenario also by ``tax_class``, from the catalogue."""
    feed_in: PriceSeries = 0.0
    """Earned for each MWh fed in, beside what the outer network pays."""
    fixed_fee: Annotated[float, Unit("money/month"), Field(ge=0)] = 0.0
    """Fee of each month."""
    peak_fee: PowerFee = 0.0
    """Fee on the peak of each month."""
    highest: Annotated[int, Field(ge=1, le=31)] = 1
    """Number of highest values whose mean is the peak."""
    highest_of: Literal["hours", "days"] = "days"
    """Whether the highest values are hours, or peaks of different days."""
    high_load_fee: PowerFee = 0.0
    """Further fee on the peak of each month within the window."""
    window: Window = Window()
    """When the load of the grid is high."""
    subscribed: PowerSizing | None = None
    """Subscribed power, given or decided."""
    subscription_fee: Annotated[float, Unit("money/MW/a"), Field(ge=0)] = 0.0
    """Yearly fee on the subscribed power."""
    overuse_fee: PowerFee = 0.0
    """Fee on the power above the subscription, in each month; above it nothing is drawn where absent."""
    availability: Availability = Availability()
    """Share of the connection that can be used."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.connections.get("outer") is not None and self.connections["outer"] == self.connections.get("drawn"):
            raise ValueError(f"it joins '{self.connections['outer']}' with itself. Name two networks.")
        if self.subscribed is None and (self.subscription_fee or self.overuse_fee):
            raise ValueError("'subscription_fee' and 'overuse_fee' go with 'subscribed', the power subscribed to.")
        self.availability.refuse_without(self.capacity, self.feed_in_limit)
        if self._needs_direction and None in self._limits:
            raise ValueError(
                "'feed_in' is above the energy fee and tax, so power sent round in a circle would earn. To keep it to "
                "one way at a time give 'capacity' and 'feed_in_limit', each with a 'max' where it is decided."
            )
        return self

    def variables(self) -> dict[str, Variable]:
        """Only what is paid for."""
        every = dict(super().variables())
        wanted = {
            "peak": self.peak_fee and self.highest == 1,
            "high_peak": self.high_load_fee,
            "overuse": self.subscribed is not None and self.overuse_fee,
            "threshold": self._counts_highest,
            "day_above": self._counts_highest and self.highest_of == "days",
            "hour_above": self._counts_highest and self.highest_of == "hours",
            "drawing": self._needs_direction,
        }
        return {name: word for name, word in every.items() if wanted[name]}

    @property
    def _limits(self) -> tuple[float | None, float | None]:
        """Largest power drawn and fed in, None where there is no end to it."""
        drawn, fed_in = self.capacity, self.feed_in_limit
        return None if drawn is None else drawn.limit, None if fed_in is None else fed_in.limit

    @property
    def _needs_direction(self) -> bool:
        """Whether sending power round in a circle would earn."""
        return bool(np.any(np.asarray(self.feed_in) > np.asarray(self.energy_fee) + self.tax))

    @property
    def _counts_highest(self) -> bool:
        return self.peak_fee > 0.0 and self.highest > 1

    @derived("1")
    def is_high(self, given: Surroundings) -> Any:
        """Whether the hour lies in the high-load window."""
        return self.window.holds(given.calendar) if self.high_load_fee else 0.0

    @derived("1")
    def counted(self, given: Surroundings) -> Any:
        """Number of highest values whose mean is the peak of the month: no more than the horizon has of it."""
        if not self._counts_highest:
            return float(self.highest)
        calendar = given.calendar
        begins = np.r_[True, np.diff(calendar.day_of_year) != 0] | (self.highest_of == "hours")
        month = np.cumsum(np.r_[0, np.diff(calendar.month) != 0])
        return np.minimum(self.highest, np.bincount(month, begins))[month]

    @flow("outer")
    def passes(self, v: Any, t: Any) -> Any:
        """What is drawn passes the connection."""
        return v.drawn[t]

    @flow("exported")
    def passes_back(self, v: Any, t: Any) -> Any:
        """What is fed in passes the connection."""
        return v.fed_in[t]

    @rule
    def within_capacity(self, v: Any, t: Any) -> Any:
        """The power stays within the connection, drawn and fed in."""
        drawn = None if self.capacity is None else v.drawn[t] <= v.availability[t] * v.capacity
        fed_in = None if self.feed_in_limit is None else v.fed_in[t] <= v.availability[t] * v.feed_in_limit
        return [drawn, fed_in]

    @rule
    def draws_or_feeds_in(self, v: Any, t: Any) -> Any:
        """Where feeding in earns more than drawing costs, power goes one way at a time."""
        if not self._needs_direction:
            return None
        drawn, fed_in = self._limits
        return [v.drawn[t] <= drawn * v.drawing[t], v.fed_in[t] <= fed_in * (1.0 - v.drawing[t])]

    @rule
    def peaks(self, v: Any, t: Any) -> Any:
        """The month's peak is no lower than any hour."""
        if not self.peak_fee:
            return None
        if not self._counts_highest:
            return v.peak[t] >= v.drawn[t]
        above = v.day_above[t] if self.highest_of == "days" else v.hour_above[t]
        return above >= v.drawn[t] - v.threshold[t]

    @rule
    def peaks_in_window(self, v: Any, t: Any) -> Any:
        """The peak of high load is no lower than any hour in the window."""
        return v.high_peak[t] >= v.is_high[t] * v.drawn[t] if self.high_load_fee else None

    @rule
    def within_subscription(self, v: Any, t: Any) -> Any:
        """Above the subscription power is overuse, or cannot be drawn."""
        if self.subscribed is None:
            return None
        return v.drawn[t] <= v.subscribed + v.overuse[t] if self.overuse_fee else v.drawn[t] <= v.subscribed

    @effect("cost", every="month", paid_as="tariff")
    def power_fees(self, v: Any, t: Any) -> Any:
        """Fees of the month on peaks, overuse, and as such."""
        fees: Any = self.fixed_fee
        if self._counts_highest:
            fees = fees + self.peak_fee * v.threshold[t]
        elif self.peak_fee:
            fees = fees + self.peak_fee * v.peak[t]
        if self.high_load_fee:
            fees = fees + self.high_load_fee * v.high_peak[t]
        if self.subscribed is not None and self.overuse_fee:
            fees = fees + self.overuse_fee * v.overuse[t]
        return fees if self._has_month_fees else None

    @effect("cost", every="day", paid_as="tariff")
    def highest_days(self, v: Any, t: Any) -> Any:
        """Share of the peak fee for days above the threshold."""
        if not self._counts_highest or self.highest_of != "days":
            return None
        # The peak is the month's, so its fee is charged by the share of the month, not of the day.
        return self.peak_fee * v.day_above[t] * v.month_share[t] / (v.day_share[t] * v.counted[t])

    @effect("cost", paid_as="tariff")
    def highest_hours(self, v: Any, t: Any) -> Any:
        """Share of the peak fee for hours above the threshold."""
        if not self._counts_highest or self.highest_of != "hours":
            return None
        # The fee is the month's, so not by the length of the hour but by the share of the month.
        return self.peak_fee * v.hour_above[t] * v.month_share[t] / (v.scale[t] * v.counted[t])

    @effect("cost", every="year", paid_as="tariff")
    def subscription(self, v: Any) -> Any:
        """Yearly fee on the subscribed power."""
        return self.subscription_fee * v.subscribed if self.subscription_fee else None

    @effect("cost", paid_as="tariff")
    def transfer(self, v: Any, t: Any) -> Any:
        """Energy fee on what is drawn."""
        return v.energy_fee[t] * v.drawn[t]

    @effect("cost", paid_as="tax")
    def energy_tax(self, v: Any, t: Any) -> Any:
        """Tax on what is drawn."""
        return self.tax * v.drawn[t] if self.tax else None

    @effect("cost")
    def compensation(self, v: Any, t: Any) -> Any:
        """Earned for power fed in, as a negative cost."""
        return -v.feed_in[t] * v.fed_in[t]

    @measure("MW")
    def peak_drawn(self, v: Any, t: Any) -> Any:
        """Largest power drawn in any step."""
        return float(np.max(np.asarray(v.drawn[t])))

    @property
    def _has_month_fees(self) -> bool:
        return any(
            (self.fixed_fee, self.peak_fee, self.high_load_fee, self.subscribed is not None and self.overuse_fee)
        )
