"""Matches that the plan may not make: heat of some suppliers kept from some users of one network."""

from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from energysim.api import load, run
from energysim.components.heat_demand import HeatDemand
from energysim.components.residual_heat import ResidualHeat
from energysim.components.source import Source
from energysim.components.store import Store
from energysim.errors import NoPlanError, ScenarioError
from energysim.kpi.matches import heat_matches
from energysim.symbiosis.pinch import Stream
from energysim.symbiosis.transshipment import match
from energysim.testing import assert_same_optimum, scenario_of, solve

BOILER = Source(name="boiler", to="town", price=30.0, temperature=120.0)
MILL = ResidualHeat(name="mill", to="town", streams={"gas": {"from": 100.0, "to": 40.0, "load": 30.0}})
HOMES = HeatDemand(name="homes", to="town", load=20.0)
GREENHOUSE = HeatDemand(name="greenhouse", to="town", load=10.0, temperatures={"from": 40.0, "to": 60.0})


def town(*pairs: tuple[str, str]) -> dict:
    forbidden = [{"from": [supplier], "to": [user]} for supplier, user in pairs]
    return {"town": {"carrier": "heat", "supply": 80.0, "return": 40.0, "forbidden": forbidden}}


@pytest.mark.parametrize(
    ("pairs", "burnt"),
    [((), 0.0), ((("mill", "greenhouse"),), 10.0), ((("mill", "homes"),), 20.0)],
)
def test_who_is_kept_from_free_heat_burns(pairs: tuple, burnt: float) -> None:
    """The mill could heat both for nothing; whoever may not take its heat takes all of the boiler at 30 EUR/MWh."""
    parts = [BOILER, MILL, HOMES, GREENHOUSE]
    results = solve(parts, town(*pairs), steps=1)
    found = {(row.supplier, row.user) for row in heat_matches(results, "town").itertuples()}

    assert float(results.flow.sel(port="boiler.given").sum()) == pytest.approx(burnt)
    assert results.attrs["objective"] == pytest.approx(30.0 * burnt)
    assert not found & set(pairs)
    assert_same_optimum(scenario_of(parts, town(*pairs), steps=2))


def test_heat_of_a_store_is_of_whoever_may_have_filled_it() -> None:
    """The mill runs only in the first hour. A store may carry its heat to the homes, and not to the greenhouse."""
    parts = [
        Source(name="boiler", to="heat", price=30.0),
        Source(name="mill", to="heat", capacity=30.0, availability=[1.0, 0.0]),
        Store(name="tank", network="heat", volume=30.0, power=30.0),
        HeatDemand(name="homes", to="heat", load=[0.0, 20.0]),
        HeatDemand(name="greenhouse", to="heat", load=[0.0, 10.0]),
    ]
    kept = {"heat": {"carrier": "heat", "forbidden": [{"from": ["mill"], "to": ["greenhouse"]}]}}

    assert solve(parts, {"heat": {"carrier": "heat"}}, steps=2).attrs["objective"] == pytest.approx(0.0)
    assert solve(parts, kept, steps=2).attrs["objective"] == pytest.approx(300.0)


def test_what_two_users_may_both_not_take_is_missed_by_both() -> None:
    """A and B are kept from the mill, A from the kiln besides, B from the oven: the kiln can heat B and the oven A.

    Of 10 MW each, kiln and oven give 6: both users miss 4, and the boiler gives 8.
    """
    parts = [
        Source(name="boiler", to="heat", price=30.0),
        *(Source(name=name, to="heat", capacity=size) for name, size in (("mill", 50.0), ("kiln", 6.0), ("oven", 6.0))),
        HeatDemand(name="a", to="heat", load=10.0),
        HeatDemand(name="b", to="heat", load=10.0),
    ]
    forbidden = [{"from": ["mill"], "to": ["a", "b"]}, {"from": ["kiln"], "to": ["a"]}, {"from": ["oven"], "to": ["b"]}]
    results = solve(parts, {"heat": {"carrier": "heat", "forbidden": forbidden}}, steps=1)

    assert float(results.flow.sel(port="boiler.given").sum()) == pytest.approx(8.0)


temperature = st.integers(2, 30).map(lambda n: 5.0 * n)
stream = st.tuples(temperature, temperature, st.integers(1, 90)).filter(lambda row: row[0] != row[1])


@settings(max_examples=40, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(rows=st.lists(stream, min_size=2, max_size=7), data=st.data())
def test_the_plan_agrees_with_the_expanded_transshipment(rows: list, data: st.DataObject) -> None:
    """One hour in one network without temperatures of its own needs the heating that exchanges pair by pair need."""
    streams = [Stream(f"s{n}", a, b, heat, 0.0) for n, (a, b, heat) in enumerate(rows)]
    hot = [one.name for one in streams if one.gives]
    cold = [one.name for one in streams if not one.gives]
    pairs = (
        data.draw(st.sets(st.tuples(st.sampled_from(hot), st.sampled_from(cold)), max_size=5))
        if hot and cold
        else set()
    )
    parts = [
        Source(name="boiler", to="town", price=1.0, temperature=300.0),
        HeatDemand(name="base", to="town", load=0.0),
        *(
            ResidualHeat(name=s.name, to="town", streams={"gas": {"from": a, "to": b, "load": heat}})
            if s.gives
            else HeatDemand(name=s.name, to="town", load=heat, temperatures={"from": a, "to": b})
            for s, (a, b, heat) in zip(streams, rows, strict=True)
        ),
    ]
    results = solve(parts, town(*sorted(pairs)), steps=1)

    assert float(results.flow.sel(port="boiler.given").sum()) == pytest.approx(match(streams, pairs).heating, abs=1e-6)


SCENARIO = """\
scenario: Heat kept apart
time: {start: 2030-01-01, duration: 2 h}
economy: {currency: EUR, discount_rate: 5 %}
networks:
  heat: {carrier: heat, forbidden: [{from: [mill], to: [dairy], reason: "Oil in the mill's water"}]}
components:
  mill: {type: source, to: heat, capacity: 30 MW}
  boiler: {type: source, to: heat, capacity: 8 MW, price: 30 EUR/MWh}
  homes: {type: heat_demand, to: heat, load: 10 MW}
  dairy: {type: heat_demand, to: heat, load: 5 MW}
"""


def _written(folder: Path, old: str = "", new: str = "") -> Path:
    assert old in SCENARIO
    (folder / "apart.yaml").write_text(SCENARIO.replace(old, new) if old else SCENARIO, encoding="utf8")
    return folder / "apart.yaml"


def test_from_a_file(tmp_path: Path) -> None:
    results = run(_written(tmp_path))

    assert results.flow.sel(port="boiler.given").values.tolist() == pytest.approx([5.0, 5.0])
    assert results.attrs["objective"] == pytest.approx(300.0)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("from: [mill]", "from: [mil]", "'mil' is no component that gives to 'heat'. Did you mean 'mill'?"),
        ("to: [dairy]", "to: [boiler]", "'boiler' is no component that takes from 'heat'."),
        ("to: [dairy]", "to: []", "to"),
        ("to: [dairy]", "too: [dairy]", "too"),
    ],
)
def test_a_match_of_nobody_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        load(_written(tmp_path, old, new))

    assert said in str(refused.value)
    assert "apart.yaml:5" in str(refused.value)


def test_too_little_for_who_is_kept_apart_is_explained(tmp_path: Path) -> None:
    """The dairy needs 15 MW, of which the boiler has 8; the mill has enough and may not help."""
    with pytest.raises(NoPlanError) as told:
        run(_written(tmp_path, "load: 5 MW", "load: 15 MW"))

    assert "Network 'heat' (" in str(told.value)
    assert (
        "apart.yaml:5) is held by a rule without which there would be a plan: forbidden is heat of mill for dairy."
        in str(told.value)
    )
    assert "'boiler' (" in str(told.value)
