"""What a parameter is read with: units, horizon, series."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from energysim.errors import brief
from energysim.scenario.horizon import Horizon
from energysim.scenario.profiles import climate_of
from energysim.scenario.series import SeriesSetting, read_series
from energysim.units import Converter

LARGEST_SEED = 2**63 - 1
"""What a run folder can keep of a seed."""


@dataclass
class Reading:
    """What a parameter is read with; pydantic's validation context."""

    units: Converter
    setting: SeriesSetting
    seed: int
    is_timed: bool = True
    """Whether the horizon is known; without one no series can be judged."""
    effect_units: Mapping[str, str] = field(default_factory=dict)
    """Unit each effect of the scenario is counted in."""
    name: str = ""
    """Component being read, so that random series of two components differ."""
    amount: str = "MWh"
    """What the flow being spoken of is counted in, ``MWh`` or ``t``."""

    @property
    def horizon(self) -> Horizon:
        """The scenario's steps."""
        return self.setting.horizon

    def series(self, value: Any, unit: str) -> Any:
        """Read a list or mapping that describes a series."""
        return read_series(value, unit, self.setting) if self.is_timed else np.ones(self.horizon.count)

    def outdoor(self, climate: Any) -> Any:
        """Read temperatures of the whole years the horizon lies in, generated or from a series. (hour,) [degC]"""
        years = self.horizon.hourly_years()
        is_series = isinstance(climate, list) or (isinstance(climate, Mapping) and "climate" not in climate)
        if not is_series:
            return climate_of(climate, years, self.seed)
        return read_series(climate, "degC", replace(self.setting, horizon=years))


def read_seed(seed: Any, add: Callable[..., None]) -> int:
    """Read the number that fixes all chance; what is wrong is told by ``add`` and counts as 0."""
    is_whole = isinstance(seed, int) and not isinstance(seed, bool)
    if is_whole and 0 <= seed <= LARGEST_SEED:
        return int(seed)
    needed = f"The largest is {LARGEST_SEED}." if is_whole and seed > 0 else ""
    add(("seed",), f"'{brief(seed)}' is not a whole number from 0.", needed)
    return 0
