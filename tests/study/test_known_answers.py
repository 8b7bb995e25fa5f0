"""What the methods say of cases whose answer is known: by hand, or from the literature."""

import math
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from energysim.api import run
from energysim.kpi.ledger import actor_totals
from energysim.report.study_words import sentences
from energysim.study.base import Base
from energysim.study.case import Record
from energysim.study.engine import Crew, Task
from energysim.study.factor import Case, Factor
from energysim.study.read import read_study
from energysim.study.run import Findings, run_study
from energysim.study.settled import settled
from energysim.study.store import Store
from energysim.study.study import Study
from energysim.study.version import own_version

COST = "Total cost"


def findings_of(path: Path, **options: object) -> Findings:
    """Do a study in this process."""
    with Crew(0) as crew, Store(path.parent / "out", own_version()) as store:
        return run_study(read_study(path), crew, store, **options)


def test_a_tornado_by_hand(study_file: Callable[[str], Path]) -> None:
    """780 EUR as it is. Chips at 8 to 24 EUR/MWh: 3 (80 + 100) = 540 to 3 (240 + 100) = 1 020. Demand of 6 to 12 MW:
    360 to 3 (160 + 200) = 1 080. Oil at 40 to 60: 3 (160 + 80) = 720 to 840."""
    study = study_file("""
method: tornado
asked: [Total cost]
vary:
  components.oil_trade.price: {label: oil, from: 40 EUR/MWh, to: 60 EUR/MWh}
  components.chip_trade.price: {label: chips, from: 8 EUR/MWh, to: 24 EUR/MWh}
  components.homes.load: {label: demand, values: [6 MW, 12 MW]}
""")
    tornado = findings_of(study).conclusions["tornado"]

    assert tornado.factor.tolist() == ["demand", "chips", "oil"]
    assert tornado.at_low.tolist() == pytest.approx([360.0, 540.0, 720.0])
    assert tornado.at_high.tolist() == pytest.approx([1080.0, 1020.0, 840.0])
    assert tornado.base.tolist() == pytest.approx([780.0] * 3)
    assert tornado.swing.tolist() == pytest.approx([720.0, 480.0, 120.0])


def test_regret_by_hand(study_file: Callable[[str], Path]) -> None:
    """Burning chips costs 780 EUR, or 1 260 with chips at 32 EUR/MWh (40 for a MWh of heat); oil alone 1 500, or 900
    with oil at 30. Chips dear and oil cheap: chips 3 (320 + 60) = 1 140, oil 900."""
    study = study_file("""
method: regret
asked: [Total cost]
decisions:
  chips: {}
  oil: {components.chip_boiler.capacity: 0 MW}
  chips_by_duty: {components.oil_trade.limit: 2 MW}
futures:
  as_now: {probability: 50 %}
  dear_chips:
    probability: 50 %
    changes: {components.chip_trade.price: 32 EUR/MWh}
    then:
      oil_as_now: {probability: 60 %}
      cheap_oil: {probability: 40 %, changes: {components.oil_trade.price: 30 EUR/MWh}}
""")
    found = findings_of(study)
    long = found.conclusions["regret"]
    regret = long.pivot_table(index="decision", columns="future", values="regret")
    worth = found.conclusions["decisions"].set_index("decision")

    # The optimiser may leave the chip boiler idle where oil is cheaper: with both plants 900 in the last future.
    assert regret.loc[
        "chips", ["as_now", "dear_chips / oil_as_now", "dear_chips / cheap_oil"]
    ].tolist() == pytest.approx([0.0, 0.0, 0.0], abs=1e-6)
    assert regret.loc["oil"].tolist() == pytest.approx([1500.0 - 780.0, 0.0, 1500.0 - 1260.0])
    assert regret.loc["chips_by_duty", "dear_chips / cheap_oil"] == pytest.approx(1140.0 - 900.0)
    assert worth.loc["oil", "expected_regret"] == pytest.approx(0.5 * 720.0 + 0.3 * 240.0)
    assert worth.loc["chips_by_duty", "expected_cost"] == pytest.approx(0.5 * 780.0 + 0.3 * 1260.0 + 0.2 * 1140.0)
    assert worth.loc["chips_by_duty", "largest_regret"] == pytest.approx(240.0)
    assert worth.index[worth.is_best_by_largest_regret].tolist() == ["chips"]


OWNED = """
method: regret
changes:
  actors: {forest: {name: Forest}, refinery: {name: Refinery}, town: {name: Town}}
  networks.heat.owner: town
  components.homes.owner: town
  components.chip_boiler.owner: forest
  components.chip_trade.owner: forest
  components.oil_boiler.owner: refinery
  components.oil_trade.owner: refinery
  contracts: {wood: {seller: forest, buyer: town, flow: chip_boiler, price: {%s}}}
decisions: {chips: {}, oil: {components.chip_boiler.capacity: 0 MW}}
futures: {now: {probability: 100 %%}}
"""


def test_regret_of_each_actor_by_hand(study_file: Callable[[str], Path]) -> None:
    """Oil at 50 EUR sets the price in every hour. Chips: the forest has 24 MWh for 480 EUR and is paid 60 for each, the
    refinery has 6 MWh for 300 and is paid 300, the town pays 1 440 + 300. Oil alone: 1 500 for the refinery and from
    the town. The forest regrets 960 where the town gains 240; the refinery earns nothing either way."""
    asked = "asked: [Total cost, cost.forest, cost.refinery, cost.town]\n"
    found = findings_of(study_file(OWNED % "fixed: 60 EUR/MWh" + asked))
    actors = found.conclusions["regret_by_actor"].set_index(["figure", "decision"])
    cost = found.conclusions["regret"].set_index("decision").cost

    assert actors.expected_cost.to_dict() == pytest.approx(
        {
            ("cost.forest", "chips"): 480.0 - 1440.0,
            ("cost.forest", "oil"): 0.0,
            ("cost.refinery", "chips"): 0.0,
            ("cost.refinery", "oil"): 0.0,
            ("cost.town", "chips"): 1440.0 + 300.0,
            ("cost.town", "oil"): 1500.0,
        }
    )
    assert actors.largest_regret.tolist() == pytest.approx([0.0, 960.0, 0.0, 0.0, 240.0, 0.0])
    assert actors.regretted_most_in.tolist() == ["now"] * 6
    assert actors.expected_cost.groupby("decision").sum().to_dict() == pytest.approx(cost.to_dict())


def test_costs_of_actors_are_those_of_the_report(study_file: Callable[[str], Path], town: Path) -> None:
    """The forest gets its 480 EUR back and half of the 720 saved. Each case solves the plan without its heat for that;
    who does not ask what actors pay does not pay for these plans, and is told nothing of them."""
    terms = OWNED % "share_of_saving: 50 %"
    asked = findings_of(study_file(terms + "asked: [Total cost, cost.forest, cost.town]\n"))
    table = asked.table[asked.table.role == "case"].set_index("decision")
    scenario = asked.study.base.scenario({})
    shutil.rmtree(town / "out")
    not_asked = findings_of(study_file(terms + "asked: [Total cost]\n"))

    assert table["cost.forest"].to_dict() == pytest.approx({"chips": -360.0, "oil": 0.0})
    assert table["cost.town"].to_dict() == pytest.approx({"chips": 840.0 + 300.0, "oil": 1500.0})
    assert actor_totals(settled(run(scenario), scenario))["town"] == pytest.approx(1140.0)
    assert not [name for name in not_asked.table if name.startswith("cost.")]


def test_variants_side_by_side_in_words(study_file: Callable[[str], Path]) -> None:
    """Without chips oil alone costs 1 500 EUR instead of 780."""
    study = study_file("""
method: sweep
vary: {variant: [null, no_chips]}
asked: [Total cost]
""")
    (said,) = sentences(findings_of(study))

    assert " ".join(said.split()) == "no chips: total cost 1 500 EUR, 720 EUR more than as it is."


def test_regret_of_actors_in_words(study_file: Callable[[str], Path]) -> None:
    """A boiler that is large enough makes each of the town's 30 MWh cost 20 EUR at the margin instead of 50."""
    study = study_file("""
method: regret
changes: {actors: {town: {name: Town}}, components.homes.owner: town, networks.heat.owner: town}
asked: [Total cost, cost.town]
decisions: {as_now: {}, more_chips: {components.chip_boiler.capacity: 12 MW}}
futures: {now: {probability: 100 %}}
""")

    assert " ".join(sentences(findings_of(study))[-1].split()) == (
        "Cost of Town: 'more chips' is regretted least, 0 EUR expected, 0 EUR at most; 'as now' most, 900 EUR in now."
    )


def test_a_decision_without_a_plan_is_regretted_without_end(study_file: Callable[[str], Path]) -> None:
    """8 MW of chips alone cannot serve 10 MW."""
    study = study_file("""
method: regret
decisions: {both: {}, chips_only: {components.oil_boiler.capacity: 0 MW}}
futures: {now: {probability: 100 %}}
""")
    found = findings_of(study)

    assert found.conclusions["decisions"].set_index("decision").largest_regret.to_dict() == {
        "both": 0.0,
        "chips_only": math.inf,
    }
    assert found.failed.reason.str.contains("heat").all()


def test_a_switching_value_by_hand(study_file: Callable[[str], Path]) -> None:
    """Without chips, oil is burnt; a boiler of 0.8 efficiency is built while chips cost less than the 40 EUR/MWh that
    oil at 50 less a share of the investment leaves: 3 MWh a MW carry 30 EUR, so up to 0.8 (50 - 10) = 32 EUR/MWh."""
    study = study_file("""
method: switching
changes:
  components.chip_boiler.capacity: {max: 8 MW, investment: 30 EUR/MW, lifetime: 1 a}
  economy.discount_rate: 0 %
  time.annual_costs: full
vary: {components.chip_trade.price: {from: 10 EUR/MWh, to: 60 EUR/MWh, steps: 5}}
watch: built.chip_boiler.capacity
tolerance: 0.1 EUR/MWh
""")
    switching = findings_of(study).conclusions["switching"]

    assert len(switching) == 1
    assert switching.kept_at[0] <= 32.0 <= switching.gone_at[0]
    assert switching.gone_at[0] - switching.kept_at[0] <= 0.1
    assert bool(switching.is_above[0])


def test_outages_by_hand(study_file: Callable[[str], Path], town: Path) -> None:
    """Both boilers were built by the plan: without chips 10 MW of oil would be needed and 2 MW stand, so 3 x 8 MWh are
    not served; without oil 2 MW are short, 3 x 2 MWh."""
    text = (town / "town.yaml").read_text(encoding="utf8")
    text = text.replace("capacity: 20 MW", "capacity: {max: 20 MW, investment: 1 EUR/MW, lifetime: 10 a}")
    text = text.replace("variants:", "  shortage: {type: unserved, to: heat, price: 1000 EUR/MWh}\nvariants:")
    (town / "town.yaml").write_text(text, encoding="utf8")
    outages = findings_of(study_file("method: outages\n")).conclusions["outages"]

    assert outages.supplier.tolist() == ["chip_boiler", "oil_boiler"]
    assert outages.unserved.tolist() == pytest.approx([24.0, 6.0], abs=1e-3)
    assert outages.extra_unserved.tolist() == pytest.approx([24.0, 6.0], abs=1e-3)
    # 24 MWh at 1 000 instead of 8 MW of chips for 160 EUR/h; 6 MWh instead of oil for 100 EUR/h.
    assert outages.extra_cost.tolist() == pytest.approx([24_000.0 - 480.0, 6_000.0 - 300.0], rel=1e-4)


def test_what_is_short_anyway_is_no_outage(study_file: Callable[[str], Path], town: Path) -> None:
    """30 MW are wanted and 28 stand, so 6 MWh are short with everybody; without chips 24 MWh more, without oil 60."""
    text = (town / "town.yaml").read_text(encoding="utf8").replace("load: 10 MW", "load: 30 MW")
    text = text.replace("variants:", "  shortage: {type: unserved, to: heat, price: 1000 EUR/MWh}\nvariants:")
    (town / "town.yaml").write_text(text, encoding="utf8")
    found = findings_of(study_file("method: outages\n"))

    assert found.conclusions["outages"].extra_unserved.tolist() == pytest.approx([60.0, 24.0], abs=1e-3)
    assert "Without chip_boiler, 24.0 MWh more than with all suppliers are not served." in sentences(found)


A, B = 7.0, 0.1


def ishigami(case: Case) -> Record:
    """T. Ishigami, T. Homma (1990): sin x1 + a sin^2 x2 + b x3^4 sin x1, each x from -pi to pi."""
    x1, x2, x3 = (float(case.point.get(name, 0.0)) for name in ("x1", "x2", "x3"))
    value = math.sin(x1) + A * math.sin(x2) ** 2 + B * x3**4 * math.sin(x1)
    return Record({"y": value}, {"y": "1"}, {"y": "y"})


def _ishigami_study(town: Path, samples: int, workers: int) -> Findings:
    factors = tuple(Factor(name, name, "", (), -math.pi, math.pi) for name in ("x1", "x2", "x3"))
    study = Study("Ishigami", Base.of(town / "town.yaml"), "sobol", samples=samples, factors=factors, seed=1)
    with Crew(workers) as crew, Store(town / f"by_{workers}", own_version()) as store:
        return run_study(
            study, crew, store, task_of=lambda study, case: Task(ishigami, (case,), case.name), key_of=_key
        )


def test_the_ishigami_function_has_its_known_sobol_indices(town: Path) -> None:
    """First-order and total indices in closed form, through sampler, store, table and analysis of a study.

    The way to a worker costs ten milliseconds a run, and says nothing of the indices: see the next test.
    """
    found = _ishigami_study(town, 1024, 0)
    indices = found.conclusions["indices"].set_index("factor")

    variance = 0.5 + A**2 / 8 + B * math.pi**4 / 5 + B**2 * math.pi**8 / 18
    alone = np.array([0.5 * (1 + B * math.pi**4 / 5) ** 2, A**2 / 8, 0.0]) / variance
    together = B**2 * math.pi**8 * (1 / 18 - 1 / 50) / variance
    assert len(found.table) == 1 + 1024 * 5
    assert indices.alone.to_numpy() == pytest.approx(alone, abs=0.03)
    assert indices.total.to_numpy() == pytest.approx(alone + together * np.array([1.0, 0.0, 1.0]), abs=0.03)


def test_a_study_is_the_same_through_workers(town: Path) -> None:
    """They end in any order, and each run keeps its place in store, table and analysis: all figures to the last bit."""
    here, there = _ishigami_study(town, 16, 0), _ishigami_study(town, 16, 2)

    clocks = ["seconds", "solver_seconds"]
    pd.testing.assert_frame_equal(here.table.drop(columns=clocks), there.table.drop(columns=clocks), check_exact=True)
    pd.testing.assert_frame_equal(here.conclusions["indices"], there.conclusions["indices"], check_exact=True)


def _key(study: Study, case: Case) -> str:
    return "-".join(str(value) for value in case.point.values()) or "base"


def linear(case: Case) -> Record:
    """3 x1 - 2 x2 + 0 x3: every elementary effect of x1 is 3, of x2 is -2."""
    x1, x2 = (float(case.point.get(name, 0.0)) for name in ("x1", "x2"))
    return Record({"y": 3.0 * x1 - 2.0 * x2}, {"y": "1"}, {"y": "y"})


def test_morris_effects_of_a_linear_function_are_its_slopes(town: Path) -> None:
    """Where effects are the same everywhere, their spread is nothing."""
    factors = tuple(Factor(name, name, "", (), 0.0, 1.0) for name in ("x1", "x2", "x3"))
    study = Study("Linear", Base.of(town / "town.yaml"), "morris", samples=8, factors=factors, seed=3)
    with Crew(0) as crew, Store(town / "out", own_version()) as store:
        found = run_study(study, crew, store, task_of=lambda study, case: Task(linear, (case,)), key_of=_key)
    effects = found.conclusions["effects"].set_index("factor")

    assert effects["mean"].to_numpy() == pytest.approx([3.0, -2.0, 0.0], abs=1e-9)
    assert effects["size"].to_numpy() == pytest.approx([3.0, 2.0, 0.0], abs=1e-9)
    assert effects.spread.to_numpy() == pytest.approx([0.0] * 3, abs=1e-9)


@pytest.mark.parametrize(
    ("given", "share", "expected"),
    [
        ({"distribution": "uniform"}, 0.25, 15.0),
        ({"distribution": "log_uniform"}, 0.5, math.sqrt(300.0)),
        ({"distribution": "triangular", "mode": 15.0}, 0.0625, 12.5),  # on the rising side: 10 + 20 sqrt(1/16 1/4)
        ({"distribution": "triangular", "mode": 30.0}, 0.25, 20.0),
    ],
)
def test_draws_follow_their_distribution(given: dict, share: float, expected: float) -> None:
    """Inverse distribution functions of a range from 10 to 30, by hand."""
    factor = Factor("x", "x", "MW", (), 10.0, 30.0, **given)

    assert factor.at(share).shown == pytest.approx(expected)


def test_a_grid_has_every_value_with_every_other_and_both_ends(study_file: Callable[[str], Path]) -> None:
    """3 prices x 2 variants; the cost of each by hand."""
    study = study_file("""
method: sweep
vary:
  components.oil_trade.price: {from: 40 EUR/MWh, to: 60 EUR/MWh, steps: 3}
  variant: [null, no_chips]
""")
    table = findings_of(study).table
    cases = table[table.role == "case"]

    assert cases[COST].tolist() == pytest.approx([720.0, 1200.0, 780.0, 1500.0, 840.0, 1800.0])
    assert cases["components.oil_trade.price"].tolist() == [40.0, 40.0, 50.0, 50.0, 60.0, 60.0]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_table_of_cases_from_csv_and_excel(study_file: Callable[[str], Path], town: Path, ending: str) -> None:
    """Units in the heading or in the cell; an empty cell changes nothing."""
    rows = [
        ["case", "components.oil_trade.price [EUR/MWh]", "components.homes.load"],
        ["as it is", None, None],
        ["dear oil", 60, None],
        ["small town", 60.0, "6 MW"],
    ]
    frame = pd.DataFrame(rows[1:], columns=rows[0])
    if ending == "csv":
        frame.to_csv(town / "cases.csv", index=False)
        study = study_file("method: table\ntable: {csv: cases.csv}\n")
    else:
        frame.to_excel(town / "cases.xlsx", index=False, sheet_name="prices")
        study = study_file("method: table\ntable: {excel: cases.xlsx, sheet: prices}\n")
    table = findings_of(study).table

    assert table[table.role == "case"][COST].tolist() == pytest.approx([780.0, 840.0, 360.0])
    assert table["case"].tolist()[1:] == ["as it is", "dear oil", "small town"]
