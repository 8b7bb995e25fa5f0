"""The offline page, the summary table and the headline of a run."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from energysim.kpi import Indicator, bookings, indicators, node_balance, production_mix, sizes, summed_cost
from energysim.kpi.indicators import heat_networks, node_title
from energysim.kpi.levels import level_feeders, level_table
from energysim.kpi.pipes import pipe_check
from energysim.kpi.symbiosis import residual_table
from energysim.report import interactive
from energysim.report.actors import actors_context
from energysim.report.answer import answer_context
from energysim.report.charts import Chart, chart, environment
from energysim.report.figures import write_figures
from energysim.report.look import figure, money, number
from energysim.report.operation import operation
from energysim.report.region_map import region_map
from energysim.report.screening import screening_context
from energysim.report.series import level_prices, networks
from energysim.symbiosis.screening import Screening

_HARDLY = 1e-6
"""Share of the largest amount below which another is rounding of the plan."""
_NOTHING = 0.5
"""Energy over the horizon that is none. [MWh]"""
_ORDER = {"assumption": 0, "": 1, "expert": 2, "known": 3}


def write_report(results: xr.Dataset, folder: Path, screening: Screening | None = None) -> None:
    """Write ``report.html``, ``summary.csv`` and ``figures/`` into a folder.

    Parameters
    ----------
    results : xarray.Dataset
        Of one run.
    folder : Path
        Must exist.
    screening : Screening, optional
        Shown on the page, where heat is left over.
    """
    (folder / "figures").mkdir(exist_ok=True)
    write_figures(results, folder / "figures")
    measured = indicators(results)
    write_summary(measured, folder / "summary.csv")
    (folder / "report.html").write_text(render(results, screening, measured), encoding="utf8")


def write_summary(measured: Sequence[Indicator], path: Path) -> None:
    """Write all indicators as CSV."""
    with path.open("w", encoding="utf8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["group", "indicator", "value", "unit", "note"])
        for one in measured:
            writer.writerow([one.group, one.name, repr(one.value), one.unit, one.note])


def headline(results: xr.Dataset) -> list[tuple[str, str]]:
    """Give the figures to print when a run ends: label and text."""
    lines = [(one.name, _text(one, results)) for one in indicators(results) if one.value == one.value]
    return [*lines, ("Certificate", verdict(results)[1])]


def verdict(results: xr.Dataset, plain: bool = False) -> tuple[bool, str]:
    """Say whether the plan is proven; ``plain`` leaves out to how many digits."""
    proof, solver = json.loads(results.attrs["certificate"]), json.loads(results.attrs["solver"])
    worst = max(proof[key]["relative"] for key in ("rule", "balance", "range"))
    # Runs written before this was counted do not have it.
    supposed = proof.get("supposed", 0)
    leaning = f", if {supposed} values without any limit stay below ten times those of the plan" if supposed else ""
    kept = "every rule is kept" if plain else f"every rule holds to {worst:.0e} of its size"
    if solver["status"] == "stopped":
        gap = proof["gap"] if proof["gap"] is not None else solver["gap"]
        most = "" if gap is None else f", at most {100 * gap:.2g} % cheaper{leaning}"
        return False, f"stopped early: every rule is kept, but a better plan may exist{most}."
    if not proof["holds"]:
        return False, "NOT verified: the plan breaks its own rules or its cost is not proven. Do not rely on it."
    gap = proof["gap"]
    if not proof["claims_optimum"]:
        what = "other sizes are" if "estimate" in solver else "plan that knows the future is"
        least = "" if gap is None else f", and no {what} more than {100 * gap:.2f} % cheaper{leaning}"
        return True, f"verified: {kept}{least}."
    best = "no plan can be cheaper" if gap is not None and gap < 1e-6 else "proven to within its gap"
    if gap is not None and gap >= 1e-6:
        best = f"no plan can be more than {100 * gap:.3f} % cheaper"
    if gap is None:
        best = f"no plan can be more than {100 * solver['gap']:.2f} % cheaper, by the solver's word"
    return True, f"verified: {kept}, {best}{leaning}."


def render(results: xr.Dataset, screening: Screening | None = None, measured: Sequence[Indicator] | None = None) -> str:
    """Draw the page as one HTML text; what was measured of the results already need not be measured again."""
    currency = results.attrs["currency"]
    measured = indicators(results) if measured is None else measured
    shown = screening is not None and any(flow.gives for flow in screening.flows)
    pipes = pipe_check(results)
    context = {
        **(screening_context(screening) if screening is not None and shown else {"screening": None}),
        **actors_context(results),
        "results": results,
        "attrs": results.attrs,
        "currency": currency,
        "span": _span(results),
        **answer_context(results, measured, pipes),
        "map": region_map(results),
        "verdict": verdict(results, plain=True),
        "charts": _charts(results),
        "operation": operation(results),
        "mixes": [(node_title(results, n), production_mix(results, n)) for n in heat_networks(results)],
        "sizes": sizes(results),
        "items": _cost_items(results),
        "money": lambda value: money(value, currency),
        "balance": _balance(results),
        "residual": residual_table(results),
        "levels": [level for n in heat_networks(results) if (level := _levels(results, n)) is not None],
        "pipes": pipes,
        "warnings": warnings(results),
        "indicators": [(one, figure(one.value, one.unit, currency)) for one in measured],
        "assumptions": _assumptions(results),
        "proof": json.loads(results.attrs["certificate"]),
        "solver": json.loads(results.attrs["solver"]),
        "versions": json.loads(results.attrs.get("versions", "{}")),
        "inputs": json.loads(results.attrs.get("inputs", "{}")),
    }
    return environment().get_template("report.html.j2").render(context)


def warnings(results: xr.Dataset) -> list[str]:
    """List what a reader should know though it is not wrong."""
    return [str(text) for text in json.loads(results.attrs.get("warnings", "[]"))]


def _levels(results: xr.Dataset, network: str) -> dict[str, Any] | None:
    """Heat of one network by temperature: name, rows by level, and who gives and takes; None with one level."""
    table = level_table(results, network)
    if table.empty:
        return None
    feeders = level_feeders(results, network).reindex(columns=list(table.level), fill_value=0.0)
    return {"title": node_title(results, network), "rows": table, "feeders": feeders}


def _text(one: Indicator, results: xr.Dataset) -> str:
    text = figure(one.value, one.unit, results.attrs["currency"])
    return f"{text} ({one.note})" if one.note else text


def _span(results: xr.Dataset) -> str:
    """Say which hours are planned."""
    first = results.time.values[0].astype("datetime64[m]")
    last = results.time.values[-1].astype("datetime64[m]") + np.timedelta64(round(60.0 * float(results.hours[-1])), "m")
    step = float(results.hours[0])
    by = "hour by hour" if step == 1.0 and bool((results.hours == 1.0).all()) else f"{results.sizes['time']:,} steps"
    year = first.astype("datetime64[Y]")
    if first == year and last == year + 1:
        return f"the whole year {year}, {by}"
    hours = float((results.hours * results.weight).sum())
    return f"{str(first).replace('T', ' ')} to {str(last).replace('T', ' ')} UTC, {number(hours)} hours, {by}"


def _charts(results: xr.Dataset) -> list[tuple[str, list[Chart]]]:
    """Draw all figures of the page, by section."""
    sections: list[tuple[str, list[Chart]]] = []
    for carrier, title in (("heat", "Heat"), ("electricity", "Electricity")):
        for network in networks(results, carrier):
            name = node_title(results, network)
            sections.append((f"{title}: {name}", _network_charts(results, network)))
    extra = []
    if results.sizes["store"]:
        text = "Energy held at the end of each step."
        extra.append(chart("levels", "Storage levels", text, interactive.levels(results)))
    priced = [n for c in ("heat", "electricity") for n in networks(results, c)][:4]
    if priced and bool(results.price.sel(node=priced).notnull().any()):
        text = "What one more MWh would cost in each hour, sorted by falling size."
        extra.append(chart("prices", "Marginal prices", text, interactive.prices(results, priced)))
    if extra:
        sections.append(("Stores and prices", extra))
    sections.append(("Plants, money and flows", _whole_charts(results)))
    return sections


def _network_charts(results: xr.Dataset, network: str) -> list[Chart]:
    charts = []
    if results.sizes["time"] * float(results.hours.mean()) > 24 * 21:
        text = "Daily means. Below zero: what stores and other plants take."
        charts.append(
            chart(f"days_{network}", "The whole horizon", text, interactive.dispatch(results, network, False))
        )
    text = "Every step; the week with the largest feed is in view. Drag the slider or zoom to see the rest."
    charts.append(chart(f"hours_{network}", "Step by step", text, interactive.dispatch(results, network, True)))
    text = "For how many hours each plant gives at least so much."
    charts.append(chart(f"duration_{network}", "Duration curves", text, interactive.durations(results, network)))
    if level_prices(results, network):
        text = "What one more MWh taken at each temperature would cost, and for how many hours at least so much."
        figure = interactive.heat_prices(results, network)
        charts.append(chart(f"heat_prices_{network}", "Price of heat by temperature", text, figure))
    return charts


def _whole_charts(results: xr.Dataset) -> list[Chart]:
    names = json.loads(results.attrs.get("actors", "{}"))
    charts = [
        chart(
            "capacity_mw",
            "Power of plants",
            "What stood already and what the plan builds.",
            interactive.capacities(results, "MW"),
        ),
    ]
    if (sizes(results).unit == "MWh").any():
        charts.append(
            chart("capacity_mwh", "Size of stores", "The same for energy held.", interactive.capacities(results, "MWh"))
        )
    text = "Costs to the right, income to the left, over the horizon."
    charts += [
        chart("cost_owner", "Cost by actor", f"{text} {_PAID}", interactive.costs(results, "owner", names)),
        chart("cost_carrier", "Cost by carrier", text, interactive.costs(results, "carrier", {})),
        chart("cost_title", "Cost by component", text, interactive.costs(results, "title", {})),
        chart(
            "sankey",
            "Where the energy goes",
            "Energy over the horizon in GWh; stores and flows under 0.2 % of the largest are left out.",
            interactive.sankey(results),
        ),
    ]
    return charts


_PAID = "After what actors pay each other."


def _cost_items(results: xr.Dataset) -> list[tuple[str, str, str]]:
    table = bookings(results)
    meanings = dict(zip(table["item"], table.meaning, strict=True))
    cost = summed_cost(results, "item")
    return [
        (str(item).replace("_", " "), meanings[item], money(value, results.attrs["currency"]))
        for item, value in cost.items()
        if abs(value) > max(0.5, _HARDLY * float(cost.abs().max()))
    ]


def _balance(results: xr.Dataset) -> list[tuple[str, Any]]:
    """Name and balance of every node that something passes."""
    table = node_balance(results)
    return [(node_title(results, str(name)), row) for name, row in table.iterrows() if row.given > _NOTHING]


def _assumptions(results: xr.Dataset) -> list[dict[str, Any]]:
    rows = json.loads(results.attrs.get("assumptions", "[]"))
    titles = _titles(results)
    named = [{**row, "name": _named(row["path"], titles)} for row in rows]
    return sorted(named, key=lambda row: (_ORDER.get(row["confidence"], 1), row["path"]))


def _titles(results: xr.Dataset) -> dict[tuple[str, str], str]:
    """Name for readers of what the sections of a scenario list, by section and key."""
    components = zip(results.component.values.tolist(), results.component_title.values.tolist(), strict=True)
    nodes = list(zip(results.node.values.tolist(), results.node_title.values.tolist(), strict=True))
    found = {("components", key): title for key, title in components}
    return found | {(section, key): title for section in ("networks", "fuels") for key, title in nodes if title}


def _named(path: str, titles: Mapping[tuple[str, str], str]) -> str:
    """Name a figure of a scenario: whose it is, and what; the list it stands in needs no number."""
    section, *rest = path.split(".")
    own = titles.get((section, rest[0])) if rest else None
    whose, what = (own, rest[1:]) if own else (section, rest)
    return f"{whose}: {', '.join(word for word in what if not word.isdigit())}".replace("_", " ")
