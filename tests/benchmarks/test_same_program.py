"""The ratios mean something only if all three ways give the same program."""

from collections.abc import Callable

import numpy as np
import pytest

from benchmarks import floor, ours, park, park_floor, peer_linopy
from benchmarks.alignment import Arrays, Blocks, differences, in_order
from benchmarks.regional import Region, region
from energysim.components import component_types
from solvers.answer import Status
from solvers.highs import solve
from solvers.linear import LinearProgram

Written = tuple[Arrays, Blocks, Blocks]
CASES = [(1, 24), (2, 30), (4, 48)]
"""Towns and hours: alone, a pair without ring, a ring with two hydrogen towns."""


def _ours(case: Region) -> Written:
    model = ours.build(ours.load(case))
    program = model.program
    columns = [(name, case.steps) for name in program.names.columns] + [(name, 1) for name in program.names.globals]
    counts = np.diff(program.row_starts)
    rows = [(name, int(count)) for name, count in zip(program.names.rows, counts, strict=True)]
    return ours.assemble(model), columns, rows + [(name, 1) for name in program.names.global_rows]


def _floor(case: Region) -> Written:
    blocks = floor.Blocks(case)
    arrays = blocks.written()
    return arrays, blocks.column_blocks, blocks.row_blocks


def _linopy(case: Region) -> Written:
    model = peer_linopy.build(case)
    columns = [(name, model.variables[name].size) for name in model.variables]
    rows = [(name, model.constraints[name].size) for name in model.constraints]
    return peer_linopy.assemble(model), columns, rows


@pytest.mark.parametrize(("towns", "steps"), CASES)
@pytest.mark.parametrize("other", [_floor, _linopy])
def test_programs_are_the_same_to_the_last_entry(towns: int, steps: int, other: Callable[[Region], Written]) -> None:
    case = region(towns, steps)

    assert differences(in_order(*_ours(case)), in_order(*other(case))) == []


def test_a_different_case_is_told_apart() -> None:
    one, other = region(2, 30, seed=0), region(2, 30, seed=1)

    assert "cost" in differences(in_order(*_ours(one)), in_order(*_floor(other)))


def test_optimum_is_the_same() -> None:
    case = region(2, 48)
    objectives = []
    for arrays in (_ours(case)[0], _floor(case)[0], _linopy(case)[0]):
        starts, indices = arrays["starts"].astype(np.int32), arrays["indices"].astype(np.int32)
        answer = solve(LinearProgram(**{**arrays, "starts": starts, "indices": indices}))
        assert answer.status is Status.OPTIMAL
        objectives.append(answer.objective)

    assert objectives == pytest.approx([objectives[0]] * 3, rel=1e-8)


def test_the_park_by_hand_is_the_park() -> None:
    """Every type in five towns: the same entries, bounds and costs; and every type is in it."""
    scenario = park.load(36)
    model = park.build(scenario)
    columns = [(name, span.stop - span.start) for name, span in model.program.column_spans()]
    rows = [(name, span.stop - span.start) for name, span in model.program.row_spans()]
    by_hand = park_floor.assemble(park_floor.recipe_of(scenario, model))

    assert {type(part) for part in scenario.components.values()} == set(component_types().values())
    assert park.levels(model) >= 8
    assert differences(in_order(park.assemble(model), columns, rows), in_order(by_hand, columns, rows)) == []
