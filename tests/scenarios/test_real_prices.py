"""What plans on generated prices say beside the same plans on the real prices of the year they are like."""

import json
from pathlib import Path

import pytest
import xarray as xr

from energysim.api import run
from energysim.readers.formats import import_files
from energysim.readers.imported import Asked
from energysim.readers.store import Origin, write_series
from energysim.scenario import load
from tests.readers.conftest import utc

FOLDER = Path(__file__).resolve().parents[2] / "scenarios"


@pytest.fixture
def real_year(shared_data: Path, tmp_path: Path):  # type: ignore[no-untyped-def]
    """Changes that put the prices of a year of SE1 in the place of generated ones."""

    def changes(year: int, *markets: str) -> list[str]:
        files = [shared_data / "prices_se1" / f"SE1_{one}_entsoe.csv" for one in (year, year + 1)]
        if not all(file.is_file() for file in files):
            pytest.skip(f"the real prices of {year} are not beside this checkout")
        asked = Asked(since=utc(f"{year}-01-01T00:00"), until=utc(f"{year + 1}-01-01T00:00"))
        write_series(import_files("entsoe", files, asked), tmp_path / "se1.csv", Origin("entsoe", files), True)
        price = {
            "csv": str(tmp_path / "se1.csv"),
            "column": "Day-ahead Price SE1",
            "unit": "EUR/MWh",
            "take_year": year,
        }
        given = json.dumps({"profile": None, "area": None, "year_type": None, **price})
        return [f"components.{market}.price={given}" for market in markets]

    return changes


def planned(file: str, changes: list[str], variant: str | None = None) -> xr.Dataset:
    return run(load(FOLDER / file, variant=variant, overrides=changes, allow_outside=True))


@pytest.mark.slow
def test_lulea_hardly_notices(real_year) -> None:  # type: ignore[no-untyped-def]
    """Cost within 1 %, sizes within a tenth of those on the prices of 2019, and a pit a sixth larger than on them."""
    made = planned("lulea.yaml", [])
    real = planned("lulea.yaml", real_year(2019, "utility_market", "industry_market"))

    assert made.attrs["objective"] == pytest.approx(real.attrs["objective"], rel=0.01)
    for size in ("chip_boiler.capacity", "mill_heat_pump.capacity", "mill_heat.connection"):
        assert float(made.capacity.sel(size=size)) == pytest.approx(float(real.capacity.sel(size=size)), rel=0.1)
    assert float(made.capacity.sel(size="pit_store.volume")) == pytest.approx(4_259.0, rel=0.03)
    assert float(real.capacity.sel(size="pit_store.volume")) == pytest.approx(3_655.0, rel=0.03)


@pytest.mark.slow
def test_flexible_hydrogen_is_worth_less_on_real_prices(real_year) -> None:  # type: ignore[no-untyped-def]
    """Generated prices forget too soon: on those of 2023 a cavern of much the same size saves 159 and not 206 MSEK."""
    changes = real_year(2023, "stegra_market", "boden_market")
    flexible, steady = planned("hydrogen.yaml", changes), planned("hydrogen.yaml", changes, "steady")

    assert (steady.attrs["objective"] - flexible.attrs["objective"]) / 1e6 == pytest.approx(159.3, rel=0.03)
    assert float(flexible.capacity.sel(size="cavern.space")) == pytest.approx(32_950.0, rel=0.12)
    assert float(flexible.capacity.sel(size="electrolysers.capacity")) == pytest.approx(822.4, rel=0.02)
