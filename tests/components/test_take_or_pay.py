"""Take or pay: heat already paid for is used until something else costs less than nothing."""

from pathlib import Path

import pytest
import xarray as xr

from energysim.api import run
from energysim.components.take_or_pay import TakeOrPay
from energysim.scenario import load
from energysim.testing import assert_same_optimum, check_component

TOWN = """\
scenario: A dear mill and a cheap boiler
time: {start: 2030-01-01, duration: 2 h, annual_costs: full}
economy: {currency: EUR, discount_rate: 0 %%}
actors: {mill: {name: The mill}, utility: {name: The utility}}
networks:
  heat: {carrier: heat, owner: utility}
components:
  homes: {type: heat_demand, to: heat, load: 10 MW, owner: utility}
  left: {type: residual_heat, to: heat, capacity: 8 MW, price: 25 EUR/MWh, owner: mill}
  boiler: {type: source, to: heat, price: 20 EUR/MWh, owner: utility}
contracts:
  deal: {seller: mill, buyer: utility, flow: left.heat, price: {fixed: 30 EUR/MWh}, %s}
"""


def solved(folder: Path, terms: str) -> xr.Dataset:
    (folder / "town.yaml").write_text(TOWN % terms, encoding="utf8")
    return run(folder / "town.yaml")


def delivered(results: xr.Dataset) -> float:
    return float(results.flow.sel(port="left.heat").sum())


def test_it_is_complete() -> None:
    check_component(TakeOrPay)


@pytest.mark.parametrize(
    ("terms", "energy", "cost", "objective"),
    [
        pytest.param("connection: seller", 0.0, 400.0, 400.0, id="none"),
        pytest.param("take_or_pay: {energy: 12 MWh, price: 30 EUR/MWh}", 12.0, 460.0, 460.0, id="dearer than unused"),
        pytest.param("take_or_pay: {energy: 12 MWh, price: 4 EUR/MWh}", 0.0, 400.0, 448.0, id="cheaper to leave"),
        pytest.param("take_or_pay: {energy: 20 MWh, price: 30 EUR/MWh}", 16.0, 480.0, 600.0, id="more than there is"),
    ],
)
def test_the_plan_knows_what_is_paid_in_any_case(
    tmp_path: Path, terms: str, energy: float, cost: float, objective: float
) -> None:
    """The mill's heat costs 5 more than the boiler's: it is taken as far as leaving it would cost more than 5.

    The region pays 25 for it, not 30: what only changes hands is no cost.
    """
    results = solved(tmp_path, terms)

    assert delivered(results) == pytest.approx(energy)
    assert float(results.amount.sel(effect="cost").sum()) == pytest.approx(cost)
    assert float(results.attrs["objective"]) == pytest.approx(objective)
    assert_same_optimum(load(tmp_path / "town.yaml"))


@pytest.mark.parametrize(("priority", "energy"), [("4 EUR/MWh", 0.0), ("6 EUR/MWh", 16.0)])
def test_priority_holds_up_to_its_price(tmp_path: Path, priority: str, energy: float) -> None:
    """Taken first as long as the other is cheaper by less than the priority: 5 here; the cost books do not see it."""
    results = solved(tmp_path, f"priority: {priority}")

    assert delivered(results) == pytest.approx(energy)
    assert float(results.amount.sel(effect="cost").sum()) == pytest.approx(400.0 + 5.0 * energy)
    assert_same_optimum(load(tmp_path / "town.yaml"))
