"""A linear program from triplets, for problems without an hourly pattern: games, pinch matches."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from solvers.linear import LinearProgram

Floats = NDArray[np.float64]


@dataclass
class Triplets:
    """Collects rows one by one over columns of at least zero."""

    cost: Floats
    """(column,)"""
    lower: Floats | None = None
    """(column,) zero where absent"""
    upper: Floats | None = None
    """(column,) unlimited where absent"""
    _starts: list[int] = field(default_factory=lambda: [0])
    _indices: list[NDArray[np.int64]] = field(default_factory=list)
    _values: list[Floats] = field(default_factory=list)
    _bounds: list[tuple[float, float]] = field(default_factory=list)

    def add(self, columns: NDArray[np.int64], values: Floats | float, low: float, high: float) -> None:
        """Add ``low <= values @ x[columns] <= high``; a column is named once."""
        self._indices.append(np.asarray(columns, np.int64))
        self._values.append(np.broadcast_to(np.asarray(values, float), len(columns)))
        self._starts.append(self._starts[-1] + len(columns))
        self._bounds.append((low, high))

    def program(self) -> LinearProgram:
        """Hand over the arrays."""
        count = len(self.cost)
        bounds = np.array(self._bounds, float).reshape(-1, 2)
        return LinearProgram(
            cost=np.asarray(self.cost, float),
            lower=np.zeros(count) if self.lower is None else self.lower,
            upper=np.full(count, np.inf) if self.upper is None else self.upper,
            is_integer=np.zeros(count, bool),
            row_lower=bounds[:, 0],
            row_upper=bounds[:, 1],
            starts=np.array(self._starts, np.int32),
            indices=np.concatenate([*self._indices, np.zeros(0, np.int64)]).astype(np.int32),
            values=np.concatenate([*self._values, np.zeros(0)]),
        )
