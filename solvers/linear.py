"""A linear or mixed-integer program as plain arrays, and the writer that fills them row block by row block."""

from dataclasses import dataclass
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
HourlyEntry = tuple[int, NDArray[np.int64] | None, float | Floats]
FixedEntry = tuple[int, int | NDArray[np.int64], float | Floats]
Span = tuple[int, int, float | Floats]


@dataclass(frozen=True)
class LinearProgram:
    """``min cost x + offset``  with  ``row_lower <= A x <= row_upper``  and  ``lower <= x <= upper``.

    The matrix is stored by rows: row ``r`` holds ``values[starts[r]:starts[r + 1]]`` in the columns
    ``indices[starts[r]:starts[r + 1]]``.
    """

    cost: Floats
    """(column,)"""
    lower: Floats
    """(column,)"""
    upper: Floats
    """(column,)"""
    is_integer: NDArray[np.bool_]
    """(column,)"""
    row_lower: Floats
    """(row,)"""
    row_upper: Floats
    """(row,)"""
    starts: NDArray[np.int32]
    """(row + 1,)"""
    indices: NDArray[np.int32]
    """(entry,)"""
    values: Floats
    """(entry,)"""
    offset: float = 0.0

    @property
    def column_count(self) -> int:
        """Number of columns."""
        return len(self.cost)

    @property
    def row_count(self) -> int:
        """Number of rows."""
        return len(self.row_lower)

    def row_values(self, x: Floats) -> Floats:
        """Multiply the matrix with a point. (row,)"""
        products = self.values * x[self.indices]
        return _segment_sums(products, self.starts)

    def column_values(self, y: Floats) -> Floats:
        """Multiply the transposed matrix with row multipliers. (column,)"""
        weights = self.values * np.repeat(y, np.diff(self.starts))
        return np.asarray(np.bincount(self.indices, weights, minlength=self.column_count), np.float64)


class _RowArrays(TypedDict):
    row_lower: Floats
    row_upper: Floats
    starts: NDArray[np.int32]
    indices: NDArray[np.int32]
    values: Floats


class RowBlockWriter:
    """Collects rows in blocks and writes them straight into row-wise storage.

    Rows of a block have the same entries, so their storage is a rectangle that is filled column by column;
    nothing has to be sorted, and nothing is copied at the end.

    Parameters
    ----------
    row_count : int
        Number of rows that will be added.
    entry_count : int
        Number of entries they have at most; zeros are left out when they are added.
    """

    def __init__(self, row_count: int, entry_count: int) -> None:
        self._row_lower = np.empty(row_count)
        self._row_upper = np.empty(row_count)
        self._starts = np.zeros(row_count + 1, np.int32)
        self._indices = np.empty(entry_count, np.int32)
        self._values = np.empty(entry_count)
        self._at = 0
        self._filled = 0

    def add_block(
        self,
        steps: NDArray[np.int64],
        lower: float | Floats,
        upper: float | Floats,
        hourly: list[HourlyEntry],
        fixed: list[FixedEntry],
    ) -> None:
        """Add one row per step.

        Parameters
        ----------
        steps : ndarray (row,)
            Step of each row.
        lower, upper : float or ndarray (step,)
            Row bounds.
        hourly : list of (first column of the block, step map or None, coefficient)
            Entries in hourly columns; a step map of -1 means no entry.
        fixed : list of (first global column, column or column per step, coefficient)
            Entries in global columns.
        """
        is_all = len(steps) == 0 or (steps[0] == 0 and len(steps) == steps[-1] + 1)
        take = slice(0, len(steps)) if is_all else steps
        shape = (len(steps), len(hourly) + len(fixed))
        space = slice(self._filled, self._filled + shape[0] * shape[1])
        indices, values = self._indices[space].reshape(shape), self._values[space].reshape(shape)
        has_gaps = False
        for place, (first, mapped, coefficient) in enumerate(hourly):
            at = steps if mapped is None else mapped[take]
            np.add(at, first, out=indices[:, place], casting="unsafe")
            values[:, place] = coefficient[take] if isinstance(coefficient, np.ndarray) else coefficient
            if mapped is not None and at.size and at.min() < 0:
                has_gaps = True
                values[at < 0, place] = 0.0
        for place, (first, column, coefficient) in enumerate(fixed, len(hourly)):
            indices[:, place] = first + (column[take] if isinstance(column, np.ndarray) else column)
            values[:, place] = coefficient[take] if isinstance(coefficient, np.ndarray) else coefficient
        has_twins = self._merge_twins(indices, values, hourly)
        coefficients = [part[2] for part in (*hourly, *fixed)]
        self._set_bounds(lower, upper, take, len(steps))
        counts: int | NDArray[np.int64] = shape[1]
        if has_twins or has_gaps or any(_has_zero(coefficient) for coefficient in coefficients):
            counts = self._close_up(indices, values)
        else:
            self._filled += indices.size
        self._count(len(steps), counts)

    def add_row(self, lower: float, upper: float, spans: list[Span]) -> None:
        """Add one row over spans of columns, each (first column, length, coefficient)."""
        indices = [np.arange(first, first + length, dtype=np.int32) for first, length, _ in spans]
        values = [np.broadcast_to(np.asarray(c, float), length) for _, length, c in spans]
        joined = np.concatenate(indices) if indices else np.empty(0, np.int32)
        weights = np.concatenate(values) if values else np.empty(0)
        joined, inverse = np.unique(joined, return_inverse=True)
        weights = np.bincount(inverse, weights, minlength=len(joined)).astype(float)
        kept = weights != 0.0
        self._row_lower[self._at], self._row_upper[self._at] = lower, upper
        space = slice(self._filled, self._filled + int(kept.sum()))
        self._indices[space] = joined[kept]
        self._values[space] = weights[kept]
        self._filled = space.stop
        self._count(1, space.stop - space.start)

    def finish(self) -> _RowArrays:
        """Hand over the row arrays."""
        starts = np.cumsum(self._starts, dtype=np.int32)
        return _RowArrays(
            row_lower=self._row_lower,
            row_upper=self._row_upper,
            starts=starts,
            indices=self._indices[: self._filled],
            values=self._values[: self._filled],
        )

    def _count(self, rows: int, entries: int | NDArray[np.int64]) -> None:
        """Note how many entries the next rows have."""
        self._starts[self._at + 1 : self._at + rows + 1] = entries
        self._at += rows

    def _close_up(self, indices: NDArray[np.int32], values: Floats) -> NDArray[np.int64]:
        """Leave out the zeros of the block just filled; gives the entries left in each row."""
        kept = values != 0.0
        space = slice(self._filled, self._filled + int(kept.sum()))
        self._indices[space], self._values[space] = indices[kept], values[kept]
        self._filled = space.stop
        counts: NDArray[np.int64] = kept.sum(axis=1)
        return counts

    def _set_bounds(
        self, lower: float | Floats, upper: float | Floats, take: slice | NDArray[np.int64], count: int
    ) -> None:
        at = slice(self._at, self._at + count)
        self._row_lower[at] = lower[take] if isinstance(lower, np.ndarray) else lower
        self._row_upper[at] = upper[take] if isinstance(upper, np.ndarray) else upper

    @staticmethod
    def _merge_twins(indices: NDArray[np.int32], values: Floats, hourly: list[HourlyEntry]) -> bool:
        """Add up entries that meet in one column, as an hour and its predecessor do on a ring of one step."""
        found = False
        for later in range(1, len(hourly)):
            for earlier in range(later):
                if hourly[later][0] != hourly[earlier][0]:
                    continue
                same = (indices[:, later] == indices[:, earlier]) & (values[:, later] != 0.0)
                if same.any():
                    values[same, earlier] += values[same, later]
                    values[same, later] = 0.0
                    found = True
        return found


def _has_zero(coefficient: float | Floats) -> bool:
    return not coefficient.all() if isinstance(coefficient, np.ndarray) else coefficient == 0.0


def _segment_sums(products: Floats, starts: NDArray[np.int32]) -> Floats:
    """Sum consecutive spans; empty spans give zero."""
    totals = np.zeros(len(starts) - 1)
    filled = np.diff(starts) > 0
    if filled.any():
        totals[filled] = np.add.reduceat(products, starts[:-1][filled])
    return totals
