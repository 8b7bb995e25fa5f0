"""Problems that textbooks and other tools publish with their answers, written as scenarios."""

from pathlib import Path

import pytest
import xarray as xr

from energysim.api import run

HEAD = "time: {start: 2030-01-01, duration: %d h, annual_costs: full}\neconomy: {currency: USD, discount_rate: 0 %%}\n"


def solved(folder: Path, text: str, steps: int) -> xr.Dataset:
    path = folder / "problem.yaml"
    path.write_text("scenario: A problem with a known answer\n" + HEAD % steps + text, encoding="utf8")
    return run(path)


def flow(results: xr.Dataset, port: str) -> list[float]:
    return results.flow.sel(port=port).values.tolist()


def test_dantzigs_transport_problem(tmp_path: Path) -> None:
    """Two canneries, three markets: 153.675, as in GAMS' first model (Dantzig 1963).

    Freight is 90 USD for each case and thousand miles; cases are counted as MWh.
    """
    miles = {
        ("seattle", "new_york"): 2.5, ("seattle", "chicago"): 1.7, ("seattle", "topeka"): 1.8,
        ("san_diego", "new_york"): 2.5, ("san_diego", "chicago"): 1.8, ("san_diego", "topeka"): 1.4,
    }  # fmt: skip
    plants, markets = {"seattle": 350, "san_diego": 600}, {"new_york": 325, "chicago": 300, "topeka": 275}
    text = "networks:\n" + "".join(f"  {name}: {{carrier: cases}}\n" for name in (*plants, *markets)) + "components:\n"
    for name, size in plants.items():
        text += f"  plant_{name}: {{type: source, to: {name}, capacity: {size} MW}}\n"
    for name, size in markets.items():
        text += f"  market_{name}: {{type: sink, from: {name}, fixed: {size} MW}}\n"
    for (plant, market), distance in miles.items():
        text += f"  {plant}_{market}: {{type: link, from: {plant}, to: {market}, capacity: 999 MW, "
        text += f"fee: {90.0 * distance / 1000.0} USD/MWh}}\n"
    results = solved(tmp_path, text, 1)

    assert results.attrs["objective"] == pytest.approx(153.675, abs=1e-6)


UNITS = """
networks: {bus: {carrier: electricity}}
components:
  load: {type: electricity_demand, to: bus, load: [%s]}
  coal: {type: source, to: bus, price: 20 USD/MWh, capacity: 10 GW, switching: {minimum_load: 30 %%%s}}
  gas: {type: source, to: bus, price: 70 USD/MWh, capacity: %s, switching: {minimum_load: 10 %%%s}}
"""
"""The two plants of PyPSA's example of unit commitment."""


def committed(folder: Path, load: list[int], coal: str, gas: str, size: str = "1 GW") -> xr.Dataset:
    loads = ", ".join(f"{one} MW" for one in load)
    return solved(folder, UNITS % (loads, coal, size, gas), len(load))


def test_pypsa_minimum_part_load(tmp_path: Path) -> None:
    """800 MW are below the 3000 MW of coal: gas runs for them alone."""
    results = committed(tmp_path, [4000, 6000, 5000, 800], ", running_before: true", ", running_before: false")

    assert flow(results, "coal.given") == pytest.approx([4000.0, 6000.0, 5000.0, 0.0])
    assert flow(results, "gas.given") == pytest.approx([0.0, 0.0, 0.0, 800.0])


def test_pypsa_minimum_up_time(tmp_path: Path) -> None:
    """Gas, on for one hour before, has to stay three and serves 800 MW in the second: 100, 800 and no more."""
    before = ", min_up: 3 h, running_before: true, time_before: 1 h"
    results = committed(tmp_path, [4000, 800, 5000, 3000], ", running_before: true", before)

    assert flow(results, "gas.given")[:2] == pytest.approx([100.0, 800.0])
    assert results.attrs["objective"] == pytest.approx(20.0 * 11900.0 + 70.0 * 900.0)


def test_pypsa_minimum_down_time(tmp_path: Path) -> None:
    """Coal, off for one of two hours, is off for the first two: gas gives 3000 and 800 MW."""
    before = ", min_down: 2 h, running_before: false, time_before: 1 h"
    results = committed(tmp_path, [3000, 800, 3000, 8000], before, ", running_before: false", "4 GW")

    assert flow(results, "coal.given") == pytest.approx([0.0, 0.0, 3000.0, 8000.0])
    assert flow(results, "gas.given") == pytest.approx([3000.0, 800.0, 0.0, 0.0])


def test_pypsa_start_and_stop_cost(tmp_path: Path) -> None:
    """Starting coal costs 5000 and stopping gas 25: 3000 MW for an hour are cheaper by coal, 800 MW need gas."""
    results = committed(
        tmp_path, [3000, 800, 3000, 8000],
        ", start_cost: 5000 USD, running_before: false", ", stop_cost: 25 USD, running_before: false", "4 GW",
    )  # fmt: skip

    assert flow(results, "coal.given") == pytest.approx([3000.0, 0.0, 3000.0, 8000.0])
    assert results.attrs["objective"] == pytest.approx(20.0 * 14000.0 + 70.0 * 800.0 + 2 * 5000.0 + 25.0)


def test_pypsa_ramps(tmp_path: Path) -> None:
    """Coal rises by 10 % and falls by 20 % of 10 GW an hour; gas makes up what is missing on the way."""
    text = UNITS % ("4 GW, 7 GW, 7 GW, 7 GW, 7 GW, 3 GW", "", "4 GW", "")
    text = text.replace("switching: {minimum_load: 30 %}", "ramps: {up: 0.1 1/h, down: 0.2 1/h}")
    results = solved(tmp_path, text.replace(", switching: {minimum_load: 10 %}", ""), 6)

    assert flow(results, "coal.given") == pytest.approx([4000.0, 5000.0, 6000.0, 7000.0, 5000.0, 3000.0])
    assert flow(results, "gas.given") == pytest.approx([0.0, 2000.0, 1000.0, 0.0, 2000.0, 0.0])


def test_cheapest_units_first(tmp_path: Path) -> None:
    """Three units of 300 MW at 10, 20 and 40 USD for 700 MW: 300, 300 and 100, and the last sets the price."""
    text = "networks: {bus: {carrier: electricity}}\ncomponents:\n"
    text += "  load: {type: electricity_demand, to: bus, load: 700 MW}\n"
    for name, price in (("a", 10), ("b", 20), ("c", 40)):
        text += f"  {name}: {{type: source, to: bus, price: {price} USD/MWh, capacity: 300 MW}}\n"
    results = solved(tmp_path, text, 1)

    assert [flow(results, f"{name}.given")[0] for name in "abc"] == pytest.approx([300.0, 300.0, 100.0])
    assert results.price.sel(node="bus").values.tolist() == pytest.approx([40.0])


def test_two_bidding_zones(tmp_path: Path) -> None:
    """PyPSA's market of South Africa and Mozambique: 500 MW of hydro cross, gas sets 60 USD here, nothing there."""
    results = solved(
        tmp_path,
        """
networks: {south: {carrier: electricity}, north: {carrier: electricity}}
components:
  load: {type: electricity_demand, to: south, load: 42 GW}
  own_load: {type: electricity_demand, to: north, load: 650 MW}
  coal: {type: source, to: south, price: 30 USD/MWh, capacity: 35 GW}
  wind: {type: source, to: south, capacity: 3 GW}
  gas: {type: source, to: south, price: 60 USD/MWh, capacity: 8 GW}
  oil: {type: source, to: south, price: 80 USD/MWh, capacity: 2 GW}
  hydro: {type: source, to: north, capacity: 1.2 GW}
  line: {type: power_line, from: north, to: south, capacity: 500 MW, loss: 0 %, both_ways: true}
""",
        1,
    )

    assert results.attrs["objective"] == pytest.approx(35000.0 * 30.0 + 3500.0 * 60.0)
    assert results.price.sel(node=["south", "north"]).values.ravel().tolist() == pytest.approx([60.0, 0.0], abs=1e-9)


def test_screening_curves(tmp_path: Path) -> None:
    """Coal at 15 and 2, gas at 10 and 12, load shed at 1012, load falling from 1000 MW to nothing: 500 and 490 MW.

    Coal and gas cost the same at half of the hours, gas and shedding at a hundredth (PyPSA's screening curves; Stoft,
    Power System Economics, 2002, ch. 1-3). Yearly cost is a thousand times that of an hour's share.
    """
    load = ", ".join(f"{1000 - hour} MW" for hour in range(1001))
    plant = "{type: source, to: bus, price: %d USD/MWh, capacity: {max: 9 GW, investment: %d USD/MW, lifetime: 1 a}}"
    results = solved(
        tmp_path,
        f"""
networks: {{bus: {{carrier: electricity}}}}
components:
  load: {{type: electricity_demand, to: bus, load: [{load}]}}
  coal: {plant % (2, 15015)}
  gas: {plant % (12, 10010)}
  shed: {{type: source, to: bus, price: 1012 USD/MWh}}
""",
        1001,
    )
    built = results.capacity.to_series().to_dict()

    assert [built["coal.capacity"], built["gas.capacity"]] == pytest.approx([500.0, 490.0], abs=1.0)
