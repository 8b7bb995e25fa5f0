"""Product stock."""

import numpy as np
import pytest

from energysim.components.product_market import ProductMarket
from energysim.components.product_stock import ProductStock
from energysim.testing import assert_same_optimum, scenario_of, solve

WHERE = {"pellets": {"carrier": "pellets", "unit": "t"}}


def yard(**fields: object) -> list:
    prices, needs = np.array([10.0, 100.0, 100.0]), np.array([0.0, 20.0, 30.0])
    return [
        ProductStock(name="yard", network="pellets", **fields),
        ProductMarket(name="market", to="pellets", buying=prices, demand=needs),
    ]


def test_bought_cheaply_kept_and_used() -> None:
    """A yard of 40 t takes 40 t at 10; the last 10 t are bought at 100: 1 400."""
    results = solve(yard(capacity=40.0), WHERE)

    assert float(results.attrs["objective"]) == pytest.approx(1400.0)
    assert_same_optimum(scenario_of(yard(capacity=40.0), WHERE))


def test_a_start_is_given_back() -> None:
    """Half of 40 t at the start must be there at the end: what is used is bought, 50 t, of them 20 dear."""
    results = solve(yard(capacity=40.0, start=0.5, handling=1.0), WHERE)

    assert float(results.flow.sel(port="market.bought").sum()) == pytest.approx(50.0)
    stock = results.state_value.sel(state="yard.stock").values
    assert stock[-1] == pytest.approx(20.0)
