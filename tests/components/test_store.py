"""Store of any carrier."""

import numpy as np
import pytest
from pydantic import ValidationError

from energysim.components.sink import Sink
from energysim.components.source import Source
from energysim.components.store import Store
from energysim.kpi import indicators
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


def bought(store: Store, price: list[float]) -> list:
    """A store between a buyer's market that changes and nobody else: 3 MW are used in every hour."""
    maker = Source(name="maker", to="hydrogen", price=np.array(price))
    return [store, maker, Sink(name="user", **{"from": "hydrogen"}, fixed=3.0)]


def test_what_is_left_at_the_end_has_a_worth() -> None:
    """Half of 20 MWh to begin with; at the end a MWh is worth 12: bought at 10, sold back at 20, held for 12.

    9 MWh are used; at prices of 10, 20, 20 it is filled in the first hour (13 + 10) and its 20 MWh serve 6 later ones.
    """
    store = Store(name="store", network="hydrogen", volume=20.0, start=0.5, end_value=12.0)
    results = solve(bought(store, [10.0, 20.0, 20.0]), HYDROGEN)

    assert results.level.values.ravel() == pytest.approx([20.0, 17.0, 14.0])
    assert results.attrs["objective"] == pytest.approx(13.0 * 10.0 - 14.0 * 12.0)
    found = {one.name: one.value for one in indicators(results)}
    assert found["Worth left at the end"] == pytest.approx(14.0 * 12.0)
    assert (found["Running costs"], found["Yearly costs"]) == pytest.approx((130.0, 0.0))
    assert_same_optimum(scenario_of(bought(store, [10.0, 20.0, 20.0]), HYDROGEN))


def test_it_may_end_lower_than_it_began() -> None:
    """An end of 0 empties the 10 MWh of the start: 9 are used, none bought; an end of 20 % keeps 4 MWh back."""
    free = Store(name="store", network="hydrogen", volume=20.0, start=0.5, end=0.0)
    kept = Store(name="store", network="hydrogen", volume=20.0, start=0.5, end=0.2)

    assert solve(bought(free, [10.0] * 3), HYDROGEN).attrs["objective"] == pytest.approx(0.0)
    assert solve(bought(kept, [10.0] * 3), HYDROGEN).attrs["objective"] == pytest.approx(3.0 * 10.0)


def test_its_range_narrows_hour_by_hour() -> None:
    """Never below a quarter of 20 MWh, and at most half full after the first hour: 10 instead of 20 at 10."""
    store = Store(name="store", network="hydrogen", volume=20.0, lowest=0.25, highest=np.array([0.5, 1.0, 1.0]))
    results = solve(bought(store, [10.0, 20.0, 20.0]), HYDROGEN)

    assert results.level.values.ravel() == pytest.approx([10.0, 7.0, 5.0])
    assert_same_optimum(scenario_of(bought(store, [10.0, 20.0, 20.0]), HYDROGEN))


def test_it_may_give_slower_than_it_takes() -> None:
    """9 MW in and 2 out: of 3 MW used in each dear hour one is bought."""
    store = Store(name="store", network="hydrogen", volume=20.0, power=9.0, discharge_power=2.0, exclusive=True)
    results = solve(bought(store, [10.0, 20.0, 20.0]), HYDROGEN)

    assert results.flow.sel(port="store.discharge").values == pytest.approx([0.0, 2.0, 2.0])
    assert results.attrs["objective"] == pytest.approx(7.0 * 10.0 + 2.0 * 20.0)


def test_the_largest_size_on_offer_is_an_end() -> None:
    """10 MWh for 5 in all, filled in 2 h one way at a time: 5 MW in the first hour serve the two dear ones in part."""
    size = {"sizes": ((10.0, 0.5),), "lifetime": 20.0}
    store = Store(name="store", network="hydrogen", volume=size, hours_to_fill=2.0, exclusive=True)
    results = solve(bought(store, [10.0, 200.0, 200.0]), HYDROGEN)

    assert store.volume.most == 10.0
    assert results.flow.sel(port="store.charge").values == pytest.approx([5.0, 0.0, 0.0])


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"lowest": 0.6, "highest": 0.5}, "lowest 0.6 is above highest 0.5: no level fits between"),
        ({"end_value": 5.0}, "without 'start' the horizon is a ring"),
        ({"discharge_power": 5.0}, "stands beside 'power', the largest flow in"),
    ],
)
def test_what_no_store_can_be(fields: dict, text: str) -> None:
    with pytest.raises(ValidationError, match=text):
        Store(name="store", network="hydrogen", volume=20.0, **fields)
