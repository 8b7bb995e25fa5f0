"""Grid connection and its tariff."""

import numpy as np
import pytest
from pydantic import ValidationError

from energysim.components.electric_boiler import ElectricBoiler
from energysim.components.electricity_demand import ElectricityDemand
from energysim.components.grid_connection import GridConnection
from energysim.components.heat_demand import HeatDemand
from energysim.components.heat_store import HeatStore
from energysim.components.source import Source
from energysim.declare import Component
from energysim.testing import assert_balanced, assert_same_optimum, scenario_of, solve

WHERE = {"region": "electricity", "plant": "electricity"}


def plant(load: object, **tariff: object) -> list[Component]:
    ends = {"from": "region", "to": "plant"}
    return [
        GridConnection(name="connection", **ends, **tariff),
        Source(name="market", to="region", price=30.0),
        ElectricityDemand(name="works", to="plant", load=load),
    ]


def fees(parts: list[Component], **settings: object) -> float:
    """Cost beside the power itself."""
    results = solve(parts, WHERE, **settings)
    assert_balanced(results)
    bought = float((results.flow.sel(port="market.given") * results.hours).sum())
    return float(results.attrs["objective"]) - 30.0 * bought


def test_t_6_4_a_tank_shaves_the_peak() -> None:
    """T-6.4: base load 3, 5, 4, 6 MW and heat of 1 MW; with a tank the peak is 6 MW and the cost 48 660."""
    base = np.array([3.0, 5.0, 4.0, 6.0])
    heat = [
        ElectricBoiler(name="boiler", power="plant", to="heat", capacity=3.0, efficiency=1.0),
        HeatDemand(name="town", to="heat", load=1.0),
    ]
    tank = HeatStore(name="tank", network="heat", volume=6.0, standing_loss=0.0)
    where = WHERE | {"heat": "heat"}
    with_tank = solve([*plant(base, peak_fee=8000.0), *heat, tank], where, steps=4)
    without = solve([*plant(base, peak_fee=8000.0), *heat], where, steps=4)

    assert float(with_tank.attrs["objective"]) == pytest.approx(48_660.0)
    assert float(without.attrs["objective"]) == pytest.approx(56_660.0)
    assert float(with_tank.measured.sel(measure="connection.peak_drawn")) == pytest.approx(6.0)


def test_t_6_5_mean_of_the_three_highest_days() -> None:
    """T-6.5: daily peaks 10, 8, 9, 7, 6: the mean of the three highest is 9."""
    peaks = np.repeat([10.0, 8.0, 9.0, 7.0, 6.0], 24)
    load = np.where(np.arange(120) % 24 == 12, peaks, 1.0)
    parts = plant(load, peak_fee=100.0, highest=3)

    assert fees(parts, steps=120, start="2030-01-07T00:00") == pytest.approx(900.0)


def test_mean_of_the_two_highest_hours() -> None:
    """10 and 8 of 10, 8, 3: a peak of 9 at 100."""
    parts = plant(np.array([10.0, 8.0, 3.0]), peak_fee=100.0, highest=2, highest_of="hours")

    assert fees(parts) == pytest.approx(900.0)
    assert_same_optimum(scenario_of(parts, WHERE))


@pytest.mark.parametrize("of", ["days", "hours"])
def test_part_of_a_month_carries_its_share_of_the_highest(of: str) -> None:
    """A week of 31 days: 7 / 31 of 1 000 for the mean of 10, 9 and 8, so 2 032; days in full would make it level."""
    load = np.ones(168)
    load[[12, 36, 60, 84]] = [10.0, 9.0, 8.0, 7.0]
    parts = plant(load, peak_fee=1000.0, highest=3, highest_of=of)
    settings = {"steps": 168, "start": "2030-01-07T00:00", "annual_costs": "pro_rata"}

    assert fees(parts, **settings) == pytest.approx(7.0 / 31.0 * 9000.0)


@pytest.mark.parametrize(("of", "steps"), [("days", 24), ("hours", 2)])
def test_a_horizon_with_fewer_than_the_highest_counts_all(of: str, steps: int) -> None:
    """Of three highest values a horizon of two has only these: their mean of 10 at 1 000 by its share of January."""
    parts = plant(10.0, peak_fee=1000.0, highest=3, highest_of=of)
    settings = {"steps": steps, "start": "2030-01-07T00:00", "annual_costs": "pro_rata"}

    assert fees(parts, **settings) == pytest.approx(10_000.0 * steps / 744.0)


def test_part_of_a_day_carries_the_share_of_its_month() -> None:
    """Half of one day and a whole one, 36 of 744 hours: 36 / 744 of 1 000 for the mean of 6 and 4."""
    load = np.r_[np.full(12, 6.0), np.full(24, 4.0)]
    parts = plant(load, peak_fee=1000.0, highest=2)
    settings = {"steps": 36, "start": "2030-01-07T12:00", "annual_costs": "pro_rata"}

    assert fees(parts, **settings) == pytest.approx(36.0 / 744.0 * 5000.0)
    assert_same_optimum(scenario_of(parts, WHERE, **settings))


def test_every_month_has_its_peak() -> None:
    """The last hours of January at 5 MW, the first of February at 8: 13 MW months at 100, and two fixed fees."""
    load = np.r_[np.full(24, 5.0), np.full(24, 8.0)]
    parts = plant(load, peak_fee=100.0, fixed_fee=7.0)

    assert fees(parts, steps=48, start="2030-01-31T00:00") == pytest.approx(1314.0)


def test_high_load_counts_only_in_its_window() -> None:
    """Friday 1 March 2030 noon is high load, Saturday is not: 4 MW on Friday, 9 on Saturday."""
    load = np.r_[np.full(24, 4.0), np.full(24, 9.0)]
    parts = plant(load, high_load_fee=66.0)

    assert fees(parts, steps=48, start="2030-03-01T00:00") == pytest.approx(264.0)


def test_subscription_and_overuse() -> None:
    """6 MW subscribed at 10 a year; one month of 2 MW overuse at 25."""
    tariff = {"subscribed": 6.0, "subscription_fee": 10.0, "overuse_fee": 25.0}

    assert fees(plant(np.array([3.0, 8.0, 4.0]), **tariff)) == pytest.approx(110.0)


def test_the_subscription_may_be_decided() -> None:
    """Overuse at 25 a month is dearer than 10 a year: all 8 MW are subscribed."""
    size = {"max": 20.0, "investment": 0.0, "lifetime": 1.0}
    tariff = {"subscribed": size, "subscription_fee": 10.0, "overuse_fee": 25.0}

    assert fees(plant(np.array([3.0, 8.0, 4.0]), **tariff)) == pytest.approx(80.0)


def test_tax_and_feed_in() -> None:
    """A tax of 360 and a fee of 5 on each MWh; 2 MW fed in earn 40."""
    parts = [*plant(1.0, tax=360.0, energy_fee=5.0), Source(name="own", to="plant", fixed=3.0)]
    assert fees(parts[:3]) == pytest.approx(3 * 365.0)
    parts[0] = GridConnection(
        name="connection", **{"from": "region", "to": "plant"}, capacity=9.0, feed_in_limit=9.0, feed_in=40.0
    )
    sold = [*parts, ElectricityDemand(name="region_load", to="region", load=5.0)]

    assert float(solve(sold, WHERE).attrs["objective"]) == pytest.approx(3 * (3.0 * 30.0 - 2.0 * 40.0))


@pytest.mark.parametrize(
    ("tariff", "text"),
    [
        ({"overuse_fee": 3.0}, "go with 'subscribed'"),
        ({"feed_in": 3.0}, "power sent round in a circle would earn"),
        ({"highest": 0}, "greater than or equal to 1"),
    ],
)
def test_bad_tariffs_are_refused(tariff: dict, text: str) -> None:
    with pytest.raises(ValidationError, match=text):
        GridConnection(name="connection", **{"from": "region", "to": "plant"}, **tariff)


@pytest.mark.parametrize(
    ("start", "days", "months"), [("2030-01-01", 365, 12), ("2030-01-01", 31, 1), ("2030-01-30", 4, 2)]
)
def test_full_costs_count_the_months_of_the_horizon(start: str, days: int, months: int) -> None:
    """100 a month and 10 for each MW: a year bills twelve, though its last hour lies in January by the local clock."""
    parts = plant(1.0, fixed_fee=100.0, peak_fee=10.0)

    assert fees(parts, steps=days * 24, start=f"{start}T00:00", annual_costs="full") == pytest.approx(months * 110.0)
