"""Entries of a column or row, multiplied or added up; written into the loops that use them by the compiler."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from numba import njit


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def seen(p, row, u):
    """Multiply a row's border entries."""
    total = 0.0
    for s in range(p.slot_start[row], p.slot_start[row + 1]):
        total += p.slot_value[s] * u[p.slot_place[s]]
    return total


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def priced(p, step, end, j, tau):
    """Multiply a column with the kept rows that see it."""
    total = 0.0
    for n in range(p.now_of_start[j], p.now_of_start[j + 1]):
        total += p.now_value[step, p.now_of[n]] * tau[step, p.now_of_row[n]]
    if step < end - 1:
        for n in range(p.past_of_start[j], p.past_of_start[j + 1]):
            total += p.past_value[step + 1, p.past_of[n]] * tau[step + 1, p.past_of_row[n]]
    return total


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def push_slots(p, row, value, local, pushed):
    """Add a row's border entries, times a value, to the border."""
    for s in range(p.slot_start[row], p.slot_start[row + 1]):
        place = local[p.slot_place[s]]
        if place >= 0:
            pushed[place] += p.slot_value[s] * value


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def sums_at(p, step, j):
    """Find the entries of a summed column in rows of the border."""
    return step * ((p.sum_start.shape[0] - 1) // p.now_value.shape[0]) + p.summed[j]


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def summed(p, step, j, u):
    """Multiply a column with the border rows that sum it."""
    at = sums_at(p, step, j)
    total = 0.0
    for s in range(p.sum_start[at], p.sum_start[at + 1]):
        total += p.sum_value[s] * u[p.sum_place[s]]
    return total
