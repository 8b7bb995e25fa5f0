"""Scenarios that cannot work, each broken in one way: the message names the true cause first."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from energysim.api import run
from energysim.errors import InfeasibleError
from energysim.scenario import load

LOADS = ", ".join(["20 MW"] * 7 + ["35 MW", "30 MW"] + ["20 MW"] * 15)
TOWN = f"""\
scenario: A town on a cold day
time: {{start: 2030-01-14, duration: 24 h}}
economy: {{discount_rate: 5 %}}
places: {{here: {{climate: lulea}}}}
fuels: {{chips: {{}}, oil: {{co2: 0.3 t/MWh}}}}
networks:
  town: {{name: Town heat, at: here, supply: 90 degC, return: 45 degC, approach: 5 K}}
  far: {{name: Far heat, at: here, supply: 90 degC, return: 45 degC}}
  grid: {{name: Power, carrier: electricity}}
components:
  chip_trade: {{type: fuel_supply, to: chips, price: 20 EUR/MWh}}
  oil_trade: {{type: fuel_supply, to: oil, price: 60 EUR/MWh}}
  market: {{type: electricity_market, to: grid, price: 40 EUR/MWh, sell_limit: 0 MW}}
  users: {{type: heat_demand, to: town, load: [{LOADS}]}}
"""
BIO = "type: boiler, fuel: chips, to: town"
STOP = "availability: {planned_stops: [2030-01-14T05:00/2030-01-14T%s]}"
MILL = "mill: {type: residual_heat, to: town, streams: {a: %s}}"
TANK = "tank: {type: heat_store, network: town, volume: %s}"
OIL = "ob: {type: boiler, fuel: oil, to: town, capacity: %s}"
SWITCHING = "switching: {min_up: 10 h, minimum_load: 20 %, running_before: false}"
FIVE_MILLS = "\n  ".join(
    MILL.replace("mill", f"mill{number}", 1) % "{from: 70 degC, to: 50 degC, load: 1 MW}" for number in range(5)
)
ALL_DAY_BUT = "planned_stops: [2030-01-14T00:00/2030-01-14T05:00, 2030-01-14T08:00/2030-01-14T23:00]"
PLANT = "a: {discharge: 10 m3/s, head: 30 m, least: 1 Mm3, most: 2 Mm3, start: 1 Mm3, least_flow: 5 m3/s}"
WITHIN = "the output stays within what can run."


@dataclass(frozen=True)
class Broken:
    """One way to break the town, and what must be said first."""

    says: str
    bio: str = "capacity: 40 MW"
    fuel: str = "chips"
    trade: str = ""
    market: str = ""
    more: str = ""
    """Other components, from line 16 on."""
    tail: str = ""
    """Other sections, from line 16 on."""


CASES = {
    "one_cold_hour": Broken(
        rf"'bio' \(.*:15\) is at its limit of 32 MW, 35 MW would be enough: {WITHIN} "
        r"It binds in 1 hour, first 2030-01-14 07:00 UTC",
        bio="capacity: 32 MW",
    ),
    "no_supplier": Broken("Nothing feeds 'Town heat'", bio=""),
    "a_missing_pipe": Broken("Nothing feeds 'Far heat'", more="others: {type: heat_demand, to: far, load: 3 MW}"),
    "a_fuel_short_by_the_hour": Broken(
        r"'chip_trade' \(.*:11\) is at its limit of 30 MW, 38.89 MW would be enough: the flow stays within its limit.",
        trade="limit: 30 MW",
    ),
    "a_fuel_short_by_the_year": Broken(
        r"'chip_trade' \(.*:11\) is at its limit of 274 MWh, 561.1 MWh would be enough: no more is taken than can",
        trade="annual_limit: 100 GWh",
    ),
    "a_limit_of_a_group": Broken(
        r"Group 'a' \(.*:17\) is at its limit of 100 MWh, 505 MWh would be enough: its limit 'at_most' cannot be kept.",
        tail="groups:\n  a: {members: [bio.heat], at_most: 100 MWh}",
    ),
    "contradictory_limits": Broken(
        r"Group 'b' \(.*:18\) is at its limit of 950 MWh, 505 MWh would be enough: its limit 'at_least'",
        tail="groups:\n  a: {members: [bio.heat], at_most: 900 MWh}\n  b: {members: [bio.heat], at_least: 950 MWh}",
    ),
    "a_cap_on_carbon_dioxide": Broken(
        r"Effect 'co2' \(.*:17\) is at its limit of 1 t, 168.3 t would be enough: the cap is too tight.",
        fuel="oil",
        tail="effects:\n  co2: {unit: t, cap: 1 t}",
    ),
    "must_run_above_the_demand": Broken(
        r"'mill' \(.*:16\) gives 30 MW to 'Town heat' and cannot give less. Add a heat_rejection",
        more=MILL.replace("to:", "must_run: true, to:") % "{from: 120 degC, to: 60 degC, load: 30 MW}",
    ),
    "heat_only_at_too_low_a_level": Broken(
        r"'mill' \(.*:16\) is too cold for 'Town heat, 65 to 90 degC'",
        bio="capacity: 5 MW",
        more=MILL % "{from: 70 degC, to: 50 degC, load: 60 MW}",
    ),
    "a_boiler_too_small_beside_many_cold_sources": Broken(
        rf"'bio' \(.*:15\) is at its limit of 29 MW, 30 MW would be enough: {WITHIN} It binds in 1 hour",
        bio="capacity: 29 MW",
        more=FIVE_MILLS,
    ),
    "many_sources_and_all_too_cold": Broken(
        r"'mill0' \(.*:16\), 'mill1' \(.*:17\), 'mill2' \(.*:18\) and 2 more are too cold for 'Town heat, 65 to 90 "
        r"degC'(.|\n)*'bio' \(.*:15\) is at its limit of 5 MW",
        bio="capacity: 5 MW",
        more=FIVE_MILLS.replace("1 MW", "10 MW"),
    ),
    "a_boiler_cooler_than_the_supply": Broken(
        "Nothing feeds 'Town heat, 75 to 90 degC'", bio="capacity: 60 MW, temperature: 80 degC"
    ),
    "a_store_that_cannot_be_filled": Broken(
        rf"'bio' \(.*:15\) is at its limit of 28 MW, 34 MW would be enough: {WITHIN}",
        bio="capacity: 28 MW",
        more=TANK % "100 MWh, power: 1 MW, start: 0 %",
    ),
    "a_store_that_must_end_full": Broken(
        r"'tank' \(.*:16\) is at its limit of 1000 MWh, 304.1 MWh would be enough: the level before the first hour",
        bio="capacity: 36 MW",
        more=TANK % "1000 MWh, power: 30 MW, start: 100 %, standing_loss: 5 %",
    ),
    "a_planned_stop": Broken(
        rf"'bio' \(.*:15\) is at a limit; if it gave way by 20 MW there would be a plan: {WITHIN} It binds in 2 hours, "
        "first 2030-01-14 05:00 UTC, when 0 % of it can run. Set by 'capacity' and 'availability'",
        bio=f"capacity: 40 MW, {STOP % '07:00'}",
    ),
    "least_time_on_against_a_stop": Broken(
        r"'bio' \(.*:15\) is held by a rule without which there would be a plan: units started within the least time "
        r"on are still on.*'switching.min_up'",
        bio=f"capacity: 40 MW, {SWITCHING}, {STOP % '06:00'}",
        more=OIL % f"20 MW, availability: {{{ALL_DAY_BUT}}}",
    ),
    "a_minimum_load_above_the_demand": Broken(
        r"'bio' \(.*:15\) is at a limit; if it gave way by 100 MW .*: what is on gives at least its minimum load.",
        bio="capacity: 400 MW, switching: {minimum_load: 30 %}",
    ),
    "a_purchase_limit": Broken(
        rf"'bio' .* is at its limit of 20 MW, 31.04 MW would be enough: {WITHIN}(.|\n)*'market' "
        "[(].* limit of 4 MW, 15.15 MW",
        bio="capacity: 20 MW",
        market="buy_limit: 4 MW",
        more="eb: {type: electric_boiler, power: grid, to: town, capacity: 90 MW}",
    ),
    "a_slow_boiler": Broken(
        r"'bio' \(.*:15\) is at its limit of 2 MW, 15 MW would be enough: the flow rises no faster than its ramp",
        bio="capacity: 40 MW, ramps: {up: 5 %/h}",
    ),
    "a_year_s_product_without_power": Broken(
        r"'works' \(.*:16\) is at its limit of 109.6 t, 96 t would be enough: the yearly amount is made"
        r"(.|\n)*'market' .* 4.566 MW w",
        market="buy_limit: 4 MW",
        more="works: {type: process, capacity: 5 t/h, annual: 40 kt, inputs: {p: {from: grid, energy: 1 MWh/t}}}",
    ),
    "a_river_too_dry": Broken(
        r"'river' \(.*:16\) is at its limit of 1 Mm3, 1.432 Mm3 would be enough: reservoirs begin and end as given",
        more=f"river: {{type: hydro_cascade, to: grid, plants: {{{PLANT}}}}}",
    ),
    "a_size_limited_too_low": Broken(
        r"'bio' \(.*:15\) is at its limit of 25 MW, 35 MW would be enough: the total size is at most "
        r"the largest allowed.*'capacity.max'",
        bio="capacity: {max: 25 MW, investment: 1 EUR/MW, lifetime: 9 a}",
    ),
    "a_share_that_cannot_be_reached": Broken(
        rf"'bio' .* is at its limit of 8 MW, 12.62 MW would be enough: {WITHIN}(.|\n)*Group 'ren' "
        r"\(.*:18\) .* 'least_share'",
        bio="capacity: 8 MW",
        more=OIL % "50 MW",
        tail="groups:\n  ren: {members: [bio.heat], share_of: [bio.heat, ob.heat], least_share: 60 %}",
    ),
}


def written(case: Broken) -> str:
    """Break the town."""
    text = TOWN.replace(
        "price: 20 EUR/MWh}", f"price: 20 EUR/MWh, {case.trade}}}" if case.trade else "price: 20 EUR/MWh}"
    )
    text = text.replace(
        "sell_limit: 0 MW}", f"sell_limit: 0 MW, {case.market}}}" if case.market else "sell_limit: 0 MW}"
    )
    if case.bio:
        text += f"  bio: {{{BIO.replace('chips', case.fuel)}, {case.bio}}}\n"
    if case.more:
        text += f"  {case.more}\n"
    return text + case.tail


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_true_cause_comes_first(case: Broken, tmp_path: Path) -> None:
    """The second line of the message, after 'No plan meets every demand.'"""
    path = tmp_path / "town.yaml"
    path.write_text(written(case))
    with pytest.raises(InfeasibleError) as caught:
        run(load(path))

    assert re.match(rf"No plan meets every demand.\n +{case.says}", str(caught.value)), str(caught.value)


def test_the_town_itself_works(tmp_path: Path) -> None:
    path = tmp_path / "town.yaml"
    path.write_text(written(Broken("")))

    assert float(run(load(path)).attrs["objective"]) == pytest.approx(505 / 0.9 * 20.0, rel=1e-6)
