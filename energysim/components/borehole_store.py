"""Borehole store: heat kept in rock, in layers of temperature."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from energysim.declare import (
    Component,
    Difference,
    Direction,
    Energy,
    Fee,
    Length,
    Look,
    Offer,
    Port,
    Share,
    Span,
    Surroundings,
    Temperature,
    Variable,
    derived,
    effect,
    measure,
    rule,
)
from energysim.quantities import Unit


class Layer(BaseModel):
    """Heat kept between two temperatures."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    hot: Temperature
    """Temperature of the rock when the layer is full."""
    cold: Temperature
    """Temperature of the rock when it is empty."""
    volume: Energy
    """Heat a full layer holds."""

    @model_validator(mode="after")
    def _is_layered(self) -> Self:
        if self.hot <= self.cold:
            raise ValueError(f"hot {self.hot:g} degC must be above cold {self.cold:g} degC.")
        return self


class BoreholeStore(Component):
    r"""Keep summer heat in drilled rock; it comes back colder than it went in.

    Layer :math:`k` between two temperatures holds :math:`E_k` and loses :math:`\sigma` of it an hour; heat may sink to
    the next colder layer, :math:`f_k`:

    .. math:: E_{k,t} = (1 - \sigma)^{\Delta t} E_{k,t-1} + \Delta t\,(c_{k,t} - d_{k,t} + f_{k-1,t} - f_{k,t})

    Charging a layer takes heat hotter than it by the exchange difference :math:`\delta`, discharging gives heat colder
    by it. A layer is filled only as far as the colder ones below allow no shortcut: heat sinks, it never rises. The
    power of all layers together is what the boreholes carry, some 30 to 50 W for each metre [1]_ [2]_. Most of what
    it gives needs a heat pump.

    References
    ----------
    .. [1] B. Nordell, Borehole heat store design optimization, Luleå University of Technology, 1994.
    .. [2] Danish Energy Agency, Technology Data for Energy Storage, 2020, seasonal heat storage.
    """

    look: ClassVar[Look] = Look("#4b3b6b", order=71)
    example: ClassVar[str] = (
        "rock: {type: borehole_store, network: town_heat, boreholes: 120 km, exchange: 5 K, layers: {"
        "warm: {hot: 60 degC, cold: 40 degC, volume: 4 GWh}, cool: {hot: 40 degC, cold: 25 degC, volume: 3 GWh}}}"
    )

    layers: Annotated[dict[str, Layer], Field(min_length=1, max_length=4)]
    """Layers from the hottest down; each ends where the next begins."""
    boreholes: Length
    """Length of all boreholes together."""
    power_per_metre: Annotated[float, Unit("W/m"), Field(gt=0)] = 40.0
    """Heat that a metre of borehole takes or gives."""
    exchange: Difference = 5.0
    """Difference between the water and the rock, charging and discharging."""
    standing_loss: Share = 0.00005
    """Share of the heat lost in an hour."""
    pumping: Fee = 0.0
    """Cost of pumping for each MWh in or out."""

    @model_validator(mode="after")
    def _joins_layers(self) -> Self:
        layers = list(self.layers.values())
        for upper, lower in pairwise(layers):
            if abs(upper.cold - lower.hot) > 1e-9:
                raise ValueError(
                    f"a layer ends at {upper.cold:g} degC and the next begins at {lower.hot:g} degC. Name the layers "
                    "from the hottest down, each beginning where the last ends."
                )
        return self

    def ports(self) -> dict[str, Port]:
        """Two ports for each layer."""
        found = {}
        for name in self.layers:
            found[f"charge_{name}"] = Port(Direction.IN, "heat", "network", f"Heat put into layer '{name}'.")
            found[f"discharge_{name}"] = Port(Direction.OUT, "heat", "network", f"Heat taken from layer '{name}'.")
        return found

    @classmethod
    def port_keys(cls) -> dict[str, list[str]]:
        """All ports meet one network."""
        return {"network": []}

    @model_validator(mode="before")
    @classmethod
    def _connect_layers(cls, data: Any) -> Any:
        """Every layer's ports meet the network named."""
        if not isinstance(data, Mapping) or "connections" in data:
            return data
        rest = dict(data)
        network = rest.pop("network", None)
        names = data.get("layers") if isinstance(data.get("layers"), Mapping) else {}
        ends = [f"{way}_{name}" for name in names or {} for way in ("charge", "discharge")]
        return {**rest, "connections": dict.fromkeys(ends, network) if network is not None else {}}

    def variables(self) -> Mapping[str, Variable]:
        """The heat in each layer, and what sinks between them."""
        names = list(self.layers)
        found = {f"level_{name}": Variable("MWh", f"Heat in layer '{name}' at the end of the step.") for name in names}
        sinking = {f"sinking_{name}": Variable("MW", f"Heat that sinks from layer '{name}'.") for name in names[:-1]}
        return found | sinking

    def span(self, port: str, given: Surroundings) -> Span | None:
        """Charging needs water hotter than the rock, discharging gives water colder than it."""
        del given
        way, _, name = port.partition("_")
        layer = self.layers[name]
        shift = self.exchange if way == "charge" else -self.exchange
        return Span(layer.hot + shift, layer.cold + shift)

    def offers(self) -> dict[str, Offer]:
        """What a layer gives below the temperatures that are needed stays in the rock: water returns warmer."""
        most = self.boreholes * self.power_per_metre * 1e-3
        names = [f"discharge_{name}" for name in self.layers]
        return {name: Offer(name, "What the boreholes carry.", lambda part, v, t: most) for name in names}

    @derived("1")
    def kept(self, given: Surroundings) -> Any:
        """Share of the heat still there at the end of the step."""
        return (1.0 - self.standing_loss) ** given.hours

    @rule
    def carry_over(self, v: Any, t: Any) -> Any:
        """Each layer keeps what it had, plus what came in and sank to it, less what went out and sank from it."""
        names, found = list(self.layers), []
        for number, name in enumerate(names):
            gained = getattr(v, f"charge_{name}")[t] - getattr(v, f"discharge_{name}")[t]
            if number > 0:
                gained = gained + getattr(v, f"sinking_{names[number - 1]}")[t]
            if number < len(names) - 1:
                gained = gained - getattr(v, f"sinking_{name}")[t]
            level = getattr(v, f"level_{name}")
            found.append(level[t] == v.kept[t] * level[t - 1] + v.hours[t] * gained)
        return found

    @rule
    def within_volume(self, v: Any, t: Any) -> Any:
        """No layer holds more than its volume."""
        return [getattr(v, f"level_{name}")[t] <= layer.volume for name, layer in self.layers.items()]

    @rule
    def within_boreholes(self, v: Any, t: Any) -> Any:
        """All layers together take and give no more than the boreholes carry."""
        most = self.boreholes * self.power_per_metre * 1e-3
        ways = [[getattr(v, f"{way}_{name}")[t] for name in self.layers] for way in ("charge", "discharge")]
        return [sum(flows[1:], flows[0]) <= most for flows in ways]

    @effect("cost")
    def pumped(self, v: Any, t: Any) -> Any:
        """Cost of pumping."""
        if not self.pumping:
            return None
        flows = [getattr(v, name)[t] for name in self.ports()]
        return self.pumping * sum(flows[1:], flows[0])

    @measure("MWh")
    def given_back(self, v: Any, t: Any) -> Any:
        """Heat taken out over the horizon."""
        return float(sum((v.scale[t] * getattr(v, f"discharge_{name}")[t]).sum() for name in self.layers))
