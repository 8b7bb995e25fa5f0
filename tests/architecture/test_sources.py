"""No figure stands without a source, or the word assumption: every scenario and the whole catalogue are walked."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from energysim.scenario import load

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = sorted(
    path
    for path in (ROOT / "scenarios").rglob("*.yaml")
    if "studies" not in path.parts and path.name != "common.yaml"  # a part that the towns extend
)
STUDIES = sorted((ROOT / "scenarios" / "studies").glob("*.yaml"))
CATALOGUE = sorted((ROOT / "energysim" / "catalogue").glob("*.yaml"))
# Choices of the scenario, not facts about the world: which year's money, how large a thing may become at most, that
# something is not allowed at all, what two parties would agree on, which events are tried, when a stop is tried.
CHOICES = re.compile(
    r"^economy\.price_year$|\.max$|^contracts\.|^simulation\.|^scenario\.|^time\.|^places\.\w+\.location\.|^seed$|^solver\."
    r"|\.planned_stops\.\d+$|^(day_)?quantiles\."
)

# Of a study: sizes that are decided, how many runs and which, how closely something is found, a branch that may not end
# otherwise, and the horizon.
STUDY_CHOICES = re.compile(
    r"^decisions\.|^samples:|^tolerance:|\.steps: |^changes\.time\.|^changes\.time\b|\.probability: 100 %$"
)


def figures(tree: Any, path: tuple[str, ...] = (), is_sourced: bool = False) -> Iterator[tuple[str, str, bool]]:
    """Everything that starts with a digit or a sign, with its dotted path, and whether it has a source."""
    if isinstance(tree, dict):
        is_sourced = is_sourced or bool(tree.get("source")) or tree.get("confidence") == "assumption"
        for key, value in tree.items():
            if key not in ("source", "note", "description", "low", "high", "variants", "label", "name"):
                yield from figures(value, (*path, str(key)), is_sourced)
    elif isinstance(tree, list):
        for number, value in enumerate(tree):
            yield from figures(value, (*path, str(number)), is_sourced)
    elif not isinstance(tree, bool) and re.match(r"[+-]?\d", str(tree)):
        yield ".".join(path), str(tree), is_sourced


def unsourced(tree: Any, said: frozenset[str]) -> list[str]:
    """Figures of a resolved scenario that nothing is said about and that are no choice."""
    return [
        f"{path}: {value}"
        for path, value, _ in figures(tree)
        if path.removesuffix(".value") not in said and not CHOICES.search(path) and not re.match(r"0\b(?!\.)", value)
    ]


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_figure_of_a_scenario_says_where_it_comes_from(path: Path) -> None:
    scenario = load(path)
    sourced = frozenset(item.path for item in scenario.assumptions if item.source or item.confidence == "assumption")

    assert not unsourced(dict(scenario.resolved), sourced)


def named_variants() -> Iterator[tuple[Path, str]]:
    """Every variant a file of its own writes down; those it inherits are walked where they stand."""
    for path in SCENARIOS:
        variants = YAML(typ="safe").load(path).get("variants") or {}
        yield from ((path, name) for name, changes in variants.items() if changes is not None)


@pytest.mark.parametrize(("path", "variant"), list(named_variants()), ids=lambda value: getattr(value, "stem", value))
def test_every_figure_of_a_variant_says_where_it_comes_from(path: Path, variant: str) -> None:
    """What the variant changes is in force, so a figure without a source cannot hide behind the one it replaces."""
    scenario = load(path, variant=variant)
    sourced = frozenset(item.path for item in scenario.assumptions if item.source or item.confidence == "assumption")

    assert not unsourced(dict(scenario.resolved), sourced)


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_every_figure_of_a_study_says_where_it_comes_from(path: Path) -> None:
    """Probabilities, ranges and what futures change; what is decided and how the runs are chosen are choices."""
    tree = YAML(typ="safe").load(path)
    said = {name.removesuffix(".value") for name, _, is_sourced in figures(tree) if is_sourced}

    assert not [line for line in unsourced(tree, frozenset(said)) if not STUDY_CHOICES.search(line)]


@pytest.mark.parametrize("path", CATALOGUE, ids=lambda path: path.stem)
def test_every_figure_of_the_catalogue_says_where_it_comes_from(path: Path) -> None:
    tree = YAML(typ="safe").load(path)
    said = {name.removesuffix(".value") for name, _, is_sourced in figures(tree) if is_sourced}

    assert not unsourced(tree, frozenset(said))


def test_the_walk_finds_a_figure_without_a_source() -> None:
    tree = {"components": {"tank": {"volume": "3 MWh", "loss": {"value": "1 %", "source": "nameplate"}}}}

    assert unsourced(tree, frozenset({"components.tank.loss"})) == ["components.tank.volume: 3 MWh"]
