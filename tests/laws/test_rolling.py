"""Looking ahead some days on random towns: the worth of what is left in store helps, and never hurts."""

import numpy as np
import pytest

from energysim.components.boiler import Boiler
from energysim.components.electric_boiler import ElectricBoiler
from energysim.components.electricity_market import ElectricityMarket
from energysim.components.fuel_supply import FuelSupply
from energysim.components.heat_demand import HeatDemand
from energysim.components.heat_store import HeatStore
from energysim.components.source import Source
from energysim.declare import Component
from energysim.testing import model_of, scenario_of
from solvers.answer import Status
from solvers.coarse import end_values
from solvers.highs import solve
from solvers.program import HourlyProgram
from solvers.rolling import EndWorth, Rolling, roll

DAYS = 20


def random_town(draw: np.random.Generator) -> HourlyProgram:
    """Residual heat that stops, power at changing prices, wood, oil, and one or two stores of hours to weeks."""
    hours = np.arange(24 * DAYS)
    swing = draw.uniform(0.0, 10.0) * np.sin(2 * np.pi * hours / len(hours) + draw.uniform(0.0, 6.0))
    day = draw.uniform(0.0, 5.0) * np.sin(2 * np.pi * hours / 24 + draw.uniform(0.0, 6.0))
    load = np.maximum(1.0, 25.0 + swing + day + draw.normal(0.0, draw.uniform(0.0, 3.0), len(hours)))
    runs = np.ones(len(hours))
    stop = int(draw.integers(0, len(hours)))
    runs[stop : stop + int(draw.integers(6, 120))] = 0.0
    power = np.maximum(1.0, 35.0 + 4.0 * day + draw.normal(0.0, draw.uniform(1.0, 15.0), len(hours)))
    parts: list[Component] = [
        HeatDemand(name="users", to="heat", load=load),
        Source(name="mill", to="heat", price=1.0, capacity=draw.uniform(5.0, 35.0), availability=runs),
        ElectricityMarket(name="market", to="grid", price=power, grid_fee=5.0),
        ElectricBoiler(name="boiler", power="grid", to="heat", capacity=draw.uniform(0.0, 15.0), efficiency=1.0),
        FuelSupply(name="trade", to="chips", price=draw.uniform(20.0, 40.0)),
        Boiler(name="wood", fuel="chips", to="heat", capacity=draw.uniform(0.0, 20.0), efficiency=0.9),
        Source(name="oil", to="heat", price=95.0),
    ]
    for number in range(int(draw.integers(1, 3))):
        volume = 10.0 ** draw.uniform(1.5, 3.5)
        start = draw.uniform(0.0, 1.0) if draw.random() < 0.5 else None
        parts.append(
            HeatStore(
                name=f"store{number}", network="heat", volume=volume, power=min(30.0, volume / draw.uniform(3.0, 50.0)),
                start=start, standing_loss=10.0 ** draw.uniform(-5.0, -3.0),
            )
        )  # fmt: skip
    scenario = scenario_of(parts, {"heat": "heat", "grid": "electricity"}, {"chips": {}}, steps=len(hours))
    return model_of(scenario).program


@pytest.mark.parametrize("seed", range(12))
def test_the_worth_of_what_is_left_never_hurts(seed: int) -> None:
    """Two days ahead: with the worth of the estimate a walk costs no more than 0.3 % above one without, in whatever
    town, and no less than with perfect sight; where a walk without it finds no way to the end, this one does.
    """
    program = random_town(np.random.default_rng(seed))
    best = solve(program.assemble()).objective
    values, held = end_values(program, 6)
    knowing = roll(program, Rolling(48, 24, EndWorth.around(values, held), held))
    blind = roll(program, Rolling(48, 24, None, held))

    assert knowing.status is Status.OPTIMAL
    assert knowing.objective >= best - 1e-6 * best
    assert blind.status is not Status.OPTIMAL or knowing.objective <= 1.003 * blind.objective
