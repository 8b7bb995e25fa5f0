"""Screening without optimisation: targets of the sites, what lower temperatures unlock, who could supply whom."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from energysim.hydraulics.pipes import Design, pipes
from energysim.scenario.scenario import Scenario
from energysim.symbiosis.pinch import Stream, Targets, problem_table, usable
from energysim.symbiosis.streams import Flow, Material, heat_flows, materials
from energysim.system import System, assemble
from energysim.system.network import Network
from energysim.traits.sizing import annuity

Floats = NDArray[np.float64]

SUPPLY = np.arange(50.0, 111.0, 5.0)
"""Supply temperatures looked at. [degC]"""
RETURNS = np.arange(30.0, 61.0, 5.0)
"""Return temperatures looked at. [degC]"""
DETOUR = 1.3
"""Length of a route over the straight line."""
PIPE_LIFE = 40.0
"""[a]"""
WORTH = 30.0
"""Worth of a MWh of heat that need not be made, where the user names none. [EUR/MWh]"""
EARTH = 6371.0
"""Radius. [km]"""


@dataclass(frozen=True)
class Setting:
    """What the rough costs are counted with."""

    currency: str
    worth: float
    """Worth of a MWh of heat that need not be made. [money/MWh]"""
    euro: float
    """[money/EUR]"""
    discount_rate: float
    year_share: float = 1.0
    """Share of a year that the horizon covers."""


@dataclass(frozen=True)
class Site:
    """One site's least heating and cooling, and what it could lead out after recovering its own heat."""

    name: str
    targets: Targets
    """At the mean load of the horizon."""
    given: float
    """Heat that is left over. [MWh]"""
    taken: float
    """Heat that is needed. [MWh]"""


@dataclass(frozen=True)
class Screening:
    """Everything a screening finds."""

    title: str
    setting: Setting
    flows: tuple[Flow, ...]
    streams: tuple[Stream, ...]
    """The same at their mean load over the horizon."""
    sites: tuple[Site, ...]
    region: Targets
    """All streams as if they lay side by side, at the mean load."""
    monthly: pd.DataFrame
    """``month, given, taken, heating, cooling`` of the region. [MWh]"""
    unlocked: NDArray[np.float64]
    """Heat of each source that is hot enough by itself. [MWh] (source, supply, return, month)"""
    led_out: pd.DataFrame
    """``site, network, heat``: heat a site could give a network after its own recovery, without more heating. [MW]"""
    pairs: pd.DataFrame
    """One row per source and sink; see :func:`pair_table`."""
    materials: pd.DataFrame
    """``carrier, source, sink, source_site, sink_site``, ``distance`` [km], ``given, taken`` [unit], ``connected``."""
    remarks: tuple[str, ...]
    months: tuple[str, ...]

    @property
    def sources(self) -> list[Flow]:
        """What is left over."""
        return [flow for flow in self.flows if flow.gives]


def screen(scenario: Scenario, worth: float | None = None) -> Screening:
    """Screen a scenario for what its sites could share.

    Parameters
    ----------
    scenario : Scenario
        Checked.
    worth : float, optional
        Worth of a MWh of heat that need not be made, for break-even distances. [money/MWh]

    Returns
    -------
    screening : Screening
    """
    system = assemble(scenario)
    flows, remarks = heat_flows(scenario, system)
    euro = 1.0 if scenario.economy.currency == "EUR" else scenario.economy.exchange.get("EUR", 0.0)
    currency = scenario.economy.currency if euro else "EUR"
    euro = euro or 1.0
    worth = WORTH * euro if worth is None else worth
    setting = Setting(currency, worth, euro, scenario.economy.discount_rate, system.time.year_share)
    months = _months(system)
    return Screening(
        title=scenario.title,
        setting=setting,
        flows=tuple(flows),
        streams=tuple(flow.mean_stream(system.time.scale) for flow in flows),
        sites=tuple(_sites(flows, system)),
        region=_targets(flows, system.time.scale),
        monthly=_monthly(flows, system, months),
        unlocked=_unlocked([f for f in flows if f.gives], system, months),
        led_out=_led_out(flows, system),
        pairs=pair_table(flows, scenario, system, setting),
        materials=_material_table(materials(scenario, system), scenario),
        remarks=tuple(remarks),
        months=tuple(months),
    )


def pair_table(flows: Sequence[Flow], scenario: Scenario, system: System, setting: Setting) -> pd.DataFrame:
    r"""Say for every source and sink how well they fit and how far apart they may be.

    In each hour the source gives what of its heat lies above the sink's return temperature; hot enough for the supply
    it serves alone, else it preheats as far as it reaches, :math:`D (T_x - T_r) / (T_f - T_r)`; the rest asks for a
    heat pump. A sink in another network lies behind one more exchanger.

    Returns
    -------
    table : DataFrame
        ``source, sink, source_site, sink_site, distance`` [km, NaN where a place is unknown], ``margin`` [K, above the
        supply on the mean], ``direct, preheat, lift`` [MWh, as much as the demand takes], ``overlap`` [1, share of the
        source's heat that meets demand without a heat pump], ``power`` [MW, largest use], ``diameter`` [mm],
        ``pipe`` [money], ``break_even`` [km].
    """
    demands = [flow for flow in flows if not flow.gives]
    rows = []
    for source in (flow for flow in flows if flow.gives):
        for sink in demands:
            fit = _fit(source, sink, system)
            if fit.direct + fit.preheat + fit.lift > 0.0:
                rows.append(vars(fit) | _laid(fit, _distance(source.place, sink.place, scenario), setting))
    table = pd.DataFrame(rows)
    return table.sort_values(["direct", "preheat", "lift"], ascending=False, ignore_index=True) if rows else table


@dataclass(frozen=True)
class _Fit:
    """How a source serves a sink; columns of the table of pairs."""

    source: str
    sink: str
    source_site: str
    sink_site: str
    margin: float
    direct: float
    preheat: float
    lift: float
    overlap: float
    power: float


def _fit(source: Flow, sink: Flow, system: System) -> _Fit:
    extra = 0.0
    if source.network != sink.network:
        extra = system.networks[sink.network].approach if sink.network else sink.approach
    hot, cold, supply, returned = source.hot - extra, source.cold - extra, sink.hot, sink.cold
    reaches = _part_above(hot, cold, returned) * source.load
    is_hot = hot >= supply - 1e-9
    width = np.maximum(supply - returned, 1e-9)
    heatable = sink.load * np.clip((hot - returned) / width, 0.0, 1.0)
    direct = np.where(is_hot, np.minimum(reaches, sink.load), 0.0)
    preheat = np.where(is_hot, 0.0, np.minimum(reaches, heatable))
    lift = np.minimum(source.load - direct - preheat, sink.load - direct - preheat)
    scale = system.time.scale
    offered = float(source.load @ scale)
    return _Fit(
        source=source.title,
        sink=sink.title,
        source_site=source.site,
        sink_site=sink.site,
        margin=float(np.average(hot - supply, weights=np.maximum(source.load, 1e-12))),
        direct=float(direct @ scale),
        preheat=float(preheat @ scale),
        lift=float(np.maximum(lift, 0.0) @ scale),
        overlap=float((direct + preheat) @ scale) / offered if offered > 0.0 else 0.0,
        power=float(np.max(direct + preheat, initial=0.0)),
    )


def _part_above(hot: Floats, cold: Floats, floor: Floats | float) -> Floats:
    """Part of a stream's heat that lies above a temperature. (step,)"""
    width = hot - cold
    spread = np.clip((hot - floor) / np.where(width > 1e-6, width, 1.0), 0.0, 1.0)
    return np.where(width > 1e-6, spread, (hot >= floor - 1e-9).astype(float))


def _material_table(found: Sequence[Material], scenario: Scenario) -> pd.DataFrame:
    """Set givers and takers of one carrier side by side; who has no partner stands alone."""
    rows = []
    for carrier in dict.fromkeys(one.carrier for one in found):
        givers, takers = ([m for m in found if m.carrier == carrier and m.gives is gives] for gives in (True, False))
        pairs = itertools.product(givers or [None], takers or [None])  # type: ignore[list-item]
        for giver, taker in pairs:
            known = [one for one in (giver, taker) if one is not None]
            both = len(known) == 2
            rows.append(
                {
                    "carrier": carrier,
                    "source": giver.title if giver else "",
                    "sink": taker.title if taker else "",
                    "source_site": giver.site if giver else "",
                    "sink_site": taker.site if taker else "",
                    "distance": _distance(known[0].place, known[1].place, scenario) if both else math.nan,
                    "given": giver.amount if giver else math.nan,
                    "taken": taker.amount if taker else math.nan,
                    "unit": known[0].unit,
                    "connected": both and known[0].network == known[1].network,
                }
            )
    return pd.DataFrame(rows)


def _distance(source: str, sink: str, scenario: Scenario) -> float:
    """Length of a route between two places; none within one place. [km]"""
    if source == sink:
        return 0.0 if source else math.nan
    ends = [scenario.places.get(place) for place in (source, sink)]
    points = [end.location for end in ends if end is not None and end.location is not None]
    if len(points) < 2:
        return math.nan
    (lat1, lon1), (lat2, lon2) = (np.radians(point) for point in points)
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return DETOUR * 2.0 * EARTH * math.asin(math.sqrt(half))


def _laid(fit: _Fit, distance: float, setting: Setting) -> dict[str, object]:
    """What a pipe for a pair costs, and how long it may be."""
    power, energy = fit.power, fit.direct + fit.preheat
    if power <= 0.0:
        return {"distance": distance, "diameter": math.nan, "pipe": math.nan, "break_even": 0.0}
    table = pipes(Design())
    chosen = int(np.searchsorted(table.capacity, power))
    beside = 1.0 if chosen < len(table.capacity) else math.ceil(power / float(table.capacity[-1]))
    chosen = min(chosen, len(table.capacity) - 1)
    per_km = 1000.0 * float(table.cost[chosen]) * beside * setting.euro
    yearly = per_km * annuity(setting.discount_rate, PIPE_LIFE)
    return {
        "distance": distance,
        "diameter": float(table.nominal[chosen]),
        "pipe": per_km * distance,
        "break_even": energy / setting.year_share * setting.worth / yearly,
    }


def _targets(flows: Sequence[Flow], weights: Floats) -> Targets:
    return problem_table([flow.mean_stream(weights) for flow in flows])


def _sites(flows: Sequence[Flow], system: System) -> list[Site]:
    names = list(dict.fromkeys(flow.site for flow in flows))
    scale = system.time.scale
    found = []
    for name in names:
        own = [flow for flow in flows if flow.site == name]
        given, taken = (sum(float(f.load @ scale) for f in own if f.gives is gives) for gives in (True, False))
        found.append(Site(name, _targets(own, scale), given, taken))
    return found


def _months(system: System) -> list[str]:
    """Calendar months touched, as 2030-01. (month,)"""
    return [str(month) for month in np.unique(system.time.stamps.astype("datetime64[M]"))]


def _of_month(system: System, month: str) -> Floats:
    return np.where(system.time.stamps.astype("datetime64[M]") == np.datetime64(month), system.time.scale, 0.0)


def _monthly(flows: Sequence[Flow], system: System, months: Sequence[str]) -> pd.DataFrame:
    rows = []
    for month in months:
        weights = _of_month(system, month)
        targets, hours = _targets(flows, weights), float(weights.sum())
        given, taken = (sum(float(f.load @ weights) for f in flows if f.gives is gives) for gives in (True, False))
        rows.append(
            {
                "month": month,
                "given": given,
                "taken": taken,
                "heating": targets.heating * hours,
                "cooling": targets.cooling * hours,
            }
        )
    return pd.DataFrame(rows)


def _unlocked(sources: Sequence[Flow], system: System, months: Sequence[str]) -> Floats:
    """Heat hot enough by itself for every supply and return temperature and month; see :class:`Screening`."""
    weights = np.stack([_of_month(system, month) for month in months], axis=1)
    found = np.zeros((len(sources), len(SUPPLY), len(RETURNS), len(months)))
    for number, source in enumerate(sources):
        for row, returned in enumerate(RETURNS):
            reaches = _part_above(source.hot, source.cold, returned) * source.load
            for place, supply in enumerate(SUPPLY):
                if supply > returned:
                    found[number, place, row] = np.where(source.hot >= supply - 1e-9, reaches, 0.0) @ weights
    return found


def _led_out(flows: Sequence[Flow], system: System) -> pd.DataFrame:
    """What each site could give each heat network that is not its own, at mean load and temperatures."""
    rows = []
    heat = [n for n in system.networks.values() if n.carrier == "heat" and n.has_temperatures]
    for site in dict.fromkeys(flow.site for flow in flows):
        own = [flow for flow in flows if flow.site == site]
        if not any(flow.gives for flow in own):
            continue
        for network in heat:
            streams = [f for f in own if f.gives or f.network != network.name]
            base = _targets(streams, system.time.scale)
            hot, cold = _behind_exchanger(network, own)
            rows.append({"site": site, "network": network.title or network.name, "heat": usable(base, hot, cold)})
    return pd.DataFrame(rows, columns=["site", "network", "heat"])


def _behind_exchanger(network: Network, own: Sequence[Flow]) -> tuple[float, float]:
    """Mean supply and return of a network, hotter by an exchanger where none of the site's streams is in it."""
    assert network.supply is not None
    assert network.returned is not None
    more = 0.0 if any(flow.network == network.name for flow in own) else network.approach
    return float(np.mean(network.supply)) + more, float(np.mean(network.returned)) + more
