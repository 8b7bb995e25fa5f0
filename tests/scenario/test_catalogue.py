"""``from: catalogue``: which row fits, what wins, and that every row can be used."""

from collections.abc import Callable

import pytest

from energysim.components import component_types
from energysim.scenario import Scenario
from energysim.scenario.annotations import CONFIDENCES
from energysim.scenario.catalogue import table
from energysim.scenario.sections import Fuel
from energysim.traits import EnergySizing, PowerSizing
from energysim.units import Converter, Money

Loader = Callable[..., Scenario]

TECHNOLOGIES = table("technologies").data
FUELS = table("fuels").data


class _Reading:
    units = Converter(Money("SEK", 2025, {"EUR": 11.2}))


def test_the_row_of_type_and_fuel_is_taken(loaded: Loader, small: str) -> None:
    text = small.replace("capacity: 20 MW", "capacity: {max: 30 MW, from: catalogue}")

    size = loaded({"scenario.yaml": text}).components["boiler"].capacity

    row = TECHNOLOGIES["wood_chip_boiler"]["figures"]
    assert size.max == 30.0
    assert size.investment == Converter().read(row["investment"]["value"], "money/MW")
    assert size.lifetime == Converter().read(row["lifetime"]["value"], "a")


def test_a_row_can_be_named(loaded: Loader, small: str) -> None:
    text = small.replace("volume: 3 MWh", "volume: {max: 30 MWh, from: catalogue, technology: pit_store}")

    size = loaded({"scenario.yaml": text}).components["tank"].volume

    row = TECHNOLOGIES["pit_store"]["figures"]
    assert size.investment == Converter().read(row["investment"]["value"], "money/MWh")


def test_what_the_scenario_says_itself_wins(loaded: Loader, small: str) -> None:
    text = small.replace("capacity: 20 MW", "capacity: {max: 30 MW, lifetime: 17 a, from: catalogue}")

    assert loaded({"scenario.yaml": text}).components["boiler"].capacity.lifetime == 17.0


def test_sources_of_the_catalogue_are_assumptions_of_the_scenario(loaded: Loader, small: str) -> None:
    text = small.replace("capacity: 20 MW", "capacity: {max: 30 MW, from: catalogue}")

    scenario = loaded({"scenario.yaml": text})

    row = TECHNOLOGIES["wood_chip_boiler"]["figures"]["investment"]
    found = next(a for a in scenario.assumptions if a.path == "components.boiler.capacity.investment")
    assert (found.text, found.source, found.confidence) == (row["value"], row["source"], row["confidence"])
    origin = scenario.origins["components.boiler.capacity.investment"]
    assert (origin.file, origin.via) == ("catalogue/technologies.yaml", "catalogue")


def test_a_fuel_by_its_own_name_and_by_another(loaded: Loader, small: str) -> None:
    text = small.replace(
        "wood_chips: {co2: 0 kg/MWh}", "wood_chips: {from: catalogue}, oil: {from: catalogue, like: light_oil}"
    )

    fuels = loaded({"scenario.yaml": text}).fuels

    assert fuels["wood_chips"].co2 == 0.0
    assert fuels["oil"].co2 == Converter().read(FUELS["light_oil"]["co2"]["value"], "t/MWh")
    assert fuels["wood_chips"].label == FUELS["wood_chips"]["label"]


@pytest.mark.parametrize("name", FUELS)
def test_every_fuel_can_be_used_and_names_its_source(name: str) -> None:
    row = FUELS[name]
    plain = {key: value["value"] if isinstance(value, dict) else value for key, value in row.items()}

    fuel = Fuel.model_validate({**plain, "name": name}, context=_Reading())

    assert 0.0 <= fuel.co2 < 1.2
    assert row["co2"]["source"]
    assert row["co2"]["confidence"] in CONFIDENCES


@pytest.mark.parametrize("name", TECHNOLOGIES)
def test_every_technology_fits_its_type_and_names_its_sources(name: str) -> None:
    row = TECHNOLOGIES[name]
    field = component_types()[row["type"]].model_fields[row.get("field", "capacity")]
    kind = EnergySizing if "EnergySizing" in str(field.annotation) else PowerSizing
    figures = {key: value["value"] for key, value in row["figures"].items()}

    size = kind.model_validate({**figures, "max": f"1 {kind.unit}"}, context=_Reading())

    assert size.investment is not None
    assert size.lifetime is not None
    assert all(value["source"] and value["confidence"] in CONFIDENCES for value in row["figures"].values())
    assert all(
        Converter().read(value["low"], "money/MW") < Converter().read(value["high"], "money/MW")
        for key, value in row["figures"].items()
        if key == "investment" and "low" in value and kind is PowerSizing
    )
