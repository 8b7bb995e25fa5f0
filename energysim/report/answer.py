"""The first screen: the question of the scenario, answered in plain words, with every network and what is built."""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd
import xarray as xr

from energysim.kpi import Indicator, bookings, production_mix, summed_cost
from energysim.kpi.indicator import delivered, heat_networks, node_title
from energysim.kpi.overview import KINDS, Supplier, choices, heat_bills, heat_kinds, largest_supplier
from energysim.report.look import NOTHING, listed, money, number, per_horizon, percent
from energysim.report.risks import pipe_risks, risks

KIND_COLOURS = {
    "residual": "#2a9d8f", "waste": "#8d6e97", "renewable": "#7fb069", "fossil": "#5b4b45", "pump": "#4f8fc0",
    "power": "#e9b44c", "unserved": "#c1121f", "other": "#9aa5b1",
}  # fmt: skip
"""Colours of the kinds of heat, on bars and on the map."""
_MANY = 3
"""Things named in one sentence, at most; tables have the rest."""


@dataclass(frozen=True)
class Heat:
    """One row of the table of heat networks."""

    name: str
    energy: float
    """Delivered. [GWh]"""
    parts: list[tuple[str, float, str]]
    """Kind in words, share [%], colour."""
    price: float
    """[money/MWh]"""
    residual: float
    """Share of residual heat, traced through pipes and pumps. [1]"""
    supplier: Supplier | None


@dataclass(frozen=True)
class Choice:
    """One size that the plan chose."""

    title: str
    built: str
    invested: str
    is_at_limit: bool
    confidence: str
    source: str


def answer_context(
    results: xr.Dataset, measured: Sequence[Indicator], pipes: pd.DataFrame | None = None
) -> dict[str, object]:
    """What the template of the first screen needs.

    Parameters
    ----------
    results : xarray.Dataset
        Of one run.
    measured : sequence of Indicator
        Of these results.
    pipes : DataFrame, optional
        Heat pipes held against hydraulics, as of :func:`energysim.kpi.pipes.pipe_check`.
    """
    heats = heat_rows(results, measured)
    return {
        "tiles": list(_tiles(results, heats)),
        "answers": list(_answers(results, heats, measured, pipes)),
        "heats": heats,
        "kinds": [
            (KINDS[kind], KIND_COLOURS[kind])
            for kind in KINDS
            if any(KINDS[kind] == p[0] for h in heats for p in h.parts)
        ],
        "choices": list(_choices(results)),
        "refused": _not_built(results),
        "firmness": firmness(results),
    }


def heat_rows(results: xr.Dataset, measured: Sequence[Indicator]) -> list[Heat]:
    """Describe every heat network with users, the largest first."""
    found = {one.name: one.value for one in measured}
    rows, every = [], heat_kinds(results)
    for network in heat_networks(results):
        kinds, title = every.loc[network], node_title(results, network)
        kinds, total = kinds[kinds > 0.0], float(kinds.sum())
        parts = [(KINDS[str(k)], 100.0 * float(e) / total, KIND_COLOURS[str(k)]) for k, e in kinds.items()]
        price, residual = (found.get(f"{what}, {title}", math.nan) for what in ("Heat price", "Residual heat"))
        share = 0.0 if math.isnan(residual) else residual / 100.0
        energy, supplier = delivered(results, network) / 1000.0, largest_supplier(results, network)
        rows.append(Heat(title, energy, parts, price, share, supplier))
    return rows


def firmness(results: xr.Dataset) -> list[tuple[str, int]]:
    """Count the figures the plan rests on by confidence."""
    levels = [row["confidence"] for row in json.loads(results.attrs.get("assumptions", "[]"))]
    return [(level, levels.count(level)) for level in ("known", "expert", "assumption") if levels.count(level)]


def _tiles(results: xr.Dataset, heats: list[Heat]) -> Iterator[tuple[str, str, str]]:
    """Give the figures a council asks for first: label, figure, meaning."""
    currency, per = results.attrs["currency"], per_horizon(results)
    cost = summed_cost(results, "every")
    yearly = float(cost.get("year", 0.0))
    rest = money(float(cost.sum()) - yearly, currency)
    text = f"{per}; plants and upkeep {money(yearly, currency)}, fuel, power and the rest {rest}"
    yield "Cost of the whole plan", money(float(cost.sum()), currency), text
    bills = list(heat_bills(results))
    if len(heats) == 1 and bills:
        name, total, each = bills[0]
        yield (
            "Heat costs",
            f"{number(each)} {currency}/MWh",
            f"all {name} pays, {money(total, currency)}, per MWh delivered",
        )
    elif heats:
        energy = sum(h.energy for h in heats)
        mean = sum(h.energy * h.price for h in heats if h.energy > 0.0) / energy if energy else math.nan
        yield "One more MWh of heat", f"{number(mean)} {currency}/MWh", "mean of all networks, by what users take"
    table = choices(results)
    if len(table):
        text = f"paid once, for {int(table.is_built.sum())} of {len(table)} sizes that could be chosen"
        yield "To build", money(float(table.invested[table.is_built].sum()), currency), text
    if heats:
        energy = sum(h.energy for h in heats)
        share = sum(h.energy * h.residual for h in heats) / energy if energy else math.nan
        yield (
            "Residual heat",
            f"{percent(100.0 * share)}",
            f"of {number(energy)} GWh delivered, what comes through pipes and pumps too",
        )
    stack, power = _carbon(results)
    text = f"fossil, where fuel is burnt; and {number(power)} t where the bought power was made"
    yield "CO2", f"{number(stack)} t", text
    for share, supplier, network in _leant(heats)[:1]:
        yield "Largest supplier", f"{percent(share)}", f"{supplier}, for {network}"


def _answers(
    results: xr.Dataset, heats: list[Heat], measured: Sequence[Indicator], pipes: pd.DataFrame | None
) -> Iterator[tuple[str, str]]:
    """Answer in sentences: what heats, what it costs, what to build, carbon dioxide, risks."""
    if heats:
        yield "What heats", _sources(results, heats)
    yield "What it costs", " ".join(_costs(results, heats))
    if len(choices(results)):
        yield "What to build", _building(results)
    stack, power = _carbon(results)
    yield (
        "Carbon dioxide",
        f"{number(stack)} t of fossil carbon dioxide from fuels {per_horizon(results)}, and {number(power)} t where "
        "the bought power was made.",
    )
    yield "What is at risk", " ".join([*risks(results, _leant(heats)[:_MANY], measured), *pipe_risks(pipes)])


def _sources(results: xr.Dataset, heats: list[Heat]) -> str:
    if len(heats) == 1:
        found = _plants(results, heat_networks(results)[0])
        return f"{heats[0].name}, {number(heats[0].energy)} GWh {per_horizon(results)}; of what is fed in: {found}."
    energy = sum(h.energy for h in heats)
    whole: dict[str, float] = {}
    for heat in heats:
        for name, share, _ in heat.parts:
            whole[name] = whole.get(name, 0.0) + share * heat.energy / energy if energy else 0.0
    parts = sorted(whole.items(), key=lambda pair: -pair[1])
    words = ", ".join(f"{name} {percent(share)}" for name, share in parts[: 2 * _MANY] if share >= 0.5)
    return f"{number(energy)} GWh in {len(heats)} networks {per_horizon(results)}: {words}. Each network stands below."


def _plants(results: xr.Dataset, network: str) -> str:
    mix = production_mix(results, network)
    big = mix[mix.share >= 0.005]
    return ", ".join(f"{title} {percent(100.0 * row.share)}" for title, row in big.iterrows())


def _costs(results: xr.Dataset, heats: list[Heat]) -> Iterator[str]:
    currency, per = results.attrs["currency"], per_horizon(results)
    for name, total, each in list(heat_bills(results))[:_MANY]:
        does = f"pays {money(total, currency)} {per} for"
        if total < 0.0:
            does = f"earns {money(-total, currency)} {per} with what it sells, after"
        yield (
            f"{name} {does} building, upkeep, fuel, power and others' heat: "
            f"{number(abs(each))} {currency} for each MWh delivered."
        )
    if len(heats) == 1 and not math.isnan(heats[0].price):
        yield f"One more MWh would cost {number(heats[0].price)} {currency} on average."
    whole = money(float(summed_cost(results, "every").sum()), currency)
    yield f"All actors together: {whole} {per}. Plants that stand already carry no capital cost here."


def _building(results: xr.Dataset) -> str:
    table, currency = choices(results), results.attrs["currency"]
    built = table[table.is_built]
    if built.empty:
        return f"Nothing: none of {listed(table.title.unique().tolist())} pays."
    words = [
        f"{row.title} {number(row.built)} {row.unit}"
        + (f" ({money(row.invested, currency)})" if row.invested > 0.0 else "")
        for row in built.itertuples()
    ]
    text = f"{listed(words)}; {money(float(built.invested.sum()), currency)} together, paid once."
    limited = built[built.is_at_limit].title.unique().tolist()
    if limited:
        text += f" {listed(limited)}: as much as the scenario allows, so more might pay."
    refused = _not_built(results)
    return f"{text} Not worth building: {listed(refused)}." if refused else text


def _choices(results: xr.Dataset) -> Iterator[Choice]:
    table, currency = choices(results), results.attrs["currency"]
    figures = {row["path"]: row for row in json.loads(results.attrs.get("assumptions", "[]"))}
    for row in table[table.is_built].itertuples():
        start = f"components.{row.component}.{row.parameter}.investment"
        figure = figures.get(start, {"confidence": "", "source": ""})
        yield Choice(
            row.title,
            f"{number(row.built)} {row.unit}",
            money(row.invested, currency) if row.invested > 0.0 else NOTHING,
            bool(row.is_at_limit),
            str(figure["confidence"]),
            str(figure["source"]),
        )


def _not_built(results: xr.Dataset) -> list[str]:
    """Components none of whose sizes is chosen."""
    table = choices(results)
    if table.empty:
        return []
    none = table.groupby("component", sort=False).agg(title=("title", "first"), is_built=("is_built", "any"))
    return [str(title) for title in none.title[~none.is_built]]


def _carbon(results: xr.Dataset) -> tuple[float, float]:
    """Fossil carbon dioxide of fuels, and of bought power. [t]"""
    amounts: pd.Series = bookings(results).groupby("effect").amount.sum()
    return float(amounts.get("co2", 0.0)), float(amounts.get("co2_electricity", 0.0))


def _leant(heats: list[Heat]) -> list[tuple[float, str, str]]:
    """Largest suppliers, the most important first: share [%], who, network."""
    found = [(100.0 * h.supplier.share, h.supplier.name, h.name) for h in heats if h.supplier is not None]
    return sorted(found, reverse=True)
