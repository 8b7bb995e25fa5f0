"""``from: catalogue``: which row fits, what wins, and that every row can be used."""

from collections.abc import Callable
from io import StringIO

import pytest
from ruamel.yaml import YAML

from energysim.components import component_types
from energysim.errors import ScenarioError
from energysim.scenario import Scenario
from energysim.scenario.annotations import CONFIDENCES
from energysim.scenario.catalogue import table
from energysim.scenario.sections import Fuel
from energysim.traits import EnergySizing, PowerSizing, RateSizing, SpaceSizing
from energysim.units import Converter, Money

Loader = Callable[..., Scenario]

SIZINGS = (EnergySizing, PowerSizing, RateSizing, SpaceSizing)
TECHNOLOGIES = table("technologies").data
FUELS = table("fuels").data
TAXES = table("taxes").data


class _Reading:
    units = Converter(Money("SEK", 2025, {"EUR": 11.2}))
    amount = "MWh"


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
    types = [row["type"]] if isinstance(row["type"], str) else row["type"]
    fields = [component_types()[name].model_fields[row.get("field", "capacity")] for name in types]
    (kind,) = {next(k for k in SIZINGS if k.__name__ in str(field.annotation)) for field in fields}
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


RECIPES = table("recipes").data


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_every_recipe_makes_a_process_and_names_its_sources(name: str, loaded: Loader) -> None:
    """Connected to networks of the right kind it loads, and creates no energy."""
    row = RECIPES[name]
    networks, ends = {"town": {"at": "here", "supply": "80 degC", "return": "45 degC"}}, {}
    for section, key in (("inputs", "from"), ("outputs", "to")):
        ends[section] = {flow: {key: f"net_{flow}"} for flow in row.get(section, {})}
        for flow, figures in row.get(section, {}).items():
            networks[f"net_{flow}"] = {"carrier": flow, "unit": "t" if "mass" in figures else "MWh"}
            assert figures[next(iter(figures))]["source"]
    if row.get("residuals"):
        ends["heat"] = "town"
    scenario = {
        "scenario": "a recipe",
        "time": {"start": "2030-01-01", "duration": "3 h"},
        "economy": {"discount_rate": "5 %"},
        "places": {"here": {}},
        "networks": networks,
        "components": {"works": {"type": "process", "recipe": name, "capacity": "100 t/h", **ends}},
    }
    stream = StringIO()
    YAML(typ="safe").dump(scenario, stream)
    works = loaded({"scenario.yaml": stream.getvalue()}).components["works"]

    assert works.set_of_figures == row["set_of_figures"]
    assert set(works.residuals) == set(row.get("residuals", {}))


def test_an_unconnected_energy_of_a_recipe_is_told(loaded: Loader, small: str) -> None:
    text = small.replace(
        "components:\n", "components:\n  works: {type: process, recipe: ammonia, capacity: 9 t/h}\n", 1
    )
    with pytest.raises(ScenarioError, match="The recipe 'ammonia' has the input 'hydrogen', which is not connected"):
        loaded({"scenario.yaml": text})


def test_a_tariff_of_the_catalogue(loaded: Loader, small: str) -> None:
    entry = "  line: {type: grid_connection, tariff: sundsvall_2024, from: a, to: b}\n"
    text = small.replace("components:\n", f"components:\n{entry}", 1)
    text = text.replace("networks: {", "networks: {a: {carrier: electricity}, b: {carrier: electricity}, ", 1)
    text = text.replace("economy: {", "economy: {exchange: {SEK: 0.09 EUR}, ", 1)
    line = loaded({"scenario.yaml": text}).components["line"]

    assert line.peak_fee == pytest.approx(21_000 * 0.09, rel=1e-6)
    assert line.high_load_fee == pytest.approx(66_000 * 0.09, rel=1e-6)


def test_a_year_the_catalogue_has_not(loaded: Loader, small: str) -> None:
    text = small.replace("volume: 3 MWh", "volume: {max: 30 MWh, from: catalogue, technology: pit_store, year: 2099}")
    with pytest.raises(
        ScenarioError,
        match=r"no figures of 2099 for 'pit_store'\. It has those of 2020, 2025, 2030, 2040; nothing is read",
    ):
        loaded({"scenario.yaml": text})


@pytest.mark.parametrize(
    ("year", "investment", "lifetime"),
    [(2020, 310e3, 20.0), (2030, 190e3, 25.0), (2040, 126e3, 30.0), (None, 190e3, 25.0)],
)
def test_figures_of_another_year(
    loaded: Loader, small: str, year: int | None, investment: float, lifetime: float
) -> None:
    """A battery of 2020, 2030 and 2040 by the catalogue, each figure with the source of its year; 2030 by itself."""
    named = "" if year is None else f", year: {year}"
    entry = f"  cells: {{type: battery, network: grid, volume: {{max: 3 MWh, from: catalogue{named}}}, power: 1 MW}}\n"
    text = small.replace("components:\n", f"components:\n{entry}", 1)
    text = text.replace("networks: {", "networks: {grid: {carrier: electricity}, ", 1)

    scenario = loaded({"scenario.yaml": text})

    size = scenario.components["cells"].volume
    assert (size.investment, size.lifetime) == pytest.approx((investment, lifetime))
    found = next(a for a in scenario.assumptions if a.path == "components.cells.volume.investment")
    assert f"costs_{year or 2030}" in found.source


def test_what_a_year_leaves_out_is_as_in_2030(loaded: Loader, small: str) -> None:
    text = small.replace("capacity: 20 MW", "capacity: {max: 30 MW, from: catalogue, year: 2050}")
    size = loaded({"scenario.yaml": text}).components["boiler"].capacity

    assert (size.investment, size.fixed_om, size.lifetime) == pytest.approx((454e3, 38.2e3, 25.0))


@pytest.mark.parametrize("name", [name for name, row in TECHNOLOGIES.items() if "other_years" in row])
def test_every_year_has_its_source(name: str) -> None:
    """Figures of other years are of the kinds 2030 has, in its units, and their source names their year."""
    row = TECHNOLOGIES[name]
    for year, figures in row["other_years"].items():
        assert 2015 <= int(year) <= 2050
        for key, figure in figures.items():
            usual = row["figures"][key]["value"]
            assert figure["value"].partition(" ")[2] == usual.partition(" ")[2]
            assert year in figure["source"]
            assert figure["confidence"] in CONFIDENCES


def test_a_tax_class_of_the_catalogue(loaded: Loader, small: str) -> None:
    """36 öre/kWh are 360 SEK/MWh, here 32.4 EUR; beside a tax of its own the class is refused."""
    entry = "  line: {type: grid_connection, tax_class: full_2026, from: a, to: b}\n"
    text = small.replace("components:\n", f"components:\n{entry}", 1)
    text = text.replace("networks: {", "networks: {a: {carrier: electricity}, b: {carrier: electricity}, ", 1)
    text = text.replace("economy: {", "economy: {exchange: {SEK: 0.09 EUR}, ", 1)

    assert loaded({"scenario.yaml": text}).components["line"].tax == pytest.approx(32.4)
    with pytest.raises(ScenarioError, match="'tax' and 'tax_class' both say what the energy tax is"):
        loaded({"scenario.yaml": text.replace("full_2026", "full_2026, tax: 3 EUR/MWh")})
    with pytest.raises(ScenarioError, match=r"The catalogue has no tax_class 'full_2062'\. Did you mean 'full_2026'"):
        loaded({"scenario.yaml": text.replace("full_2026", "full_2062")})


@pytest.mark.parametrize("name", TAXES)
def test_every_tax_names_its_source(name: str) -> None:
    (figure,) = TAXES[name]["figures"].values()

    assert Converter(Money("SEK", 2025, {})).read(figure["value"], "money/MWh") >= 0.0
    assert figure["source"]
    assert figure["confidence"] in CONFIDENCES
