"""Scales that bring the numbers of a grid near one: a factor for each block of columns and rows: hours stay alike."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.interior.grid import Grid

Floats = NDArray[np.float64]

_ROUNDS = 10


@dataclass(frozen=True)
class Scales:
    """Values are multiplied with these to be those of the grid."""

    column: Floats
    once: Floats
    row: Floats
    """Rows are multiplied with it before they are solved."""
    total: Floats
    cost: float
    """Costs are multiplied with it before they are solved."""


def scales_of(grid: Grid) -> Scales:
    r"""Find scales by square roots of the largest coefficients by turns [1]_, then by middle sizes of data and costs.

    References
    ----------
    .. [1] D. Ruiz, A scaling algorithm to equilibrate both rows and columns norms in matrices, RAL-TR-2001-034.
    """
    rows, columns, sizes = _entries(grid)
    counts = (grid.row_lower.shape[1], len(grid.total_lower), grid.lower.shape[1], len(grid.once_lower))
    row, column = np.ones(counts[0] + counts[1]), np.ones(counts[2] + counts[3])
    for _ in range(_ROUNDS):
        now = sizes * row[rows] * column[columns]
        row /= np.sqrt(_largest(now, rows, len(row)))
        column /= np.sqrt(_largest(now, columns, len(column)))
    row, column = np.exp2(np.round(np.log2(row))), np.exp2(np.round(np.log2(column)))
    per_row, total = row[: counts[0]], row[counts[0] :]
    per_column, once = column[: counts[2]], column[counts[2] :]
    data = [(grid.row_lower * per_row).ravel(), (grid.row_upper * per_row).ravel()]
    data += [(grid.lower / per_column).ravel(), (grid.upper / per_column).ravel()]
    size = _common(np.concatenate(data))
    prices = _common(np.concatenate([(grid.cost * per_column).ravel(), grid.once_cost * once]))
    return Scales(per_column * size, once * size, per_row / size, total / size, 1.0 / (prices * size))


def _entries(grid: Grid) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """List blocks of rows and columns with the largest coefficient between them."""
    first_total, first_once = grid.row_lower.shape[1], grid.lower.shape[1]
    found = [(link.row, link.column, _top(link.value)) for link in grid.links.values()]
    for slot in grid.slots:
        found += [
            (slot.row, first_once + int(index), _top(slot.value[slot.index == index]))
            for index in np.unique(slot.index)
        ]
    found += [(first_total + total.row, total.column, _top(total.value)) for total in grid.totals]
    pairs = zip(*np.nonzero(grid.totals_once), strict=True)
    found += [(first_total + r, first_once + c, abs(float(grid.totals_once[r, c]))) for r, c in pairs]
    rows, columns, sizes = zip(*found, strict=True) if found else ((), (), ())
    size = np.array(sizes, float)
    keep = size > 0.0
    return np.array(rows, np.int64)[keep], np.array(columns, np.int64)[keep], size[keep]


def _top(values: Floats) -> float:
    return float(np.abs(values).max()) if len(values) else 0.0


def _largest(sizes: Floats, group: NDArray[np.int64], count: int) -> Floats:
    largest = np.zeros(count)
    np.maximum.at(largest, group, sizes)
    return np.where(largest > 0.0, largest, 1.0)


def _common(values: Floats) -> float:
    """Size that three quarters of the numbers stay below, rounded to a power of two."""
    sizes = np.abs(values[np.isfinite(values) & (values != 0.0)])
    return float(np.exp2(np.round(np.log2(np.quantile(sizes, 0.75))))) if len(sizes) else 1.0
