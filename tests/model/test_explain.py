"""Why there is no plan: the true cause first, in the strategist's words."""

import sys
from dataclasses import replace

import numpy as np
import pytest

from energysim.api import run
from energysim.components.boiler import Boiler
from energysim.components.fuel_supply import FuelSupply
from energysim.components.heat_demand import HeatDemand
from energysim.components.process import Process
from energysim.components.product_market import ProductMarket
from energysim.components.residual_heat import ResidualHeat
from energysim.components.sink import Sink
from energysim.components.source import Source
from energysim.errors import InfeasibleError, UnboundedError
from energysim.model import explain, remedy
from energysim.model.parts import Term
from energysim.model.unbounded import explain_unbounded
from energysim.model.view import Constant
from energysim.testing import model_of, scenario_of, solve
from solvers.answer import Answer, Options, Status
from solvers.highs import solve as solved
from solvers.linear import LinearProgram


def message(components: list, **settings: object) -> str:
    with pytest.raises(InfeasibleError) as caught:
        solve(components, {"heat": {"carrier": "heat", "label": "Town heat"}}, {"chips": {}}, 3, **settings)
    return str(caught.value)


def plant(capacity: float, load: list[float], **trade: float) -> list:
    return [
        HeatDemand(name="town", to="heat", load=np.array(load)),
        FuelSupply(name="trade", to="chips", price=20.0, **trade),
        Boiler(name="boiler", fuel="chips", to="heat", capacity=capacity, efficiency=1.0),
    ]


def test_too_little_capacity_in_one_hour() -> None:
    text = message(plant(10.0, [8.0, 13.5, 9.0]))

    assert "'boiler' is at its limit of 10 MW, 13.5 MW would be enough: the output stays within what can run." in text
    assert "At 'Town heat' heat is short in 1 hour, worst 2030-01-01 01:00 UTC by 3.5 MW: 'boiler' gives 10 MW" in text


def test_steps_of_three_hours_are_told_in_hours() -> None:
    """Two steps of 3 h are short: 6 hours, in the cause and where it is felt."""
    text = message(plant(10.0, [8.0, 13.5, 12.0]), step=3.0)

    assert "It binds in 6 hours, first 2030-01-01 03:00 UTC" in text
    assert "At 'Town heat' heat is short in 6 hours, worst 2030-01-01 03:00 UTC by 3.5 MW" in text


def test_a_limit_that_time_did_not_suffice_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody knows then whether it is enough; that it were not all that is wrong would be a guess."""

    def stopped(program: LinearProgram, options: Options) -> Answer:
        return replace(solved(program, options), status=Status.STOPPED)

    monkeypatch.setattr(remedy, "solve", stopped)
    text = message(plant(10.0, [8.0, 13.5, 9.0]))

    assert "'boiler' is at a limit; how far it must give was not found in time: the output stays within" in text
    assert "not all that stands in the way" not in text


def test_a_fuel_that_runs_out() -> None:
    """27 MWh are needed and 20 can be had: 7 MWh are short, at the heat node or at the fuel."""
    text = message(plant(20.0, [8.0, 10.0, 9.0], annual_limit=20.0))

    assert "'trade' is at its limit of 20 MWh, 27 MWh would be enough: no more is taken than can be had." in text


def test_heat_that_must_go_and_cannot() -> None:
    text = message([HeatDemand(name="town", to="heat", load=2.0), Source(name="must_run", to="heat", fixed=5.0)])

    assert "heat is more than can be used in 3 hours" in text
    assert "by 3 MW" in text
    assert "'must_run' gives 5 MW to 'Town heat' and cannot give less. Add a heat_rejection" in text


def test_a_contradiction_between_rules_is_named() -> None:
    """A cap of zero on CO2 against a source that must emit: no balance can mend that."""
    parts = [Source(name="must_run", to="heat", fixed=5.0, co2=0.2), Sink(name="town", **{"from": "heat"}, fixed=5.0)]
    text = message(parts, effects={"co2": {"unit": "t", "cap": 1.0}})

    assert "co2" in text


def test_a_stream_too_cold_for_the_network_leaves_the_town_short() -> None:
    """A blind model would deliver the 30 MW of a 60 degC stream; it preheats to 55 degC, 5 of 20 MW, and no more."""
    parts = [
        HeatDemand(name="town", to="heat", load=20.0),
        ResidualHeat(name="mill", to="heat", streams={"warm": {"from": 60.0, "to": 40.0, "load": 30.0}}),
    ]
    network = {"carrier": "heat", "supply": 85.0, "return": 45.0, "approach": 5.0}
    with pytest.raises(InfeasibleError, match=r"55 to 85 degC' heat is short in 3 hours, worst .* by 15 MW"):
        solve(parts, {"heat": network})


def test_mixing_of_given_flows_only_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two flows that are given and together too cold leave no plan; no variable is needed for that."""
    monkeypatch.setattr(sys.modules["energysim.model.build"], "mixing", lambda *_: [Term(0.5, Constant(4.0))])
    model = model_of(scenario_of([Source(name="mill", to="heat", price=1.0)], {"heat": "heat"}, steps=2))

    assert any(origin.kind == "mixing" for origin, _ in model.origin_spans())
    assert solved(model.program.assemble()).status is Status.INFEASIBLE


def test_a_loss_where_nothing_is_connected_leaves_no_plan_by_pyomo_either(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("build", "expand"):
        monkeypatch.setattr(
            sys.modules[f"energysim.model.{name}"], "standing_loss", lambda _, node: 1.0 if node.name == "far" else 0.0
        )
    parts = [Source(name="mill", to="heat", price=1.0)]
    model = model_of(scenario_of(parts, {"heat": "heat", "far": "heat"}, steps=2))

    assert solved(model.program.assemble()).status is Status.INFEASIBLE
    assert [str(rule.expr) for rule in model.to_pyomo().rules.values()].count("Infeasible") == 2


def test_an_explanation_that_time_did_not_suffice_for_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """That there is no plan is proven all the same; that no rule stands in the way would be wrong."""

    def stopped(program: LinearProgram, options: Options) -> Answer:
        return replace(solved(program, options), status=Status.STOPPED)

    monkeypatch.setattr(explain, "solve", stopped)
    model = model_of(scenario_of([Sink(name="homes", **{"from": "heat"}, fixed=np.full(3, 5.0))], {"heat": "heat"}))

    told = str(explain.explain_infeasible(model, Options(time_limit=0.0)))

    assert "was not found in time. Allow more with  solver: {time_limit" in told
    assert "no single rule" not in told


def test_unbounded_names_the_component() -> None:
    parts = [Source(name="cheap", to="heat", price=1.0), Sink(name="dear", **{"from": "heat"}, price=2.0)]
    with pytest.raises(UnboundedError, match="'dear' together with cheap grows for ever"):
        solve(parts, {"heat": "heat"})


def test_unbounded_below_is_named_beside_large_limits() -> None:
    """A column without lower limit that earns, and one that must be above the usual box: both fit into a wider one."""
    parts = [Source(name=name, to="heat", price=1.0) for name in ("mill", "oil")]
    model = model_of(scenario_of(parts, {"heat": "heat"}, steps=2))
    program = model.program.assemble()
    is_mill = np.zeros(program.column_count, bool)
    is_mill[next(columns for name, columns in model.program.column_spans() if name.startswith("mill."))] = True
    free = replace(
        program,
        cost=np.where(is_mill, 1.0, 0.0),
        lower=np.where(is_mill, -np.inf, 5e7),
        upper=np.full(program.column_count, 6e7),
        row_lower=np.full(program.row_count, -np.inf),
        row_upper=np.full(program.row_count, np.inf),
    )

    assert "'mill' grows for ever" in str(explain_unbounded(model, free))


def test_weeks_of_shortage_in_a_network_of_levels() -> None:
    """The shipped town with too small plants: thousands of rows contradict each other, the size limits are named with
    both lines, and hot plants are not called too cold for the lower levels that their heat falls to.
    """
    changes = [
        "time.year=null",
        "time.start=2030-01-01",
        "time.duration=21 d",
        "components.shortage=null",
        "components.oil_boiler.capacity=5 MW",
        "components.chip_boiler.capacity.max=25 MW",
        "components.electric_boiler.capacity.max=5 MW",
    ]
    with pytest.raises(InfeasibleError) as caught:
        run("scenarios/02_one_town.yaml", overrides=changes)
    first = str(caught.value).splitlines()[1]

    assert "is at its limit of" in first
    assert "the total size is at most the largest allowed. Set by 'capacity.max' (--set)" in first
    assert "too cold" not in str(caught.value)
    assert "At 'District heating, 50 to" in str(caught.value)


def test_tonnes_are_told_as_tonnes() -> None:
    """A yard of steel is short of 20 t/h, a quarry with no outlet gives 5 t/h too much: no word of MW in either."""
    furnace = Process(name="furnace", capacity=40.0, outputs={"steel": {"to": "steel", "mass": 1.0}})
    order = ProductMarket(name="order", to="steel", demand=np.array([30.0, 60.0, 40.0]))
    yard = {"steel": {"carrier": "steel", "unit": "t", "label": "Steel"}}
    with pytest.raises(InfeasibleError) as short:
        solve([furnace, order], yard)
    with pytest.raises(InfeasibleError) as left:
        solve([furnace.replaced(capacity=60.0, fixed=5.0)], yard)

    assert "'furnace' is at its limit of 40 t/h, 60 t/h would be enough" in str(short.value)
    assert "steel is short in 1 hour, worst 2030-01-01 01:00 UTC by 20 t/h: 'furnace' gives 40 t/h" in str(short.value)
    assert "steel is more than can be used in 3 hours" in str(left.value)
    assert "MW" not in str(short.value) + str(left.value)
