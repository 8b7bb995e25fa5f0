"""Wrong keys and values, each message whole as a reader sees it."""

from collections.abc import Callable

import pytest

Told = Callable[..., str]

CAPACITY = "capacity: {max: 20 MW, investment: 400 EUR/kW, lifetime: 25 a}"
TANK = "scenario.yaml:22: components.tank.volume: "
ENERGY = "A quantity in MWh is needed here, such as 850 GWh."


def test_unknown_key(told: Told) -> None:
    message = told(("efficiency:", "eficiency:"))

    assert message == (
        "scenario.yaml:21: components.boiler.eficiency: 'eficiency' is not understood here. Did you mean 'efficiency'?"
    )


def test_unknown_key_far_from_all(told: Told) -> None:
    message = told(("{max:", "{maks:"))

    assert message == (
        "scenario.yaml:20: components.boiler.capacity.maks: 'maks' is not understood here. Known here: discount_rate, "
        "existing, fixed_investment, fixed_om, fixed_om_share, from, investment, lifetime, max, min, module, sizes, "
        "smallest, technology, year."
    )


def test_missing_value(told: Told) -> None:
    message = told((f"    {CAPACITY}\n", ""))

    assert (
        message == "scenario.yaml:16: components.boiler.capacity: 'capacity' is missing. It is needed: largest output."
    )


def test_missing_value_with_unit(told: Told) -> None:
    message = told((", price: 20 EUR/MWh", ""))

    assert message == (
        "scenario.yaml:15: components.trade.price: 'price' is missing. "
        "It is needed: price per MWh of lower heating value, delivered [EUR/MWh]."
    )


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("20 MW", f"20 MW is a power. {ENERGY}"),
        ("5 EUR", f"5 EUR is an amount of money. {ENERGY}"),
        ("3", f"3 has no unit. {ENERGY}"),
        ("3 MWhh", "The unit 'MWhh' is not known. Did you mean 'MWh'?"),
        ("lots", f"'lots' is not a number with a unit. {ENERGY}"),
        (
            "'3,5 MWh'",
            "'3,5 MWh' has a comma in its number. Write decimals with a point, thousands with a space or nothing.",
        ),
        ("true", f"True is not a quantity. {ENERGY}"),
        (".nan", f"nan is not a finite number. {ENERGY}"),
        (".inf", f"inf is not a finite number. {ENERGY}"),
        ("-.inf", f"-inf is not a finite number. {ENERGY}"),
        ("nan MWh", f"'nan MWh' is not a number with a unit. {ENERGY}"),
        ("1e999 MWh", f"1e999 MWh is not a finite number. {ENERGY}"),
        ("-3 MWh", "'-3 MWh' is out of range. It must be at least 0 MWh."),
        ("", "'volume' has no value. Write one, or remove the key."),
    ],
)
def test_wrong_quantity(told: Told, written: str, sentence: str) -> None:
    message = told(("volume: 3 MWh", f"volume: {written}"))

    assert message == TANK + sentence


def test_decimal_comma_in_a_mapping(told: Told) -> None:
    """YAML reads ``3,5 MWh`` in braces as 3 and another key."""
    assert told(("volume: 3 MWh", "volume: 3,5 MWh")) == (
        "scenario.yaml:22: components.tank: The comma before '5 MWh' ends what stands before it. Decimals are written "
        "with a point, thousands with a space or nothing. Put text that holds a comma in quotes."
    )


def test_negative_capacity(told: Told) -> None:
    message = told((CAPACITY, "capacity: -5 MW"))

    assert message == "scenario.yaml:20: components.boiler.capacity: '-5 MW' is out of range. It must be at least 0 MW."


def test_negative_limit_of_a_decision(told: Told) -> None:
    message = told(("{max: 20 MW", "{max: -20 MW"))

    assert message == (
        "scenario.yaml:20: components.boiler.capacity.max: '-20 MW' is out of range. It must be at least 0 MW."
    )


def test_min_above_max(told: Told) -> None:
    message = told(("{max: 20 MW", "{min: 30 MW, max: 20 MW"))

    assert message == (
        "scenario.yaml:20: components.boiler.capacity: Min 30 MW is above max 20 MW. Raise max or lower min."
    )


def test_wrong_value_in_a_series(told: Told) -> None:
    message = told(("14 MW", "-14 MW"))

    assert message == (
        "scenario.yaml:14: components.demand.load: -14 at step 2 of 3 is out of range. Values must be at least 0 MW."
    )


def test_series_of_wrong_length(told: Told) -> None:
    message = told((", 18 MW", ""))

    assert message == (
        "scenario.yaml:14: components.demand.load: The list has 2 values, the horizon 3 steps. "
        "One value for each step is needed."
    )


def test_currency_without_rate(told: Told) -> None:
    message = told(("price: 20 EUR/MWh", "price: 200 SEK/MWh"))

    assert message == (
        "scenario.yaml:15: components.trade.price: The currency SEK has no exchange rate. The scenario counts in EUR. "
        "Add what one SEK is worth under economy, as  exchange: {SEK: <number> EUR}."
    )


def test_temperature_that_may_be_a_difference(told: Told) -> None:
    message = told(("{carrier: heat, at: town}", "{carrier: heat, at: town, return: 45 K}"))

    assert message == (
        "scenario.yaml:11: networks.heat.return: A temperature in K is easily mistaken for a difference. "
        "A quantity in degC is needed here, such as 80 degC."
    )


def test_unknown_confidence(told: Told) -> None:
    message = told(("volume: 3 MWh", "volume: {value: 3 MWh, confidence: sure}"))

    assert message == (
        "scenario.yaml:22: components.tank.volume.confidence: 'sure' is no confidence. "
        "Known here: assumption, expert, known."
    )


def test_misspelt_annotation(told: Told) -> None:
    message = told(("volume: 3 MWh", "volume: {value: 3 MWh, sorce: a book}"))

    assert message == (
        "scenario.yaml:22: components.tank.volume.sorce: 'sorce' is not understood here. Did you mean 'source'?"
    )


def test_a_single_value_where_keys_belong(told: Told) -> None:
    message = told(("heat: {carrier: heat, at: town}", "heat: {carrier: heat, at: town, losses: 12 %}"))

    assert message == (
        "scenario.yaml:11: networks.heat.losses: '12 %' is a single value. Keys and values are needed here. "
        "Its keys are share, length, coefficient, ground."
    )


def test_entries_that_are_wrong_are_not_also_too_few(told: Told) -> None:
    """Two points with an unknown unit: one line for each, and none that says there are no points."""
    curve = "supply: {outdoor: [-25 C, 5 C], temperature: [95 degC, 70 degC]}, return: 45 degC"
    message = told(("heat: {carrier: heat, at: town}", f"heat: {{carrier: heat, at: town, {curve}}}"))

    assert message.splitlines() == [
        "scenario.yaml:11: networks.heat.supply.outdoor.0: The unit 'C' is not known. Write  degC.",
        "scenario.yaml:11: networks.heat.supply.outdoor.1: The unit 'C' is not known. Write  degC.",
    ]
