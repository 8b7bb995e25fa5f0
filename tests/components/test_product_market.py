"""Product market."""

import pytest
from pydantic import ValidationError

from energysim.components.product_market import ProductMarket
from energysim.testing import assert_same_optimum, scenario_of, solve

WHERE = {"ore": {"carrier": "ore", "unit": "t"}}


def test_buys_what_is_demanded_and_sells_at_a_price() -> None:
    """90 t at 60 against a demand of 20 t/h at 0, and a second market that pays 70 for 10 t/h: 3 * (30*60 - 700)."""
    parts = [
        ProductMarket(name="mine", to="ore", buying=60.0, co2=0.1),
        ProductMarket(name="works", to="ore", demand=20.0),
        ProductMarket(name="port", to="ore", selling=70.0, capacity=10.0),
    ]
    results = solve(parts, WHERE)

    assert float(results.attrs["objective"]) == pytest.approx(3 * (30 * 60.0 - 10 * 70.0))
    assert float(results.amount.sel(component="mine", effect="co2")) == pytest.approx(9.0)
    assert_same_optimum(scenario_of(parts, WHERE))


def test_a_year_s_demand() -> None:
    parts = [
        ProductMarket(name="mine", to="ore", buying=[60.0, 30.0, 60.0]),
        ProductMarket(name="works", to="ore", annual=50.0),
    ]

    assert float(solve(parts, WHERE).attrs["objective"]) == pytest.approx(1500.0)


def test_one_demand_only() -> None:
    with pytest.raises(ValidationError, match="'demand' and 'annual' both"):
        ProductMarket(name="works", to="ore", annual=50.0, demand=2.0)
