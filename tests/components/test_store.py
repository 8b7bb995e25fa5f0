"""Store of any carrier."""

import numpy as np
import pytest

from energysim.components.sink import Sink
from energysim.components.source import Source
from energysim.components.store import Store
from energysim.testing import assert_balanced, assert_same_optimum, scenario_of, solve

HYDROGEN = {"hydrogen": "hydrogen"}


def system(store: Store) -> list:
    maker = Source(name="maker", to="hydrogen", price=5.0, capacity=10.0, availability=np.array([1.0, 0.0, 1.0]))
    return [store, maker, Sink(name="user", **{"from": "hydrogen"}, fixed=4.0)]


def test_it_bridges_an_hour_without_supply() -> None:
    """The maker stands still in the second hour; the store gives the 4 MWh."""
    results = solve(system(Store(name="store", network="hydrogen", volume=20.0)), HYDROGEN)

    assert float(results.flow.sel(port="store.discharge")[1]) == pytest.approx(4.0)
    assert results.attrs["objective"] == pytest.approx(5.0 * 12.0)
    assert_balanced(results)


def test_it_keeps_everything_unless_told_otherwise() -> None:
    results = solve(system(Store(name="store", network="hydrogen", volume=20.0, start=0.5)), HYDROGEN)

    assert float(results.level[0, 2]) == pytest.approx(10.0)


def test_the_same_optimum_by_plain_pyomo() -> None:
    store = Store(name="store", network="hydrogen", volume=20.0, power=6.0, standing_loss=0.05, start=0.1)

    assert_same_optimum(scenario_of(system(store), HYDROGEN))
