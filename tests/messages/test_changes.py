"""Variants and ``--set`` that do not fit."""

from collections.abc import Callable

import pytest

Told = Callable[..., str]

VARIANTS = """\
variants:
  big: {components.tank.volume: 30 MWh}
  wrong_name: {components.tnak.volume: 30 MWh}
  wrong_key: {components.tank.volum: 30 MWh}
  wrong_unit: {components: {tank: {volume: 30 MW}}}
  too_deep: {components.tank.volume.max: 30 MWh}
  no_changes: [components.tank.volume]
components:
"""


@pytest.mark.parametrize(
    ("variant", "message"),
    [
        ("bigg", "scenario.yaml:13: variants: There is no variant 'bigg'. Did you mean 'big'?"),
        (
            "wrong_name",
            "scenario.yaml:15: components.tnak.volume: There is no 'components.tnak' to change. Did you mean 'tank'?",
        ),
        (
            "wrong_key",
            "scenario.yaml:16: components.tank.volum: 'volum' is not understood here. Did you mean 'volume'?",
        ),
        (
            "wrong_unit",
            "scenario.yaml:17: components.tank.volume: 30 MW is a power. "
            "A quantity in MWh is needed here, such as 850 GWh.",
        ),
        (
            "too_deep",
            "scenario.yaml:18: components.tank.volume.max: 'components.tank.volume' is a single value; "
            "nothing lies below it.",
        ),
        (
            "no_changes",
            "scenario.yaml:19: variants.no_changes: The variant 'no_changes' holds no changes. "
            "Write them as keys and values, such as  {components.tank.volume: 2 GWh}.",
        ),
    ],
)
def test_wrong_variant(told: Told, variant: str, message: str) -> None:
    assert told(("components:\n", VARIANTS), variant=variant) == message


def test_variant_of_a_scenario_without_any(told: Told) -> None:
    message = told(variant="big")

    assert message == ("scenario.yaml:1: variants: There is no variant 'big'. The scenario has no section 'variants'.")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            "components.tank",
            "--set: components.tank: This is not a change. Write  key.path=value. "
            "For instance  --set 'components.tank.volume=2 GWh'.",
        ),
        (
            "components.tnak.volume=2 GWh",
            "--set: components.tnak.volume: There is no 'components.tnak' to change. Did you mean 'tank'?",
        ),
        (
            "components.tank.volum=2 GWh",
            "--set: components.tank.volum: 'volum' is not understood here. Did you mean 'volume'?",
        ),
        (
            "components.tank.volume=2 GW",
            "--set: components.tank.volume: 2 GW is a power. A quantity in MWh is needed here, such as 850 GWh.",
        ),
        (
            "components.tank.volume={max: 2 GWh",
            "--set components.tank.volume={max: 2 GWh: A bracket is opened here and never closed. Close the bracket.",
        ),
        (
            "scenario=a\nb: c",
            "--set scenario=a\nb: c: This is more than one value. Write lists and mappings in brackets, on one line.",
        ),
        (
            "components.demand.load.0=9 MW",
            "--set: components.demand.load.0: 'components.demand.load' is a list; write it whole.",
        ),
        (
            "components.tank.volume=",
            "--set components.tank.volume=: There is no value. Write  null  to take a key out.",
        ),
        (
            "components.tank.volume=null",
            "scenario.yaml:22: components.tank.volume: 'volume' is missing. It is needed: energy a full store holds.",
        ),
    ],
)
def test_wrong_change(told: Told, change: str, message: str) -> None:
    assert told(overrides=[change]) == message


NO_BASE = "A change cannot extend another file. Write  extends:  at the top of a scenario file."
NO_VARIANT = "A change cannot change a variant. Choose one with  --variant , or change its values."


@pytest.mark.parametrize(
    ("change", "message"), [("extends", NO_BASE), ("variants", NO_VARIANT), ("variants.big.seed", NO_VARIANT)]
)
def test_a_change_of_what_is_read_before_it(told: Told, change: str, message: str) -> None:
    """Files and variants are laid over each other before changes are; such a change did nothing."""
    in_a_variant = ("components:\n", f"variants:\n  big: {{{change}: other.yaml}}\ncomponents:\n")

    assert told(overrides=[f"{change}=other.yaml"]) == f"--set: {change}: {message}"
    assert told(in_a_variant, variant="big") == f"scenario.yaml:14: {change}: {message}"


def test_variants_that_are_a_list(told: Told) -> None:
    message = told(("components:\n", "variants: [big]\ncomponents:\n"))

    assert message == (
        "scenario.yaml:13: variants: 'variants' is not a mapping. "
        "Write one variant per line below  variants:  with its name."
    )
