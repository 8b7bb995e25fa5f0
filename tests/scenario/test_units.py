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


@pytest.mark.parametrize(
    ("written", "unit", "advice"),
    [
        ("80 C", "degC", "Write  degC."),
        ("300 kr/MWh", "money/MWh", r"Write  SEK  \(or NOK, DKK\)."),
        ("3 mnkr", "money", "Write  MSEK."),
        ("25 år", "a", "Write  a."),
        ("4 timmar", "h", "Write  h."),
        ("12 ton", "t", "Write  t."),
    ],
)
def test_units_said_otherwise_are_told_how(written: str, unit: str, advice: str) -> None:
    """What is written elsewhere, or in Swedish, is no unit here; the message gives the word that is."""
    with pytest.raises(UnitError, match=advice):
        Converter().read(written, unit)
