"""Names of a study as readers see them: titles of variants, and keys without underscores."""

from dataclasses import replace
from typing import Any

import pandas as pd

from energysim.study.base import VARIANT
from energysim.study.factor import Choice, Factor
from energysim.study.run import Findings

_NAMED = ("decision", "future", "regretted_most_in")


def readable(findings: Findings) -> Findings:
    """Give findings whose decisions, futures, variants and cases have names for readers.

    A variant is called by the title it gives the scenario (``scenario: Luleå without mill heat``), all else by
    its key with spaces: 'no_pipe' becomes 'no pipe'. Numbers, figures and units stay.
    """
    study, titles = findings.study, findings.study.base.variant_titles()
    factors = tuple(_factor(factor, titles) for factor in study.factors)
    words = {factor.name: titles if factor.name == VARIANT else {} for factor in study.factors if not factor.is_number}
    columns = {**{name: {} for name in _NAMED}, "low": titles, "high": titles, **words}
    return replace(
        findings,
        study=replace(
            study,
            factors=factors,
            decisions={spoken(name): changes for name, changes in study.decisions.items()},
            futures=tuple(replace(future, name=spoken(future.name)) for future in study.futures),
        ),
        table=_named(findings.table, columns),
        conclusions={key: _named(table, columns) for key, table in findings.conclusions.items()},
    )


def spoken(name: Any, titles: dict[str, str] | None = None) -> Any:
    """Write a key as words.

    Examples
    --------
    >>> spoken("stegra_runs / no_sponge_iron"), spoken("steady", {"steady": "Without a cavern"}), spoken(3.5)
    ('stegra runs / no sponge iron', 'Without a cavern', 3.5)
    """
    if not isinstance(name, str):
        return name
    return (titles or {}).get(name, name.replace("_", " "))


def _factor(factor: Factor, titles: dict[str, str]) -> Factor:
    if factor.is_number:
        return factor
    titles = titles if factor.name == VARIANT else {}
    choices = tuple(
        Choice(spoken(choice.shown, titles), choice.changes, spoken(choice.label, titles)) for choice in factor.choices
    )
    return replace(factor, choices=choices)


def _named(table: pd.DataFrame, columns: dict[str, dict[str, str]]) -> pd.DataFrame:
    found = table.copy()
    for name, titles in columns.items():
        if name in found:
            found[name] = [spoken(value, titles) for value in found[name]]
    found.attrs = table.attrs
    return found
