"""SCIENCE 3: extraction plants, operating regions and minimum load."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
import xarray as xr

from energysim.components.boiler import Boiler
from energysim.components.chp_extraction import ChpExtraction
from energysim.components.chp_region import ChpRegion
from energysim.components.electricity_demand import ElectricityDemand
from energysim.components.fuel_supply import FuelSupply
from energysim.components.heat_demand import HeatDemand
from energysim.components.sink import Sink
from energysim.components.source import Source
from energysim.testing import solve


def extraction(power_price: float, heat: float = 60.0, capacity: float = 200.0) -> xr.Dataset:
    """T-3.1's plant: condensing 0.45, power loss 0.30, back-pressure ratio 0.60; fuel at 20."""
    plant = ChpExtraction(
        name="plant",
        fuel="gas",
        to="heat",
        power="grid",
        capacity=capacity,
        condensing_efficiency=0.45,
        power_loss=0.30,
        back_pressure_ratio=0.60,
    )
    around = [
        FuelSupply(name="trade", to="gas", price=20.0),
        Sink(name="market", **{"from": "grid"}, price=power_price),
        Sink(name="town", **{"from": "heat"}, fixed=heat),
    ]
    return solve([plant, *around], {"heat": "heat", "grid": "electricity"}, fuels={"gas": {}}, steps=1)


@pytest.mark.parametrize(
    ("power_price", "power", "fuel", "heat_price"),
    [(60.0, 72.0, 200.0, 18.0), (40.0, 36.0, 120.0, 16.0), (20.0, 36.0, 120.0, 28.0)],
)
def test_t_3_1_dispatch_and_heat_price(power_price: float, power: float, fuel: float, heat_price: float) -> None:
    """T-3.1: above 44.44 the plant runs full and heat costs lost power; below it stays on the back-pressure line."""
    results = extraction(power_price)

    assert float(results.flow.sel(port="plant.power")[0]) == pytest.approx(power)
    assert float(results.flow.sel(port="plant.fuel")[0]) == pytest.approx(fuel)
    assert float(results.price.sel(node="heat")[0]) == pytest.approx(heat_price)


@pytest.mark.parametrize(
    ("capacity", "heat", "power_price", "power"),
    [(200.0, 0.0, 60.0, 90.0), (200.0, 100.0, 60.0, 60.0), (80.0, 0.0, 60.0, 36.0), (80.0, 40.0, 60.0, 24.0)],
)
def test_t_3_1_corners(capacity: float, heat: float, power_price: float, power: float) -> None:
    """T-3.1: the corners (P, Q) of the operating region at full and at reduced fuel."""
    assert float(extraction(power_price, heat, capacity).flow.sel(port="plant.power")[0]) == pytest.approx(power)


def test_t_3_3_as_linear_relaxation() -> None:
    """T-3.3 as LP: without its minimum load of 20 MW the boiler covers 15 MW at 10, so 150; with it 600."""
    results = solve(
        [
            Boiler(name="boiler", fuel="gas", to="heat", capacity=50.0, efficiency=1.0),
            FuelSupply(name="trade", to="gas", price=10.0),
            Source(name="backup", to="heat", price=40.0, capacity=100.0),
            Sink(name="town", **{"from": "heat"}, fixed=np.array([15.0])),
        ],
        {"heat": "heat"},
        fuels={"gas": {}},
        steps=1,
    )

    assert results.attrs["objective"] == pytest.approx(150.0)


def _grid(low: float, high: float, count: int) -> np.ndarray:
    return np.linspace(low, high, count)


def _unit(vertices: list[tuple[float, float]], cost: Callable[[float, float], float], count: int) -> list[dict]:
    """Points of a convex region: a grid over triangles from its first vertex, each with its cost."""
    (p0, h0), rest = vertices[0], vertices[1:]
    points = []
    for (p1, h1), (p2, h2) in pairwise(rest):
        for a in _grid(0.0, 1.0, count):
            for b in _grid(0.0, 1.0 - a, max(2, round(count * (1.0 - a)))):
                power, heat = p0 + a * (p1 - p0) + b * (p2 - p0), h0 + a * (h1 - h0) + b * (h2 - h0)
                points.append({"power": power, "heat": heat, "cost": cost(power, heat)})
    return points


def test_t_3_2_four_units() -> None:
    """T-3.2: the literature optimum of four units is 9 257.07: U2 160 MW and 40 of heat, U3 40 and 75.

    The costs are curved; points of the region make them piecewise linear, never below the true cost. The optimum is
    among the points, so the grid leaves no more than 0.1 % above it.
    """

    def second(p: float, h: float) -> float:
        return 2650 + 14.5 * p + 0.0345 * p * p + 4.2 * h + 0.03 * h * h + 0.031 * p * h

    def third(p: float, h: float) -> float:
        return 1250 + 36 * p + 0.0435 * p * p + 0.6 * h + 0.027 * h * h + 0.011 * p * h

    regions = {
        "u2": _unit([(98.8, 0.0), (81.0, 104.8), (215.0, 180.0), (247.0, 0.0)], second, 41),
        "u3": _unit([(44.0, 0.0), (44.0, 15.9), (40.0, 75.0), (110.2, 135.6), (125.8, 32.4), (125.8, 0.0)], third, 25),
    }
    regions["u2"].append({"power": 160.0, "heat": 40.0, "cost": second(160.0, 40.0)})
    plants = [ChpRegion(name=name, to="heat", power="grid", modes={"all": points}) for name, points in regions.items()]
    parts = [
        *plants,
        Source(name="u1", to="grid", price=50.0, capacity=150.0),
        Source(name="u4", to="heat", price=23.4, capacity=2695.2),
        ElectricityDemand(name="load", to="grid", load=200.0),
        HeatDemand(name="town", to="heat", load=115.0),
    ]
    results = solve(parts, {"heat": "heat", "grid": "electricity"}, steps=1)

    assert float(results.attrs["objective"]) == pytest.approx(9257.07, rel=1e-3)
    assert float(results.attrs["objective"]) >= 9257.07 - 0.01
    assert float(results.flow.sel(port="u2.power")[0]) == pytest.approx(160.0, abs=2.0)
    assert float(results.flow.sel(port="u3.heat")[0]) == pytest.approx(75.0, abs=2.0)
