"""Laws of running hour by hour: without coupling in time it is the optimum, and it never beats it."""

from dataclasses import replace

import numpy as np
import pytest

from energysim.components import component_types
from energysim.declare import Component
from energysim.errors import NoPlanError, OutputError
from energysim.model import Model, build
from energysim.model.solve import lift, optimise
from energysim.simulation.design import design_of
from energysim.simulation.operate import Operated, answer_of, operate
from energysim.simulation.policies import by_span, flat, stores_of, water_values
from energysim.system import Plan, assemble
from energysim.testing import example_scenario
from tests.solvers.random_region import region

KINDS = [kind for kind in component_types().values() if hasattr(kind, "example")]


def is_coupled(model: Model) -> bool:
    """Whether an hour knows of another: by what is carried over, by peaks, by sums, or by whole numbers."""
    program = model.program
    carries = any(entry.step is not None for rows in program.rows for entry in rows.entries)
    peaks = any(isinstance(entry.column, np.ndarray) for rows in program.rows for entry in rows.global_entries)
    whole = any(column.is_integer for column in program.columns)
    return carries or peaks or whole or any(row.sums for row in program.global_rows)


def by_water_values(model: Model, plan: Plan, closes: bool = True) -> Operated:
    """Run a model by the daily mean of its plan's water values."""
    values = water_values(model, plan)
    worths = {held.block: flat(by_span(values[held.name], model, "day")) for held in stores_of(model.program)}
    return operate(model, design_of(model, plan), worths, closes)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.type_name())
def test_every_type_runs_hour_by_hour(kind: type[Component]) -> None:
    """The example of each type, alone between markets: uncoupled hours cost the optimum to 1e-9; coupled ones cost no
    less, or are refused with a sentence."""
    model = build(assemble(example_scenario(kind)))
    plan = optimise(model)
    try:
        operated = by_water_values(model, plan)
    except (OutputError, NoPlanError) as error:
        message = str(error)
        operated = None
    if operated is None:
        assert is_coupled(model)
        assert "hour by hour" in message
        return
    scale = max(1.0, abs(plan.objective))
    if is_coupled(model):
        assert operated.cost >= plan.objective - 1e-6 * scale
    else:
        assert operated.cost == pytest.approx(plan.objective, rel=1e-9, abs=1e-9)
        assert lift(model, model.program.assemble(), answer_of(model, operated)).proof.is_feasible


@pytest.mark.parametrize("seed", range(12))
def test_random_regions_without_coupling_cost_the_optimum(seed: int) -> None:
    """Two towns of any types, their couplings in time taken out: the same cost to 1e-9, every rule kept."""
    model = _uncoupled(region(seed, 2, 24, False))
    plan = optimise(model)
    operated = operate(model, design_of(model, plan), {}, closes=False)

    assert operated.cost == pytest.approx(plan.objective, rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("seed", range(12))
def test_running_hour_by_hour_never_beats_the_plan(seed: int) -> None:
    """Two towns of any types as they are: where the hours can be run and every rule is kept, they cost no less."""
    model = region(seed, 2, 48, False)
    plan = optimise(model)
    try:
        operated = by_water_values(model, plan)
    except (OutputError, NoPlanError):
        pytest.skip("cannot be run hour by hour, and says so")
    proof = lift(model, model.program.assemble(), answer_of(model, operated)).proof
    if not proof.is_feasible:
        # What is carried over the end, and nothing else, may miss its ring: it is valued instead.
        assert proof.rule.relative > proof.tolerance
        assert proof.balance.relative <= proof.tolerance
        assert proof.bound.relative <= proof.tolerance
        pytest.skip(f"its ring is not closed: {proof.rule.subject}")
    assert operated.cost >= plan.objective - 1e-6 * max(1.0, abs(plan.objective))


def _uncoupled(model: Model) -> Model:
    """Leave out the rows that look at other hours, and hold what they carried at nothing where that is allowed."""
    program = model.program
    kept = [
        k
        for k, rows in enumerate(program.rows)
        if all(entry.step is None for entry in rows.entries)
        and not any(isinstance(entry.column, np.ndarray) for entry in rows.global_entries)
    ]
    names = replace(
        program.names,
        rows=tuple(program.names.rows[k] for k in kept),
        global_rows=tuple(
            n for n, row in zip(program.names.global_rows, program.global_rows, strict=True) if not row.sums
        ),
    )
    return replace(
        model,
        program=replace(
            program,
            rows=tuple(program.rows[k] for k in kept),
            columns=tuple(replace(column, is_integer=False) for column in program.columns),
            global_rows=tuple(row for row in program.global_rows if not row.sums),
            names=names,
        ),
    )
