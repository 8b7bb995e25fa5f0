"""What is taken from a plan into operation: sizes, what stores held before the first hour, prices of budgets."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from energysim.model import Model
from energysim.system import Plan
from solvers.program import HourlyProgram
from solvers.settle import peak_columns

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


RESERVE = "reserve"
"""Last word of the single columns that hold a store's reserve."""
KEEPS_RESERVE = "keeps_reserve"
"""Last word of the rows that keep it."""


@dataclass(frozen=True)
class Design:
    """Sizes and beginnings by name, so that they fit the programs of other years too."""

    settled: Mapping[str, float]
    """Columns that exist once: sizes, values before the first hour, contracts. Those of a day or month are not here."""
    before: Mapping[str, float]
    """Hourly columns before the first step, as the last of the plan."""
    prices: Mapping[str, float]
    """Worth of a unit of each row over the horizon, such as a budget."""

    @property
    def reserves(self) -> dict[str, float]:
        """Energy a secured plan keeps in stores, by component. [MWh]"""
        ends = f".{RESERVE}"
        return {name.removesuffix(ends): value for name, value in self.settled.items() if name.endswith(ends)}

    def settled_in(self, program: HourlyProgram) -> Floats:
        """Values of a program's single columns; those of a day or month at their least. (global,)"""
        lower = np.where(np.isfinite(program.globals.lower), program.globals.lower, 0.0)
        names = program.names.globals
        return np.array([self.settled.get(name, least) for name, least in zip(names, lower, strict=True)], float)

    def before_in(self, program: HourlyProgram) -> Floats:
        """Values of a program's hourly columns before the first step. (block,)"""
        return np.array([self.before.get(name, 0.0) for name in program.names.columns], float)

    def prices_in(self, program: HourlyProgram) -> Floats:
        """Worth of a unit of a program's rows over the horizon. (global row,)"""
        return np.array([self.prices.get(name, 0.0) for name in program.names.global_rows], float)


def design_of(model: Model, plan: Plan) -> Design:
    """Take a design out of a plan.

    Parameters
    ----------
    model : Model
        What was planned.
    plan : Plan
        Its optimum, with duals where budgets are to keep their price.

    Returns
    -------
    design : Design
    """
    program, layout = model.program, model.columns
    first = program.steps * len(program.columns)
    single = plan.columns[first : first + len(program.globals.cost)]
    names = program.names
    starts = {names.globals[column]: key for key, column in layout.starts.items()}
    risen = peak_columns(program)
    settled = {name: float(single[k]) for k, name in enumerate(names.globals) if k not in risen}
    hourly = plan.columns[:first].reshape(len(program.columns), program.steps)
    before = {name: float(hourly[block, -1]) for block, name in enumerate(names.columns)}
    before |= {".".join(key): settled[name] for name, key in starts.items()}
    duals = plan.row_duals[int(program.row_starts[-1]) :]
    prices = {name: float(dual) for name, dual in zip(names.global_rows, duals, strict=False)}
    return Design(settled, before, prices)
