"""Whatever figure stands in the example of a type: it is refused, or solved, or has no plan; never a traceback.

Of each type a few places are tried with figures drawn with a seed; every place with every figure under ``slow``.
"""

import io
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML

from energysim.api import run
from energysim.components import component_types
from energysim.declare import Component
from energysim.errors import CertificateError, NoPlanError, ScenarioError
from energysim.testing import example_scenario
from tests.laws.hostile import EXTREME, Entry, hostile_entries

KINDS = sorted(component_types())
WITHOUT_FIGURES = ("delivery",)
"""Types that say names only."""
FEW = 3
"""Cases of each type in every run of the tests."""


@pytest.mark.parametrize("name", KINDS)
def test_hostile_figures_are_refused_or_solved(name: str) -> None:
    kind = component_types()[name]
    cases = list(hostile_entries(kind))
    for number in np.random.default_rng(KINDS.index(name)).choice(len(cases), min(FEW, len(cases)), replace=False):
        assert_honest(kind, *cases[number])


def test_types_without_figures_have_none() -> None:
    for name in WITHOUT_FIGURES:
        assert not list(hostile_entries(component_types()[name]))


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in KINDS if name not in WITHOUT_FIGURES])
def test_all_hostile_figures_are_refused_or_solved(name: str) -> None:
    kind = component_types()[name]
    outcomes = [assert_honest(kind, *case) for case in hostile_entries(kind)]

    assert set(outcomes) >= {"refused", "solved"}


def assert_honest(kind: type[Component], place: str, figure: str, entries: Entry) -> str:
    """Check that a scenario ends as one should; gives how."""
    what = f"{kind.type_name()}: {figure} as {place}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kind, "example", text_of(entries))
        outcome, told = ended(kind)
    if outcome == "refused":
        assert "example.yaml:" in told, what
    elif outcome == "without a plan":
        assert len(told.splitlines()) > 1, what
    elif outcome == "without a proof":
        # Figures a million times too large or small may be more than arithmetic can prove, and that is told.
        assert figure in EXTREME, what
    else:
        assert not told, f"{what}: {told} is no number"
    return outcome


def ended(kind: type[Component]) -> tuple[str, str]:
    """Run the example of a type; gives how it ended, and what was told or which results are no numbers."""
    try:
        results = run(example_scenario(kind))
    except ScenarioError as error:
        return "refused", str(error)
    except NoPlanError as error:
        return "without a plan", str(error)
    except CertificateError as error:
        return "without a proof", str(error)
    figures: dict[str, Any] = {name: results[name].values for name in ("flow", "booking", "built", "price", "loss")}
    figures["objective"] = results.attrs["objective"]
    return "solved", ", ".join(name for name, values in figures.items() if not np.isfinite(values).all())


def text_of(entries: Entry) -> str:
    """Entries as a writer of scenarios gives them, in their order."""
    stream = io.StringIO()
    writer = YAML(typ="safe")
    writer.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    writer.dump(entries, stream)
    return stream.getvalue()
