"""The certificate: right on a right plan, and broken by any one wrong number."""

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from energysim.api import run
from energysim.errors import InfeasibleError
from energysim.model import Model, build
from energysim.model.prove import book, prove, views_of
from energysim.model.values import values_of
from energysim.scenario import load
from energysim.system import Proof, assemble
from solvers.answer import Answer
from solvers.bound import lower_bound
from solvers.highs import solve
from solvers.linear import LinearProgram

LULEA = Path(__file__).resolve().parents[2] / "scenarios" / "lulea.yaml"

TAXED = """
scenario: Power with a tax
time: {start: 2030-01-01, duration: 2 h}
economy: {currency: EUR, discount_rate: 5 %, perspective: society}
networks: {grid: {carrier: electricity}, plant: {carrier: electricity}}
effects: {cost: {unit: EUR, hourly_cap: CAP}}
components:
  market: {type: electricity_market, to: grid, price: 10 EUR/MWh}
  connection: {type: grid_connection, from: grid, to: plant, tax: 5 EUR/MWh}
  users: {type: electricity_demand, to: plant, load: 10 MW}
"""


@lru_cache(maxsize=1)
def solved_day() -> tuple[Model, LinearProgram, Answer]:
    """Luleå's first day: every component type of the shipped region at once."""
    changes = ["time.year=null", "time.start=2030-01-01", "time.duration=1 d"]
    model = build(assemble(load(LULEA, overrides=changes)))
    program = model.program.assemble()
    return model, program, solve(program)


def proof_of(columns: np.ndarray) -> Proof:
    model, program, answer = solved_day()
    changed = replace(answer, columns=columns)
    values = values_of(model, columns)
    return prove(model, program, changed, values, book(model, values, views_of(model, values)))


def test_a_solved_plan_passes() -> None:
    _, _, answer = solved_day()

    assert proof_of(answer.columns).holds
    # No column has to be supposed to stay small.
    assert proof_of(answer.columns).supposed == 0


@pytest.mark.parametrize("place", [0, -1])
def test_a_plan_with_what_is_no_number_fails(place: int) -> None:
    """Wherever it stands: a comparison with it is false, so it must not pass for the smaller of two."""
    columns = solved_day()[2].columns.copy()
    columns[place] = np.nan

    assert not proof_of(columns).holds
    assert not proof_of(columns).is_feasible


@pytest.mark.parametrize(("cap", "holds"), [("105 EUR/h", True), ("95 EUR/h", False)])
def test_what_only_changes_hands_is_under_no_cap_on_cost(tmp_path: Path, cap: str, holds: bool) -> None:
    """For society 10 MW at 10 cost 100 an hour; the tax of 5 on them is no cost, so a cap of 105 keeps a plan."""
    path = tmp_path / "town.yaml"
    path.write_text(TAXED.replace("CAP", cap), encoding="utf8")
    if not holds:
        with pytest.raises(InfeasibleError):
            run(path)
        return
    assert run(path).attrs["objective"] == pytest.approx(2 * 100.0)


def test_cost_by_the_effects_is_the_objective() -> None:
    """The same formulas built the objective and book the cost: equal to 1e-9."""
    _, _, answer = solved_day()

    assert proof_of(answer.columns).cost_mismatch <= 1e-9


def test_the_bound_is_the_optimum() -> None:
    _, program, answer = solved_day()

    assert abs(lower_bound(program, answer.columns, answer.row_duals).value / answer.objective - 1.0) < 1e-9


def test_a_bound_above_the_cost_is_no_proof() -> None:
    """A plan of a tenth less of everything costs less than the bound: one of the two is wrong, and the gap says so."""
    _, _, answer = solved_day()

    gap = proof_of(0.9 * answer.columns).gap

    assert gap is not None
    assert gap > 1e-2


def test_wrong_duals_only_weaken_the_bound() -> None:
    """Weak duality: whatever the multipliers, the bound never passes the optimum."""
    _, program, answer = solved_day()
    noise = np.random.default_rng(3).normal(size=program.row_count)
    weaker = answer.row_duals + noise * np.abs(answer.row_duals).mean()

    assert lower_bound(program, answer.columns, weaker).value <= answer.objective * (1.0 + 1e-9)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_nudged_flow_or_level_fails(data: st.DataObject) -> None:
    """One hour of one flow or level, moved by a thousandth of its scale, breaks a rule or a balance."""
    model, _, answer = solved_day()
    steps = model.program.steps
    block = data.draw(st.integers(0, len(model.columns.hourly) - 1))
    step = data.draw(st.integers(0, steps - 1))
    sign = data.draw(st.sampled_from([-1.0, 1.0]))
    own = slice(block * steps, (block + 1) * steps)
    scale = max(1.0, float(np.abs(answer.columns[own]).max()))
    columns = answer.columns.copy()
    columns[block * steps + step] += sign * 1e-3 * scale

    assert not proof_of(columns).holds
