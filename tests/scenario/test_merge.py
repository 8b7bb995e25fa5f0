"""``extends``, variants and ``--set``: what wins, what goes, where it came from."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from energysim.errors import ScenarioError
from energysim.scenario import Scenario

Loader = Callable[..., Scenario]


def test_a_base_is_merged_deeply_and_the_file_wins(loaded: Loader, small: str) -> None:
    top = "extends: base.yaml\nscenario: Above it\ncomponents: {tank: {volume: 5 MWh}}\n"

    scenario = loaded({"scenario.yaml": top, "base.yaml": small})

    assert scenario.title == "Above it"
    assert scenario.components["tank"].volume.existing == 5.0
    assert scenario.components["boiler"].capacity.existing == 20.0


def test_of_several_bases_the_later_wins(loaded: Loader, small: str) -> None:
    bases = {"a.yaml": small, "b.yaml": "scenario: B\nseed: 2\n", "c.yaml": "seed: 3\n"}

    scenario = loaded({"scenario.yaml": "extends: [a.yaml, b.yaml, c.yaml]\n", **bases})

    assert scenario.title == "B"
    assert scenario.seed == 3


def test_a_base_is_found_from_the_file_that_names_it(loaded: Loader, small: str) -> None:
    files = {
        "scenario.yaml": "extends: base/town.yaml\n",
        "base/town.yaml": "extends: ../region.yaml\nseed: 7\n",
        "region.yaml": small,
    }

    assert loaded(files).seed == 7


def test_null_removes_a_component_and_a_value(loaded: Loader, small: str) -> None:
    top = "extends: base.yaml\ncomponents:\n  trade: null\n  boiler: null\n  demand: {owner: null}\n"

    scenario = loaded({"scenario.yaml": top, "base.yaml": small})

    assert list(scenario.components) == ["demand", "tank"]
    assert scenario.components["demand"].owner is None


def test_a_variant_takes_out_what_a_file_with_a_base_says(loaded: Loader, small: str) -> None:
    """Null in a variant waits until the variant is chosen; merging the files used to swallow it without a word."""
    top = "extends: base.yaml\nvariants:\n  bare:\n    components.tank: null\n    components.demand: {owner: null}\n"
    files = {"scenario.yaml": top, "base.yaml": small}

    assert "tank" in loaded(files).components
    assert "tank" not in loaded(files, variant="bare").components
    assert loaded(files, variant="bare").components["demand"].owner is None


def test_null_takes_a_variant_of_the_base_out(loaded: Loader, small: str) -> None:
    variants = "variants:\n  a: {seed: 3}\n  b:\n    components.tank: null\n"
    files = {"scenario.yaml": "extends: base.yaml\nvariants: {a: null}\n", "base.yaml": small + variants}

    assert "tank" not in loaded(files, variant="b").components
    with pytest.raises(ScenarioError, match="There is no variant 'a'"):
        loaded(files, variant="a")


def test_a_list_replaces_a_list(loaded: Loader, small: str) -> None:
    top = "extends: base.yaml\ncomponents: {demand: {load: [1 MW, 2 MW, 3 MW]}}\n"

    scenario = loaded({"scenario.yaml": top, "base.yaml": small})

    assert scenario.components["demand"].load.tolist() == [1.0, 2.0, 3.0]


def test_entries_keep_the_order_of_the_files(loaded: Loader, small: str) -> None:
    top = "extends: base.yaml\ncomponents:\n  cooler: {type: heat_rejection, from: heat}\n  demand: {label: Homes}\n"

    scenario = loaded({"scenario.yaml": top, "base.yaml": small})

    assert list(scenario.components) == ["demand", "trade", "boiler", "tank", "cooler"]


def test_a_variant_changes_by_dotted_keys_and_by_nested_ones(loaded: Loader, small: str) -> None:
    variants = (
        "variants:\n  big: {components.tank.volume: 30 MWh, economy: {discount_rate: 3 %}, components.boiler: null}\n"
    )

    usual = loaded({"scenario.yaml": small + variants})
    big = loaded({"scenario.yaml": small + variants}, variant="big")

    assert (usual.variant, usual.components["tank"].volume.existing) == (None, 3.0)
    assert (big.variant, big.components["tank"].volume.existing) == ("big", 30.0)
    assert big.economy.discount_rate == 0.03
    assert "boiler" not in big.components


def test_a_variant_of_a_base_is_there_too(loaded: Loader, small: str) -> None:
    base = f"{small}variants: {{big: {{components.tank.volume: 30 MWh}}}}\n"

    scenario = loaded({"scenario.yaml": "extends: base.yaml\n", "base.yaml": base}, variant="big")

    assert scenario.components["tank"].volume.existing == 30.0


def test_changes_come_after_the_variant_and_in_their_order(loaded: Loader, small: str) -> None:
    text = f"{small}variants: {{big: {{components.tank.volume: 30 MWh}}}}\n"
    changes = [
        "components.tank.volume=4 MWh",
        "components.tank.volume = {max: 5 MWh, investment: 1 EUR/kWh, lifetime: 9 a}",
    ]

    scenario = loaded({"scenario.yaml": text}, variant="big", overrides=changes)

    assert scenario.components["tank"].volume.max == 5.0
    assert scenario.components["tank"].volume.existing == 0.0


def test_a_change_may_add_a_key_and_remove_a_component(loaded: Loader, small: str) -> None:
    changes = ["components.tank.standing_loss=1 %", "components.trade=null", "components.boiler=null"]

    scenario = loaded({"scenario.yaml": small}, overrides=changes)

    assert scenario.components["tank"].standing_loss == 0.01
    assert list(scenario.components) == ["demand", "tank"]


def test_each_value_knows_where_it_was_written(loaded: Loader, small: str) -> None:
    top = (
        "extends: base.yaml\n"
        "components:\n"
        "  tank: {volume: 5 MWh}\n"
        "variants:\n"
        "  long: {time.duration: 6 h, components.boiler: {ramps: {up: 0.5 1/h}}}\n"
    )

    scenario = loaded(
        {"scenario.yaml": top, "base.yaml": small.replace(", load: [8 MW, 14 MW, 18 MW]", ", load: 9 MW")},
        variant="long",
        overrides=["seed=4"],
    )

    told = {path: (origin.file, origin.line, origin.via) for path, origin in scenario.origins.items()}
    assert told["components.tank.volume"] == ("scenario.yaml", 3, "file")
    assert told["components.boiler.capacity"] == ("base.yaml", 11, "extends")
    assert told["time.duration"] == ("scenario.yaml", 5, "variant long")
    assert told["components.boiler.ramps.up"] == ("scenario.yaml", 5, "variant long")
    assert told["seed"] == ("--set", None, "--set")
    assert not [path for path in told if path.startswith("variants")]


def test_what_was_replaced_leaves_no_origin(loaded: Loader, small: str) -> None:
    base = small.replace("volume: 3 MWh", "volume: {max: 3 MWh, investment: 1 EUR/kWh, lifetime: 9 a}")

    scenario = loaded({"scenario.yaml": "extends: base.yaml\ncomponents: {tank: {volume: 5 MWh}}\n", "base.yaml": base})

    assert "components.tank.volume" in scenario.origins
    assert "components.tank.volume.max" not in scenario.origins


def test_every_file_read_is_recorded_with_its_hash(loaded: Loader, small: str, tmp_path: Path) -> None:
    scenario = loaded({"scenario.yaml": "extends: base/town.yaml\n", "base/town.yaml": small})

    assert dict(scenario.inputs) == {
        name: hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in ("scenario.yaml", "base/town.yaml")
    }


def test_a_change_may_begin_a_section_the_file_leaves_out(loaded: Loader, small: str) -> None:
    """Settings of the solver and effects are not in most files; a misspelt section is still refused."""
    changes = ["solver.method=ipx", "effects.co2={price: 60 EUR/t}"]

    scenario = loaded({"scenario.yaml": small}, overrides=changes)

    assert scenario.solver.method == "ipx"
    assert scenario.effects["co2"].price == 60.0
    with pytest.raises(ScenarioError, match="There is no 'slover' to change"):
        loaded({"scenario.yaml": small}, overrides=["slover.method=ipx"])


@pytest.mark.parametrize("section", ["", "simulation:\nsolver:\n", "simulation: {}\nsolver: {}\n"])
def test_a_change_begins_a_section_that_is_absent_or_empty(loaded: Loader, small: str, section: str) -> None:
    changes = ["simulation.policy=greedy", "solver.method=ipx", "security.networks={heat: {outage: 24 h}}"]
    scenario = loaded({"scenario.yaml": f"{small}\n{section}"}, overrides=changes)

    assert (scenario.simulation.policy, scenario.solver.method) == ("greedy", "ipx")
    assert scenario.security is not None
    assert scenario.security.networks["heat"].outage == 24.0


def test_a_variant_begins_a_section_that_is_empty(loaded: Loader, small: str) -> None:
    text = f"{small}\nsimulation:\nvariants:\n  greedy: {{simulation.policy: greedy}}\n"

    assert loaded({"scenario.yaml": text}, variant="greedy").simulation.policy == "greedy"
