"""District: users behind pipes whose water is followed."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from energysim.declare import (
    Array,
    Component,
    Direction,
    Look,
    Measure,
    Port,
    Potential,
    ShareSeries,
    Span,
    Surroundings,
    Temperature,
    TemperatureSeries,
    derived,
    flow,
    measure,
)
from energysim.errors import SolverError, suggestion
from energysim.hydraulics.district import LEAST_SHARE, Circulation, Followed, Mains, Taken, circulate, follow
from energysim.hydraulics.friction import HOT, Water
from energysim.hydraulics.heat_loss import Buried
from energysim.hydraulics.network import PipeNetwork
from energysim.quantities import Unit
from energysim.traits.mains import Conductivity, DistrictPipe, DistrictUser, Metres, Millimetres

FASTEST = 3.5
"""Velocity above which pipes ring and wear. [m/s]"""


class District(Component):
    r"""Serve users through pipes, with the loss and the pumps that the water itself asks for.

    From the loads of an hour follow mass flows, :math:`\dot m = Q / (c\,\Delta T)`; flows in the pipes by Newton's
    method on the pressure round every loop [1]_; temperatures there and back by mixing and by
    the loss of each pipe (:func:`energysim.hydraulics.district.circulate`). The plant draws load and loss,
    :math:`\dot m c\,(T_s - T_r)`, and the pumps overcome the way to the user hardest to reach and back,
    :math:`2 \Delta p\,\dot m / (\rho \eta)`. Given flows, the loss is a straight line in the supply temperature; of
    many shares of the load 24 are solved, and hours between them are read off a line. What its measures tell of
    junctions is that of the hour with the largest share. A pipe from the table or with ``outer`` and ``casing`` is one
    of a buried pair that warm each other. Under small loads water cools on its way: a user with a ``bypass`` is kept
    warm by water that runs past and returns uncooled [2]_, which raises flow, pumping and return temperature.

    References
    ----------
    .. [1] R. Epp, A. G. Fowler, Efficient code for steady-state flows in networks, Journal of the Hydraulics Division
       (ASCE) 96, 1970.
    .. [2] M. Brand, Heating and domestic hot water systems in buildings supplied by low-temperature district heating,
       report R-296, Technical University of Denmark, 2013.
    """

    look: ClassVar[Look] = Look("#5b5b5b", order=2)
    example: ClassVar[str] = (
        "quarter: {type: district, from: town_heat, power: grid, pipes: {"
        "main: {from: plant, to: square, length: 800 m, nominal: 100}, "
        "branch: {from: square, to: school, length: 200 m, inner: 54.5 mm, insulation: 40 mm}}, "
        "users: {homes: {at: square, load: 1.2 MW}, school: {at: school, load: 300 kW}}}"
    )
    wanted: ClassVar[tuple[str, ...]] = ("users",)

    heat = Port(Direction.IN, "heat", "from", "Heat drawn by the plant: of users and pipes.")
    pumps = Port(Direction.IN, "electricity", "power", "Power of the pumps.", is_optional=True)

    pipes: Annotated[dict[str, DistrictPipe], Field(min_length=1)]
    """Pipes by name."""
    users: Annotated[dict[str, DistrictUser], Field(min_length=1)]
    """Users by name."""
    plant: str | None = None
    """Junction that is fed; where the first pipe begins if absent."""
    profile: ShareSeries = 1.0
    """Share of every user's load."""
    supply: TemperatureSeries | None = None
    """Supply temperature at the plant; the network's, whose water it then is, where absent."""
    ground: Temperature = 5.0
    """Temperature of the ground."""
    depth: Metres = 1.0
    """Depth of the middle of the pipes."""
    soil: Conductivity = 1.2
    """Conductivity of the soil."""
    conductivity: Conductivity = 0.024
    """Conductivity of the insulation."""
    roughness: Millimetres = 0.1
    """Of the pipes' inner wall."""
    friction: Literal["colebrook", "power_law"] = "colebrook"
    """Equation of the friction factor: Colebrook's, or the power law of DHNx."""
    density: Annotated[float, Unit("kg/m3"), Field(gt=0)] = HOT.density
    """Of the water."""
    viscosity: Annotated[float, Unit("Pa*s"), Field(gt=0)] = HOT.viscosity
    """Dynamic viscosity of the water."""
    heat_capacity: Annotated[float, Unit("J/kg/K"), Field(gt=0)] = HOT.heat_capacity
    """Of the water."""
    pump_efficiency: Annotated[float, Unit("1"), Field(gt=0, le=1)] = 0.75
    """Of pump and motor together."""

    @model_validator(mode="after")
    def _reaches_everyone(self) -> Self:
        reached = {self.fed_at}
        if self.fed_at not in self.junctions:
            raise ValueError(f"no pipe begins at the plant '{self.fed_at}'. {suggestion(self.fed_at, self.junctions)}")
        for _ in self.pipes:
            reached |= {end for p in self.pipes.values() if {p.start, p.end} & reached for end in (p.start, p.end)}
        for name, user in self.users.items():
            if user.at not in self.junctions:
                raise ValueError(f"no pipe leads to '{user.at}', where '{name}' is. {suggestion(user.at, reached)}")
        apart = [name for name in self.junctions if name not in reached]
        if apart:
            raise ValueError(f"no pipe joins '{apart[0]}' with the plant at '{self.fed_at}'. Add one.")
        return self

    @property
    def fed_at(self) -> str:
        """Junction of the plant."""
        return self.plant or next(iter(self.pipes.values())).start

    @property
    def junctions(self) -> list[str]:
        """Junctions, as the pipes name them."""
        return list(dict.fromkeys(end for pipe in self.pipes.values() for end in (pipe.start, pipe.end)))

    @property
    def peak(self) -> float:
        """Load of all users at a share of 1. [MW]"""
        return sum(user.load for user in self.users.values())

    def _mains(self) -> Mains:
        """The pipes as arrays."""
        number = {name: place for place, name in enumerate(self.junctions)}
        every = list(self.pipes.values())
        network = PipeNetwork(
            start=np.array([number[pipe.start] for pipe in every]),
            end=np.array([number[pipe.end] for pipe in every]),
            length=np.array([pipe.length for pipe in every]),
            inner=np.array([pipe.sizes[1] for pipe in every]) * 1e-3,
            roughness=self.roughness * 1e-3,
            water=Water(self.density, self.viscosity, self.heat_capacity),
            has_power_law=self.friction == "power_law",
        )
        around = Buried(self.depth, self.conductivity, self.soil)
        own, mutual = np.array([pipe.losses(around) for pipe in every]).T
        users = np.array([number[user.at] for user in self.users.values()])
        return Mains(network, own, mutual, number[self.fed_at], users, self.ground)

    def _taken(self) -> Taken:
        """What the users ask for, as arrays."""
        users = list(self.users.values())
        return Taken(
            np.array([user.load for user in users]),
            np.array([user.cooling for user in users]),
            np.array([-np.inf if user.bypass is None else user.bypass for user in users]),
        )

    def circulations(self, share: Array, supply: Array) -> Circulation:
        """Follow the water at shares of the load and supply temperatures [degC], each (case,).

        Raises
        ------
        ValueError
            Where a user cools its water below the ground, or a bypass asks for more than the plant gives.
        """
        taken = self._taken()
        self._refuse_bypass(taken.bypass, float(supply.min()))
        try:
            with np.errstate(all="ignore"):
                mains = self._mains()
                found = circulate(mains, taken, share, supply)
            figures = (found.supply, found.returned, found.there, found.back, found.pumping)
            is_followed = all(np.isfinite(figure).all() for figure in figures)
        except SolverError:
            is_followed = False
        if not is_followed:
            raise ValueError(
                "its water cannot be followed: one of its figures is far from what pipes have. Look at the diameters, "
                "lengths, conductivities and the properties of the water."
            )
        arrives = np.where(taken.load > 0.0, found.supply[:, mains.users], np.inf)
        left = (arrives - taken.cooling).min(axis=0)
        if left.min() < self.ground:
            coldest = int(np.argmin(left))
            raise ValueError(
                f"'{list(self.users)[coldest]}' gets water of {left[coldest] + taken.cooling[coldest]:.4g} degC and "
                f"cools it by {taken.cooling[coldest]:g} K, below the ground of {self.ground:g} degC. Raise the "
                "supply, give it less 'cooling', or keep it warm under small loads with  bypass: 50 degC."
            )
        return found

    def _refuse_bypass(self, bypass: Array, supply: float) -> None:
        warmest = int(np.argmax(bypass))
        if bypass[warmest] >= supply:
            raise ValueError(
                f"the bypass of '{list(self.users)[warmest]}' keeps {bypass[warmest]:g} degC, and the plant gives "
                f"{supply:.4g}. Lower 'bypass' or raise the supply."
            )
        if bypass[warmest] <= self.ground and np.isfinite(bypass[warmest]):
            raise ValueError(
                f"the bypass of '{list(self.users)[warmest]}' keeps {bypass[warmest]:g} degC, no more than the ground "
                f"of {self.ground:g}. Raise 'bypass' or leave it out."
            )

    def _followed(self, given: Surroundings) -> Followed:
        """The water in every step, worked out once for all series made of it."""
        has_bypass = self._taken().has_bypass
        return given.shared(
            ("followed", self.name), lambda: follow(self.circulations, *self._hours(given), has_bypass=has_bypass)
        )

    def _hours(self, given: Surroundings) -> tuple[Array, Array]:
        """Share of the load and supply temperature of every step."""
        every = np.ones(len(given.hours))
        return self.profile * every, self._supply(given) * every

    def _supply(self, given: Surroundings) -> Array:
        supply = given.network("heat").supply if self.supply is None else self.supply
        if supply is None:
            raise ValueError(
                "its water needs a temperature. Give it a 'supply', such as 80 degC, or give its network 'supply' and "
                "'return'."
            )
        return np.asarray(supply, float)

    def span(self, port: str, given: Surroundings) -> Span | None:
        """Its own water is heated from its return to its supply by an exchanger; the network's water as it comes."""
        taken = sum(user.load / user.cooling for user in self.users.values())
        if port != "heat" or self.supply is None or taken <= 0.0:
            return None
        followed, (share, supply) = self._followed(given), self._hours(given)
        drawn = self.peak * share + followed.there + followed.back
        carried = followed.flow * self.heat_capacity * 1e-6
        stands = carried <= LEAST_SHARE * taken
        cooled = np.where(stands, self.peak / taken, drawn / np.where(stands, 1.0, carried))
        approach = given.network(port).approach
        return Span(supply + approach, supply - cooled + approach)

    def potentials(self, given: Surroundings) -> list[Potential]:
        """What its users take."""
        del given
        return [Potential("heat", False, self.peak * np.asarray(self.profile, float))]

    def warnings(self, given: Surroundings) -> list[str]:
        """Pipes in which the water is too fast."""
        worst = self._at_worst(*self._hours(given))
        if worst is None:
            return []
        return [
            f"in '{name}' the water runs at {speed:.3g} m/s at the largest load, above {FASTEST:g}. Widen the pipe."
            for name, speed in zip(self.pipes, worst.velocity[0], strict=True)
            if speed > FASTEST
        ]

    @derived("MW")
    def drawn(self, given: Surroundings) -> Array | float:
        """Heat of users and pipes."""
        followed, (share, _) = self._followed(given), self._hours(given)
        return _plain(self.peak * share + followed.there + followed.back)

    @derived("MW")
    def pumped(self, given: Surroundings) -> Array | float:
        """Power that moves the water."""
        return _plain(self._followed(given).pumping / self.pump_efficiency)

    @derived("MW")
    def lost_there(self, given: Surroundings) -> Array | float:
        """Loss of the supply pipes."""
        return _plain(self._followed(given).there)

    @derived("MW")
    def lost_back(self, given: Surroundings) -> Array | float:
        """Loss of the return pipes."""
        return _plain(self._followed(given).back)

    @derived("degC")
    def supplied(self, given: Surroundings) -> Array | float:
        """Supply temperature at the plant."""
        return _plain(self._hours(given)[1])

    @flow("heat")
    def takes(self, v: Any, t: Any) -> Any:
        """The plant draws what users take and pipes lose."""
        return v.drawn[t]

    @flow("pumps")
    def pumps_draw(self, v: Any, t: Any) -> Any:
        """The pumps draw what moves the water."""
        return v.pumped[t]

    @measure("MWh")
    def supply_loss(self, v: Any, t: Any) -> Any:
        """Heat lost by the supply pipes."""
        return float(np.sum(np.asarray(v.scale[t]) * v.lost_there[t]))

    @measure("MWh")
    def return_loss(self, v: Any, t: Any) -> Any:
        """Heat lost by the return pipes."""
        return float(np.sum(np.asarray(v.scale[t]) * v.lost_back[t]))

    @measure("bar")
    def pressure_drop(self, v: Any, t: Any) -> Any:
        """Pressure lost to the user hardest to reach and back, in the hour of the largest share."""
        worst = self._worst(v, t)
        return None if worst is None else float(worst.drop[0]) * 1e-5

    def measures(self) -> Mapping[str, Measure]:
        """Temperatures of every junction and flows of every pipe in the hour of the largest share."""
        words = {
            "supply": ("Supply temperature at", "degC", self.junctions),
            "returned": ("Return temperature at", "degC", self.junctions),
            "flow": ("Water of the supply through", "kg/s", list(self.pipes)),
        }
        return {
            **super().measures(),
            **{
                f"{word}_{name}": Measure(
                    f"{word}_{name}", f"{meaning} '{name}' at the largest share.", unit, _at(word, number)
                )
                for word, (meaning, unit, names) in words.items()
                for number, name in enumerate(names)
            },
        }

    def _worst(self, v: Any, t: Any) -> Circulation | None:
        """The hour of the largest share; None where the water always stands."""
        figures = (np.atleast_1d(np.asarray(series[t], float)) for series in (v.profile, v.supplied))
        return self._at_worst(*np.broadcast_arrays(*figures))

    def _at_worst(self, share: Array, supply: Array) -> Circulation | None:
        hour = int(np.argmax(share))
        return None if share[hour] <= LEAST_SHARE else self.circulations(share[hour, None], supply[hour, None])


def _at(word: str, number: int) -> Callable[[District, Any, Any], float | None]:
    """Read one figure of the hour of the largest share."""

    def figure(part: District, v: Any, t: Any) -> float | None:
        worst = part._worst(v, t)
        return None if worst is None else float(getattr(worst, word)[0, number])

    return figure


def _plain(values: Array) -> Array | float:
    """Write equal values as one number."""
    return float(values[0]) if (values == values[0]).all() else values
