"""Units as people write them."""

from pathlib import Path

import pytest

from energysim.errors import UnitError
from energysim.scenario import load
from energysim.scenario.build_components import known_effects
from energysim.scenario.sections import BOOKED, MONEY
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


@pytest.mark.parametrize(
    ("written", "unit", "advice"),
    [
        ("30 mW", "MW", "MW"),
        ("5 mWh", "MWh", "MWh"),
        ("3 mSEK", "money", "MSEK"),
        ("20 mEUR/MWh", "money/MWh", "MEUR"),
        ("20 mEUR_2015", "money", "MEUR"),
        ("4 mt", "t", "Mt"),
    ],
)
def test_a_small_m_is_no_million_and_no_thousandth(written: str, unit: str, advice: str) -> None:
    """It would be read as a billionth of what is meant."""
    with pytest.raises(UnitError, match=rf"If millions are meant, write  {advice}\."):
        Converter().read(written, unit)


@pytest.mark.parametrize(
    ("written", "unit", "value"),
    [
        ("54.5 mm", "mm", 54.5),
        ("54.5 mm", "m", 0.0545),
        ("5 mm2", "m2", 5e-6),
        ("100 mg/m3", "t/m3", 1e-7),
        ("250 ml", "l", 0.25),
        ("20 mbar", "bar", 0.02),
    ],
)
def test_thousandths_that_are_in_use(written: str, unit: str, value: float) -> None:
    assert Converter().read(written, unit) == pytest.approx(value, rel=1e-12)


def test_a_square_kilometre_is_a_million_square_metres() -> None:
    """Not a thousand: the prefix belongs to the length."""
    assert Converter().read("2 km2", "m2") == 2e6


@pytest.mark.parametrize("written", ["5 %%", "5 % %", "5 %‰"])
def test_two_signs_of_percent_are_refused(written: str) -> None:
    """They would be multiplied: a ten-thousandth."""
    with pytest.raises(UnitError, match="has more than one sign for a share"):
        Converter().read(written, "1")


def test_caps_and_prices_of_carbon_in_any_unit(tmp_path: Path) -> None:
    """50 kg is a twentieth of a tonne, and 5 cents a kilo 50 a tonne; primary energy needs no unit to be in MWh."""
    path = tmp_path / "scenario.yaml"
    effects = "effects: {co2: {cap: 50 kg, price: 0.05 EUR/kg}, primary_energy: {price: 1 EUR/MWh}}\n"
    head = "scenario: A\ntime: {start: 2030-01-01, duration: 1 h}\neconomy: {currency: EUR, discount_rate: 5 %}\n"
    rest = "networks: {heat: {carrier: heat}}\ncomponents: {a: {type: source, to: heat}}\n"
    path.write_text(head + rest + effects, encoding="utf8")
    policies = load(path).effects

    assert policies["co2"].cap == pytest.approx(0.05)
    assert policies["co2"].price == pytest.approx(50.0)
    assert policies["primary_energy"].unit == "MWh"


def test_every_effect_that_types_book_has_its_unit_fixed() -> None:
    """A type that books a further effect must name it there, or a scenario could relabel it."""
    assert known_effects() <= {*MONEY, *BOOKED}
