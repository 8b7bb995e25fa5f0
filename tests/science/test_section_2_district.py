"""SCIENCE 2: the district of the IBPSA project's common exercise 1, network 0, in steady state."""

from dataclasses import replace

import numpy as np
import pytest

from energysim.components.heat_demand import HeatDemand
from energysim.components.heat_pipe import HeatPipe
from energysim.components.source import Source
from energysim.hydraulics.friction import HOT
from energysim.hydraulics.heat_loss import insulated_coefficient
from energysim.hydraulics.network import PipeNetwork, solve_flow, temperatures
from energysim.testing import solve

# From, to, length [m], inner diameter [m], insulation [m]: facts of the published pipe table.
MAINS = (
    ("i", "h", 36.0, 0.050, 0.0450), ("h", "g", 24.0, 0.050, 0.0450), ("g", "f", 24.0, 0.040, 0.0425),
    ("f", "e", 24.0, 0.032, 0.0465), ("i", "d", 36.0, 0.050, 0.0450), ("d", "c", 24.0, 0.050, 0.0450),
    ("c", "b", 24.0, 0.040, 0.0425), ("b", "a", 24.0, 0.032, 0.0465),
)  # fmt: skip
HOUSES = {"e": (1, 4), "a": (2, 3), "f": (7, 8), "g": (9, 12), "h": (13, 14), "b": (5, 6), "c": (10, 11), "d": (15, 16)}
LAST = (12.0, 0.025, 0.0425)
"""Service pipes at the far ends; all others are narrower."""
OTHERS = (12.0, 0.020, 0.0450)

FLOW = 553.0 / 3600.0
"""Of each consumer. [kg/s]"""


SERVICES = tuple(
    (junction, f"house_{number}", *(LAST if junction in "ae" else OTHERS))
    for junction, numbers in HOUSES.items()
    for number in numbers
)


def test_t_2_8_in_a_plan() -> None:
    """T-2.8 as 24 heat pipes of a plan, each with the loss of its pair at 70 and 40 degC: 314.30 kW, to 1e-3."""
    pipes = [
        HeatPipe(
            name=f"pipe_{start}_{end}", **{"from": start}, to=end, length=length / 1000.0, capacity=1.0, pumping=0.0,
            loss_coefficient=float(insulated_coefficient(inner, insulation, 0.035)), ground=10.0,
        )
        for start, end, length, inner, insulation in (*MAINS, *SERVICES)
    ]  # fmt: skip
    load = FLOW * 4180.0 * 30.0 * 1e-6
    homes = [HeatDemand(name=f"users_{end}", to=end, load=load) for _, end, *_ in SERVICES]
    where = {p.connections["received"]: {"carrier": "heat", "supply": 70.0, "return": 40.0} for p in pipes}
    results = solve([*pipes, *homes, Source(name="plant", to="i", price=1.0)], where | {"i": where["h"]}, steps=1)

    assert 16e3 * load == pytest.approx(308.21, abs=0.01)
    assert 1e3 * float(results.flow.sel(port="plant.given")[0]) == pytest.approx(314.30, rel=1e-3)


def test_t_2_8_sixteen_houses() -> None:
    """T-2.8: the source gives 314.30 kW for 308.21 kW of loads, and every junction has its temperature."""
    start, end, length, inner, insulation = zip(*MAINS, *SERVICES, strict=True)
    names = ["i", *sorted({*start, *end} - {"i"})]
    water = replace(HOT, heat_capacity=4180.0)
    district = PipeNetwork(
        np.array([names.index(name) for name in start]),
        np.array([names.index(name) for name in end]),
        np.array(length),
        np.array(inner),
        water=water,
    )
    coefficient = np.array([insulated_coefficient(d, s, 0.035) for d, s in zip(inner, insulation, strict=True)])
    is_house = np.array([name.startswith("house") for name in names])
    demand = np.where(is_house, FLOW, 0.0)
    demand[0] = -demand.sum()

    flow = solve_flow(district, demand).flow
    supply, _ = temperatures(district, flow, {0: 70.0}, coefficient, 10.0)
    cooled = {int(house): supply[house] - 30.0 for house in np.flatnonzero(is_house)}
    returned, _ = temperatures(district, -flow, cooled, coefficient, 10.0)

    capacity_flow = 16 * FLOW * water.heat_capacity / 1e3
    at = dict(zip(names, supply, strict=True))
    assert 30.0 * capacity_flow == pytest.approx(308.21, abs=0.01)
    assert capacity_flow * (70.0 - returned[0]) == pytest.approx(314.30, rel=1e-3)
    assert [at[name] for name in ("h", "g", "f", "e", "house_1")] == pytest.approx(
        [69.910, 69.831, 69.723, 69.543, 69.378], abs=1e-3
    )
    assert returned[0] == pytest.approx(39.407, abs=1e-3)
