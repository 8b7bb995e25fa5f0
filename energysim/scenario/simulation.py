"""What a scenario says about operation without foresight: storage policies, uncertain years, events, security."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from energysim.declare import Duration, Energy, Factor, Power, Share, Temperature
from energysim.errors import suggestion
from energysim.moments import moment
from energysim.quantities import Unit
from energysim.scenario.own_years import OwnYears
from energysim.scenario.sections import Section

Policy = Literal["greedy", "price_rank", "water_values", "operator"]
"""A way to run stores hour by hour."""
Compared = Literal["greedy", "price_rank", "water_values", "operator", "rolling"]
Month = Annotated[int, Field(ge=1, le=12)]
Wrong = tuple[tuple[str, ...], str, str]
"""Keys below the section, what was found, a way out."""


class StoreRule(Section):
    """One rule of an operator for a store; of several that apply in an hour the last counts, key by key."""

    months: tuple[Month, ...] = ()
    """Calendar months in which it applies; always where absent."""
    outdoor_below: Temperature | None = None
    """It applies in hours colder than this."""
    outdoor_above: Temperature | None = None
    """It applies in hours warmer than this."""
    fill_to: Share | None = None
    """Share of the volume below which the store is filled whatever the source costs."""
    charge_below: Annotated[float, Unit("money/MWh")] | None = None
    """Above that content it is charged while a MWh in store costs less than this."""
    discharge_above: Annotated[float, Unit("money/MWh")] | None = None
    """And discharged while a MWh from store saves more than this."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.fill_to is None and self.charge_below is None and self.discharge_above is None:
            raise ValueError("the rule asks for nothing. Give it 'fill_to', 'charge_below' or 'discharge_above'.")
        low, high = self.charge_below, self.discharge_above
        if low is not None and high is not None and low > high:
            raise ValueError(
                f"it charges below {low:g} and discharges above {high:g}, so it would do both in between. "
                "'charge_below' must not be more than 'discharge_above'."
            )
        return self


class Event(Section):
    """A component stops for some time, to see what happens."""

    stop: str
    """Component that stops, or ``largest_supplier``: who gives most heat in the hours of the stop."""
    also: tuple[str, ...] = ()
    """Components that stop with it, such as the other streams of the same plant."""
    network: str | None = None
    """Network whose supply is looked at; needed with ``largest_supplier``, else that of the component."""
    lasting: Duration = 168.0
    """How long it stops."""
    begins: str = "worst"
    """``worst``, or the first moment, such as 2030-01-15."""
    outdoor: Temperature | None = None
    """Outdoor temperature at the network's place meanwhile; the year's own where absent."""

    @field_validator("begins")
    @classmethod
    def _is_in_the_horizon(cls, begins: str, info: ValidationInfo) -> str:
        """Find what is no moment before the plan is made, which takes longest."""
        if begins == "worst":
            return begins
        try:
            first = moment(begins)
        except ValueError as error:
            raise ValueError(f"{error} Or write  worst.") from None
        if info.context is not None and info.context.is_timed:
            stamps = info.context.horizon.stamps()
            if not stamps[0] <= first <= stamps[-1]:
                raise ValueError(
                    f"{begins} lies outside the horizon, from {stamps[0]} to {stamps[-1]}. "
                    "Write a moment within, or  worst."
                )
        return begins


class Years(Section):
    """How uncertain years differ from the planned one; every year is drawn with a seed of its own."""

    weather: bool = True
    """Whether the weather is drawn anew; series from files are drawn week by week, all together."""
    price_years: Mapping[str, Annotated[float, Unit("1"), Field(ge=0)]] = Field(default_factory=dict)
    """Chance of each kind of price year for generated prices; the scenario's own kind where absent."""
    own: OwnYears | None = None
    """Price and weather years from your own series, of which each simulated year takes one."""
    outages: bool = True
    """Whether random outages are drawn anew."""
    demand_error: Share = 0.0
    """Standard error of what users ask for in a year, all alike, known only when it comes; industry's own plans and
    prices are not moved by it."""

    @field_validator("price_years")
    @classmethod
    def _can_be_drawn(cls, chances: Mapping[str, float]) -> Mapping[str, float]:
        if chances and sum(chances.values()) <= 0.0:
            raise ValueError("the chances of the price years add up to nothing. Give at least one more than zero.")
        return chances


class Simulation(Section):
    """How the region is run hour by hour, by ``--engine simulate``."""

    policy: Policy = "water_values"
    """How stores are run."""
    compare: tuple[Compared, ...] = ("greedy", "price_rank", "water_values")
    """Policies whose cost is shown beside; ``rolling`` takes longest."""
    average: Literal["hour", "day", "week", "month"] = "day"
    """Span over which the plan's worth of stored energy is averaged to water values of the planned year."""
    pieces: Annotated[int, Field(ge=1, le=8)] = 4
    """Contents told apart in the monthly water values of uncertain years."""
    look_ahead: Duration = 24.0
    """Hours whose prices ``price_rank`` knows."""
    expected_run: Duration = 12.0
    """Hours over which an operator spreads the cost of a start when deciding on it."""
    priority: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    """By network, components with  switching  in the order in which they are switched on, off in the reverse: the next
    starts when those before it are at their limit and it makes the hour cheaper."""
    rules: Mapping[str, tuple[StoreRule, ...]] = Field(default_factory=dict)
    """Rules by store, for the policy ``operator``."""
    years: Years = Field(default_factory=Years)
    """Uncertain years, for ``--years``."""
    events: Mapping[str, Event] = Field(default_factory=dict)
    """Stops to be tried, by name."""

    def wrong(
        self, components: Mapping[str, Any], networks: Mapping[str, Any], places: Mapping[str, Any]
    ) -> Iterator[Wrong]:
        """Walk what does not fit the rest of the scenario."""
        if self.years.own is not None:
            for keys, found, way_out in self.years.own.wrong(components, places):
                yield ("years", "own", *keys), found, way_out
        for store in self.rules:
            if store not in components:
                yield ("rules", store), f"There is no component '{store}'.", suggestion(store, components)
        if self.policy == "operator" and not self.rules:
            yield ("policy",), "The policy 'operator' has no rules.", "Write them under  simulation: {rules: ...}."
        yield from self._wrong_priority(components, networks)
        yield from self._wrong_events(components, networks)

    def _wrong_events(self, components: Mapping[str, Any], networks: Mapping[str, Any]) -> Iterator[Wrong]:
        for name, event in self.events.items():
            path = ("events", name)
            if event.stop != "largest_supplier" and event.stop not in components:
                way_out = suggestion(event.stop, ["largest_supplier", *components])
                yield (*path, "stop"), f"There is no component '{event.stop}'.", way_out
            for one in event.also:
                if one not in components:
                    yield (*path, "also"), f"There is no component '{one}'.", suggestion(one, components)
            if event.network is not None and event.network not in networks:
                found = f"There is no network '{event.network}'."
                yield (*path, "network"), found, suggestion(event.network, networks)
            if event.network is None and event.stop == "largest_supplier":
                yield path, f"'{name}' does not say of which network.", "Add  network:  with its name."

    def _wrong_priority(self, components: Mapping[str, Any], networks: Mapping[str, Any]) -> Iterator[Wrong]:
        seen: set[str] = set()
        for network, order in self.priority.items():
            path = ("priority", network)
            if network not in networks:
                yield path, f"There is no network '{network}'.", suggestion(network, networks)
            for one in order:
                component = components.get(one)
                if one not in components:
                    yield path, f"There is no component '{one}'.", suggestion(one, components)
                elif component is None:
                    continue
                elif not any("on" in trait.variables() for _, trait, _ in component.traits()):
                    yield path, f"'{one}' cannot be switched on and off.", "Give it 'switching', or leave it out."
                elif network in networks and network not in component.connections.values():
                    yield path, f"'{one}' is not on the network '{network}'.", "Name it under the network it serves."
                elif one in seen:
                    yield path, f"'{one}' has two places in the order.", "Name it once."
                seen.add(one)


class SecuredNetwork(Section):
    """A heat network that must be served when any one supplier is lost."""

    margin: Factor = 0.0
    """Share by which the demand may exceed the largest of the year."""
    outage: Duration = 168.0
    """How long a supplier may be away; stores must last that long with what they hold in reserve."""
    suppliers: tuple[str, ...] = ()
    """Components whose loss is met, one at a time; every supplier of the network where absent."""
    together: tuple[tuple[str, ...], ...] = ()
    """Suppliers that are lost at one blow, such as the streams of one plant."""
    curtailable: Power = 0.0
    """Demand that may be cut meanwhile."""
    reserve: Mapping[str, Energy] = Field(default_factory=dict)
    """Energy kept in stores, by component; decided where a store is not named."""


class Security(Section):
    """Loss of any one heat supplier as a condition of the plan."""

    networks: Mapping[str, SecuredNetwork]
    """Networks secured."""

    def wrong(
        self, components: Mapping[str, Any], networks: Mapping[str, Any], places: Mapping[str, Any]
    ) -> Iterator[Wrong]:
        """Walk what does not fit the rest of the scenario; it names no places."""
        for name, secured in self.networks.items():
            if name not in networks:
                yield ("networks", name), f"There is no network '{name}'.", suggestion(name, networks)
            joined = tuple(one for group in secured.together for one in group)
            named_in = (("suppliers", secured.suppliers), ("together", joined), ("reserve", secured.reserve))
            for key, named in named_in:
                for one in named:
                    if one not in components:
                        yield ("networks", name, key), f"There is no component '{one}'.", suggestion(one, components)
