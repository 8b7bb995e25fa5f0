"""Annuities, levelised costs, the worth of a transfer: published numbers, and a bank's table by hand."""

import math
from pathlib import Path

import numpy as np
import pytest

from energysim.api import run
from energysim.kpi.lcoh import heat_costs
from energysim.results.built import Built
from energysim.symbiosis.investment import Case, cash_flow, irr, sensitivity, verdict_of
from energysim.traits.sizing import annuity


@pytest.mark.parametrize(
    ("rate", "years", "factor"),
    [(0.05, 25, 0.0709524573), (0.06, 20, 0.0871845570), (0.08, 40, 0.0838601615), (0.07, 30, 0.0805864035)],
)
def test_t_6_1_annuity(rate: float, years: float, factor: float) -> None:
    """T-6.1: yearly payment for one unit of money."""
    assert annuity(rate, years) == pytest.approx(factor, abs=1e-10)


PUMP = """\
scenario: A heat pump of ten megawatts
time: {start: 2030-01-01, duration: 5000 h, annual_costs: full}
economy: {currency: EUR, discount_rate: 5 %}
actors: {utility: {name: Utility}}
networks:
  heat: {carrier: heat, owner: utility}
  grid: {carrier: electricity}
components:
  homes: {type: heat_demand, to: heat, load: 10 MW, owner: utility}
  power: {type: source, to: grid, price: 40 EUR/MWh, owner: utility}
  pump:
    type: heat_pump
    power: grid
    to: heat
    owner: utility
    cop: 3.65
    capacity: {min: 10 MW, max: 10 MW, investment: 762.518 EUR/kW, lifetime: 25 a, fixed_om_share: 0.3504 %}
    variable_om: 2.685 EUR/MWh
"""


def test_t_6_1_levelised_cost_of_heat(tmp_path: Path) -> None:
    """T-6.1: 24.9988 EUR/MWh of a heat pump over 5 000 h, with its parts; the annuity alone is 10.82."""
    (tmp_path / "pump.yaml").write_text(PUMP, encoding="utf8")
    row = heat_costs(run(tmp_path / "pump.yaml")).iloc[0]

    assert row.lcoh == pytest.approx(24.9988, abs=1e-4)
    assert row.capital == pytest.approx(762518.0 * 0.0709524573 / 5000.0, rel=1e-9)
    assert row.fixed == pytest.approx(762518.0 * 0.003504 / 5000.0, rel=1e-9)
    assert row.running == pytest.approx(2.685)
    assert row.inputs == pytest.approx(40.0 / 3.65)


HOUSE = Case((Built("a", "pump", 1000.0, 10.0),), 150.0, 0.05, 10)


def test_a_bank_s_table_by_hand() -> None:
    """1 000 now, 150 a year for ten: worth 158.26 at 5 %, 8.14 % in itself, back in 6.67 years, 8.31 with interest."""
    found = verdict_of(HOUSE)

    assert found.npv == pytest.approx(-1000.0 + 150.0 / annuity(0.05, 10), abs=1e-9)
    assert found.npv == pytest.approx(158.26, abs=0.01)
    assert found.irr == pytest.approx(0.0814, abs=5e-5)
    assert found.payback == pytest.approx(1000.0 / 150.0)
    assert 8.0 < found.discounted_payback < 9.0


def test_what_wears_out_is_renewed_and_what_lasts_has_a_worth_left() -> None:
    """Ten years' view: a part of 4 years is bought in years 0, 4 and 8 and half its last price is left."""
    table = cash_flow(Case((Built("a", "x", 80.0, 4.0),), 30.0, 0.0, 10))

    assert table.invested[[0, 4, 8, 10]].tolist() == [80.0, 80.0, 80.0, -40.0]
    assert table.cash.sum() == pytest.approx(300.0 - 200.0)


def test_an_investment_that_never_pays_says_so() -> None:
    never = verdict_of(Case((Built("a", "x", 1000.0, 10.0),), 50.0, 0.05, 10))

    assert never.npv < 0.0
    assert never.payback == math.inf
    assert never.irr == pytest.approx(irr(np.r_[-1000.0, np.full(10, 50.0)]))
    assert never.irr < 0.0


def test_nothing_invested_has_no_rate_and_is_back_at_once() -> None:
    found = verdict_of(Case((), 10.0, 0.05, 20))

    assert math.isnan(found.irr)
    assert found.payback == 0.0


def test_each_assumption_moves_the_worth_the_way_it_should() -> None:
    rows = sensitivity(HOUSE).set_index("assumption")
    middle = verdict_of(HOUSE).npv

    assert rows.npv_low["Investment"] == pytest.approx(middle + 300.0)
    assert rows.npv_high["Investment"] == pytest.approx(middle - 700.0)
    assert rows.npv_high["Yearly gain"] - middle == pytest.approx(30.0 / annuity(0.05, 10))
    assert rows.npv_low["Discount rate"] > middle > rows.npv_high["Discount rate"]
    assert rows.npv_low["Lifetime"] < middle < rows.npv_high["Lifetime"]
