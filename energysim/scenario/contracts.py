"""Contracts: who sells what to whom, and how the price is found."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from energysim.declare import Array, Component, Direction, FactorSeries, Share, Temperature
from energysim.errors import suggestion
from energysim.quantities import Series, Unit
from energysim.scenario.network import Network
from energysim.scenario.route import NoRouteError, Route, route
from energysim.scenario.sections import Section

PRICES = ("fixed", "indexed", "alternative_cost", "marginal", "share_of_saving")
"""Ways to find the price of energy."""
COUNTERFACTUAL = ("alternative_cost", "share_of_saving")
"""Those that need to know what the region would cost without the flow."""
SAME = 1e-6
Price = Annotated[float, Unit("money/amount")]
"""Of a MWh, or of a tonne where the flow is counted in tonnes."""
PriceSeries = Annotated[float | Array, Series("money/amount")]


class Indexed(Section):
    """A price that follows an index."""

    base: Price
    """Price at an index of one."""
    index: FactorSeries
    """The index, one for the base; hour by hour or a number."""


class ContractPrice(Section):
    r"""How the price is found: one way for the energy, and a payment for capacity on top where agreed.

    ``alternative_cost`` pays a share of what the buyer would have paid without the flow, :math:`s\,(C_{without} -
    C_{with})`; ``marginal`` a factor times what one more MWh is worth in the buyer's network in that hour;
    ``share_of_saving`` gives the seller its own cost back and a share of what both save together [1]_.

    References
    ----------
    .. [1] Svensk Fjärrvärme, Profu, Principer för värdering av spillvärme, 2005:3.
    """

    fixed: PriceSeries | None = None
    """The price itself; may change from hour to hour."""
    indexed: Indexed | None = None
    """A price that follows an index."""
    alternative_cost: Share | None = None
    """Share of the cost of what the buyer would use instead."""
    marginal: Annotated[float, Unit("1"), Field(ge=0)] | None = None
    """Factor on the marginal price in the buyer's network."""
    share_of_saving: Share | None = None
    """Share of the common saving that is the seller's."""
    capacity: Annotated[float, Unit("money/rate/a"), Field(ge=0)] = 0.0
    """Paid each year for the largest flow, on top."""

    @model_validator(mode="after")
    def _has_one_way(self) -> Self:
        named = [word for word in PRICES if getattr(self, word) is not None]
        if len(named) != 1:
            found = f"the price is found in {len(named)} ways: {', '.join(named)}." if named else "there is no price."
            raise ValueError(f"{found} Give one of {', '.join(PRICES)}, such as  fixed: 200 SEK/MWh.")
        return self

    @property
    def way(self) -> str:
        """How the price of energy is found."""
        return next(word for word in PRICES if getattr(self, word) is not None)


class Guarantee(Section):
    """What the seller promises, and pays where it fails."""

    at_least: Annotated[float, Unit("1"), Field(gt=0, le=1)]
    """Share of the hours in which the seller's component must be able to run."""
    power: Annotated[float, Unit("rate"), Field(gt=0)]
    """Power promised, or tonnes in an hour."""
    penalty: Price
    """Paid for each MWh or tonne short of the promise."""


class TakeOrPay(Section):
    """What the buyer pays for whether it takes it or not."""

    energy: Annotated[float, Unit("amount"), Field(ge=0)]
    """Least energy paid for, in a year, or tonnes."""
    price: Price
    """Paid for each MWh or tonne not taken."""


class Shares(Section):
    """Who pays for the connection."""

    seller: Share = 0.0
    """Share of the seller."""
    buyer: Share = 0.0
    """Share of the buyer."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        total = self.seller + self.buyer
        if abs(total - 1.0) > SAME:
            raise ValueError(
                f"the shares add up to {100.0 * total:g} %. Somebody has to pay the rest: they must add up to 100 %."
            )
        return self


class Contract(Section):
    """An agreement between two actors about a flow; its price is settled after the run."""

    seller: str
    """Actor who gives."""
    buyer: str
    """Actor who takes."""
    flow: str
    """Component whose flow is meant, or one of its flows as  component.flow ."""
    to: str | None = None
    """Component of the buyer, or one of its flows, that takes it from the network in which both meet, whoever owns
    that: each hour the smaller of what is given and taken, as far as temperatures let it pass. Where absent, all of
    the flow runs between seller and buyer."""
    price: ContractPrice
    """How the price is found, such as  {share_of_saving: 50 %}."""
    take_or_pay: TakeOrPay | None = None
    """Energy the buyer pays for in any case; the plan knows that it is paid."""
    availability: Guarantee | None = None
    """Promise of the seller, and what it pays where it fails."""
    temperature: Temperature | None = None
    """Supply temperature below which deliveries are not paid."""
    connection: Literal["seller", "buyer"] | Shares | None = None
    """Who pays the yearly cost of the connection; the owner of the component where absent."""
    priority: Annotated[float, Unit("money/amount"), Field(ge=0)] | None = None
    """How much cheaper something else must be before it is used instead; the plan follows it."""

    @property
    def component(self) -> str:
        """Component of the flow."""
        return self.flow.partition(".")[0]

    @property
    def components(self) -> set[str]:
        """Every component it names."""
        return {self.component, *([self.to.partition(".")[0]] if self.to else [])}

    def ports(self, components: Mapping[str, Component]) -> list[str]:
        """Ports whose flow is meant: what the seller's component gives, or what the buyer's takes."""
        return _ports(components, self.flow, self.to, self.buyer)

    def route(self, components: Mapping[str, Component]) -> Route:
        """How the flow gets from the seller's component to the buyer's, where both are named."""
        assert self.to is not None
        return route(components, self.flow, self.to, ("flow", "to"))

    def wrong(
        self, components: Mapping[str, Component], networks: Mapping[str, Network], actors: Mapping[str, Any]
    ) -> Iterator[tuple[str, str, str, str]]:
        """Walk what does not fit: key, what was found, what is needed, a way out."""
        for key in ("seller", "buyer"):
            word = getattr(self, key)
            if word not in actors:
                yield key, f"There is no actor '{word}'.", "", suggestion(word, actors)
        component = components.get(self.component)
        if component is None:
            yield "flow", f"There is no component '{self.component}'.", "", suggestion(self.component, components)
            return
        port = self.flow.partition(".")[2]
        if port and port not in component.ports():
            yield "flow", f"'{self.component}' has no flow '{port}'.", "", suggestion(port, component.ports())
            return
        if self.seller == self.buyer:
            yield "buyer", f"'{self.buyer}' sells to itself.", "A contract is between two actors.", ""
            return
        amounts = _amounts(component, self.ports(components), networks) if self.to is None else {}
        if len(set(amounts.values())) > 1:
            flows = ", ".join(f"{self.component}.{name} in {amount}" for name, amount in amounts.items())
            yield "flow", f"It is about {flows}.", "A contract counts in one of them.", "Name one flow."
        if self.priority and len(self.ports(components)) > 1:
            flows = ", ".join(f"{self.component}.{name}" for name in self.ports(components))
            yield "flow", "The priority needs one flow.", "", f"Name one of {flows}, in a contract each."
        yield from self._strangers(component, networks) if self.to is None else self._strays(components, networks)

    def _strays(
        self, components: Mapping[str, Component], networks: Mapping[str, Network]
    ) -> Iterator[tuple[str, str, str, str]]:
        """Find a flow that does not reach the buyer's component through a network, or may not."""
        try:
            met = self.route(components)
        except NoRouteError as error:
            yield error.key, error.found, "", error.way_out
            return
        for key, party, (name, _) in (("flow", self.seller, met.supplier), ("to", self.buyer, met.user)):
            owner = components[name].owner
            if owner != party:
                found = f"'{name}' belongs to {owner or 'nobody'}."
                way_out = f"Give it  owner: {party} , or name another component."
                yield key, found, f"With 'to' it must belong to {party}.", way_out
        for match in networks[met.network].forbidden if met.network in networks else ():
            if met.supplier[0] in match.suppliers and met.user[0] in match.users:
                found = f"'{met.network}' forbids heat of '{met.supplier[0]}' for '{met.user[0]}'."
                yield "to", found, "", "Remove the contract or the forbidden match."

    def _strangers(self, component: Component, networks: Mapping[str, Network]) -> Iterator[tuple[str, str, str, str]]:
        """Find a flow that does not run between seller and buyer."""
        if component.owner not in (self.seller, self.buyer):
            found = f"'{self.component}' belongs to {component.owner or 'nobody'}."
            needed = f"It must belong to {self.seller} or {self.buyer}."
            yield "flow", found, needed, f"Give it  owner: {self.seller} , or name another flow."
            return
        other = self.buyer if component.owner == self.seller else self.seller
        met = [component.connections[name] for name in self.ports({self.component: component})]
        owners = {network: networks[network].owner for network in met if network in networks}
        if not any(owner in (None, other) for owner in owners.values()):
            reached = ", ".join(f"'{network}' of {owner}" for network, owner in owners.items()) or "no network"
            found = f"No flow of '{self.component}' runs between {self.seller} and {self.buyer}: it meets {reached}."
            way_out = f"Name a flow into a network of {other}, or under  to:  what of {self.buyer} takes it there."
            yield "flow", found, "", way_out


def amount_of(given: Mapping[str, Any], components: Mapping[str, Component], networks: Mapping[str, Network]) -> str:
    """What the flow of a contract as it is written is counted in, ``MWh`` or ``t``; MWh where that is not clear."""
    flow, to = given.get("flow"), given.get("to")
    if not isinstance(flow, str) or not isinstance(to, str | None) or flow.partition(".")[0] not in components:
        return "MWh"
    try:
        ports = _ports(components, flow, to, given.get("buyer"))
    except NoRouteError:
        return "MWh"
    amounts = set(_amounts(components[flow.partition(".")[0]], ports, networks).values())
    return "t" if amounts == {"t"} else "MWh"


def _ports(components: Mapping[str, Component], flow: str, to: str | None, buyer: Any) -> list[str]:
    name, _, port = flow.partition(".")
    if port:
        return [port]
    if to is not None:
        return [route(components, flow, to, ("flow", "to")).supplier[1]]
    component = components[name]
    way = Direction.IN if component.owner == buyer else Direction.OUT
    return [one for one, its in component.ports().items() if its.direction is way and one in component.connections]


def _amounts(component: Component, ports: Iterable[str], networks: Mapping[str, Network]) -> dict[str, str]:
    """What each flow is counted in; a fuel's in MWh."""
    met = {port: networks.get(component.connections.get(port, "")) for port in ports}
    return {port: "MWh" if network is None else network.unit for port, network in met.items()}


def wrong_together(
    contracts: Mapping[str, Contract], components: Mapping[str, Component], networks: Mapping[str, Network]
) -> Iterator[tuple[tuple[str, str], str, str, str]]:
    """Walk what keeps contracts that are fine one by one from being booked: path, found, needed, a way out."""
    for path, found in _ownerless(components, networks):
        yield path, found, "The contracts ask who pays.", "Give it an  owner."
    sold: dict[str, list[str]] = {}
    preferred: dict[str, str] = {}
    for name, contract in contracts.items():
        if contract.priority and contract.to is None:
            other = preferred.setdefault(contract.component, name)
            if other != name:
                found = f"'{contract.component}' has a priority by contract '{other}' already."
                yield ("contracts", name), found, "", "Give it one priority, or say under  to:  who takes each flow."
        for port in contract.ports(components):
            flow = f"{contract.component}.{port}"
            for other in sold.setdefault(flow, []):
                if contract.to in (None, contracts[other].to) or contracts[other].to is None:
                    way_out = f"Sell each part in one contract, with  to:  who takes it, or remove '{name}'."
                    yield ("contracts", name), f"'{flow}' is sold by contract '{other}' already.", "", way_out
            sold[flow].append(name)


def _ownerless(
    components: Mapping[str, Component], networks: Mapping[str, Network]
) -> Iterator[tuple[tuple[str, str], str]]:
    """Walk what has no owner where money is to be booked by owner: path, what was found."""
    for name, component in components.items():
        if component.owner is None:
            yield ("components", name), f"'{name}' has no owner."
    for name, network in networks.items():
        owners = {c.owner for c in components.values() if name in c.connections.values() and c.owner}
        if network.owner is None and len(owners) > 1:
            yield ("networks", name), f"'{name}' has no owner, and {', '.join(sorted(owners))} meet there."
