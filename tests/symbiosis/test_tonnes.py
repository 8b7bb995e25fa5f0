"""What changes hands by the tonne is told by the tonne: in the books, on the pages, between price limits."""

import json
from pathlib import Path

import pytest

from energysim.api import run
from energysim.errors import ScenarioError
from energysim.kpi.ledger import kept_ledger, payments
from energysim.report.cooperation import sentences
from energysim.report.page import render
from energysim.symbiosis.cooperation import Effort, cooperate

ORE = """\
scenario: A mine and its works
time: {start: 2030-01-01, duration: 2 h}
economy: {currency: EUR, discount_rate: 0 %}
actors: {mine: {name: Mine}, works: {name: Works}}
networks:
  ore: {carrier: ore, unit: t, owner: works}
  grid: {carrier: electricity, owner: works}
components:
  pit: {type: product_market, to: ore, buying: 60 EUR/t, capacity: 0 t/h, owner: mine}
  kiln: {type: product_market, to: ore, demand: 20 t/h, owner: works}
  stockpile: {type: product_market, to: ore, buying: 100 EUR/t, capacity: 0 t/h, owner: works}
  spot: {type: electricity_market, to: grid, price: 40 EUR/MWh, owner: works}
  lamps: {type: electricity_demand, to: grid, load: 1 MW, owner: works}
"""
CONTRACT = "contracts: {ore: {seller: mine, buyer: works, flow: pit.bought, price: {marginal: 150 %}}}\n"


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """40 t of ore at 60 EUR, where the works' own costs 100; power beside it, counted in MWh."""
    (tmp_path / "ore.yaml").write_text(ORE, encoding="utf8")
    return tmp_path / "ore.yaml"


def test_prices_say_of_what(mine: Path) -> None:
    results = run(mine)
    each = dict(zip(results.node.values.tolist(), results.node_unit.values.tolist(), strict=True))

    assert each == {"ore": "t", "grid": "MWh"}
    assert results.price.attrs["units"] == "EUR/node_unit"
    assert results.price.sel(node="ore").values.tolist() == pytest.approx([60.0, 60.0])


def test_the_books_count_tonnes(mine: Path) -> None:
    """The works pay 40 x 60 EUR for 40 t, which are no gigawatt hours."""
    results = run(mine)
    paid = payments(kept_ledger(results))

    assert paid[["buyer", "seller", "unit"]].values.tolist() == [["works", "mine", "t"]]
    assert (paid.amount[0], paid.energy[0]) == pytest.approx((2400.0, 40.0))
    assert '<td class="n">40.0 t</td>' in render(results)


def test_who_gives_below_a_price_of_zero_pays_who_takes(mine: Path) -> None:
    """Ore at -60 EUR: the mine, which is paid 60 a tonne to dig it, pays them on to the works for taking 40 t."""
    mine.write_text(ORE.replace("buying: 60 EUR/t", "buying: -60 EUR/t"), encoding="utf8")
    results = run(mine)
    paid = payments(kept_ledger(results))

    assert paid[["buyer", "seller"]].values.tolist() == [["mine", "works"]]
    assert "40.0 t given away" in render(results)


def test_a_contract_by_the_tonne(mine: Path) -> None:
    """Half as much again as the 60 EUR that ore is worth."""
    mine.write_text(ORE + CONTRACT, encoding="utf8")
    page = render(run(mine))

    assert "90.0 for a t" in page
    assert '<td class="n">40.0 t</td>' in page


BY_THE_TONNE = """\
contracts:
  ore:
    seller: mine
    buyer: works
    flow: pit.bought
    price: {fixed: 75 EUR/t, capacity: 438 EUR/(t/h)/a}
    take_or_pay: {energy: 262.8 kt, price: 10 EUR/t}
    availability: {at_least: 100 %, power: 20 t/h, penalty: 3 EUR/t}
    priority: 5 EUR/t
"""


@pytest.mark.parametrize("to", ["", "    to: kiln\n"])
def test_all_of_a_contract_is_told_by_the_tonne(mine: Path, to: str) -> None:
    """40 t at 75, twenty tonnes an hour at 438 x 2/8760, and 60 - 40 t not taken at 10."""
    mine.write_text(ORE + BY_THE_TONNE + to, encoding="utf8")
    (told,) = json.loads(run(mine).attrs["contracts"]).values()

    assert {one["item"]: one["amount"] for one in told["payments"]} == pytest.approx(
        {"energy": 3000.0, "capacity": 2.0, "not taken": 200.0}
    )
    assert told["unit"] == "t"


def test_a_promise_by_the_tonne_is_paid_for(mine: Path) -> None:
    """Half of the second hour is lost: 0.5 x 20 t short of the promise, at 3 EUR each."""
    crusher = """\
  crusher:
    type: process
    capacity: 40 t/h
    outputs: {ore: {mass: 1, to: ore}}
    inputs: {power: {energy: 0.1 MWh/t, from: grid}}
    availability: [100 %, 50 %]
    owner: mine
"""
    mine.write_text(ORE + crusher + BY_THE_TONNE.replace("pit.bought", "crusher.ore"), encoding="utf8")
    (told,) = json.loads(run(mine).attrs["contracts"]).values()
    paid = {one["item"]: one["amount"] for one in told["payments"]}

    assert paid["availability below the promise"] == pytest.approx(-30.0)


def test_a_priority_by_the_tonne_decides(mine: Path) -> None:
    """Ore of the mine for 104 is taken before that for 100 where 5 a tonne say so, and not where 3 do."""
    dear = ORE.replace("buying: 60 EUR/t", "buying: 104 EUR/t")
    taken = []
    for least in (3, 5):
        mine.write_text(dear + BY_THE_TONNE.replace("5 EUR/t\n", f"{least} EUR/t\n").replace("262.8 kt", "0 t"))
        taken.append(float(run(mine).flow.sel(port="pit.bought").sum()))

    assert taken == pytest.approx([0.0, 40.0])


@pytest.mark.parametrize(
    ("flow", "price", "said"),
    [
        ("pit.bought", "75 EUR/MWh", "75 EUR/MWh is a price of energy. A quantity in EUR/t is needed here"),
        ("spot.bought", "75 EUR/t", "75 EUR/t is a price by the tonne. A quantity in EUR/MWh is needed here"),
    ],
)
def test_a_price_of_something_else_is_refused(mine: Path, flow: str, price: str, said: str) -> None:
    text = f"contracts: {{deal: {{seller: mine, buyer: works, flow: {flow}, price: {{fixed: {price}}}}}}}\n"
    mine.write_text(ORE + text, encoding="utf8")

    with pytest.raises(ScenarioError, match=f"ore.yaml:14: contracts.deal.price.fixed: {said}"):
        run(mine)


def test_a_contract_about_tonnes_and_energy_at_once_is_refused(mine: Path) -> None:
    """A furnace sells iron by the tonne and gas by the MWh: one price cannot be of both."""
    more = """\
  iron_market: {type: product_market, to: iron, selling: 300 EUR/t, capacity: 100 t/h, owner: works}
  burner: {type: flare, fuel: gas, owner: works}
  furnace:
    type: process
    capacity: 20 t/h
    outputs: {iron: {mass: 1, to: iron}, off_gas: {energy: 1 MWh/t, to: gas}}
    inputs: {power: {energy: 2 MWh/t, from: grid}}
    owner: mine
contracts: {all: {seller: mine, buyer: works, flow: furnace, price: {fixed: 75 EUR/MWh}}}
"""
    networks = "  iron: {carrier: iron, unit: t, owner: works}\n  gas: {carrier: off_gas, owner: works}\ncomponents:\n"
    mine.write_text(ORE.replace("components:\n", networks) + more, encoding="utf8")

    with pytest.raises(ScenarioError, match=r"It is about furnace\.iron in t, furnace\.off_gas in MWh\."):
        run(mine)


def test_price_limits_by_the_tonne(mine: Path) -> None:
    """Between what ore costs the mine and what it saves the works."""
    said = dict(sentences(cooperate(mine, effort=Effort(workers=0))))

    assert (
        said["Between which prices do contracts leave both better off?"][0]
        == "Mine to Works, 40.0 t: any price from 60.0 to 100 EUR/t."
    )
