"""One program run hour by hour: the ring closed, peaks and what hangs on them settled, the cost counted."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from energysim.errors import InfeasibleError, OutputError, SolverError, UnboundedError
from energysim.model import Model
from energysim.model.explain import moment
from energysim.scenario.simulation import Simulation
from energysim.simulation.design import KEEPS_RESERVE, Design
from solvers.answer import Answer, Status
from solvers.carrying import carried
from solvers.hourly.engine import INFEASIBLE, OPTIMAL, UNBOUNDED, Layout, RefusedError, StoreWorth, Walked, lay_out
from solvers.program import HourlyProgram
from solvers.settle import settled

Floats = NDArray[np.float64]

_PASSES = 6
"""Walks in search of a ring that closes by itself."""
_HOMING = 336
"""Steps before the end in which stores that do not come back by themselves are brought back."""
_CLOSED = 1e-7
_TRIFLE = 1e-7
"""Share of the largest cost."""


@dataclass(frozen=True)
class Operated:
    """What operation came to."""

    hourly: Floats
    """(block, step)"""
    single: Floats
    """(global,)"""
    prices: Floats
    """(row block, step)"""
    cost: float
    """Objective, everything included. [money]"""
    carried: float
    """What stores hold more at the end than at the beginning, each part at its worth in the last hour. [money]"""
    pivots: int

    @property
    def columns(self) -> Floats:
        """All values in the order of the assembled program."""
        return np.concatenate([self.hourly.ravel(), self.single])


@dataclass(frozen=True)
class Switching:
    """How an operator switches plants on and off."""

    expected_run: float = 12.0
    """Hours over which the cost of a start is spread in deciding on it. [h]"""
    priority: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By network, the components that are switched on in this order and off in the reverse."""

    @classmethod
    def of(cls, simulation: Simulation) -> Self:
        """As the scenario says."""
        return cls(simulation.expected_run, simulation.priority)

    def lists(self, program: HourlyProgram) -> list[list[tuple[int, int]]]:
        """Columns that say what is on and rows that hold what is on to its size, in the order of each list."""
        names, rows = program.names.columns, program.names.rows
        return [
            [
                (block, rows.index(f"{one.removesuffix('.on')}.below_size"))
                for name in order
                for block, one in enumerate(names)
                if one.startswith(f"{name}.") and one.endswith(".on")
            ]
            for order in self.priority.values()
        ]


def operate(
    model: Model,
    design: Design,
    worths: Mapping[int, StoreWorth],
    closes: bool = True,
    switching: Switching | None = None,
) -> Operated:
    """Run a model's hours one after the other.

    Parameters
    ----------
    model : Model
        Any year of the region.
    design : Design
        Sizes and beginnings.
    worths : mapping of block to StoreWorth
        The storage policy.
    closes : bool
        Whether what stores hold at the end must be what they began with, as in the plan; else the difference is
        valued.
    switching : Switching, optional
        How plants are switched on and off; by cost alone where absent.

    Returns
    -------
    operated : Operated

    Raises
    ------
    InfeasibleError
        When an hour has no way on; says which.
    OutputError
        When something cannot be run hour by hour; says what.
    """
    program, switching = model.program, switching or Switching()
    given = worths
    if worths and design.reserves and not any(name.endswith(f".{KEEPS_RESERVE}") for name in program.names.rows):
        worths = _with_reserves(model, design, worths)
    layout = _laid_out(model, design, worths, switching)
    begin = np.repeat(design.before_in(program)[:, None], max(1, layout.before), axis=1)
    ring = _ring(program)
    goal = begin[:, -1].copy()
    walked = _walked(model, layout, begin)
    for _ in range(_PASSES if closes and ring.any() else 0):
        end = walked.values[:, -begin.shape[1] :]
        if np.all(np.abs(end - begin)[ring] <= _CLOSED * (1.0 + np.abs(begin[ring]))):
            break
        begin = np.where(ring[:, None], end, begin)
        walked = _walked(model, layout, begin)
    if closes and _misses(program, walked, begin, ring, goal):
        goal = np.where(ring, begin[:, -1], goal)
        homing = {block: _homing(worth, goal[block]) for block, worth in worths.items()}
        layout = _laid_out(model, design, homing, switching)
        walked = _walked(model, layout, begin)
    hourly, single = settled(program, walked.values, walked.reached)
    added = sum(left_over(one, begin[block, -1], hourly[block, -1]) for block, one in given.items())
    return Operated(hourly, single, walked.prices, objective(program, hourly, single), added, walked.pivots)


def left_over(worth: StoreWorth, begin: float, end: float) -> float:
    """Value what a store holds more at the end than at the beginning, every piece of the content at its own worth.

    Parameters
    ----------
    worth : StoreWorth
        Of the last step counts.
    begin, end : float
        Contents. [unit]

    Returns
    -------
    value : float
        Below zero where less is held. [money]

    Examples
    --------
    The first 2 MWh are worth 30 each, what is above them 10: from 1 to 4 MWh is 30 + 20.

    >>> worth = StoreWorth(np.array([[2.0]]), np.array([[30.0, 10.0]]), np.array([[30.0, 10.0]]))
    >>> left_over(worth, 1.0, 4.0)
    50.0
    """
    values = worth.above[-1] if worth.left is None else worth.left
    low, high = np.r_[-np.inf, worth.breaks[-1]], np.r_[worth.breaks[-1], np.inf]
    return float(values @ (np.clip(end, low, high) - np.clip(begin, low, high)))


def objective(program: HourlyProgram, hourly: Floats, single: Floats) -> float:
    """Cost of a program's values. [money]"""
    total = program.offset + float(program.globals.cost @ single)
    return total + sum(float(np.sum(c.cost * hourly[block])) for block, c in enumerate(program.columns))


def answer_of(model: Model, operated: Operated) -> Answer:
    """Write operation as an answer that :func:`energysim.model.solve.lift` names and proves."""
    program = model.program
    duals = [
        operated.prices[number] if rows.steps is None else operated.prices[number][rows.steps]
        for number, rows in enumerate(program.rows)
    ]
    return Answer(
        status=Status.OPTIMAL,
        method="hour by hour",
        objective=operated.cost,
        columns=operated.columns,
        row_duals=np.concatenate([*duals, np.zeros(len(program.global_rows))]),
        column_duals=np.zeros(program.column_count),
        gap=0.0,
        iterations=operated.pivots,
        seconds=0.0,
    )


def _laid_out(model: Model, design: Design, worths: Mapping[int, StoreWorth], switching: Switching) -> Layout:
    program = _decided(model, switching.expected_run)
    lists = switching.lists(program)
    try:
        return lay_out(program, design.settled_in(program), worths, design.prices_in(program), lists)
    except RefusedError as error:
        raise OutputError(
            f"This scenario cannot be run hour by hour: {error}. Use  --engine optimise  or  --engine rolling."
        ) from None


def _decided(model: Model, expected_run: float) -> HourlyProgram:
    """Give an operator's costs: a start costs its share of the run that is expected, and what goes into a store and out
    again in the same hour costs a trifle, as nobody would do that for nothing.
    """
    columns = list(model.program.columns)
    trifle = _TRIFLE * max((float(np.max(np.abs(column.cost))) for column in columns), default=0.0)
    for rows in model.program.rows:
        content = carried(rows)
        if content is not None:
            for block in {entry.block for entry in rows.entries} - {content.block}:
                columns[block] = replace(columns[block], cost=columns[block].cost + trifle)
    steps = max(1.0, expected_run / float(model.system.time.hours[0]))
    for block, name in enumerate(model.program.names.columns):
        if name.endswith((".started", ".stopped")):
            columns[block] = replace(columns[block], cost=columns[block].cost / steps)
    return replace(model.program, columns=tuple(columns))


def _walked(model: Model, layout: Layout, begin: Floats) -> Walked:
    walked = layout.walk(begin)
    if walked.ending == OPTIMAL:
        return walked
    when = moment(model.system, min(walked.hour, model.program.steps - 1))
    if walked.ending == INFEASIBLE:
        raise InfeasibleError(
            f"Run hour by hour there is no way on from {when}: what is asked for then cannot be met from where the "
            "hours before have led. Add an  unserved  component where supply may fall short, and a  heat_rejection  "
            "where heat may be left over."
        )
    if walked.ending == UNBOUNDED:
        raise UnboundedError(f"At {when} something can earn without limit. Find out what with  --engine optimise.")
    raise SolverError(f"The hour {when} could not be solved; its numbers are hard to compute with.")


def _ring(program: HourlyProgram) -> NDArray[np.bool_]:
    """Say which columns look back from the first step to the last. (block,)"""
    ring = np.zeros(len(program.columns), bool)
    for rows in program.rows:
        for entry in rows.entries:
            if entry.step is not None and entry.step[0] >= 0 and program.steps > 1:
                ring[entry.block] = True
    return ring


def _misses(program: HourlyProgram, walked: Walked, begin: Floats, ring: NDArray[np.bool_], goal: Floats) -> bool:
    """Whether what is held at the end is not what it has to be."""
    end = walked.values[:, -begin.shape[1] :]
    if np.any(np.abs(end - begin)[ring] > _CLOSED * (1.0 + np.abs(begin[ring]))):
        return True
    last = walked.values[:, -1]
    return any(
        last[entry.block] < goal[entry.block] - _CLOSED * (1.0 + abs(goal[entry.block]))
        for row in program.global_rows
        for entry in row.sums
        if isinstance(entry.coefficient, np.ndarray)
        and np.count_nonzero(entry.coefficient) == 1
        and entry.coefficient[-1]
    )


def _with_reserves(model: Model, design: Design, worths: Mapping[int, StoreWorth]) -> dict[int, StoreWorth]:
    """Let what is kept in reserve be worth more than any source and less than a shortage: it is there for that."""
    program, system = model.program, model.system
    prices = [
        float(np.min(program.columns[block].cost))
        for block, name in enumerate(program.names.columns)
        if type(system.components.get(name.partition(".")[0])).__name__ == "Unserved"
    ]
    dear = 0.5 * min(prices) if prices else 3.0 * max(float(np.max(worth.below)) for worth in worths.values()) + 1.0
    found = {}
    for block, worth in worths.items():
        reserve = design.reserves.get(program.names.columns[block].partition(".")[0], 0.0)
        split, is_below = with_break(worth, reserve)
        above, below = (np.where(is_below, np.maximum(side, dear), side) for side in (split.above, split.below))
        found[block] = StoreWorth(split.breaks, above, below)
    return found


def with_break(worth: StoreWorth, content: float) -> tuple[StoreWorth, NDArray[np.bool_]]:
    """Cut a worth once more; says which of its pieces lie below the cut. (step, piece)"""
    steps, pieces = worth.above.shape
    breaks = np.sort(np.concatenate([worth.breaks, np.full((steps, 1), content)], axis=1), axis=1)
    rank = np.sum(worth.breaks < content, axis=1)
    source = np.arange(pieces + 1) - (np.arange(pieces + 1) > rank[:, None])
    above, below = (np.take_along_axis(side, source, axis=1) for side in (worth.above, worth.below))
    return StoreWorth(breaks, above, below), np.arange(pieces + 1) <= rank[:, None]


def _homing(worth: StoreWorth, goal: float) -> StoreWorth:
    """Near the end what is missing to the goal is worth much, and what is above it nothing."""
    steps = len(worth.above)
    first = max(0, steps - min(_HOMING, max(1, steps // 4)))
    split, is_below = with_break(worth, goal)
    dear = 3.0 * float(np.max(np.abs(worth.below))) + 1.0
    wanted = np.where(is_below, dear, 0.0)
    above, below = split.above.copy(), split.below.copy()
    above[first:], below[first:] = wanted[first:], wanted[first:]
    return StoreWorth(split.breaks, above, below)
