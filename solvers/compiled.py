"""Loops that numba keeps compiled on disk, and what to do where that is spoilt.

numba renames whole files into place, so a kill leaves none half. A power cut or a failing disk may.
"""

import sys
from collections.abc import Callable
from types import TracebackType
from typing import TypeVar

from numba.core import caching
from numba.core.dispatcher import Dispatcher

T = TypeVar("T")


def sound(call: Callable[[], T], within: str = "solvers") -> T:
    """Call what is compiled; where what is kept on disk cannot be read, forget it all and compile anew.

    Parameters
    ----------
    call : callable
        Changes nothing before its loops are loaded.
    within : str
        Package whose loops are forgotten.

    Returns
    -------
    result : what ``call`` gives
    """
    try:
        return call()
    except Exception as error:
        if not _is_of_cache(error.__traceback__):
            raise
        forget(within)
    return call()


def forget(within: str) -> None:
    """Empty the lists of what is compiled of a package's loops; the next call compiles them."""
    for name, module in list(sys.modules.items()):
        if name == within or name.startswith(f"{within}."):
            for thing in vars(module).values():
                if isinstance(thing, Dispatcher):
                    thing._cache.flush()  # type: ignore[attr-defined]  # numba has no other way


def _is_of_cache(trace: TracebackType | None) -> bool:
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == caching.__file__:
            return True
        trace = trace.tb_next
    return False
