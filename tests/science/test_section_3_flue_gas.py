"""SCIENCE 3: flue-gas condensation."""

import numpy as np
import pytest

from energysim.traits.flue_gas import dew_point, moist_heating_value, recovered

OUTLETS = np.array([40.0, 45.0, 50.0, 55.0, 60.0, 65.0])


@pytest.mark.parametrize(
    ("moisture", "shares", "dew"),
    [
        (0.5, [0.249, 0.227, 0.199, 0.164, 0.119, 0.059], 65.2),
        (0.4, [0.187, 0.166, 0.140, 0.108, 0.065, 0.051], 61.1),
        (0.55, [0.294, 0.270, 0.242, 0.205, 0.158, 0.096], 67.4),
    ],
)
def test_t_3_4_heat_from_condensation(moisture: float, shares: list[float], dew: float) -> None:
    """T-3.4: what cooling from 150 degC to the outlet recovers; the case's three digits imply air of some 6 g/kg."""
    assert recovered(OUTLETS, moisture) == pytest.approx(shares, abs=0.004)
    assert dew_point(moisture) == pytest.approx(dew, abs=0.2)


def test_t_3_4_heating_value() -> None:
    """T-3.4: half water, 19 MJ/kg dry: 9.5 less half of 2.443 is 8.278 MJ/kg."""
    assert moist_heating_value(0.5) == pytest.approx(8.278, abs=0.001)


def test_a_colder_return_recovers_more() -> None:
    assert (np.diff(recovered(np.linspace(30.0, 100.0, 71), 0.5)) < 0.0).all()
