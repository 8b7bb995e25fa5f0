"""Hydro cascade."""

import numpy as np
import pytest
from pydantic import ValidationError

from energysim.components.hydro_cascade import HydroCascade, HydroPlant
from energysim.components.sink import Sink
from energysim.errors import ScenarioError
from energysim.testing import assert_balanced, assert_same_optimum, scenario_of, solve

GRID = {"grid": "electricity"}


def river(plants: dict, price: object, **fields: object) -> list:
    return [
        HydroCascade(name="river", to="grid", plants=plants, **fields),
        Sink(name="market", **{"from": "grid"}, price=price),
    ]


KTH = {
    "ahlen": {
        "discharge": 540, "spill": 820, "power": 0.52, "least": 5800, "most": 7160, "start": 5800, "end": 5800,
        "inflow": 177, "flows_to": "forsen", "delay": 2,
    },
    "fjallet": {
        "discharge": 135, "spill": 930, "power": 1.17, "least": 1000, "most": 1675, "start": 1000, "end": 1000,
        "inflow": 28, "flows_to": "forsen", "delay": 1,
    },
    "forsen": {
        "discharge": 975, "spill": 360, "power": 0.29, "least": 10, "most": 27, "start": 20, "end": 10, "inflow": 8,
        "flows_to": "karret", "delay": 1,
    },
    "karret": {
        "discharge": 680, "spill": 400, "power": 0.05, "least": 6, "most": 13, "start": 13, "end": 6, "inflow": 29,
    },
}  # fmt: skip
PRICES = np.array([45.0, 55.0, 95.0, 80.0, 140.0, 150.0, 80.0, 70.0, 130.0])


def test_t_4_4_four_plants_in_a_river() -> None:
    """T-4.4: nine hours of four plants with delays earn 1 203 188 900 / 3600 = 334 219.14."""
    results = solve(river(KTH, PRICES), GRID, steps=9)

    assert -float(results.attrs["objective"]) == pytest.approx(1_203_188_900 / 3600.0, rel=1e-7)
    assert_balanced(results)
    assert_same_optimum(scenario_of(river(KTH, PRICES), GRID, steps=9))


def test_t_4_5_power_of_a_large_plant() -> None:
    """T-4.5: 107 m, 1 041 m3/s at 0.9 give 983.4 MW; published are 977."""
    assert HydroPlant(discharge=1041.0, head=107.0, efficiency=0.9).largest_power == pytest.approx(983.4, abs=0.1)


def test_water_waits_for_the_dear_hour() -> None:
    """A tenth of a Mm3 an hour comes, 27.78 m3/s; kept for the third hour it gives three times the power."""
    plant = {"discharge": 500.0, "power": 1.0, "most": 1.0, "inflow": 1e6 / 36_000.0}
    results = solve(river({"dam": plant}, np.array([10.0, 10.0, 90.0])), GRID)

    assert results.flow.sel(port="river.power").values == pytest.approx([0.0, 0.0, 83.333], abs=1e-2)


def test_what_is_let_through_arrives_later() -> None:
    """One hour below lies a river plant: on a ring it gives in each hour what the upper one let through before."""
    plants = {
        "upper": {"discharge": 90.0, "power": 1.0, "most": 5.0, "inflow": 10.0, "flows_to": "lower", "delay": 1.0},
        "lower": {"discharge": 90.0, "power": 0.5},
    }
    results = solve(river(plants, np.array([10.0, 90.0, 10.0])), GRID)
    upper = results.state_value.sel(state="river.discharge_upper_0").values
    lower = results.state_value.sel(state="river.discharge_lower_0").values
    spilt = results.state_value.sel(state="river.spill_lower").values

    assert lower + spilt == pytest.approx(np.roll(upper, 1))


def test_segments_run_best_first() -> None:
    """60 of 100 m3/s: 50 at 1.0 and 10 at 0.8."""
    segments = ({"discharge": 50.0, "power": 1.0}, {"discharge": 50.0, "power": 0.8})
    results = solve(river({"dam": {"discharge": 100.0, "segments": segments, "inflow": 60.0}}, 10.0), GRID)

    assert results.flow.sel(port="river.power").values == pytest.approx([58.0] * 3)


def test_an_end_value_keeps_water() -> None:
    """1 Mm3 gives 277.8 MWh, worth 2 778 at 10: at 3 000 for what is kept nothing runs, at 2 000 all of it."""
    for worth, power in ((3000.0, 0.0), (2000.0, 1e6 / 3600.0)):
        plant = {"discharge": 9999.0, "power": 1.0, "most": 1.0, "start": 1.0}
        results = solve(river({"dam": plant}, 10.0, end_value=worth), GRID)
        assert float(results.flow.sel(port="river.power").sum()) == pytest.approx(power, abs=1e-6)


def test_an_end_value_counts_water_under_way() -> None:
    """1 Mm3 is worth the same above, below and two hours under way: let through at any hour it earns its power.

    Were what is under way at the end worth nothing, only the first hour would earn, at 50 m3/s.
    """
    plants = {
        "upper": {"discharge": 50.0, "power": 1.0, "most": 1.0, "start": 1.0, "flows_to": "lower", "delay": 2.0},
        "lower": {"discharge": 0.0, "power": 1.0, "most": 1.0, "start": 0.0, "spill": 0.0},
    }
    parts = river(plants, 10.0, end_value=3000.0, under_way=7.0)
    results = solve(parts, GRID)

    assert results.flow.sel(port="river.power").values == pytest.approx([50.0] * 3)
    before = 2 * 7.0 * 3600e-6
    assert float(results.attrs["objective"]) == pytest.approx(-3 * 500.0 - 3000.0 * (1.0 + before))
    assert_same_optimum(scenario_of(parts, GRID))


def test_an_end_value_without_an_end_is_refused() -> None:
    with pytest.raises(ValidationError, match="no reservoir has a 'start'"):
        HydroCascade(
            name="river", to="grid", plants={"dam": {"discharge": 9.0, "head": 9.0, "most": 1.0}}, end_value=9.0
        )


def test_least_flow_is_kept() -> None:
    plant = {"discharge": 50.0, "power": 1.0, "most": 9.0, "start": 5.0, "end": 0.0, "least_flow": 20.0}
    results = solve(river({"dam": plant}, -5.0), GRID)

    assert results.state_value.sel(state="river.spill_dam").values.min() >= 20.0 - 1e-9
    assert results.flow.sel(port="river.power").values == pytest.approx([0.0] * 3)


@pytest.mark.parametrize(
    ("plants", "text"),
    [
        ({"a": {"discharge": 1.0, "head": 9.0, "flows_to": "b"}}, "flows to 'b', which is no plant here"),
        (
            {
                "a": {"discharge": 1.0, "head": 9.0, "flows_to": "b"},
                "b": {"discharge": 1.0, "head": 9.0, "flows_to": "a"},
            },
            r"the river runs in a circle: \w -> \w -> \w",
        ),
        ({"a": {"discharge": 1.0}}, "give one of 'head', 'power' and 'segments'"),
        ({"a": {"discharge": 1.0, "head": 9.0, "least": 5.0, "most": 4.0}}, "least 5 Mm3 is above most 4 Mm3"),
        ({"a": {"discharge": 1.0, "head": 9.0, "most": 4.0, "start": 5.0}}, "start 5 Mm3 lies outside 0 to 4 Mm3"),
    ],
)
def test_impossible_rivers_are_refused(plants: dict, text: str) -> None:
    with pytest.raises(ValidationError, match=text):
        HydroCascade(name="river", to="grid", plants=plants)


def test_a_delay_between_steps_is_refused() -> None:
    plants = {
        "a": {"discharge": 1.0, "head": 9.0, "flows_to": "b", "delay": 1.5},
        "b": {"discharge": 1.0, "head": 9.0},
    }
    with pytest.raises(ScenarioError, match=r"1\.5 h, is no multiple of the step, 1 h"):
        solve(river(plants, 10.0), GRID)
