"""Flexible demand."""

import numpy as np
import pytest
from pydantic import ValidationError

from energysim.components.flexible_demand import FlexibleDemand
from energysim.components.source import Source
from energysim.testing import assert_same_optimum, scenario_of, solve


def works(price: object, **fields: object) -> list:
    demand = FlexibleDemand(name="works", **{"from": "grid"}, load=10.0, **fields)
    return [demand, Source(name="market", to="grid", price=price)]


def test_a_share_moves_to_the_cheap_hour() -> None:
    """20 % of 10 MW may wait, within 2 h no more than 2 MWh are owed: 2 MWh leave the dear hour for the cheap ones."""
    parts = works(np.array([10.0, 100.0, 10.0]), movable=0.2, within=2.0)
    results = solve(parts, {"grid": "electricity"})

    assert float(results.flow.sel(port="works.drawn")[1]) == pytest.approx(8.0)
    assert float(results.flow.sel(port="works.drawn").sum()) == pytest.approx(30.0)
    assert float(results.measured.sel(measure="works.moved_energy")) == pytest.approx(2.0)
    assert_same_optimum(scenario_of(parts, {"grid": "electricity"}))


def test_use_is_given_up_above_its_worth() -> None:
    """A tenth of the load is worth 400: in the hour at 900 it is given up, in the others not."""
    results = solve(works(np.array([10.0, 900.0, 300.0]), giving_up=400.0, most_given_up=0.1), {"grid": "electricity"})

    assert results.flow.sel(port="works.drawn").values == pytest.approx([10.0, 9.0, 10.0])


def test_nothing_flexible_is_refused() -> None:
    with pytest.raises(ValidationError, match="nothing of it is flexible"):
        FlexibleDemand(name="works", **{"from": "grid"}, load=10.0)
