"""Operation without foresight: the planned region walked hour by hour, in the planned year and in uncertain ones."""

from energysim.simulation.security import secure
from energysim.simulation.simulate import Simulated, simulate
from energysim.simulation.story import Asked, kept_beside, run_simulation

__all__ = ["Asked", "Simulated", "kept_beside", "run_simulation", "secure", "simulate"]
