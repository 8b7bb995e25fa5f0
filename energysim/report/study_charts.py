"""Figures of a study for its page, as plotly descriptions."""

import itertools
import math
import textwrap
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from energysim.report.look import number
from energysim.report.study_words import axis_of, scale_of, title_of, unit_of
from energysim.study.factor import Factor
from energysim.study.run import Findings

LOW, HIGH = "#3a6ea5", "#d1495b"
SCALE = "Viridis"
_FONT = {"family": "system-ui, sans-serif", "size": 13, "color": "#222"}
_SHADES = ("#3a6ea5", "#d1495b", "#2a9d8f", "#e9a03b", "#7a5ea8", "#6b8e23", "#b5543a", "#4b5563")
MOST_LINES = 2_000
"""Runs drawn as parallel lines; more are thinned evenly."""
LETTERS = 16
"""Of a line in the title of a parallel axis."""
MOST_ACROSS = 8
"""Futures side by side; more run downwards, where their names have room."""


def tornado(findings: Findings, name: str) -> go.Figure | None:
    """Draw what the low and the high end of each factor do to a figure."""
    table = findings.conclusions["tornado"]
    own = table[(table.figure == name) & (table.swing > 0.0)].iloc[::-1]
    if own.empty or math.isnan(own.base.iloc[0]):
        return None
    factor, unit = scale_of(findings, name)
    base, drawn = float(own.base.iloc[0]) / factor, go.Figure()
    for end, colour in (("low", LOW), ("high", HIGH)):
        reached = own[f"at_{end}"] / factor
        drawn.add_bar(
            y=own.factor,
            x=reached - base,
            base=base,
            orientation="h",
            name=f"{end} end",
            marker_color=colour,
            customdata=np.stack([own[end], reached], axis=1),
            hovertemplate="%{y} %{customdata[0]}: %{customdata[1]:,.5g}<extra></extra>",
            text=own[end],
            textposition="auto",
        )
    drawn.add_vline(x=base, line_color="#111", line_width=1)
    drawn.update_layout(_layout(120 + 46 * len(own)), barmode="overlay")
    drawn.update_xaxes(title=axis_of(findings, name, unit))
    return drawn


def indices(findings: Findings, name: str) -> go.Figure | None:
    """Draw Sobol indices with their intervals."""
    own = findings.conclusions["indices"]
    own = own[own.figure == name].sort_values("total")
    if own.empty:
        return None
    drawn = go.Figure()
    for column, title, colour in (("alone", "alone", LOW), ("total", "with all others", HIGH)):
        error = {"type": "data", "array": own[f"{column}_within"], "thickness": 1.2, "color": "#333"}
        drawn.add_bar(y=own.factor, x=own[column], error_x=error, orientation="h", name=title, marker_color=colour)
    drawn.update_layout(_layout(140 + 56 * len(own)), barmode="group")
    drawn.update_xaxes(title="share of the variance", rangemode="tozero")
    return drawn


def effects(findings: Findings, name: str) -> go.Figure | None:
    """Draw Morris's plane: how much a factor does, and how much that depends on the others."""
    own = findings.conclusions["effects"]
    own = own[own.figure == name]
    if own.empty:
        return None
    factor, unit = scale_of(findings, name, own["size"])
    drawn = go.Figure()
    within = {"type": "data", "array": own.size_within / factor, "thickness": 1}
    drawn.add_scatter(
        x=own["size"] / factor, y=own.spread / factor, mode="markers+text", text=own.factor,
        textposition="top center", marker={"size": 11, "color": LOW}, error_x=within,
    )  # fmt: skip
    drawn.update_layout(_layout(420), showlegend=False)
    drawn.update_xaxes(title=f"mean size of the effect over the range, {unit}", rangemode="tozero")
    drawn.update_yaxes(title="spread of the effect", rangemode="tozero")
    return drawn


def parallel(findings: Findings) -> go.Figure | None:
    """Draw every run as a line through its factors and figures."""
    # Where one thing changes at a time there are no lines to follow.
    done = findings.table[(findings.table.status == "done") & (findings.table.role == "case")]
    names = [factor for factor in findings.study.factors if factor.name in done]
    extra = [name for name in ("decision", "future", "supplier_out") if name in done]
    # Dozens of futures leave their names no room; the map of regret has them all.
    is_crowded = "future" in done and done.future.nunique() > MOST_ACROSS
    if len(done) < 2 or not (names or extra) or is_crowded:
        return None
    if len(done) > MOST_LINES:
        done = done.iloc[np.linspace(0, len(done) - 1, MOST_LINES).astype(int)]
    axes = [_factor_axis(done, factor) for factor in names] + [_word_axis(done[name], name) for name in extra]
    figures = [_figure_axis(findings, done, name) for name in findings.asked]
    axes += figures
    colour = figures[0]["values"]
    line = {"color": colour, "colorscale": SCALE, "showscale": True, "colorbar": {"title": "", "thickness": 14}}
    for axis in axes:
        axis["label"] = "<br>".join(textwrap.wrap(axis["label"], LETTERS))
    drawn = go.Figure(go.Parcoords(dimensions=axes, line=line, labelside="bottom"))
    # Words of the first axis stand to its left; a letter is some 7 pixels wide.
    longest = max((len(str(word)) for word in axes[0].get("ticktext", ())), default=0)
    drawn.update_layout(_layout(460), margin={"l": max(60, 30 + 7 * longest), "r": 90, "t": 40, "b": 100})
    return drawn


def curves(findings: Findings, factor: Factor) -> Iterator[tuple[str, go.Figure]]:
    """Draw the figures asked for, and the sizes built, along one number that varies and nothing else does."""
    line = findings.table[(findings.table.role == "case") & (findings.table.status == "done")]
    line = line.drop_duplicates(factor.name).sort_values(factor.name)
    axis = f"{factor.label}, {factor.unit}" if factor.unit else factor.label
    for name in findings.asked:
        scale, unit = scale_of(findings, name, line[name])
        drawn = go.Figure(go.Scatter(x=line[factor.name], y=line[name] / scale, mode="lines+markers", line_color=LOW))
        drawn.update_layout(_layout(340), showlegend=False)
        drawn.update_xaxes(title=axis)
        drawn.update_yaxes(title=axis_of(findings, name, unit))
        yield title_of(findings, name), drawn
    for unit in dict.fromkeys(unit_of(findings, name) for name in _built(line)):
        drawn = go.Figure()
        for place, name in enumerate(name for name in _built(line) if unit_of(findings, name) == unit):
            title = title_of(findings, name).removeprefix("Built of ")
            colour = _SHADES[place % len(_SHADES)]
            drawn.add_scatter(x=line[factor.name], y=line[name], mode="lines+markers", name=title, line_color=colour)
        drawn.update_layout(_layout(380))
        drawn.update_xaxes(title=axis)
        drawn.update_yaxes(title=f"built, {unit}", rangemode="tozero")
        yield f"What is built, {unit}", drawn


def heat_maps(findings: Findings, name: str) -> Iterator[tuple[str, go.Figure]]:
    """Draw a figure over every pair of factors of a grid, as the mean over the values of all others."""
    done = findings.table[(findings.table.role == "case") & (findings.table.status == "done")]
    scale, unit = scale_of(findings, name, done[name])
    for across, down in itertools.combinations(findings.study.factors, 2):
        own = done.dropna(subset=[across.name, down.name])
        if own[across.name].nunique() < 2 or own[down.name].nunique() < 2:
            continue
        cells = own.pivot_table(index=down.name, columns=across.name, values=name, aggfunc="mean", sort=False)
        drawn = go.Figure(
            go.Heatmap(
                z=cells.to_numpy() / scale, x=_ticks(cells.columns), y=_ticks(cells.index), colorscale=SCALE,
                colorbar={"title": unit, "thickness": 14}, texttemplate="%{z:,.4r}",
            )
        )  # fmt: skip
        drawn.update_layout(_layout(180 + 44 * len(cells)), showlegend=False)
        drawn.update_xaxes(title=_label(across), type="category", showgrid=False)
        drawn.update_yaxes(title=_label(down), type="category", showgrid=False)
        yield f"{across.label} and {down.label}", drawn


def distribution(findings: Findings, name: str) -> tuple[go.Figure, go.Figure] | None:
    """Draw how often a figure takes which value, and with what chance it is exceeded."""
    done = findings.table[(findings.table.role == "case") & (findings.table.status == "done")]
    factor, unit = scale_of(findings, name, done[name])
    values = np.sort(done[name].dropna().to_numpy(float)) / factor
    if len(values) < 8 or values[0] == values[-1]:
        return None
    bins = min(40, max(8, round(math.sqrt(len(values)))))
    counts, edges = np.histogram(values, bins)
    often = go.Figure(go.Bar(x=0.5 * (edges[1:] + edges[:-1]), y=100.0 * counts / len(values), marker_color=LOW))
    often.update_layout(_layout(320), showlegend=False, bargap=0.04)
    often.update_yaxes(title="share of the draws, %")
    chance = 100.0 * (1.0 - (np.arange(len(values)) + 0.5) / len(values))
    above = go.Figure(go.Scatter(x=values, y=chance, mode="lines", line={"color": HIGH, "width": 2, "shape": "vh"}))
    above.update_layout(_layout(320), showlegend=False)
    above.update_yaxes(title="chance to be exceeded, %", range=[0, 100])
    for drawn in (often, above):
        drawn.update_xaxes(title=axis_of(findings, name, unit))
    return often, above


def regret(findings: Findings) -> go.Figure:
    """Draw the regret of every decision in every future; futures run downwards where they are many or long."""
    table = findings.conclusions["regret"]
    cells = table.pivot_table(index="future", columns="decision", values="regret", sort=False, dropna=False)
    chances = table.drop_duplicates("future").set_index("future").probability
    factor, unit = scale_of(findings, findings.asked[0], table.regret)
    decisions, values = list(cells.columns), cells.to_numpy() / factor
    texts = [[number(value) if math.isfinite(value) else "no plan" for value in row] for row in values.round(2)]
    shown = np.where(np.isfinite(values), values, np.nan)
    is_tall = len(cells) > MOST_ACROSS
    gap = ", " if is_tall else "<br>"
    futures = [f"{future}{gap}{100.0 * chances[future]:.3g} %" for future in cells.index]
    look = {"colorscale": "OrRd", "texttemplate": "%{text}", "colorbar": {"title": unit, "thickness": 14}}
    across, down = (decisions, futures) if is_tall else (futures, decisions)
    if not is_tall:
        shown, texts = shown.T, [list(row) for row in zip(*texts, strict=True)]
    drawn = go.Figure(go.Heatmap(z=shown, x=across, y=down, text=texts, **look))
    drawn.update_layout(_layout(150 + 26 * len(down) if is_tall else 170 + 54 * len(down)), showlegend=False)
    if is_tall:
        drawn.update_layout(margin={"t": 60})  # names of decisions stand above, where the page shows its buttons
    drawn.update_xaxes(showgrid=False, type="category", side="top" if is_tall else "bottom")
    drawn.update_yaxes(autorange="reversed", showgrid=False, type="category")
    return drawn


def regret_by_actor(findings: Findings) -> go.Figure | None:
    """Draw what each actor regrets of each decision: on the average of the futures, and at worst."""
    table = findings.conclusions.get("regret_by_actor")
    if table is None or table.empty:
        return None
    figures = list(dict.fromkeys(table.figure))
    titles = [title_of(findings, name).removeprefix("Cost of ") for name in figures]
    factor, unit = scale_of(findings, figures[0], table.largest_regret)
    drawn = make_subplots(1, len(figures), shared_yaxes=True, subplot_titles=titles, horizontal_spacing=0.03)
    for place, name in enumerate(figures, 1):
        own = table[table.figure == name]
        for column, title, colour in (("largest_regret", "at most", HIGH), ("expected_regret", "expected", LOW)):
            values = (own[column] / factor).where(np.isfinite(own[column])).round(2)
            texts = ["no plan" if math.isnan(value) else number(value) for value in values]
            drawn.add_bar(
                y=own.decision, x=values, orientation="h", name=title, marker_color=colour, text=texts,
                textposition="auto", showlegend=place == 1, legendgroup=title, row=1, col=place,
            )  # fmt: skip
    drawn.update_layout(_layout(160 + 62 * table.decision.nunique()), barmode="group")
    drawn.update_layout(legend={"y": 1.12}, margin={"t": 70})
    drawn.update_xaxes(title=unit, rangemode="tozero")
    drawn.update_yaxes(autorange="reversed", automargin=True)
    return drawn


def outages(findings: Findings) -> go.Figure | None:
    """Draw the demand not served without each supplier, of all carriers."""
    own = findings.conclusions["outages"]
    own = own[own.status == "done"].iloc[::-1]
    if own.empty or own.unserved.isna().all():
        return None
    drawn = go.Figure(go.Bar(y=own.supplier, x=own.unserved, orientation="h", marker_color=HIGH))
    drawn.update_layout(_layout(120 + 34 * len(own)), showlegend=False)
    drawn.update_xaxes(title="not served, MWh", rangemode="tozero")
    return drawn


def _built(line: pd.DataFrame) -> list[str]:
    return [name for name in line.columns if _is_built(name) and line[name].max() > 1e-6]


def _is_built(name: str) -> bool:
    return str(name).startswith("built.")


def _factor_axis(done: pd.DataFrame, factor: Factor) -> dict[str, Any]:
    if factor.is_number and not done[factor.name].isna().any():
        return {"label": _label(factor), "values": done[factor.name].astype(float)}
    return _word_axis(done[factor.name], factor.label)


def _figure_axis(findings: Findings, done: pd.DataFrame, name: str) -> dict[str, Any]:
    """Give the axis of a figure; thousandths are rounding, and of a plant that a variant has not none is built."""
    factor, unit = scale_of(findings, name, done[name])
    values = (done[name].astype(float) / factor).round(3)
    return {"label": axis_of(findings, name, unit), "values": values.fillna(0.0) if _is_built(name) else values}


def _word_axis(values: pd.Series, label: str) -> dict[str, Any]:
    words = values.astype(object).where(values.notna(), "as it is").astype(str)
    codes, known = pd.factorize(words)
    return {"label": label, "values": codes, "tickvals": list(range(len(known))), "ticktext": list(known)}


def _label(factor: Factor) -> str:
    return f"{factor.label}, {factor.unit}" if factor.unit else factor.label


def _ticks(values: pd.Index) -> list[str]:
    return [f"{value:.6g}" if isinstance(value, float) else str(value) for value in values]


def _layout(height: int) -> dict[str, object]:
    return {
        "template": "plotly_white",
        "font": _FONT,
        "height": height,
        "margin": {"l": 10, "r": 10, "t": 20, "b": 10},
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        "xaxis": {"automargin": True},
        "yaxis": {"automargin": True},
    }
