"""The actors' books by hand, and that they add up to the cost of the plan wherever there is one."""

from pathlib import Path

import pytest
import xarray as xr

from energysim.api import booked, run
from energysim.errors import CertificateError
from energysim.kpi.ledger import actor_table, kept_ledger, ledger, payments
from energysim.kpi.settlement import Payment, Saving, Settlement
from energysim.scenario import load

FILES = sorted((Path(__file__).resolve().parents[2] / "scenarios").glob("*.yaml"))

TOWN = """\
scenario: A mill heats a town
time: {start: 2030-01-01, duration: 2 h}
economy: {currency: EUR, discount_rate: 0 %}
actors: {mill: {name: The mill}, utility: {name: The utility}}
networks:
  heat: {carrier: heat, owner: utility, losses: {share: 10 %}}
components:
  homes: {type: heat_demand, to: heat, load: [9 MW, 18 MW], owner: utility}
  left: {type: residual_heat, to: heat, capacity: 5 MW, price: 2 EUR/MWh, owner: mill}
  boiler: {type: source, to: heat, price: 20 EUR/MWh, owner: utility}
"""
CONTRACT = "contracts:\n  deal: {seller: mill, buyer: utility, flow: left, %s}\n"


def solved(folder: Path, contract: str = "", *changes: str) -> xr.Dataset:
    """Run the town with a contract."""
    path = folder / "town.yaml"
    path.write_text(TOWN + (CONTRACT % contract if contract else ""), encoding="utf8")
    return run(path, overrides=changes)


def totals(results: xr.Dataset) -> dict[str, float]:
    return actor_table(kept_ledger(results)).total.to_dict()


def test_without_contract_heat_is_sold_at_the_margin(tmp_path: Path) -> None:
    """10 and 20 MWh are fed, the boiler sets 20 EUR: the mill gets 10 x 20 for 10 x 2, the utility bears the loss."""
    results = solved(tmp_path)
    trades = payments(kept_ledger(results))

    assert totals(results) == pytest.approx({"utility": 20.0 * 20.0 + 200.0, "mill": 20.0 - 200.0})
    assert trades[["buyer", "seller", "kind"]].values.tolist() == [["utility", "mill", "trade"]]
    assert (trades.amount[0], trades.energy[0]) == pytest.approx((200.0, 10.0))


@pytest.mark.parametrize(
    ("terms", "paid"),
    [
        pytest.param("price: {fixed: 12 EUR/MWh}", 120.0, id="fixed"),
        pytest.param("price: {fixed: [10 EUR/MWh, 14 EUR/MWh]}", 120.0, id="by the hour"),
        pytest.param("price: {indexed: {base: 10 EUR/MWh, index: [1, 1.5]}}", 50.0 + 75.0, id="indexed"),
        pytest.param("price: {marginal: 90 %}", 180.0, id="marginal"),
        pytest.param("price: {fixed: 4 EUR/MWh, capacity: 3 EUR/MW/a}", 40.0 + 3.0 * 5.0, id="capacity"),
        pytest.param(
            "price: {fixed: 12 EUR/MWh}, take_or_pay: {energy: 16 MWh, price: 12 EUR/MWh}", 192.0, id="take or pay"
        ),
        pytest.param(
            "price: {fixed: 12 EUR/MWh}, take_or_pay: {energy: 8 MWh, price: 12 EUR/MWh}", 120.0, id="enough taken"
        ),
        pytest.param(
            "price: {fixed: 12 EUR/MWh}, availability: {at_least: 90 %, power: 5 MW, penalty: 30 EUR/MWh}",
            120.0,
            id="guarantee kept",
        ),
    ],
)
def test_each_way_to_a_price(tmp_path: Path, terms: str, paid: float) -> None:
    """Ten MWh change hands; the mill's own cost is 20, and what it is paid the utility pays."""
    results = solved(tmp_path, terms, "time.annual_costs=full")

    assert totals(results) == pytest.approx({"utility": 400.0 + paid, "mill": 20.0 - paid})


def test_a_broken_guarantee_costs_the_seller(tmp_path: Path) -> None:
    """Half of the hours out: 90 % promised of 5 MW over two hours, 50 % given: 0.8 h x 5 MW short at 30 EUR."""
    terms = "price: {fixed: 12 EUR/MWh}, availability: {at_least: 90 %, power: 5 MW, penalty: 30 EUR/MWh}"
    results = solved(tmp_path, terms, "components.left.availability=[1, 0]")

    assert totals(results)["mill"] == pytest.approx(10.0 - 60.0 + 0.8 * 5.0 * 30.0)


def test_ways_that_compare_with_a_plan_without(tmp_path: Path) -> None:
    """Without the mill 30 x 20, with it 400 + 20: saved 180, avoided 200. Half of it, or 70 % of what was replaced."""
    saving = Saving(without=600.0, with_it=420.0, seller_without=0.0, seller_with=20.0)
    for way, paid in (("share_of_saving: 50 %", 20.0 + 90.0), ("alternative_cost: 70 %", 140.0)):
        results = solved(tmp_path, f"price: {{{way}}}")
        settled = booked(results, load(tmp_path / "town.yaml"), {"deal": saving})

        assert "settled at the marginal price here" in results.attrs["warnings"]
        assert "settled at the marginal price here" not in settled.attrs["warnings"]
        assert totals(settled)["mill"] == pytest.approx(20.0 - paid)


def test_heat_colder_than_agreed_is_not_paid(tmp_path: Path) -> None:
    """The network runs at 80 and 60 degC, the contract asks for 70: only the first hour's 5 MWh are paid."""
    terms = "price: {fixed: 12 EUR/MWh}, temperature: 70 degC"
    networks = "networks.heat={owner: utility, supply: [80 degC, 60 degC], return: 40 degC}"
    results = solved(tmp_path, terms, networks)

    assert totals(results)["mill"] == pytest.approx(20.0 - 60.0)
    assert "5 MWh colder than 70 degC are not paid" in results.attrs["warnings"]


@pytest.mark.parametrize(
    ("connection", "mills_part"), [("buyer", 0.0), ("seller", 1.0), ("{seller: 25 %, buyer: 75 %}", 0.25)]
)
def test_who_pays_the_connection(tmp_path: Path, connection: str, mills_part: float) -> None:
    """5 MW at 100 EUR/MW over 10 years without interest: 50 EUR a year, whoever owns the exchanger."""
    link = "components.left.connection={max: 5 MW, investment: 100 EUR/MW, lifetime: 10 a}"
    terms = f"price: {{fixed: 12 EUR/MWh}}, connection: {connection}"
    results = solved(tmp_path, terms, "time.annual_costs=full", link)

    assert totals(results)["mill"] == pytest.approx(20.0 - 120.0 + 50.0 * mills_part)


def test_taxes_are_a_cost_to_actors_and_none_to_society(tmp_path: Path) -> None:
    """Power at 20 with a tax of 15 against oil at 30: actors burn oil, society would not; both views side by side."""
    text = TOWN.replace("type: source, to: heat, price: 20 EUR/MWh", "type: source, to: heat, price: 30 EUR/MWh")
    text += (
        "  kettle: {type: electric_boiler, power: grid, to: heat, capacity: 99 MW, efficiency: 100 %, owner: utility}\n"
    )
    text += "  spot: {type: electricity_market, to: grid, price: 20 EUR/MWh, tax: 15 EUR/MWh, owner: utility}\n"
    path = tmp_path / "town.yaml"
    path.write_text(text.replace("networks:\n", "networks:\n  grid: {carrier: electricity}\n"), encoding="utf8")
    actors, society = run(path), run(path, overrides=["economy.perspective=society"])
    books = actor_table(kept_ledger(society))

    assert actors.attrs["objective"] == pytest.approx(20.0 * 30.0 + 20.0)
    assert society.attrs["objective"] == pytest.approx(20.0 * 20.0 + 20.0)
    assert books.total.sum() == pytest.approx(20.0 * 35.0 + 20.0)
    assert books.society.sum() == pytest.approx(society.attrs["objective"])
    assert books.tax["utility"] == pytest.approx(300.0)


def test_books_that_do_not_add_up_are_found(tmp_path: Path) -> None:
    """A contract that pays no number at all would pass a check that only looks for large differences."""
    results = solved(tmp_path)
    payment = Payment("energy", float("nan"))
    settlement = Settlement("deal", "mill", "utility", "left", ("left.heat",), (payment,), 10.0)

    with pytest.raises(CertificateError, match="books add up to"):
        ledger(results, {"deal": settlement})


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_books_of_every_shipped_scenario_balance(path: Path) -> None:
    """To a cent in a million, over the first week; every flow between actors stands in two books."""
    week = [] if "three_hours" in path.name else ["time={year: null, start: 2030-01-01, duration: 7 d}"]
    results = run(path, overrides=week)
    table = kept_ledger(results)
    between = table[table.kind.isin(("trade", "contract"))]

    assert table.amount.sum() == pytest.approx(results.attrs["objective"], rel=1e-8)
    assert between.amount.sum() == pytest.approx(0.0, abs=1e-8 * max(1.0, table.amount.abs().sum()))
    assert (table.actor != "").all()
