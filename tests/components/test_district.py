"""District; T-2.3, T-2.6, T-2.7, T-2.8 and T-2.10 are in tests/science."""

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from energysim.components.district import District
from energysim.components.source import Source
from energysim.declare import Component
from energysim.errors import ScenarioError
from energysim.hydraulics.heat_loss import Buried
from energysim.testing import assert_balanced, assert_same_optimum, scenario_of, solve
from energysim.traits.mains import DistrictPipe

NETWORKS = {"heat": "heat", "grid": "electricity"}
MAIN = {"from": "plant", "to": "town", "length": 1000.0, "inner": 100.0, "loss_coefficient": 0.5}
TOWN = {"at": "town", "load": 4.187 * 40.0 / 1000.0 * 10.0, "cooling": 40.0}
"""10 kg/s cooled by 40 K."""


def parts(price: Any = 10.0, **fields: Any) -> list[Component]:
    given = {"supply": 80.0, "ground": 5.0, "pipes": {"main": MAIN}, "users": {"town": TOWN}} | fields
    return [
        District(name="d", **{"from": "heat"}, power="grid", **given),
        Source(name="plant", to="heat", price=price),
        Source(name="market", to="grid", price=50.0),
    ]


def test_three_hours_by_hand() -> None:
    """At full, half and no load: 41.87 kW/K cool by U L / (m c) = 500 / 41 870 of what they are above the ground.

    There 75 K become 75 exp(-0.011942), back 35 K less; at half the flow the exponent is twice that. Forgetting the
    return would give two thirds of the loss.
    """
    results = solve(parts(profile=np.array([1.0, 0.5, 0.0])), NETWORKS)
    drawn = []
    for flow in (10.0, 5.0):
        kept = np.exp(-500.0 / (flow * 4187.0))
        back = (75.0 * kept - 40.0) * kept
        drawn.append(flow * 4.187e-3 * (75.0 - back))

    assert results.flow.sel(port="d.heat").values == pytest.approx([*drawn, 0.0], rel=1e-9)
    assert float(results.measured.sel(measure="d.supply_loss")) == pytest.approx(
        sum(flow * 4.187e-3 * 75.0 * (1.0 - np.exp(-500.0 / (flow * 4187.0))) for flow in (10.0, 5.0))
    )
    assert_balanced(results)
    assert_same_optimum(scenario_of(parts(), NETWORKS))


def test_pumps_overcome_the_way_there_and_back() -> None:
    """10 kg/s over twice the pressure of the way, at 0.75: the power is that of the measured drop."""
    results = solve(parts(), NETWORKS)
    drop = float(results.measured.sel(measure="d.pressure_drop")) * 1e5

    assert results.flow.sel(port="d.pumps").values == pytest.approx([drop * 10.0 / (977.76 * 0.75) * 1e-6] * 3)
    assert drop / 2e3 == pytest.approx(163.0, rel=0.05)


def test_hours_between_the_solved_shares() -> None:
    """Of 200 shares 24 are solved; the others lie within 0.1 % of what a solution of their own gives."""
    shares = np.linspace(0.2, 1.0, 200)
    supply = np.linspace(70.0, 100.0, 200)
    part, *others = parts(profile=shares, supply=supply)
    found = solve([part, *others], NETWORKS, steps=200).flow.sel(port="d.heat").values

    assert isinstance(part, District)
    for hour in np.array([0, 17, 100, 163, 199]):
        exact = part.circulations(shares[hour, None], supply[hour, None])
        lost = float(exact.there[0] + exact.back[0])
        assert found[hour] == pytest.approx(shares[hour] * part.peak + lost, rel=1e-3)


def test_its_water_is_that_of_the_network_where_it_has_no_supply() -> None:
    """The network's 85 degC by the hour; without temperatures of either it is refused."""
    network = {"carrier": "heat", "supply": np.array([85.0, 75.0, 65.0]), "return": 42.0}
    results = solve(parts(supply=None), NETWORKS | {"heat": network})

    drawn = results.flow.sel(port="d.heat").values
    assert (np.diff(drawn) < 0.0).all()
    with pytest.raises(ScenarioError, match="its water needs a temperature"):
        solve(parts(supply=None), NETWORKS)


def test_behind_an_exchanger_it_takes_heat_above_its_own_return() -> None:
    """Its water comes back at 38.7 degC; heat of 55 degC brings it to 45 through two approaches of 5 K: 15 %."""
    network = {"carrier": "heat", "supply": 95.0, "return": 30.0, "approach": 5.0}
    part, *_ = parts(users={"town": TOWN}, supply=80.0)
    sources = [
        Source(name="warm", to="heat", price=1.0, temperature=55.0),
        Source(name="hot", to="heat", price=9.0, temperature=110.0),
        Source(name="market", to="grid", price=50.0),
    ]
    results = solve([part, *sources], NETWORKS | {"heat": network}, steps=1)
    returned = float(results.measured.sel(measure="d.returned_plant"))
    warm, whole = (float(results.flow.sel(port=port)[0]) for port in ("warm.given", "d.heat"))

    back = 5.0 + (5.0 + 75.0 * np.exp(-500.0 / 41870.0) - 40.0 - 5.0) * np.exp(-500.0 / 41870.0)
    assert returned == pytest.approx(back)
    assert warm / whole == pytest.approx((45.0 - returned) / (80.0 - returned), rel=1e-6)


def test_a_user_on_the_way_mixes_with_what_comes_from_beyond() -> None:
    """Of 20 kg/s half leaves half-way; what comes back mixes by mass with the water of the end."""
    ways = {"first": MAIN | {"to": "half", "loss_coefficient": 0.0}, "last": MAIN | {"from": "half", "length": 500.0}}
    results = solve(parts(pipes=ways, users={"half": TOWN | {"at": "half"}, "end": TOWN}), NETWORKS, steps=1)
    told = {name: float(results.measured.sel(measure=f"d.{name}")) for name in ("supply_town", "returned_plant")}
    end = 5.0 + 75.0 * np.exp(-250.0 / 41870.0)
    back = 5.0 + (end - 45.0) * np.exp(-250.0 / 41870.0)

    assert told["supply_town"] == pytest.approx(end)
    assert told["returned_plant"] == pytest.approx(0.5 * 40.0 + 0.5 * back)


def test_a_district_that_takes_nothing_stands_still() -> None:
    """Without load there is no flow, no loss, and no hour of which its measures could tell."""
    results = solve(parts(profile=0.0), NETWORKS)

    assert results.flow.sel(port="d.heat").values == pytest.approx([0.0] * 3)
    assert "d.pressure_drop" not in results.measure.values


def test_a_user_at_the_plant_itself() -> None:
    """Its water comes as hot as it leaves and goes back without a pipe: half of what returns, at 40 degC."""
    users = {"near": TOWN | {"at": "plant"}, "town": TOWN}
    results = solve(parts(users=users), NETWORKS, steps=1)
    there = 5.0 + 75.0 * np.exp(-500.0 / 41870.0)
    back = 5.0 + (there - 45.0) * np.exp(-500.0 / 41870.0)

    told = results.measured.sel(measure=["d.supply_plant", "d.returned_plant"]).values
    assert told == pytest.approx([80.0, 0.5 * 40.0 + 0.5 * back])


BRANCH = {"from": "plant", "to": "house", "length": 100.0, "inner": 30.0, "loss_coefficient": 0.2}
HOUSE = {"at": "house", "load": 0.01, "cooling": 30.0}


def test_a_bypass_keeps_the_end_of_a_service_pipe_warm() -> None:
    """Of 80 degC a pipe of 20 W/K keeps 60 at 20 / ln(75 / 55) = 64.5 W/K of water; 10 kW over 30 K ask for 333.

    At full load nothing runs past. At a tenth the user takes 33.3 of 64.5 W/K, and without load all of it runs past:
    the pipe loses 64.5 W/K times 20 K, and the water comes back at the 60 degC with which nobody cooled it.
    """
    given = {"pipes": {"branch": BRANCH}, "users": {"house": HOUSE | {"bypass": 60.0}}}
    results = solve(parts(profile=np.array([1.0, 0.1, 0.0]), **given), NETWORKS)
    least = 20.0 / np.log(75.0 / 55.0)
    drawn = []
    for taken in (1e4 / 30.0, 1e3 / 30.0, 0.0):
        flow = max(taken, least)
        end = 5.0 + 75.0 * np.exp(-20.0 / flow)
        mixed = end - 30.0 * taken / flow
        back = 5.0 + (mixed - 5.0) * np.exp(-20.0 / flow)
        drawn.append(flow * (80.0 - back) * 1e-6)

    assert least == pytest.approx(64.5, abs=0.05)
    assert results.flow.sel(port="d.heat").values == pytest.approx(drawn, rel=1e-6)
    assert_balanced(results)


def test_bypasses_share_the_pipe_that_leads_to_them() -> None:
    """Two houses behind one main, the nearer with a colder bypass: at no load both are just as warm as asked."""
    pipes = {"main": BRANCH | {"to": "fork"}} | {
        name: BRANCH | {"from": "fork", "to": name, "length": length}
        for name, length in (("near", 20.0), ("far", 90.0))
    }
    users = {"near": HOUSE | {"at": "near", "bypass": 50.0}, "far": HOUSE | {"at": "far", "bypass": 55.0}}
    district, *_ = parts(pipes=pipes, users=users)
    assert isinstance(district, District)
    found = district.circulations(np.array([0.0]), np.array([80.0]))

    at = dict(zip(district.junctions, found.supply[0], strict=True))
    assert (at["near"], at["far"]) == pytest.approx((50.0, 55.0))
    assert at["fork"] > 55.0


def test_hours_between_the_solved_supply_temperatures_of_a_bypass() -> None:
    """Flow then depends on the supply too: lines are within 0.5 % of the largest where bypasses open."""
    shares, supply = np.linspace(0.0, 1.0, 100), np.linspace(95.0, 65.0, 100)
    given = {"pipes": {"branch": BRANCH}, "users": {"house": HOUSE | {"bypass": 60.0}}}
    part, *others = parts(profile=shares, **given | {"supply": supply})
    found = solve([part, *others], NETWORKS, steps=100).flow.sel(port="d.heat").values

    assert isinstance(part, District)
    exact = part.circulations(shares, supply)
    drawn = shares * part.peak + exact.there + exact.back
    assert found == pytest.approx(drawn, abs=5e-3 * drawn.max())
    assert found.sum() == pytest.approx(drawn.sum(), rel=1e-3)


@pytest.mark.parametrize(
    ("bypass", "text"), [(80.0, "keeps 80 degC, and the plant gives 80"), (5.0, "no more than the ground")]
)
def test_bypasses_that_cannot_be(bypass: float, text: str) -> None:
    with pytest.raises(ScenarioError, match=text):
        solve(parts(users={"town": TOWN | {"bypass": bypass}}), NETWORKS)


def test_fast_water_is_warned_of() -> None:
    results = solve(parts(users={"town": TOWN | {"load": 9.0}}), NETWORKS, steps=1)

    assert "in 'main' the water runs at 7" in results.attrs["warnings"]


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"pipes": {"main": MAIN | {"to": "plant"}}}, "the pipe joins 'plant' with itself"),
        ({"pipes": {"main": MAIN | {"nominal": 100}}}, "give one of 'nominal', such as 100, and 'inner'"),
        ({"pipes": {"main": MAIN | {"insulation": 40.0}}}, "its loss follows from one of"),
        ({"pipes": {"main": {**MAIN, "loss_coefficient": None}}}, "its loss follows from one of"),
        (
            {"pipes": {"main": {"from": "plant", "to": "town", "length": 9.0, "nominal": 101}}},
            "there is no pipe DN101. Known: 25, 32",
        ),
        (
            {"pipes": {"main": {"from": "plant", "to": "town", "length": 9.0, "nominal": 100, "spacing": 0.1}}},
            "lays casings of 200 mm into one another",
        ),
        ({"users": {"town": TOWN | {"at": "twon"}}}, "no pipe leads to 'twon', where 'town' is. Did you mean 'town'?"),
        ({"plant": "works"}, "no pipe begins at the plant 'works'"),
        ({"pipes": {"main": MAIN, "far": MAIN | {"from": "a", "to": "b"}}}, "no pipe joins 'a' with the plant"),
        ({"users": {}}, "at least 1 item"),
        ({"users": {"town": TOWN | {"cooling": 0.0}}}, "greater than 0"),
    ],
)
def test_districts_that_cannot_be(fields: dict, text: str) -> None:
    with pytest.raises(ValidationError, match=text):
        parts(**fields)


def test_users_who_cool_below_the_ground_are_refused() -> None:
    with pytest.raises(ScenarioError, match=r"'town' gets water of 44\.53 degC and cools it by 40 K, below the ground"):
        solve(parts(supply=45.0), NETWORKS)


def test_own_steel_and_casing_go_before_those_of_the_nominal_diameter() -> None:
    """DN 100 has an inner diameter of 107.1, steel of 114.3 and a casing of 200 mm; a thicker casing loses less."""
    ends = {"from": "plant", "to": "town", "length": 9.0, "nominal": 100}
    usual, thick = DistrictPipe(**ends), DistrictPipe(**ends, outer=114.3, casing=250.0)

    assert usual.sizes == (100, 107.1, 114.3, 200)
    assert thick.sizes == (100, 107.1, 114.3, 250.0)
    assert thick.losses(Buried())[0] < usual.losses(Buried())[0]
