"""A region with closed flows: the parts it falls into add up to the whole, and a part alone costs what it costs."""

from pathlib import Path

import numpy as np
import pytest

from energysim.errors import DeclarationError
from energysim.model.close import close
from energysim.scenario import load
from energysim.study.base import Base
from energysim.symbiosis.coalitions import closed_for, coalition_costs, costs, crossings, plan_game, sets_closed
from energysim.system import assemble
from energysim.testing import model_of
from solvers.front import solve_hourly
from solvers.parts import independent_parts

DAY = ["time={year: null, start: 2030-01-07, duration: 1 d}"]


@pytest.fixture(scope="module")
def region(root: Path) -> Base:
    return Base.of(root / "scenarios" / "lulea_boden.yaml", overrides=DAY)


def test_who_meets_whom(region: Base) -> None:
    """Five flows join six actors; the pipe's sending end is at its owner's own network."""
    found = crossings(assemble(region.scenario()))
    pairs = {(one.seller, one.buyer) for one in found}

    assert ("bodens_energi", "lulea_energi") in pairs
    assert ("stegra", "bodens_energi") in pairs
    assert len({actor for pair in pairs for actor in pair}) == 6
    assert "heat_link.sent" not in {".".join(one.flow) for one in found}


def test_parts_of_a_region_add_up_to_it(region: Base) -> None:
    """With all flows between actors closed Luleå and Boden are two programs: their optima add up to the whole."""
    scenario = region.scenario()
    model = model_of(scenario)
    apart = close(model, closed_for(crossings(model.system), ())).program
    parts = independent_parts(apart)
    optima = [solve_hourly(part, part.assemble()).objective for part in parts]

    assert len(parts) > 2
    assert len(independent_parts(model.program)) < len(parts)
    assert sum(len(part.columns) for part in parts) < len(apart.columns)
    assert sum(optima) + apart.offset == pytest.approx(solve_hourly(apart, apart.assemble()).objective, rel=1e-7)


def test_coalitions_by_parts_cost_what_whole_plans_cost(region: Base) -> None:
    """Three coalitions solved as whole regions with flows closed, and as sums of parts: the same to 1e-6."""
    found = crossings(assemble(region.scenario()))
    players, coalitions, _ = plan_game(found)
    closed = sets_closed(found, players, coalitions)
    by_parts, solved = coalition_costs(region, closed, (0, None))
    some = [coalitions[0], 0b001001, 0b101000, coalitions[-1]]

    assert [by_parts[one] for one in some] == pytest.approx(
        [costs(region, closed[one]).total for one in some], rel=1e-6
    )
    assert solved < len(coalitions)


def test_sharing_never_costs(region: Base) -> None:
    """A larger coalition can do whatever a smaller one does: its cost is never higher."""
    found = crossings(assemble(region.scenario()))
    players, coalitions, _ = plan_game(found)
    value, _ = coalition_costs(region, sets_closed(found, players, coalitions), (0, None))
    size = max(value.values())

    for one in coalitions:
        for other in coalitions:
            if one & other == one:
                assert value[other] <= value[one] + 1e-6 * size


def test_a_flow_that_must_run_cannot_be_closed(tmp_path: Path) -> None:
    text = (
        "scenario: Must run\ntime: {start: 2030-01-01, duration: 1 h}\neconomy: {discount_rate: 5 %}\n"
        "networks: {heat: {supply: 80 degC, return: 40 degC}}\ncomponents:\n"
        "  homes: {type: heat_demand, to: heat, load: 9 MW}\n"
        "  mill: {type: residual_heat, to: heat, must_run: true, "
        "streams: {gas: {from: 99 degC, to: 50 degC, load: 9 MW}}}\n"
    )
    (tmp_path / "s.yaml").write_text(text, encoding="utf8")
    model = model_of(load(tmp_path / "s.yaml"))

    with pytest.raises(DeclarationError, match=r"the flow 'mill.gas' is given and cannot be zero"):
        close(model, [("mill", "gas")])


def test_closing_changes_bounds_only(region: Base) -> None:
    """Rows, entries and their order stay, so that a loaded solver goes on."""
    model = model_of(region.scenario())
    one, other = model.program.assemble(), close(model, [("stegra_heat", "cooling_water")]).program.assemble()

    assert np.array_equal(one.indices, other.indices)
    assert np.array_equal(one.values, other.values)
    assert not np.array_equal(one.upper, other.upper)
