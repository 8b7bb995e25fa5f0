"""The value view: the same rules called with solved arrays, to check, to book and to measure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from energysim.model.build import Model
from energysim.model.view import Constant, Key
from energysim.system import Time

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Gap:
    """A comparison evaluated: how far it is from holding, and how large its terms are."""

    violation: Floats
    scale: Floats


class Hours:
    """Solved hours as one index; ``t - 1`` is the hour before each.

    Parameters
    ----------
    time : Time
        Steps.
    steps : ndarray (hour,), optional
        Steps that are meant; all if not said.
    """

    __slots__ = ("_asked", "_time", "before", "looked_before", "steps")

    def __init__(self, time: Time, steps: NDArray[np.int64] | None = None) -> None:
        self._time, self.steps = time, np.arange(time.count) if steps is None else steps
        self.before = np.zeros(len(self.steps), bool)
        """Which of them lie before the beginning of a chain. (hour,)"""
        self.looked_before = self.before
        """From which of them a formula has looked there. (hour,)"""
        self._asked = self

    def __sub__(self, count: int) -> "Hours":
        steps, is_before = self._time.back(self.steps, count)
        earlier = Hours(self._time, steps)
        earlier.before, earlier._asked = self.before | is_before, self._asked
        self._asked.looked_before = self._asked.looked_before | earlier.before
        return earlier


class Measured(np.ndarray):
    """An array whose comparisons say by how much they fail."""

    __array_priority__ = 1000

    def __le__(self, other: Any) -> Any:
        return _compared(self, other, lambda left, right: np.maximum(left - right, 0.0))

    def __ge__(self, other: Any) -> Any:
        return _compared(self, other, lambda left, right: np.maximum(right - left, 0.0))

    def __eq__(self, other: object) -> Any:
        return _compared(self, other, lambda left, right: np.abs(left - right))

    __hash__ = None  # type: ignore[assignment]


class _Indexed:
    """Solved values of one hourly variable; before the first hour its start value."""

    __slots__ = ("_start", "_values")

    def __init__(self, values: Floats, start: float | None) -> None:
        self._values, self._start = values, start

    def __getitem__(self, t: Hours) -> Measured:
        values = self._values[t.steps]
        if self._start is not None and t.before.any():
            values = np.where(t.before, self._start, values)
        return values.view(Measured)


class Values:
    """The backend of solved arrays.

    Parameters
    ----------
    time : Time
        Steps.
    hourly : mapping of key to ndarray (step,)
        Solved hourly variables.
    once : mapping of key to float
        Solved variables that exist once.
    grouped : mapping of key to ndarray (group,)
        Solved variables of each day or month.
    starts : mapping of key to float
        Values before the first hour, for what is no ring.
    """

    def __init__(
        self,
        time: Time,
        hourly: Mapping[Key, Floats],
        once: Mapping[Key, float],
        grouped: Mapping[Key, Floats],
        starts: Mapping[Key, float],
    ) -> None:
        self._time, self.solved, self.solved_once, self._starts = time, hourly, once, starts
        self.solved_grouped = grouped
        self.t = Hours(time)

    def hourly(self, key: Key) -> Any:
        """Solved values, indexed by hours."""
        return _Indexed(self.solved[key], self._starts.get(key))

    def once(self, key: Key) -> Any:
        """The solved value."""
        return np.asarray(self.solved_once[key]).view(Measured)

    def grouped(self, key: Key, per: str) -> Any:
        """Solved values of each day or month, indexed by hours."""
        return _Indexed(self.solved_grouped[key][self._time.groups[per]], None)

    def series(self, values: float | Floats) -> Any:
        """Numbers, indexed by hours."""
        return _Indexed(values, None) if isinstance(values, np.ndarray) else Constant(float(values))

    def total(self, formula: Callable[[Any], Any]) -> Any:
        """Sum over all hours."""
        values = np.broadcast_to(np.asarray(formula(self.t), float), self._time.count)
        return np.asarray(values.sum()).view(Measured)

    def start(self, key: Key) -> Any:
        """Value before the first hour."""
        value = self._starts[key] if key in self._starts else self.solved[key][-1]
        return np.asarray(value).view(Measured)

    def end(self, key: Key) -> Any:
        """Value in the last hour."""
        return np.asarray(self.solved[key][-1]).view(Measured)


def values_of(model: Model, columns: Floats) -> Values:
    """Split the solved columns into named variables."""
    steps, layout = model.program.steps, model.columns
    hourly = {key: columns[block * steps : (block + 1) * steps] for key, block in layout.hourly.items()}
    rest = columns[steps * len(layout.hourly) :]
    once = {key: float(rest[column]) for key, column in layout.once.items()}
    starts = {key: float(rest[column]) for key, column in layout.starts.items()}
    time = model.system.time
    counts = {key: len(time.firsts(layout.declarations[key].per)) for key in layout.grouped}
    grouped = {key: rest[column : column + counts[key]] for key, column in layout.grouped.items()}
    return Values(time, hourly, once, grouped, starts)


def _compared(left: Any, right: Any, violation: Callable[[Floats, Floats], Floats]) -> Gap:
    left, right = np.asarray(left, float), np.asarray(right, float)
    return Gap(violation(left, right), np.maximum(np.abs(left), np.abs(right)))
