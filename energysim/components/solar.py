"""Solar power: a profile, or the sun on a tilted module, times a size."""

from typing import Annotated, Any, ClassVar, Self

import numpy as np
from pydantic import Field, model_validator

from energysim.declare import Array, Direction, Look, Port, Share, ShareSeries, Surroundings, derived, rule
from energysim.quantities import Bounds, Series, Unit
from energysim.traits.producing import Producing

IrradianceSeries = Annotated[float | np.ndarray, Series("W/m2", Bounds(lower=0.0, upper=1600.0))]
Degree = Annotated[float, Unit("1")]

USUAL_LOSSES = {
    "soiling": 0.02, "shading": 0.03, "mismatch": 0.02, "wiring": 0.02, "connections": 0.005, "degradation": 0.015,
    "rating": 0.01, "availability": 0.03,
}  # fmt: skip
"""Losses of a usual plant; together 14 %. The snow of the north comes on top."""


class Solar(Producing):
    r"""Give power as the sun allows; what is not wanted is curtailed.

    :math:`P_t \le a_t\, f_t\, K`. The share :math:`f_t` is a ``profile``, or follows from the irradiance on the ground:
    split into beam and diffuse light, turned to the module's plane, :math:`G_t`, and

    .. math:: f_t = \frac{G_t}{1000} \left[1 + \gamma (T_{c,t} - 25)\right] \prod_i (1 - l_i),\quad
              T_c = T_a + \frac{N - 20}{800} G

    with the cell temperature by the nominal operating temperature :math:`N` and losses :math:`l_i` [1]_ [2]_.

    References
    ----------
    .. [1] K. S. Anderson et al., pvlib python: 2023 project update, Journal of Open Source Software 8, 2023 (solar
       position, split after Erbs, sky after Hay and Davies).
    .. [2] J. A. Duffie, W. A. Beckman, Solar Engineering of Thermal Processes, 4th ed., Wiley, 2013, ch. 1, 2 and 23.
    """

    output: ClassVar[str] = "power"
    look: ClassVar[Look] = Look("#f4c20d", order=13)
    example: ClassVar[str] = "roofs: {type: solar, to: grid, capacity: 20 MW, profile: [0.0, 0.4, 0.6]}"

    power = Port(Direction.OUT, "electricity", "to", "Power given to the network.")

    profile: ShareSeries | None = None
    """Output over capacity when nothing is curtailed."""
    irradiance: IrradianceSeries | None = None
    """Irradiance on level ground, instead of a profile; needs the place's location."""
    tilt: Annotated[Degree, Field(ge=0, le=90)] = 40.0
    """Angle of the modules from level, in degrees."""
    azimuth: Annotated[Degree, Field(ge=0, le=360)] = 180.0
    """Where the modules face, in degrees: 90 east, 180 south, 270 west."""
    ground: Share = 0.25
    """Share of the light that the ground throws back; 0.7 with snow."""
    temperature_coefficient: Annotated[float, Unit("1/K")] = -0.0035
    """Change of output for each kelvin of the cells above 25 degC."""
    operating_temperature: Annotated[float, Unit("degC")] = 45.0
    """Nominal operating temperature of the cells."""
    losses: dict[str, Share] = Field(default_factory=lambda: dict(USUAL_LOSSES))
    """Losses by name; they multiply."""

    @model_validator(mode="after")
    def _knows_its_sun(self) -> Self:
        if (self.profile is None) == (self.irradiance is None):
            raise ValueError("it needs either a 'profile', a share of the capacity, or an 'irradiance'.")
        return self

    @property
    def kept(self) -> float:
        """Share that the losses leave."""
        return float(np.prod([1.0 - loss for loss in self.losses.values()]))

    @derived("1")
    def yielded(self, given: Surroundings) -> Any:
        """Output over capacity when nothing is curtailed."""
        if self.profile is not None:
            return self.profile
        on_module = self._on_module(given)
        outdoor = given.outdoor if given.has_weather else 10.0
        cell = outdoor + (self.operating_temperature - 20.0) / 800.0 * on_module
        output = on_module / 1000.0 * (1.0 + self.temperature_coefficient * (cell - 25.0)) * self.kept
        return np.clip(output, 0.0, 1.0)

    @rule
    def within_capacity(self, v: Any, t: Any) -> Any:
        """The output stays within what the sun gives."""
        return v.power[t] <= v.availability[t] * v.yielded[t] * v.capacity

    def _on_module(self, given: Surroundings) -> Array:
        """Irradiance on the module's plane. [W/m2] (step,)"""
        # Only a plant with irradiance pays for the astronomy.
        import pandas as pd  # noqa: PLC0415
        from pvlib import irradiance, solarposition  # noqa: PLC0415

        latitude, longitude = given.location
        middle = given.stamps + (given.hours * 1800.0).astype("timedelta64[s]")
        times = pd.DatetimeIndex(middle.astype("datetime64[ns]"), tz="UTC")
        sun = solarposition.get_solarposition(times, latitude, longitude)
        level = np.broadcast_to(np.asarray(self.irradiance, float), len(times))
        split = irradiance.erbs(level, sun["zenith"].to_numpy(), times)
        plane = irradiance.get_total_irradiance(
            self.tilt, self.azimuth, sun["apparent_zenith"].to_numpy(), sun["azimuth"].to_numpy(),
            np.asarray(split["dni"]), level, np.asarray(split["dhi"]),
            dni_extra=irradiance.get_extra_radiation(times).to_numpy(), albedo=self.ground, model="haydavies",
        )  # fmt: skip
        return np.nan_to_num(np.asarray(plane["poa_global"], float), nan=0.0).clip(min=0.0)
