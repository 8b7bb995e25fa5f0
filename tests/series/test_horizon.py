"""Steps, years and local clocks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from energysim.scenario.horizon import Horizon


def horizon(start: str, step: float, count: int) -> Horizon:
    return Horizon(np.datetime64(start, "m"), step, count)


@pytest.mark.parametrize(("year", "hours"), [(2030, 8760), (2028, 8784)])
def test_whole_years(year: int, hours: int) -> None:
    assert horizon(f"{year}-03-05T00:00", 1.0, 10).hourly_years().count == hours


def test_local_hours_around_both_odd_days() -> None:
    """Stockholm: 01 is followed by 03 on 31 March 2030, and 02 comes twice on 27 October 2030."""
    spring = horizon("2030-03-30T23:00", 1.0, 5).calendar()
    autumn = horizon("2030-10-26T22:00", 1.0, 6).calendar()

    assert spring.local_hour.tolist() == [0, 1, 3, 4, 5]
    assert autumn.local_hour.tolist() == [0, 1, 2, 2, 3, 4]


def test_calendar_of_a_new_year() -> None:
    calendar = horizon("2029-12-31T22:00", 1.0, 3).calendar()

    assert calendar.local_hour.tolist() == [23, 0, 1]
    assert calendar.month.tolist() == [12, 1, 1]
    assert calendar.day_of_year.tolist() == [365, 1, 1]
    assert calendar.weekday.tolist() == [0, 1, 1]


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([0.25, 0.5, 1.0, 3.0, 24.0, 168.0]), st.integers(0, 2**31))
def test_means_are_kept(step: float, seed: int) -> None:
    """Whatever the step, the energy of 364 days is that of their hours."""
    values = np.random.default_rng(seed).normal(size=8760)
    steps = horizon("2030-01-01T00:00", step, round(364 * 24 / step)).to_steps(values)

    assert steps.sum() * step == pytest.approx(values[: 364 * 24].sum(), abs=1e-8)


def test_steps_in_the_middle_of_a_year() -> None:
    values = np.arange(8760.0)

    assert horizon("2030-01-02T00:00", 2.0, 2).to_steps(values).tolist() == [24.5, 26.5]
    assert horizon("2030-01-01T00:30", 0.5, 3).to_steps(values).tolist() == [0.0, 1.0, 1.0]
