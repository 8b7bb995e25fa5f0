"""Figures that the catalogue does not have, or has several of."""

from collections.abc import Callable

import pytest

Told = Callable[..., str]

SUBJECT = "scenario.yaml:22: components.tank.volume: "


@pytest.mark.parametrize(
    ("volume", "sentence"),
    [
        (
            "{max: 3 MWh, from: catalogue}",
            "The catalogue has several figures for 'volume' of 'heat_store': pit_store, tank_store. "
            "Choose one, such as  technology: pit_store.",
        ),
        (
            "{max: 3 MWh, from: catalogue, technology: tnak_store}",
            "The catalogue has no technology 'tnak_store' for 'volume' of 'heat_store'. Did you mean 'tank_store'?",
        ),
        (
            "{max: 3 MWh, from: catalogue, technology: wood_chip_boiler}",
            "The catalogue has no technology 'wood_chip_boiler' for 'volume' of 'heat_store'. "
            "Known here: pit_store, tank_store.",
        ),
        (
            "{max: 3 MWh, from: catalogue, technology: tank_store, year: 2035}",
            "The catalogue has no figures of 2035 for 'tank_store'. It has those of 2020, 2025, 2030, 2040; "
            "nothing is read off between them.",
        ),
        ("{max: 3 MWh, from: catalog}", "Figures cannot be taken from 'catalog'. Did you mean 'catalogue'?"),
    ],
)
def test_unclear_size(told: Told, volume: str, sentence: str) -> None:
    assert told(("volume: 3 MWh", f"volume: {volume}")) == SUBJECT + sentence


def test_figure_that_no_catalogue_has(told: Told) -> None:
    message = told(("price: 20 EUR/MWh", "price: {from: catalogue}"))

    assert message == (
        "scenario.yaml:15: components.trade.price: The catalogue has no figures for 'price' of 'fuel_supply'. "
        "Write the figures here."
    )


def test_unknown_fuel(told: Told) -> None:
    message = told(("{co2: 0 kg/MWh}", "{from: catalogue, like: wood_chip}"))

    assert message == (
        "scenario.yaml:9: fuels.wood_chips: The catalogue has no fuel 'wood_chip'. Did you mean 'wood_chips'? "
        "A name of your own goes with  like: <one of these>."
    )
