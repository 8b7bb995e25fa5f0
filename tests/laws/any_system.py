"""Random valid systems of all component types: examples that meet at common networks, their figures drawn anew."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, get_args

import numpy as np
from hypothesis import strategies as st
from pydantic import BaseModel

from energysim.components import component_types
from energysim.declare import Component
from energysim.quantities import Series, Unit
from energysim.scenario.horizon import Horizon
from energysim.scenario.network import Network
from energysim.scenario.scenario import Scenario
from energysim.testing import example_scenario
from energysim.traits import Availability, Ramps, Sizing

LEFT_OUT: dict[str, str] = {}
"""Types that no system has, with the reason: none."""
DRAWN = sorted(set(component_types()) - set(LEFT_OUT))

MARKETS = ("_source", "_sink", "_trade", "example_burner", "example_need")
"""Ends of the names of what examples are put among."""
CROWD = 5
"""Types in a system besides the one that is asked for."""
EXTENSIVE = {
    "MW", "MWh", "t/h", "t", "t/a", "m3/s", "Mm3", "m3", "money", "money/h", "money/a", "money/month", "person",
}  # fmt: skip
"""Units of what grows with the size of a system."""
EXTENSIVE_NAMES, INTENSIVE_NAMES = {"boreholes", "jobs"}, {"household"}
"""Parameters that grow with it, or do not, though their unit says otherwise."""


@dataclass(frozen=True)
class Drawn:
    """What a random system is made of."""

    types: tuple[str, ...]
    seed: int
    hours: int
    is_whole: bool = False
    """Whether plants may be switched on and off, which takes whole numbers."""
    coupling: str = "series"


LUKEWARM = {"pit_store", "stratified_tank", "borehole_store", "heat_pipe"}
"""Types that give heat below the supply of a network, which refuses them where it asks for full temperature."""


def systems(*, is_whole: bool = False, without: Iterable[str] = ()) -> st.SearchStrategy[Drawn]:
    """Draw systems of a few types over 3 to 24 hours."""
    names = st.sampled_from([name for name in DRAWN if name not in set(without)])
    return st.builds(
        Drawn,
        types=st.lists(names, min_size=1, max_size=CROWD + 1, unique=True).map(tuple),
        seed=st.integers(0, 10_000),
        hours=st.sampled_from([3, 6, 12, 24]),
        is_whole=st.just(False) if not is_whole else st.booleans(),
        coupling=st.sampled_from(["series", "parallel", "full_temperature_required"]),
    )


def around(name: str, seed: int, without: Iterable[str] = (), **fields: Any) -> Drawn:
    """Draw a system that has a type."""
    draw = np.random.default_rng([seed, DRAWN.index(name)])
    others = [other for other in DRAWN if other != name and other not in set(without)]
    crowd = draw.choice(others, CROWD, replace=False).tolist()
    return Drawn((name, *crowd), seed, int(draw.choice([3, 6, 12])), **fields)


@cache
def _examples(types: tuple[str, ...]) -> Scenario:
    return example_scenario(*(component_types()[name] for name in types))


def coupling_of(drawn: Drawn) -> str:
    """How its heat networks take colder sources: in series where full temperature cannot be asked for."""
    is_refused = drawn.coupling == "full_temperature_required" and LUKEWARM & set(drawn.types)
    return "series" if is_refused else drawn.coupling


def scenario_of(drawn: Drawn) -> Scenario:
    """Make the system: the same draw gives the same one."""
    small = _examples(drawn.types)
    draw = np.random.default_rng(drawn.seed)
    horizon = Horizon(
        start=np.datetime64("2030-01-07T00:00", "m"), step=1.0, count=drawn.hours, clock="UTC", annual_costs="full"
    )
    outdoor = np.random.default_rng(drawn.seed).uniform(-25.0, 12.0) + draw.normal(0.0, 3.0, 8760)
    return replace(
        small,
        horizon=horizon,
        places={name: place.model_copy(update={"outdoor": outdoor}) for name, place in small.places.items()},
        networks={name: _network(draw, network, coupling_of(drawn)) for name, network in small.networks.items()},
        components={name: _varied(draw, part, drawn) for name, part in small.components.items()},
    )


def _network(draw: Any, network: Network, coupling: str) -> Network:
    """Let supply and return of a heat network follow the weather, its approach and losses be any."""
    if network.carrier != "heat":
        return network
    fields = network.model_dump(by_alias=True) | {
        "supply": {"outdoor": [-25.0, 5.0], "temperature": [draw.uniform(90.0, 110.0), draw.uniform(81.0, 89.0)]},
        "return": draw.uniform(36.0, 44.0),
        "approach": draw.uniform(1.0, 7.0),
        "coupling": coupling,
        "losses": {"share": draw.uniform(0.0, 0.1)},
    }
    return Network.model_validate(fields)


def _varied(draw: Any, part: Component, drawn: Drawn) -> Component:
    """Draw the figures of a component anew, within what its type allows; markets around it keep their size."""
    is_market = part.name.endswith(MARKETS)
    changes: dict[str, Any] = {}
    for name, field in type(part).model_fields.items():
        value = getattr(part, name)
        new = value if is_market and name != "price" else _drawn(draw, field, value, drawn.hours)
        if new is not value:
            changes[name] = new
    if not is_market:
        changes |= _with_traits(draw, part, drawn)
    if getattr(part, "capacity", part) is None:
        # A share of a capacity that is not there is refused.
        changes.pop("availability", None)
    return part.replaced(**changes)


def _drawn(draw: Any, field: Any, value: Any, hours: int) -> Any:
    """Draw one figure anew: sizes, shares, loads and prices by the hour."""
    symbol = symbol_of(field)
    if isinstance(value, Sizing):
        return _sized(draw, value)
    if isinstance(value, Availability):
        return Availability(share=draw.uniform(0.4, 1.0, hours))
    if not isinstance(_word(field), Series) or not isinstance(value, float | np.ndarray):
        return value
    value = np.resize(value, hours) if isinstance(value, np.ndarray) else value
    if symbol in {"MW", "t/h"}:
        return value * draw.uniform(0.3, 1.0, hours)
    return value * draw.uniform(0.5, 1.5, hours) if str(symbol).startswith("money/") else value


def _with_traits(draw: Any, part: Component, drawn: Drawn) -> dict[str, Any]:
    """Ramps and switching for what has a size; a process makes what pays, as a year's product is not made in a day."""
    found: dict[str, Any] = {}
    if part.type_name() == "process":
        found |= {"annual": None, "margin": draw.uniform(10.0, 80.0)}
    capacity = getattr(part, "capacity", None)
    if not isinstance(capacity, Sizing) or not 0.0 < capacity.most < np.inf:
        return found
    if getattr(part, "ramps", "none") is None and draw.random() < 0.3:
        found["ramps"] = Ramps(up=0.4, down=0.4)
    if getattr(part, "switching", "none") is None and drawn.is_whole and draw.random() < 0.5:
        least = 0.0 if part.type_name() == "chp_region" else 0.3  # its points say where it begins
        found["switching"] = {"minimum_load": least, "start_cost": float(draw.uniform(1.0, 500.0))}
    return found


def _sized(draw: Any, size: Sizing) -> Sizing:
    """Make a size that stands larger or smaller, or a decision."""
    if size.is_decision:
        return size
    if draw.random() < 0.3 and size.unit != "1":
        investment = float(draw.uniform(0.0, 60.0))
        return size.model_copy(update={"existing": 0.0, "max": 2.0 * size.existing, "investment": investment,
                                       "lifetime": 20.0})  # fmt: skip
    return size.model_copy(update={"existing": size.existing * (1.0 if size.unit == "1" else draw.uniform(0.5, 2.0))})


def symbol_of(field: Any) -> str | None:
    """Unit of a parameter, where it has one."""
    word = _word(field)
    return None if word is None else word.symbol


def _word(field: Any) -> Unit | Series | None:
    """Find the unit in a field's annotation, however deep."""
    open_: list[Any] = [*field.metadata, *get_args(field.annotation)]
    while open_:
        word = open_.pop(0)
        if isinstance(word, Unit | Series):
            return word
        open_ += get_args(word)
    return None


def scaled(value: Any, factor: float) -> Any:
    """Multiply all that is counted in units of size, in a component and in all below it."""
    if isinstance(value, BaseModel):
        changes = {}
        for name, field in type(value).model_fields.items():
            inner = getattr(value, name)
            is_extensive = name in EXTENSIVE_NAMES or (symbol_of(field) in EXTENSIVE and name not in INTENSIVE_NAMES)
            if is_extensive and isinstance(inner, float | int | np.ndarray) and not isinstance(inner, bool):
                changes[name] = inner * factor
            elif isinstance(inner, BaseModel | dict | tuple):
                changes[name] = scaled(inner, factor)
        return value.model_copy(update=changes)
    if isinstance(value, dict):
        return {key: scaled(inner, factor) for key, inner in value.items()}
    return tuple(scaled(inner, factor) for inner in value) if isinstance(value, tuple) else value


def with_sizes(scenario: Scenario, factor: float) -> Scenario:
    """Give every size that stands, and the most of every one that is decided, times a factor."""

    def grown(part: Component) -> Component:
        changes = {}
        for name in type(part).model_fields:
            size = getattr(part, name)
            if isinstance(size, Sizing) and size.unit != "1":
                most = None if size.max is None else size.max * factor
                changes[name] = size.model_copy(update={"existing": size.existing * factor, "max": most})
        return part.model_copy(update=changes)

    return replace(scenario, components={name: grown(part) for name, part in scenario.components.items()})


def with_availability(scenario: Scenario, share: float) -> Scenario:
    """Give every plant that can be available the share of its availability."""

    def idler(part: Component) -> Component:
        changes = {
            name: Availability(share=share * np.asarray(value.share))
            for name in type(part).model_fields
            if isinstance(value := getattr(part, name), Availability)
        }
        return part.model_copy(update=changes)

    return replace(scenario, components={name: idler(part) for name, part in scenario.components.items()})


def with_approach(scenario: Scenario, share: float) -> Scenario:
    """Give the exchangers of every heat network a share of their approach."""
    networks = {
        name: network.model_copy(update={"approach": network.approach * share})
        for name, network in scenario.networks.items()
    }
    return replace(scenario, networks=networks)
