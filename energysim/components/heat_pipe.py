"""Heat pipe: hot water from one heat network to another."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
from pydantic import Field, ValidationError, ValidationInfo, model_validator

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
from energysim.hydraulics.heat_loss import Buried
from energysim.hydraulics.pipes import TABLE, Design, Row, line_through, pipes, row_of
from energysim.quantities import Unit, read_quantity
from energysim.traits import PowerSizing
from energysim.traits.carrying import Carrying
from energysim.traits.mains import Conductivity, OwnPipe

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
    loss of each from our own hydraulics (:mod:`energysim.hydraulics.pipes`); ``any`` diameter brings straight lines
    through the table: cost and loss of a kilometre as :math:`a P + b y` [2]_. ``usual_velocity`` rates diameters by
    empirical curves of velocity and loss [3]_. Where no power network is connected the pumps' power is not counted.

    References
    ----------
    .. [1] EN 13941-1, District heating pipes, 2019, annex on heat loss of buried pairs.
    .. [2] J. Lambert, A. Ceruti, H. Spliethoff, Benchmark of mixed-integer linear programming formulations for
       district heating network design, Energy 308, 2024 (linear plus fixed cost and loss).
    .. [3] Centre for Sustainable Energy, THERMOS heat network optimiser, documentation of its pipe model, 2021.
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

    diameters: tuple[int | OwnPipe, ...] | Literal["any"] = ()
    """Nominal diameters in mm to choose from, or pipes of one's own, with capacity and cost by our own hydraulics; one
    is built or none. With ``any`` the capacity is free between none and the largest, at the cost and loss of straight
    lines through all diameters."""
    rating: Literal["pressure", "usual_velocity"] = "pressure"
    """How diameters are rated: by the pressure lost on a metre and the loss of a buried pair, or by empirical curves of
    velocity and loss over the diameter."""
    design_supply: Temperature = 90.0
    """Supply temperature for which diameters are rated."""
    design_return: Temperature = 50.0
    """Return temperature for which diameters are rated."""
    design_gradient: Annotated[float, Unit("Pa/m"), Field(gt=0)] = 150.0
    """Pressure lost on a metre at a diameter's capacity."""
    depth: Annotated[float, Unit("m"), Field(gt=0)] = 1.0
    """Depth of the middle of the pipes of chosen diameters."""
    clearance: Annotated[float, Unit("m"), Field(ge=0)] = 0.15
    """Space between their casings."""
    insulation: Conductivity = 0.024
    """Conductivity of their insulation."""
    soil: Conductivity = 1.2
    """Conductivity of the soil round them."""

    @model_validator(mode="before")
    @classmethod
    def _offer_diameters(cls, data: Any, info: ValidationInfo) -> Any:
        """Bring diameters to choose from to sizes with prices, by our own hydraulics."""
        if _is_read(data) or not data.get("diameters") or data["diameters"] == "any":
            return data
        named = data["diameters"]
        if not isinstance(named, list | tuple) or not all(
            type(one) is int or isinstance(one, Mapping | OwnPipe) for one in named
        ):
            raise ValueError(f"diameters '{named}' is no list of whole numbers in mm, such as [200, 300].")
        try:
            rows = tuple(_row(one, info) for one in named)
        except ValidationError:
            return data  # The field itself says what is wrong with it.
        capacity = data.get("capacity")
        if not isinstance(capacity, Mapping) or {"investment", "sizes", "max", "existing"} & set(capacity):
            raise ValueError(
                "'diameters' say what may be built and what it costs. Write the capacity with its lifetime only, "
                "such as  capacity: {lifetime: 40 a}."
            )
        if not data.get("loss_coefficient") and data.get("rating") != "usual_velocity" and np.isnan(rows).any():
            raise ValueError(
                "the loss of a pipe of your own follows from its 'outer' diameter and 'casing'. Give both, or the "
                "'loss_coefficient' of the pair, or  rating: usual_velocity ."
            )
        sizes = tuple(cls._sizes(data, rows, info))
        return {**data, "capacity": {**capacity, "sizes": sizes}}

    @classmethod
    def _sizes(cls, data: Mapping[str, Any], rows: tuple[Row, ...], info: ValidationInfo) -> Iterator[tuple[Any, Any]]:
        """Walk capacity and cost of each diameter on offer."""
        length, euro = cls._number(data, "length", info), _read("1 EUR", "money", info) if info.context else 1.0
        capacities = pipes(cls._design_of(data, info), rows).capacity.tolist()
        for named, row, power in zip(data["diameters"], rows, capacities, strict=True):
            cost = 1000.0 * length * row[-1] * (euro if type(named) is int else 1.0)
            if info.context:
                yield f"{power!r} MW", f"{cost!r} {info.context.units.money.currency}"
            else:
                yield power, cost

    @classmethod
    def _number(cls, data: Mapping[str, Any], key: str, info: ValidationInfo) -> float:
        """Read one parameter before the others are."""
        field = cls.model_fields[key]
        unit = next(word.symbol for word in field.metadata if isinstance(word, Unit))
        return float(field.default) if data.get(key) is None else _read(data[key], unit, info)

    @classmethod
    def _design_of(cls, data: Mapping[str, Any], info: ValidationInfo) -> Design:
        """For what diameters are rated."""
        given = {word: cls._number(data, word, info) for word in _DESIGN}
        if given["design_supply"] <= given["design_return"]:
            raise ValueError(
                f"its design_supply {given['design_supply']:g} degC is not above design_return "
                f"{given['design_return']:g} degC: such a pipe carries no heat. Raise the supply or lower the return."
            )
        return _design(given, data.get("rating") == "usual_velocity")

    @model_validator(mode="before")
    @classmethod
    def _price_the_route(cls, data: Any, info: ValidationInfo) -> Any:
        """Bring the cost of the route to the capacity that is built."""
        if _is_read(data) or not {"route_cost", "route_cost_per_mw"} & set(data):
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

    @model_validator(mode="before")
    @classmethod
    def _draw_lines(cls, data: Any, info: ValidationInfo) -> Any:
        """Bring any diameter to cost and loss by straight lines over the capacity."""
        if _is_read(data) or data.get("diameters") != "any":
            return data
        capacity, taken = data.get("capacity"), {"route_cost", "route_cost_per_mw", "loss", "loss_coefficient"}
        if (
            not isinstance(capacity, Mapping)
            or {"investment", "sizes", "existing"} & set(capacity)
            or taken & set(data)
        ):
            raise ValueError(
                "'diameters: any' says what is built, what it costs and what it loses. Write the capacity with its "
                "lifetime, and a max where you like, such as  capacity: {lifetime: 40 a}."
            )
        design = cls._design_of(data, info)
        table = pipes(design)
        cost, loss = line_through(table.capacity, table.cost), line_through(table.capacity, table.loss)
        above = design.supply + design.returned - 2.0 * design.buried.ground
        if above <= 0.0:
            raise ValueError("its ground is as warm as its water, so that no line of losses can be drawn.")
        _refuse_extrapolation(capacity, float(table.capacity.max()), info)
        words = ("", "", "") if info.context is None else (" MW", " EUR/km", " EUR/MW/km")
        most, fixed, each = (
            f"{value!r}{word}" if word else value
            for value, word in zip(
                (float(table.capacity.max()), 1e3 * cost.fixed, 1e3 * cost.slope), words, strict=True
            )
        )
        lost = loss.slope * 1e-3 * cls._number(data, "length", info)
        return {
            **data,
            "capacity": {"max": most, **capacity},
            "route_cost": fixed,
            "route_cost_per_mw": each,
            "loss": lost,
            "loss_coefficient": f"{loss.fixed / above!r} W/m/K" if info.context else loss.fixed / above,
        }

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
        if self.loss_coefficient is not None or not self.diameters:
            return ()
        colder = {**vars(self), "ground": self.design_return - 1.0}
        design = _design(colder, self.rating == "usual_velocity")
        above = design.supply + design.returned - 2.0 * design.buried.ground
        rows = tuple(row_of(one) if isinstance(one, int) else one.row for one in self.diameters)  # type: ignore[union-attr]
        return tuple((pipes(design, rows).loss / above).tolist())

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
        """Loss of the built pipe, whatever flows, for each unit of its coefficient; none while it stands still."""
        if not self._has_standing_loss:
            return 0.0
        return self._loss_of_heat(given) * (np.asarray(self.availability.share) > 0.0)

    def _loss_of_heat(self, given: Surroundings) -> Any:
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


_DESIGN = (
    "design_supply", "design_return", "design_gradient", "clearance", "depth", "insulation", "soil", "ground",
)  # fmt: skip
"""Parameters for which diameters are rated."""


def _refuse_extrapolation(capacity: Mapping[str, Any], most: float, info: ValidationInfo) -> None:
    """Refuse a capacity of any diameter that the largest of the table [MW] does not carry: no line leads there."""
    for word in ("max", "min", "smallest"):
        wanted = _read(capacity[word], "MW", info) if capacity.get(word) is not None else 0.0
        if wanted > most * (1.0 + 1e-9):
            raise ValueError(
                f"its {word} {wanted:g} MW is more than the largest pipe, DN{TABLE[-1][0]}, carries at these design "
                f"temperatures and pressure: {most:.4g} MW. Lower it, or lay two pipes."
            )


def _is_read(data: Any) -> bool:
    """Whether there is nothing to read: a copy whose capacity has its prices, or no pipe at all."""
    return not isinstance(data, Mapping) or ("connections" in data and isinstance(data.get("capacity"), PowerSizing))


def _row(named: Any, info: ValidationInfo) -> Row:
    """Look up a diameter, or read one of one's own."""
    return row_of(named) if isinstance(named, int) else OwnPipe.model_validate(named, context=info.context).row


def _read(value: Any, unit: str, info: ValidationInfo) -> float:
    """Read a quantity as its field would."""
    is_plain = info.context is None and isinstance(value, int | float)
    return float(value) if is_plain else read_quantity(value, unit, info)


def _design(given: Mapping[str, Any], by_curves: bool) -> Design:
    """Bring a pipe's parameters to what diameters are rated for."""
    return Design(
        supply=given["design_supply"],
        returned=given["design_return"],
        gradient=given["design_gradient"],
        clearance=given["clearance"],
        buried=Buried(given["depth"], given["insulation"], given["soil"], given["ground"]),
        by_curves=by_curves,
    )
