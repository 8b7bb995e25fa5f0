"""Slips that a strategist made on a first day, each of which once led elsewhere or nowhere."""

from collections.abc import Callable
from pathlib import Path

import pytest

from energysim.scenario import load
from energysim.system import assemble

Told = Callable[..., str]


@pytest.mark.parametrize(
    ("written", "after"),
    [("20,50 EUR/MWh", "50 EUR/MWh"), ("{value: 1.100,00 EUR/MWh}", "00 EUR/MWh")],
    ids=["decimal comma", "thousands with a point"],
)
def test_a_comma_in_a_number_inside_brackets(told: Told, written: str, after: str) -> None:
    """YAML ends the entry at the comma: what is left of the number lacks its unit, which is not the mistake."""
    assert told(("price: 20 EUR/MWh", f"price: {written}")).endswith(
        f"The comma before '{after}' ends what stands before it. Decimals are written with a point, thousands with a "
        "space or nothing. Put text that holds a comma in quotes."
    )


def test_planned_stops_of_last_year(told: Told) -> None:
    """They would change nothing, silently."""
    stops = "availability: {planned_stops: [2029-07-01/2029-07-22]}"

    assert told(("    efficiency: 90 %\n", f"    efficiency: 90 %\n    {stops}\n")) == (
        "scenario.yaml:22: components.boiler.availability: All planned stops lie in other years, such as 2029; the "
        "horizon is in 2030."
    )


def test_a_percentage_without_its_sign(told: Told) -> None:
    changed = ("{carrier: heat, at: town}", "{at: town, supply: 90 degC, return: 45 degC, losses: {share: 12}}")

    assert told(changed).endswith("losses.share: 12 is out of range. It must be at most 1. Did you mean 12 %?")


def test_the_unit_that_is_needed_is_in_the_money_of_the_scenario(told: Told) -> None:
    changes = (
        ("{currency: EUR, discount_rate: 5 %}", "{currency: SEK, discount_rate: 5 %, exchange: {EUR: 11.2 SEK}}"),
        ("price: 20 EUR/MWh", "price: 20"),
    )

    assert told(*changes).endswith("20 has no unit. A quantity in SEK/MWh is needed here, such as 35 SEK/MWh.")


@pytest.mark.parametrize(
    ("price", "currency", "is_doubted"),
    [
        pytest.param("0.305 SEK/kWh", "SEK", False, id="usual"),
        pytest.param("305 SEK/kWh", "SEK", True, id="per kWh"),
        pytest.param("30 EUR/kWh", "EUR", True, id="euro"),
    ],
)
def test_a_price_per_kwh_that_was_meant_per_mwh(tmp_path: Path, price: str, currency: str, is_doubted: bool) -> None:
    """Told with the plan, not refused: energy may become dear."""
    (tmp_path / "town.yaml").write_text(
        "scenario: Town\ntime: {start: 2030-01-01, duration: 2 h}\n"
        f"economy: {{currency: {currency}, discount_rate: 0 %}}\nnetworks: {{heat: {{carrier: heat}}}}\n"
        "components:\n  homes: {type: heat_demand, to: heat, load: 1 MW}\n"
        f"  plant: {{type: source, to: heat, price: {price}}}\n",
        encoding="utf8",
    )
    doubts = [text for text in assemble(load(tmp_path / "town.yaml")).warnings if "check the unit" in text]

    assert bool(doubts) == is_doubted
    assert all(f"plant: its 'price' is {'30,000 EUR' if currency == 'EUR' else '305,000 SEK'}/MWh" in t for t in doubts)
