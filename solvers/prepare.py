"""What is done to a program before HiGHS sees it: fixed columns and idle rows leave, wide ranges of numbers shrink."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from solvers.linear import LinearProgram

Floats = NDArray[np.float64]

LEAST, MOST = 1e-4, 1e4
"""Coefficients within are left as they are."""
_PASSES = 4


@dataclass(frozen=True)
class Prepared:
    """A program made smaller and even, and the way back."""

    program: LinearProgram
    """Without fixed columns and idle rows, scaled."""
    original: LinearProgram
    kept_columns: NDArray[np.int64]
    """Of the original. (column left,)"""
    kept_rows: NDArray[np.int64]
    """Of the original. (row left,)"""
    column_scale: Floats
    """What a column's value is multiplied with to be that of the original. (column left,)"""
    row_scale: Floats
    """What a row was multiplied with. (row left,)"""

    def columns(self, found: Floats) -> Floats:
        """Put values back. (column,)"""
        whole = self.original.lower.copy()
        whole[self.kept_columns] = found * self.column_scale
        return np.clip(whole, self.original.lower, self.original.upper)

    def row_duals(self, found: Floats) -> Floats:
        """Put row duals back; idle rows have none. (row,)"""
        whole = np.zeros(self.original.row_count)
        whole[self.kept_rows] = found * self.row_scale
        return whole

    def column_duals(self, row_duals: Floats) -> Floats:
        """Work out reduced costs from the duals of the original rows. (column,)"""
        return self.original.cost - self.original.column_values(row_duals)


def prepare(program: LinearProgram) -> Prepared:
    """Leave out fixed columns and rows that no point within the bounds can break, and scale what is left.

    Scales are powers of two, so nothing is rounded; whole numbers keep their scale. A program whose coefficients lie
    within :data:`LEAST` and :data:`MOST` is not scaled.
    """
    is_fixed = program.lower == program.upper
    lowest, highest = _activity(program)
    is_idle = (lowest >= program.row_lower) & (highest <= program.row_upper)
    rows, columns = np.flatnonzero(~is_idle), np.flatnonzero(~is_fixed)
    small = _cut(program, rows, columns, is_fixed) if is_fixed.any() or is_idle.any() else program
    row_scale, column_scale = _scales(small)
    return Prepared(_scaled(small, row_scale, column_scale), program, columns, rows, column_scale, row_scale)


def _activity(program: LinearProgram) -> tuple[Floats, Floats]:
    """Give the least and largest value of each row within the bounds. (row,)"""
    at_lower = program.values * program.lower[program.indices]
    at_upper = program.values * program.upper[program.indices]
    rows = np.repeat(np.arange(program.row_count), np.diff(program.starts))
    lowest = np.bincount(rows, np.fmin(at_lower, at_upper), program.row_count)
    highest = np.bincount(rows, np.fmax(at_lower, at_upper), program.row_count)
    return np.asarray(lowest, float), np.asarray(highest, float)


def _cut(
    program: LinearProgram, rows: NDArray[np.int64], columns: NDArray[np.int64], is_fixed: NDArray[np.bool_]
) -> LinearProgram:
    """Keep some rows and columns; fixed columns move to the bounds of the rows and to the offset."""
    settled = np.where(is_fixed, program.lower, 0.0)
    moved = program.row_values(settled)
    shape = (program.row_count, program.column_count)
    matrix = csr_array((program.values, program.indices, program.starts), shape=shape)[rows]
    if is_fixed.any():
        matrix = matrix[:, columns]
    return LinearProgram(
        cost=program.cost[columns],
        lower=program.lower[columns],
        upper=program.upper[columns],
        is_integer=program.is_integer[columns],
        row_lower=(program.row_lower - moved)[rows],
        row_upper=(program.row_upper - moved)[rows],
        starts=matrix.indptr.astype(np.int32),
        indices=matrix.indices.astype(np.int32),
        values=matrix.data,
        offset=program.offset + float(program.cost @ settled),
    )


def _scales(program: LinearProgram) -> tuple[Floats, Floats]:
    """Find scales that bring the coefficients of each row and column round one, by turns [1]_.

    References
    ----------
    .. [1] A. R. Curtis, J. K. Reid, On the automatic scaling of matrices for Gaussian elimination, J. Inst. Maths.
       Applics. 10, 1972; here with the mean of the least and largest logarithm.
    """
    row, column = np.zeros(program.row_count), np.zeros(program.column_count)
    sizes = np.abs(program.values)
    if not sizes.size or (sizes.min() >= LEAST and sizes.max() <= MOST):
        return np.ones(program.row_count), np.ones(program.column_count)
    logs = np.log2(sizes)
    rows = np.repeat(np.arange(program.row_count), np.diff(program.starts))
    for _ in range(_PASSES):
        row = -_middle(logs + column[program.indices], rows, program.row_count)
        column = -_middle(logs + row[rows], program.indices, program.column_count)
        column[program.is_integer] = 0.0
    return np.exp2(np.round(row)), np.exp2(np.round(column))


def _middle(logs: Floats, group: NDArray[np.integer], count: int) -> Floats:
    low, high = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(low, group, logs)
    np.maximum.at(high, group, logs)
    is_used = np.isfinite(low)
    return np.where(is_used, 0.5 * (np.where(is_used, low, 0.0) + np.where(is_used, high, 0.0)), 0.0)


def _scaled(program: LinearProgram, row_scale: Floats, column_scale: Floats) -> LinearProgram:
    if (row_scale == 1.0).all() and (column_scale == 1.0).all():
        return program
    return replace(
        program,
        cost=program.cost * column_scale,
        lower=program.lower / column_scale,
        upper=program.upper / column_scale,
        row_lower=program.row_lower * row_scale,
        row_upper=program.row_upper * row_scale,
        values=program.values * np.repeat(row_scale, np.diff(program.starts)) * column_scale[program.indices],
    )
