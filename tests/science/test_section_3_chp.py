"""SCIENCE 3: extraction plants and minimum load."""

import numpy as np
import pytest
import xarray as xr

from energysim.components.boiler import Boiler
from energysim.components.chp_extraction import ChpExtraction
from energysim.components.fuel_supply import FuelSupply
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
