"""The dataset: labels, round trip, sums that agree."""

from pathlib import Path

import pytest
import xarray as xr

from energysim.api import run
from energysim.errors import OutputError
from energysim.results import RunFolder, load_results, save_results

FIRST = Path(__file__).resolve().parents[2] / "scenarios" / "01_three_hours.yaml"


@pytest.fixture(scope="module")
def results() -> xr.Dataset:
    return run(FIRST)


def test_a_round_trip_loses_nothing(results: xr.Dataset, tmp_path: Path) -> None:
    save_results(results, tmp_path / "results.nc")

    assert load_results(tmp_path).identical(results)


def test_flows_group_by_carrier(results: xr.Dataset) -> None:
    by_carrier = results.flow.groupby("carrier").sum()

    assert set(by_carrier.carrier.values) == {"heat", "oil", "wood_chips"}


def test_bookings_and_amounts_sum_to_the_objective(results: xr.Dataset) -> None:
    cost = results.booking.values[results.booking_effect.values == "cost"].sum()

    assert cost == pytest.approx(results.attrs["objective"], rel=1e-9)
    assert float(results.amount.sel(effect="cost").sum()) == pytest.approx(results.attrs["objective"], rel=1e-9)


def test_dimensions_are_singular_and_units_are_said(results: xr.Dataset) -> None:
    assert results.flow.dims == ("port", "time")
    assert results.level.dims == ("store", "time")
    assert results.price.dims == ("node", "time")
    assert results.flow.attrs["units"] == "MW"
    assert results.price.attrs["units"] == "EUR/MWh"


def test_a_failing_run_leaves_nothing(tmp_path: Path) -> None:
    def fails() -> None:
        with RunFolder(tmp_path / "run") as folder:
            (folder.path / "half").write_text("half", encoding="utf8")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()

    assert not list(tmp_path.iterdir())


def test_a_replaced_run_is_put_back_when_the_replacing_was_killed(tmp_path: Path) -> None:
    """Killed between the two renames: the old run stands aside under its hidden name."""
    aside = tmp_path / ".run.replaced-999999"
    aside.mkdir()
    (aside / "run.json").write_text("{}", encoding="utf8")

    with pytest.raises(OutputError, match="exists"), RunFolder(tmp_path / "run"):
        pass

    assert (tmp_path / "run" / "run.json").exists()


def test_a_folder_without_results_says_so(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"holds no results\.nc\. Name the folder of a finished run"):
        load_results(tmp_path)
