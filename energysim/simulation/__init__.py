"""Operation without foresight: the planned region walked hour by hour, in the planned year and in uncertain ones."""

from energysim.simulation.simulate import Simulated, simulate


__all__ = ["Simulated", "simulate"]
