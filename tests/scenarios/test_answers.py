"""What the heads of scenarios say was found is what a full year gives."""

from pathlib import Path

import pytest
import xarray as xr

from energysim.api import run
from energysim.kpi.ledger import actor_totals
from energysim.scenario import load
from energysim.study.base import split
from energysim.study.read import read_study

FOLDER = Path(__file__).resolve().parents[2] / "scenarios"


def size(results: xr.Dataset, name: str) -> float:
    return float(results.capacity.sel(size=name))


@pytest.mark.slow
def test_mine_heat() -> None:
    """Large exchangers leave nothing for a store; a small source makes Kiruna build one."""
    large = run(FOLDER / "mine_heat.yaml")
    little = run(FOLDER / "mine_heat.yaml", variant="little_heat")

    assert size(large, "kiruna_pellet_heat.connection") == pytest.approx(54.5, abs=0.5)
    assert size(large, "gallivare_pellet_heat.connection") == pytest.approx(32.6, abs=0.5)
    assert size(large, "kiruna_pit.volume") == pytest.approx(0.0, abs=1.0)
    assert size(little, "kiruna_pit.volume") == pytest.approx(9_436.0, rel=0.02)
    assert large.attrs["objective"] == pytest.approx(37.5e6, rel=0.01)
    assert little.attrs["objective"] == pytest.approx(62.3e6, rel=0.01)


@pytest.mark.slow
def test_kalix() -> None:
    """A pipe of 13 MW brings nine tenths of the heat and takes 45 % off the year's cost."""
    piped, alone = run(FOLDER / "kalix.yaml"), run(FOLDER / "kalix.yaml", variant="alone")
    brought = float(piped.flow.sel(port="karlsborg_pipe.received").sum()) / 1000.0

    assert size(piped, "karlsborg_pipe.capacity") == pytest.approx(13.3, abs=0.3)
    assert brought == pytest.approx(75.8, rel=0.02)
    assert piped.attrs["objective"] == pytest.approx(18.3e6, rel=0.02)
    assert alone.attrs["objective"] == pytest.approx(33.2e6, rel=0.02)


@pytest.mark.slow
def test_one_supplier() -> None:
    """What the mill and the smelter are worth, as differences of the total cost."""
    names = (None, "mill_stops", "mill_closes", "before_the_link")
    runs = {name: run(FOLDER / "one_supplier.yaml", variant=name) for name in names}
    more = {name: (runs[name].attrs["objective"] - runs[None].attrs["objective"]) / 1e6 for name in names}

    assert more["mill_stops"] == pytest.approx(50.2, rel=0.02)
    assert more["mill_closes"] == pytest.approx(170.8, rel=0.02)
    assert more["before_the_link"] == pytest.approx(36.6, rel=0.02)
    assert size(runs[None], "pitea_chip_boiler.capacity") == pytest.approx(0.0, abs=0.1)
    assert size(runs["mill_stops"], "pitea_chip_boiler.capacity") == pytest.approx(0.0, abs=0.1)
    assert size(runs["mill_closes"], "pitea_chip_boiler.capacity") == pytest.approx(62.0, abs=0.5)


@pytest.mark.slow
def test_newcomers() -> None:
    """6 600 people, 32 GWh of district heat, 38 GWh and 7 MW of power, and no boiler is built for them."""
    names = (None, "nobody_comes", "electric_homes", "renovation")
    runs = {name: run(FOLDER / "newcomers.yaml", variant=name) for name in names}
    towns = ("lulea", "boden", "skelleftea")

    def drawn(name: str | None, who: str, port: str) -> float:
        return sum(float(runs[name].flow.sel(port=f"{town}_{who}.{port}").sum()) for town in towns) / 1000.0

    people = sum(float(runs[None].measured.sel(measure=f"{town}_newcomers.residents")) for town in towns)
    peak = {name: float(runs[name].flow.sel(port="town_market.buy").max()) for name in names}
    saved = drawn(None, "residents", "heat") - drawn("renovation", "residents", "heat")

    assert people == pytest.approx(6642.0)
    assert drawn(None, "newcomers", "heat") == pytest.approx(32.5, rel=0.02)
    assert drawn(None, "newcomers", "power") == pytest.approx(38.2, rel=0.02)
    assert peak[None] - peak["nobody_comes"] == pytest.approx(7.0, abs=0.3)
    assert peak["electric_homes"] - peak[None] == pytest.approx(2.9, abs=0.3)
    assert saved == pytest.approx(67.1, rel=0.03)
    assert runs[None].attrs["objective"] - runs["nobody_comes"].attrs["objective"] == pytest.approx(45.4e6, rel=0.03)
    assert size(runs[None], "chip_boiler.capacity") == pytest.approx(0.0, abs=0.1)
    assert size(runs[None], "skelleftea_chip_boiler.capacity") == pytest.approx(0.0, abs=0.1)


@pytest.mark.slow
def test_hydrogen() -> None:
    """A cavern of 37 000 m3 and 122 MW of electrolysers save 206 MSEK; the heat is worth 39."""
    runs = {name: run(FOLDER / "hydrogen.yaml", variant=name) for name in (None, "steady", "no_heat", "calm_prices")}
    cost = {name: results.attrs["objective"] / 1e6 for name, results in runs.items()}
    heat = {name: float(runs[name].flow.sel(port="electrolysers.warmth").sum()) / 1000.0 for name in (None, "steady")}

    assert size(runs[None], "cavern.space") == pytest.approx(36_920.0, rel=0.02)
    assert size(runs[None], "electrolysers.capacity") == pytest.approx(822.4, rel=0.01)
    assert size(runs["calm_prices"], "cavern.space") < 1000.0
    assert size(runs["no_heat"], "boden_chip_boiler.capacity") == pytest.approx(10.1, rel=0.02)
    assert cost["steady"] - cost[None] == pytest.approx(206.3, rel=0.02)
    assert cost["no_heat"] - cost[None] == pytest.approx(39.3, rel=0.03)
    assert heat[None] == pytest.approx(120.9, rel=0.02)
    assert heat["steady"] == pytest.approx(132.5, rel=0.02)


@pytest.mark.slow
def test_stranded_assets_of_boden() -> None:
    """Where Stegra is liquidated its connection alone is regretted by 26 MSEK; where it runs, wood alone by 28.

    Skellefteå pays 18 MSEK more on wood than with a data centre's heat, what it pays the smelter included."""
    study = read_study(FOLDER / "studies" / "stranded_assets.yaml")
    futures = {
        name: next(
            one for one in study.futures if one.name == f"{name} / furnaces_in_2029 / no_sponge_iron / data_centre"
        )
        for name in ("stegra_runs", "stegra_liquidated")
    }

    def costs(decision: str, future: str) -> dict[str, float]:
        changes = {"time.step": "3 h", **futures[future].changes, **study.decisions[decision]}
        scenario = load(FOLDER / "stranded_assets.yaml", overrides=split(changes)[1])
        return (actor_totals(run(scenario)) / 1e6).to_dict()

    all_paid = {
        (decision, future): costs(decision, future)
        for decision in ("industry", "own_wood", "both")
        for future in futures
    }
    paid = {key: totals["bodens_energi"] for key, totals in all_paid.items()}
    power = {decision: all_paid[decision, "stegra_runs"]["skelleftea_kraft"] for decision in ("industry", "own_wood")}
    best = {future: min(paid[decision, future] for decision in ("industry", "own_wood", "both")) for future in futures}

    assert paid["own_wood", "stegra_runs"] - best["stegra_runs"] == pytest.approx(28.0, rel=0.03)
    assert paid["industry", "stegra_liquidated"] - best["stegra_liquidated"] == pytest.approx(26.0, rel=0.03)
    assert paid["both", "stegra_liquidated"] - best["stegra_liquidated"] < 8.0
    assert power["own_wood"] - power["industry"] == pytest.approx(18.4, rel=0.03)
