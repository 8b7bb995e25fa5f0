"""What counts as delivered in a solved plan: by hand, and against a linear program on random levels."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from energysim.api import booked, load, run
from energysim.components.heat_demand import HeatDemand
from energysim.components.residual_heat import ResidualHeat
from energysim.components.source import Source
from energysim.kpi.deliveries import deliveries
from energysim.kpi.ledger import actor_table, kept_ledger
from energysim.kpi.settlement import Saving
from energysim.scenario.route import Route
from energysim.testing import solve

SHARED = """\
scenario: Servers heat a bath through the utility's network
time: {start: 2030-01-01, duration: 2 h, annual_costs: full}
economy: {currency: EUR, discount_rate: 0 %%}
actors: {centre: {name: Centre}, bath: {name: Bath}, utility: {name: Utility}}
networks:
  heat: {carrier: heat, owner: utility}
components:
  homes: {type: heat_demand, to: heat, load: [5 MW, 20 MW], owner: utility}
  pool: {type: heat_demand, to: heat, load: [4 MW, 6 MW], owner: bath}
  servers: {type: residual_heat, to: heat, capacity: 5 MW, price: 2 EUR/MWh, owner: centre}
  boiler: {type: source, to: heat, price: 20 EUR/MWh, owner: utility}
contracts:
  deal: {seller: centre, buyer: bath, flow: servers, to: pool, %s}
"""


def solved(folder: Path, terms: str, *changes: str) -> xr.Dataset:
    (folder / "town.yaml").write_text(SHARED % terms, encoding="utf8")
    return run(folder / "town.yaml", overrides=changes)


def totals(results: xr.Dataset) -> dict[str, float]:
    return actor_table(kept_ledger(results)).total.to_dict()


def test_a_contract_through_a_third_ones_network(tmp_path: Path) -> None:
    """Of 10 MWh from the servers the pool takes 4 and 5 in the same hours; the utility buys one at the margin, 20 EUR.

    The bath pays 9 x 12 to the centre, has them at the network for 9 x 20 and takes 10 x 20 from it.
    """
    results = solved(tmp_path, "price: {fixed: 12 EUR/MWh}")

    assert totals(results) == pytest.approx(
        {"centre": 20.0 - 108.0 - 20.0, "bath": 108.0 - 180.0 + 200.0, "utility": 500.0 + 20.0 + 180.0 - 200.0}
    )


def test_take_or_pay_counts_what_reaches_the_buyer(tmp_path: Path) -> None:
    """Servers at 25 EUR would stand still beside a boiler at 20. 7 MWh are paid for anyhow at 8 EUR: the pool's run."""
    terms = "price: {fixed: 12 EUR/MWh}, take_or_pay: {energy: 7 MWh, price: 8 EUR/MWh}"
    results = solved(tmp_path, terms, "components.servers.price=25 EUR/MWh")

    assert float(results.flow.sel(port="servers.heat").sum()) == pytest.approx(7.0)
    assert totals(results)["centre"] == pytest.approx(7.0 * 25.0 - 7.0 * 12.0)


def test_priority_is_for_what_reaches_the_buyer(tmp_path: Path) -> None:
    """At 25 EUR and a priority of 6 the servers run for the pool before the boiler at 20, and not for the homes."""
    results = solved(tmp_path, "price: {fixed: 12 EUR/MWh}, priority: 6 EUR/MWh", "components.servers.price=25 EUR/MWh")

    assert results.flow.sel(port="servers.heat").values.tolist() == pytest.approx([4.0, 5.0])


def test_a_saving_is_shared_by_the_part_of_the_flow(tmp_path: Path) -> None:
    """Without the servers 35 x 20 = 700, with them 520: 180 saved, of which 9 of 10 MWh are this contract's."""
    results = solved(tmp_path, "price: {share_of_saving: 50 %}")
    saving = Saving(without=700.0, with_it=520.0, seller_without=0.0, seller_with=20.0)
    settled = booked(results, load(tmp_path / "town.yaml"), {"deal": saving})

    assert totals(settled)["centre"] == pytest.approx(20.0 - 20.0 - 0.9 * (20.0 + 90.0))


@pytest.mark.parametrize("price", [12.0, 20.0])
def test_two_contracts_share_one_supplier(tmp_path: Path, price: float) -> None:
    """The homes' contract comes second: it gets what the pool leaves, one MWh in the first hour."""
    text = SHARED % "price: {fixed: 12 EUR/MWh}"
    text += f"  rest: {{seller: centre, buyer: utility, flow: servers, to: homes, price: {{fixed: {price} EUR/MWh}}}}\n"
    (tmp_path / "town.yaml").write_text(text, encoding="utf8")

    assert totals(run(tmp_path / "town.yaml"))["centre"] == pytest.approx(20.0 - 108.0 - price)


STREAM = st.tuples(st.integers(45, 120), st.integers(5, 40), st.integers(1, 30))
USER = st.tuples(st.integers(41, 70), st.integers(5, 30), st.integers(1, 30))


@settings(max_examples=60, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(streams=st.lists(STREAM, min_size=2, max_size=3), users=st.lists(USER, min_size=2, max_size=3))
def test_it_is_the_largest_flow_the_levels_allow(streams: list, users: list) -> None:
    """Against a linear program over the levels, for the first supplier and each user."""
    parts = [Source(name="boiler", to="heat", price=30.0, temperature=150.0)]
    for number, (hot, span, power) in enumerate(streams):
        stream = {"from": float(hot), "to": float(hot - min(span, hot - 41)), "load": float(power)}
        parts.append(ResidualHeat(name=f"mill{number}", to="heat", streams={"water": stream}))
    for number, (cold, span, power) in enumerate(users):
        temperatures = {"from": float(cold), "to": float(cold + span)}
        parts.append(HeatDemand(name=f"user{number}", to="heat", load=float(power), temperatures=temperatures))
    results = solve(parts, {"heat": {"carrier": "heat", "supply": 110.0, "return": 40.0}}, steps=1)
    for number in range(len(users)):
        route = Route("heat", ("mill0", "water"), (f"user{number}", "heat"))
        found = deliveries(results, {"pair": route})["pair"]

        assert found[0] == pytest.approx(largest(results, route), abs=1e-6)


def largest(results: xr.Dataset, route: Route) -> float:
    """The largest flow between two on the levels of a solved hour, by a linear program: given, used, falling."""
    levels = results.heat_level.values.tolist()
    if not levels:
        return min(float(results.flow.sel(port=".".join(port)).item()) for port in (route.supplier, route.user))
    count = len(levels)
    given, used = (at_levels(results, ".".join(port), levels) for port in (route.supplier, route.user))
    falling = np.append(np.maximum(results.level_falling.values[:-1, 0], 0.0), 0.0)
    balance = np.zeros((count, 3 * count))
    for k in range(count):
        balance[k, [k, count + k, 2 * count + k]] = 1.0, -1.0, -1.0
        if k:
            balance[k, 2 * count + k - 1] = 1.0
    cost = np.concatenate([np.zeros(count), -np.ones(count), np.zeros(count)])
    bounds = [(0.0, max(x, 0.0)) for x in (*given, *used, *falling)]
    return -float(linprog(cost, A_eq=balance, b_eq=np.zeros(count), bounds=bounds).fun)


def at_levels(results: xr.Dataset, port: str, levels: list[str]) -> np.ndarray:
    found: Mapping[str, float] = dict.fromkeys(levels, 0.0)
    landed = zip(results.landing_port.values, results.landing_heat_level.values, results.level_flow.values, strict=True)
    for one, level, flow in landed:
        if one == port:
            found[level] += float(flow[0])  # type: ignore[index]
    return np.array(list(found.values()))
