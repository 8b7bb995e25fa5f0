"""Sharing among actors, from a scenario file to shares, price ranges and sentences."""

import csv
import json
import tempfile
from pathlib import Path

import numpy as np
import pytest

from energysim.api import run
from energysim.cli import main
from energysim.errors import NoPlanError, OutputError, ScenarioError
from energysim.kpi.ledger import actor_table, kept_ledger
from energysim.report.cooperation import cooperation_context, sentences
from energysim.scenario import load
from energysim.study.settled import settled
from energysim.symbiosis.cooperation import Cooperation, Effort, cooperate
from energysim.symbiosis.games import is_in_core

HERE = Effort(workers=0)

THREE = """\
scenario: A mill, a data centre and a utility
time: {start: 2030-01-01, duration: 1 h, annual_costs: full}
economy: {currency: SEK, discount_rate: 5 %}
actors: {steel: {name: Steel}, data: {name: Data centre}, utility: {name: Utility}}
networks:
  heat: {carrier: heat, owner: utility}
components:
  homes: {type: heat_demand, to: heat, load: 100 GW, owner: utility}
  boiler: {type: source, to: heat, price: 400 SEK/MWh, owner: utility}
  mill: {type: residual_heat, to: heat, capacity: 80 GW, price: 50 SEK/MWh, owner: steel}
  hall: {type: residual_heat, to: heat, capacity: 40 GW, price: 200 SEK/MWh, owner: data}
contracts:
  mill: {seller: steel, buyer: utility, flow: mill, price: {share_of_saving: 40 %}}
"""


def cooperation(folder: Path, text: str = THREE, *changes: str) -> Cooperation:
    (folder / "three.yaml").write_text(text, encoding="utf8")
    return cooperate(folder / "three.yaml", overrides=changes, effort=HERE)


def test_t_6_2_shares_from_a_scenario(tmp_path: Path) -> None:
    """T-6.2: 28, 8 and 32 MSEK saved; Shapley 12.667, 2.667, 16.667, nucleolus 12, 2, 18, both in the core."""
    found = cooperation(tmp_path)
    million = found.shares / 1e6

    assert found.gain == pytest.approx(32e6)
    assert sorted(round(value / 1e6, 6) for value in found.values.values()) == [0, 0, 0, 0, 8, 28, 32]
    assert million.shapley[["steel", "data", "utility"]].tolist() == pytest.approx([12.667, 2.667, 16.667], abs=4e-4)
    assert million.nucleolus[["steel", "data", "utility"]].tolist() == pytest.approx([12.0, 2.0, 18.0], abs=1e-4)
    assert found.core["shapley"]
    assert found.core["nucleolus"]
    assert found.veto == ("utility",)


def test_price_range_and_contract_by_hand(tmp_path: Path) -> None:
    """Each MWh of the mill costs it 50. Without it the hall gives 40 at 200 and the boiler 60 at 400: 32 MSEK.

    With it 80 at 50 and 20 at 200: 8 MSEK. So 24 MSEK are saved in common and 28 by the others: 350 a MWh.
    """
    found = cooperation(tmp_path)
    mill = next(one for one in found.ranges if one.contract == "mill")

    assert (mill.floor, mill.ceiling) == pytest.approx((50.0, 350.0))
    assert mill.agreed == pytest.approx(50.0 + 0.4 * 300.0)
    assert found.loss_if_left == pytest.approx({"steel": 24e6, "data": 4e6, "utility": 32e6})
    assert found.shares.contracts.sum() == pytest.approx(found.gain)
    assert found.shares.margin.sum() == pytest.approx(found.gain)


def test_the_page_answers_in_plain_words(tmp_path: Path) -> None:
    """Gain, prices, dependence and leaving, each in a sentence a council can read."""
    said = dict(sentences(cooperation(tmp_path)))

    assert said["How much is gained together?"][0].startswith(
        "Alone the 3 actors together pay 40.0 MSEK; sharing they pay 8.0 MSEK. They gain 32.0 MSEK"
    )
    assert "Nothing is gained without Utility: this actor could veto." in said["How much is gained together?"]
    prices = said["Between which prices do contracts leave both better off?"]
    assert prices[0] == (
        "Steel to Utility, 80.0 GWh: any price from 50.0 to 350 SEK/MWh. "
        "The 170 agreed leave 40.0 % of the gain to the seller."
    )
    assert any("gets 80.0 % of its heat from Steel" in text for text in said["Who depends on whom?"])
    assert (
        "If Data centre leaves, all together lose 4.0 MSEK, 12.5 % of the gain." in said["What happens if one leaves?"]
    )


def test_two_contracts_of_the_same_parties_are_drawn_apart(tmp_path: Path) -> None:
    """Bars of one name would lie on each other."""
    text = THREE.replace("owner: data}", "owner: steel}") + (
        "  gas: {seller: steel, buyer: utility, flow: hall, price: {fixed: 300 SEK/MWh}}\n"
    )
    charts = cooperation_context(cooperation(tmp_path, text))["cooperation_charts"]
    drawn = next(json.loads(chart.json) for chart in charts if chart.name == "prices")

    assert drawn["data"][0]["y"] == ["Steel to Utility: gas", "Steel to Utility: mill"]


def test_the_floor_of_a_transfer_price(tmp_path: Path) -> None:
    """T-6.6: 8 MEUR at 5 % over 25 years, 60 GWh a year, 1.5 EUR/MWh of upkeep: 10.960 EUR/MWh."""
    text = (
        THREE.replace("SEK", "EUR")
        .replace("duration: 1 h, annual_costs: full", "duration: 1000 h, annual_costs: full")
        .replace("load: 100 GW", "load: 60 MW")
        .replace(
            "capacity: 80 GW, price: 50 EUR/MWh",
            "capacity: 60 MW, connection: {max: 60 MW, investment: 133333.333333 EUR/MW, lifetime: 25 a}, "
            "price: 1.5 EUR/MWh",
        )
    )
    found = cooperation(tmp_path, text)
    mill = next(one for one in found.ranges if one.contract == "mill")

    assert mill.energy == pytest.approx(60_000.0)
    assert mill.floor == pytest.approx(10.960, abs=5e-4)
    case = found.cases["steel"]
    assert case.invested == pytest.approx(8e6, rel=1e-6)
    assert case.yearly == pytest.approx(0.4 * (mill.ceiling - mill.floor) * 60_000.0 + 0.0709524573 * 8e6, rel=1e-5)


def test_no_price_suits_both_where_a_contract_forces_the_flow(tmp_path: Path) -> None:
    """A mill at 450 against a boiler at 400, taken because it is paid in any case: 50 are missing."""
    text = THREE.replace("price: 50 SEK/MWh", "price: 450 SEK/MWh").replace(
        "price: {share_of_saving: 40 %}",
        "price: {fixed: 420 SEK/MWh}, take_or_pay: {energy: 80 GWh, price: 420 SEK/MWh}",
    )
    text = text.replace(
        "  hall: {type: residual_heat, to: heat, capacity: 40 GW",
        "  hall: {type: residual_heat, to: heat, capacity: 1 GW",
    )
    found = cooperation(tmp_path, text)
    mill = next(one for one in found.ranges if one.contract == "mill")
    said = dict(sentences(found))["Between which prices do contracts leave both better off?"][0]

    assert not mill.suits_both
    assert mill.gap == pytest.approx(50.0)
    assert "no price suits both. The seller needs 450 SEK/MWh, the buyer saves 400: 50.0 are missing." in said


def test_the_command_writes_tables_and_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "three.yaml").write_text(THREE, encoding="utf8")
    with pytest.raises(SystemExit) as ended:
        main(["cooperate", str(tmp_path / "three.yaml"), "--out", str(tmp_path / "out"), "--workers", "0"])
    with (tmp_path / "out" / "coalitions.csv").open(encoding="utf8") as stream:
        rows = {row["members"]: float(row["saving"]) for row in csv.DictReader(stream)}

    assert ended.value.code in (0, None)
    assert rows["data utility"] == pytest.approx(8e6)
    assert len(rows) == 7
    assert "They gain 32.0 MSEK" in capsys.readouterr().out
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf8")
    assert "What happens if one leaves?" in page
    assert "Net present value" in page or "Nothing to invest" in page


def test_a_run_settles_contracts_that_compare(tmp_path: Path) -> None:
    """The plan without the mill is solved after the run: 4 MSEK of own cost and 40 % of 24 MSEK."""
    (tmp_path / "three.yaml").write_text(THREE, encoding="utf8")
    scenario = load(tmp_path / "three.yaml")
    books = actor_table(kept_ledger(settled(run(scenario), scenario)))

    assert books.total["steel"] == pytest.approx(-0.4 * 24e6)
    assert books.total.sum() == pytest.approx(8e6)


def test_nobody_to_share_with(tmp_path: Path) -> None:
    text = THREE.replace("owner: steel", "owner: utility").replace("owner: data", "owner: utility")

    with pytest.raises(OutputError, match="No flow runs between two actors"):
        cooperation(tmp_path, text.split("contracts:")[0])


def test_who_owns_nothing_cannot_share(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="'hall' has no owner"):
        cooperation(tmp_path, THREE.replace(", owner: data}", "}").split("contracts:")[0])


def test_somebody_with_nothing_to_fall_back_on(tmp_path: Path) -> None:
    text = THREE.replace("  boiler: {type: source, to: heat, price: 400 SEK/MWh, owner: utility}\n", "")

    with pytest.raises(NoPlanError, match="there is no plan, so nobody can say what the flow is worth") as caught:
        cooperation(tmp_path, text)
    assert caught.value.exit_code == 2
    assert "(three.yaml:" in str(caught.value)
    assert tempfile.gettempdir() not in str(caught.value).replace(str(tmp_path), "")


def test_beyond_eight_actors_shares_are_drawn(tmp_path: Path) -> None:
    """Nine sellers and a utility: the estimate adds up, symmetric sellers agree within their error."""
    names = [f"a{number}" for number in range(9)]
    text = THREE.split("contracts:")[0].replace(
        "steel: {name: Steel}, data: {name: Data centre}", "steel: {}, data: {}"
    )
    text = text.replace("actors: {", "actors: {" + ", ".join(f"{name}: {{}}" for name in names) + ", ")
    for name in names:
        text += f"  {name}: {{type: residual_heat, to: heat, capacity: 15 GW, price: 100 SEK/MWh, owner: {name}}}\n"
    (tmp_path / "ten.yaml").write_text(text, encoding="utf8")
    found = cooperate(tmp_path / "ten.yaml", effort=Effort(workers=0, orders=40))

    assert not found.is_exact
    assert found.shares.shapley.sum() == pytest.approx(found.gain)
    assert (found.shares.error[names] > 0.0).all()
    spread = found.shares.shapley[names].max() - found.shares.shapley[names].min()
    assert spread <= 8.0 * found.shares.error[names].max()
    assert found.shares.nucleolus.isna().all()


def test_shares_add_up_in_society_s_view_too(tmp_path: Path) -> None:
    """The utility's kettle pays a tax of 150 that society keeps: shares are of what society saves."""
    text = THREE.replace("components:\n", "  grid: {carrier: electricity, owner: utility}\ncomponents:\n")
    text = text.replace(
        "  boiler: {type: source, to: heat, price: 400 SEK/MWh, owner: utility}\n",
        "  boiler: {type: electric_boiler, power: grid, to: heat, capacity: 200 GW, efficiency: 100 %, "
        "owner: utility}\n"
        "  spot: {type: electricity_market, to: grid, price: 250 SEK/MWh, tax: 150 SEK/MWh, owner: utility}\n",
    )
    actors = cooperation(tmp_path, text)
    society = cooperation(tmp_path, text, "economy.perspective=society")

    assert actors.gain == pytest.approx(32e6)
    assert society.gain == pytest.approx(80e3 * 200.0 + 20e3 * 50.0)
    for way in ("margin", "contracts", "shapley", "nucleolus"):
        assert society.shares[way].sum() == pytest.approx(society.gain)


@pytest.mark.slow
def test_where_carbon_is_minimised_shares_are_of_money_still(tmp_path: Path) -> None:
    """The mill's heat gives off carbon and the boiler's none: with an objective of its own the plan shares nothing,
    whatever that costs, so nobody gains; counted in tonnes the values would be no money."""
    text = THREE.replace("residual_heat", "source")
    text = text.replace("price: 50 SEK/MWh, owner", "price: 50 SEK/MWh, co2: 0.5 t/MWh, owner")
    text = text.replace("price: 200 SEK/MWh, owner", "price: 200 SEK/MWh, co2: 0.1 t/MWh, owner").split("contracts:")[0]
    found = cooperation(tmp_path, text + "effects: {co2: {objective: 1}}\n")

    assert found.gain == pytest.approx(0.0, abs=1.0)
    assert all(value == pytest.approx(0.0, abs=1.0) for value in found.values.values())


def test_six_actors_between_lulea_and_boden(root: Path) -> None:
    """A week of the shipped scenario: 63 coalitions, shares that add up, a core allocation held against each."""
    week = "time={year: null, start: 2030-01-07, duration: 7 d}"
    found = cooperate(root / "scenarios" / "lulea_boden.yaml", overrides=[week], effort=Effort(workers=2))

    assert len(found.players) == 6
    assert len(found.values) == 63
    for way in ("margin", "contracts", "shapley", "nucleolus"):
        assert found.shares[way].sum() == pytest.approx(found.gain, rel=1e-6)
    array = [0.0, *(found.values[number] for number in range(1, 64))]
    assert is_in_core(np.array(array), found.shares.nucleolus.to_numpy(), 1e-5)
    assert all(one.suits_both for one in found.ranges)


SAVINGS = """\
scenario: AP, TN and KM
time: {start: 2030-01-01, duration: 1 h, annual_costs: full}
economy: {currency: EUR, discount_rate: 5 %}
actors: {ap: {name: AP}, tn: {name: TN}, km: {name: KM}}
networks:
  km_spare: {carrier: heat, owner: km}
  ap_either: {carrier: heat, owner: ap}
  tn_either: {carrier: heat, owner: tn}
  tn_of_ap: {carrier: heat, owner: tn}
  ap_of_km: {carrier: heat, owner: ap}
  tn_of_km: {carrier: heat, owner: tn}
components:
  spare: {type: residual_heat, to: km_spare, capacity: 620 MW, owner: km}
  to_ap: {type: link, from: km_spare, to: ap_either, capacity: 620 MW, owner: km}
  to_tn: {type: link, from: km_spare, to: tn_either, capacity: 620 MW, owner: km}
  ap_to_tn: {type: residual_heat, to: tn_of_ap, capacity: 210 MW, owner: ap}
  km_to_ap: {type: residual_heat, to: ap_of_km, capacity: 150 MW, owner: km}
  km_to_tn: {type: residual_heat, to: tn_of_km, capacity: 550 MW, owner: km}
"""
GLOVES = """\
scenario: One left glove and two right ones
time: {start: 2030-01-01, duration: 1 h, annual_costs: full}
economy: {currency: EUR, discount_rate: 5 %}
actors: {left: {name: Left}, first: {name: First}, second: {name: Second}}
networks:
  spare: {carrier: heat, owner: left}
  first: {carrier: heat, owner: first}
  second: {carrier: heat, owner: second}
components:
  mill: {type: residual_heat, to: spare, capacity: 1 MW, owner: left}
  to_first: {type: link, from: spare, to: first, capacity: 1 MW, owner: left}
  to_second: {type: link, from: spare, to: second, capacity: 1 MW, owner: left}
"""
MAJORITY = """\
scenario: Any two of three can run one plant
time: {start: 2030-01-01, duration: 1 h, annual_costs: full}
economy: {currency: EUR, discount_rate: 5 %}
actors: {a: {name: A}, b: {name: B}, c: {name: C}}
networks:
  a: {carrier: heat, owner: a}
  b: {carrier: heat, owner: b}
  c: {carrier: heat, owner: c}
components:
"""


def _boilers(network: str, load: float) -> str:
    """A demand that its own boiler meets at 1 EUR/MWh."""
    owner = network.partition("_")[0]
    return (
        f"  demand_{network}: {{type: heat_demand, to: {network}, load: {load} MW, owner: {owner}}}\n"
        f"  boiler_{network}: {{type: source, to: {network}, price: 1 EUR/MWh, owner: {owner}}}\n"
    )


def _any_two() -> str:
    """Each has 1 MW to spare and a plant that runs on 2 MW or not at all and then earns 1 EUR."""
    parts = []
    for one in "abc":
        parts += [
            f"  spare_{one}: {{type: residual_heat, to: {one}, capacity: 1 MW, owner: {one}}}",
            f"  plant_{one}: {{type: sink, from: {one}, capacity: 2 MW, price: 0.5 EUR/MWh, owner: {one}, "
            "switching: {minimum_load: 100 %}}",
        ]
        parts += [
            f"  {one}_to_{other}: {{type: link, from: {one}, to: {other}, capacity: 2 MW, owner: {one}}}"
            for other in "abc"
            if other != one
        ]
    return "\n".join(parts) + "\n"


GAMES = {
    "savings": (
        SAVINGS
        + _boilers("ap_either", 620.0)
        + _boilers("tn_either", 620.0)
        + _boilers("tn_of_ap", 210.0)
        + _boilers("ap_of_km", 150.0)
        + _boilers("tn_of_km", 550.0),
        {"ap": 283.33, "tn": 483.33, "km": 763.33},
        {"ap": 180.0, "tn": 395.0, "km": 955.0},
        {1530.0, 1170.0, 770.0, 210.0},
    ),
    "gloves": (
        GLOVES + _boilers("first", 1.0) + _boilers("second", 1.0),
        {"left": 2 / 3, "first": 1 / 6, "second": 1 / 6},
        {"left": 1.0, "first": 0.0, "second": 0.0},
        {1.0},
    ),
    "majority": (MAJORITY + _any_two(), dict.fromkeys("abc", 1 / 3), dict.fromkeys("abc", 1 / 3), {1.0}),
}


@pytest.mark.parametrize("game", GAMES)
def test_t_6_3_games_of_three_from_scenarios(tmp_path: Path, game: str) -> None:
    """T-6.3: savings of 210, 770, 1170 and 1530; a pair of gloves; a majority, whose core is empty by a third."""
    text, shapley, nucleolus, values = GAMES[game]
    found = cooperation(tmp_path, text)

    assert {round(value, 6) for value in found.values.values()} - {0.0} == values
    assert found.shares.shapley.to_dict() == pytest.approx(shapley, abs=5e-3)
    assert found.shares.nucleolus.to_dict() == pytest.approx(nucleolus, abs=1e-6)
    assert found.core["nucleolus"] == (game != "majority")
    if game == "majority":
        assert found.epsilon == pytest.approx(1 / 3)
