"""Solving with the factor: right-hand sides go down the hours and up again, beside the border.

Unknowns are the steps of columns ``dx``, of slacks ``ds`` and of row duals, here with the sign ``v = -dl``:
``H dx + A' v + E u = g``, ``A dx + B u - ds = r``, ``Hs ds - v = gs``; ``u`` is the border's part.

Inner loops are written into the outer ones by the compiler: handing the tables on costs more than the hour's work.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"

import numpy as np
from numba import njit

from solvers.interior.entries import priced, push_slots, seen, summed, sums_at


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _pull_rows(system, step, first, values, rows):
    """Take what the hour's columns and those before say from the right-hand side of its kept rows."""
    p, columns = system.tables, system.factors.columns
    for i in range(rows.shape[1]):
        total = 0.0
        for k in range(p.now_start[i], p.now_start[i + 1]):
            j = p.now_column[k]
            total += p.now_value[step, k] * columns[step, j] * values[step, j]
        if step > first:
            for k in range(p.past_start[i], p.past_start[i + 1]):
                j = p.past_column[k]
                total += p.past_value[step, k] * columns[step - 1, j] * values[step - 1, j]
        rows[step, i] -= total


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _forward(system, step, first, tau):
    """One hour of the way down."""
    pairs, factors = system.pairs, system.factors
    count, looking = tau.shape[1], factors.links.shape[2]
    if step > first:
        for n in range(pairs.reached.shape[0]):
            pull = tau[step - 1, pairs.reached[n]]
            for q in range(looking):
                tau[step, count - looking + q] -= factors.links[step, n, q] * pull
    for i in range(count):
        total = tau[step, i]
        for s in range(pairs.lower_start[i], pairs.lower_start[i + 1]):
            total -= factors.lower[step, s] * tau[step, pairs.lower[s]]
        tau[step, i] = total * factors.inverse[step, i]


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _backward(system, step, end, tau):
    """One hour of the way up."""
    pairs, factors = system.pairs, system.factors
    count, looking = tau.shape[1], factors.links.shape[2]
    if step < end - 1:
        for n in range(pairs.reached.shape[0]):
            total = 0.0
            for q in range(looking):
                total += factors.links[step + 1, n, q] * tau[step + 1, count - looking + q]
            tau[step, pairs.reached[n]] -= total
    for i in range(count - 1, -1, -1):
        pull = tau[step, i] * factors.inverse[step, i]
        tau[step, i] = pull
        for s in range(pairs.lower_start[i], pairs.lower_start[i + 1]):
            tau[step, pairs.lower[s]] -= factors.lower[step, s] * pull


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _push_singles(system, step, right, full, local, pushed):
    """Spread the right-hand sides of eliminated rows over what they see."""
    p, w = system.tables, system.weights.singles
    height = right.gs.shape[1]
    for e in range(w.shape[1]):
        push = w[step, e] * right.r[step, e] + right.gs[step, e]
        if push == 0.0:
            continue
        if p.single[e] >= 0:
            full[step, p.single[e]] += p.single_value[step, e] * push
        push_slots(p, step * height + e, push, local, pushed)


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _push_columns(system, step, end, scratch, local, pushed):
    """Add what the hour's columns say to the border: those that eliminated rows see, and those that are summed."""
    p, w, columns = system.tables, system.weights.singles, system.factors.columns
    height = w.shape[1] + scratch.tau.shape[1]
    for j in range(columns.shape[1]):
        if columns[step, j] == 0.0 or (p.singles_start[j] == p.singles_start[j + 1] and p.summed[j] < 0):
            continue
        value = columns[step, j] * (scratch.full[step, j] + priced(p, step, end, j, scratch.tau))
        for k in range(p.singles_start[j], p.singles_start[j + 1]):
            e = p.singles[k]
            push_slots(p, step * height + e, -w[step, e] * p.single_value[step, e] * value, local, pushed)
        if p.summed[j] >= 0:
            at = sums_at(p, step, j)
            for s in range(p.sum_start[at], p.sum_start[at + 1]):
                pushed[local[p.sum_place[s]]] -= p.sum_value[s] * value


@njit(cache=True, nogil=True, error_model="numpy")
def reduce_stretch(system, span, right, scratch, local, pushed):
    """First half of a solve: the hours without the border, and what that leaves for the border.

    Parameters
    ----------
    system : System
    span : tuple of int
        First step of the stretch, and its end.
    right : Right
        Right-hand sides by step.
    scratch : Scratch
        ``full`` and ``tau`` are written to.
    local : ndarray (border place,)
        Place in the next, -1 for none.
    pushed : ndarray (local place,)
        Written to.
    """
    first, end = span
    d, full, tau = system.weights.kept, scratch.full, scratch.tau
    height, out = right.gs.shape[1], system.weights.singles.shape[1]
    for step in range(first, end):
        for j in range(full.shape[1]):
            full[step, j] = right.g[step, j]
        _push_singles(system, step, right, full, local, pushed)
        for i in range(d.shape[1]):
            tau[step, i] = right.r[step, out + i] + right.gs[step, out + i] * d[step, i]
        _pull_rows(system, step, first, full, tau)
        _forward(system, step, first, tau)
    for step in range(end - 1, first - 1, -1):
        _backward(system, step, end, tau)
        for i in range(d.shape[1]):
            push_slots(system.tables, step * height + out + i, tau[step, i], local, pushed)
        _push_columns(system, step, end, scratch, local, pushed)


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _see_border(system, step, u, bordered):
    """Multiply the border entries of the hour's columns, ``E u``."""
    p, w = system.tables, system.weights.singles
    height = w.shape[1] + system.weights.kept.shape[1]
    for j in range(bordered.shape[1]):
        bordered[step, j] = summed(p, step, j, u) if p.summed[j] >= 0 else 0.0
    for e in range(w.shape[1]):
        if p.single[e] >= 0 and w[step, e] != 0.0:
            bordered[step, p.single[e]] += w[step, e] * p.single_value[step, e] * seen(p, step * height + e, u)


@njit(cache=True, nogil=True, error_model="numpy")
def expand_stretch(system, span, u, right, scratch, move):
    """Second half of a solve: the border's part goes back into the hours.

    Parameters
    ----------
    system : System
    span : tuple of int
        First step of the stretch, and its end.
    u : ndarray (border place,)
    right : Right
        Right-hand sides by step.
    scratch : Scratch
        What the first half left.
    move : Step
        Written to, by step; the duals with their usual sign.
    """
    first, end = span
    tau, nu, bordered, full = scratch.tau, scratch.nu, scratch.bordered, scratch.full
    d, has_slack, columns = system.weights.kept, system.weights.has_slack, system.factors.columns
    out = system.weights.singles.shape[1]
    paid = np.zeros(columns.shape[1])
    for step in range(first, end):
        _see_border(system, step, u, bordered)
        for i in range(d.shape[1]):
            nu[step, i] = seen(system.tables, step * has_slack.shape[1] + out + i, u)
        _pull_rows(system, step, first, bordered, nu)
        _forward(system, step, first, nu)
    for step in range(end - 1, first - 1, -1):
        _backward(system, step, end, nu)
    for step in range(end - 1, first - 1, -1):
        for i in range(d.shape[1]):
            nu[step, i] -= tau[step, i]
            move.duals[step, out + i] = -nu[step, i]
            moved = (right.gs[step, out + i] + nu[step, i]) * d[step, i]
            move.slacks[step, out + i] = moved if has_slack[step, out + i] else 0.0
        for j in range(columns.shape[1]):
            paid[j] = priced(system.tables, step, end, j, nu)
            move.columns[step, j] = columns[step, j] * (full[step, j] - paid[j] - bordered[step, j])
        _restore_singles(system, step, u, right, paid, move)


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _restore_singles(system, step, u, right, paid, move):
    """Find slacks and duals of eliminated rows.

    The heaviest row of a column takes its dual from the column's stationarity and its slack from the dual: the other
    way round, the slack's rounding times a large weight would be the dual's error.
    """
    p, h, w = system.tables, system.weights.columns, system.weights.singles
    for e in range(w.shape[1]):
        move.slacks[step, e], move.duals[step, e] = 0.0, 0.0
        if system.weights.has_slack[step, e]:
            j = p.single[e]
            moved = move.columns[step, j] * p.single_value[step, e] if j >= 0 else 0.0
            moved += seen(p, step * system.weights.has_slack.shape[1] + e, u)
            move.slacks[step, e] = moved - right.r[step, e]
            move.duals[step, e] = right.gs[step, e] - w[step, e] * move.slacks[step, e]
    for j in range(h.shape[1]):
        if p.singles_start[j] == p.singles_start[j + 1] or h[step, j] <= 0.0:
            continue
        heaviest, most = -1, h[step, j]
        rest = right.g[step, j] - h[step, j] * move.columns[step, j] - paid[j]
        for k in range(p.singles_start[j], p.singles_start[j + 1]):
            e = p.singles[k]
            rest += p.single_value[step, e] * move.duals[step, e]
            weight = w[step, e] * p.single_value[step, e] ** 2
            if weight > most:
                heaviest, most = e, weight
        if heaviest >= 0:
            if p.summed[j] >= 0:
                rest -= summed(p, step, j, u)
            move.duals[step, heaviest] -= rest / p.single_value[step, heaviest]
            move.slacks[step, heaviest] = (right.gs[step, heaviest] - move.duals[step, heaviest]) / w[step, heaviest]
