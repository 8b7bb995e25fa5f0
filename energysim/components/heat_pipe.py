"""Heat pipe: hot water from one heat network to another."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Self

import numpy as np
from pydantic import Field, ValidationInfo, model_validator

from energysim.declare import (
    Difference,
    Direction,
    Length,
    Look,
    Port,
    Share,
    Span,
    Surroundings,
    Temperature,
    derived,
    flow,
    measure,
    rule,
)
from energysim.hydraulics.pipes import Design, Pipes, pipes
from energysim.quantities import Unit, read_quantity
from energysim.traits.carrying import Carrying

CostPerKm = Annotated[float, Unit("money/km"), Field(ge=0)]
CostPerMwKm = Annotated[float, Unit("money/MW/km"), Field(ge=0)]


class HeatPipe(Carrying):
    r"""Carry heat over a distance, with loss along the way and power for the pumps.

    What arrives is :math:`r_t = (1 - \lambda)(1 - \lambda_{km})^{L} s_t - q_t y`: a share of what is sent, and the loss
    of a buried pair of pipes that follows the temperatures and not the flow, :math:`q_t = L u\,(T_s + T_r - 2 T_g)`,
    as soon as the pipe is built, :math:`y` [1]_ [2]_. The pipe is a circuit of its own between two exchangers: it
    takes heat from the first network's supply, gives it to the second below the first exchanger's approach and its
    own, and returns as cold as the second network lets it; so two approaches are lost, and a pipe from a cooler
    network only preheats. Building costs ``route_cost`` for each km of trench and ``route_cost_per_mw`` for each MW
    and km on top. ``diameters`` to choose from bring capacity, cost and, where no coefficient :math:`u` is given, the
    loss of each from our own hydraulics (:mod:`energysim.hydraulics.pipes`). Where no power network is connected the
    pumps' power is not counted.

    References
    ----------
    .. [1] EN 13941-1, District heating pipes, 2019, annex on heat loss of buried pairs.
    .. [2] J. Lambert, A. Ceruti, H. Spliethoff, Benchmark of mixed-integer linear programming formulations for
       district heating network design, Energy 308, 2024 (linear plus fixed cost and loss).
    """

    look: ClassVar[Look] = Look("#d9822b", order=61)
    example: ClassVar[str] = (
        "pipe: {type: heat_pipe, from: north_heat, to: town_heat, power: grid, length: 12 km, capacity: 60 MW, "
        "loss_per_km: 0.1 %/km, pumping: 1 %}"
    )

    sent = Port(Direction.IN, "heat", "from", "Heat sent.")
    received = Port(Direction.OUT, "heat", "to", "Heat that arrives.")
    sent_back = Port(Direction.IN, "heat", "to", "Heat sent the other way.")
    received_back = Port(Direction.OUT, "heat", "from", "Heat that arrives the other way.")
    pumps = Port(Direction.IN, "electricity", "power", "Power of the pumps.", is_optional=True)

    length: Length = 0.0
    """Length of the route."""
    loss_per_km: Annotated[float, Unit("1/km"), Field(ge=0, lt=1)] = 0.0
    """Share of the heat lost on each kilometre."""
    loss_coefficient: Annotated[float, Unit("W/m/K"), Field(ge=0)] | None = None
    """Heat a metre of the pair loses for each kelvin of supply plus return above twice the ground, 0.2 to 0.4; that of
    the ``diameters`` where absent, at the design temperatures where the networks have none."""
    ground: Temperature = 5.0
    """Temperature of the ground."""
    temperature_drop: Difference = 0.0
    """Temperature the water loses along the way."""
    pumping: Share = 0.01
    """Power of the pumps over heat sent."""
    route_cost: CostPerKm = 0.0
    """Cost of a kilometre of trench and pipe, whatever the capacity; paid if the pipe is built."""
    route_cost_per_mw: CostPerMwKm = 0.0
    """Cost of a kilometre for each MW of capacity on top."""

    diameters: tuple[int, ...] = ()
    """Nominal diameters in mm to choose from, with capacity and cost by our own hydraulics; one is built or none."""
    design_supply: Temperature = 90.0
    """Supply temperature for which diameters are rated."""
    design_return: Temperature = 50.0
    """Return temperature for which diameters are rated."""
    design_gradient: Annotated[float, Unit("Pa/m"), Field(gt=0)] = 150.0
    """Pressure lost on a metre at a diameter's capacity."""

    @model_validator(mode="before")
    @classmethod
    def _offer_diameters(cls, data: Any, info: ValidationInfo) -> Any:
        """Bring diameters to choose from to sizes with prices, by our own hydraulics."""
        if not isinstance(data, Mapping) or not data.get("diameters"):
            return data
        named = data["diameters"]
        if not isinstance(named, list | tuple) or not all(type(one) is int for one in named):
            raise ValueError(f"diameters '{named}' is no list of whole numbers in mm, such as [200, 300].")
        capacity = data.get("capacity")
        if not isinstance(capacity, Mapping) or {"investment", "sizes", "max", "existing"} & set(capacity):
            raise ValueError(
                "'diameters' say what may be built and what it costs. Write the capacity with its lifetime only, "
                "such as  capacity: {lifetime: 40 a}."
            )

        def read(key: str, unit: str, otherwise: str) -> float:
            given = data.get(key, otherwise)
            return read_quantity(given, unit, info) if info.context else float(str(given).split()[0])

        design = Design(
            supply=read("design_supply", "degC", "90 degC"),
            returned=read("design_return", "degC", "50 degC"),
            gradient=read("design_gradient", "Pa/m", "150 Pa/m"),
        )
        if design.supply <= design.returned:
            raise ValueError(
                f"its design_supply {design.supply:g} degC is not above design_return {design.returned:g} degC: "
                "such a pipe carries no heat. Raise the supply or lower the return."
            )
        euro = read_quantity("1 EUR", "money", info) if info.context else 1.0
        offered = _sizes(data["diameters"], pipes(design), 1000.0 * euro * read("length", "km", "0 km"))
        if info.context:
            money = info.context.units.money.currency
            offered = [(f"{power!r} MW", f"{cost!r} {money}") for power, cost in offered]
        return {**data, "capacity": {**capacity, "sizes": tuple(offered)}}

    @model_validator(mode="before")
    @classmethod
    def _price_the_route(cls, data: Any, info: ValidationInfo) -> Any:
        """Bring the cost of the route to the capacity that is built."""
        if not isinstance(data, Mapping) or not {"route_cost", "route_cost_per_mw"} & set(data):
            return data
        capacity = data.get("capacity")
        if not isinstance(capacity, Mapping):
            raise ValueError("a 'route_cost' is paid for a pipe to be built. Give its capacity a 'max' and 'lifetime'.")
        length = read_quantity(data.get("length", "0 km"), "km", info) if info.context else float(data.get("length", 0))
        sizing = dict(capacity)
        for key, word, unit, size in (
            ("route_cost_per_mw", "investment", "money/MW/km", "money/MW"),
            ("route_cost", "fixed_investment", "money/km", "money"),
        ):
            given = data.get(key, 0.0)
            each = read_quantity(given, unit, info) if info.context and key in data else float(given)
            cost = each * length
            own = sizing.get(word)
            if own is not None:
                cost += read_quantity(own, size, info) if info.context else float(own)
            if cost or word == "investment":
                sizing[word] = f"{cost!r} {info.context.units.money.currency}{size[5:]}" if info.context else cost
        return {**data, "capacity": sizing}

    @model_validator(mode="after")
    def _loses_when_built(self) -> Self:
        size = self.capacity
        if self.loss_coefficient and size.is_decision and not size.existing and not (size.is_yes_or_no or size.sizes):
            raise ValueError(
                "a loss that follows the temperatures begins when the pipe is built, so building must be a yes or no. "
                "Give the capacity a 'fixed_investment' or 'sizes', or the pipe a 'route_cost'."
            )
        return self

    @property
    def _coefficients(self) -> tuple[float, ...]:
        """Loss of each diameter on offer. [W/m/K]"""
        if self.loss_coefficient is not None:
            return ()
        design = Design(self.design_supply, self.design_return, self.design_gradient)
        above = design.supply + design.returned - 2.0 * design.buried.ground
        table = pipes(design)
        rows = [int(np.flatnonzero(table.nominal == nominal)[0]) for nominal in self.diameters]
        return tuple(float(table.loss[row]) / above for row in rows)

    @property
    def _has_standing_loss(self) -> bool:
        return bool(self.loss_coefficient or self._coefficients)

    def _loses(self, v: Any) -> Any:
        """Loss of what is built. [W/m/K]"""
        if self.loss_coefficient is not None:
            return self.loss_coefficient * v.presence("capacity")
        (part,) = (v.part(field, trait, names) for field, trait, names in self.traits() if field == "capacity")
        terms = [loss * getattr(part, f"option{number}") for number, loss in enumerate(self._coefficients)]
        return sum(terms[1:], terms[0])

    @property
    def arriving(self) -> float:
        """Share of what is sent that arrives, the standing loss apart."""
        return (1.0 - self.loss) * (1.0 - self.loss_per_km) ** self.length

    @derived("MW/(W/m/K)")
    def standing(self, given: Surroundings) -> Any:
        """Loss of the built pipe, whatever flows, for each unit of its coefficient."""
        if not self._has_standing_loss:
            return 0.0
        first, second = given.network("sent"), given.network("received")
        if self.loss_coefficient is None and (first.supply is None or second.returned is None):
            return self.length * 1e-3 * (self.design_supply + self.design_return - 2.0 * self.ground)
        if first.supply is None or second.returned is None:
            raise ValueError(
                "its 'loss_coefficient' needs the temperatures of the networks it joins. Give them 'supply' and "
                "'return', or the pipe a 'loss_per_km'."
            )
        above = first.supply - first.approach + second.returned + second.approach - 2.0 * self.ground
        return np.maximum(self.length * 1e-3 * above, 0.0)

    def span(self, port: str, given: Surroundings) -> Span | None:
        """Temperatures of the circuit at its two exchangers."""
        is_back = port.endswith("_back")
        first = given.network("received" if is_back else "sent")
        second = given.network("sent" if is_back else "received")
        if first.supply is None or second.returned is None:
            return None
        hot = first.supply - first.approach - self.temperature_drop
        if port.startswith("sent"):
            cold = second.returned + second.approach + first.approach
            return Span(first.supply, np.minimum(cold, first.supply))
        return Span(hot - second.approach, np.minimum(second.returned, hot - second.approach))

    @flow("received")
    def arrives(self, v: Any, t: Any) -> Any:
        """What arrives is what is sent less the loss along the way."""
        if not self._has_standing_loss:
            return self.arriving * v.sent[t]
        return self.arriving * v.sent[t] - v.standing[t] * self._loses(v)

    @flow("received_back")
    def arrives_back(self, v: Any, t: Any) -> Any:
        """The same on the way back; the standing loss is on the way there."""
        return self.arriving * v.sent_back[t]

    @flow("pumps")
    def pumped(self, v: Any, t: Any) -> Any:
        """The pumps take a share of the heat sent as power."""
        return self.pumping * (v.sent[t] + v.sent_back[t] if self.both_ways else v.sent[t])

    @rule
    def covers_its_loss(self, v: Any, t: Any) -> Any:
        """A built pipe is kept warm: at least its loss is sent."""
        return v.received[t] >= 0.0 if self._has_standing_loss else None

    @measure("km")
    def route(self, v: Any, t: Any) -> Any:
        """Length of the route, where it is known."""
        return self.length or None

    @measure("MWh")
    def lost(self, v: Any, t: Any) -> Any:
        """Heat lost along the way."""
        lost = np.asarray(v.sent[t]) - np.asarray(v.received[t])
        if self.both_ways:
            lost = lost + np.asarray(v.sent_back[t]) - np.asarray(v.received_back[t])
        return float(np.sum(np.asarray(v.scale[t]) * lost))


def _sizes(diameters: Iterable[int], table: Pipes, euros_per_metre: float) -> list[tuple[Any, Any]]:
    """Capacity and cost of each diameter."""
    found: list[tuple[Any, Any]] = []
    for nominal in diameters:
        row = np.flatnonzero(table.nominal == nominal)
        if not len(row):
            known = ", ".join(f"{one:g}" for one in table.nominal)
            raise ValueError(f"there is no pipe DN{nominal}. Known: {known}.")
        found.append((float(table.capacity[row[0]]), float(table.cost[row[0]]) * euros_per_metre))
    return found
