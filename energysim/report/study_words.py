"""What a study has found, in sentences."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from energysim.report.look import figure, fitting, is_money, number
from energysim.report.study_names import readable
from energysim.study.methods.switching import LEAST
from energysim.study.run import Findings
from energysim.study.task import Ending

MOST = 8
"""Sentences of one kind, at most; the tables have the rest."""


NO_PLAN = "no plan"
WITHOUT_FIGURES = {Ending.REFUSED.value: NO_PLAN, Ending.LOST.value: "lost", Ending.BROKEN.value: "error"}
"""Why a run has no figures, in a word or two, by its status."""


def sentences(findings: Findings) -> list[str]:
    """Say in words what the method has found, the most important first."""
    findings = readable(findings)
    tellers = (_tornado, _indices, _effects, _switching, _regret, _regret_by_actor, _cases, _outages, _distribution)
    return [sentence for teller in tellers for sentence in list(teller(findings))[:MOST]]


def title_of(findings: Findings, name: str) -> str:
    """Name of a figure for readers."""
    return str(findings.table.attrs["titles"].get(name, name))


def unit_of(findings: Findings, name: str) -> str:
    """Unit of a figure."""
    return str(findings.table.attrs["units"].get(name, ""))


def scale_of(findings: Findings, name: str, values: pd.Series | None = None) -> tuple[float, str]:
    """By how much a column of a figure is divided where it is drawn or listed, and the unit it then has.

    Parameters
    ----------
    findings : Findings
    name : str
        The figure.
    values : Series, optional
        Of the figure, such as regrets; those of all runs where absent.
    """
    values = findings.table[name] if values is None else values
    finite = values[np.isfinite(values.astype(float))].abs()
    return fitting(unit_of(findings, name), float(finite.max()) if len(finite) else 0.0)


def axis_of(findings: Findings, name: str, unit: str) -> str:
    """Title of an axis or a column: a figure and the unit it is in."""
    return f"{title_of(findings, name)}, {unit}" if unit else title_of(findings, name)


def told(findings: Findings, name: str, value: float) -> str:
    """Write a value of a figure with its unit; money in millions where it is large."""
    unit = unit_of(findings, name)
    return figure(value, unit, unit if is_money(unit) else "")


def _tornado(findings: Findings) -> Iterator[str]:
    table = findings.conclusions.get("tornado")
    if table is None:
        return
    for name in findings.asked:
        own = table[(table.figure == name) & (table.swing > 0.0)]
        if len(own):
            row = own.iloc[0]
            ends = f"{told(findings, name, row.at_low)} at {row.low}, {told(findings, name, row.at_high)} at {row.high}"
            yield f"{title_of(findings, name)} depends most on {row.factor}: {ends}."


def _indices(findings: Findings) -> Iterator[str]:
    table = findings.conclusions.get("indices")
    if table is None:
        return
    for name in findings.asked:
        own = table[table.figure == name].sort_values("total", ascending=False)
        if len(own):
            row = own.iloc[0]
            yield (
                f"{row.factor} is to blame for {100.0 * row.alone:.0f} % of the variance of {title_of(findings, name)} "
                f"alone, and for {100.0 * row.total:.0f} % together with the others."
            )


def _effects(findings: Findings) -> Iterator[str]:
    table = findings.conclusions.get("effects")
    if table is None:
        return
    for name in findings.asked:
        own = table[table.figure == name].sort_values("size", ascending=False)
        if len(own):
            row = own.iloc[0]
            size = told(findings, name, row["size"])
            yield f"{title_of(findings, name)} reacts most to {row.factor}: by {size} over its range, on average."


def _switching(findings: Findings) -> Iterator[str]:
    table = findings.conclusions.get("switching")
    if table is None:
        return
    for row in table.itertuples():
        thing = title_of(findings, row.figure).removeprefix("Built of ")
        low, high = sorted((row.kept_at, row.gone_at))
        labels = {factor.name: factor.label for factor in findings.study.factors}
        side = "above" if row.is_above else "below"
        others = f", with {_labelled(row.others, labels)}" if row.others else ""
        where = f"{labels[row.factor]} is {side} {_exact(low, high, row.unit)}"
        yield f"{thing} no longer pays where {where}{others}."


def _exact(low: float, high: float, unit: str) -> str:
    """Write a switching value with as many digits as are known, or the two values it lies between."""
    middle, half = 0.5 * (low + high), 0.5 * (high - low)
    if half <= 0.006 * abs(middle):
        return f"{number(middle)} {unit} (± {half:.2g})"
    return f"a value between {number(low)} and {number(high)} {unit}"


def _labelled(others: str, labels: dict[str, str]) -> str:
    for name, label in labels.items():
        others = others.replace(f"{name} =", f"{label} =")
    return others


def _regret(findings: Findings) -> Iterator[str]:
    table = findings.conclusions.get("decisions")
    if table is None:
        return
    name = findings.asked[0]
    if not np.isfinite(table.expected_cost.astype(float)).any():
        yield "No decision has a plan in every future."
        return
    for rule, text in (
        ("expected_cost", "has the lowest expected"),
        ("largest_regret", "is regretted least at worst:"),
    ):
        best = table[table[f"is_best_by_{rule}"]].iloc[0]
        title = title_of(findings, name).lower() if rule == "expected_cost" else "at most"
        words = (
            f"{title}, {told(findings, name, best[rule])}"
            if rule == "expected_cost"
            else (f"{title} {told(findings, name, best[rule])} more than the best decision of the same future")
        )
        yield f"'{best.decision}' {text} {words}."


def _regret_by_actor(findings: Findings) -> Iterator[str]:
    table = findings.conclusions.get("regret_by_actor")
    if table is None:
        return
    for name, own in table.groupby("figure", sort=False):
        best, worst = own.loc[own.expected_regret.idxmin()], own.loc[own.largest_regret.idxmax()]
        expected, most = told(findings, name, best.expected_regret), told(findings, name, best.largest_regret)
        told_worst = told(findings, name, worst.largest_regret)
        yield (
            f"{title_of(findings, name)}: '{best.decision}' is regretted least, {expected} expected, {most} at most; "
            f"'{worst.decision}' most, {told_worst} in {worst.regretted_most_in}."
        )


def _cases(findings: Findings) -> Iterator[str]:
    """Where one thing varies by name, such as variants: what each does to the first figure, and to what is built."""
    factors = findings.study.factors
    if findings.study.method != "sweep" or len(factors) != 1 or factors[0].unit or factors[0].is_range:
        return
    done = findings.table[findings.table.status == "done"]
    base = done[done.role == "base"]
    name = findings.asked[0]
    if base.empty:
        return
    for row in done[done.role == "case"].to_dict("records"):
        more = row[name] - float(base[name].iloc[0])
        if abs(more) < 1e-6 * abs(row[name]):
            continue
        side = "more" if more > 0.0 else "less"
        yield (
            f"{row[factors[0].name]}: {title_of(findings, name).lower()} {told(findings, name, row[name])}, "
            f"{told(findings, name, abs(more))} {side} than as it is{_built(findings, done, row)}."
        )


def _built(findings: Findings, done: pd.DataFrame, row: Mapping[str, Any]) -> str:
    """Say what a run builds of what was asked for; a trace of the largest size of all runs is nothing."""
    watched = [one for one in findings.asked if one.startswith("built.")]
    built = [
        f"{title_of(findings, one).removeprefix('Built of ')} {told(findings, one, row[one])}"
        for one in watched
        if row[one] > LEAST * max(float(done[one].max()), 1e-9)
    ]
    return f"; built: {', '.join(built) or 'nothing'}" if watched else ""


def _outages(findings: Findings) -> Iterator[str]:
    table = findings.conclusions.get("outages")
    if table is None or table.empty:
        return
    none = table[table.status != "done"]
    for row in none.itertuples():
        lines = [*str(row.reason).splitlines(), ""]
        if WITHOUT_FIGURES[row.status] != NO_PLAN:
            yield f"What happens without {row.supplier} is not known: {lines[0].strip()}"
            continue
        # The first line says that there is no plan, the second why.
        yield f"Without {row.supplier} there is no plan: {(lines[1] or lines[0]).strip()}"
    done = table[table.status == "done"]
    short = done[done.extra_unserved > 1e-3]
    anyway = bool((done.unserved - done.extra_unserved > 1e-3).any())
    more = " more than with all suppliers" if anyway else ""
    for row in short.itertuples():
        yield f"Without {row.supplier}, {number(row.extra_unserved)} MWh{more} are not served."
    if none.empty and short.empty:
        end = "more running short than with all of them" if anyway else "heat running short"
        yield f"Any one supplier may stop for the whole horizon without {end}."


def _distribution(findings: Findings) -> Iterator[str]:
    table = findings.conclusions.get("distribution")
    if table is None:
        return
    for row in table.to_dict("records"):
        name = str(row["figure"])
        low, middle, high = (told(findings, name, float(row[level])) for level in ("0.05", "0.5", "0.95"))
        title = title_of(findings, name)
        yield f"{title} is {middle} in the middle of all draws; nine of ten lie between {low} and {high}."


def ranges(findings: Findings) -> pd.DataFrame:
    """List what varies: name, key, values, source and confidence."""
    rows = []
    for factor in findings.study.factors:
        grid = factor.grid()
        values = f"{grid[0].label} to {grid[-1].label}" if factor.is_range else ", ".join(c.label for c in grid[:12])
        if factor.is_range and factor.distribution != "uniform":
            values += f", {factor.distribution.replace('_', ' ')}"
        rows.append([factor.label, factor.name, values, factor.confidence, factor.source])
    return pd.DataFrame(rows, columns=["label", "key", "values", "confidence", "source"])
