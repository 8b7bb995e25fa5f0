"""Data centre."""

import pytest
from pydantic import ValidationError

from energysim.components.data_centre import DataCentre
from energysim.components.heat_demand import HeatDemand
from energysim.components.source import Source
from energysim.testing import assert_balanced, assert_same_optimum, scenario_of, solve

WHERE = {"grid": "electricity", "heat": {"carrier": "heat", "supply": 75.0, "return": 45.0, "approach": 3.0}}


def town(**fields: object) -> list:
    return [
        DataCentre(name="hall", power="grid", heat="heat", load=20.0, **fields),
        Source(name="market", to="grid", price=10.0),
        Source(name="boiler", to="heat", price=50.0),
        HeatDemand(name="users", to="heat", load=30.0),
    ]


def test_liquid_cooling_preheats() -> None:
    """19 MW of 58 to 48 degC less 3 K heat water of 45 to 55 of 75 degC: at most a third of 30 MW."""
    results = solve(town(hot=58.0, cold=48.0), WHERE)

    assert results.flow.sel(port="hall.power").values == pytest.approx([22.0] * 3)
    assert results.flow.sel(port="hall.warmth").values == pytest.approx([10.0] * 3)
    assert float(results.measured.sel(measure="hall.unused")) == pytest.approx(27.0)
    assert_balanced(results)
    assert_same_optimum(scenario_of(town(hot=58.0, cold=48.0, cooling_cost=2.0), WHERE))


def test_cooling_what_is_not_used_costs() -> None:
    results = solve(town(cooling_cost=2.0), WHERE)

    assert float(results.booking[results.booking_item == "own_cooling"].sum()) == pytest.approx(3 * 19.0 * 2.0)


def test_without_a_network_for_its_heat_all_is_cooled_away() -> None:
    """4 h of 19 MW at 2 and power for 22 MW at 10: 152 + 880; none of the heat is used."""
    hall = DataCentre(name="hall", power="grid", load=20.0, cooling_cost=2.0)
    results = solve([hall, Source(name="market", to="grid", price=10.0)], {"grid": "electricity"}, steps=4)

    assert float(results.attrs["objective"]) == pytest.approx(4 * (19.0 * 2.0 + 22.0 * 10.0))
    assert float(results.measured.sel(measure="hall.unused")) == pytest.approx(4 * 19.0)


def test_heated_by_its_servers_is_refused() -> None:
    with pytest.raises(ValidationError, match="the servers are cooled"):
        DataCentre(name="hall", power="grid", load=20.0, hot=20.0, cold=30.0)
