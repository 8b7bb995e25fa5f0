"""Do two builders write the same program? Their blocks are matched by name, whatever their order."""

from collections.abc import Iterable

import numpy as np
from scipy.sparse import csr_array

Arrays = dict[str, np.ndarray]
Blocks = list[tuple[str, int]]
"""Name and length of each block of columns or rows, in order."""


def in_order(arrays: Arrays, columns: Blocks, rows: Blocks) -> Arrays:
    """Sort the blocks by name and the entries of each row by column.

    Parameters
    ----------
    arrays : dict of arrays
        What a builder's ``assemble`` returns.
    columns, rows : list of (name, length)
        Its blocks.

    Returns
    -------
    arrays : dict of arrays
        The same program in an order that depends on the names only.
    """
    by_column, by_row = _order(columns), _order(rows)
    shape = (len(by_row), len(by_column))
    matrix = csr_array((arrays["values"], arrays["indices"], arrays["starts"]), shape=shape)
    sorted_matrix = csr_array(matrix[by_row][:, by_column])
    sorted_matrix.sort_indices()
    found = {name: arrays[name][by_column] for name in ("cost", "lower", "upper", "is_integer")}
    found |= {name: arrays[name][by_row] for name in ("row_lower", "row_upper")}
    return {**found, "starts": sorted_matrix.indptr, "indices": sorted_matrix.indices, "values": sorted_matrix.data}


def differences(one: Arrays, other: Arrays, tolerance: float = 1e-12) -> list[str]:
    """Name the arrays that differ by more than rounding."""
    return [name for name in one if not _is_same(one[name], other[name], tolerance)]


def _order(blocks: Iterable[tuple[str, int]]) -> np.ndarray:
    named = []
    first = 0
    for name, length in blocks:
        named.append((name, np.arange(first, first + length)))
        first += length
    return np.concatenate([positions for _, positions in sorted(named, key=lambda pair: pair[0])])


def _is_same(one: np.ndarray, other: np.ndarray, tolerance: float) -> bool:
    return one.shape == other.shape and bool(np.allclose(one, other, rtol=tolerance, atol=tolerance))
