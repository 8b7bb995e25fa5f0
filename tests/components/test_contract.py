"""What every type must keep: the researcher's check, and the same optimum by a solver that shares no code with ours."""

import pytest

from energysim.components import component_types
from energysim.declare import Component
from energysim.testing import assert_same_optimum, check_component, example_scenario

TYPES = sorted(component_types().items())


@pytest.mark.parametrize("kind", [kind for _, kind in TYPES], ids=[name for name, _ in TYPES])
def test_every_type_is_complete(kind: type[Component]) -> None:
    check_component(kind)


@pytest.mark.parametrize("kind", [kind for _, kind in TYPES], ids=[name for name, _ in TYPES])
def test_scip_finds_the_same_optimum(kind: type[Component]) -> None:
    """The example's rules expanded by ``to_pyomo()`` and solved by SCIP: equal to 1e-6."""
    assert_same_optimum(example_scenario(kind), solver="scip_direct")


def test_looks_can_be_told_apart() -> None:
    colours = [kind.look.colour for _, kind in TYPES]

    assert len(set(colours)) == len(colours)
