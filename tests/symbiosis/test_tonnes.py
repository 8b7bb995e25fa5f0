"""What changes hands by the tonne is told by the tonne: in the books, on the pages, between price limits."""

from pathlib import Path

import pytest

from energysim.api import run
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


def test_price_limits_by_the_tonne(mine: Path) -> None:
    """Between what ore costs the mine and what it saves the works."""
    said = dict(sentences(cooperate(mine, effort=Effort(workers=0))))

    assert (
        said["Between which prices do contracts leave both better off?"][0]
        == "Mine to Works, 40.0 t: any price from 60.0 to 100 EUR/t."
    )
