"""What a horizon carries of amounts by the day and by the month."""

import numpy as np
import pytest

from energysim.scenario.horizon import Horizon
from energysim.system.time import Time


@pytest.mark.parametrize("clock", ["UTC", "Europe/Stockholm", "Pacific/Auckland"])
def test_a_year_carries_twelve_months_and_365_days_by_any_clock(clock: str) -> None:
    """Local months begin hours before those of UTC, so that the last hours belong to the next January."""
    shares = Time.from_horizon(Horizon(np.datetime64("2030-01-01T00:00", "m"), 1.0, 8760, clock)).group_shares

    assert shares["month"].sum() == pytest.approx(12.0)
    assert shares["day"].sum() == pytest.approx(365.0)


def test_months_and_days_in_which_clocks_change_are_whole() -> None:
    """In Sweden, March 2030 has 743 hours and the 31st 23; October has 745."""
    time = Time.from_horizon(Horizon(np.datetime64("2030-01-01T00:00", "m"), 1.0, 8760))
    month, day = time.group_shares["month"], time.group_shares["day"]

    assert month[[0, 2, 9, 12]] == pytest.approx([743 / 744, 1.0, 1.0, 1 / 744])
    assert day[[0, 1, 89, 365]] == pytest.approx([23 / 24, 1.0, 1.0, 1 / 24])


def test_a_week_is_a_quarter_of_february() -> None:
    """Steps of three hours from a day in its midst."""
    shares = Time.from_horizon(Horizon(np.datetime64("2030-02-05T00:00", "m"), 3.0, 56)).group_shares

    assert shares["month"] == pytest.approx([0.25])
