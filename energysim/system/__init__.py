"""The frozen network of places, nodes and components, and the structure of time."""

from energysim.system.assemble import assemble
from energysim.system.network import Node, System
from energysim.system.plan import Booking, Plan, Proof
from energysim.system.time import Time

__all__ = ["Booking", "Node", "Plan", "Proof", "System", "Time", "assemble"]
