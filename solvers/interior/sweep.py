"""Solving with the factor: right-hand sides go down the hours and up again, beside the border.

Unknowns are the steps of columns ``dx``, of slacks ``ds`` and of row duals, here with the sign ``v = -dl``:
``H dx + A' v + E u = g``, ``A dx + B u - ds = r``, ``Hs ds - v = gs``; ``u`` is the border's part.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"

import numpy as np
from numba import njit


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _pull_rows(p, step, first, kept, d, r, gs, full, tau):
    """Write the right-hand side of kept rows with the columns gone."""
    out = gs.shape[1] - d.shape[1]
    for i in range(d.shape[1]):
        total = r[step, out + i] + gs[step, out + i] * d[step, i]
        for k in range(p.now_start[i], p.now_start[i + 1]):
            j = p.now_column[k]
            total -= p.now_value[step, k] * kept.columns[step, j] * full[step, j]
        if step > first:
            for k in range(p.past_start[i], p.past_start[i + 1]):
                j = p.past_column[k]
                total -= p.past_value[step, k] * kept.columns[step - 1, j] * full[step - 1, j]
        tau[step, i] = total


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _forward(pairs, step, first, kept, tau):
    """One hour of the way down."""
    count, looking = tau.shape[1], kept.links.shape[2]
    if step > first:
        for n in range(pairs.reached.shape[0]):
            pull = tau[step - 1, pairs.reached[n]]
            for q in range(looking):
                tau[step, count - looking + q] -= kept.links[step, n, q] * pull
    for i in range(count):
        total = tau[step, i]
        for s in range(pairs.lower_start[i], pairs.lower_start[i + 1]):
            total -= kept.lower[step, s] * tau[step, pairs.lower[s]]
        tau[step, i] = total * kept.inverse[step, i]


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _backward(pairs, step, end, kept, tau):
    """One hour of the way up."""
    count, looking = tau.shape[1], kept.links.shape[2]
    if step < end - 1:
        for n in range(pairs.reached.shape[0]):
            total = 0.0
            for q in range(looking):
                total += kept.links[step + 1, n, q] * tau[step + 1, count - looking + q]
            tau[step, pairs.reached[n]] -= total
    for i in range(count - 1, -1, -1):
        pull = tau[step, i] * kept.inverse[step, i]
        tau[step, i] = pull
        for s in range(pairs.lower_start[i], pairs.lower_start[i + 1]):
            tau[step, pairs.lower[s]] -= kept.lower[step, s] * pull


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _priced(p, step, end, j, tau):
    """Multiply a column with the kept rows that see it."""
    total = 0.0
    for n in range(p.now_of_start[j], p.now_of_start[j + 1]):
        total += p.now_value[step, p.now_of[n]] * tau[step, p.now_of_row[n]]
    if step < end - 1:
        for n in range(p.past_of_start[j], p.past_of_start[j + 1]):
            total += p.past_value[step + 1, p.past_of[n]] * tau[step + 1, p.past_of_row[n]]
    return total


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _push_singles(p, step, local, height, w, r, gs, full, pushed):
    """Spread the right-hand sides of eliminated rows over what they see."""
    for e in range(w.shape[1]):
        push = w[step, e] * r[step, e] + gs[step, e]
        if push == 0.0:
            continue
        if p.single[e] >= 0:
            full[step, p.single[e]] += p.single_value[step, e] * push
        for s in range(p.slot_start[step * height + e], p.slot_start[step * height + e + 1]):
            if local[p.slot_place[s]] >= 0:
                pushed[local[p.slot_place[s]]] += p.slot_value[s] * push


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _push_border(p, step, end, local, height, kept, w, full, tau, pushed):
    """Add what the hour's kept rows and columns say to the border."""
    out = w.shape[1]
    for i in range(tau.shape[1]):
        at = step * height + out + i
        for s in range(p.slot_start[at], p.slot_start[at + 1]):
            if local[p.slot_place[s]] >= 0:
                pushed[local[p.slot_place[s]]] += p.slot_value[s] * tau[step, i]
    for j in range(full.shape[1]):
        if kept.columns[step, j] == 0.0:
            continue
        if p.singles_start[j] == p.singles_start[j + 1] and p.summed[j] < 0:
            continue
        value = kept.columns[step, j] * (full[step, j] + _priced(p, step, end, j, tau))
        for k in range(p.singles_start[j], p.singles_start[j + 1]):
            e = p.singles[k]
            pull = w[step, e] * p.single_value[step, e] * value
            for s in range(p.slot_start[step * height + e], p.slot_start[step * height + e + 1]):
                if local[p.slot_place[s]] >= 0:
                    pushed[local[p.slot_place[s]]] -= pull * p.slot_value[s]
        if p.summed[j] >= 0:
            _push_sums(p, step, j, local, value, pushed)


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _push_sums(p, step, j, local, value, pushed):
    at = step * ((p.sum_start.shape[0] - 1) // p.now_value.shape[0]) + p.summed[j]
    for s in range(p.sum_start[at], p.sum_start[at + 1]):
        pushed[local[p.sum_place[s]]] -= p.sum_value[s] * value


@njit(cache=True, nogil=True, error_model="numpy")
def reduce_stretch(p, pairs, span, local, kept, d, w, r, gs, full, tau, pushed):
    """First half of a solve: the hours without the border, and what that leaves for the border.

    Parameters
    ----------
    full : ndarray (step, column)
        ``g``; eliminated rows are added in place.
    tau : ndarray (step, kept)
        Written to.
    pushed : ndarray (local place,)
        Written to.
    """
    first, end = span
    height = gs.shape[1]
    for step in range(first, end):
        _push_singles(p, step, local, height, w, r, gs, full, pushed)
        _pull_rows(p, step, first, kept, d, r, gs, full, tau)
        _forward(pairs, step, first, kept, tau)
    for step in range(end - 1, first - 1, -1):
        _backward(pairs, step, end, kept, tau)
        _push_border(p, step, end, local, height, kept, w, full, tau, pushed)


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _seen(p, row, u):
    """Multiply a row's border entries."""
    total = 0.0
    for s in range(p.slot_start[row], p.slot_start[row + 1]):
        total += p.slot_value[s] * u[p.slot_place[s]]
    return total


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _see_border(p, step, w, u, bordered, height):
    """Multiply the border entries of the hour's columns, ``E u``."""
    bordered[step] = 0.0
    for e in range(w.shape[1]):
        if p.single[e] >= 0 and w[step, e] != 0.0:
            pull = w[step, e] * p.single_value[step, e]
            bordered[step, p.single[e]] += pull * _seen(p, step * height + e, u)
    wide = (p.sum_start.shape[0] - 1) // p.now_value.shape[0]
    if wide:
        for j in range(bordered.shape[1]):
            if p.summed[j] >= 0:
                at = step * wide + p.summed[j]
                for s in range(p.sum_start[at], p.sum_start[at + 1]):
                    bordered[step, j] += p.sum_value[s] * u[p.sum_place[s]]


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _pull_border(p, step, first, kept, u, bordered, nu):
    """Write what the border's part takes from the right-hand side of kept rows."""
    out = p.single.shape[0]
    height = out + nu.shape[1]
    for i in range(nu.shape[1]):
        total = _seen(p, step * height + out + i, u)
        for k in range(p.now_start[i], p.now_start[i + 1]):
            j = p.now_column[k]
            total -= p.now_value[step, k] * kept.columns[step, j] * bordered[step, j]
        if step > first:
            for k in range(p.past_start[i], p.past_start[i + 1]):
                j = p.past_column[k]
                total -= p.past_value[step, k] * kept.columns[step - 1, j] * bordered[step - 1, j]
        nu[step, i] = total


@njit(cache=True, nogil=True, error_model="numpy")
def expand_stretch(p, pairs, span, kept, h, d, w, has_slack, u, g, r, gs, full, tau, work, dx, ds, dual):
    """Second half of a solve: the border's part goes back into the hours.

    Parameters
    ----------
    u : ndarray (border place,)
    has_slack : ndarray (step, row)
    work : ndarray (2, step, column or kept)
        Scratch: ``E u`` and the second way down and up.
    dx, ds, dual : ndarray (step, column), (step, row), (step, row)
        Written to; the dual with its usual sign.
    """
    first, end = span
    height, out = gs.shape[1], w.shape[1]
    bordered, nu = work
    priced = np.zeros(dx.shape[1])
    for step in range(first, end):
        _see_border(p, step, w, u, bordered, height)
        _pull_border(p, step, first, kept, u, bordered, nu)
        _forward(pairs, step, first, kept, nu)
    for step in range(end - 1, first - 1, -1):
        _backward(pairs, step, end, kept, nu)
    for step in range(end - 1, first - 1, -1):
        for i in range(d.shape[1]):
            nu[step, i] -= tau[step, i]
            dual[step, out + i] = -nu[step, i]
            ds[step, out + i] = (gs[step, out + i] + nu[step, i]) * d[step, i] if has_slack[step, out + i] else 0.0
        for j in range(dx.shape[1]):
            priced[j] = _priced(p, step, end, j, nu)
            dx[step, j] = kept.columns[step, j] * (full[step, j] - priced[j] - bordered[step, j])
        _restore_singles(p, step, height, h, w, has_slack, u, g, r, gs, priced, dx, ds, dual)


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _restore_singles(p, step, height, h, w, has_slack, u, g, r, gs, priced, dx, ds, dual):
    """Find slacks and duals of eliminated rows.

    The heaviest row of a column takes its dual from the column's stationarity and its slack from the dual: the other
    way round, the slack's rounding times a large weight would be the dual's error.
    """
    for e in range(w.shape[1]):
        if not has_slack[step, e]:
            ds[step, e], dual[step, e] = 0.0, 0.0
            continue
        j = p.single[e]
        moved = dx[step, j] * p.single_value[step, e] if j >= 0 else 0.0
        ds[step, e] = moved + _seen(p, step * height + e, u) - r[step, e]
        dual[step, e] = gs[step, e] - w[step, e] * ds[step, e]
    for j in range(dx.shape[1]):
        if p.singles_start[j] == p.singles_start[j + 1] or h[step, j] <= 0.0:
            continue
        heaviest, most = -1, h[step, j]
        rest = g[step, j] - h[step, j] * dx[step, j] - priced[j]
        for k in range(p.singles_start[j], p.singles_start[j + 1]):
            e = p.singles[k]
            rest += p.single_value[step, e] * dual[step, e]
            weight = w[step, e] * p.single_value[step, e] ** 2
            if weight > most:
                heaviest, most = e, weight
        if heaviest >= 0:
            if p.summed[j] >= 0:
                rest -= _summed(p, step, j, u)
            dual[step, heaviest] -= rest / p.single_value[step, heaviest]
            ds[step, heaviest] = (gs[step, heaviest] - dual[step, heaviest]) / w[step, heaviest]


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _summed(p, step, j, u):
    """Multiply a column with the border rows that sum it."""
    at = step * ((p.sum_start.shape[0] - 1) // p.now_value.shape[0]) + p.summed[j]
    total = 0.0
    for s in range(p.sum_start[at], p.sum_start[at + 1]):
        total += p.sum_value[s] * u[p.sum_place[s]]
    return total


@njit(cache=True, nogil=True, error_model="numpy")
def multiply_stretch(p, span, x, border, rows):
    """Multiply the rows of the hours with a point.

    Parameters
    ----------
    x : ndarray (step, column)
    border : ndarray (border place,)
        Columns that exist once and promoted ones; zero at the places of rows.
    rows : ndarray (step, row)
        Written to.
    """
    first, end = span
    height = rows.shape[1]
    out = p.single.shape[0]
    for step in range(first, end):
        for row in range(height):
            total = _seen(p, step * height + row, border)
            if row < out:
                if p.single[row] >= 0:
                    total += p.single_value[step, row] * x[step, p.single[row]]
            else:
                i = row - out
                for k in range(p.now_start[i], p.now_start[i + 1]):
                    total += p.now_value[step, k] * x[step, p.now_column[k]]
                if step > first:
                    for k in range(p.past_start[i], p.past_start[i + 1]):
                        total += p.past_value[step, k] * x[step - 1, p.past_column[k]]
            rows[step, row] = total


@njit(cache=True, nogil=True, error_model="numpy")
def price_stretch(p, span, local, dual, border, columns, pushed):
    """Multiply the columns of the hours with row duals, and the border's columns with those of the hours.

    Parameters
    ----------
    dual : ndarray (step, row)
    border : ndarray (border place,)
        Duals at the places of rows, zero elsewhere.
    columns : ndarray (step, column)
        Written to.
    pushed : ndarray (local place,)
        Written to.
    """
    first, end = span
    height, out = dual.shape[1], p.single.shape[0]
    kept = dual[:, out:]
    wide = (p.sum_start.shape[0] - 1) // p.now_value.shape[0]
    for step in range(first, end):
        for j in range(columns.shape[1]):
            total = _priced(p, step, end, j, kept)
            for k in range(p.singles_start[j], p.singles_start[j + 1]):
                total += p.single_value[step, p.singles[k]] * dual[step, p.singles[k]]
            if wide and p.summed[j] >= 0:
                total += _summed(p, step, j, border)
            columns[step, j] = total
        for row in range(height):
            for s in range(p.slot_start[step * height + row], p.slot_start[step * height + row + 1]):
                if local[p.slot_place[s]] >= 0:
                    pushed[local[p.slot_place[s]]] += p.slot_value[s] * dual[step, row]
