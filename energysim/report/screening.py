"""The page of a screening: targets, curves, what lower temperatures unlock, who could supply whom."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from energysim.report.charts import FONT, Chart, chart, environment, layout
from energysim.report.look import is_year, money, number
from energysim.symbiosis.pinch import Curve, composite, grand_composite, total_site
from energysim.symbiosis.screening import RETURNS, SUPPLY, Screening

_RED, _BLUE, _GREEN = "#b5543a", "#3a6ea5", "#2a9d8f"


def write_screening(screening: Screening, folder: Path) -> None:
    """Write ``report.html`` and the tables as CSV into a folder.

    Parameters
    ----------
    screening : Screening
        Of one scenario.
    folder : Path
        Must exist.
    """
    site_table(screening).to_csv(folder / "sites.csv", index=False)
    screening.led_out.to_csv(folder / "led_out.csv", index=False)
    screening.pairs.to_csv(folder / "pairs.csv", index=False)
    screening.materials.to_csv(folder / "materials.csv", index=False)
    screening.monthly.to_csv(folder / "months.csv", index=False)
    with (folder / "unlocked.csv").open("w", encoding="utf8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["source", "supply [degC]", "return [degC]", "month", "heat [MWh]"])
        for place in np.argwhere(screening.unlocked >= 0.0):
            source, supply, returned, month = (int(one) for one in place)
            heat = float(screening.unlocked[source, supply, returned, month])
            key = screening.sources[source].key
            writer.writerow([key, SUPPLY[supply], RETURNS[returned], screening.months[month], heat])
    page = environment().get_template("screening_page.html.j2")
    (folder / "report.html").write_text(page.render(**screening_context(screening)), encoding="utf8")


def screening_headline(screening: Screening) -> list[tuple[str, str]]:
    """Give the figures to print: label and text."""
    region, when = screening.region, _when(screening)
    lines = [
        (f"Left over {when}", f"{number(sum(s.given for s in screening.sites) / 1000)} GWh"),
        (f"Needed {when}", f"{number(sum(s.taken for s in screening.sites) / 1000)} GWh"),
        ("Least heating, mean", f"{number(region.heating)} MW"),
        ("Least cooling, mean", f"{number(region.cooling)} MW"),
        ("Pinch", _pinch(region.pinches)),
    ]
    unlocked = unlocked_sentence(screening)
    return [*lines, ("Lower temperatures", unlocked)] if unlocked else lines


def _when(screening: Screening) -> str:
    return "in the year" if is_year(screening.setting.year_share) else "over the horizon"


def site_table(screening: Screening) -> pd.DataFrame:
    """Targets of the sites and, in the last row, of all together: ``site, heating, cooling`` [MW], ``pinch`` [degC]."""
    named = [(site.name, site.targets) for site in screening.sites] + [("all", screening.region)]
    rows = [(name, t.heating, t.cooling, t.recovery, " ".join(map(repr, t.pinches))) for name, t in named]
    return pd.DataFrame(rows, columns=["site", "heating", "cooling", "recovery", "pinch"])


def best_fit(pair: Any) -> tuple[float, str]:
    """Say how a source serves a sink best: energy [MWh] and words."""
    if pair.direct + pair.preheat <= 0.0:
        return 0.0, f"heat pump, {number(pair.lift / 1000.0)} GWh"
    return pair.direct + pair.preheat, "alone" if pair.direct >= pair.preheat else "preheats"


def unlocked_sentence(screening: Screening) -> str:
    """Say what the step in supply temperature that frees most heat is worth."""
    heat = screening.unlocked.sum(axis=(0, 3))
    if not heat.size or heat.max() <= 0.0:
        return ""
    returned = int(np.argmin(np.abs(RETURNS - 45.0)))
    usable = heat[:, returned]
    gains = [
        (float(usable[low] - usable[high]), low, high)
        for high in range(len(SUPPLY))
        for low in (high - 3,)
        if low >= 0 and SUPPLY[low] > RETURNS[returned]
    ]
    gain, low, high = max(gains)
    if gain <= 0.0:
        return ""
    return (
        f"{SUPPLY[low]:.0f} instead of {SUPPLY[high]:.0f} °C unlocks {number(gain / 1000)} GWh of heat "
        f"{_when(screening)} that is hot enough by itself (return {RETURNS[returned]:.0f} °C)"
    )


def screening_context(screening: Screening) -> dict[str, Any]:
    """What the template needs."""
    currency = screening.setting.currency
    return {
        "screening": screening,
        "currency": currency,
        "money": lambda value: money(value, currency),
        "pinch": _pinch,
        "screening_charts": screening_charts(screening),
        "sentence": unlocked_sentence(screening),
        "worth": f"{number(screening.setting.worth)} {currency}/MWh",
        "pairs": list(screening.pairs.itertuples()),
        "materials": list(screening.materials.itertuples()),
        "led_out": [row for row in screening.led_out.itertuples() if row.heat > 0.0],
    }


def screening_charts(screening: Screening) -> list[Chart]:
    """Draw the pictures of a screening."""
    charts = [
        chart("months", "Left over and needed, by month", "Heat of all sites in each month.", _months(screening)),
        chart(
            "composite",
            "Composite curves",
            "Everything left over (red) and everything needed (blue), by temperature, at mean load. Where red lies "
            "above blue, heat can pass from one to the other.",
            _composites(screening),
        ),
        chart(
            "grand",
            "Grand composite curve",
            "What utilities would have to give (above the pinch) or take away (below) at each temperature.",
            _lines([("All sites together", grand_composite(screening.region), _GREEN)], "MW"),
        ),
    ]
    if len(screening.sites) > 1:
        source, sink = total_site(site.targets for site in screening.sites)
        text = (
            "After each site has used its own heat: what it can still give at a temperature, and what it still needs."
        )
        drawn = _lines([("To give", source, _RED), ("Needed", sink, _BLUE)], "MW")
        charts.append(chart("total_site", "Total-site profiles", text, drawn))
    if screening.unlocked.size and screening.unlocked.max() > 0.0:
        text = f"GWh hot enough by themselves {_when(screening)}, for each supply and return temperature of a network."
        charts.append(chart("unlocked", "What lower temperatures unlock", text, _unlocked(screening)))
    return charts


def _months(screening: Screening) -> go.Figure:
    table = screening.monthly
    figure = go.Figure()
    shown = (("given", "Left over", _RED), ("taken", "Needed", _BLUE), ("heating", "Heating still needed", "#9aa5b1"))
    for name, label, colour in shown:
        heat = (table[name] / 1000.0).round(3)
        figure.add_trace(go.Bar(x=table.month, y=heat, name=label, marker={"color": colour}))
    figure.update_layout(layout("GWh"), barmode="group")
    figure.update_xaxes(type="category")
    return figure


def _composites(screening: Screening) -> go.Figure:
    hot, cold = (composite(screening.streams, gives, True) for gives in (True, False))
    moved = Curve(cold.heat + screening.region.cooling, cold.temperature)
    return _lines([("Left over", hot, _RED), ("Needed", moved, _BLUE)], "MW")


def _lines(curves: list[tuple[str, Curve, str]], unit: str) -> go.Figure:
    figure = go.Figure()
    for name, curve, colour in curves:
        line = {"color": colour, "width": 2.5}
        heat, temperature = curve.heat.round(3), curve.temperature.round(2)
        figure.add_trace(go.Scatter(x=heat, y=temperature, name=name, mode="lines", line=line))
    figure.update_layout(layout("°C, shifted by the approaches"))
    figure.update_xaxes(title=unit, rangemode="tozero")
    return figure


def _unlocked(screening: Screening) -> go.Figure:
    heat = screening.unlocked.sum(axis=(0, 3)) / 1000.0
    figure = go.Figure(
        go.Heatmap(
            x=[f"{value:.0f}" for value in SUPPLY],
            y=[f"{value:.0f}" for value in RETURNS],
            z=heat.T.round(2),
            text=[[number(value) for value in row] for row in heat.T],
            texttemplate="%{text}",
            colorscale=[[0.0, "#f6f8fa"], [1.0, "#e4572e"]],
            showscale=False,
            hovertemplate="supply %{x} °C, return %{y} °C: %{z} GWh<extra></extra>",
        )
    )
    figure.update_layout(font=FONT, height=340, margin={"l": 60, "r": 16, "t": 20, "b": 50})
    figure.update_xaxes(title="supply, °C", type="category")
    figure.update_yaxes(title="return, °C", type="category")
    return figure


def _pinch(pinches: tuple[float, ...]) -> str:
    return ", ".join(f"{pinch:.1f} °C" for pinch in pinches) or "none"
