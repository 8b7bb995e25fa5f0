"""The page of a cooperation in plain words: what is gained, at which prices, who depends on whom, who may leave."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from energysim.kpi.ledger import network_owners
from energysim.report.actors import actors_context
from energysim.report.charts import Chart, chart, environment, layout
from energysim.report.look import listed, money, money_unit, number, quantity
from energysim.symbiosis.cooperation import Cooperation
from energysim.symbiosis.games import named
from energysim.symbiosis.investment import cash_flow, sensitivity, verdict_of
from energysim.symbiosis.prices import PriceRange

WAYS = {
    "margin": "All sold at the marginal price",
    "contracts": "Contracts as agreed",
    "shapley": "By contribution (Shapley)",
    "nucleolus": "Least cause to leave (nucleolus)",
}
_COLOURS = {"margin": "#9aa5b1", "contracts": "#3a6ea5", "shapley": "#2a9d8f", "nucleolus": "#e4a13a"}
_LITTLE = 0.005
"""Room between floor and ceiling that is no gain worth dividing, over the ceiling."""
_ROUNDING = 1e-7
"""Amounts under this, over what all pay alone, are no gain or loss but rounding of two plans."""
_LARGE = 0.25
"""Share of a network's heat from which a supplier is named as one to depend on."""


def write_cooperation(found: Cooperation, folder: Path) -> None:
    """Write ``report.html`` and the tables as CSV into a folder.

    Parameters
    ----------
    found : Cooperation
        Of one scenario.
    folder : Path
        Must exist.
    """
    found.shares.rename_axis("actor").to_csv(folder / "shares.csv")
    coalition_table(found).to_csv(folder / "coalitions.csv", index=False)
    range_table(found).to_csv(folder / "prices.csv", index=False)
    found.suppliers.to_csv(folder / "suppliers.csv", index=False)
    cash_table(found).to_csv(folder / "cash_flow.csv", index=False)
    page = environment().get_template("cooperation_page.html.j2")
    (folder / "report.html").write_text(page.render(**cooperation_context(found)), encoding="utf8")


def coalition_table(found: Cooperation) -> pd.DataFrame:
    """What every coalition saves: ``members, saving``. [money]"""
    rows = [(" ".join(named(number, found.players)), saving) for number, saving in found.values.items()]
    return pd.DataFrame(rows, columns=["members", "saving"])


def range_table(found: Cooperation) -> pd.DataFrame:
    """The price ranges: ``seller, buyer, contract, energy, unit, floor, ceiling, agreed, gap`` [money/unit]."""
    rows = [{**vars(one), "suits_both": one.suits_both, "gap": one.gap} for one in found.ranges]
    return pd.DataFrame(rows)


def cash_table(found: Cooperation) -> pd.DataFrame:
    """Cash flow of every actor by year: ``actor, year, invested, gained, cash, discounted, cumulated``. [money]"""
    return pd.concat([cash_flow(case).assign(actor=actor) for actor, case in found.cases.items()], ignore_index=True)[
        ["actor", "year", "invested", "gained", "cash", "discounted", "cumulated"]
    ]


def sentences(found: Cooperation) -> list[tuple[str, list[str]]]:
    """Answer the four questions, each with its sentences."""
    return [
        ("How much is gained together?", _gained(found)),
        ("Between which prices do contracts leave both better off?", [_priced(one, found) for one in found.ranges]),
        ("Who depends on whom?", _depends(found)),
        ("What happens if one leaves?", _leaves(found)),
    ]


def cooperation_context(found: Cooperation) -> dict[str, Any]:
    """What the template needs."""
    currency = found.currency
    ways = [way for way in WAYS if not found.shares[way].isna().all()]
    return {
        **actors_context(found.results),
        "found": found,
        "currency": currency,
        "money": lambda value: money(0.0 if abs(value) < _ROUNDING * abs(found.alone) else value, currency),
        "sentences": sentences(found),
        "ways": [(way, WAYS[way], found.core.get(way)) for way in ways],
        "share_rows": [(found.names[name], row) for name, row in found.shares.iterrows()],
        "core_sentence": _core(found),
        "cooperation_charts": _charts(found, ways),
        "cases": [
            (found.names[name], case, verdict_of(case), sensitivity(case))
            for name, case in found.cases.items()
            if case.built
        ],
        "idle": [(found.names[name], case) for name, case in found.cases.items() if not case.built],
    }


def _gained(found: Cooperation) -> list[str]:
    currency, count = found.currency, len(found.players)
    share = 100.0 * found.gain / abs(found.alone) if found.alone else math.nan
    texts = [
        f"Alone the {count} actors together pay {money(found.alone, currency)}; sharing they pay "
        f"{money(found.together, currency)}. They gain {money(found.gain, currency)}, {number(share)} % of what they "
        "pay alone."
    ]
    texts += _emitted(found)
    if found.veto:
        names = listed([found.names[one] for one in found.veto])
        texts.append(
            f"Nothing is gained without {names}: {'this actor' if len(found.veto) == 1 else 'each'} could veto."
        )
    elif found.is_exact:
        texts.append("No single actor could veto everything: some gain is left without any one of them.")
    return texts


def _emitted(found: Cooperation) -> list[str]:
    """Say what sharing does to emissions: with it less without it, never an account of heat."""
    texts = []
    for account, words in _ACCOUNTS.items():
        alone, together = found.emissions.get(account, (0.0, 0.0))
        if abs(alone - together) > 0.5:
            less = "less" if together < alone else "more"
            texts.append(f"{words}: {number(abs(alone - together))} t {less} than alone.")
    return texts


_ACCOUNTS = {
    "co2": "Carbon dioxide at the stacks",
    "co2_electricity": "Carbon dioxide of bought power, by the mean of the mix",
    "co2_consequence": "Carbon dioxide that the change in power causes elsewhere",
}


def _priced(one: PriceRange, found: Cooperation) -> str:
    seller, buyer, currency = found.names[one.seller], found.names[one.buyer], found.currency
    if one.energy <= 0.0:
        return f"{seller} to {buyer}: nothing flows in the best plan, so there is nothing to pay for."
    what, each = f"{seller} to {buyer}, {quantity(one.energy, one.unit)}: ", f"{currency}/{one.unit}"
    if not one.suits_both:
        return (
            f"{what}no price suits both. The seller needs {number(one.floor)} {each}, the buyer saves "
            f"{number(one.ceiling)}: {number(one.gap)} are missing."
        )
    if one.ceiling - one.floor < _LITTLE * max(1.0, abs(one.ceiling)):
        return f"{what}it saves about what it costs, {number(one.floor)} {each}, so there is nothing to divide."
    text = f"{what}any price from {number(one.floor)} to {number(one.ceiling)} {each}."
    if math.isnan(one.agreed):
        return text
    if one.agreed < one.floor - 1e-6:
        return f"{text} The {number(one.agreed)} agreed are too little for the seller."
    if one.agreed > one.ceiling + 1e-6:
        return f"{text} The {number(one.agreed)} agreed are too much for the buyer."
    part = (one.agreed - one.floor) / (one.ceiling - one.floor) if one.ceiling > one.floor else math.nan
    return f"{text} The {number(one.agreed)} agreed leave {number(100.0 * part)} % of the gain to the seller."


def _depends(found: Cooperation) -> list[str]:
    texts = []
    titles = dict(zip(found.results.node.values.tolist(), found.results.node_title.values.tolist(), strict=True))
    for row in found.suppliers.itertuples():
        name = found.names.get(row.supplier)
        if name is None or not row.share >= _LARGE or not _is_foreign(found, row.network, row.supplier):
            continue
        texts.append(f"{titles[row.network]} gets {number(100.0 * row.share)} % of its heat from {name}.")
    return texts or ["No network gets a quarter or more of its heat from another actor."]


def _is_foreign(found: Cooperation, network: str, supplier: str) -> bool:
    return network_owners(found.results)[network] != supplier


def _leaves(found: Cooperation) -> list[str]:
    ranked = sorted(found.loss_if_left.items(), key=lambda item: -item[1])
    texts = []
    for name, loss in ranked:
        share = 100.0 * loss / found.gain if found.gain > 0.0 else math.nan
        if share < 0.05 or math.isnan(share):
            texts.append(f"If {found.names[name]} leaves, nothing is lost.")
        else:
            texts.append(
                f"If {found.names[name]} leaves, all together lose {money(loss, found.currency)}, {number(share)} % of "
                "the gain."
            )
    return texts


def _core(found: Cooperation) -> str:
    if not found.is_exact:
        return (
            "With more than eight actors not every coalition was looked at: the shares are estimates from orders of "
            "arrival drawn by chance, with their standard error, and whether a group would leave is not known."
        )
    if found.epsilon > 1e-6 * max(1.0, found.gain):
        return (
            f"There is no division with which no group would do better on its own: "
            f"{money(found.epsilon, found.currency)} are missing to the most content one."
        )
    return "There are divisions with which no group would do better on its own; the table says which these are."


def _charts(found: Cooperation, ways: list[str]) -> list[Chart]:
    names = [found.names[one] for one in found.players]
    shares = go.Figure()
    factor, unit = money_unit(float(found.shares[ways].abs().to_numpy().max(initial=0.0)), found.currency)
    for way in ways:
        error = {"type": "data", "array": found.shares.error.to_numpy() / factor} if way == "shapley" else None
        values = (found.shares[way] / factor).round(4)
        if error is not None and not found.shares.error.any():
            error = None
        marker = {"color": _COLOURS[way]}
        shares.add_trace(go.Bar(x=names, y=values.to_numpy(), name=WAYS[way], marker=marker, error_y=error))
    shares.update_layout(layout(unit), barmode="group")
    text = "What each actor gains against being alone, under four ways to divide it."
    return [
        chart("shares", "Who gains how much", text, shares),
        chart("prices", "Price ranges", _RANGES, _ranges(found)),
    ]


_RANGES = "From the seller's own cost to what the buyer saves; the mark is the price agreed."


def _range_label(one: PriceRange, shown: list[PriceRange], names: Mapping[str, str]) -> str:
    """Name a bar; two contracts of the same parties need their own names, or one bar would hide the other."""
    alike = [other for other in shown if (other.seller, other.buyer) == (one.seller, one.buyer)]
    contract = f": {one.contract.replace('_', ' ')}" if one.contract and len(alike) > 1 else ""
    return f"{names[one.seller]} to {names[one.buyer]}{contract}" + (", for a t" if one.unit == "t" else "")


def _ranges(found: Cooperation) -> go.Figure:
    figure = go.Figure()
    shown = [one for one in found.ranges if one.energy > 0.0][::-1]
    labels = [_range_label(one, shown, found.names) for one in shown]
    low = [min(one.floor, one.ceiling) for one in shown]
    width = [abs(one.ceiling - one.floor) for one in shown]
    colours = ["#2a9d8f" if one.suits_both else "#b3261e" for one in shown]
    bar = go.Bar(y=labels, x=width, base=low, orientation="h", marker={"color": colours}, name="suits both")
    figure.add_trace(bar)
    agreed = [(label, one.agreed) for label, one in zip(labels, shown, strict=True) if not math.isnan(one.agreed)]
    marks = go.Scatter(
        y=[label for label, _ in agreed],
        x=[price for _, price in agreed],
        mode="markers",
        name="agreed",
        marker={"color": "#1f2933", "symbol": "line-ns-open", "size": 22, "line": {"width": 3}},
    )
    figure.add_trace(marks)
    figure.update_layout(layout(""), height=130 + 46 * len(shown))
    figure.update_xaxes(title=f"{found.currency}/MWh")
    figure.update_yaxes(automargin=True, title="")
    return figure
