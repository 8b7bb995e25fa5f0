"""Behaviour that many component types share, each with its equations in one file."""

from energysim.traits.availability import Availability
from energysim.traits.combustion import Combustion
from energysim.traits.condensation import Condensation
from energysim.traits.onoff import OnOff, RateOnOff
from energysim.traits.partload import InputPartLoad, PartLoad
from energysim.traits.ramps import Ramps
from energysim.traits.sizing import (
    CountSizing,
    EnergySizing,
    MassSizing,
    PowerSizing,
    RateSizing,
    Sizing,
    SpaceSizing,
    annuity,
)

__all__ = [
    "Availability",
    "Combustion",
    "Condensation",
    "CountSizing",
    "EnergySizing",
    "InputPartLoad",
    "MassSizing",
    "OnOff",
    "PartLoad",
    "PowerSizing",
    "Ramps",
    "RateOnOff",
    "RateSizing",
    "Sizing",
    "SpaceSizing",
    "annuity",
]
