"""Plant given by its operating points: any convex region of power and heat, or several of them."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from energysim.declare import (
    Direction,
    Look,
    On,
    Port,
    Power,
    Surroundings,
    Variable,
    effect,
    flow,
    measure,
    rule,
)
from energysim.quantities import Unit
from energysim.traits import Availability, Combustion, CountSizing, OnOff
from energysim.traits.heating import Heating

MOST_VERTICES = 12
"""More points than this draw a curve, not a region."""


class Point(BaseModel):
    """An operating point of the whole plant."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    power: Power = 0.0
    """Power given."""
    heat: Power = 0.0
    """Heat given."""
    fuel: Power = 0.0
    """Fuel burnt, by lower heating value."""
    cost: Annotated[float, Unit("money/h")] = 0.0
    """Cost of an hour at this point beside the fuel."""


class ChpRegion(Heating):
    r"""Run anywhere between given operating points.

    With weights :math:`a_{v,t}` of the points :math:`v`,

    .. math:: P_t = \sum_v a_{v,t} P_v,\quad Q_t = \sum_v a_{v,t} Q_v,\quad F_t = \sum_v a_{v,t} F_v,\quad
              \sum_v a_{v,t} = u_t

    with :math:`u_t = 1`, or whether the plant is on [1]_; times the number of plants, where they are several or their
    number is decided. A region that is not convex is given as several ``modes``, each convex, of which one runs at a
    time. Many points make a curved cost piecewise linear. A plant whose points include standstill needs no switching;
    its minimum load is where its points begin.

    References
    ----------
    .. [1] R. Lahdelma, H. Hakonen, An efficient linear programming algorithm for combined heat and power production,
       European Journal of Operational Research 148, 2003.
    """

    look: ClassVar[Look] = Look("#9c6b3f", order=16)
    example: ClassVar[str] = (
        "bio_plant: {type: chp_region, fuel: wood_chips, to: town_heat, power: grid, modes: {all: ["
        "{power: 0 MW, heat: 0 MW, fuel: 0 MW}, {power: 30 MW, heat: 0 MW, fuel: 80 MW}, "
        "{power: 24 MW, heat: 50 MW, fuel: 85 MW}]}}"
    )

    fuel = Port(Direction.IN, "fuel", "fuel", "Fuel burnt, by lower heating value.", is_optional=True)
    heat = Port(Direction.OUT, "heat", "to", "Heat given to the network.", is_optional=True)
    power = Port(Direction.OUT, "electricity", "power", "Power given to the network.", is_optional=True)

    activity = Variable("1", "Plants running, all points together.")

    modes: Annotated[dict[str, tuple[Point, ...]], Field(min_length=1)]
    """Operating points of each mode; between the points of one mode every point can be run."""
    availability: Availability = Availability()
    """Share of the points' size that can run."""
    capacity: CountSizing = CountSizing(existing=1.0)
    """Number of such plants; a part of one runs the points on a smaller scale."""
    switching: Annotated[OnOff | None, On(flow="activity", capacity="capacity", availability="availability")] = None
    """Whether it can be off, giving and burning nothing, where the points do not include standstill: true, or with
    least times on and off and start costs."""
    emissions: Annotated[Combustion, On(flow="fuel")] = Combustion()
    """Carbon dioxide of the fuel."""

    @field_validator("switching", mode="before")
    @classmethod
    def _plainly_switches(cls, given: Any) -> Any:
        return {True: OnOff(), False: None}[given] if isinstance(given, bool) else given

    @model_validator(mode="after")
    def _can_choose(self) -> Self:
        if self.switching is not None and self.switching.minimum_load:
            raise ValueError(
                "'minimum_load' is where the operating points begin. Leave it out, and correct the points if need be."
            )
        if self.switching is not None and min(self.switching.start_ramp, self.switching.stop_ramp) < 1.0:
            raise ValueError(
                "'start_ramp' and 'stop_ramp' limit an output, and here what is on runs its points in full: it could "
                "never start. Leave them out."
            )
        if len(self.modes) > 1 and self._most is None:
            raise ValueError("a choice of modes needs an upper end to be linked to. Give its capacity a 'max'.")
        return self

    @property
    def _most(self) -> float | None:
        """Most plants there can be, None where there is no end to it."""
        return self.capacity.limit

    @model_validator(mode="after")
    def _has_regions(self) -> Self:
        for name, points in self.modes.items():
            if "." in name or "@" in name:
                raise ValueError(f"a mode cannot be called '{name}': '.' and '@' part names of ours. Rename the mode.")
            if not points:
                raise ValueError(f"mode '{name}' has no points. An operating region needs at least one.")
            worst = max(points, key=lambda point: point.power + point.heat - 1.2 * point.fuel)
            has_fuel = any(point.fuel for point in points)
            if has_fuel and worst.power + worst.heat > 1.2 * worst.fuel + 1e-9:
                raise ValueError(
                    f"mode '{name}': the point of {worst.power:g} MW power and {worst.heat:g} MW heat gives more than "
                    f"1.2 of its fuel of {worst.fuel:g} MW. Correct the fuel or the outputs."
                )
        if "fuel" in self.connections and not any(point.fuel for points in self.modes.values() for point in points):
            raise ValueError("a fuel is connected, but no point burns any. Give the points 'fuel'.")
        return self

    def warnings(self, given: Surroundings) -> list[str]:
        """Points inside the region of the others: as vertices they mean a region that is not convex."""
        del given
        found = []
        for name, points in self.modes.items():
            corners = _hull([(point.power, point.heat) for point in points])
            inside = [p for p in points if (p.power, p.heat) not in corners]
            if inside and not any(point.cost for point in points) and len(points) <= MOST_VERTICES:
                found.append(
                    f"mode '{name}': {inside[0].power:g} MW power and {inside[0].heat:g} MW heat lie inside the region "
                    "of its other points, which is run as a whole. If the real region is not convex, split it in modes."
                )
        return found

    def variables(self) -> Mapping[str, Variable]:
        """A weight for every point, and a binary for each mode where there is a choice."""
        weights = {
            f"at_{mode}_{number}": Variable("1", f"Weight of point {number + 1} of mode '{mode}'.")
            for mode, points in self.modes.items()
            for number in range(len(points))
        }
        if self.switching is not None:
            weights["activity"] = super().variables()["activity"]
        if len(self.modes) == 1:
            return weights
        return weights | {
            f"in_{mode}": Variable("1", f"Whether mode '{mode}' runs.", upper=1.0, is_integer=True)
            for mode in self.modes
        }

    @flow("power")
    def generated(self, v: Any, t: Any) -> Any:
        """Power of the weighted points."""
        return self._weighted(v, t, "power")

    @flow("heat")
    def heated(self, v: Any, t: Any) -> Any:
        """Heat of the weighted points."""
        return self._weighted(v, t, "heat")

    @flow("fuel")
    def burnt(self, v: Any, t: Any) -> Any:
        """Fuel of the weighted points."""
        return self._weighted(v, t, "fuel")

    @rule
    def runs_its_modes(self, v: Any, t: Any) -> Any:
        """The weights of all points add up to the plants that are on, as far as they are available."""
        sums = [self._sum(v, t, mode) for mode in self.modes]
        together = sum(sums[1:], sums[0])
        if self.switching is None:
            return together == v.availability[t] * v.size_on[t]
        return [together == v.activity[t], v.activity[t] >= v.availability[t] * v.size_on[t]]

    @rule
    def runs_one_mode(self, v: Any, t: Any) -> Any:
        """One mode runs at a time; the points of the others have no weight."""
        if len(self.modes) == 1:
            return None
        chosen = {mode: getattr(v, f"in_{mode}")[t] for mode in self.modes}
        held = [self._sum(v, t, mode) <= self._most * running for mode, running in chosen.items()]
        running = list(chosen.values())
        return [*held, sum(running[1:], running[0]) <= 1.0]

    @effect("cost")
    def operation(self, v: Any, t: Any) -> Any:
        """Cost of the weighted points beside the fuel."""
        return self._weighted(v, t, "cost") if any(p.cost for ps in self.modes.values() for p in ps) else None

    @measure("MWh")
    def power_given(self, v: Any, t: Any) -> Any:
        """Power over the horizon."""
        return float((v.scale[t] * self._weighted(v, t, "power")).sum())

    def _weighted(self, v: Any, t: Any, what: str) -> Any:
        terms = [
            getattr(point, what) * getattr(v, f"at_{mode}_{number}")[t]
            for mode, points in self.modes.items()
            for number, point in enumerate(points)
        ]
        return sum(terms[1:], terms[0])

    def _sum(self, v: Any, t: Any, mode: str) -> Any:
        weights = [getattr(v, f"at_{mode}_{number}")[t] for number in range(len(self.modes[mode]))]
        return sum(weights[1:], weights[0])


def _hull(points: Sequence[tuple[float, float]]) -> set[tuple[float, float]]:
    """Find the corners of the smallest convex region round points, by a monotone chain."""
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return set(ordered)
    corners: set[tuple[float, float]] = set()
    for way in (ordered, ordered[::-1]):
        chain: list[tuple[float, float]] = []
        for x, y in way:
            while len(chain) > 1:
                (x0, y0), (x1, y1) = chain[-2:]
                if (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0) >= 0.0:
                    break
                chain.pop()
            chain.append((x, y))
        corners |= set(chain)
    return corners
