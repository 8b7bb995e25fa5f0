"""Real hydraulics for a planned pipe: what pandapipes says of its worst hours, beside what the plan assumed."""

from dataclasses import dataclass

import numpy as np

from energysim.hydraulics.friction import HOT, mass_flow, pressure_gradient, pump_power, water_needed
from energysim.hydraulics.heat_loss import Buried, pair_loss
from energysim.hydraulics.pipes import TABLE, Design, pipes

PRESSURE = 16.0
"""That one pumping station gives. [bar]"""
FASTEST = 3.5
"""Velocity above which pipes ring and wear. [m/s]"""

AS_PLANNED = "as planned"
"""Remark on a pipe whose worst hours are as the plan counts them."""


@dataclass(frozen=True)
class Load:
    """A pipe in one hour of a plan."""

    pipe: str
    time: str
    heat: float
    """Sent. [MW]"""
    supply: float
    """[degC]"""
    returned: float
    """[degC]"""
    length: float
    """[km]"""
    largest: float
    """Flow of water for which the diameter of the pipe is chosen, the same in all its hours. [kg/s]"""
    planned_loss: float
    """[MW]"""
    planned_pumping: float
    """[MW]"""


@dataclass(frozen=True)
class Checked:
    """What the water does in that hour."""

    load: Load
    nominal: int
    """Diameter. [mm]"""
    velocity: float
    """[m/s]"""
    drop: float
    """Supply and return together. [bar]"""
    end_temperature: float
    """Of the supply where it arrives. [degC]"""
    loss: float
    """Supply and return together. [MW]"""
    pumping: float
    """[MW]"""

    @property
    def remark(self) -> str:
        """What a planner should look at."""
        found = []
        if self.velocity > FASTEST:
            found.append(f"faster than {FASTEST:g} m/s")
        if self.drop > PRESSURE - 2.0:
            found.append("needs pumps on the way")
        if self.loss > 1.25 * self.load.planned_loss + 0.01:
            found.append("loses more than planned")
        if self.pumping > 1.25 * self.load.planned_pumping + 0.01:
            found.append("pumps more than planned")
        return ", ".join(found) or AS_PLANNED


def check(load: Load, roughness: float = 1e-4, buried: Buried | None = None) -> Checked:
    """Run one hour of a pipe through pandapipes, supply and return.

    The diameter is the smallest that carries the largest flow of water at 150 Pa/m, or the largest there is.

    Parameters
    ----------
    load : Load
        Heat, temperatures, length and the flow to be carried.
    roughness : float
        [m]
    buried : Buried, optional
        Ground and insulation.

    Returns
    -------
    checked : Checked
    """
    buried = buried or Buried()
    design = Design(supply=load.supply, returned=load.returned, buried=buried)
    table = pipes(design)
    fits = np.flatnonzero(mass_flow(table.velocity, table.inner) >= load.largest)
    row = int(fits[0]) if len(fits) else len(table.inner) - 1
    nominal, inner, outer, casing, _ = TABLE[row]
    pair = pair_loss(outer * 1e-3, casing * 1e-3, casing * 1e-3 + design.clearance, buried)
    flow = float(water_needed(load.heat, load.supply - load.returned))
    watts = (
        pair.of_supply(load.supply, load.returned, buried.ground),
        pair.of_return(load.supply, load.returned, buried.ground),
    )
    # Water as cold as the ground loses nothing to it, whatever the coefficient.
    losses = tuple(
        loss / (temperature - buried.ground) if abs(temperature - buried.ground) > 1.0 else pair.own
        for loss, temperature in zip(watts, (load.supply, load.returned), strict=True)
    )
    there, back = (
        run_pipe(flow, temperature, load.length, (float(inner), loss, roughness), buried.ground)
        for temperature, loss in zip((load.supply, load.returned), losses, strict=True)
    )
    drop = there.drop + back.drop
    cooled = load.supply - there.outlet + load.returned - back.outlet
    return Checked(
        load=load,
        nominal=int(nominal),
        velocity=there.velocity,
        drop=drop,
        end_temperature=there.outlet,
        loss=flow * HOT.heat_capacity * cooled * 1e-6,
        pumping=float(pump_power(drop * 1e5, flow)),
    )


@dataclass(frozen=True)
class _Pipe:
    velocity: float
    drop: float
    outlet: float


def run_pipe(flow: float, temperature: float, length: float, pipe: tuple[float, float, float], ground: float) -> _Pipe:
    """Run water of a mass flow [kg/s] and temperature [degC] through one pipe of a length [km] in pandapipes.

    The pipe is its inner diameter [mm], loss [W/(m K)] and roughness [m].
    """
    inner, loss, roughness = pipe
    # pandapipes takes seconds to import, and only a check of pipes needs it.
    import pandapipes  # noqa: PLC0415

    water = pandapipes.create_empty_network(fluid="water")
    # Pumps on the way keep the pressure up in a long pipe; here the start makes up for them.
    velocity = flow / (HOT.density * np.pi * (inner * 1e-3) ** 2 / 4.0)
    start = PRESSURE + 1.5e-2 * length * float(pressure_gradient(velocity, inner * 1e-3, roughness))
    first, last = (pandapipes.create_junction(water, start, temperature + 273.15) for _ in range(2))
    pandapipes.create_ext_grid(water, first, start, temperature + 273.15, type="pt")
    per_area = loss / (np.pi * inner * 1e-3)
    pandapipes.create_pipe_from_parameters(
        water, first, last, length, inner_diameter_mm=inner, k_mm=roughness * 1e3, u_w_per_m2k=per_area,
        text_k=ground + 273.15,
    )  # fmt: skip
    pandapipes.create_sink(water, last, flow)
    pandapipes.pipeflow(water, mode="sequential", friction_model="colebrook")
    solved = water.res_pipe.iloc[0]
    return _Pipe(
        velocity=float(solved.v_mean_m_per_s),
        drop=float(solved.p_from_bar - solved.p_to_bar),
        outlet=float(solved.t_to_k) - 273.15,
    )
