"""The one routine of BLAS that compiled loops call by themselves."""

import llvmlite.binding
from numba import njit, types
from numba.extending import get_cython_function_address

# By name, so that compiled code can be kept on disk: an address would be another one at the next start.
_NAME = "energysim_dsyrk"
llvmlite.binding.add_symbol(_NAME, get_cython_function_address("scipy.linalg.cython_blas", "dsyrk"))
_letter, _int, _float = (
    types.CPointer(kind)  # type: ignore[no-untyped-call]
    for kind in (types.uint8, types.int32, types.float64)
)
_dsyrk = types.ExternalFunction(
    _NAME, types.void(_letter, _letter, _int, _int, _float, _float, _int, _float, _float, _int)
)


@njit(cache=True, nogil=True)
def add_products(rows, letters, sizes, one, total):  # type: ignore[no-untyped-def]
    """Add ``rows' rows`` to the upper triangle of a matrix.

    Parameters
    ----------
    rows : ndarray (count, width)
        Of which the first ``n`` columns are not zero.
    letters : ndarray (2,)
        The bytes ``L`` and ``N``: in the order of Fortran the upper triangle is the lower one.
    sizes : ndarray (3,)
        ``n``, ``count`` and ``width``, of 32 bits.
    one : ndarray (1,)
        The number 1.
    total : ndarray (width, width)
        Written to.
    """
    _dsyrk(
        letters[0:].ctypes, letters[1:].ctypes, sizes[0:].ctypes, sizes[1:].ctypes, one.ctypes,
        rows.ctypes, sizes[2:].ctypes, one.ctypes, total.ctypes, sizes[2:].ctypes,
    )  # fmt: skip
