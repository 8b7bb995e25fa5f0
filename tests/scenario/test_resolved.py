"""The resolved scenario, written and read again, is the same scenario."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from ruamel.yaml import YAML

from energysim.cli import main
from energysim.scenario import Scenario, load

Loader = Callable[..., Scenario]
ROOT = Path(__file__).resolve().parents[2]

RICH = """\
extends: base.yaml
scenario: "Luleå: 100 % 'resolved' # not a comment"
description: |
  Two lines,
  one with a colon: here.
seed: 3
components:
  tank: {volume: {max: 30 MWh, from: catalogue, technology: tank_store}, name: "1e3", label: 'null'}
  boiler:
    capacity: {value: 25 MW, source: "nameplate, p. 3", confidence: known, low: 20 MW}
    availability: {planned_stops: [2030-01-01/2030-01-01T02:00]}
  stop: {type: unserved, to: heat, price: 3000 EUR/MWh, label: yes}
variants:
  less: {components.demand.load: [1 MW, 2 MW, 3 MW], components.stop: null}
"""


def _plain(value: Any) -> Any:
    """Bring records to what ``==`` can compare."""
    if isinstance(value, BaseModel):
        return {name: _plain(getattr(value, name)) for name in type(value).model_fields} | {"": type(value)}
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    return value


def _facts(scenario: Scenario) -> dict[str, Any]:
    """All of a scenario but where it was read from."""
    left_out = {"path", "variant", "origins", "inputs"}
    return {name: _plain(value) for name, value in vars(scenario).items() if name not in left_out}


@pytest.mark.parametrize("variant", [None, "less"])
def test_written_and_read_again_it_is_the_same(loaded: Loader, small: str, tmp_path: Path, variant: str | None) -> None:
    scenario = loaded({"scenario.yaml": RICH, "base.yaml": small}, variant=variant)
    (tmp_path / "again.yaml").write_text(scenario.to_yaml(), encoding="utf8")

    again = load("again.yaml")

    assert _facts(again) == _facts(scenario)
    assert again.to_yaml() == scenario.to_yaml()


@pytest.mark.parametrize("variant", [None, "less"])
def test_printed_with_origins_it_is_the_same(
    loaded: Loader, small: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], variant: str | None
) -> None:
    scenario = loaded({"scenario.yaml": RICH, "base.yaml": small}, variant=variant)
    with pytest.raises(SystemExit) as ending:
        main(["check", "scenario.yaml", "--resolved", *(["--variant", variant] if variant else [])])
    printed = capsys.readouterr().out
    (tmp_path / "again.yaml").write_text(printed, encoding="utf8")

    again = load("again.yaml")

    assert ending.value.code in (0, None)
    assert "base.yaml:9" in printed
    assert _facts(again) == _facts(scenario)


@pytest.mark.parametrize("path", sorted((ROOT / "scenarios").glob("*.yaml")), ids=lambda path: path.name)
def test_each_shipped_scenario_reads_again_the_same(path: Path, tmp_path: Path) -> None:
    scenario = load(path)
    (tmp_path / "again.yaml").write_text(scenario.to_yaml(), encoding="utf8")

    assert _facts(load(tmp_path / "again.yaml")) == _facts(scenario)


_words = st.text(
    st.characters(
        codec="utf-8",
        exclude_categories=("Cc", "Cs", "Zl", "Zp"),
        exclude_characters="\ufffe\uffff\ufeff\xad\u200b\u2060",
    ),
    max_size=20,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    title=_words,
    label=_words,
    load_mw=st.lists(st.floats(0, 1e6, allow_subnormal=False), min_size=3, max_size=3),
    share=st.floats(0, 1),
    seed=st.integers(0, 2**40),
)
def test_any_text_and_number_survives(
    small: str, tmp_path: Path, title: str, label: str, load_mw: list[float], share: float, seed: int
) -> None:
    """Whatever YAML makes of a title such as ``- no: #1`` or a number such as 1e-07, it comes back."""
    tree = YAML(typ="safe").load(small)
    tree |= {"scenario": title, "seed": seed}
    tree["components"]["demand"] |= {"load": [f"{value!r} MW" for value in load_mw], "label": label}
    tree["components"]["tank"]["standing_loss"] = share
    with (tmp_path / "first.yaml").open("w", encoding="utf8") as file:
        YAML().dump(tree, file)
    scenario = load(tmp_path / "first.yaml")
    (tmp_path / "again.yaml").write_text(scenario.to_yaml(), encoding="utf8")

    again = load(tmp_path / "again.yaml")

    assert again.title == title
    assert again.components["demand"].load.tolist() == load_mw
    assert again.components["tank"].standing_loss == share
    assert _facts(again) == _facts(scenario)
