"""Uncertain years: the scenario with weather, prices, outages and demand drawn anew, each year from its own seed.

Every kind of chance has a stream of its own, numbered by year and, for outages, named by component: designs compared
with one seed meet the very same years.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from energysim.declare import Component
from energysim.scenario import Scenario
from energysim.scenario.annotations import is_annotation
from energysim.scenario.own_years import OwnYears
from energysim.scenario.profiles import anomaly_of, climate_of
from energysim.scenario.reading import Reading
from energysim.scenario.scenario import Place
from energysim.scenario.series import SeriesSetting, read_series
from energysim.traits import Availability
from energysim.units import Converter, Money

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MONTH_SPREAD = np.array([3.1, 4.0, 2.6, 1.3, 1.4, 1.4, 1.5, 1.2, 1.1, 2.0, 2.7, 3.5])
"""Standard deviation of monthly mean temperatures between years. [K]

Luleå-Kallax 1991 to 2022, SMHI open data, less their trend; taken for other climates too.
"""
MONTH_MEMORY = 0.2
"""Correlation of neighbouring months' anomalies, same source."""
_WEATHER, _PRICE, _KIND, _WEEKS, _DEMAND, _MONTHS, _OWN = range(1, 8)
_NEAR = 2
"""Weeks by which a week of a series from a file may be moved."""


@dataclass(frozen=True)
class Draw:
    """The chance of one year."""

    seed: int
    number: int

    def generator(self, stream: int) -> np.random.Generator:
        """A generator of one kind of chance."""
        return np.random.default_rng([self.seed, self.number, stream])

    def whole(self, stream: int) -> int:
        """A seed for generators of the scenario."""
        return int(self.generator(stream).integers(0, 2**31))


def drawn(scenario: Scenario, seed: int, number: int) -> Scenario:
    """Draw one uncertain year.

    Parameters
    ----------
    scenario : Scenario
        The planned year; its ``simulation: {years: ...}`` says what is uncertain.
    seed : int
        The same seed gives the same years.
    number : int
        Number of the year, from 1.

    Returns
    -------
    scenario : Scenario
        With other series; everything else is the same.
    """
    draw, wanted = Draw(seed, number), scenario.simulation.years
    places = _weather(scenario, draw) if wanted.weather else dict(scenario.places)
    if wanted.own is not None:
        one = own_year(wanted.own, draw)
        places |= {name: places[name].in_weather(years[one]) for name, years in wanted.own.weather.items()}
    weeks = _weeks(scenario, draw) if wanted.weather else None
    components = {
        name: _changed(scenario, component, draw, places, weeks) for name, component in scenario.components.items()
    }
    return replace(scenario, places=places, components=components)


def differing(scenario: Scenario) -> list[str]:
    """Name what is drawn anew in each uncertain year of a scenario: nothing that the scenario fixes."""
    wanted = scenario.simulation.years
    own_weather, own_prices = (wanted.own.weather, wanted.own.prices) if wanted.own is not None else ({}, {})
    given = {name: plain(scenario.resolved.get("components", {}).get(name, {})) for name in scenario.components}
    has_weather = any(place.outdoor is not None for place in scenario.places.values())
    has_prices, has_series = bool(own_prices), False
    for name, component in scenario.components.items():
        for field, _ in _series_fields(component):
            spec = given[name].get(field)
            is_generated = isinstance(spec, Mapping) and spec.get("profile") == "electricity_price"
            has_prices |= is_generated
            has_series |= spec is not None and not is_generated
    availabilities = (spec.get("availability") for spec in given.values())
    found = {
        "weather": bool(own_weather) or (wanted.weather and has_weather),
        "prices": has_prices,
        "weeks of series": has_series and wanted.weather and _moves_weeks(scenario),
        "outages": wanted.outages and any(isinstance(one, Mapping) and "mtbf" in one for one in availabilities),
        "demand": wanted.demand_error > 0.0 and any(one.wanted for one in scenario.components.values()),
    }
    return [what for what, is_drawn in found.items() if is_drawn]


def _weather(scenario: Scenario, draw: Draw) -> dict[str, Place]:
    """Draw generated weather anew, the same chance at all places; weather from files by weeks."""
    years = scenario.horizon.hourly_years()
    month = years.stamps().astype("datetime64[M]").astype(int)
    shift = _month_anomalies(draw, int(month[-1] - month[0]) + 1, int(month[0]) % 12)[month - month[0]]
    # Series begin with the horizon, so what is drawn for them and for the weather at once does too.
    inside = (_begin(scenario) if _moves_weeks(scenario) else 0.0, float(years.count))
    found = {}
    for name, place in scenario.places.items():
        spec = plain(scenario.resolved.get("places", {}).get(name, {})).get("climate")
        if place.outdoor is None:
            found[name] = place
            continue
        is_generated = isinstance(spec, str) or (isinstance(spec, Mapping) and "climate" in spec)
        if is_generated:
            fields = {"climate": spec} if isinstance(spec, str) else dict(spec)
            outdoor = climate_of({**fields, "seed": draw.whole(_WEATHER)}, years, scenario.seed) + shift
        else:
            outdoor = place.outdoor[week_order(len(place.outdoor), 168, draw, inside)]
        found[name] = place.in_weather(outdoor)
    return found


def own_year(own: OwnYears, draw: Draw) -> int:
    """Which of the user's own years a simulated year takes: drawn with the seed, or in turn; counted from 0."""
    if own.take == "in_turn":
        return (draw.number - 1) % own.count
    return int(draw.generator(_OWN).integers(0, own.count))


def _month_anomalies(draw: Draw, months: int, first: int) -> Floats:
    """Draw by how much each month is warmer than normal. [K] (month,)"""
    noise = draw.generator(_MONTHS).normal(size=months)
    for month in range(1, months):
        noise[month] = MONTH_MEMORY * noise[month - 1] + np.sqrt(1.0 - MONTH_MEMORY**2) * noise[month]
    return noise * MONTH_SPREAD[(first + np.arange(months)) % 12]


def _weeks(scenario: Scenario, draw: Draw) -> Ints | None:
    """Order of the steps when weeks are drawn from their neighbours; None for horizons of a few weeks.

    Cut out of the order of the whole years, so that series move as the weather does wherever the horizon begins; weeks
    end with it, as nothing is known of a series beyond.
    """
    horizon, first = scenario.horizon, _begin(scenario)
    if not _moves_weeks(scenario):
        return None
    end = first + horizon.count * horizon.step
    steps = np.arange(horizon.count)
    hours = np.floor(first + steps * horizon.step).astype(np.int64)
    order = week_order(horizon.hourly_years().count, 168, draw, (first, end))
    moved = np.round((order[hours] - hours) / horizon.step).astype(np.int64)
    return np.clip(steps + moved, 0, horizon.count - 1)


def _moves_weeks(scenario: Scenario) -> bool:
    """Whether the horizon is long enough for its weeks to be moved."""
    length = round(168.0 / scenario.horizon.step)
    return length >= 1 and scenario.horizon.count >= 8 * length


def _begin(scenario: Scenario) -> float:
    """Hours from the beginning of the calendar years to that of the horizon. [h]"""
    horizon = scenario.horizon
    return float((horizon.start - horizon.hourly_years().start) / np.timedelta64(60, "m"))


def week_order(count: int, length: int, draw: Draw, inside: tuple[float, float] | None = None) -> Ints:
    """Draw for every week a week of the same season, so that series that belong together stay together.

    Weeks are taken from whole ones between the two ends of ``inside``, all where absent; the ends do not move the draw.
    """
    weeks = -(-count // length)
    first, end = inside or (0.0, count)
    low = int(-(-first // length))
    moved = np.arange(weeks) + draw.generator(_WEEKS).integers(-_NEAR, _NEAR + 1, weeks)
    source = np.clip(moved, low, max(low, int(end // length) - 1))
    steps = source[:, None] * length + np.arange(length)
    return np.minimum(steps.ravel()[:count], count - 1)


def _changed(
    scenario: Scenario, component: Component, draw: Draw, places: Mapping[str, Place], weeks: Ints | None
) -> Component:
    """Give a component its series of the year."""
    wanted, changes = scenario.simulation.years, {}
    spec = plain(scenario.resolved.get("components", {}).get(component.name, {}))
    reading = _reading(scenario, component.name, draw, _place_of(scenario, component, places))
    for field, value in _series_fields(component):
        given = spec.get(field)
        if field == "price" and wanted.own is not None and component.name in wanted.own.prices:
            continue
        if isinstance(given, Mapping) and given.get("profile") == "electricity_price":
            changes[field] = _price(given, type(component), field, (scenario, draw, reading))
        elif weeks is not None and isinstance(value, np.ndarray) and given is not None:
            changes[field] = value[weeks]
    if wanted.own is not None and component.name in wanted.own.prices:
        changes["price"] = wanted.own.prices[component.name][own_year(wanted.own, draw)]
    availability = spec.get("availability")
    if wanted.outages and isinstance(availability, Mapping) and "mtbf" in availability:
        given = {key: value for key, value in availability.items() if key != "seed"}
        changes["availability"] = Availability.model_validate(given, context=reading)
    changed = component.model_copy(update=changes) if changes else component
    if not wanted.demand_error:
        return changed
    return _times(changed, max(0.0, 1.0 + wanted.demand_error * float(draw.generator(_DEMAND).normal())))


def _series_fields(component: Component) -> Iterator[tuple[str, Any]]:
    """Walk the fields that may be a series."""
    for field in type(component).model_fields:
        value = getattr(component, field)
        if isinstance(value, np.ndarray):
            yield field, value


def _price(given: Mapping[str, Any], kind: type[Component], field: str, year: tuple[Scenario, Draw, Reading]) -> Any:
    """Draw generated prices anew, of a kind drawn by chance; all markets of an area meet the same year."""
    scenario, draw, reading = year
    chances = scenario.simulation.years.price_years
    chosen = given.get("year_type", "normal")
    if chances:
        weights = np.array(list(chances.values()), float)
        place = int(draw.generator(_KIND).choice(len(weights), p=weights / weights.sum()))
        chosen = list(chances)[place]
    unit = next(word.symbol for word in kind.model_fields[field].metadata if hasattr(word, "symbol"))
    return read_series({**given, "year_type": chosen, "seed": draw.whole(_PRICE)}, unit, reading.setting)


def _reading(scenario: Scenario, name: str, draw: Draw, place: Place | None) -> Reading:
    """What the scenario's own figures are read with, under the year's seed."""
    economy = scenario.economy
    units = _units(economy.currency, economy.price_year, tuple(economy.exchange.items()), economy.inflation)
    folder = Path(scenario.path).parent
    years = scenario.horizon.hourly_years()
    anomaly = None if place is None or place.outdoor is None else anomaly_of(place.outdoor, years)
    setting = SeriesSetting(scenario.horizon, folder, units, draw.seed, True, None, anomaly)
    seed = int(np.random.SeedSequence([draw.seed, draw.number]).generate_state(1)[0])
    return Reading(units, setting, seed, name=name)


@lru_cache(maxsize=8)
def _units(currency: str, price_year: int, exchange: tuple[tuple[str, float], ...], inflation: float) -> Converter:
    """The scenario's units, made once: a table of units takes longer than a year."""
    return Converter(Money(currency, price_year, dict(exchange), inflation))


def _place_of(scenario: Scenario, component: Component, places: Mapping[str, Place]) -> Place | None:
    """A component's place: its own, else that of the first network with one."""
    names = [component.at, *(getattr(scenario.networks.get(n), "at", None) for n in component.connections.values())]
    return next((places[name] for name in names if name is not None and name in places), None)


def _times(value: Any, factor: float) -> Any:
    """Scale what users ask for, of a component or within it; the weather it follows by itself."""
    if isinstance(value, BaseModel):
        fields = {name: getattr(value, name) for name in getattr(value, "wanted", ())}
        return value.model_copy(update={name: _times(field, factor) for name, field in fields.items()})
    if isinstance(value, Mapping):
        return {name: _times(inner, factor) for name, inner in value.items()}
    if isinstance(value, tuple):
        return tuple(_times(inner, factor) for inner in value)
    return None if value is None else value * factor


def plain(value: Any) -> Any:
    """Take sources and confidence out of a resolved part of the scenario."""
    if isinstance(value, Mapping):
        rest = {key: inner for key, inner in value.items() if not is_annotation(key, inner)}
        if "value" in rest and len(rest) == 1 and not isinstance(rest["value"], Mapping | list):
            return rest["value"]
        return {str(key): plain(inner) for key, inner in rest.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value
