"""The offline page of a study."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from energysim.report import study_charts as charts
from energysim.report.charts import Chart, chart, environment
from energysim.report.look import NOTHING, number
from energysim.report.study_names import readable
from energysim.report.study_words import (
    NO_PLAN,
    WITHOUT_FIGURES,
    axis_of,
    ranges,
    scale_of,
    sentences,
    title_of,
    told,
    unit_of,
)
from energysim.study.methods.draws import LEVELS
from energysim.study.run import Findings
from energysim.study.study import Study
from energysim.study.version import own_version

__all__ = ["sentences", "write_study_report"]

SHOWN = 200
"""Runs listed on the page."""
_TITLES = {
    "sweep": "Sweep over a grid",
    "tornado": "One at a time",
    "latin_hypercube": "Latin hypercube",
    "sobol_sequence": "Sobol sequence",
    "sobol": "Sobol indices",
    "morris": "Morris screening",
    "table": "Table of cases",
    "regret": "Decisions under uncertainty",
    "outages": "Heat when a supplier stops",
    "switching": "Switching value",
    "years": "Uncertain years",
}


@dataclass(frozen=True)
class _Listing:
    """A table of the page."""

    title: str
    text: str
    heads: list[str]
    rows: list[list[str]]
    words: frozenset[int] = frozenset({0})
    """Columns of words, which begin at the left; all others are numbers."""


def write_study_report(findings: Findings, folder: Path) -> None:
    """Write ``report.html`` into a study folder."""
    (folder / "report.html").write_text(render(findings), encoding="utf8")


def render(findings: Findings) -> str:
    """Draw the page as one HTML text."""
    findings = readable(findings)
    study, failed = findings.study, findings.failed
    heads, lead, rows = _runs(findings)
    context = {
        "study": study,
        "scenario": study.base.scenario(),
        "method": _TITLES.get(study.method, study.method),
        "runs": findings.table,
        "failed": _failed(failed, len(findings.table)),
        "how": _how(study),
        "reasons": [(str(reason), count) for reason, count in failed.reason.value_counts().head(10).items()],
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "plotly": Markup(get_plotlyjs()),
        "tiles": list(_tiles(findings)),
        "sentences": sentences(findings),
        "sections": [(title, found) for title, found in _sections(findings) if found],
        "tables": list(_tables(findings)),
        "varied": ranges(findings),
        "heads": heads,
        "lead": lead,
        "rows": rows,
        "shown": SHOWN,
        "version": str(own_version()),
        "inputs": {**study.inputs, **study.base.inputs},
        "plain": plain_change,
    }
    return environment().get_template("study.html.j2").render(context)


def plain_change(value: Any) -> str:
    """Write what a key becomes without the marks of YAML; where a figure comes from stands in the study's file.

    Examples
    --------
    >>> plain_change({"min": "35 MW", "max": "35 MW"}), plain_change({"value": "50 %", "source": "ours"})
    ('min 35 MW, max 35 MW', '50 %')
    >>> plain_change(None), plain_change(["a", {"b": 1}]), plain_change("0 MW")
    ('left out', 'a, b 1', '0 MW')
    """
    if isinstance(value, Mapping):
        if "value" in value:
            return plain_change(value["value"])
        return ", ".join(f"{key} {plain_change(one)}" for key, one in value.items())
    if isinstance(value, list):
        return ", ".join(plain_change(one) for one in value)
    return "left out" if value is None else str(value)


def _failed(failed: pd.DataFrame, whole: int) -> str:
    """Count the runs without figures by why they have none."""
    words = [WITHOUT_FIGURES[status] for status in failed.status]
    told = {NO_PLAN: "have no plan", "lost": "were lost by the machine", "error": "ended with an error of the program"}
    return " and ".join(f"{words.count(word)} of {whole} runs {text}" for word, text in told.items() if word in words)


def _how(study: Study) -> str:
    """Say what a run of a study is, and in what all of them differ from a run of the scenario's file."""
    changed = ", ".join(f"'{one.replace('=', ': ', 1)}'" for one in study.base.overrides)
    apart = f" All of them are made with {changed}, so their figures differ from those of the scenario's own run."
    return _run_of(study) + (apart if changed else "")


def _run_of(study: Study) -> str:
    if study.method == "years":
        return (
            "Each run is an uncertain year of the scenario, run hour by hour without knowing the future, with the "
            "sizes of its plan."
        )
    if study.engine == "rolling":
        return (
            "Each run is a plan of the scenario with some figures changed, made step by step with a look ahead and not "
            "knowing what lies beyond; so it need not be the cheapest."
        )
    return (
        "Each run is the cheapest plan of the scenario with some figures changed, knowing its whole horizon beforehand."
    )


def _tiles(findings: Findings) -> Iterator[tuple[str, str, str]]:
    """Put each figure asked for on the first screen: as it is now, and how far the runs carry it."""
    done = findings.table[findings.table.status == "done"]
    base = done[done.role == "base"]
    for name in findings.asked[:6]:
        low, high = told(findings, name, float(done[name].min())), told(findings, name, float(done[name].max()))
        now = float(base[name].iloc[0]) if len(base) else math.nan
        if math.isnan(now):
            middle = told(findings, name, float(done[name].median()))
            yield title_of(findings, name), middle, f"in the middle of all runs; {low} to {high}"
        else:
            yield (
                title_of(findings, name),
                told(findings, name, now),
                f"in the scenario as it is; {low} to {high} over all runs",
            )


_FIGURES = {
    "tornado": (
        "One at a time",
        "Each factor alone goes to its low and its high end; the line is the scenario.",
        charts.tornado,
    ),
    "indices": (
        "Who is to blame",
        "Share of the variance each factor causes, alone and together with the others; lines are 95 % intervals.",
        charts.indices,
    ),
    "effects": (
        "What matters at all",
        "To the right: does much. Upwards: what it does depends on where the other factors are.",
        charts.effects,
    ),
}
"""Conclusions with one figure for each figure asked for."""


def _sections(findings: Findings) -> Iterator[tuple[str, list[Chart]]]:
    """Draw what the method has read from the runs, then the runs themselves."""
    conclusions = findings.conclusions
    for key in (key for key in _FIGURES if key in conclusions):
        title, text, drawer = _FIGURES[key]
        yield title, _charts(key, text, [(title_of(findings, name), drawer(findings, name)) for name in findings.asked])
    if "regret" in conclusions:
        text = (
            "What each decision costs more than the one that is best for this actor in the same future, after what the "
            "actors pay each other."
        )
        yield "Whose regret", _charts("whose", text, [("Regret of each actor", charts.regret_by_actor(findings))])
        what = title_of(findings, findings.asked[0])
        text = "What each decision costs more than the best one in the same future, and how likely that future is."
        yield "Regret", _charts("regret", text, [(f"{what}: regret in each future", charts.regret(findings))])
    if "outages" in conclusions:
        text = "Demand that no plant can meet when a supplier of heat stops for the whole horizon, of all carriers."
        yield "Without one supplier", _charts("outages", text, [("Not served", charts.outages(findings))])
    yield from _along(findings)
    if "distribution" in conclusions:
        yield "Distribution", _distributions(findings)
    text = "One line for each run. Drag along an axis to keep only the lines that pass there."
    yield "All runs as lines", _charts("parallel", text, [("Factors and figures", charts.parallel(findings))])


def _distributions(findings: Findings) -> list[Chart]:
    named: list[tuple[str, go.Figure | None]] = []
    for name in findings.asked:
        pair = charts.distribution(findings, name)
        if pair is not None:
            title = title_of(findings, name)
            named += [(f"{title}: how often", pair[0]), (f"{title}: chance to be exceeded", pair[1])]
    return _charts("distribution", "Over all draws, each as likely as the others.", named)


def _along(findings: Findings) -> Iterator[tuple[str, list[Chart]]]:
    """Draw figures over the factors of a grid."""
    study = findings.study
    if study.method in ("sweep", "switching") and len(study.factors) == 1 and study.factors[0].is_number:
        text = "Each point is a run."
        yield "Along the range", _charts("curve", text, list(charts.curves(findings, study.factors[0])))
    if study.method == "sweep" and len(study.factors) > 1:
        rest = " Each cell is the mean over the values of the other factors." if len(study.factors) > 2 else ""
        named = [
            (f"{title_of(findings, name)}: {title}", drawn)
            for name in findings.asked
            for title, drawn in charts.heat_maps(findings, name)
        ]
        yield "Two at a time", _charts("map", f"Every value of one with every value of the other.{rest}", named)


def _charts(key: str, text: str, named: list[tuple[str, go.Figure | None]]) -> list[Chart]:
    return [
        chart(f"{key}_{place}", title, text, drawn) for place, (title, drawn) in enumerate(named) if drawn is not None
    ]


def _tables(findings: Findings) -> Iterator[_Listing]:
    tellers = {
        "decisions": _decisions,
        "regret_by_actor": _regrets,
        "switching": _switches,
        "outages": _outages,
        "distribution": _quantiles,
    }
    for key, teller in tellers.items():
        if key in findings.conclusions and len(findings.conclusions[key]):
            yield teller(findings, findings.conclusions[key])


def _switches(findings: Findings, table: pd.DataFrame) -> _Listing:
    labels = {factor.name: factor.label for factor in findings.study.factors}
    rows = [
        [
            title_of(findings, row.figure).removeprefix("Built of "),
            labels[row.factor],
            f"{row.kept_at:.6g}",
            f"{row.gone_at:.6g}",
            row.unit,
            row.others or NOTHING,
        ]
        for row in table.itertuples()
    ]
    text = "Between these values of a factor something stops being built, all else equal."
    heads = ["What", "Factor", "Still built at", "No longer at", "Unit", "Where"]
    return _Listing("Switching values", text, heads, rows, frozenset({0, 1, 4, 5}))


def _outages(findings: Findings, table: pd.DataFrame) -> _Listing:
    rows = [
        [
            row.supplier,
            _plain(row.unserved),
            _plain(row.extra_unserved),
            _plain(row.extra_cost),
            " ".join(str(row.reason).split())[:300] if row.status != "done" else NOTHING,
        ]
        for row in table.itertuples()
    ]
    text = (
        "Sizes are those of the undisturbed plan. Extra is what comes on top of the run with all suppliers; the cost "
        "is that of running."
    )
    cost = f"Extra cost, {unit_of(findings, 'Running costs')}"
    heads = ["Supplier out", "Not served, MWh", "Extra, MWh", cost, "No figures because"]
    return _Listing("Without one supplier: table", text, heads, rows, frozenset({0, 4}))


def _quantiles(findings: Findings, table: pd.DataFrame) -> _Listing:
    rows = [
        [
            f"{title_of(findings, str(row['figure']))}, {unit_of(findings, str(row['figure']))}",
            *(_plain(value) for key, value in row.items() if key != "figure"),
        ]
        for row in table.to_dict("records")
    ]
    heads = ["Figure", "Draws", "Mean", "Deviation", "Least", *(f"{100 * level:g} %" for level in LEVELS), "Most"]
    return _Listing("Quantiles", "Share of the draws that lie below.", heads, rows)


def _decisions(findings: Findings, table: pd.DataFrame) -> _Listing:
    rules = ("expected_cost", "worst_cost", "expected_regret", "largest_regret")
    name = findings.asked[0]
    rows = [
        [row["decision"]]
        + [
            ("no plan" if math.isinf(row[rule]) else told(findings, name, row[rule]))
            + (" · best" if row[f"is_best_by_{rule}"] else "")
            for rule in rules
        ]
        for row in table.to_dict("records")
    ]
    text = f"{title_of(findings, name)} by four rules; each asks for something else, and which to follow is a choice."
    heads = ["Decision", "Expected cost", "Worst cost", "Expected regret", "Largest regret"]
    return _Listing("Decisions", text, heads, rows)


def _regrets(findings: Findings, table: pd.DataFrame) -> _Listing:
    rows = []
    for figure, own in table.groupby("figure", sort=False):
        least = own.expected_regret.min()
        for row in own.itertuples():
            told_all = [
                "no plan" if math.isinf(value) else told(findings, str(figure), value)
                for value in (row.expected_cost, row.expected_regret, row.largest_regret)
            ]
            told_all[1] += " · least" if row.expected_regret == least else ""
            worst = str(row.regretted_most_in) if row.largest_regret > 0.0 else NOTHING
            rows.append([title_of(findings, str(figure)), str(row.decision), *told_all, worst])
    text = "What a decision costs each actor more than the one that is best for this actor in each future."
    heads = ["Whose", "Decision", "Expected cost", "Expected regret", "Largest regret", "Regretted most in"]
    return _Listing("Regret of each actor", text, heads, rows, frozenset({0, 1, 5}))


def _runs(findings: Findings) -> tuple[list[str], int, list[list[str]]]:
    """List runs with what varies and what was asked: headings, how many of them are words, rows."""
    table = findings.table
    labels: dict[str, str] = {
        "case": "Case",
        "decision": "Decision",
        "future": "Future",
        "supplier_out": "Supplier out",
    }
    labels |= {factor.name: f"{factor.label}, {factor.unit}".rstrip(", ") for factor in findings.study.factors}
    points = [name for name in dict.fromkeys((*labels,)) if name in table]
    points.sort(key=lambda name: pd.api.types.is_numeric_dtype(table[name]))
    words = sum(not pd.api.types.is_numeric_dtype(table[name]) for name in points)
    scales = {name: scale_of(findings, name, table[name]) for name in findings.asked}
    heads = ["Run", *(labels[name] for name in points)]
    heads += [axis_of(findings, name, unit) for name, (_, unit) in scales.items()]
    rows = [
        [f"{row['run']}" + ("" if row["role"] in ("case", "low", "high") else f" ({row['role']})")]
        + [_plain(row[name]) for name in points]
        + [
            _plain(row[name] / scales[name][0]) if row["status"] == "done" else WITHOUT_FIGURES[row["status"]]
            for name in findings.asked
        ]
        for row in table.head(SHOWN).to_dict("records")
    ]
    return heads, 1 + words, rows


def _plain(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return NOTHING
    return number(value) if isinstance(value, float) else str(value)
