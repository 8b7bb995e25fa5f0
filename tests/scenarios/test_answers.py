"""What the heads of scenarios say was found is what a full year gives."""

from pathlib import Path

import pytest
import xarray as xr

from energysim.api import run

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
    assert size(little, "kiruna_pit.volume") == pytest.approx(9_663.0, rel=0.02)
    assert large.attrs["objective"] == pytest.approx(37.4e6, rel=0.01)
    assert little.attrs["objective"] == pytest.approx(62.3e6, rel=0.01)


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
