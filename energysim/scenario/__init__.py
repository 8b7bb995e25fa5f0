"""YAML to a checked scenario: units, inheritance, overrides, series, line numbers."""

from energysim.scenario.load import load
from energysim.scenario.merge import variant_names
from energysim.scenario.scenario import Scenario

__all__ = ["Scenario", "load", "variant_names"]
