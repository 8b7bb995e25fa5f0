"""The regional reference case: towns in a ring with electricity, heat and, in every third, hydrogen; sizes decided.

Figures are round numbers of the right magnitude: the case measures speed, not a region.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

Floats = NDArray[np.float64]

HOURS_PER_YEAR = 8760
DISCOUNT_RATE = 0.05
CO2_CAP_PER_TOWN = 5e3
"""[t/a]"""


@dataclass(frozen=True)
class Plant:
    """A size to be decided, and what running it costs."""

    largest: float
    """Per unit of town size. [MW, for stores MWh]"""
    investment: float
    """[money/MW, for stores money/MWh]"""
    lifetime: float
    """[a]"""
    running: float = 0.0
    """[money/MWh of the main flow]"""

    @property
    def yearly(self) -> float:
        """Annuity of one unit of size. [money/MW/a or money/MWh/a]"""
        return self.investment * DISCOUNT_RATE / (1.0 - (1.0 + DISCOUNT_RATE) ** -self.lifetime)


@dataclass(frozen=True)
class Tank:
    """A store whose size is decided."""

    kind: str
    """Component type."""
    carrier: str
    plant: Plant
    standing_loss: float
    """Share of the content lost in an hour."""
    efficiency: float
    """Share that goes in, and share that comes out."""
    hours_to_fill: float
    """[h]"""


WIND = Plant(200.0, 1.2e6, 25.0)
CHP = Plant(30.0, 3.2e6, 30.0, running=3.0)
WOOD_BOILER = Plant(180.0, 0.6e6, 25.0, running=2.0)
ELECTRIC_BOILER = Plant(200.0, 0.1e6, 20.0, running=1.0)
HEAT_PUMP = Plant(300.0, 0.8e6, 25.0, running=1.5)
ELECTROLYSER = Plant(130.0, 1.1e6, 15.0, running=1.0)
CONNECTION = Plant(80.0, 0.3e6, 30.0, running=2.0)
"""Of residual heat."""
PIPE = Plant(100.0, 0.5e6, 40.0)
OIL_BOILER_CAPACITY = 270.0
STORES = {
    "tank": Tank("heat_store", "heat", Plant(5e3, 5e3, 40.0, 0.01), 5e-4, 0.98, 10.0),
    "pit": Tank("heat_store", "heat", Plant(2e5, 0.6e3, 30.0, 0.01), 5e-5, 0.95, 200.0),
    "battery": Tank("battery", "electricity", Plant(1e3, 2.5e5, 15.0, 0.01), 0.0, 0.95, 4.0),
}
HYDROGEN_STORE = Tank("store", "hydrogen", Plant(1e4, 1.5e4, 30.0, 0.01), 0.0, 1.0, 4.0)

FUELS = {"wood": (24.0, 0.0), "oil": (85.0, 0.27)}
"""Price [money/MWh] and stack emission [t/MWh]."""
GRID_LIMIT, GRID_FEE, MARGIN = 400.0, 10.0, 2.0
LINE_LIMIT, LINE_FEE, LINE_LOSS, PIPE_LOSS = 150.0, 0.1, 0.02, 0.05
CHP_POWER, CHP_HEAT, CHP_RAMP = 0.28, 0.62, 0.2
BOILER_EFFICIENCY, ELECTRIC_BOILER_EFFICIENCY = 0.9, 0.98
ELECTROLYSER_GAS, ELECTROLYSER_HEAT = 0.65, 0.15
HYDROGEN_DEMAND, RESIDUAL_HEAT = 20.0, 60.0
REJECTION_COST = 0.5


@dataclass(frozen=True)
class Town:
    """One town's size and series."""

    name: str
    size: float
    electricity: Floats
    """Demand. [MW] (step,)"""
    heat: Floats
    """Demand. [MW] (step,)"""
    wind: Floats
    """Output as a share of the capacity, zero in calm hours. (step,)"""
    running: Floats
    """Share of the residual heat that flows, zero while the plant stands still. (step,)"""
    cop: Floats
    """Of the heat pump. (step,)"""
    has_hydrogen: bool


@dataclass(frozen=True)
class Region:
    """All that the three builders start from."""

    steps: int
    price: Floats
    """Of electricity. [money/MWh] (step,)"""
    towns: tuple[Town, ...]

    @property
    def year_share(self) -> float:
        """Share of yearly costs that the horizon carries."""
        return self.steps / HOURS_PER_YEAR

    @property
    def neighbours(self) -> tuple[tuple[int, int], ...]:
        """Pairs of towns with a pipe and a line between them, round the ring."""
        count = len(self.towns)
        if count == 2:
            return ((0, 1),)
        return tuple((here, (here + 1) % count) for here in range(count)) if count > 1 else ()


def region(towns: int = 5, steps: int = HOURS_PER_YEAR, seed: int = 0) -> Region:
    """Make the case.

    Parameters
    ----------
    towns : int
        Number of towns.
    steps : int
        Number of hours.
    seed : int
        The same seed gives the same case.
    """
    random = np.random.default_rng(seed)
    hour = np.arange(steps)
    outdoor = 2.0 - 14.0 * _wave(hour, HOURS_PER_YEAR, 24 * 15) - 3.0 * _wave(hour, 24, 3)
    outdoor += lfilter([0.8], [1.0, -0.98], random.normal(size=steps))
    price = 40.0 + 15.0 * _wave(hour, 24, 18) + 20.0 * np.clip(-outdoor / 15.0, 0.0, None)
    price = np.clip(price + random.normal(scale=8.0, size=steps), -5.0, None)
    return Region(steps, price, tuple(_town(number, hour, outdoor, random) for number in range(towns)))


def _town(number: int, hour: NDArray[np.int64], outdoor: Floats, random: np.random.Generator) -> Town:
    size = random.uniform(0.3, 1.5)
    wind = 0.35 + 0.25 * _wave(hour, 97, 31 * number) + random.normal(scale=0.15, size=len(hour))
    is_running = random.random(len(hour)) > 0.03
    return Town(
        name=f"town{number}",
        size=size,
        electricity=size * (80.0 + 2.0 * np.clip(10.0 - outdoor, 0.0, None) + 10.0 * _wave(hour, 24, 14)),
        heat=size * (20.0 + 6.0 * np.clip(17.0 - outdoor, 0.0, None) + 5.0 * _wave(hour, 24, 13)),
        wind=np.clip(wind, 0.0, 1.0),
        running=np.clip(random.normal(0.8, 0.2, len(hour)), 0.0, 1.0) * is_running,
        cop=np.clip(2.2 + 0.04 * outdoor, 1.5, 4.0),
        has_hydrogen=number % 3 == 0,
    )


def _wave(hour: NDArray[np.int64], period: float, peak: float) -> Floats:
    """Swing between -1 and 1 with its peak at the given hour."""
    return np.cos(2.0 * np.pi * (hour - peak) / period)
