"""Factorisation of the step equations, hour by hour, and what they leave for the border.

With columns diagonal, the kept rows of all hours give ``M = A H^-1 A' + D``, block tridiagonal. Its Cholesky factor
goes forward: ``S_t = M_t - Y_t' Y_t``, ``Y_t = L_{t-1}^-1 B_t'``, ``S_t = L_t L_t'``. The border of ``C_t`` follows as
``C~_t = L_t^-1 (C_t - Y_t' C~_{t-1})`` and leaves ``sum C~_t' C~_t``; only ``L`` and ``Y`` are stored [1]_.

Every kernel works on one stretch of hours, without Python's lock.

References
----------
.. [1] S. J. Wright, Primal-dual interior-point methods, SIAM, 1997, chapter 11; J. Gondzio, A. Grothey, Exploiting
   structure in parallel implementation of interior point methods for optimization, Comput. Manag. Sci. 6, 2009.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from solvers.interior.blas import add_products
from solvers.interior.entries import push_slots, sums_at

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Listed(NamedTuple):
    """Entries of an hour's columns in the border: column, local place, number, eliminated row or -1."""

    column: Ints
    place: Ints
    value: Floats
    row: Ints


BATCH = 512
"""Rows, of as many hours as have no more, that are multiplied together."""
LEAST = 1e-13
"""Least pivot of a row, of its diagonal before anything was taken from it. What is less is what subtraction leaves by
rounding; the refinement of directions takes back what the change does."""
RAISED, FAR_RAISED = 1e2, 1e6
"""Times the least that such a pivot is put at; and where rounding still grows from hour to hour beyond all numbers."""


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def weigh_columns(system, step):
    """Add what eliminated rows weigh to the diagonal of the columns, and invert it; fixed columns give zero."""
    p, h, w = system.tables, system.weights.columns, system.weights.singles
    for j in range(h.shape[1]):
        total = h[step, j]
        if total > 0.0:
            for k in range(p.singles_start[j], p.singles_start[j + 1]):
                e = p.singles[k]
                total += w[step, e] * p.single_value[step, e] * p.single_value[step, e]
            system.factors.columns[step, j] = 1.0 / total
        else:
            system.factors.columns[step, j] = 0.0


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def list_border(system, step, local, listed):
    """List the entries of the hour's columns in the border; gives their number."""
    p, w = system.tables, system.weights.singles
    height = w.shape[1] + system.weights.kept.shape[1]
    count = 0
    for j in range(system.factors.columns.shape[1]):
        if system.factors.columns[step, j] == 0.0:
            continue
        for k in range(p.singles_start[j], p.singles_start[j + 1]):
            e = p.singles[k]
            pull = w[step, e] * p.single_value[step, e]
            if pull == 0.0:
                continue
            for s in range(p.slot_start[step * height + e], p.slot_start[step * height + e + 1]):
                if local[p.slot_place[s]] >= 0:
                    listed.column[count], listed.place[count] = j, local[p.slot_place[s]]
                    listed.value[count], listed.row[count] = pull * p.slot_value[s], e
                    count += 1
        if p.summed[j] >= 0:
            at = sums_at(p, step, j)
            for s in range(p.sum_start[at], p.sum_start[at + 1]):
                listed.column[count], listed.place[count] = j, local[p.sum_place[s]]
                listed.value[count], listed.row[count] = p.sum_value[s], -1
                count += 1
    return count


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def add_diagonal(system, step, local, total):
    """Add the weights of eliminated rows on border columns, without cancellation.

    A row of weight ``w`` on a column whose other terms are ``h`` leaves ``w h / (h + w a^2)``; the difference
    ``w - (w a)^2 / (h + w a^2)`` would lose ``h`` where ``w`` is large.
    """
    p, w, inverse = system.tables, system.weights.singles, system.factors.columns
    height = w.shape[1] + system.weights.kept.shape[1]
    for e in range(w.shape[1]):
        weight = w[step, e]
        if weight == 0.0:
            continue
        j = p.single[e]
        if j >= 0 and inverse[step, j] > 0.0:
            others = system.weights.columns[step, j]
            for k in range(p.singles_start[j], p.singles_start[j + 1]):
                f = p.singles[k]
                if f != e:
                    others += w[step, f] * p.single_value[step, f] * p.single_value[step, f]
            weight *= others * inverse[step, j]
        first, last = p.slot_start[step * height + e], p.slot_start[step * height + e + 1]
        for s in range(first, last):
            one = local[p.slot_place[s]]
            for r in range(first, last):
                other = local[p.slot_place[r]]
                if 0 <= one <= other:
                    total[one, other] += weight * p.slot_value[s] * p.slot_value[r]


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def take_products(count, inverse, listed, total):
    """Take ``E' H^-1 E`` from the border, but for the pairs of one eliminated row, which are counted already."""
    column, place, value, row = listed
    first = 0
    while first < count:
        last = first
        while last < count and column[last] == column[first]:
            last += 1
        for a in range(first, last):
            for b in range(first, last):
                if place[a] <= place[b] and (row[a] != row[b] or row[a] < 0):
                    total[place[a], place[b]] -= inverse[column[first]] * value[a] * value[b]
        first = last


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def fill_block(system, step, first, block):
    """Write the lower triangle of ``M_t``."""
    p, inverse = system.tables, system.factors.columns
    block[:] = 0.0
    for i in range(block.shape[0]):
        block[i, i] = system.weights.kept[step, i]
    now, past = system.pairs.now, system.pairs.past
    for k in range(now.shape[0]):
        weight = p.now_value[step, now[k, 3]] * p.now_value[step, now[k, 4]]
        block[now[k, 0], now[k, 1]] += weight * inverse[step, now[k, 2]]
    if step > first:
        for k in range(past.shape[0]):
            weight = p.past_value[step, past[k, 3]] * p.past_value[step, past[k, 4]]
            block[past[k, 0], past[k, 1]] += weight * inverse[step - 1, past[k, 2]]


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def fill_link(system, step, lower, link):
    """Work out ``Y_t`` from the factor of the hour before, and store its rows that are not zero. (kept, looking)"""
    p, inverse, cross = system.tables, system.factors.columns, system.pairs.cross
    link[:] = 0.0
    for k in range(cross.shape[0]):
        weight = p.past_value[step, cross[k, 3]] * p.now_value[step - 1, cross[k, 4]]
        link[cross[k, 1], cross[k, 0]] += weight * inverse[step - 1, cross[k, 2]]
    for n in range(system.pairs.reached.shape[0]):
        i = system.pairs.reached[n]
        for k in range(i):
            if lower[i, k] != 0.0:
                for q in range(link.shape[1]):
                    link[i, q] -= lower[i, k] * link[k, q]
        for q in range(link.shape[1]):
            link[i, q] /= lower[i, i]
            system.factors.links[step, n, q] = link[i, q]


@njit(cache=True, nogil=True, error_model="numpy")
def take_link(links, block):
    """Take ``Y' Y`` from the block."""
    start = block.shape[0] - links.shape[1]
    for n in range(links.shape[0]):
        for i in range(links.shape[1]):
            pull = links[n, i]
            if pull != 0.0:
                for j in range(i + 1):
                    block[start + i, start + j] -= pull * links[n, j]


@njit(cache=True, nogil=True, error_model="numpy")
def factor_block(block, least, raised, column):
    """Cholesky factor in place, zeros skipped; a pivot that is nothing but rounding is raised."""
    count = block.shape[0]
    for k in range(count):
        block[k, k] = np.sqrt(block[k, k] if block[k, k] > least[k] else raised * least[k])
        inverse = 1.0 / block[k, k]
        for i in range(k + 1, count):
            block[i, k] *= inverse
            column[i] = block[i, k]
        for i in range(k + 1, count):
            pull = column[i]
            if pull != 0.0:
                for j in range(k + 1, i + 1):
                    block[i, j] -= pull * column[j]


@njit(cache=True, nogil=True, error_model="numpy")
def take_before(reached, links, before, width, border):
    """Take ``Y' C~`` of the hour before from border rows: four rows at once, as reading and writing costs the most."""
    whole = links.shape[0] - links.shape[0] % 4
    for n in range(0, whole, 4):
        one, two, three, four = reached[n], reached[n + 1], reached[n + 2], reached[n + 3]
        for i in range(links.shape[1]):
            p, q, r, o = links[n, i], links[n + 1, i], links[n + 2, i], links[n + 3, i]
            for b in range(width):
                border[i, b] -= p * before[one, b] + q * before[two, b] + r * before[three, b] + o * before[four, b]
    for n in range(whole, links.shape[0]):
        for i in range(links.shape[1]):
            for b in range(width):
                border[i, b] -= links[n, i] * before[reached[n], b]


@njit(cache=True, nogil=True, error_model="numpy")
def solve_border(block, width, border):
    """Divide border rows by the factor, in place."""
    for i in range(block.shape[0]):
        for k in range(i):
            pull = block[i, k]
            if pull != 0.0:
                for b in range(width):
                    border[i, b] -= pull * border[k, b]
        inverse = 1.0 / block[i, i]
        for b in range(width):
            border[i, b] *= inverse


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def fill_border(system, step, local, border):
    """Write entries of kept rows in border columns."""
    p, out = system.tables, system.weights.singles.shape[1]
    border[:] = 0.0
    for i in range(border.shape[0]):
        push_slots(p, step * (out + border.shape[0]) + out + i, 1.0, local, border[i])


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def take_now(system, step, count, listed, border):
    """Take ``A H^-1 E`` of the hour's own columns."""
    p = system.tables
    for k in range(count):
        j = listed.column[k]
        pull = system.factors.columns[step, j] * listed.value[k]
        for n in range(p.now_of_start[j], p.now_of_start[j + 1]):
            border[p.now_of_row[n], listed.place[k]] -= p.now_value[step, p.now_of[n]] * pull


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def take_past(system, step, count, listed, border):
    """Take ``A H^-1 E`` of the columns of the hour before."""
    p = system.tables
    for k in range(count):
        j = listed.column[k]
        pull = system.factors.columns[step - 1, j] * listed.value[k]
        for n in range(p.past_of_start[j], p.past_of_start[j + 1]):
            border[p.past_of_row[n], listed.place[k]] -= p.past_value[step, p.past_of[n]] * pull


@njit(cache=True, nogil=True, error_model="numpy")
def _room(count):
    return Listed(np.zeros(count, np.int64), np.zeros(count, np.int64), np.zeros(count), np.zeros(count, np.int64))


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def keep_factor(system, step, block):
    """Store what solves need: the factor's entries by row, and its inverse diagonal."""
    pairs, factors = system.pairs, system.factors
    for i in range(block.shape[0]):
        factors.inverse[step, i] = 1.0 / block[i, i]
        for s in range(pairs.lower_start[i], pairs.lower_start[i + 1]):
            factors.lower[step, s] = block[i, pairs.lower[s]]


@njit(cache=True, nogil=True, error_model="numpy")
def factor_stretch(system, span, local, opened, raised, total):
    """Factor the hours of one stretch.

    Parameters
    ----------
    system : System
        Its factors are written to.
    span : tuple of int
        First step of the stretch, and its end.
    local : ndarray (border place,)
        Local place of each, -1 for none.
    opened : ndarray (step of the stretch,)
        How many local places, the first ones, have been seen up to the step.
    raised : float
        Times its least that a pivot of rounding is put at.
    total : ndarray (places, places)
        Written to: what the hours add to the border, upper triangle.
    """
    first, end = span
    inverse, looking, places = system.factors.columns, system.tables.looking, total.shape[0]
    count = system.weights.kept.shape[1]
    # The hour at hand and the one before take turns.
    listed = (_room(system.pairs.widest), _room(system.pairs.widest))
    known, letters, one = np.zeros(2, np.int64), np.array([76, 78], np.uint8), np.ones(1)
    block, link, scratch = np.zeros((count, count)), np.zeros((count, looking)), np.zeros(count)
    # Border rows of the hour before a batch, then of the batch.
    hours = max(1, BATCH // count)
    rows = np.zeros(((1 + hours) * count, places))
    least = np.zeros(count)
    for step in range(first, end):
        new, old, width = step % 2, (step + 1) % 2, opened[step - first]
        at = count * (1 + (step - first) % hours)
        if at == count:
            rows[:count] = rows[hours * count :]
        before, border = rows[at - count : at], rows[at : at + count]
        weigh_columns(system, step)
        known[new] = list_border(system, step, local, listed[new])
        add_diagonal(system, step, local, total)
        take_products(known[new], inverse[step], listed[new], total)
        fill_border(system, step, local, border)
        take_now(system, step, known[new], listed[new], border)
        if step > first:
            fill_link(system, step, block, link)
        fill_block(system, step, first, block)
        for i in range(count):
            least[i] = LEAST * block[i, i]
        if step > first:
            take_past(system, step, known[old], listed[old], border)
            take_link(system.factors.links[step], block)
            take_before(system.pairs.reached, system.factors.links[step], before, width, border[count - looking :])
        factor_block(block, least, raised, scratch)
        solve_border(block, width, border)
        keep_factor(system, step, block)
        if places and (at == hours * count or step == end - 1):
            sizes = np.array([width, at, places], np.int32)
            add_products(rows[count : at + count], letters, sizes, one, total)
