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
CATALOGUE = sorted((ROOT / "energysim" / "catalogue").glob("*.yaml"))
# Choices of the scenario, not facts about the world: which year's money, how large a thing may become at most, that
# something is not allowed at all, what two parties would agree on, which events are tried, when a stop is tried.
CHOICES = re.compile(
    r"^economy\.price_year$|\.max$|^contracts\.|^simulation\.|^scenario\.|^time\.|^places\.\w+\.location\.|^seed$|^solver\."
    r"|\.planned_stops\.\d+$|^quantiles\."
)


def figures(tree: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Everything that starts with a digit or a sign, with its dotted path."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            if key not in ("source", "note", "description", "low", "high", "variants", "label", "name"):
                yield from figures(value, (*path, str(key)))
    elif isinstance(tree, list):
        for number, value in enumerate(tree):
            yield from figures(value, (*path, str(number)))
    elif not isinstance(tree, bool) and re.match(r"[+-]?\d", str(tree)):
        yield ".".join(path), str(tree)


def unsourced(tree: Any, said: frozenset[str]) -> list[str]:
    """Figures of a resolved scenario that nothing is said about and that are no choice."""
    return [
        f"{path}: {value}"
        for path, value in figures(tree)
        if path.removesuffix(".value") not in said and not CHOICES.search(path) and not re.match(r"0\b(?!\.)", value)
    ]


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_figure_of_a_scenario_says_where_it_comes_from(path: Path) -> None:
    scenario = load(path)
    sourced = frozenset(item.path for item in scenario.assumptions if item.source or item.confidence == "assumption")

    assert not unsourced(dict(scenario.resolved), sourced)


@pytest.mark.parametrize("path", CATALOGUE, ids=lambda path: path.stem)
def test_every_figure_of_the_catalogue_says_where_it_comes_from(path: Path) -> None:
    tree = YAML(typ="safe").load(path)
    said = {name for name, value in figures(tree) if _is_sourced(tree, name.split("."))}

    assert not unsourced(tree, frozenset(name.removesuffix(".value") for name in said))


def _is_sourced(tree: Any, keys: list[str]) -> bool:
    """Whether the mapping of a figure, or one around it, names a source or an assumption."""
    for key in keys:
        if isinstance(tree, dict) and (tree.get("source") or tree.get("confidence") == "assumption"):
            return True
        tree = tree[int(key)] if isinstance(tree, list) else next(v for k, v in tree.items() if str(k) == key)
    return False


def test_the_walk_finds_a_figure_without_a_source() -> None:
    tree = {"components": {"tank": {"volume": "3 MWh", "loss": {"value": "1 %", "source": "nameplate"}}}}

    assert unsourced(tree, frozenset({"components.tank.loss"})) == ["components.tank.volume: 3 MWh"]
