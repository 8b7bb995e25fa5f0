"""Hour rules to solver-ready arrays and back: the one place that knows Pyomo."""

from energysim.model.build import Model, build

__all__ = ["Model", "build"]
