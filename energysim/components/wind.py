"""Wind power: a profile, or the wind and a turbine, times a size."""

import warnings
from typing import Annotated, Any, ClassVar, Self

import numpy as np
from pydantic import Field, model_validator

from energysim.declare import Direction, Look, Port, Share, ShareSeries, Surroundings, derived, rule
from energysim.quantities import Bounds, Series, Unit
from energysim.traits.producing import Producing

SpeedSeries = Annotated[float | np.ndarray, Series("m/s", Bounds(lower=0.0))]
Metre = Annotated[float, Unit("m"), Field(gt=0)]
Speed = Annotated[float, Unit("m/s"), Field(ge=0)]

STANDARD_DENSITY = 1.225
"""Air density for which power curves are given. [kg/m3]"""


class Wind(Producing):
    r"""Give power as the wind allows; what is not wanted is curtailed.

    :math:`P_t \le a_t\, f_t\, K`. The share :math:`f_t` is a ``profile``, or follows from the wind speed at one height:
    :math:`v_h = v_r \ln(h/z_0) / \ln(h_r/z_0)` at the hub, corrected for the density of cold air by
    :math:`(\rho/\rho_0)^{1/3}`, through the turbine's power curve, less wake, icing and electrical losses [1]_ [2]_.
    Inland northern Sweden gives 3 000 to 3 600 full-load hours, and loses 2 to 10 % to ice.

    References
    ----------
    .. [1] J. F. Manwell, J. G. McGowan, A. L. Rogers, Wind Energy Explained, 2nd ed., Wiley, 2009, ch. 2 and 9.
    .. [2] S. Haas et al., windpowerlib, 2024 (power curves of turbines).
    """

    output: ClassVar[str] = "power"
    look: ClassVar[Look] = Look("#4c9ed9", order=12)
    example: ClassVar[str] = "ridge: {type: wind, to: grid, capacity: 100 MW, profile: [0.3, 0.5, 0.1]}"

    power = Port(Direction.OUT, "electricity", "to", "Power given to the network.")

    profile: ShareSeries | None = None
    """Output over capacity when nothing is curtailed."""
    wind_speed: SpeedSeries | None = None
    """Wind speed, instead of a profile."""
    measured_at: Metre = 10.0
    """Height of the wind speed above ground."""
    hub_height: Metre = 120.0
    """Height of the hub."""
    roughness: Metre = 0.1
    """Roughness length of the ground: 0.03 m for open fields, 0.5 m and more for forest."""
    turbine: str | None = None
    """Turbine whose power curve is used, by its name in windpowerlib, such as E-126/4200."""
    power_curve: tuple[tuple[Speed, Share], ...] = ()
    """Wind speed at the hub and output over capacity, instead of a turbine."""
    cold_air: bool = True
    """Whether the density of the air follows the outdoor temperature, where the place has one."""
    wake: Share = 0.08
    """Output lost behind other turbines."""
    icing: Share = 0.04
    """Output lost to ice."""
    electrical: Share = 0.02
    """Output lost in cables and transformers."""

    @model_validator(mode="after")
    def _knows_its_wind(self) -> Self:
        if (self.profile is None) == (self.wind_speed is None):
            raise ValueError("it needs either a 'profile', a share of the capacity, or a 'wind_speed'.")
        if self.wind_speed is None:
            return self
        if (self.turbine is None) == (not self.power_curve):
            raise ValueError("with 'wind_speed' it needs either a 'turbine' or a 'power_curve'.")
        if min(self.measured_at, self.hub_height) <= self.roughness:
            raise ValueError("'measured_at' and 'hub_height' must be above the 'roughness'.")
        speeds = [speed for speed, _ in self.power_curve]
        if speeds != sorted(set(speeds)):
            raise ValueError("the wind speeds of the 'power_curve' must rise.")
        return self

    @derived("1")
    def yielded(self, given: Surroundings) -> Any:
        """Output over capacity when nothing is curtailed."""
        if self.profile is not None:
            return self.profile
        speed = np.broadcast_to(np.asarray(self.wind_speed, float), len(given.hours))
        at_hub = speed * np.log(self.hub_height / self.roughness) / np.log(self.measured_at / self.roughness)
        kept = (1.0 - self.wake) * (1.0 - self.icing) * (1.0 - self.electrical)
        speeds, shares = self._curve()
        return kept * np.interp(at_hub * self._density(given), speeds, shares, left=0.0, right=0.0)

    @rule
    def within_capacity(self, v: Any, t: Any) -> Any:
        """The output stays within what the wind gives."""
        return v.power[t] <= v.availability[t] * v.yielded[t] * v.capacity

    def _density(self, given: Surroundings) -> Any:
        """Cube root of the density over its standard: cold air pushes harder."""
        if not self.cold_air or not given.has_weather:
            return 1.0
        density = 101_325.0 / (287.05 * (given.outdoor + 273.15))
        return (density / STANDARD_DENSITY) ** (1.0 / 3.0)

    def _curve(self) -> tuple[Any, Any]:
        if self.power_curve:
            speeds, shares = np.array(self.power_curve, float).T
            return speeds, shares
        # Only a plant with a turbine pays for reading the library of turbines.
        from windpowerlib import WindTurbine  # noqa: PLC0415

        try:
            with warnings.catch_warnings():
                # It warns of a turbine without curve; that is told below.
                warnings.simplefilter("ignore")
                turbine = WindTurbine(hub_height=self.hub_height, turbine_type=self.turbine)
        except (KeyError, ValueError) as error:
            raise ValueError(f"windpowerlib knows no turbine '{self.turbine}' with a power curve.") from error
        if turbine.power_curve is None or not turbine.nominal_power:
            raise ValueError(f"windpowerlib knows no turbine '{self.turbine}' with a power curve.")
        curve = turbine.power_curve
        return curve["wind_speed"].to_numpy(float), curve["value"].to_numpy(float) / float(turbine.nominal_power)
