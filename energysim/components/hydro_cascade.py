"""Hydro cascade: a river of plants whose water reaches the next one later."""

import math
from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Annotated, Any, ClassVar, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from energysim.declare import (
    Component,
    Direction,
    Look,
    Port,
    Surroundings,
    Variable,
    derived,
    effect,
    flow,
    measure,
    rule,
)
from energysim.quantities import Bounds, Series, Unit
from energysim.traits import Availability

Discharge = Annotated[float, Unit("m3/s"), Field(ge=0)]
Inflow = Annotated[float | np.ndarray, Series("m3/s", Bounds(lower=0.0))]
Water = Annotated[float, Unit("Mm3"), Field(ge=0)]
WaterPrice = Annotated[float, Unit("money/Mm3")]

PER_HOUR = 3600e-6
"""Million cubic metres in an hour of 1 m3/s."""


class Segment(BaseModel):
    """Part of the discharge of a plant, with what it gives."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    discharge: Discharge
    """Largest discharge of this part."""
    power: Annotated[float, Unit("MW/(m3/s)"), Field(ge=0)]
    """Power for each m3/s."""


class HydroPlant(BaseModel):
    """A power station with or without a reservoir above it."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, arbitrary_types_allowed=True)

    discharge: Discharge
    """Largest discharge through the turbines."""
    head: Annotated[float, Unit("m"), Field(gt=0)] | None = None
    """Mean head, where ``power`` is not given."""
    efficiency: Annotated[float, Unit("1"), Field(gt=0, le=1)] = 0.9
    """Of turbine and generator together, with ``head``."""
    power: Annotated[float, Unit("MW/(m3/s)"), Field(gt=0)] | None = None
    """Power for each m3/s, instead of ``head``."""
    segments: tuple[Segment, ...] = ()
    """Parts of the discharge with falling power for each m3/s, instead of one figure."""
    least: Water = 0.0
    """Least water in the reservoir."""
    most: Water = 0.0
    """Most water in the reservoir; none for a run-of-river plant."""
    start: Water | None = None
    """Water before the first hour; a ring over the horizon where absent."""
    end: Water | None = None
    """Least water after the last hour; with a start and no end value, the start where absent."""
    inflow: Inflow = 0.0
    """Local inflow."""
    spill: Discharge | None = None
    """Largest spill past the turbines; without limit where absent."""
    least_flow: Discharge = 0.0
    """Least discharge and spill together, for the river below."""
    flows_to: str | None = None
    """Plant the water reaches; the sea where absent."""
    delay: Annotated[float, Unit("h"), Field(ge=0)] = 0.0
    """Time the water takes to get there."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.least > self.most:
            raise ValueError(f"least {self.least:g} Mm3 is above most {self.most:g} Mm3.")
        for word in ("start", "end"):
            value = getattr(self, word)
            if value is not None and not self.least <= value <= self.most:
                raise ValueError(f"{word} {value:g} Mm3 lies outside {self.least:g} to {self.most:g} Mm3.")
        given = [self.head is not None, self.power is not None, bool(self.segments)]
        if sum(given) != 1:
            raise ValueError("give one of 'head', 'power' and 'segments': each says what the water gives.")
        powers = [segment.power for segment in self.segments]
        if powers != sorted(powers, reverse=True):
            raise ValueError("the power of the segments must fall: the best part of the turbines runs first.")
        if self.segments and abs(sum(s.discharge for s in self.segments) - self.discharge) > 1e-6:
            raise ValueError("the discharges of the segments must add up to 'discharge'.")
        return self

    @property
    def parts(self) -> tuple[Segment, ...]:
        """Parts of the discharge, one where there are no segments."""
        if self.segments:
            return self.segments
        power = self.power if self.power is not None else 9.81e-3 * (self.head or 0.0) * self.efficiency
        return (Segment(discharge=self.discharge, power=power),)

    @property
    def largest_power(self) -> float:
        """Power at full discharge. [MW]"""
        return sum(part.discharge * part.power for part in self.parts)


class HydroCascade(Component):
    r"""Run a river: water is kept, let through turbines or spilt, and reaches the next plant later.

    .. math:: V_{i,t} = V_{i,t-1} + 3600\,\Delta t \Big[q_{i,t} + \sum_{j \to i} (u_{j,t-\tau_j} + s_{j,t-\tau_j})
              - u_{i,t} - s_{i,t}\Big],\quad P_t = \sum_i \sum_b \eta_{i,b} u_{i,b,t}

    with volume :math:`V`, discharge :math:`u`, spill :math:`s`, local inflow :math:`q` and power
    :math:`\eta = 9.81\,h\,\eta_g / 1000` in MW for each m3/s at constant head; a river plant keeps nothing [1]_. Water
    under way before the first hour is ``under_way``, on a ring what left at the end; what is under way to a
    reservoir at the end is worth ``end_value``, as is what the reservoirs hold then.

    References
    ----------
    .. [1] O. B. Fosso et al., Generation scheduling in a deregulated system: the Norwegian case, IEEE Transactions on
       Power Systems 14, 1999.
    """

    look: ClassVar[Look] = Look("#0077b6", order=9)
    example: ClassVar[str] = (
        "river: {type: hydro_cascade, to: grid, plants: {"
        "upper: {discharge: 300 m3/s, head: 100 m, least: 10 Mm3, most: 600 Mm3, start: 300 Mm3, inflow: 150 m3/s, "
        "flows_to: lower, delay: 1 h}, lower: {discharge: 350 m3/s, head: 30 m, inflow: 20 m3/s}}}"
    )

    power = Port(Direction.OUT, "electricity", "to", "Power given to the network.")

    plants: Annotated[dict[str, HydroPlant], Field(min_length=1)]
    """Plants by name."""
    availability: Availability = Availability()
    """Share of the turbines that can run."""
    end_value: WaterPrice = 0.0
    """Worth of a million cubic metres kept in reservoirs with a start, or under way to them, at the end."""
    under_way: Discharge = 0.0
    """Water already under way to each lower plant before the first hour, where the upper one has a start."""

    @model_validator(mode="after")
    def _flows_to_the_sea(self) -> Self:
        river: dict[str, set[str]] = {}
        for name, plant in self.plants.items():
            if plant.flows_to is None:
                continue
            if plant.flows_to not in self.plants:
                known = ", ".join(sorted(self.plants))
                raise ValueError(f"'{name}' flows to '{plant.flows_to}', which is no plant here. Known: {known}.")
            river[name] = {plant.flows_to}
        try:
            TopologicalSorter(river).prepare()
        except CycleError as error:
            circle = " -> ".join(reversed(error.args[1]))
            raise ValueError(f"the river runs in a circle: {circle}. Water flows down.") from None
        return self

    @model_validator(mode="after")
    def _has_an_end(self) -> Self:
        if self.end_value and not any(plant.most and plant.start is not None for plant in self.plants.values()):
            raise ValueError(
                "'end_value' speaks of what is left at the end, but no reservoir has a 'start', so the horizon is a "
                "ring. Give one a 'start', such as 300 Mm3."
            )
        return self

    def variables(self) -> Mapping[str, Variable]:
        """Discharge by part, spill, and the water in every reservoir."""
        found: dict[str, Variable] = {}
        for name, plant in self.plants.items():
            initial = None if self._is_ring(plant) else "plants"
            for number in range(len(plant.parts)):
                meaning = f"Discharge of '{name}', part {number + 1}."
                found[f"discharge_{name}_{number}"] = Variable("m3/s", meaning, initial=initial)
            found[f"spill_{name}"] = Variable("m3/s", f"Spill past '{name}'.", initial=initial)
            if plant.most:
                start = None if plant.start is None else "plants"
                meaning = f"Water above '{name}' at the end of the step."
                found[f"water_{name}"] = Variable("Mm3", meaning, lower=plant.least, upper=plant.most, initial=start)
            if self._counts_late(name):
                found[f"late_{name}"] = Variable("Mm3", f"Water under way below '{name}'.", initial="under_way")
        return found

    def _is_ring(self, plant: HydroPlant) -> bool:
        """Whether water under way at the end arrives at the beginning."""
        return plant.flows_to is None or plant.delay == 0.0 or all(p.start is None for p in self.plants.values())

    def _counts_late(self, name: str) -> bool:
        """Whether water under way below a plant is worth something: at the end, if a reservoir with a start gets it."""
        plant = self.plants[name]
        below = None if plant.flows_to is None else self.plants[plant.flows_to]
        is_kept = below is not None and below.most > 0.0 and below.start is not None
        return self.end_value != 0.0 and is_kept and not self._is_ring(plant)

    @derived("h")
    def step_length(self, given: Surroundings) -> float:
        """Length of a step, of which every delay is a multiple."""
        step = float(given.hours[0])
        for name, plant in self.plants.items():
            steps = plant.delay / step
            if abs(steps - round(steps)) > 1e-9:
                raise ValueError(
                    f"the delay below '{name}', {plant.delay:g} h, is no multiple of the step, {step:g} h."
                )
            if steps >= len(given.hours):
                raise ValueError(f"the delay below '{name}', {plant.delay:g} h, is longer than the horizon.")
        return step

    @flow("power")
    def generated(self, v: Any, t: Any) -> Any:
        """Power of all turbines."""
        terms = [
            part.power * getattr(v, f"discharge_{name}_{number}")[t]
            for name, plant in self.plants.items()
            for number, part in enumerate(plant.parts)
        ]
        return sum(terms[1:], terms[0])

    @rule
    def keeps_its_water(self, v: Any, t: Any) -> Any:
        """Every reservoir gains what comes and loses what is let through; a river plant passes all of it."""
        found = []
        for name, plant in self.plants.items():
            gained = v.numbers(plant.inflow)[t] - self._released(v, t, name)
            for upper, other in self.plants.items():
                if other.flows_to == name:
                    lag = round(other.delay / float(v.step_length[t]))
                    gained = gained + self._released(v, t - lag if lag else t, upper)
            if plant.most:
                water = getattr(v, f"water_{name}")
                found.append(water[t] == water[t - 1] + PER_HOUR * v.hours[t] * gained)
            else:
                found.append(gained == 0.0)
        return found

    @rule
    def is_under_way(self, v: Any, t: Any) -> Any:
        """Water let through is under way until it arrives."""
        found = []
        for name in self.plants:
            if self._counts_late(name):
                late, lag = getattr(v, f"late_{name}"), round(self.plants[name].delay / float(v.step_length[t]))
                gained = self._released(v, t, name) - self._released(v, t - lag, name)
                found.append(late[t] == late[t - 1] + PER_HOUR * v.hours[t] * gained)
        return found or None

    @rule
    def runs_within_its_turbines(self, v: Any, t: Any) -> Any:
        """Discharge stays within the turbines, spill within its gates, and the river below gets its least flow."""
        found = []
        for name, plant in self.plants.items():
            for number, part in enumerate(plant.parts):
                most = v.availability[t] * part.discharge
                found.append(getattr(v, f"discharge_{name}_{number}")[t] <= most)
            if plant.spill is not None:
                found.append(getattr(v, f"spill_{name}")[t] <= plant.spill)
            if plant.least_flow:
                found.append(self._released(v, t, name) >= plant.least_flow)
        return found

    @rule(every="horizon")
    def begins_as_given(self, v: Any) -> Any:
        """Reservoirs begin and end as given; water under way before the first hour is as given."""
        found: list[Any] = []
        for name, plant in self.plants.items():
            if plant.most and plant.start is not None:
                found.append(v.start(f"water_{name}") == plant.start)
                least = plant.end if plant.end is not None else None if self.end_value else plant.start
                if least is not None and not math.isclose(least, plant.least):
                    found.append(v.end(f"water_{name}") >= least)
            elif plant.most and plant.end is not None:
                found.append(v.end(f"water_{name}") >= plant.end)
            if not self._is_ring(plant):
                found.append(v.start(f"discharge_{name}_0") == self.under_way)
                others = [f"discharge_{name}_{number}" for number in range(1, len(plant.parts))]
                found += [v.start(word) == 0.0 for word in (*others, f"spill_{name}")]
            if self._counts_late(name):
                found.append(v.start(f"late_{name}") == PER_HOUR * plant.delay * self.under_way)
        return found

    @effect("cost", every="end")
    def kept_for_later(self, v: Any) -> Any:
        """Worth of the water at the end, as a negative cost."""
        ended = [
            v.end(f"water_{name}") for name, plant in self.plants.items() if plant.most and plant.start is not None
        ]
        ended += [v.end(f"late_{name}") for name in self.plants if self._counts_late(name)]
        if not self.end_value or not ended:
            return None
        return -self.end_value * sum(ended[1:], ended[0])

    @measure("MWh")
    def spilt_energy(self, v: Any, t: Any) -> Any:
        """Energy the spilt water would have given."""
        lost = [
            np.asarray(getattr(v, f"spill_{name}")[t]) * plant.parts[0].power for name, plant in self.plants.items()
        ]
        return float(np.sum(np.asarray(v.scale[t]) * np.sum(lost, axis=0)))

    def _released(self, v: Any, t: Any, name: str) -> Any:
        parts = [getattr(v, f"discharge_{name}_{number}")[t] for number in range(len(self.plants[name].parts))]
        return sum(parts, getattr(v, f"spill_{name}")[t])
