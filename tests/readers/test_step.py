"""Where a row of time stamps changes its step, said in one way for imported files and for those of a scenario."""

import numpy as np
import pytest

from energysim.readers.step import told_change

HOUR = np.timedelta64(60, "m")


def _after(*minutes: int) -> np.ndarray:
    """Stamps with these gaps between them."""
    return np.datetime64("2030-01-01T00:00", "m") + np.cumsum([0, *minutes]).astype("timedelta64[m]")


@pytest.mark.parametrize(
    ("gaps", "told"),
    [
        ([], ""),
        ([60] * 5, ""),
        ([60, 180, 60], ""),
        ([60, 60, 15], "values come every 60 min, but 15 min apart after 2030-01-01 02:00 UTC."),
        ([60, 90, 60], "values come every 60 min, but 90 min apart after 2030-01-01 01:00 UTC."),
        ([60] * 20 + [120] * 12, "values come every 60 min, but 120 min apart after 2030-01-01 20:00 UTC."),
        ([60] * 20 + [120] * 11, ""),
    ],
)
def test_shorter_odd_and_many_longer_gaps_change_the_step(gaps: list[int], told: str) -> None:
    """A few longer gaps are missing rows."""
    assert told_change(_after(*gaps), HOUR) == told


def test_what_is_filled_may_be_coarser_and_a_finer_grid_takes_more() -> None:
    coarser, finer = _after(*[60] * 20, *[120] * 12), _after(60, 60, 15, 60)

    assert told_change(coarser, HOUR, may_be_coarser=True) == ""
    assert told_change(finer, HOUR, np.timedelta64(15, "m")) == ""
