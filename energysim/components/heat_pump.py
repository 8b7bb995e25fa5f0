"""Heat pump: lifts heat to a higher temperature with power."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from energysim.declare import (
    Array,
    Difference,
    Direction,
    FactorSeries,
    Look,
    On,
    Port,
    Span,
    Surroundings,
    TemperatureSeries,
    Variable,
    derived,
    flow,
    measure,
    rule,
)
from energysim.quantities import Unit
from energysim.traits import OnOff, Ramps
from energysim.traits.cop import SMALLEST_LIFT, carnot, cycle_lift, in_jesper_range, jensen, jesper, lorenz, mean_lift
from energysim.traits.producing import Producing


class HeatPump(Producing):
    r"""Take heat from a source, add power, give heat at a higher temperature.

    :math:`Q_t = COP_t P_t` and :math:`Q^{source}_t = Q_t - P_t`; the COP of every hour follows from the hour's
    temperatures, by default after Jensen and Pieper for ammonia [1]_ (see :mod:`energysim.traits.cop`). The sink is
    heated from the network's return to its supply temperature. The source is the network named in ``from``, cooled
    from its supply to its return temperature, or the outdoor air where none is named. In a network with temperatures
    the evaporator takes heat of any level not below ``source_out`` and the condenser gives it at ``sink_out``, so a
    pump may also lift within one network. Where the source is hot enough without a lift, heat passes directly and no
    power is used. Outside the range of its method the COP is held at the end of the range, the run warns, and the
    hours it ran there are measured as ``hours_out_of_range``.

    References
    ----------
    .. [1] H. Pieper et al., Modelling framework for integration of large-scale heat pumps in district heating using
       low-temperature heat sources, Int. J. of Sustainable Energy Planning and Management 20, 2019.
    """

    look: ClassVar[Look] = Look("#2a9d8f", order=25)
    example: ClassVar[str] = (
        "sewage_pump: {type: heat_pump, power: grid, to: town_heat, capacity: 15 MW, source_in: 10 degC, "
        "source_out: 5 degC}"
    )

    power = Port(Direction.IN, "electricity", "power", "Power taken.")
    bypass = Variable("MW", "Heat that passes without a lift.")

    source = Port(Direction.IN, "heat", "from", "Heat taken from the source.", is_optional=True)
    heat = Port(Direction.OUT, "heat", "to", "Heat given to the network.")

    cop: FactorSeries | None = None
    """Heat over power where it is known; else worked out by ``method``."""
    method: Literal["jensen", "jesper", "carnot", "lorenz"] = "jensen"
    """How the COP is worked out."""
    refrigerant: Literal["ammonia", "isobutane"] = "ammonia"
    """Working fluid, for the method jensen."""
    quality: Annotated[float, Unit("1"), Field(gt=0, le=1)] = 0.5
    """Share of the ideal COP reached, for the methods carnot and lorenz."""
    pinch: Difference = 5.0
    """Smallest temperature difference in the heat exchangers."""
    switching: Annotated[OnOff | None, On(flow="heat", capacity="capacity", availability="availability")] = None
    """Minimum load, least times on and off, start costs."""
    ramps: Annotated[Ramps | None, On(flow="heat", capacity="capacity")] = None
    """How fast the output may change."""
    source_in: TemperatureSeries | None = None
    """Temperature of the source, where it is not that of a network or of the air."""
    source_out: TemperatureSeries | None = None
    """Temperature to which the source is cooled; 5 K below the inlet where nothing else is known."""
    sink_in: TemperatureSeries | None = None
    """Temperature at which the sink enters; the network's return where absent."""
    sink_out: TemperatureSeries | None = None
    """Temperature at which the sink leaves; the network's supply where absent."""

    @model_validator(mode="after")
    def _is_physical(self) -> Self:
        if self.cop is not None and float(np.min(self.cop)) < 1.0:
            raise ValueError(f"cop {float(np.min(self.cop)):g} is below 1: it gives less heat than the power it takes.")
        return self

    @model_validator(mode="after")
    def _cools_its_source(self) -> Self:
        for side, hot, cold, does in (
            ("source", self.source_in, self.source_out, "cooled"),
            ("sink", self.sink_out, self.sink_in, "heated"),
        ):
            if hot is None or cold is None:
                continue
            hotter, colder = np.broadcast_arrays(hot, cold)
            if np.any(hotter < colder):
                step = int(np.argmax(hotter < colder))
                ends = (hotter.flat[step], colder.flat[step])
                inlet, outlet = ends if side == "source" else ends[::-1]
                raise ValueError(
                    f"its {side}_in {inlet:g} degC and {side}_out {outlet:g} degC cross: the {side} is {does}. "
                    "Exchange them or correct one."
                )
        return self

    @derived("1")
    def performance(self, given: Surroundings) -> Any:
        """Heat over power in each hour."""
        if self.cop is not None:
            return self.cop
        source, sink = self._source(given), self._sink(given)
        self._refuse_crossing(source, given)
        hottest = np.maximum(sink[1], source[0] + SMALLEST_LIFT)
        coldest = np.minimum(sink[0], hottest)
        if self.method == "jensen":
            found = jensen(source, (coldest, hottest), self.refrigerant, self.pinch)
        elif self.method == "jesper":
            found = jesper(source[0], hottest)
        elif self.method == "carnot":
            found = self.quality * carnot(source[0], hottest)
        else:
            found = self.quality * lorenz(*source, coldest, hottest)
        return np.maximum(found, 1.0)

    @derived("1")
    def beyond_range(self, given: Surroundings) -> Any:
        """Whether the COP of an hour is held because its method does not reach the hour's temperatures."""
        return self.beyond_range_of(given)

    def beyond_range_of(self, given: Surroundings) -> Any:
        """The same, also for the warnings."""
        if self.cop is not None:
            return 0.0
        source, sink = self._source(given), self._sink(given)
        is_inside = sink[1] - source[0] >= SMALLEST_LIFT - 1e-9
        if self.method == "jesper":
            is_inside = is_inside & in_jesper_range(source[0], sink[1])
        elif self.method == "lorenz":
            is_inside = is_inside & (mean_lift(source, sink) >= SMALLEST_LIFT)
        elif self.method == "jensen":
            least = 2.0 * self.pinch + SMALLEST_LIFT
            is_inside = is_inside & (cycle_lift(source, sink, self.refrigerant, self.pinch) >= least)
        return np.where(is_inside, 0.0, 1.0)

    @derived("1")
    def passes(self, given: Surroundings) -> Any:
        """Whether the source is hot enough to heat the sink without a lift."""
        if not self._may_pass(given):
            return 0.0
        source, sink = self._source(given), self._sink(given)
        return np.where(source[0] - self.pinch >= sink[1], 1.0, 0.0)

    def variables(self) -> Mapping[str, Variable]:
        """Heat passes only from a network of its own."""
        return super().variables() if self._has_bypass else {}

    @property
    def _has_bypass(self) -> bool:
        source = self.connections.get("source")
        return self.cop is None and source is not None and source != self.connections.get("heat")

    def _may_pass(self, given: Surroundings) -> bool:
        return self._has_bypass and given.is_connected("source")

    def span(self, port: str, given: Surroundings) -> Span | None:
        """The condenser gives at the sink's outlet, the evaporator takes what is no colder than the source's outlet."""
        if port == "heat":
            return None if self.sink_out is None else Span(self.sink_out, self.sink_out)
        network = given.network("source")
        if self.source_out is not None:
            return Span(self.source_out, self.source_out)
        is_within = self.connections.get("source") == self.connections.get("heat")
        if is_within or self.cop is not None:
            return Span(-np.inf, -np.inf)
        return Span(network.supply, network.returned)

    def warnings(self, given: Surroundings) -> list[str]:
        """Hours whose temperatures the COP method does not reach, and a COP that no machine can have."""
        if self.cop is not None:
            return self._beyond_nature(given)
        outside = np.broadcast_to(np.asarray(self.beyond_range_of(given), float), len(given.hours))
        hours = float(np.sum(outside * given.hours))
        if not hours:
            return []
        return [
            f"its temperatures lie outside the range of the method '{self.method}' in {hours:.0f} h; there the COP is "
            "held at the end of the range. Another 'method' or a measured 'cop' would be safer."
        ]

    def _beyond_nature(self, given: Surroundings) -> list[str]:
        """Whether a given COP is above the ideal one between the temperatures that are known."""
        if self.source_in is None and not given.is_connected("source") and not given.has_weather:
            return []
        try:
            source, sink = self._source(given), self._sink(given)
        except ValueError:
            return []
        cop, inlet, outlet = (np.broadcast_to(np.asarray(x), len(given.hours)) for x in (self.cop, source[0], sink[1]))
        ideal = np.asarray(carnot(outlet - np.maximum(outlet - inlet, SMALLEST_LIFT), outlet))
        beyond = cop > ideal
        if not beyond.any():
            return []
        step = int(np.argmax(beyond))
        return [
            f"its cop {cop[step]:g} is above {ideal[step]:.3g}, that of an ideal machine between {inlet[step]:.4g} and "
            f"{outlet[step]:.4g} degC, in {float(np.sum(beyond * given.hours)):.0f} h. "
            "Lower it, or correct the temperatures."
        ]

    @rule
    def passes_when_hot(self, v: Any, t: Any) -> Any:
        """Heat passes without a lift only while the source is hot enough, and within the capacity."""
        return v.bypass[t] <= v.passes[t] * v.capacity if self._has_bypass else None

    @flow("heat")
    def lifted(self, v: Any, t: Any) -> Any:
        """Heat is the COP times the power, and what passes."""
        lifted = v.performance[t] * v.power[t]
        return lifted + v.bypass[t] if self._has_bypass else lifted

    @flow("source")
    def drawn(self, v: Any, t: Any) -> Any:
        """The source gives what the power does not."""
        drawn = (v.performance[t] - 1.0) * v.power[t]
        return drawn + v.bypass[t] if self._has_bypass else drawn

    @measure("1")
    def seasonal_cop(self, v: Any, t: Any) -> Any:
        """Heat over power of all hours."""
        power = float((v.hours[t] * v.weight[t] * v.power[t]).sum())
        return float((v.hours[t] * v.weight[t] * v.heat[t]).sum()) / power if power > 0 else 0.0

    @measure("h")
    def hours_out_of_range(self, v: Any, t: Any) -> Any:
        """Hours it ran at temperatures its COP method does not reach; there the COP is held at the end of the range."""
        is_running = np.asarray(v.power[t]) > 1e-6
        held = float(np.sum(np.asarray(v.hours[t]) * np.asarray(v.weight[t]) * v.beyond_range[t] * is_running))
        return held or None

    def _source(self, given: Surroundings) -> tuple[Array, Array]:
        node = given.network("source") if given.is_connected("source") else None
        if node is not None and self.connections.get("source") == self.connections.get("heat"):
            node = None
            if self.source_in is None or self.source_out is None:
                raise ValueError(
                    "it lifts heat within one network, so its COP needs the temperatures of the heat it draws. "
                    "Give 'source_in' and 'source_out', or a 'cop'."
                )
        if node is not None and node.supply is None and self.source_in is None:
            raise ValueError(
                "its source network has no temperatures. Give it 'supply' and 'return', or the pump 'source_in', or "
                "a 'cop'."
            )
        inlet = self.source_in if self.source_in is not None else given.outdoor if node is None else node.supply
        outlet = self.source_out if self.source_out is not None else None if node is None else node.returned
        cooled = np.asarray(inlet, float) - 5.0 if outlet is None else outlet
        return np.asarray(inlet, float), np.asarray(cooled, float)

    def _refuse_crossing(self, source: tuple[Array, Array], given: Surroundings) -> None:
        """Refuse a source that leaves hotter than it enters, also where one end is that of the air or a network."""
        inlet, outlet = (np.broadcast_to(end, len(given.hours)) for end in source)
        if not np.any(inlet < outlet):
            return
        step = int(np.argmax(inlet < outlet))
        stamp = np.datetime_as_string(given.stamps[step], unit="m").replace("T", " ")
        raise ValueError(
            f"its source enters at {inlet[step]:g} degC and leaves at {outlet[step]:g} degC, first at {stamp} UTC: the "
            "source is cooled. Correct 'source_in' or 'source_out'; either may be a series."
        )

    def _sink(self, given: Surroundings) -> tuple[Array, Array]:
        node = given.network("heat") if given.is_connected("heat") else None
        inlet = self.sink_in if self.sink_in is not None else None if node is None else node.returned
        outlet = self.sink_out if self.sink_out is not None else None if node is None else node.supply
        if inlet is None or outlet is None:
            raise ValueError(
                "its COP needs the temperatures of the network it feeds. Give the network 'supply' and 'return', "
                "or the heat pump 'sink_in' and 'sink_out', or a 'cop'."
            )
        return np.asarray(inlet, float), np.asarray(outlet, float)
