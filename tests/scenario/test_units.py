"""Units as people write them."""

import pytest

from energysim.errors import UnitError
from energysim.units import Converter


@pytest.mark.parametrize("written", ["80 degC", "80 °C", "80°C", "80 ºC", "80 ℃", "80 ° C", "80 celsius"])
def test_degrees_by_their_sign(written: str) -> None:
    """A strategist writes °C; one sign of two, or the one that only looks like it, is understood as well."""
    assert Converter().read(written, "degC") == 80.0


def test_degrees_are_still_no_difference() -> None:
    with pytest.raises(UnitError, match="°C is a temperature, not a difference"):
        Converter().read("5 °C", "K")
