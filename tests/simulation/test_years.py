"""Uncertain years: the same seed gives the same years, designs meet the same chance, runs go on where they stopped."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from energysim.api import Asked, run
from energysim.cli import main
from energysim.model import build
from energysim.model.solve import optimise
from energysim.scenario import Scenario, load
from energysim.simulation import simulate
from energysim.simulation.ensemble import ensemble_of, one_after_another
from energysim.simulation.record import YearFile
from energysim.simulation.years import Draw, drawn, week_order
from energysim.study.base import Base
from energysim.study.years import side_by_side
from energysim.system import assemble

TOWN = """
scenario: A town
time: {start: 2030-01-01, duration: 12 d}
economy: {currency: EUR, discount_rate: 5 %}
places: {town: {climate: lulea}}
networks:
  heat: {carrier: heat, at: town}
  grid: {carrier: electricity, at: town}
simulation: {years: {demand_error: 3 %, price_years: {normal: 50 %, crisis: 50 %}}, policy: POLICY}
components:
  demand: {type: heat_demand, to: heat, annual: 100 GWh}
  mill:
    type: residual_heat
    to: heat
    capacity: 12 MW
    availability: {mtbf: 60 h, mttr: 20 h, source: a guess, confidence: assumption}
  boiler: {type: electric_boiler, power: grid, to: heat, capacity: 14 MW}
  spot: {type: electricity_market, to: grid, price: {profile: electricity_price}, sell_limit: 0 MW}
  tank: {type: heat_store, network: heat, volume: 100 MWh, power: 20 MW}
  short: {type: unserved, to: heat, price: 3000 EUR/MWh}
  cooler: {type: heat_rejection, from: heat, cost: 0 EUR/MWh}
"""

COUNTED = """
scenario: A town with hours that are counted
time: {start: START, end: 2031-01-01, step: STEP h}
economy: {currency: EUR, discount_rate: 5 %}
places: {town: {climate: {csv: hours.csv, column: outdoor, unit: degC}}}
networks: {heat: {carrier: heat, at: town}}
components:
  demand: {type: heat_demand, to: heat, load: {csv: hours.csv, column: load, unit: MW}}
  plant: {type: source, to: heat, price: 10 EUR/MWh}
"""


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A town with a mill that often stops."""
    path = tmp_path / "town.yaml"
    path.write_text(TOWN.replace("POLICY", "water_values"), encoding="utf8")
    return path


def _differing(one: Scenario, other: Scenario) -> dict[str, bool]:
    mill, spot = (lambda s: s.components["mill"].availability.share), (lambda s: s.components["spot"].price)
    outdoor, annual = (lambda s: s.places["town"].outdoor), (lambda s: s.components["demand"].annual)
    looks = {"mill": mill, "spot": spot, "outdoor": outdoor, "annual": annual}
    return {name: not np.array_equal(look(one), look(other)) for name, look in looks.items()}


def test_a_year_is_its_seed_and_number(town: Path) -> None:
    """The same seed and number give the same year in every series; another number changes every one of them."""
    scenario = load(town)

    assert not any(_differing(drawn(scenario, 3, 1), drawn(scenario, 3, 1)).values())
    assert all(_differing(drawn(scenario, 3, 1), drawn(scenario, 3, 2)).values())
    assert all(_differing(drawn(scenario, 3, 1), drawn(scenario, 4, 1)).values())


def test_designs_meet_the_same_chance(town: Path) -> None:
    """A larger tank and another component in front change nothing of what is drawn for the others."""
    plain = load(town)
    text = town.read_text(encoding="utf8").replace("volume: 100 MWh", "volume: 400 MWh")
    town.write_text(
        text.replace("components:\n", "components:\n  extra: {type: source, to: heat, price: 900 EUR/MWh}\n")
    )
    other = load(town)

    assert not any(_differing(drawn(plain, 3, 5), drawn(other, 3, 5)).values())


def test_outages_follow_their_mean_times(town: Path) -> None:
    """Over 300 years the mill runs 60 / 80 of the time, to within the error of the mean."""
    scenario = load(town)
    quiet = replace(scenario, simulation=scenario.simulation.model_copy(update={"years": _only_outages(scenario)}))
    running = [drawn(quiet, 1, number).components["mill"].availability.share.mean() for number in range(1, 301)]

    assert np.mean(running) == pytest.approx(0.77, abs=0.03)


def _only_outages(scenario: Scenario) -> object:
    return scenario.simulation.years.model_copy(update={"weather": False, "price_years": {}, "demand_error": 0.0})


def test_cold_days_are_dear_in_winter(town: Path) -> None:
    """Over forty Januaries the daily mean price rises as the temperature falls; nothing is drawn independently."""
    scenario = load(town)
    ties = []
    for number in range(1, 41):
        year = drawn(scenario, 9, number)
        cold = -scenario.horizon.to_steps(year.places["town"].outdoor).reshape(-1, 24).mean(axis=1)
        ties.append(np.corrcoef(cold, year.components["spot"].price.reshape(-1, 24).mean(axis=1))[0, 1])

    assert 0.15 < np.mean(ties) < 0.7


def test_weeks_of_files_stay_in_their_season() -> None:
    """Each week is taken from at most two weeks away, as a whole, and every hour keeps its weekday."""
    order = week_order(8760, 168, Draw(1, 1))
    away = order - np.arange(8760)

    assert set(np.unique(np.abs(away[:8568]) // 168)) <= {0, 1, 2}
    assert np.all(away[:8568] % 168 == 0)


@pytest.mark.parametrize(("start", "step"), [("2030-01-01", 1), ("2030-03-01", 1), ("2030-03-01", 3)])
def test_weather_and_series_move_together(tmp_path: Path, start: str, step: int) -> None:
    """Weather and load from files that count the hours of the year: wherever the horizon begins, each step takes both
    from the same hour. From 1 March they were up to four weeks apart."""
    hours = np.datetime64("2030-01-01T00") + np.arange(8760)
    rows = [f"{hour}:00Z,{k / 1000},{k}" for k, hour in enumerate(hours)]
    (tmp_path / "hours.csv").write_text("\n".join(["time,outdoor,load", *rows]) + "\n", encoding="utf8")
    (tmp_path / "town.yaml").write_text(COUNTED.replace("START", start).replace("STEP", str(step)), encoding="utf8")
    year = drawn(load(tmp_path / "town.yaml"), 3, 1)
    outdoor = 1000.0 * year.horizon.to_steps(year.places["town"].outdoor)

    assert year.components["demand"].load == pytest.approx(outdoor)
    assert np.ptp(np.diff(outdoor)) > 100.0


def test_years_from_the_first_of_january_are_what_they_were() -> None:
    """The weeks of a horizon are the first of its year, whatever lies behind: the draw does not know its length."""
    short, whole = week_order(10 * 168, 168, Draw(1, 1)), week_order(8760, 168, Draw(1, 1))

    assert np.array_equal(short[: 8 * 168], np.minimum(whole, short.max())[: 8 * 168])


def test_years_are_a_pure_function(town: Path) -> None:
    """Years run alone, together and in two processes are the same to the last bit; shortage costs what it must."""
    scenario = load(town)
    ensemble = ensemble_of(scenario, simulate(scenario, build(assemble(scenario)), optimise))
    together = list(one_after_another(ensemble, 5, range(1, 5)))
    alone = [ensemble.year(5, n) for n in (4, 3, 2, 1)][::-1]
    in_two = sorted(side_by_side(Base.of(town), 2)(ensemble, 5, range(1, 5)), key=lambda record: record.number)

    assert [r.cost for r in together] == [r.cost for r in alone] == [r.cost for r in in_two]
    assert [r.energy.tolist() for r in together] == [r.energy.tolist() for r in in_two]
    assert any(r.shortages[0].energy > 0.0 for r in together)
    for record in together:
        short = record.shortages[0]
        assert short.by_day.sum() == pytest.approx(short.energy)
        assert record.cost >= 3000.0 * short.energy * 0.999


@pytest.mark.parametrize("policy", ["greedy", "price_rank"])
def test_years_run_by_other_policies(town: Path, policy: str) -> None:
    """Policies without water values run uncertain years too; the result has a year dimension and its coordinates."""
    town.write_text(TOWN.replace("POLICY", policy), encoding="utf8")
    results = run(town, engine=Asked(years=3, seed=1))

    assert results.sizes["year"] == 3
    assert results.year.values.tolist() == [1, 2, 3]
    assert np.isfinite(results.year_cost.values).all()
    assert results.short_by_day.dims == ("short", "day")


def test_a_stopped_run_goes_on(town: Path, tmp_path: Path) -> None:
    """Years on disk are not run again, a torn last one is, and the end is that of a run in one go."""
    kept = tmp_path / "kept"
    whole = run(town, engine=Asked(years=4, seed=2))
    run_two = _StopAfter(2)
    with pytest.raises(KeyboardInterrupt):
        run(town, engine=Asked(years=4, seed=2, keep=kept, hear=run_two.hear))
    with kept.open("ab") as stream:
        stream.write(b"torn")
    again = _StopAfter(99)
    resumed = run(town, engine=Asked(years=4, seed=2, keep=kept, hear=again.hear), tell=again.tell)

    assert "2 years are there" in " ".join(again.heard)
    assert resumed.year_cost.values.tolist() == whole.year_cost.values.tolist()
    assert not kept.exists()


class _StopAfter:
    """Presses Ctrl-C when some years are done."""

    def __init__(self, years: int) -> None:
        self.years, self.heard = years, list[str]()

    def tell(self, stage: str, text: str) -> None:
        self.heard.append(text)

    def hear(self, done: int, whole: int) -> None:
        assert whole == 4
        if done == self.years:
            raise KeyboardInterrupt


def test_years_of_another_scenario_are_thrown_away(tmp_path: Path) -> None:
    """A file of another key is begun anew instead of being mixed in."""
    path = tmp_path / "kept"
    YearFile(path, "one", (0, 1, 1))
    path.write_bytes(path.read_bytes() + np.ones(6).tobytes())

    assert YearFile(path, "one", (0, 1, 1)).numbers() == {1}
    assert YearFile(path, "two", (0, 1, 1)).numbers() == set()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--years", "3"], "--years  are run hour by hour. Add  --engine simulate."),
        (["--engine", "simulat"], "Did you mean 'simulate'?"),
        (["--engine", "simulate", "--years", "-1"], "whole numbers from 0"),
    ],
)
def test_wrong_options_are_refused(
    town: Path, options: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wrong options end with 1 and a sentence, before anything is solved."""
    with pytest.raises(SystemExit) as ending:
        main(["run", str(town), *options])

    assert ending.value.code == 1
    assert message in capsys.readouterr().err
